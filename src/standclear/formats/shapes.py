# SPDX-License-Identifier: Apache-2.0
"""The volumes of one feature: its geometry, widths, altitude band and time window, always rounded outward."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Final

from standclear.errors import Malformed
from standclear.formats.fields import Fields
from standclear.formats.geometries import Cores, read_geometry
from standclear.formats.jsontext import Members, shown
from standclear.geometry.validity import check_volume
from standclear.geometry.volume import (
    MAX_RADIUS_MM,
    Band,
    Datum,
    Edges,
    Footprint,
    Level,
    Volume,
    Window,
)
from standclear.units import (
    MM_PER_FLIGHT_LEVEL,
    MM_PER_FOOT,
    MM_PER_M,
    OFF_GRID_UNCERTAINTY_MM,
    mm_down,
    mm_up,
)

MIN_HEIGHT_MM: Final = -12_000_000
MAX_HEIGHT_MM: Final = 1_000_000_000


class Unit(StrEnum):
    """What `lower` and `upper` count."""

    METRES = "m"
    FEET = "ft"
    FLIGHT_LEVELS = "FL"


_METRES: Final = {
    Unit.METRES: Decimal(1),
    Unit.FEET: MM_PER_FOOT / MM_PER_M,
    Unit.FLIGHT_LEVELS: Decimal(MM_PER_FLIGHT_LEVEL) / MM_PER_M,
}


def volumes_of(geometry: object, fields: Fields, odd: list[str]) -> tuple[Volume, ...]:
    """Return one volume for each part of the geometry; `odd` gains a sentence for what was kept but is odd."""
    cores = read_geometry(geometry)
    band, window = band_of(fields), window_of(fields)
    if cores.third:
        reach = (
            "its lower and upper"
            if band.lower or band.upper
            else "from the ground to unlimited, as it states neither"
        )
        odd.append(f"a third coordinate is not read as its altitude, which is {reach}")
    footprints = _footprints(cores, fields)
    volumes = tuple(Volume(footprint=footprint, band=band, window=window) for footprint in footprints)
    for number, volume in enumerate(volumes, start=1):
        check_volume(volume, "geometry" if len(volumes) == 1 else f"part {number} of geometry")
    return volumes


def hazard_of(value: object, volumes: tuple[Volume, ...]) -> tuple[Footprint, ...]:
    """Return the footprint of a feature's hazard to the ground, where it declares one."""
    if value is None:
        return ()
    if not isinstance(value, Members) or len(volumes) != 1:
        raise Malformed(
            f"is {shown(value)}" if len(volumes) == 1 else "stands with a geometry of several parts",
            where="hazard",
            expected="an object with a geometry of one part, beside a geometry of one part",
        )
    fields = Fields(value)
    fields.check_names()
    footprints = _footprints(read_geometry(value.get("geometry")), fields)
    if len(footprints) != 1:
        raise Malformed("has a geometry of several parts", where="hazard", expected="a geometry of one part")
    check_volume(Volume(footprint=footprints[0], band=volumes[0].band, window=volumes[0].window), "hazard")
    return footprints


def _footprints(cores: Cores, fields: Fields) -> tuple[Footprint, ...]:
    """Cores with their radius; a line's is `half_width_m` (or `radius_m`), any other's `radius_m`."""
    radius, half_width = fields.length("radius_m"), fields.length("half_width_m")
    lines = cores.geometry.endswith("LineString")
    if half_width is not None and not lines:
        raise Malformed(f"stands with a {cores.geometry}", where="half_width_m", expected="radius_m")
    if half_width is not None and radius is not None:
        raise Malformed("stands beside radius_m", where="half_width_m", expected="one of the two")
    width = half_width if half_width is not None else radius
    radius_mm = _bounded(mm_up(width or Decimal(0)), "half_width_m" if half_width is not None else "radius_m")
    uncertainty_mm = mm_up(fields.length("uncertainty_m") or Decimal(0))
    uncertainty_mm = _bounded(
        uncertainty_mm + (OFF_GRID_UNCERTAINTY_MM if cores.off_grid else 0), "uncertainty_m"
    )
    edges = fields.choice("edges", Edges) or Edges.LONLAT
    return tuple(
        Footprint(shape=shape, rings=rings, edges=edges, radius_mm=radius_mm, uncertainty_mm=uncertainty_mm)
        for shape, rings in cores.found
    )


def _bounded(length_mm: int, where: str) -> int:
    if length_mm > MAX_RADIUS_MM:
        raise Malformed(f"is {length_mm / MM_PER_M:g}", where=where, expected="at most 1,000 km (1000000)")
    return length_mm


def band_of(fields: Fields) -> Band:
    """Return the altitude band: lower goes down to a whole millimetre, upper up; absent is unbounded."""
    unit, common = fields.choice("unit", Unit), fields.choice("datum", Datum)
    return Band(
        lower=_level(fields, "lower", unit, common, mm_down),
        upper=_level(fields, "upper", unit, common, mm_up),
    )


def _level(
    fields: Fields, name: str, unit: Unit | None, common: Datum | None, round_mm: Callable[[Decimal], int]
) -> Level | None:
    own = fields.choice(f"{name}_datum", Datum)
    datum = own or common or (Datum.FL if unit is Unit.FLIGHT_LEVELS else Datum.W84)
    value = fields.number(name)
    if value is None:
        return None
    if unit is Unit.FLIGHT_LEVELS and datum is not Datum.FL:
        raise Malformed(f"is in flight levels over {datum}", where=name, expected="unit m or ft, or datum FL")
    if datum is Datum.FL and unit is None:
        raise Malformed(
            f"is {shown(value)} over FL without a unit: flight levels or metres?",
            where=name,
            expected="unit FL for flight levels, or m or ft of pressure altitude",
        )
    value_mm = round_mm(value * _METRES[unit or Unit.METRES])
    if not MIN_HEIGHT_MM <= value_mm <= MAX_HEIGHT_MM:
        raise Malformed(f"is {shown(value)}", where=name, expected="a height from -12,000 m to 1,000,000 m")
    return Level(value_mm=value_mm, datum=datum)


def window_of(fields: Fields) -> Window:
    """Return the time window: start goes down to a whole microsecond, end up; absent is always."""
    start, end = fields.moment("start", up=False), fields.moment("end", up=True)
    if start is not None and end is not None and end <= start:
        fault = "is the same time as start" if end == start else "is before start"
        raise Malformed(fault, where="end", expected="a time after start; leave both out for always")
    return Window(start_us=start, end_us=end)
