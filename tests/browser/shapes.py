# SPDX-License-Identifier: Apache-2.0
"""Notices for the browser tests, small and round."""

from standclear.core.model import Activity, GroundHazard, Site
from standclear.geometry.volume import Band, Datum, Edges, Footprint, Level, Shape, Volume, Window

E7 = 10_000_000
HOUR_US = 3_600_000_000


def circle(lon: float, lat: float, radius_m: int) -> Footprint:
    """A circle around a place in degrees."""
    rings = (((round(lon * E7), round(lat * E7)),),)
    return Footprint(
        shape=Shape.POINT, rings=rings, edges=Edges.GEODESIC, radius_mm=radius_m * 1000, uncertainty_mm=0
    )


def hospital(name: str, lon: float, lat: float) -> Site:
    """A hospital of 100 m, for as long as it is maintained."""
    where = Volume(
        footprint=circle(lon, lat, 100),
        band=Band(lower=None, upper=Level(value_mm=50_000, datum=Datum.AGL)),
        window=Window(start_us=None, end_us=None),
    )
    return Site(kind="hospital", name=name, volumes=(where,), placed=True, valid_until_us=None)


def flight(name: str, lon: float, lat: float, start_us: int, height_m: int, datum: Datum) -> Activity:
    """An hour's survey within a kilometre and 100 m of height, from which nothing falls."""
    where = Volume(
        footprint=circle(lon, lat, 1_000),
        band=Band(
            lower=Level(value_mm=height_m * 1000, datum=datum),
            upper=Level(value_mm=(height_m + 100) * 1000, datum=datum),
        ),
        window=Window(start_us=start_us, end_us=start_us + HOUR_US),
    )
    return Activity(
        kind="survey-flight", name=name, volumes=(where,), ground_hazard=GroundHazard.NONE, hazard=()
    )
