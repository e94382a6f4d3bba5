"""The change feed: every version of every record, in one order."""
