# SPDX-License-Identifier: Apache-2.0
"""Edges as curves in space, each between two bounds that hold: a parabola and how far the truth may leave it.

An edge p(t), 0 <= t <= 1, runs on the ellipsoid in earth-centred metres, either a geodesic or straight in
longitude and latitude. A (sub-)edge is kept as its two ends, its true middle, and therefore the parabola
q(t) = start + t (end - start) + 4 t (1 - t) bulge through the three. For every unit vector g the number
g·(p - q) is the error of quadratic interpolation, so |p(t) - q(t)| <= max|p'''| · (√3/36)/6 = `slack`:

- geodesic of length l: γ'' = κ N with κ <= 1/R, |N'| <= 1/R, |κ'| <= 2.5 e²/(R² (1-e²)), so
  |p'''| <= 1.001 l³/R²: 0.2 µm at 1 km, 0.2 mm at 10 km, 0.2 m at 100 km.
- straight in longitude λ and latitude φ (both linear in t), with M, N the radii of curvature,
  r = N cos φ and unit vectors north n, east e, up u, ρ = cos φ u - sin φ n:
  p_φφφ = (M'' - M) n - 2M' u, p_φφλ = -(M' sin φ + M cos φ) e, p_φλλ = M sin φ ρ, p_λλλ = -r e.
  No case for poles or equal latitudes: nothing here divides by cos φ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from pyproj import Geod

from standclear.geometry.earth import (
    E2,
    R_MIN_M,
    ROUNDING_M,
    SEMI_MAJOR_M,
    Bools,
    Floats,
    Ints,
    to_ecef,
)

WGS84: Final = Geod(ellps="WGS84")
"""GeographicLib's algorithms (Karney 2013), exact to 15 nm."""

INTERPOLATION: Final = 0.00802
"""max |t (t - 1/2) (t - 1)| / 6 on [0, 1] = 0.0080188, rounded up."""
M_MAX_M: Final = 6_399_594.0
"""a²/b: the largest meridional radius of curvature, at the poles."""
M1_MAX_M: Final = 66_000.0
"""|dM/dφ| = 3a(1-e²)e² sin φ cos φ / W⁵ <= 64,900 m, rounded up."""
PHI3_MAX_M: Final = 6_545_000.0
"""sqrt((M + |M''|)² + 4 M'²) with |M''| <= 133,000 m, rounded up."""


@dataclass(frozen=True, slots=True)
class Course:
    """The whole edges that sub-edges are cut from. Degrees; metres; a lonlat edge has no azimuth or length."""

    lonlat: Bools
    lon: Floats
    lat: Floats
    dlon: Floats
    dlat: Floats
    azimuth: Floats
    length: Floats

    def positions(self, edge: Ints, t: Floats) -> Floats:
        """Return the true earth-centred points (n, 3) at fractions `t` of the given edges."""
        straight = self.lonlat[edge]
        lon = self.lon[edge] + t * self.dlon[edge]
        lat = self.lat[edge] + t * self.dlat[edge]
        if not straight.all():
            bent = np.flatnonzero(~straight)
            which = edge[bent]
            lon[bent], lat[bent], _ = WGS84.fwd(
                self.lon[which],
                self.lat[which],
                self.azimuth[which],
                t[bent] * self.length[which],
            )
        return to_ecef(lon, lat)

    def slack(self, edge: Ints, t0: Floats, t1: Floats) -> Floats:
        """Return metres by which the true sub-edge may leave its parabola; proof above."""
        share = t1 - t0
        geodesic = (1.001 * INTERPOLATION / R_MIN_M**2) * (share * self.length[edge]) ** 3
        lat0 = np.radians(self.lat[edge] + t0 * self.dlat[edge])
        lat1 = np.radians(self.lat[edge] + t1 * self.dlat[edge])
        dphi = np.abs(lat1 - lat0)
        dlam = np.abs(np.radians(share * self.dlon[edge]))
        high = np.maximum(np.abs(lat0), np.abs(lat1))
        low = np.where(lat0 * lat1 <= 0, 0.0, np.minimum(np.abs(lat0), np.abs(lat1)))
        sine = np.sin(high)
        r = SEMI_MAJOR_M * np.cos(low) / np.sqrt(1 - E2 * np.sin(low) ** 2)
        third = (
            PHI3_MAX_M * dphi**3
            + 3 * dphi**2 * dlam * (r + M1_MAX_M * sine)
            + 3 * dphi * dlam**2 * M_MAX_M * sine
            + r * dlam**3
        )
        # The factor covers float64 rounding of the bound itself.
        bound: Floats = np.where(self.lonlat[edge], INTERPOLATION * third, geodesic) * (1 + 1e-9)
        return bound + ROUNDING_M


@dataclass(frozen=True, slots=True)
class Arcs:
    """Sub-edges as arrays: fractions of their edge, ends and bulge (n, 3) in metres, slack in metres."""

    course: Course
    edge: Ints
    t0: Floats
    t1: Floats
    start: Floats
    end: Floats
    bulge: Floats
    slack: Floats

    def __len__(self) -> int:
        """How many sub-edges."""
        return len(self.edge)

    def sagitta(self) -> Floats:
        """Return how far, in metres, the true curve can be from the chord at the same fraction."""
        out: Floats = np.sqrt(np.einsum("ij,ij->i", self.bulge, self.bulge)) + self.slack
        return out

    def take(self, which: Ints) -> Arcs:
        """Return the chosen sub-edges, in that order."""
        return Arcs(
            self.course,
            self.edge[which],
            self.t0[which],
            self.t1[which],
            self.start[which],
            self.end[which],
            self.bulge[which],
            self.slack[which],
        )

    def split(self, parts: int) -> Arcs:
        """Cut every sub-edge into `parts` equal ones, in order; outer ends stay the very same numbers."""
        n = len(self)
        steps = np.linspace(0.0, 1.0, 2 * parts + 1)
        t = self.t0[:, None] + (self.t1 - self.t0)[:, None] * steps
        t[:, -1] = self.t1
        inner = self.course.positions(np.repeat(self.edge, 2 * parts - 1), t[:, 1:-1].ravel())
        knots = np.empty((n, 2 * parts + 1, 3))
        knots[:, 0], knots[:, -1] = self.start, self.end
        knots[:, 1:-1] = inner.reshape(n, 2 * parts - 1, 3)
        return _through(self.course, np.repeat(self.edge, parts), t, knots)


def _through(course: Course, edge: Ints, t: Floats, knots: Floats) -> Arcs:
    """Lay parabolas through every second knot and the true middle between."""
    start = knots[:, 0:-1:2].reshape(-1, 3)
    middle = knots[:, 1::2].reshape(-1, 3)
    end = knots[:, 2::2].reshape(-1, 3)
    t0, t1 = t[:, 0:-1:2].ravel(), t[:, 2::2].ravel()
    return Arcs(
        course,
        edge,
        t0,
        t1,
        start,
        end,
        middle - (start + end) / 2,
        course.slack(edge, t0, t1),
    )


def lay(lon0: Floats, lat0: Floats, lon1: Floats, lat1: Floats, lonlat: Bools) -> Arcs:
    """Return one sub-edge for each edge between two positions in degrees, the short way in longitude."""
    n = len(lon0)
    dlon = lon1 - lon0
    dlon = np.where(dlon > 180, dlon - 360, np.where(dlon < -180, dlon + 360, dlon))
    dlat = lat1 - lat0
    azimuth, length = np.zeros(n), np.zeros(n)
    bent = np.flatnonzero(~lonlat)
    if bent.size:
        azimuth[bent], _, length[bent] = WGS84.inv(lon0[bent], lat0[bent], lon1[bent], lat1[bent])
    course = Course(lonlat, lon0, lat0, dlon, dlat, azimuth, length)
    edge = np.arange(n)
    t = np.tile(np.array([0.0, 0.5, 1.0]), (n, 1))
    knots = np.empty((n, 3, 3))
    # Ends come from the given vertices, not from the edge, so that neighbours share the very same numbers.
    knots[:, 0], knots[:, 2] = to_ecef(lon0, lat0), to_ecef(lon1, lat1)
    knots[:, 1] = course.positions(edge, t[:, 1])
    return _through(course, edge, t, knots)
