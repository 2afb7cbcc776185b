# SPDX-License-Identifier: Apache-2.0
"""Two angles become a place, or several: which is the latitude, on which side of the equator and of Greenwich.

What the text leaves open is answered by giving every reading, with the question it answers. A reading that cannot be
(latitude 91, minutes 60, a minus beside a letter) is a complaint instead.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Final, NamedTuple

from standclear.errors import Malformed
from standclear.formats.coordinates.angles import Angle, Number, Written
from standclear.formats.coordinates.lexicon import LAT, LON
from standclear.formats.coordinates.place import WHERE, Degrees, Notation, Order, Place, placed

NAMES: Final = ("latitude", "longitude")
MOST: Final = (90, 180)
UNITS: Final = ("degrees", "minutes", "seconds")
COMPACT: Final = ({4: (2, 2), 6: (2, 2, 2)}, {5: (3, 2), 7: (3, 2, 2)})
"""By axis: how many digits together are degrees, minutes and seconds, as in 333050N 0361635E."""
NOTATIONS: Final = (Notation.DEGREES, Notation.MINUTES, Notation.SECONDS)

WHICH_FIRST: Final = "it is not said which number is the latitude"
WHICH_SIDE: Final = "one number has a hemisphere and the other has none"
OST_OUEST: Final = "O is east in German (Ost) and west in French (Ouest)"
MIXED: Final = "One number goes down to minutes or seconds and the other does not."
RANGE_TOLD: Final = "No letter says which number is the latitude; only the range of the numbers does."
GEOJSON_ORDER: Final = (
    "In square brackets GeoJSON puts the longitude first; this was read with the latitude first, as stated."
)


class Reading(NamedTuple):
    """A place that the text may mean, and the questions that another reading answers otherwise."""

    place: Place
    open: tuple[str, ...]


def places_of(written: Written, order: Order | None, complaints: list[Malformed]) -> list[Reading]:
    """Every place that two angles can be; what is wrong with the others goes to `complaints`."""
    try:
        axes, told = _axes(written, order)
        sides, missing = _sides(written)
    except Malformed as error:
        complaints.append(error)
        return []
    questions = ((WHICH_SIDE,) if missing else ()) + (
        (OST_OUEST,) if written.first.side_open or written.second.side_open else ()
    )
    by_axis: list[list[Reading]] = []
    for axis in axes:
        warnings = (GEOJSON_ORDER,) if written.bracketed and axis == LAT and not _lettered(written) else ()
        found: list[Reading] = []
        for signs in sides:
            try:
                place = _placed(written, axis, signs, warnings)
            except Malformed as error:
                complaints.append(error)
            else:
                found.append(Reading(place, questions if told else (WHICH_FIRST, *questions)))
        by_axis += [found] if found else []
    if not told and len(by_axis) == 1:
        return [_warned(reading) for reading in by_axis[0]]
    return [reading for found in by_axis for reading in found]


def _warned(reading: Reading) -> Reading:
    """Only one order is possible at all: that is no guess, and still worth a second look."""
    return Reading(replace(reading.place, warnings=(*reading.place.warnings, RANGE_TOLD)), reading.open)


def _lettered(written: Written) -> bool:
    return any(angle.side or angle.axis is not None for angle in (written.first, written.second))


def _axes(written: Written, order: Order | None) -> tuple[tuple[int, ...], bool]:
    """What the first angle may be, and whether letters, labels or the caller say so."""
    known = [_axis(written.first), _axis(written.second)]
    if known[0] is not None and known[0] == known[1]:
        raise Malformed(
            f"gives the {NAMES[known[0]]} twice", where=WHERE, expected="one latitude and one longitude"
        )
    if known[0] is not None:
        return (known[0],), True
    if known[1] is not None:
        return (1 - known[1],), True
    if order is not None:
        return (LAT if order is Order.LAT_LON else LON,), True
    return (LAT, LON), False


def _axis(angle: Angle) -> int | None:
    """Latitude or longitude, as its letter and its label say."""
    if angle.side is not None and angle.axis is not None and angle.side[0] != angle.axis:
        raise Malformed(
            f"calls a number {NAMES[angle.axis]} and gives it a hemisphere of {NAMES[angle.side[0]]}",
            where=WHERE,
            expected="N or S for the latitude, E or W for the longitude",
        )
    return angle.axis if angle.side is None else angle.side[0]


def _sides(written: Written) -> tuple[tuple[tuple[int, int], ...], bool]:
    """The signs that the two angles may have; whether one of them lacks its letter."""
    angles = (written.first, written.second)
    for angle in angles:
        if angle.side is not None and angle.sign < 0:
            raise Malformed(
                f"{' '.join(str(number) for number in angle.numbers)} has a minus and a hemisphere letter",
                where=WHERE,
                expected="either of them, not both",
            )
    lettered = [angle.side is not None for angle in angles]
    missing = any(lettered) and not all(lettered)
    first, second = (
        (angle.side[1],) if angle.side else (1, -1) if missing else (angle.sign or 1,) for angle in angles
    )
    return tuple((one, other) for one in first for other in second), missing


def _placed(written: Written, first_axis: int, signs: tuple[int, int], warnings: tuple[str, ...]) -> Place:
    angles = (written.first, written.second)
    decimal_signs = {number.point for angle in angles for number in angle.numbers if number.point}
    if len(decimal_signs) > 1:
        raise Malformed(
            "writes the decimal sign in two ways",
            where=WHERE,
            expected="the same decimal sign in both",
        )
    one = _degrees(angles[0], first_axis, signs[0])
    other = _degrees(angles[1], 1 - first_axis, signs[1])
    notation = NOTATIONS[max(len(one.parts), len(other.parts)) - 1]
    if len(one.parts) != len(other.parts):
        warnings = (*warnings, MIXED)
    latitude, longitude = (one, other) if first_axis == LAT else (other, one)
    return placed(latitude, longitude, notation, warnings=warnings)


def _degrees(angle: Angle, axis: int, sign: int) -> Degrees:
    """The value of an angle.

    Raises:
        Malformed: it is none, or out of range.
    """
    numbers = _spread(angle, axis)
    text = " ".join(str(number) for number in numbers)
    for number in numbers[:-1]:
        if number.frac:
            raise Malformed(
                f"{text} goes on after a decimal fraction",
                where=WHERE,
                expected="a fraction in the last number only",
            )
    for number, unit, most in zip(numbers, UNITS, (3, 2, 2), strict=False):
        if len(number.whole) > most:
            raise Malformed(
                f"{text}: {number.whole} are too many digits for {unit}",
                where=WHERE,
                expected="three digits for degrees and two for minutes and seconds, or all as in 333050N 0361635E",
            )
    for number, unit in zip(numbers[1:], UNITS[1:], strict=False):
        if int(number.whole) >= 60:
            raise Malformed(
                f"{text} has {number} {unit}",
                where=WHERE,
                expected=f"{unit} below 60; 60 is refused, as it may be a slip: write the next whole one",
            )
    return in_range(numbers, sign, axis, settled=angle.side is not None or angle.axis is not None)


def in_range(numbers: tuple[Number, ...], sign: int, axis: int, *, settled: bool) -> Degrees:
    """The value of degrees, minutes and seconds whose parts are sound, if there is such a latitude or longitude."""
    value = sum((Fraction(str(number)) / 60**n for n, number in enumerate(numbers)), start=Fraction(0))
    if value > MOST[axis]:
        written = " ".join(str(number) for number in numbers)
        raise Malformed(
            f"{NAMES[axis]} {written} is out of range",
            where=WHERE,
            expected=f"a {NAMES[axis]} of at most {MOST[axis]} degrees",
        )
    step = Fraction(1, 60 ** (len(numbers) - 1) * 10 ** len(numbers[-1].frac))
    return Degrees(sign * value, step, tuple(str(number) for number in numbers), settled)


def _spread(angle: Angle, axis: int) -> tuple[Number, ...]:
    """Degrees, minutes and seconds; digits written together are taken apart where a letter follows or leads."""
    (first, *rest) = angle.numbers
    widths = COMPACT[axis].get(len(first.whole))
    if rest or angle.side is None or angle.marked or widths is None or first.point == ",":
        return angle.numbers
    parts, at = [], 0
    for width in widths:
        parts.append(Number(first.whole[at : at + width], "", ""))
        at += width
    return (*parts[:-1], Number(parts[-1].whole, first.point, first.frac))
