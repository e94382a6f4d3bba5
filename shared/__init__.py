"""What all functions share: models, tables, projection, the edge; importing it does nothing."""
