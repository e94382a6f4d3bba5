"""The only code that talks to AWS: keys, transactions, the feed."""
