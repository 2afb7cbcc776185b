# SPDX-License-Identifier: Apache-2.0
"""The distance of two prepared cores, between two bounds that hold (docs/bracket.md); a face to the kernels."""

from __future__ import annotations

import numpy as np

from standclear.geometry.bracket import HIGH, LOW, MAX_EVALUATIONS, WIDTH_M, nearest_edges
from standclear.geometry.cores import Core
from standclear.geometry.earth import Floats
from standclear.geometry.nearness import measure
from standclear.geometry.pack import Pack

__all__ = ["WIDTH_M", "core_distance", "curve_distance", "edge_distance"]


def edge_distance(a: Core, b: Core, *, stop_above: float, stop_below: float) -> tuple[float, float, Floats]:
    """Return [low, high] metres of the straight-line distance of all edges of a and b, and a point on a.

    Stops early once low > `stop_above` (far enough) or high <= `stop_below` (as near as matters).
    """
    found = np.empty(6)
    of_a, of_b = _all_of(a.curves), _all_of(b.curves)
    nearest_edges(a.curves, of_a, b.curves, of_b, stop_above, stop_below, MAX_EVALUATIONS, found)
    return float(found[LOW]), float(found[HIGH]), found[2:5]


def core_distance(a: Core, b: Core, *, stop_above: float, stop_below: float) -> tuple[float, float, Floats]:
    """Return [low, high] metres of the surface distance of two cores, and a point on or near a."""
    return curve_distance(a.curves, b.curves, stop_above=stop_above, stop_below=stop_below)


def curve_distance(a: Pack, b: Pack, *, stop_above: float, stop_below: float) -> tuple[float, float, Floats]:
    """Return [low, high] metres of the surface distance of two packed footprints' cores, and a point near a.

    Zero where one may lie inside the other. Beyond `stop_above` the bracket may stay wide, and below
    `stop_below` too.
    """
    found = np.empty(6)
    measure(a, 0, b, 0, stop_above, stop_below, MAX_EVALUATIONS, found)
    return float(found[LOW]), float(found[HIGH]), found[2:5]


def _all_of(curves: Pack) -> tuple[int, int, int, int]:
    """Return the range of all sub-edges of the one footprint in a pack."""
    first, count, _, ball, balls, _ = curves.meta[0, :6].tolist()
    return first, count, ball, balls
