"""The OpenAPI document, its page, and the problem types."""
