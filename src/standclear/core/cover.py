# SPDX-License-Identifier: Apache-2.0
"""Covers: all that is known of a notice to one who may not see where it lies (design §2, ADR 13).

The footprint becomes the cell of a fixed grid that holds its first vertex, grown by the smallest fixed reach that
provably contains it; heights and times are widened to fixed steps. So a cover is the same for every place in
the cell. Reaches are proved from earth-centred chords (`geometry.earth`, lemma 2), whole numbers come out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final, TypeVar

import msgspec

from standclear.core.judge import hazard_volumes, occupied
from standclear.core.model import Activity, Content, GroundHazard, Movement, Site
from standclear.core.terms import CoverSteps, Terms
from standclear.geometry.earth import R_MIN_M, ROUNDING_M, SEMI_MAJOR_M, SEMI_MINOR_M, longest_geodesic_m
from standclear.geometry.edges import WGS84
from standclear.geometry.packing import packed
from standclear.geometry.volume import (
    EARLIEST_US,
    HIGHEST_MM,
    LATEST_US,
    LOWEST_MM,
    MAX_RADIUS_MM,
    Band,
    Edges,
    Footprint,
    Level,
    Position,
    Shape,
    Volume,
    Window,
)
from standclear.units import E7, MM_PER_M

MAX_VOLUMES: Final = 200
"""No more volumes than a notice may have."""
MAX_DOUBLINGS: Final = 12
"""Pieces are made longer until there are few enough; so often doubled, no leg is cut any more."""
STATION_MM: Final = 10
"""Beyond each cut: what rounding its place to 1e-7 degrees moves it (8 mm), and the arithmetic, rounded up."""
R_MAX_M: Final = SEMI_MAJOR_M**2 / SEMI_MINOR_M
"""No normal of the ellipsoid is longer than at the poles: a²/b, so no degree is longer than along that radius."""
_QUARTER, _HALF, _TURN = 90 * E7, 180 * E7, 360 * E7

Spot = tuple[float, float]
Piece = tuple[Position, float]
"""Where a part of a line begins, and a length in metres beyond which none of it lies from there."""
N = TypeVar("N")
T = TypeVar("T", bound=msgspec.Struct)


def cover_of(content: Content, terms: Terms) -> Content:
    """What a notice is to those who are shown its cover: no name, no place, no exact time.

    Raises:
        TypeError: areas and stops have none; they are always shown in full.
    """
    steps = terms.cover
    match content:
        case Site():
            otherwise = _everywhere(content.volumes, steps)
            volumes = _few(content.volumes, lambda volume, cut: _covers(volume, steps, cut), otherwise)
            until_us = widened_until(content.valid_until_us, terms)
            return msgspec.structs.replace(
                content, name="", also=(), volumes=volumes, valid_until_us=until_us
            )
        case Movement():
            return msgspec.structs.replace(
                content, name="", legs=_legs(content, steps), air=None, road=None, lines=0, exception=None
            )
        case Activity():
            return _activity(content, terms)
        case _:
            raise TypeError(f"{type(content).__name__} is always shown in full")


def widened_until(until_us: int | None, terms: Terms) -> int | None:
    """The end of a site's validity as its cover says it."""
    return _up(until_us, terms.cover.time_us, LATEST_US)


def _legs(movement: Movement, steps: CoverSteps) -> tuple[Volume, ...]:
    """The covers of all legs and of the halts between them; with too many, legs that last until the next begins."""
    volumes = occupied(movement)
    if len(volumes) > MAX_VOLUMES:
        volumes = _without_gaps(movement.legs)
    otherwise = _everywhere(volumes, steps)
    return _few(volumes, lambda volume, cut: _covers(volume, steps, cut), otherwise)


def _without_gaps(legs: tuple[Volume, ...]) -> tuple[Volume, ...]:
    """Legs that hold the halts before and after them: each from the end of the one before to the next one's start."""
    windows = [leg.window for leg in legs]
    for number, (before, after) in enumerate(pairwise(legs)):
        left, reached = before.window.end_us, after.window.start_us
        if left is not None and reached is not None and left < reached:
            windows[number] = msgspec.structs.replace(windows[number], end_us=reached)
            windows[number + 1] = msgspec.structs.replace(windows[number + 1], start_us=left)
    return tuple(
        msgspec.structs.replace(leg, window=window) for leg, window in zip(legs, windows, strict=True)
    )


class _Flown(msgspec.Struct, frozen=True):
    """A cover of a volume, and beside it a cover of its hazard to the ground, or none."""

    volume: Volume
    hazard: Footprint | None


def _activity(activity: Activity, terms: Terms) -> Activity:
    """An activity as flown and, declared beside it, what its hazard reaches on the ground: both as covers."""
    steps = terms.cover

    def covers(number: int, cut: float) -> tuple[_Flown, ...]:
        volume = activity.volumes[number]
        flown = _covers(volume, steps, cut)
        alone = msgspec.structs.replace(
            activity, volumes=(volume,), hazard=activity.hazard[number : number + 1]
        )
        reaching = hazard_volumes(alone, terms.hazard_margin_mm)
        # What lies straight below is compared at the volume itself (law 14); only what goes beyond is declared.
        beyond = [column for column in reaching if column.footprint != volume.footprint]
        hazards = [cover.footprint for column in beyond for cover in _covers(column, steps, cut)]
        if not reaching:
            return tuple(_Flown(cover, None) for cover in flown)
        hazards = hazards or [flown[0].footprint]
        count = max(len(flown), len(hazards))
        return tuple(_Flown(flown[n % len(flown)], hazards[n % len(hazards)]) for n in range(count))

    hazardous = activity.ground_hazard is not GroundHazard.NONE
    otherwise = tuple(
        _Flown(volume, volume.footprint if hazardous else None)
        for volume in _everywhere(activity.volumes, steps)
    )
    parts = _few(tuple(range(len(activity.volumes))), covers, otherwise)
    return msgspec.structs.replace(
        activity,
        name="",
        air=msgspec.UNSET,
        exception=msgspec.UNSET,
        volumes=tuple(part.volume for part in parts),
        hazard=tuple(part.hazard for part in parts if part.hazard is not None),
    )


def _few(
    items: tuple[N, ...], covers: Callable[[N, float], tuple[T, ...]], otherwise: tuple[T, ...]
) -> tuple[T, ...]:
    """The covers of all, each once, in a fixed order; in longer pieces while there are too many."""
    for doubled in range(MAX_DOUBLINGS):
        found = {msgspec.json.encode(cover): cover for item in items for cover in covers(item, 2.0**doubled)}
        merged = tuple(found[key] for key in sorted(found, key=lambda key: (_starts(found[key]), key)))
        if len(merged) <= MAX_VOLUMES:
            return merged
    return otherwise


def _starts(cover: msgspec.Struct) -> int:
    volume = cover.volume if isinstance(cover, _Flown) else cover
    start_us = volume.window.start_us if isinstance(volume, Volume) else None
    return EARLIEST_US if start_us is None else start_us


def _covers(volume: Volume, steps: CoverSteps, cut: float) -> tuple[Volume, ...]:
    """The covers of one volume: one, or for a leg longer than `cut` cells one for each piece of it."""
    footprint = volume.footprint
    reach_mm = footprint.radius_mm + footprint.uncertainty_mm
    first = footprint.rings[0][0]
    core_m = _farthest_m(footprint)
    longest_m = cut * math.radians(steps.cell_e7 / E7) * R_MIN_M
    if footprint.shape is Shape.LINE and core_m > longest_m:
        needs = [
            (at, math.ceil(far_m * MM_PER_M) + STATION_MM) for at, far_m in _pieces(footprint, longest_m)
        ]
    else:
        needs = [(first, math.ceil(core_m * MM_PER_M))]
    window, band = _window(volume.window, steps.time_us), _band(volume.band, steps.height_mm)
    return tuple(
        Volume(footprint=grown, band=band, window=window)
        for at, core_mm in needs
        for grown in _grown(at, core_mm + reach_mm, steps)
    )


def _farthest_m(footprint: Footprint) -> float:
    """A length beyond which nothing of the core lies from its first vertex, along the surface."""
    if footprint.shape is Shape.POINT:
        return 0.0
    frame = packed(footprint).frame[0]
    chord_m = math.dist(frame[:3].tolist(), frame[3:6].tolist()) + float(frame[6]) + ROUNDING_M
    return longest_geodesic_m(chord_m) + ROUNDING_M


def _pieces(line: Footprint, longest_m: float) -> Iterator[Piece]:
    """A line in pieces of at most this length, one after the other; under both readings where edges have two."""
    for lonlat in (False, True):
        if line.edges is (Edges.GEODESIC if lonlat else Edges.LONLAT):
            continue
        begun, used_m = line.rings[0][0], 0.0
        for edge in pairwise(line.rings[0]):
            length_m, at = _straight(*edge) if lonlat else _geodesic(*edge)
            done_m = 0.0
            while used_m + length_m - done_m > longest_m:
                yield begun, longest_m
                done_m += longest_m - used_m
                begun, used_m = at(done_m), 0.0
            used_m += length_m - done_m
        yield begun, used_m


def _geodesic(one: Position, two: Position) -> tuple[float, Callable[[float], Position]]:
    """The length of a geodesic edge, and the place so many metres along it, to 1e-7 degrees."""
    lon, lat = one[0] / E7, one[1] / E7
    azimuth, _, length_m = WGS84.inv(lon, lat, two[0] / E7, two[1] / E7)

    def at(metres: float) -> Position:
        there_lon, there_lat, _ = WGS84.fwd(lon, lat, azimuth, metres)
        return round(there_lon * E7), round(there_lat * E7)

    return float(length_m) + ROUNDING_M, at


def _straight(one: Position, two: Position) -> tuple[float, Callable[[float], Position]]:
    """An edge straight in longitude and latitude: no less than its length, and the place at a share of that."""
    east = (two[0] - one[0] + _HALF) % _TURN - _HALF
    north = two[1] - one[1]
    nearest = 0 if one[1] * two[1] < 0 else min(abs(one[1]), abs(two[1]))
    widest = math.cos(math.radians(nearest / E7))
    length_m = R_MAX_M * math.radians(math.hypot(north, east * widest) / E7) + ROUNDING_M

    def at(metres: float) -> Position:
        share = metres / length_m
        return round(one[0] + share * east), round(one[1] + share * north)

    return length_m, at


def _grown(at: Position, needed_mm: int, steps: CoverSteps) -> tuple[Footprint, ...]:
    """The cell that holds a place, grown by the smallest fixed reach that is enough; beyond any, everywhere."""
    reach_mm = next((reach for reach in steps.reaches_mm if reach >= needed_mm), 0)
    if not reach_mm:
        largest = steps.reaches_mm[-1]
        reach_mm = -(-needed_mm // largest) * largest
    if reach_mm > 2 * MAX_RADIUS_MM:
        return _OCTANTS
    cell = steps.cell_e7
    west = (at[0] + _HALF) % _TURN // cell * cell - _HALF
    south = min(at[1] // cell * cell, _QUARTER - cell)
    return (_box(west, south, cell, min(reach_mm, MAX_RADIUS_MM), max(0, reach_mm - MAX_RADIUS_MM)),)


def _box(west: int, south: int, size: int, radius_mm: int = 0, uncertainty_mm: int = 0) -> Footprint:
    east, north = west + size, south + size
    return Footprint(
        shape=Shape.POLYGON,
        rings=(((west, south), (east, south), (east, north), (west, north)),),
        edges=Edges.LONLAT,
        radius_mm=radius_mm,
        uncertainty_mm=uncertainty_mm,
    )


_OCTANTS: Final = tuple(
    _box(west, south, _QUARTER) for west in range(-_HALF, _HALF, _QUARTER) for south in (-_QUARTER, 0)
)
"""All of the earth."""


def _everywhere(volumes: tuple[Volume, ...], steps: CoverSteps) -> tuple[Volume, ...]:
    """All of the earth at every height, from the first start to the last end."""
    starts = [volume.window.start_us for volume in volumes]
    ends = [volume.window.end_us for volume in volumes]
    window = Window(
        start_us=None if None in starts else min(start for start in starts if start is not None),
        end_us=None if None in ends else max(end for end in ends if end is not None),
    )
    band, window = Band(lower=None, upper=None), _window(window, steps.time_us)
    return tuple(Volume(footprint=octant, band=band, window=window) for octant in _OCTANTS)


def _band(band: Band, step_mm: int) -> Band:
    """Levels widened outward to the step, each in its own datum."""
    lower, upper = band.lower, band.upper
    if lower is not None:
        lower = Level(value_mm=max(LOWEST_MM, lower.value_mm // step_mm * step_mm), datum=lower.datum)
    if upper is not None:
        upper = Level(value_mm=min(HIGHEST_MM, -(-upper.value_mm // step_mm) * step_mm), datum=upper.datum)
    return Band(lower=lower, upper=upper)


def _window(window: Window, step_us: int) -> Window:
    start_us = window.start_us
    if start_us is not None:
        start_us = max(EARLIEST_US, start_us // step_us * step_us)
    return Window(start_us=start_us, end_us=_up(window.end_us, step_us, LATEST_US))


def _up(moment_us: int | None, step_us: int, last_us: int) -> int | None:
    return None if moment_us is None else min(last_us, -(-moment_us // step_us) * step_us)
