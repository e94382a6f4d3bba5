"""Organisations and their memberships."""
