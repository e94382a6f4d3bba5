"""Attacks a register of its own by what its OpenAPI document says: `make attack`."""
