"""Jobs: what an office asks for that takes longer than a request."""
