"""What surrounds the code: local register, sample data, OpenAPI, packaging."""
