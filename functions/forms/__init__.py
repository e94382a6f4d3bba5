"""Answers in other forms than JSON, made of the JSON one: tables (CSV) and linked data (JSON-LD)."""
