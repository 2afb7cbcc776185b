# SPDX-License-Identifier: Apache-2.0
"""Where on Earth a footprint's levels stand: the ball that holds it."""

from __future__ import annotations

from standclear.geometry.cores import prepare, reach_m
from standclear.geometry.geoid import Ball
from standclear.geometry.volume import Footprint


def ball_of(footprint: Footprint) -> Ball:
    """Return a ball, in earth-centred metres, that holds a footprint with its inside, radius and uncertainty.

    Raises:
        Malformed: a polygon so large that its inside is not certain (see `check_volume`).
    """
    core = prepare(footprint)
    x, y, z = core.centre.tolist()
    return x, y, z, core.radius + reach_m(footprint)
