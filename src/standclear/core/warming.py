# SPDX-License-Identifier: Apache-2.0
"""Kernels made ready before somebody waits for them: from where they are kept a second, compiled half a minute."""

from __future__ import annotations

from typing import Final

from standclear.geometry.index import EMPTY, EVERYONE, TAIL_ROWS
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

ROWS: Final = TAIL_ROWS + 64
"""More than are scanned one by one, so that pages and trees are made too."""


def warm() -> None:
    """Lay volumes out one by one and many at once, plant a tree over them, and compare, as filing and opening do."""
    band = Band(Level(0, Datum.W84), Level(MM_PER_M, Datum.W84))
    corners = ((0, 0), (100, 0), (100, 100))
    ring = Volume(Footprint(Shape.POLYGON, (corners,), Edges.GEODESIC, 0, 0), band, Window(0, 1))
    balls = [
        Volume(Footprint(Shape.POINT, (((n, 0),),), Edges.GEODESIC, MM_PER_M, 0), band, Window(0, 1))
        for n in range(ROWS)
    ]
    alone = EMPTY.insert((balls[0],), notice="alone", audience=EVERYONE, seq=0, theatre=NO_THEATRE)
    many = EMPTY.insert_many(((f"{n}", EVERYONE, (ball,)) for n, ball in enumerate(balls)), seq=0)
    for n, ball in enumerate(balls):
        many = many.insert((ball,), notice=f"again {n}", audience=EVERYONE, seq=0, theatre=NO_THEATRE)
    minima = Minima(horizontal_mm=MM_PER_M, vertical_mm=MM_PER_M, time_us=1)
    for index in (alone, many.settled().close("1", 1)):
        index.candidates((ring,), minima, size=1, asker=None, theatre=NO_THEATRE)
        index.check(ring, minima, size=1, asker=0, theatre=NO_THEATRE)
