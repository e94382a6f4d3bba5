"""The export: the whole register as a file of import rows, written nightly."""
