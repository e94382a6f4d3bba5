"""Measurements: of the register by itself, and side by side with what others would have written."""
