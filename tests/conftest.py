"""Profiles of the property tests: the same examples on every run of the gate, so that it never depends on luck.

`make fuzz` takes others, and five times as many, again and again.
"""

from hypothesis import HealthCheck, settings

settings.register_profile("gate", derandomize=True, deadline=None, database=None)
settings.register_profile(
    "fuzz", max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("gate")
