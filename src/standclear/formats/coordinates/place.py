# SPDX-License-Identifier: Apache-2.0
"""What a text came to: a core point, and how far around it the place meant can lie.

Digits are an area. Some people round the last digit, some cut the rest off; the text does not tell which. So a number
reaches a whole unit of its last digit both ways, which covers rounding (half a unit) and cutting off (a unit).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from standclear.errors import Malformed
from standclear.geometry.earth import E2, SEMI_MAJOR_M
from standclear.geometry.volume import MAX_RADIUS_MM, Edges, Footprint, Shape
from standclear.units import E7, MM_PER_M

WHERE: Final = "coordinates"
"""What a refusal calls the whole text."""


class Order(StrEnum):
    """Which number stands first where the text does not say."""

    LAT_LON = "lat-lon"
    LON_LAT = "lon-lat"


class Notation(StrEnum):
    """How a place was written."""

    DEGREES = "decimal degrees"
    MINUTES = "degrees and minutes"
    SECONDS = "degrees, minutes and seconds"
    MGRS = "MGRS"
    UTM = "UTM"
    ISO_6709 = "ISO 6709"
    GEO_URI = "geo URI"
    GEOJSON = "GeoJSON"


@dataclass(frozen=True, slots=True)
class Degrees:
    """One number of a place in degrees, exactly as written: its sign and what one unit of its last digit is worth.

    `parts`: degrees, minutes and seconds as typed, for telling what else they may have been meant as.
    `settled`: a letter, a label or the notation itself says which of the two it is and on which side.
    """

    value: Fraction
    step: Fraction
    parts: tuple[str, ...]
    settled: bool

    @property
    def negative(self) -> bool:
        """Whether it lies south or west."""
        return self.value < 0


@dataclass(frozen=True, slots=True)
class Place:
    """A core point on WGS84 in 1e-7 degrees, and the radius in mm around it that holds whatever the text can mean.

    `lat_step`, `lon_step`: degrees that the last digit given is worth. `typed`: latitude and longitude as written,
    if in degrees; `square`: the MGRS square, if in metres. `warnings`: sentences to be read before it is used.
    """

    lon_e7: int
    lat_e7: int
    uncertainty_mm: int
    notation: Notation
    lat_step: Fraction
    lon_step: Fraction
    typed: tuple[Degrees, Degrees] | None = None
    square: str | None = None
    warnings: tuple[str, ...] = ()

    def footprint(self) -> Footprint:
        """The place as a footprint, to be measured with."""
        return Footprint(
            shape=Shape.POINT,
            rings=(((self.lon_e7, self.lat_e7),),),
            edges=Edges.GEODESIC,
            radius_mm=0,
            uncertainty_mm=self.uncertainty_mm,
        )


def placed(
    latitude: Degrees,
    longitude: Degrees,
    notation: Notation,
    *,
    more_mm: int = 0,
    warnings: tuple[str, ...] = (),
) -> Place:
    """Return the place of two numbers in range; `more_mm` is uncertainty that the text states besides its digits."""
    lat_e7, lon_e7 = round(latitude.value * E7), round(longitude.value * E7)
    reach = reach_mm(latitude.value, longitude.value, latitude.step, longitude.step, (lon_e7, lat_e7))
    return Place(
        lon_e7=lon_e7,
        lat_e7=lat_e7,
        uncertainty_mm=bounded(reach + more_mm),
        notation=notation,
        lat_step=latitude.step,
        lon_step=longitude.step,
        typed=(latitude, longitude),
        warnings=warnings,
    )


def bounded(uncertainty_mm: int) -> int:
    """Refuse an uncertainty that no footprint can have."""
    if uncertainty_mm > MAX_RADIUS_MM:
        raise Malformed(
            f"the place can lie anywhere within {uncertainty_mm // 1_000_000} km",
            where=WHERE,
            expected="a place known to 1,000 km at least",
        )
    return uncertainty_mm


def reach_mm(
    lat: Fraction, lon: Fraction, lat_reach: Fraction, lon_reach: Fraction, core_e7: tuple[int, int]
) -> int:
    """Return mm from the core to the farthest of all places within a reach in degrees of (lat, lon), or more.

    On the ellipsoid ds² = M² dφ² + r² dλ². The straight line in latitude and longitude from the core is no longer
    than with the largest M (at the highest latitude touched) and the largest r (at the lowest), and a geodesic is
    no longer than that line.
    """
    lat_span = math.radians(lat_reach + abs(lat - Fraction(core_e7[1], E7)))
    lon_span = math.radians(lon_reach + abs(lon - Fraction(core_e7[0], E7)))
    middle = abs(math.radians(lat))
    high, low = min(math.pi / 2, middle + lat_span), max(0.0, middle - lat_span)
    span_m = math.hypot(meridian_radius_m(high) * lat_span, parallel_radius_m(low) * lon_span)
    # The factor covers float64 rounding of the bound itself.
    return math.ceil(span_m * MM_PER_M * (1 + 1e-12))


def meridian_radius_m(phi: float) -> float:
    """Return M, the radius of curvature along the meridian, at a latitude in radians; it grows towards the poles."""
    return SEMI_MAJOR_M * (1 - E2) / math.sqrt(1 - E2 * math.sin(phi) ** 2) ** 3


def parallel_radius_m(phi: float) -> float:
    """Return r, the radius of the parallel, at a latitude in radians; it shrinks towards the poles."""
    return SEMI_MAJOR_M * math.cos(phi) / math.sqrt(1 - E2 * math.sin(phi) ** 2)
