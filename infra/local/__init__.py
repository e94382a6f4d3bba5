"""The register without AWS: an engine that keeps the tables, and a gateway in front of the real handlers."""
