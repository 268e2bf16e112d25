"""What all tests share."""

import os

from hypothesis import HealthCheck, settings

# A busy machine is no fault of the code: nothing is timed. Longer searches take their count from the environment.
settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=int(os.environ.get("DECLARED_TEST_EXAMPLES", "100")),
)
settings.load_profile("house")

# Hundreds of processes are started: each would compile the whole application anew where this is set.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
