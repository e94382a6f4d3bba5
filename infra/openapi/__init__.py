"""Builds the OpenAPI document from the code: `python -m infra.openapi`."""
