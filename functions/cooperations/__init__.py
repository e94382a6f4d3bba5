"""Cooperations."""
