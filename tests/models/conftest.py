"""One profile for the property tests: the same examples on every run, so that the gate never depends on luck."""

from hypothesis import settings

settings.register_profile("gate", derandomize=True, deadline=None, database=None)
settings.load_profile("gate")
