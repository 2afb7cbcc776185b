# SPDX-License-Identifier: Apache-2.0
"""Notations whose own rules say which number is which: ISO 6709, the `geo:` URI (RFC 5870) and a GeoJSON Point."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from standclear.errors import Malformed
from standclear.formats.coordinates.angles import Number
from standclear.formats.coordinates.lexicon import LAT, LON
from standclear.formats.coordinates.pairs import UNITS, in_range
from standclear.formats.coordinates.place import WHERE, Degrees, Notation, Place, placed
from standclear.units import mm_up

GEOJSON_FIRST: Final = "GeoJSON puts the longitude first; so it was read."
HEIGHT_LEFT_OUT: Final = "A height stands in it, which is no part of the place."
_NUM: Final = r"(\d+)(?:\.(\d+))?"
_ISO: Final = re.compile(rf"([+-]){_NUM}([+-]){_NUM}([+-]\d+(?:\.\d+)?)?(crs\w*)?(/?)")
_ISO_WIDTHS: Final = {(2, 3): 1, (4, 5): 2, (6, 7): 3}
"""Digits of latitude and longitude before the point, and how many numbers they are together."""
_GEO: Final = re.compile(rf"(-?){_NUM},(-?){_NUM}(,-?\d+(?:\.\d+)?)?((?:;[a-z0-9-]+(?:=[^;]*)?)*)")
_POINT: Final = re.compile(
    rf'\{{(?=.*"type" ?: ?"point") ?(?:"type" ?: ?"point" ?,? ?|"coordinates" ?: ?\[ ?(-?){_NUM} ?, ?(-?){_NUM} ?'
    r"(, ?-?\d+(?:\.\d+)?)? ?\] ?,? ?){2}\}"
)


def read_formal(text: str) -> Place | None:
    """Return the place of a cleaned text in one of these notations; none if it does not look like one.

    Raises:
        Malformed: it looks like one and is not.
    """
    if text.startswith("geo:"):
        return _geo(text.removeprefix("geo:"))
    if text.startswith("{"):
        return _geojson(text)
    match = _ISO.fullmatch(text)
    return _iso(match) if match else None


def _iso(match: re.Match[str]) -> Place | None:
    count = _ISO_WIDTHS.get((len(match[2]), len(match[5])))
    if count is None:
        if match[9]:
            raise Malformed(
                f"has {len(match[2])} digits of latitude and {len(match[5])} of longitude",
                where=f"{WHERE} (ISO 6709)",
                expected="two and three, four and five, or six and seven, as +33.5138+036.2765/",
            )
        return None
    if match[8] not in (None, "crswgs_84", "crswgs84"):
        raise _other_datum(match[8].removeprefix("crs"))
    latitude = _number(match[1], _cut(match[2], 2, match[3] or "", count), LAT)
    longitude = _number(match[4], _cut(match[5], 3, match[6] or "", count), LON)
    return placed(latitude, longitude, Notation.ISO_6709, warnings=_height(match[7]))


def _cut(digits: str, width: int, frac: str, count: int) -> tuple[Number, ...]:
    """Degrees, minutes and seconds that stand together."""
    wholes = [digits[:width], *(digits[n : n + 2] for n in range(width, len(digits), 2))]
    assert len(wholes) == count
    return (*(Number(whole, "", "") for whole in wholes[:-1]), Number(wholes[-1], ".", frac))


def _number(sign: str, numbers: tuple[Number, ...], axis: int) -> Degrees:
    for number, unit in zip(numbers[1:], UNITS[1:], strict=False):
        if int(number.whole) >= 60:
            raise Malformed(f"has {number} {unit}", where=WHERE, expected=f"{unit} below 60")
    return in_range(numbers, -1 if sign == "-" else 1, axis, settled=True)


def _geo(text: str) -> Place:
    match = _GEO.fullmatch(text)
    if match is None:
        raise Malformed(
            "is no geo URI", where=WHERE, expected="geo:latitude,longitude in degrees, as geo:33.5138,36.2765"
        )
    more_mm = 0
    for parameter in match[8].split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name == "crs" and value != "wgs84":
            raise _other_datum(value)
        if name == "u":
            if not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value):
                raise Malformed("has an unreadable u", where=WHERE, expected="metres of uncertainty, as u=35")
            more_mm = mm_up(Decimal(value))
        elif name != "crs":
            raise Malformed(
                "has a parameter besides crs and u, which is not understood",
                where=WHERE,
                expected="a geo URI without it",
            )
    latitude = _number(match[1], (Number(match[2], ".", match[3] or ""),), LAT)
    longitude = _number(match[4], (Number(match[5], ".", match[6] or ""),), LON)
    return placed(latitude, longitude, Notation.GEO_URI, more_mm=more_mm, warnings=_height(match[7]))


def _geojson(text: str) -> Place:
    match = _POINT.fullmatch(text.replace("\n", " "))
    if match is None or match[2] is None:
        raise Malformed(
            "is no GeoJSON Point", where=WHERE, expected='{"type":"Point","coordinates":[longitude,latitude]}'
        )
    longitude = _number(match[1], (Number(match[2], ".", match[3] or ""),), LON)
    latitude = _number(match[4], (Number(match[5], ".", match[6] or ""),), LAT)
    warnings = (GEOJSON_FIRST, *_height(match[7]))
    return placed(latitude, longitude, Notation.GEOJSON, warnings=warnings)


def _height(text: str | None) -> tuple[str, ...]:
    return (HEIGHT_LEFT_OUT,) if text else ()


def _other_datum(name: str) -> Malformed:
    return Malformed(
        f"is on {name}, not on WGS84", where=WHERE, expected="the place on WGS84; let its author convert it"
    )
