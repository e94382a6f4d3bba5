"""Builds the snapshot that cold copies of the projection start from."""
