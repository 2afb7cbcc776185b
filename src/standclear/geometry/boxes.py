# SPDX-License-Identifier: Apache-2.0
"""Volumes as boxes in earth-centred x, y, z, altitude and time, everything outward, for the index.

Two volumes within a horizontal minimum h have points at most h apart along the surface, hence at most h
apart in a straight line: their boxes, one of them grown by h, meet. Altitudes of AGL bounds stay relative
to the ground, because the ground is an assumption of the question, not of the volume.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from standclear.geometry.earth import Floats, Ints
from standclear.geometry.pack import DATUMS, Pack
from standclear.geometry.packing import pack_one
from standclear.geometry.volume import Datum, Minima, Theatre, Volume
from standclear.units import MM_PER_M

UNDECIDED_M: Final = 0.004
"""What is undecided by a millimetre or two is still a conflict, so the index must still find it."""
AGL: Final = DATUMS.index(Datum.AGL)


class Boxes(NamedTuple):
    """Boxes in rows. `spans` (n, 8): low and high x, y, z in metres, bottom and top in mm over the
    ellipsoid; `times` (n, 2): µs."""

    spans: Floats
    times: Ints


@lru_cache(maxsize=4_096)
def filed(volume: Volume) -> Pack:
    """Lay out one volume. Kept for the next caller: all recipients that are shown a volume file the same."""
    return pack_one(volume)


def ground_mm(theatre: Theatre) -> tuple[float, float]:
    """Return the lowest and highest ground; any at all where no terrain is known."""
    ground = theatre.ground
    if ground is None:
        return -math.inf, math.inf
    return float(ground.lower_mm), float(ground.upper_mm)


def boxes(volumes: Sequence[Volume], theatre: Theatre) -> Boxes:
    """Return the boxes of volumes, in their order."""
    laid = [filed(volume) for volume in volumes]
    frame = np.concatenate([one.frame for one in laid]) if laid else np.empty((0, 16))
    meta = np.concatenate([one.meta for one in laid]) if laid else np.empty((0, 12), dtype=np.int64)
    spans = frame[:, 8:16].copy()
    low_ground, high_ground = ground_mm(theatre)
    spans[meta[:, 6] == AGL, 6] += low_ground
    spans[meta[:, 8] == AGL, 7] += high_ground
    return Boxes(spans, meta[:, 10:12])


def grown(volumes: Sequence[Volume], minima: Minima, theatre: Theatre) -> Boxes:
    """Return the boxes of volumes grown by the minima."""
    spans, times = boxes(volumes, theatre)
    apart = minima.horizontal_mm / MM_PER_M + UNDECIDED_M
    spans[:, 0:3] -= apart
    spans[:, 3:6] += apart
    spans[:, 6] -= minima.vertical_mm
    spans[:, 7] += minima.vertical_mm
    return Boxes(spans, times + np.array([-minima.time_us, minima.time_us]))


def meeting_pairs(
    ones: Sequence[Volume], others: Sequence[Volume], minima: Minima, theatre: Theatre
) -> list[tuple[int, int]]:
    """Return which pairs could be within the minima, by position in the two sequences, in their order.

    Never leaves out a pair that is too close; with hundreds of volumes a side it leaves out most others.
    """
    left, left_us = grown(ones, minima, theatre)
    right, right_us = boxes(others, theatre)
    meet = np.ones((len(ones), len(others)), dtype=bool)
    for low, high in ((0, 3), (1, 4), (2, 5), (6, 7)):
        meet &= left[:, None, low] <= right[None, :, high]
        meet &= right[None, :, low] <= left[:, None, high]
    meet &= left_us[:, None, 0] <= right_us[None, :, 1]
    meet &= right_us[None, :, 0] <= left_us[:, None, 1]
    return [(int(one), int(other)) for one, other in np.argwhere(meet)]
