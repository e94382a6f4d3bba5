"""The search: records by words, and completions while somebody types."""
