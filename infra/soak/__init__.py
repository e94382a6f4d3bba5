"""`make soak`: the local server under mixed load and faults for minutes, and what must hold at the end."""
