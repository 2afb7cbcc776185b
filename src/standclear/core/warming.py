# SPDX-License-Identifier: Apache-2.0
"""Kernels made ready before somebody waits for them: from where they are kept a second, compiled half a minute."""

from __future__ import annotations

from standclear.geometry.index import EMPTY, EVERYONE
from standclear.geometry.volume import (
    NO_THEATRE,
    Band,
    Datum,
    Edges,
    Footprint,
    Level,
    Minima,
    Shape,
    Volume,
    Window,
)
from standclear.units import MM_PER_M


def warm() -> None:
    """Lay two volumes out and compare them, as a filing does."""
    band = Band(Level(0, Datum.W84), Level(MM_PER_M, Datum.W84))
    corners = ((0, 0), (100, 0), (100, 100))
    ball = Footprint(Shape.POINT, (corners[:1],), Edges.GEODESIC, MM_PER_M, 0)
    ring = Footprint(Shape.POLYGON, (corners,), Edges.GEODESIC, 0, 0)
    here, there = (Volume(shape, band, Window(0, 1)) for shape in (ball, ring))
    index = EMPTY.insert((here,), notice="here", audience=EVERYONE, seq=0, theatre=NO_THEATRE)
    minima = Minima(horizontal_mm=MM_PER_M, vertical_mm=MM_PER_M, time_us=1)
    index.candidates((there,), minima, size=1, asker=None, theatre=NO_THEATRE)
    index.check(there, minima, size=1, asker=None, theatre=NO_THEATRE)
