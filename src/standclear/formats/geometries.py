# SPDX-License-Identifier: Apache-2.0
"""GeoJSON geometries as cores of footprints: points, lines and polygons on the grid of 1e-7 degrees.

A multi-geometry gives several cores. What repeats a vertex at once (also after rounding) is left out, which
changes no shape; whether a core can be measured at all is for `check_volume` to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from standclear.errors import Malformed
from standclear.formats.jsontext import Members, Unusable, shown
from standclear.geometry.volume import Position, Shape
from standclear.units import degrees_to_e7

MAX_POSITIONS: Final = 200_000
"""Of one feature, all parts together; bounds the work before any of it is done."""
MAX_PARTS: Final = 200
"""Volumes of one notice."""
MAX_LONGITUDE: Final = 180
MAX_LATITUDE: Final = 90
_POSITION: Final = "[longitude, latitude] in degrees on WGS84"

Rings = tuple[tuple[Position, ...], ...]


@dataclass(slots=True)
class Cores:
    """What a geometry holds, and what was noticed on the way."""

    geometry: str
    found: list[tuple[Shape, Rings]]
    off_grid: bool = False
    third: bool = False
    positions: int = 0


def read_geometry(geometry: object) -> Cores:
    """Return the cores of a GeoJSON geometry, at least one.

    Raises:
        Malformed: it is no geometry that has a place here; the sentence names the part.
    """
    if geometry is None:
        raise Malformed(
            "null, so that it lies nowhere",
            where="geometry",
            expected='a geometry; for what is known only to lie in a district, its polygon and "placed": false',
        )
    if not isinstance(geometry, Members):
        raise Malformed(f"is {shown(geometry)}", where="geometry", expected="a GeoJSON geometry object")
    if geometry.repeated:
        raise Malformed("gives a key more than once", where="geometry", expected="each key once")
    if geometry.get("crs") is not None:
        raise Malformed("has a crs of its own", where="geometry", expected="WGS84 without a crs")
    name = geometry.get("type")
    reader = _READERS.get(name) if isinstance(name, str) else None
    if reader is None or not isinstance(name, str):
        raise Malformed(
            f"type is {shown(name)}",
            where="geometry",
            expected="Point, LineString, Polygon or one of their Multi forms; split a GeometryCollection into features",
        )
    cores = Cores(name, [])
    reader(cores, geometry.get("coordinates"), "coordinates")
    if not cores.found:
        raise Malformed("is empty", where="coordinates", expected="at least one part")
    if len(cores.found) > MAX_PARTS:
        raise Malformed(f"has {len(cores.found)} parts", where="coordinates", expected=f"at most {MAX_PARTS}")
    return cores


def _point(cores: Cores, value: object, where: str) -> None:
    cores.found.append((Shape.POINT, ((_position(cores, value, where),),)))


def _line(cores: Cores, value: object, where: str) -> None:
    positions = _positions(cores, value, where)
    if len(positions) < 2:
        raise Malformed("has fewer than two positions", where=where, expected="a line of two or more")
    line = _without_repeats(positions)
    cores.found.append((Shape.POINT if len(line) == 1 else Shape.LINE, (line,)))


def _polygon(cores: Cores, value: object, where: str) -> None:
    rings = []
    for number, item in enumerate(_items(value, where, "a list of rings, the outer one first")):
        place = f"{where}[{number}]"
        positions = _positions(cores, item, place)
        if len(positions) < 4:
            raise Malformed("has fewer than four positions", where=place, expected="a ring of four or more")
        if positions[0] != positions[-1]:
            raise Malformed("is not closed", where=place, expected="the first position again at its end")
        ring = _without_repeats(positions)[:-1]
        if len(ring) < 3:
            raise Malformed(
                "has fewer than three different positions",
                where=place,
                expected="a ring that encloses something",
            )
        rings.append(ring)
    if not rings:
        raise Malformed("is empty", where=where, expected="at least one ring")
    cores.found.append((Shape.POLYGON, tuple(rings)))


def _many(one: Callable[[Cores, object, str], None]) -> Callable[[Cores, object, str], None]:
    def read(cores: Cores, value: object, where: str) -> None:
        for number, item in enumerate(_items(value, where, "a list of parts")):
            one(cores, item, f"{where}[{number}]")

    return read


_READERS: Final[dict[str, Callable[[Cores, object, str], None]]] = {
    "Point": _point,
    "LineString": _line,
    "Polygon": _polygon,
    "MultiPoint": _many(_point),
    "MultiLineString": _many(_line),
    "MultiPolygon": _many(_polygon),
}


def _items(value: object, where: str, expected: str) -> list[object]:
    if not isinstance(value, list):
        raise Malformed(f"is {shown(value)}", where=where, expected=expected)
    return value


def _positions(cores: Cores, value: object, where: str) -> tuple[Position, ...]:
    items = _items(value, where, f"a list of {_POSITION}")
    if cores.positions + len(items) > MAX_POSITIONS:
        raise Malformed(f"has more than {MAX_POSITIONS} positions", where=where, expected="a simpler shape")
    return tuple(_position(cores, item, f"{where}[{number}]") for number, item in enumerate(items))


def _without_repeats(positions: tuple[Position, ...]) -> tuple[Position, ...]:
    kept = [positions[0]]
    for position in positions[1:]:
        if position != kept[-1]:
            kept.append(position)
    return tuple(kept)


def _position(cores: Cores, value: object, where: str) -> Position:
    cores.positions += 1
    if cores.positions > MAX_POSITIONS:
        raise Malformed(
            f"there are more than {MAX_POSITIONS} positions", where=where, expected="a simpler shape"
        )
    if not isinstance(value, list) or not 2 <= len(value) <= 3:
        raise Malformed(f"is {shown(value)}", where=where, expected=_POSITION)
    numbers = [_degrees(item, where) for item in value]
    lon, lat = numbers[0], numbers[1]
    if abs(lon) > MAX_LONGITUDE or abs(lat) > MAX_LATITUDE:
        raise _out_of_range(lon, lat, where)
    cores.third = cores.third or any(numbers[2:])
    (lon_e7, lon_exact), (lat_e7, lat_exact) = degrees_to_e7(lon), degrees_to_e7(lat)
    cores.off_grid = cores.off_grid or not (lon_exact and lat_exact)
    return lon_e7, lat_e7


def _degrees(value: object, where: str) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str):
        raise Malformed(
            f"holds the text {shown(value)}", where=where, expected="numbers without quotation marks"
        )
    fault = shown(value) if isinstance(value, Unusable) else f"{shown(value)} for a number"
    raise Malformed(f"holds {fault}", where=where, expected=_POSITION)


def _out_of_range(lon: Decimal, lat: Decimal, where: str) -> Malformed:
    place = f"[{shown(lon)}, {shown(lat)}]"
    if abs(lon) <= MAX_LATITUDE and abs(lat) <= MAX_LONGITUDE:
        return Malformed(
            f"latitude out of range in {place}: looks like latitude, longitude swapped",
            where=where,
            expected="longitude first, then latitude",
        )
    if max(abs(lon), abs(lat)) > 2 * MAX_LONGITUDE:
        return Malformed(
            f"{place} is out of range: looks like metres of a projected system",
            where=where,
            expected=_POSITION,
        )
    return Malformed(
        f"{place} is out of range",
        where=where,
        expected="longitude from -180 to 180 (west of the antimeridian as -179, not 181), latitude from -90 to 90",
    )
