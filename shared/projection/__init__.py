"""The read model behind every list: a SQLite copy, kept up from the feed."""
