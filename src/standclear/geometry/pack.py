# SPDX-License-Identifier: Apache-2.0
"""Volumes laid out in columns, as the kernels read them: sub-edges in space, bounds, altitudes and times.

A pack never changes once made (`packing.py` makes it). Where a volume lies in a pack is its row.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from standclear.geometry.compiled import compiled_long
from standclear.geometry.earth import Floats, Ints, Singles
from standclear.geometry.volume import Datum, Edges, Level, Shape, Window

GROUP: Final = 16
"""Consecutive sub-edges that share one bounding ball."""
FOREVER_US: Final = 2**62
"""Stands for an open end of a time window; no sum formed with it reaches 2**63."""
MISSING: Final = -1
"""The datum code of a bound that is not there: the ground below, unlimited above."""
DATUMS: Final = (Datum.W84, Datum.AMSL, Datum.AGL, Datum.FL)
"""A datum's code is its place here."""
EDGES: Final = (Edges.GEODESIC, Edges.LONLAT, Edges.UNKNOWN)
SHAPES: Final = (Shape.POINT, Shape.LINE, Shape.POLYGON)


class Columns(NamedTuple):
    """Many volumes of one ring each, as whole numbers. Codes are places in SHAPES, EDGES, DATUMS.

    Ring n is the positions `ring_start[n]` to `ring_start[n + 1]`, the first not repeated. An open end of a
    window is -FOREVER_US or FOREVER_US; a missing level has the datum MISSING. Nothing here is checked as
    `check_volume` does: they come from a program, not from people.
    """

    ring_start: Ints
    lon_e7: Ints
    lat_e7: Ints
    shape: Ints
    edges: Ints
    radius_mm: Ints
    uncertainty_mm: Ints
    lower_datum: Ints
    lower_mm: Ints
    upper_datum: Ints
    upper_mm: Ints
    start_us: Ints
    end_us: Ints


def part_of(columns: Columns, first: int, end: int) -> Columns:
    """Return some consecutive rows of columns."""
    starts = columns.ring_start[first : end + 1]
    spots = slice(starts[0], starts[-1])
    rings = columns.lon_e7[spots], columns.lat_e7[spots]
    return Columns(starts - starts[0], *rings, *(column[first:end] for column in columns[3:]))


class Pack(NamedTuple):
    """Volumes as the kernels read them; lengths in metres, places earth-centred, one row a volume.

    `ends` (m, 6): start and end of each sub-edge. `bends` (m, 5): its bulge, slack, and the radius of the
    ball round its chord's middle that holds it. `balls` (g, 4): centre and radius of each run of GROUP.
    `frame` (n, 16): first vertex, middle and radius of the core, reach, box with reach (low, high), and the
    outward heights of the bounds in mm, over the ground where their datum is AGL.
    `meta` (n, 12): first sub-edge, how many, how many of them in the first reading, first ball, how many,
    whether it is a polygon; datum code and mm of the lower and the upper bound; start and end in µs.
    """

    ends: Floats
    bends: Singles
    balls: Floats
    frame: Floats
    meta: Ints


def window_us(window: Window) -> tuple[int, int]:
    """Return a window's ends in µs, open ones as ±FOREVER_US."""
    start = -FOREVER_US if window.start_us is None else window.start_us
    return start, FOREVER_US if window.end_us is None else window.end_us


def levels_of(made: Pack, row: int) -> tuple[Level | None, Level | None]:
    """Return the lower and the upper bound of a row."""
    lower, lower_mm, upper, upper_mm = made.meta[row, 6:10].tolist()
    return (
        None if lower == MISSING else Level(lower_mm, DATUMS[lower]),
        None if upper == MISSING else Level(upper_mm, DATUMS[upper]),
    )


def ball_of(made: Pack, row: int) -> tuple[float, float, float, float]:
    """Return middle and radius of the ball that holds a row's footprint, reach included."""
    frame = made.frame[row]
    return float(frame[3]), float(frame[4]), float(frame[5]), float(frame[6] + frame[7])


NO_ROWS: Final = Pack(
    np.empty((0, 6)),
    np.empty((0, 5), dtype=np.float32),
    np.empty((0, 4)),
    np.empty((0, 16)),
    np.empty((0, 12), dtype=np.int64),
)


def joined(parts: list[Pack]) -> Pack:
    """Return one pack with the rows of several, in order; empties the list, so that rows are not held twice."""
    if len(parts) < 2:
        return parts.pop() if parts else NO_ROWS
    edges, balls, rows = ([len(part[n]) for part in parts] for n in (0, 2, 4))
    columns = [[part[n] for part in parts] for n in range(len(Pack._fields))]
    parts.clear()
    made = Pack._make([_end_to_end(column) for column in columns])
    row, edge, ball = 0, 0, 0
    for more_rows, more_edges, more_balls in zip(rows, edges, balls, strict=True):
        move(made.meta[row : row + more_rows], edge, ball)
        row, edge, ball = row + more_rows, edge + more_edges, ball + more_balls
    return made


def _end_to_end(tables: list[Any]) -> Any:
    """Return tables end to end, and let go of each as soon as it is copied."""
    out = np.empty((sum(map(len, tables)), *tables[0].shape[1:]), dtype=tables[0].dtype)
    at = 0
    tables.reverse()
    while tables:
        table = tables.pop()
        out[at : at + len(table)] = table
        at += len(table)
    return out


@compiled_long
def move(meta: Ints, edge: int, ball: int) -> None:
    """Count sub-edges and balls of rows from where they now begin."""
    for n in range(len(meta)):
        meta[n, 0] += edge
        meta[n, 3] += ball
