"""The network of organisations: its graph, whom one works with, and who might work together."""
