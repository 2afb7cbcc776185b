# SPDX-License-Identifier: Apache-2.0
"""Say back in three notations what was understood, with the precision that was given.

A notation gets as few digits as still tell the place apart within its uncertainty. Where even these would claim more
than was given, the uncertainty stands beside them. Read again, an echo covers all that the place covers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from standclear.formats.coordinates.grid import SQUARE_M, half_diagonal_mm, square_of
from standclear.formats.coordinates.mercator import NORTHERNMOST, SOUTHERNMOST, zone_of
from standclear.formats.coordinates.place import Notation, Place, reach_mm
from standclear.units import E7, MM_PER_M

LETTERS: Final = (("N", "S"), ("E", "W"))
WIDTHS: Final = (2, 3)
FINEST_DECIMALS: Final = 7
FINEST_SECONDS: Final = 4
METRE: Final = 5
"""Digits each way of the finest MGRS square."""


@dataclass(frozen=True, slots=True)
class Echo:
    """A place in three notations; no MGRS north of 84° and south of 80°."""

    decimal: str
    dms: str
    mgrs: str | None


def echo(place: Place) -> Echo:
    """Write a place in decimal degrees, in degrees, minutes and seconds, and in MGRS."""
    return Echo(decimal_of(place), dms_of(place), mgrs_of(place))


def decimal_of(place: Place) -> str:
    """Write a place in decimal degrees with hemispheres."""
    written, values, steps = [], [], []
    for axis, (e7, given) in enumerate(_axes(place)):
        digits = 0
        while digits < FINEST_DECIMALS and Fraction(1, 10**digits) > 2 * given:
            digits += 1
        step = Fraction(1, 10**digits)
        count = round(Fraction(abs(e7), E7) / step)
        whole, rest = divmod(count, 10**digits)
        fraction = f".{rest:0{digits}d}" if digits else ""
        written.append(f"{whole}{fraction}° {LETTERS[axis][e7 < 0]}")
        values.append(count * step * (-1 if e7 < 0 else 1))
        steps.append(step)
    return ", ".join(written) + _beside(place, _spare_mm(place, values, steps))


def dms_of(place: Place) -> str:
    """Write a place in degrees, minutes and seconds, as far as they were given."""
    written, values, steps = [], [], []
    for axis, (e7, given) in enumerate(_axes(place)):
        scale = _sixtieths(given)
        step = Fraction(1, scale)
        count = round(Fraction(abs(e7), E7) * scale)
        written.append(f"{_sexagesimal(count, scale, WIDTHS[axis])} {LETTERS[axis][e7 < 0]}")
        values.append(count * step * (-1 if e7 < 0 else 1))
        steps.append(step)
    return " ".join(written) + _beside(place, _spare_mm(place, values, steps))


def mgrs_of(place: Place) -> str | None:
    """Write a place as the MGRS square that it lies in; none beyond 84° N and 80° S."""
    lon, lat = place.lon_e7 / E7, place.lat_e7 / E7
    if place.square is not None:
        digits = len(place.square.split()[2]) if place.square.count(" ") > 1 else 0
        spare_mm = half_diagonal_mm(SQUARE_M // 10**digits) if place.notation is Notation.MGRS else 0
        return place.square + _beside(place, spare_mm)
    if not SOUTHERNMOST <= lat <= NORTHERNMOST:
        return None
    fitting = (n for n in range(METRE) if half_diagonal_mm(SQUARE_M // 10**n) <= place.uncertainty_mm)
    return square_of(lon, lat, zone_of(lon, lat), next(fitting, METRE)) + _beside(place, 0)


def _axes(place: Place) -> tuple[tuple[int, Fraction], tuple[int, Fraction]]:
    return (place.lat_e7, place.lat_step), (place.lon_e7, place.lon_step)


def _sixtieths(given: Fraction) -> int:
    """Parts of a degree to count in: degrees, minutes, seconds or decimals of seconds."""
    for scale in (1, 60, 3_600):
        if Fraction(1, scale) <= 2 * given:
            return scale
    digits = 0
    while digits < FINEST_SECONDS and Fraction(1, 3_600 * 10**digits) > 2 * given:
        digits += 1
    return int(3_600 * 10**digits)


def _sexagesimal(count: int, scale: int, width: int) -> str:
    if scale == 1:
        return f"{count:0{width}d}°"
    degrees, rest = divmod(count, scale)
    if scale == 60:
        return f"{degrees:0{width}d}°{rest:02d}'"
    minutes, rest = divmod(rest, scale // 60)
    seconds, parts = divmod(rest, scale // 3_600)
    digits = len(str(scale // 3_600)) - 1
    fraction = f".{parts:0{digits}d}" if digits else ""
    return f"{degrees:0{width}d}°{minutes:02d}'{seconds:02d}{fraction}\""


def _spare_mm(place: Place, values: list[Fraction], steps: list[Fraction]) -> int:
    """Mm around the place that reading these digits again would cover."""
    lat, lon = values
    core = (round(lon * E7), round(lat * E7))
    covered = reach_mm(lat, lon, steps[0], steps[1], core)
    if core == (place.lon_e7, place.lat_e7):
        return covered
    there = (Fraction(core[1], E7), Fraction(core[0], E7))
    return covered - reach_mm(*there, Fraction(0), Fraction(0), (place.lon_e7, place.lat_e7))


def _beside(place: Place, spare_mm: int) -> str:
    """The uncertainty, rounded up, where the digits alone would claim more than was given."""
    if spare_mm >= place.uncertainty_mm:
        return ""
    metres = place.uncertainty_mm / MM_PER_M
    if metres < 10:
        return f" ±{math.ceil(metres * 100) / 100:.2f} m"
    if metres < 10_000:
        return f" ±{math.ceil(metres)} m"
    return f" ±{math.ceil(metres / 1_000)} km"
