# SPDX-License-Identifier: Apache-2.0
"""Exact places and distances by the thousand: GeographicLib through pyproj, none of the engine's code.

Spots are whole numbers of 1e-7 degrees, as the engine sees them; every truth is computed from those. What
makes a search for the nearest point of an edge certain, with K the curvature of the ellipsoid and f(s) the
distance of a place from the point s metres along the edge (comparison theorem for the Hessian of a distance):

- geodesic edge: f'' >= sqrt(K) cot(sqrt(K) f) (1 - f'²) >= 0 while f < 9,900 km. Convex: a place on the edge
  where the way to the site leaves at a right angle, or an end that it leaves backward, is the nearest.
- edge straight in longitude and latitude: its geodesic curvature is at most `Curve.bend`, and f'' loses at
  most that. While f · bend <= 0.9 on the whole edge (f up to 2,000 km) every stationary point is a strict
  minimum, so there is one only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from pyproj import Geod

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

GEOD: Final = Geod(ellps="WGS84")
AXIS_M: Final = 6_378_137.0
E2: Final = 0.00669437999014132
"""First eccentricity squared of WGS84."""
R_MIN_M: Final = 6_335_439.0
"""Smallest radius of curvature, rounded down."""
DROP_M: Final = 1e-8
"""A foot is found when the distance there exceeds the least by less than this."""
TURN: Final = 3_600_000_000


class Spots(NamedTuple):
    """One place for each case, 1e-7 degrees."""

    lon: Ints
    lat: Ints

    def degrees(self) -> tuple[Floats, Floats]:
        """Return longitudes and latitudes in degrees."""
        return self.lon / 1e7, self.lat / 1e7

    def same(self, other: Spots) -> Bools:
        """Say which places are written alike."""
        out: Bools = (self.lon == other.lon) & (self.lat == other.lat)
        return out


def rounded(lon: Floats, lat: Floats) -> Spots:
    """Bring places in degrees to the grid, longitudes into range."""
    x = np.rint(lon * 1e7).astype(np.int64)
    x = np.where(np.abs(x) > TURN // 2, (x + TURN // 2) % TURN - TURN // 2, x)
    return Spots(x, np.clip(np.rint(lat * 1e7).astype(np.int64), -900_000_000, 900_000_000))


def direct(start: Spots, azimuth: Floats, distance: Floats) -> Spots:
    """Go from places in a direction and round where one arrives."""
    lon, lat = start.degrees()
    x, y, _ = GEOD.fwd(lon, lat, np.broadcast_to(azimuth, lon.shape), np.broadcast_to(distance, lon.shape))
    return rounded(x, y)


def inverse(a: Spots, b: Spots) -> tuple[Floats, Floats, Floats]:
    """Return the azimuth at a toward b, at b toward a, and metres."""
    found: tuple[Floats, Floats, Floats] = GEOD.inv(*a.degrees(), *b.degrees())
    return found


def between(one: Floats, other: Floats) -> Floats:
    """Return the angle between two azimuths, 0 to 180 degrees."""
    out: Floats = np.abs((one - other + 180) % 360 - 180)
    return out


def short_way(dlon: Ints) -> Ints:
    """Return a difference of longitude in 1e-7 degrees the short way round."""
    out: Ints = (dlon + TURN // 2) % TURN - TURN // 2
    return out


class Lane(NamedTuple):
    """A place on an edge: degrees, course, and metres per unit of the fraction."""

    lon: Floats
    lat: Floats
    course: Floats
    speed: Floats


@dataclass(frozen=True)
class Curve:
    """One edge for each case, under one reading."""

    here: Spots
    there: Spots
    lonlat: bool
    azimuth: Floats
    length_m: Floats
    """Of a lonlat edge an upper bound."""
    dlon: Floats
    dlat: Floats

    def take(self, which: Ints) -> Curve:
        """Return the chosen cases."""
        here = Spots(self.here.lon[which], self.here.lat[which])
        there = Spots(self.there.lon[which], self.there.lat[which])
        rest = (column[which] for column in (self.azimuth, self.length_m, self.dlon, self.dlat))
        return Curve(here, there, self.lonlat, *rest)

    def at(self, t: Floats) -> Lane:
        """Return where one is at fractions of the edges."""
        lon, lat = self.here.degrees()
        if not self.lonlat:
            x, y, back = GEOD.fwd(lon, lat, self.azimuth, t * self.length_m)
            return Lane(x, y, back + 180, self.length_m)
        lon, lat = lon + t * self.dlon, lat + t * self.dlat
        sine = np.sin(np.radians(lat))
        w2 = 1 - E2 * sine * sine
        north = AXIS_M * (1 - E2) / w2**1.5 * np.radians(self.dlat)
        east = AXIS_M / np.sqrt(w2) * np.cos(np.radians(lat)) * np.radians(self.dlon)
        return Lane(lon, lat, np.degrees(np.arctan2(east, north)), np.hypot(east, north))

    def bend(self) -> Floats:
        """Bound the geodesic curvature, per metre.

        With θ from east, it is cos θ (1 + sin² θ) sin φ / r (at most 1.0887 tan φ / N) plus sin² θ cos θ M'/M²
        (less than 7e-10).
        """
        if not self.lonlat:
            return np.zeros(len(self.dlon))
        lat = np.abs(self.here.lat / 1e7)
        high = np.radians(np.minimum(89.999_999_9, np.maximum(lat, np.abs(self.there.lat / 1e7))))
        straight = (self.dlon == 0) | ((self.here.lat == 0) & (self.there.lat == 0))
        out: Floats = np.where(straight, 0.0, 1.09 * np.tan(high) / AXIS_M + 1e-9)
        return out


def curve(here: Spots, there: Spots, *, lonlat: bool) -> Curve:
    """Return the edges between places."""
    dlon, dlat = short_way(there.lon - here.lon) / 1e7, (there.lat - here.lat) / 1e7
    azimuth, _, length = inverse(here, there)
    if lonlat:
        low = np.where(
            here.lat * 1.0 * there.lat <= 0, 0.0, np.minimum(np.abs(here.lat), np.abs(there.lat)) / 1e7
        )
        across = 6_400_000.0 * np.cos(np.radians(low)) * np.radians(np.abs(dlon))
        length = across + 6_400_000.0 * np.radians(np.abs(dlat))
    return Curve(here, there, lonlat, azimuth, length, dlon, dlat)


class Foot(NamedTuple):
    """The nearest point of each edge: its fraction, metres from the site, and whether that is certain."""

    t: Floats
    distance_m: Floats
    sure: Bools


def foot(edges: Curve, site: tuple[Floats, Floats], guess: Floats, rounds: int = 20) -> Foot:
    """Find the point of each edge nearest to places in degrees: where none of the way to them lies ahead.

    The distance is that of a true point of the edge, above the least by DROP_M at most where `sure`.
    """
    n = len(guess)
    t, distance, done = np.clip(guess, 0.0, 1.0), np.full(n, np.inf), np.zeros(n, dtype=np.bool_)
    last_t, last_ahead = np.full(n, np.nan), np.full(n, np.nan)
    open_ = np.arange(n)
    for _ in range(rounds):
        part, here = edges.take(open_), t[open_]
        lane = part.at(here)
        toward, _, f = GEOD.inv(lane.lon, lane.lat, site[0][open_], site[1][open_])
        cosine = np.cos(np.radians(toward - lane.course))
        ahead = f * cosine
        bent = np.maximum(0.05, 1 - f * part.bend())
        ended = ((here <= 0) & (ahead <= 0)) | ((here >= 1) & (ahead >= 0))
        done[open_] = ended | (cosine * cosine * f / bent < DROP_M)
        distance[open_] = np.minimum(distance[open_], f)
        then = _next(here, ahead, lane.speed, last_t[open_], last_ahead[open_])
        last_t[open_], last_ahead[open_] = here, ahead
        move = ~done[open_]
        t[open_] = np.where(move, then, here)
        open_ = open_[move]
        if not open_.size:
            break
    farthest = distance + edges.length_m
    return Foot(t, distance, done & (farthest < 9_000_000) & _one_foot(edges, farthest))


def _next(here: Floats, ahead: Floats, speed: Floats, last: Floats, last_ahead: Floats) -> Floats:
    """Return the fraction to look at next: by the secant, back half the way where things got worse."""
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (ahead - last_ahead) / (here - last)
        fair = slope < -0.03 * speed
        step = ahead / np.where(fair, -slope, np.maximum(speed, 1e-9))
        worse = (np.abs(ahead) > np.abs(last_ahead)) & (last != here)
    out: Floats = np.where(worse, (here + last) / 2, np.clip(here + step, 0.0, 1.0))
    return out


def _one_foot(edges: Curve, farthest: Floats) -> Bools:
    """Say where no second place of an edge can be as near; see the top."""
    bend = edges.bend()
    out: Bools = (bend == 0) | ((farthest * bend <= 0.9) & (farthest < 2_000_000))
    return out


def side(here: Spots, there: Spots, spot: Spots) -> Floats:
    """Return on which side of geodesics places lie: sines of the angle at `here`, positive to the right.

    Certain while all lie within a quarter of the earth and the sine is not as small as a rounding.
    """
    along, _, _ = inverse(here, there)
    toward, _, off = inverse(here, spot)
    sine = np.sin(np.radians(toward - along))
    out: Floats = np.where(np.abs(sine) * off < 0.001, 0.0, sine)
    return out
