# SPDX-License-Identifier: Apache-2.0
"""How long Hypothesis looks: the same few hundred examples every time, or many new ones with STANDCLEAR_SOAK=1."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("default", derandomize=True, deadline=None, max_examples=200)
settings.register_profile(
    "soak",
    deadline=None,
    max_examples=20_000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("soak" if os.environ.get("STANDCLEAR_SOAK") == "1" else "default")
