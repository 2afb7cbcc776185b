# SPDX-License-Identifier: Apache-2.0
"""Can this volume be measured at all? Sentences for people who have to mend their input.

What passes here has an inside and an outside that everybody sees alike, edges that run one way only, and a
size that bounds the work of every comparison.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from standclear.errors import Malformed, TooLarge
from standclear.geometry.cores import Core, prepare, project
from standclear.geometry.crossing import Segment, Spot, first_meeting, segments_of, wrapped
from standclear.geometry.datum import rise_between
from standclear.geometry.earth import to_ecef
from standclear.geometry.inside import edge_crossings
from standclear.geometry.levels import ball_of
from standclear.geometry.volume import (
    EARLIEST_US,
    HIGHEST_MM,
    LATEST_US,
    LOWEST_MM,
    MAX_RADIUS_MM,
    NO_THEATRE,
    Edges,
    Footprint,
    Position,
    Shape,
    Volume,
    Window,
)
from standclear.units import E7

MAX_VERTICES: Final = 10_000
MAX_EDGE_DLON_E7: Final = 90 * E7
MAX_EDGE_CHORD_M: Final = 9_000_000.0
"""About 10,000 km along the surface; beyond, the shortest way is not the only one."""
_GRID_PER_RADIUS: Final = 10**10
"""Whole numbers per earth radius for the crossing test of geodesic edges: 0.6 mm."""
_HALF_TURN: Final = 180 * E7
_TURN: Final = 360 * E7


def check_volume(volume: Volume, where: str = "volume") -> None:
    """Raise Malformed or TooLarge if the volume cannot be measured; `where` names it for the reader."""
    _check_window(volume.window, where)
    _check_counts(volume.footprint, where)
    _check_ranges(volume.footprint, where)
    if volume.footprint.shape is not Shape.POINT:
        _check_vertices(volume.footprint, where)
        core = _prepared(volume.footprint, where)
        _check_edges(core, where)
        if volume.footprint.shape is Shape.POLYGON:
            _check_rings(volume.footprint, core, where)
    _check_band(volume, where)


def _check_window(window: Window, where: str) -> None:
    for moment in (window.start_us, window.end_us):
        if moment is not None and not EARLIEST_US <= moment <= LATEST_US:
            raise Malformed(
                f"the time {moment} µs is out of range",
                where=where,
                expected="a moment of the years 1 to 9999",
            )
    if window.start_us is None or window.end_us is None:
        return
    if window.end_us < window.start_us:
        raise Malformed("the time window ends before it starts", where=where, expected="end after start")
    if window.end_us == window.start_us:
        raise Malformed("the time window has no length", where=where, expected="end after start")


def _check_band(volume: Volume, where: str) -> None:
    """Refuse a floor above the top, natively in one datum, otherwise only where it is certain at this place."""
    lower, upper = volume.band.lower, volume.band.upper
    for level in (lower, upper):
        if level is not None and not LOWEST_MM <= level.value_mm <= HIGHEST_MM:
            raise Malformed(
                f"the height {level.value_mm} mm is out of range", where=where, expected="-12 to 1,000 km"
            )
    if lower is None or upper is None:
        return
    above = lower.value_mm > upper.value_mm
    if lower.datum is not upper.datum:
        ball = ball_of(volume.footprint)
        above = rise_between(lower, ball, upper, ball, NO_THEATRE).least > 0
    if above:
        raise Malformed(
            "the altitude band's lower bound lies above its upper bound",
            where=where,
            expected="lower at or below upper",
        )


def _check_counts(footprint: Footprint, where: str) -> None:
    """Check how many rings and positions the shape needs."""
    rings = footprint.rings
    if sum(len(ring) for ring in rings) > MAX_VERTICES:
        raise TooLarge("the footprint has too many vertices", where=where, expected=f"at most {MAX_VERTICES}")
    match footprint.shape:
        case Shape.POINT:
            if len(rings) != 1 or len(rings[0]) != 1:
                raise Malformed("a point needs one position", where=where, expected="one ring of one")
        case Shape.LINE:
            if len(rings) != 1 or len(rings[0]) < 2:
                raise Malformed(
                    "a line needs two or more positions", where=where, expected="one ring of them"
                )
        case Shape.POLYGON:
            if not rings or any(len(ring) < 3 for ring in rings):
                raise Malformed(
                    "a polygon ring needs three or more different positions",
                    where=where,
                    expected="three or more, the first not repeated at the end",
                )


def _check_ranges(footprint: Footprint, where: str) -> None:
    """Check numbers that did not come through the decoder."""
    for ring in footprint.rings:
        for lon, lat in ring:
            if not (-_HALF_TURN <= lon <= _HALF_TURN and -_HALF_TURN <= 2 * lat <= _HALF_TURN):
                raise Malformed(
                    f"the position {lon / E7:.7f}, {lat / E7:.7f} is not on earth",
                    where=where,
                    expected="longitude within 180, latitude within 90 degrees, in that order",
                )
    for radius in (footprint.radius_mm, footprint.uncertainty_mm):
        if not 0 <= radius <= MAX_RADIUS_MM:
            raise Malformed(
                f"the radius {radius} mm cannot be measured", where=where, expected="0 to 1,000 km"
            )


def _check_vertices(footprint: Footprint, where: str) -> None:
    """Check what lies between one vertex and the next."""
    closed = footprint.shape is Shape.POLYGON
    for ring in footprint.rings:
        if closed and ring[0] == ring[-1]:
            raise Malformed(
                "the first position of a ring is repeated at its end", where=where, expected="each once"
            )
        for n in range(len(ring) - (not closed)):
            here, after = ring[n], ring[(n + 1) % len(ring)]
            if here == after:
                raise Malformed(
                    f"position {n + 2} of a ring repeats the one before", where=where, expected="each once"
                )
            if abs(_short_way(after[0] - here[0])) > MAX_EDGE_DLON_E7:
                raise Malformed(
                    f"the edge from position {n + 1} spans more than 90 degrees of longitude",
                    where=where,
                    expected="vertices in between, so that the way is certain",
                )


def _short_way(dlon: int) -> int:
    """Return a difference of longitude in 1e-7 degrees the short way round."""
    return (dlon + _HALF_TURN) % _TURN - _HALF_TURN


def _prepared(footprint: Footprint, where: str) -> Core:
    """Prepare the core; an over-wide polygon says where it was."""
    try:
        return prepare(footprint)
    except Malformed as problem:
        raise Malformed(problem.detail, where=where, expected=problem.expected) from None


def _check_edges(core: Core, where: str) -> None:
    """Refuse edges so long that their way is not certain."""
    chords = np.linalg.norm(core.arcs.end - core.arcs.start, axis=1)
    if float(chords.max()) > MAX_EDGE_CHORD_M:
        raise Malformed("an edge is longer than 10,000 km", where=where, expected="vertices in between")


def _check_rings(footprint: Footprint, core: Core, where: str) -> None:
    """Refuse rings that meet themselves or each other, and holes that are not in the outer ring."""
    drawings: list[list[Segment]] = []
    if footprint.edges is not Edges.LONLAT:
        drawings.append(segments_of(_projected(footprint.rings, core)))
    if footprint.edges is not Edges.GEODESIC:
        drawings.append(wrapped(segments_of(_unrolled(footprint.rings, where)), _TURN))
    for drawing in drawings:
        met = first_meeting(drawing)
        if met is not None:
            one, two = met
            what = "a ring crosses or touches itself"
            if one.ring != two.ring:
                what = "two rings of the polygon cross or touch"
            raise Malformed(
                f"{what} (edges {one.place + 1} and {two.place + 1})",
                where=where,
                expected="rings that do not meet themselves or each other",
            )
    _check_holes(footprint, core, where)


def _projected(rings: tuple[tuple[Position, ...], ...], core: Core) -> list[list[Spot]]:
    """Draw rings in central projection, where geodesics are straight to within their distance from the
    plane through the earth's centre: 7 mm in 10 km, too little to matter for telling inside from outside."""
    plane = core.plane
    assert plane is not None, "polygons have a plane"
    chains: list[list[Spot]] = []
    for ring in rings:
        degrees = np.array(ring) / E7
        flat = np.rint(project(plane, to_ecef(degrees[:, 0], degrees[:, 1])) * _GRID_PER_RADIUS)
        spots = [(int(x), int(y)) for x, y in flat.tolist()]
        chains.append([*spots, spots[0]])
    return chains


def _unrolled(rings: tuple[tuple[Position, ...], ...], where: str) -> list[list[Spot]]:
    """Draw rings in longitude and latitude, exactly, each edge the short way.

    Longitudes run on past a full turn, so the drawing has to be wrapped before it is searched; a ring round a
    pole does not end where it began.
    """
    chains: list[list[Spot]] = []
    for ring in rings:
        lon = ring[0][0]
        spots = [ring[0]]
        for here, after in zip(ring, (*ring[1:], ring[0]), strict=True):
            lon += _short_way(after[0] - here[0])
            spots.append((lon, after[1]))
        longitudes = [spot[0] for spot in spots]
        if abs(lon - ring[0][0]) > _TURN or max(longitudes) - min(longitudes) > 2 * _TURN:
            raise Malformed("a ring winds round a pole more than once", where=where, expected="once at most")
        chains.append(spots)
    return chains


def _check_holes(footprint: Footprint, core: Core, where: str) -> None:
    """Rings do not meet, so one vertex of each tells what it lies in."""
    sizes = [len(ring) for ring in footprint.rings]
    begins = np.cumsum([0, *sizes[:-1]])
    for number in range(1, len(sizes)):
        for reading in core.readings:
            crossings = edge_crossings(core, reading, core.anchors[number])
            odd = np.add.reduceat(crossings, begins) % 2 == 1
            odd[number] = False
            if not odd[0]:
                raise Malformed(
                    f"hole {number} is not inside the outer ring", where=where, expected="holes inside"
                )
            if odd[1:].any():
                raise Malformed(
                    f"hole {number} lies inside another hole", where=where, expected="holes apart"
                )
