# SPDX-License-Identifier: Apache-2.0
"""Our own engine, as the benchmark meets it: one function each for what is measured.

Nothing else in bench/ knows the engine's interface.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from bench import workload
from bench.workload import Ints, Tracks, Volumes
from standclear.geometry import boxes, packing, tracks
from standclear.geometry.index import EMPTY, Index
from standclear.geometry.pack import DATUMS, EDGES, SHAPES, Columns
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
from standclear.units import MM_PER_M, US_PER_S

EVERYONE: Final = 1
AT_ONCE: Final = 1_000_000
"""Rows inserted in one go."""
MINIMA: Final = Minima(
    horizontal_mm=workload.HORIZONTAL_M * MM_PER_M,
    vertical_mm=workload.VERTICAL_M * MM_PER_M,
    time_us=workload.TIME_S * US_PER_S,
)


def columns(of: Volumes) -> Columns:
    """Lay volumes out as the engine takes them by the million: polygons with geodesic edges, WGS84 heights."""
    n = of.rows
    nought = np.zeros(n, dtype=np.int64)
    w84 = np.full(n, DATUMS.index(Datum.W84), dtype=np.int64)
    return Columns(
        ring_start=of.ring_start,
        lon_e7=of.lon_e7,
        lat_e7=of.lat_e7,
        shape=np.full(n, SHAPES.index(Shape.POLYGON), dtype=np.int64),
        edges=np.full(n, EDGES.index(Edges.GEODESIC), dtype=np.int64),
        radius_mm=nought,
        uncertainty_mm=nought,
        lower_datum=w84,
        lower_mm=of.lower_mm,
        upper_datum=w84,
        upper_mm=of.upper_mm,
        start_us=of.start_us,
        end_us=of.end_us,
    )


def values(of: Volumes) -> list[Volume]:
    """Return the same as single values, as a notice or a question brings them."""
    lon, lat = of.lon_e7.tolist(), of.lat_e7.tolist()
    starts = of.ring_start.tolist()
    made = []
    for n, (lower, upper, start, end) in enumerate(zip(*(c.tolist() for c in of[3:]), strict=True)):
        ring = tuple(zip(lon[starts[n] : starts[n + 1]], lat[starts[n] : starts[n + 1]], strict=True))
        made.append(
            Volume(
                Footprint(Shape.POLYGON, (ring,), Edges.GEODESIC, 0, 0),
                Band(Level(lower, Datum.W84), Level(upper, Datum.W84)),
                Window(
                    None if start == workload.OPEN_START_US else start,
                    None if end == workload.OPEN_END_US else end,
                ),
            )
        )
    return made


@dataclass(slots=True)
class Engine:
    """The index and the log size it stands at; a notice's name is the number of its volume."""

    index: Index = EMPTY
    size: int = 0

    def load(self, of: Volumes, first: int) -> None:
        """Insert many volumes, numbered from `first`, each as one notice."""
        names = [str(n) for n in range(first, first + of.rows)]
        self.index = self.index.insert_columns(columns(of), names, audience=EVERYONE, seq=self.size)
        self.size += 1

    def settle(self) -> None:
        """Have joined what is being joined."""
        self.index = self.index.settled()

    def insert(self, volume: Volume, number: int) -> None:
        """Insert one notice of one volume."""
        self.index = self.index.insert(
            (volume,), notice=str(number), audience=EVERYONE, seq=self.size, theatre=NO_THEATRE
        )
        self.size += 1

    def close(self, number: int) -> None:
        """Close one notice."""
        self.index = self.index.close(str(number), self.size)
        self.size += 1

    def check(self, volume: Volume) -> tuple[Any, ...]:
        """Check one plan completely: everything that is not provably clear of it, with brackets."""
        return self.index.check(volume, MINIMA, size=self.size, asker=None, theatre=NO_THEATRE)

    def candidates(self, volume: Volume) -> tuple[str, ...]:
        """Name what may be near one plan, as a peer that only compares boxes does."""
        return self.index.candidates((volume,), MINIMA, size=self.size, asker=None, theatre=NO_THEATRE)

    def segments(self) -> int:
        """Return how many trees a question descends."""
        return len(self.index._grove.trees)


def forget() -> None:
    """Drop what the engine keeps of volumes asked about before: every plan measured is a new one."""
    boxes.filed.cache_clear()
    packing.packed.cache_clear()


def lay_out(volume: Volume) -> None:
    """Have the engine keep what it makes of a volume before it asks, so that the next question finds it."""
    boxes.filed(volume)


def numbers(close: tuple[Any, ...]) -> list[int]:
    """Return which volumes a check named."""
    return [int(one.notice) for one in close]


def loaded(count: int, *, recent: int) -> Engine:
    """Return an engine in which exactly the first `count` volumes are live.

    `recent` of them were inserted one by one at the end, and as many others were inserted and closed again.
    """
    engine, settled = Engine(), count - recent
    first = 0
    for of in workload.in_chunks(settled, AT_ONCE):
        engine.load(of, first)
        first += of.rows
    engine.settle()
    if recent:
        engine.load(workload.volumes(count, recent), count)
        for number, volume in enumerate(values(workload.volumes(settled, recent)), settled):
            engine.insert(volume, number)
            engine.close(count + number - settled)
    return engine


def warm() -> None:
    """Have all kernels of a check compiled, or taken from where they are kept."""
    small = loaded(2_000, recent=100)
    for volume in values(workload.volumes(0, 5)):
        small.check(volume)
        small.candidates(volume)


def zones(of: Volumes) -> tracks.Zones:
    """Make zones ready for screening."""
    return tracks.Zones.of_columns(columns(of))


def screen(of: Tracks, against: tracks.Zones, *, ordered: bool, workers: int) -> tuple[Ints, Ints]:
    """Screen tracks against zones; return the tracks and zones of the pairs that are too close.

    Fixes in no order are put in order first; that is part of the work.
    """
    if not ordered:
        order = np.lexsort((of.time_us, of.track))
        of = Tracks(*(column[order] for column in of))
    fixes = tracks.Fixes(of.track, of.time_us, of.lon_e7 / 1e7, of.lat_e7 / 1e7, of.altitude_mm)
    exact = tracks.Accuracy(horizontal_mm=0, vertical_mm=0, time_us=0, datum=Datum.W84, max_gap_us=None)
    hits = tracks.screen(fixes, against, MINIMA, NO_THEATRE, exact, workers)
    return hits.track, hits.zone
