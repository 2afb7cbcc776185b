# SPDX-License-Identifier: Apache-2.0
"""Kernels that lay edges into space: sub-edges so short that a parabola holds each to SLACK_M.

A strand is a line of stations in degrees, each pair of neighbours an edge: an open line, a ring with its
first station repeated at the end, or a point as two equal stations. A sub-edge is kept as its ends and the
bulge of the parabola through its true middle (`edges.py`); `slack` bounds how far the truth leaves it.

The middle of a geodesic sub-edge of length l is the foot of its chord's middle on the ellipsoid. For the
geodesic γ with its middle at γ(0): (γ(h) + γ(-h))/2 = γ(0) + h²/2 γ''(0) + r, |r| <= h⁴/24 max|γ''''|, and
γ''(0) lies along the normal there. So but for r the foot is the true middle; with |γ''''| <= 1.2/R³
(docs/bracket.md, lemma 5) it is off by less than l⁴/(250 R³): 10 nm at 5 km.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from standclear.geometry.compiled import compiled, compiled_long
from standclear.geometry.earth import (
    E2,
    R_MIN_M,
    ROUNDING_M,
    SEMI_MAJOR_M,
    SEMI_MINOR_M,
    Bools,
    Floats,
    Ints,
    Singles,
    longest_geodesic_m,
)
from standclear.geometry.edges import INTERPOLATION, M1_MAX_M, M_MAX_M, PHI3_MAX_M

SLACK_M: Final = 5e-5
"""Edges are cut until a parabola holds each part this closely, so that bounds close to half a millimetre."""
PART_M: Final = 5_000.0
"""A geodesic of this length leaves its parabola by 25 µm."""
NEAR_M: Final = 2_000.0
SHORT_DEG: Final = 0.025
"""Edges no longer than this in either direction need no cut: within 4 km, and within 38 µm of a parabola in
either reading (every term of `lonlat_slack_m` at its largest)."""
MAX_PARTS: Final = 65_536
"""Sub-edges of one strand's reading; beyond it parts are longer and brackets wider, never wrong."""
MOST_FOLD: Final = 1_000
"""How many parts at most become one where a strand would have more than MAX_PARTS: 6,600 km of a geodesic. Up to
8,500 km its middle is the foot of its chord's middle as nearly as slack says; beyond, it may be anywhere."""

_RAD: Final = math.pi / 180
_SINGLE: Final = 1.2e-7
"""Relative rounding to single precision, doubled."""
_E2B: Final = 1 / (SEMI_MINOR_M * SEMI_MINOR_M)
_E2A: Final = 1 / (SEMI_MAJOR_M * SEMI_MAJOR_M)


@compiled
def ecef(lon_deg: float, lat_deg: float) -> tuple[float, float, float]:
    """Return the earth-centred point in metres of a place on the ellipsoid."""
    lon, lat = lon_deg * _RAD, lat_deg * _RAD
    sine = math.sin(lat)
    normal = SEMI_MAJOR_M / math.sqrt(1 - E2 * sine * sine)
    across = normal * math.cos(lat)
    return across * math.cos(lon), across * math.sin(lon), normal * (1 - E2) * sine


@compiled
def short_way(dlon_deg: float) -> float:
    """Return a difference of longitude the short way round."""
    if dlon_deg > 180.0:
        return dlon_deg - 360.0
    if dlon_deg < -180.0:
        return dlon_deg + 360.0
    return dlon_deg


@compiled
def lonlat_slack_m(lat0_deg: float, lat1_deg: float, dlon_deg: float) -> float:
    """Return metres by which an edge straight in longitude and latitude may leave its parabola (`edges.py`)."""
    lat0, lat1 = lat0_deg * _RAD, lat1_deg * _RAD
    dphi, dlam = abs(lat1 - lat0), abs(dlon_deg) * _RAD
    high = max(abs(lat0), abs(lat1))
    low = 0.0 if lat0 * lat1 <= 0.0 else min(abs(lat0), abs(lat1))
    sine, sine_low = math.sin(high), math.sin(low)
    r = SEMI_MAJOR_M * math.cos(low) / math.sqrt(1 - E2 * sine_low * sine_low)
    third = (
        PHI3_MAX_M * dphi * dphi * dphi
        + 3 * dphi * dphi * dlam * (r + M1_MAX_M * sine)
        + 3 * dphi * dlam * dlam * M_MAX_M * sine
        + r * dlam * dlam * dlam
    )
    return INTERPOLATION * third * (1 + 1e-9)


@compiled
def geodesic_slack_m(length_m: float) -> float:
    """Return metres by which a geodesic may leave its parabola, its middle's own error included."""
    bend = 1.001 * INTERPOLATION / (R_MIN_M * R_MIN_M) * length_m * length_m * length_m
    return bend + length_m**4 / (250 * R_MIN_M**3)


@compiled_long
def count_parts(lon: Floats, lat: Floats, first: Ints, lonlat: Bools, parts: Ints) -> int:
    """Say into how many parts to cut the edge that leaves each station; return their sum.

    `parts` holds one number a station; a strand's last station leaves none.
    """
    total = 0
    for strand in range(len(lonlat)):
        begin, end = first[strand], first[strand + 1] - 1
        wanted = 0
        for n in range(begin, end):
            count = 1
            dlat, dlon = lat[n + 1] - lat[n], short_way(lon[n + 1] - lon[n])
            if abs(dlat) <= SHORT_DEG and abs(dlon) <= SHORT_DEG:
                pass
            elif lonlat[strand]:
                slack = lonlat_slack_m(lat[n], lat[n + 1], dlon)
                count = math.ceil((slack / SLACK_M) ** (1 / 3))
            else:
                apart = math.sqrt(_apart2(ecef(lon[n], lat[n]), ecef(lon[n + 1], lat[n + 1])))
                count = 1 if apart <= PART_M else math.ceil(1.2 * apart / PART_M)
            parts[n] = max(1, count)
            wanted += parts[n]
        parts[end] = 0
        if wanted > MAX_PARTS:
            for n in range(begin, end):
                parts[n] = max(-(-parts[n] // MOST_FOLD), int(parts[n] * (MAX_PARTS / wanted)))
        for n in range(begin, end):
            total += parts[n]
    return total


@compiled_long
def lay_strands(lon: Floats, lat: Floats, first: Ints, lonlat: Bools, ends: Floats, bends: Singles) -> None:
    """Fill one row for each pair of neighbouring stations: `ends` start and end, `bends` bulge, slack, radius."""
    row = 0
    for strand in range(len(lonlat)):
        begin, end = first[strand], first[strand + 1] - 1
        p = ecef(lon[begin], lat[begin])
        for n in range(begin, end):
            q = ecef(lon[n + 1], lat[n + 1])
            dlon = short_way(lon[n + 1] - lon[n])
            if lonlat[strand]:
                middle = ecef(lon[n] + dlon / 2, (lat[n] + lat[n + 1]) / 2)
                slack = lonlat_slack_m(lat[n], lat[n + 1], dlon)
            else:
                chord = math.sqrt(_apart2(p, q))
                near = chord < NEAR_M
                middle = _foot((p[0] + q[0]) / 2, (p[1] + q[1]) / 2, (p[2] + q[2]) / 2, near)
                # The arc is longer than its chord by less than a millionth up to 2 km.
                slack = geodesic_slack_m(chord * 1.000_001 if near else longest_geodesic_m(chord))
            _write(ends[row], bends[row], p, middle, q, slack)
            p = q
            row += 1


@compiled
def _write(
    ends: Floats,
    bends: Singles,
    p: tuple[float, float, float],
    middle: tuple[float, float, float],
    q: tuple[float, float, float],
    slack: float,
) -> None:
    """Write one sub-edge, its singles rounded outward."""
    bulge2, chord2 = 0.0, 0.0
    for axis in range(3):
        ends[axis], ends[axis + 3] = p[axis], q[axis]
        bulge = middle[axis] - (p[axis] + q[axis]) / 2
        bends[axis] = bulge
        bulge2 += bulge * bulge
        chord2 += (q[axis] - p[axis]) ** 2
    rounded = (slack + ROUNDING_M + _SINGLE * math.sqrt(bulge2)) * (1 + _SINGLE)
    bends[3] = rounded
    bends[4] = (math.sqrt(chord2) / 2 + math.sqrt(bulge2) + rounded) * (1 + 2 * _SINGLE)


@compiled
def _apart2(p: tuple[float, float, float], q: tuple[float, float, float]) -> float:
    return (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 + (p[2] - q[2]) ** 2


@compiled
def _foot(x: float, y: float, z: float, near: bool) -> tuple[float, float, float]:
    """Return the foot on the ellipsoid of a point below it: steps along the gradient until none is left."""
    fx, fy, fz = x, y, z
    nx, ny, nz = x * _E2A, y * _E2A, z * _E2B
    # Below 2 km the chord runs less than 8 cm deep: the first step is good to 0.5 nm, the second far beyond.
    for _ in range(1 if near else 2):
        # The normal is taken where we are; the point stays on the line through (x, y, z) along it.
        size = math.sqrt(nx * nx + ny * ny + nz * nz)
        ux, uy, uz = nx / size, ny / size, nz / size
        h = (fx - x) * ux + (fy - y) * uy + (fz - z) * uz
        fx, fy, fz = x + h * ux, y + h * uy, z + h * uz
        over = fx * fx * _E2A + fy * fy * _E2A + fz * fz * _E2B - 1
        slope = 2 * (fx * ux * _E2A + fy * uy * _E2A + fz * uz * _E2B)
        fx, fy, fz = fx - over / slope * ux, fy - over / slope * uy, fz - over / slope * uz
        nx, ny, nz = fx * _E2A, fy * _E2A, fz * _E2B
    return fx, fy, fz


@compiled
def bound_volume(
    ends: Floats, bends: Singles, first: int, last: int, balls: Floats, group0: int, group: int, out: Floats
) -> int:
    """Bound sub-edges first..last-1: a ball for each run of `group`; `out` gets their box, low then high.

    Returns how many balls were written.
    """
    for axis in range(3):
        out[axis], out[axis + 3] = math.inf, -math.inf
    count = 0
    low, high = np.empty(3), np.empty(3)
    for begin in range(first, last, group):
        stop = min(last, begin + group)
        low[:], high[:] = math.inf, -math.inf
        for n in range(begin, stop):
            for axis in range(3):
                # A parabola stays within its ends' box moved by its bulge.
                bulge, slack = bends[n, axis], bends[n, 3]
                near = min(ends[n, axis], ends[n, axis + 3]) + min(bulge, 0.0) - slack
                far = max(ends[n, axis], ends[n, axis + 3]) + max(bulge, 0.0) + slack
                low[axis], high[axis] = min(low[axis], near), max(high[axis], far)
        half2 = 0.0
        for axis in range(3):
            balls[group0 + count, axis] = (low[axis] + high[axis]) / 2
            half2 += ((high[axis] - low[axis]) / 2) ** 2
            out[axis], out[axis + 3] = min(out[axis], low[axis]), max(out[axis + 3], high[axis])
        balls[group0 + count, 3] = math.sqrt(half2) + ROUNDING_M
        count += 1
    return count
