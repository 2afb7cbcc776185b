# SPDX-License-Identifier: Apache-2.0
"""What cases are drawn from: places to both poles and the antimeridian, lengths, radii, minima."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from standclear.geometry.volume import Edges
from tests.geometry.campaign.geodesy import AXIS_M, Bools, Floats, Ints, Spots, rounded

MARGINS_MM = (0.0, 1.0, -1.0, 10.0, -10.0, 1_000.0, -1_000.0)
RANDOM_MM = 50_000_000
"""Minima of random cases are drawn evenly up to 50 km, whatever the truth is."""
MOST_MM = 1_000_000_000


@dataclass(frozen=True)
class Reach:
    """Radii and uncertainties of both sides in mm, and the distance that their cores shall have."""

    radius_a: Ints
    uncertainty_a: Ints
    radius_b: Ints
    uncertainty_b: Ints
    core_m: Floats


def places(rng: np.random.Generator, n: int) -> Spots:
    """Draw places: anywhere, by the poles, the equator and the antimeridian, and on round numbers."""
    sign = rng.choice([-1.0, 1.0], n)
    lat = np.choose(
        rng.choice(6, n, p=[0.5, 0.2, 0.1, 0.02, 0.03, 0.15]),
        [
            rng.uniform(-90, 90, n),
            sign * (90 - 10 ** rng.uniform(-7, 1.5, n)),
            sign * 10 ** rng.uniform(-7, 0, n),
            sign * 90,
            np.zeros(n),
            15.0 * rng.integers(-5, 6, n),
        ],
    )
    lon = np.choose(
        rng.choice(3, n, p=[0.6, 0.3, 0.1]),
        [
            rng.uniform(-180, 180, n),
            rng.choice([-1.0, 1.0], n) * (180 - 10 ** rng.uniform(-7, 0, n)),
            90.0 * rng.integers(-2, 3, n),
        ],
    )
    return rounded(lon, lat)


def spread(rng: np.random.Generator, n: int, least: float, most: float) -> Floats:
    """Draw evenly over orders of magnitude."""
    out: Floats = np.exp(rng.uniform(np.log(least), np.log(most), n))
    return out


def azimuths(rng: np.random.Generator, n: int) -> Floats:
    """Draw directions, one in ten straight along a meridian or a parallel."""
    out: Floats = np.where(rng.random(n) < 0.1, 90.0 * rng.integers(-2, 3, n), rng.uniform(-180, 180, n))
    return out


def radii_mm(rng: np.random.Generator, n: int, most_m: float = 100_000) -> Ints:
    """Draw radii: none half the time, otherwise 1 mm to 100 km."""
    out: Ints = np.where(rng.random(n) < 0.5, 0, spread(rng, n, 1, most_m * 1000)).astype(np.int64)
    return out


def reaches(rng: np.random.Generator, n: int, most_m: float = 200_000, *, radii: bool = True) -> Reach:
    """Draw radii of both sides and a distance of 0 to 200 km beyond them; the cores' own where none."""
    zero = np.zeros(n, dtype=np.int64)
    four = [radii_mm(rng, n) if radii else zero for _ in range(4)]
    # Half of all cases have no radius at all, so that small distances of cores are common.
    bare = rng.random(n) < 0.5
    four = [np.where(bare, 0, one) for one in four]
    apart = np.where(rng.random(n) < 0.03, 0.0, spread(rng, n, 0.001, most_m))
    return Reach(four[0], four[1], four[2], four[3], apart + sum(four) / 1000)


def edges_m(rng: np.random.Generator, middle: Spots, edges: Edges, most_m: float = 1_000_000) -> Floats:
    """Draw lengths of edges; short enough by the poles that the foot on a lonlat edge is certain."""
    length = spread(rng, len(middle.lon), 1, most_m)
    if edges is Edges.GEODESIC:
        return length
    high = np.radians(np.minimum(89.999, np.abs(middle.lat / 1e7)))
    out: Floats = np.minimum(length, 0.25 * AXIS_M / np.maximum(np.tan(high), 1e-9))
    return out


def minima_mm(rng: np.random.Generator, true_mm: Floats) -> tuple[Ints, Bools]:
    """Choose minima: true distance less 0, ±1 mm, ±1 cm, ±1 m, of the truth's size, or random; say which are
    chosen, that is: not random.

    "Less 0" is rounded up, so that the truth does not exceed the minimum.
    """
    n = len(true_mm)
    choice = rng.integers(0, len(MARGINS_MM) + 5, n)
    margin = np.array([*MARGINS_MM, 0.0, 0.0, 0.0, 0.0, 0.0])[choice]
    exact = np.where(choice == 0, np.ceil(true_mm), np.rint(true_mm - margin))
    sized = np.where(rng.random(n) < 0.5, true_mm * rng.uniform(0, 2, n), spread(rng, n, 1, 2e8))
    least = np.where(choice < len(MARGINS_MM), exact, np.rint(sized))
    chosen = choice < len(MARGINS_MM) + 2
    least = np.where(chosen, least, rng.integers(0, RANDOM_MM, n))
    return np.clip(least, 0, MOST_MM).astype(np.int64), chosen
