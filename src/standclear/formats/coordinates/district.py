# SPDX-License-Identifier: Apache-2.0
"""Hold a place against the district it was declared for: outside, and another reading inside, is worth a question.

Says so and corrects nothing. The readings tried are the slips that were seen in real lists: latitude and longitude
swapped, a wrong sign, degrees with minutes (and seconds) typed as if they were decimals.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple

from standclear.errors import Malformed
from standclear.formats.coordinates.echo import decimal_of
from standclear.formats.coordinates.place import Degrees, Notation, Place, placed
from standclear.geometry.cores import prepare, reach_m
from standclear.geometry.distance import core_distance
from standclear.geometry.earth import ROUNDING_M
from standclear.geometry.holding import footprint_inside
from standclear.geometry.volume import Edges, Footprint, Position, Shape

MINUTE_DIGITS, SECOND_DIGITS = 2, 4
"""Digits after the point that may have been meant as minutes, or as minutes and seconds."""
MOST: Final = (90, 180)


class Standing(StrEnum):
    """Where a place lies, its whole uncertainty with it."""

    INSIDE = "inside"
    PARTLY = "partly"
    OUTSIDE = "outside"


class Held(NamedTuple):
    """A place held against a district: where it lies, and what to ask whoever wrote it."""

    standing: Standing
    warnings: tuple[str, ...]


def district_of(ring: Sequence[Position]) -> Footprint:
    """A district from one ring of longitude and latitude in 1e-7 degrees, not closed, straight as GeoJSON means it."""
    return Footprint(
        shape=Shape.POLYGON, rings=(tuple(ring),), edges=Edges.LONLAT, radius_mm=0, uncertainty_mm=0
    )


def held_against(place: Place, district: Sequence[Footprint]) -> Held:
    """Say whether a place lies in a district (any of its parts), and which slip would put it there if not.

    Raises:
        Malformed: the district has no part.
    """
    if not district:
        raise Malformed("holds no area", where="district", expected="at least one polygon")
    standing = _standing(place, district)
    slips = [
        (slip, other) for slip, other in _slips(place) if _standing(other, district) is not Standing.OUTSIDE
    ]
    if standing is Standing.OUTSIDE:
        far = min(_distance_m(place, part) for part in district)
        said = [f"The place lies outside the district, {_about(far)} away at least."]
        said += [f"Inside would be {decimal_of(other)}: {slip}." for slip, other in slips]
        return Held(standing, tuple(said))
    said = []
    if standing is Standing.PARTLY:
        said.append("The place is not known well enough to say that it lies inside the district.")
    if place.typed and not all(number.settled for number in place.typed):
        said += [
            f"The district cannot tell: {decimal_of(other)} lies inside as well ({slip})."
            for slip, other in slips
            if slip == SWAPPED
        ]
    return Held(standing, tuple(said))


def _standing(place: Place, district: Sequence[Footprint]) -> Standing:
    if any(footprint_inside(place.footprint(), part) for part in district):
        return Standing.INSIDE
    if all(_distance_m(place, part) > 0 for part in district):
        return Standing.OUTSIDE
    return Standing.PARTLY


def _distance_m(place: Place, part: Footprint) -> float:
    """At least so far is the place, wherever it may lie, from a part of the district."""
    spot = place.footprint()
    low, _, _ = core_distance(prepare(spot), prepare(part), stop_above=math.inf, stop_below=0.0)
    return low - reach_m(spot) - reach_m(part) - ROUNDING_M


def _about(metres: float) -> str:
    return f"{metres / 1_000:.0f} km" if metres >= 10_000 else f"{metres:.0f} m"


SWAPPED: Final = "latitude and longitude swapped"
SIGNS: Final = (
    ("the other side of the equator", -1, 1),
    ("the other side of Greenwich", 1, -1),
    ("the other side of both", -1, -1),
)
TYPED_AS_DECIMALS: Final = (
    ("the decimals meant as minutes and seconds", True),
    ("the decimals meant as minutes", False),
)


def _slips(place: Place) -> Iterator[tuple[str, Place]]:
    """What the text may have been meant as, each with the slip that it would be."""
    if place.typed is None:
        return
    latitude, longitude = place.typed
    pairs = [("", latitude, longitude)]
    if abs(longitude.value) <= MOST[0]:
        pairs.append((SWAPPED, longitude, latitude))
    for swapped, lat, lon in pairs:
        if swapped:
            yield swapped, _meant(lat, lon)
        for slip, north, east in SIGNS:
            words = f"{swapped}, and {slip}" if swapped else slip
            yield words, _meant(_turned(lat, north), _turned(lon, east))
        for slip, seconds in TYPED_AS_DECIMALS:
            sixty = (_sixtieths(lat, 0, seconds), _sixtieths(lon, 1, seconds))
            if sixty[0] is not None and sixty[1] is not None:
                yield f"{swapped}, and {slip}" if swapped else slip, _meant(sixty[0], sixty[1])


def _meant(latitude: Degrees, longitude: Degrees) -> Place:
    return placed(latitude, longitude, Notation.DEGREES)


def _turned(number: Degrees, sign: int) -> Degrees:
    return replace(number, value=number.value * sign)


def _sixtieths(number: Degrees, axis: int, seconds: bool) -> Degrees | None:
    """A decimal number as if its decimals were minutes, or minutes and seconds; none where they cannot be."""
    whole, _, digits = number.parts[-1].partition(".")
    if len(number.parts) > 1 or len(digits) < (SECOND_DIGITS if seconds else MINUTE_DIGITS):
        return None
    widths = (2, 4) if seconds else (2,)
    wholes = [digits[at - 2 : at] for at in widths]
    rest = digits[widths[-1] :]
    if any(int(part) >= 60 for part in wholes):
        return None
    unit = 60 ** len(wholes)
    last = Fraction(int("".join((wholes[-1], rest))), 10 ** len(rest))
    minutes = Fraction(int(wholes[0]), 60) if seconds else Fraction(0)
    value = int(whole) + minutes + last / unit
    if value > MOST[axis]:
        return None
    sign = -1 if number.negative else 1
    return Degrees(sign * value, Fraction(1, unit * 10 ** len(rest)), (whole, *wholes), number.settled)
