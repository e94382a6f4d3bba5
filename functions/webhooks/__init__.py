"""Webhooks: who wants to be told, what is told, and how it gets there."""
