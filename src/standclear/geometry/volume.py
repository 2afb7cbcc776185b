# SPDX-License-Identifier: Apache-2.0
"""A volume: footprint x altitude band x time window, in whole numbers (the 4D volume of ASTM F3548).

A footprint is a core (point, line, polygon with holes) plus a radius, so that circles, corridors and
uncertainty add up and nothing is polygonised (design §6). Values here are frozen and carry no geometry
of their own; `check_volume` says whether one can be measured at all.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec

LonE7 = Annotated[int, msgspec.Meta(ge=-1_800_000_000, le=1_800_000_000)]
LatE7 = Annotated[int, msgspec.Meta(ge=-900_000_000, le=900_000_000)]
Position = tuple[LonE7, LatE7]
"""Longitude, latitude on WGS84 in 1e-7 degrees; the one axis order of the project."""

MAX_RADIUS_MM = 1_000_000_000
"""1,000 km: more than any activity needs, less than what the bracket's proof covers."""
RadiusMm = Annotated[int, msgspec.Meta(ge=0, le=MAX_RADIUS_MM)]
LOWEST_MM, HIGHEST_MM = -12_000_000, 1_000_000_000
HeightMm = Annotated[int, msgspec.Meta(ge=LOWEST_MM, le=HIGHEST_MM)]
EARLIEST_US, LATEST_US = -62_135_596_800_000_000, 253_402_300_799_999_999
TimeUs = Annotated[int, msgspec.Meta(ge=EARLIEST_US, le=LATEST_US)]
"""µs since 1970 UTC, years 1 to 9999."""


class Shape(StrEnum):
    """What the core of a footprint is."""

    POINT = "point"
    LINE = "line"
    POLYGON = "polygon"


class Edges(StrEnum):
    """What runs between two vertices; `unknown` covers both readings."""

    GEODESIC = "geodesic"
    LONLAT = "lonlat"
    UNKNOWN = "unknown"


class Datum(StrEnum):
    """What a height is counted from: WGS84 ellipsoid, EGM96 sea level, ground, pressure (design §6)."""

    W84 = "W84"
    AMSL = "AMSL"
    AGL = "AGL"
    FL = "FL"


class Footprint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Core plus radius plus uncertainty, on the WGS84 ellipsoid.

    `rings`: point ((p,),); line ((p0, ..., pn),); polygon (outer, hole, ...), each ring of three or more
    different vertices without repeating the first. Either orientation.
    """

    shape: Shape
    rings: Annotated[tuple[tuple[Position, ...], ...], msgspec.Meta(min_length=1, max_length=1_000)]
    edges: Edges
    radius_mm: RadiusMm
    uncertainty_mm: RadiusMm


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A height in mm over its datum; for FL the pressure altitude (FL 100 is 3,048,000 mm)."""

    value_mm: HeightMm
    datum: Datum


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Altitude band; no lower level means the ground, no upper level means unlimited."""

    lower: Level | None
    upper: Level | None


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Closed time window in µs UTC; a missing end is open."""

    start_us: TimeUs | None
    end_us: TimeUs | None


class Volume(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Footprint x altitude band x time window."""

    footprint: Footprint
    band: Band
    window: Window


class Terrain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ellipsoidal heights in mm between which all ground of the theatre lies."""

    lower_mm: HeightMm
    upper_mm: HeightMm


class Air(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Between what the theatre's air stays: sea-level pressure (QNH) in Pa, and how far the temperature, at any
    level, departs from the standard atmosphere, in mK, as a thermometer shows it."""

    qnh_lower_pa: Annotated[int, msgspec.Meta(ge=85_000, le=110_000)]
    qnh_upper_pa: Annotated[int, msgspec.Meta(ge=85_000, le=110_000)]
    isa_lower_mk: Annotated[int, msgspec.Meta(ge=-100_000, le=100_000)]
    isa_upper_mk: Annotated[int, msgspec.Meta(ge=-100_000, le=100_000)]


class Theatre(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the terms take for granted about a place: its ground and its air; unknown where missing."""

    ground: Terrain | None
    air: Air | None


NO_THEATRE = Theatre(ground=None, air=None)
"""Nothing is known: heights over ground stay unresolved, flight levels as wide as weather ever was."""


class Minima(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Separation minima: two volumes are too close when all three are not exceeded (closed)."""

    horizontal_mm: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
    vertical_mm: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
    time_us: Annotated[int, msgspec.Meta(ge=0, le=366 * 86_400_000_000)]
