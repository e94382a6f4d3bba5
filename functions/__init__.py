"""One folder per noun, one module per Lambda function."""

import gc

# Hardly anything is garbage while a function is imported, and little of what one request leaves: looking for it after
# every 700 objects, as Python does, takes a twentieth of a cold start.
gc.set_threshold(50_000)
