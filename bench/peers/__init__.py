# SPDX-License-Identifier: Apache-2.0
"""What others would use. Each peer sets itself up, answers plans, and says what its model cannot know.

A question is made ready outside the measured time, so that a peer is charged for searching only. A peer's
packages are imported when it is set up; what is not to be had raises `Missing`.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

import numpy as np

from bench import workload
from bench.workload import Floats, Volumes

FIXES: Final = {
    "dwithin": "planar distance of single fixes, nothing between them",
    "intersects": "planar contact of single fixes, no minimum, nothing between them",
}
"""What a spatial join knows, by its predicate."""


class Missing(Exception):
    """A peer cannot be had on this machine; the message is a sentence for the table."""


class Peer(Protocol):
    """One peer that holds the volumes and answers one plan after the other."""

    name: str
    knows: str
    """What its answers rest on, for the table."""
    notes: list[str]
    """What is worth telling beside the figures; filled by set_up."""

    def set_up(self, of: Volumes) -> None:
        """Take the volumes in."""

    def ready(self, of: Volumes) -> list[Any]:
        """Return plans as questions in the form that costs this peer least."""

    def ask(self, question: Any) -> Any:
        """Answer one question; this is what is measured."""

    def numbers(self, answer: Any) -> list[int]:
        """Return which volumes an answer names."""

    def stop(self) -> None:
        """Give everything back; called once, even after a failure."""


class Bulk(Protocol):
    """One peer that joins many fixes with the zones it holds."""

    name: str
    knows: str

    def set_up(self, of: Volumes, flat: Any) -> None:
        """Take the zones in; `flat` are their polygons in the plane."""

    def ready(self, fixes: Any) -> Any:
        """Return the fixes in the form that costs this peer least."""

    def join(self, fixes: Any) -> set[tuple[int, int]]:
        """Return pairs of a track and a zone that are too close; this is what is measured."""

    def stop(self) -> None:
        """Give everything back; called once, even after a failure."""


class Boxes(NamedTuple):
    """Longitude, latitude in degrees, height in m, time in s of the day: least and greatest of each."""

    west: Floats
    south: Floats
    east: Floats
    north: Floats
    lower_m: Floats
    upper_m: Floats
    start_s: Floats
    end_s: Floats


@dataclass(frozen=True, slots=True)
class Scale:
    """Brings degrees, metres and seconds to comparable ranges, about 0 to 1,000.

    Trees of boxes choose by volume; with raw units they were 2-25 times slower. Open ends lie just outside
    the day, where no plan can tell them from infinity.
    """

    lon: float = 1_000 / (workload.EAST - workload.WEST)
    lat: float = 1_000 / (workload.NORTH - workload.SOUTH)
    height: float = 1_000 / 4_000
    time: float = 1_000 / 86_400


SCALE = Scale()


def package(name: str) -> Any:
    """Return a peer's Python package.

    Raises:
        Missing: it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Missing(f"the Python package {name} is not installed (make bench installs it)") from None


def boxes(of: Volumes) -> Boxes:
    """Return the boxes of volumes."""
    start = of.ring_start[:-1]
    lon, lat = of.lon_e7 / 1e7, of.lat_e7 / 1e7
    return Boxes(
        np.minimum.reduceat(lon, start),
        np.minimum.reduceat(lat, start),
        np.maximum.reduceat(lon, start),
        np.maximum.reduceat(lat, start),
        of.lower_mm / 1e3,
        of.upper_mm / 1e3,
        _second(of.start_us),
        _second(of.end_us),
    )


def grown(of: Boxes) -> Boxes:
    """Return boxes grown by the minima, by a little more than 100 m of degrees on every side."""
    north = workload.HORIZONTAL_M / 110_500
    reach = np.cos(np.radians(np.maximum(abs(of.south), abs(of.north)) + north))
    east = workload.HORIZONTAL_M / 111_200 / reach
    return Boxes(
        of.west - east,
        of.south - north,
        of.east + east,
        of.north + north,
        of.lower_m - workload.VERTICAL_M,
        of.upper_m + workload.VERTICAL_M,
        of.start_s - workload.TIME_S,
        of.end_s + workload.TIME_S,
    )


def scaled(of: Boxes) -> Boxes:
    """Return boxes in comparable units."""
    return Boxes(
        (of.west - workload.WEST) * SCALE.lon,
        (of.south - workload.SOUTH) * SCALE.lat,
        (of.east - workload.WEST) * SCALE.lon,
        (of.north - workload.SOUTH) * SCALE.lat,
        of.lower_m * SCALE.height,
        of.upper_m * SCALE.height,
        of.start_s * SCALE.time,
        of.end_s * SCALE.time,
    )


def polygons(of: Volumes, places: Floats | None = None) -> Any:
    """Return shapely polygons, in degrees or of other places given for the same vertices."""
    shapely = package("shapely")
    if places is None:
        places = np.stack([of.lon_e7, of.lat_e7], axis=1) / 1e7
    size = np.diff(of.ring_start)
    closed = np.arange(len(places) + of.rows) - np.repeat(np.arange(of.rows), size + 1)
    closed[of.ring_start[1:] + np.arange(of.rows)] = of.ring_start[:-1]
    rings = shapely.linearrings(places[closed], indices=np.repeat(np.arange(of.rows), size + 1))
    return shapely.polygons(rings)


def flat(lon_e7: Any, lat_e7: Any) -> Floats:
    """Return places in metres of an equal-area projection made for Europe, as planar tools want them."""
    from pyproj import Transformer

    x, y = Transformer.from_crs(4326, 3035, always_xy=True).transform(lon_e7 / 1e7, lat_e7 / 1e7)
    return np.stack([x, y], axis=1)


def _second(us: Any) -> Floats:
    second: Floats = (us - workload.DAY_US) / 1e6
    return np.clip(second, -3_600.0, 90_000.0)
