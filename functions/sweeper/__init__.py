"""Finds feed entries that became visible too late, and gives them a fresh stamp."""
