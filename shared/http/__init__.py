"""The edge in front of every handler: strict in, problem+json out."""
