# SPDX-License-Identifier: Apache-2.0
"""The same questions answered another way: dense geodesic subdivision, and shapely in a flat projection.

Nothing here uses the engine's edges, chords or bounds. Distances come from sampling both outlines, then
zooming in on the nearest samples with GeographicLib's inverse problem. Every distance returned is one of
true points, so it is never below the truth: an engine whose lower end exceeds it has cleared falsely.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Geod, Transformer

from standclear.geometry.earth import Floats
from standclear.geometry.volume import Edges, Footprint, Position, Shape

GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Edge:
    """One edge as written; degrees."""

    here: tuple[float, float]
    there: tuple[float, float]
    lonlat: bool

    def spots(self, t: Floats) -> tuple[Floats, Floats]:
        """Return longitudes and latitudes at fractions."""
        (lon, lat), (lon1, lat1) = self.here, self.there
        if self.lonlat:
            way = (lon1 - lon + 180) % 360 - 180
            return lon + t * way, lat + t * (lat1 - lat)
        azimuth, _, length = GEOD.inv(lon, lat, lon1, lat1)
        n = len(t)
        x, y, _ = GEOD.fwd(np.full(n, lon), np.full(n, lat), np.full(n, azimuth), t * length)
        return x, y


def edges_of(footprint: Footprint, lonlat: bool | None = None) -> list[Edge]:
    """Return the edges of a footprint under one reading, or as it says itself."""
    straight = footprint.edges is Edges.LONLAT if lonlat is None else lonlat
    found = []
    for ring in footprint.rings:
        spots = [(x / 1e7, y / 1e7) for x, y in ring]
        if footprint.shape is Shape.POLYGON:
            spots.append(spots[0])
        if len(spots) == 1:
            found.append(Edge(spots[0], spots[0], True))
        found += [Edge(a, b, straight) for a, b in itertools.pairwise(spots)]
    return found


def edge_distance_m(a: list[Edge], b: list[Edge]) -> float:
    """Return the smallest surface distance found between two lists of edges, in metres."""
    t = np.linspace(0, 1, 41)
    sampled_a, sampled_b = [e.spots(t) for e in a], [e.spots(t) for e in b]
    found = []
    for (n, (ax, ay)), (m, (bx, by)) in itertools.product(enumerate(sampled_a), enumerate(sampled_b)):
        apart = _rough(ax, ay, bx, by)
        i, j = divmod(int(apart.argmin()), len(t))
        # Between samples the curves may come nearer by half their spacings, doubled for good measure.
        spacing = _rough(ax[:2], ay[:2], ax[:2], ay[:2])[0, 1] + _rough(bx[:2], by[:2], bx[:2], by[:2])[0, 1]
        found.append((0.99 * float(apart.min()) - 2 * spacing, n, m, t[i], t[j]))
    best = np.inf
    for least, n, m, s, u in sorted(found):
        if least > best:
            break
        best = min(best, _zoomed(a[n], b[m], s, u))
    return best


def _rough(ax: Floats, ay: Floats, bx: Floats, by: Floats) -> Floats:
    """Return angles between all pairs on the sphere, scaled to metres; only to choose where to zoom."""

    def unit(lon: Floats, lat: Floats) -> Floats:
        lon, lat = np.radians(lon), np.radians(lat)
        return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], -1)

    apart: Floats = 6_371_000 * np.linalg.norm(unit(ax, ay)[:, None] - unit(bx, by)[None], axis=2)
    return apart


def _zoomed(a: Edge, b: Edge, s: float, t: float) -> float:
    """Narrow a window of fractions round the best pair until it is far below a micrometre."""
    best, half = np.inf, 1 / 40
    offsets = np.linspace(-1, 1, 9)
    for _ in range(34):
        ss = np.clip(s + half * offsets, 0, 1)
        tt = np.clip(t + half * offsets, 0, 1)
        (ax, ay), (bx, by) = a.spots(ss), b.spots(tt)
        n = len(offsets)
        _, _, apart = GEOD.inv(np.repeat(ax, n), np.repeat(ay, n), np.tile(bx, n), np.tile(by, n))
        k = int(apart.argmin())
        best = min(best, float(apart[k]))
        s, t, half = float(ss[k // n]), float(tt[k % n]), half * 0.6
    return best


def _flat(middle: Position) -> Transformer:
    """Return an azimuthal projection about a place."""
    return Transformer.from_crs(
        "EPSG:4326",
        f"+proj=aeqd +lon_0={middle[0] / 1e7} +lat_0={middle[1] / 1e7} +ellps=WGS84",
        always_xy=True,
    )


def region(footprint: Footprint, middle: Position) -> shapely.Polygon:
    """Draw a polygon finely in an azimuthal projection about a place."""
    project = _flat(middle)
    rings = []
    for ring in footprint.rings:
        spots: list[tuple[float, float]] = []
        for edge in edges_of(Footprint(Shape.POLYGON, (ring,), footprint.edges, 0, 0)):
            x, y = project.transform(*edge.spots(np.linspace(0, 1, 200)[:-1]))
            spots += list(zip(x, y, strict=True))
        rings.append(spots)
    return shapely.Polygon(rings[0], rings[1:])


def holds(polygon: Footprint, spot: Position) -> bool:
    """Say whether a place lies in a polygon, drawn flat about its first vertex."""
    middle = polygon.rings[0][0]
    x, y = _flat(middle).transform(spot[0] / 1e7, spot[1] / 1e7)
    return bool(region(polygon, middle).contains(shapely.Point(x, y)))


def outlines_cross(a: Footprint, b: Footprint) -> bool:
    """Say whether the outlines, finely drawn, cross; zooming in may stop beside such a place."""
    project = _flat(a.rings[0][0])
    drawn = [
        shapely.LineString(np.stack(project.transform(*edge.spots(np.linspace(0, 1, 200))), axis=1))
        for shape in (a, b)
        for edge in edges_of(shape)
    ]
    n = len(edges_of(a))
    return bool(shapely.union_all(drawn[:n]).intersects(shapely.union_all(drawn[n:])))


def distance_m(a: Footprint, b: Footprint) -> float:
    """Return the surface distance of two footprints in metres, radii and uncertainties taken off."""
    reach = (a.radius_mm + a.uncertainty_mm + b.radius_mm + b.uncertainty_mm) / 1000
    for one, two in ((a, b), (b, a)):
        if one.shape is Shape.POLYGON and holds(one, two.rings[0][0]):
            return 0.0
    return max(0.0, edge_distance_m(edges_of(a), edges_of(b)) - reach)
