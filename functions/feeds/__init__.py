"""Feeds: what was entered last, for feed readers and news pages."""
