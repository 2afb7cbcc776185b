# SPDX-License-Identifier: Apache-2.0
"""Many cases of one kind side by side: two footprints each, and the distance of their cores that is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from standclear.geometry.volume import Band, Edges, Footprint, Minima, Shape, Volume, Window
from tests.geometry.campaign.geodesy import Bools, Floats, Ints, Spots

EVERYWHERE = Band(lower=None, upper=None)
ALWAYS = Window(start_us=None, end_us=None)


@dataclass(frozen=True)
class Side:
    """One of the two footprints, for every case of a batch: rings of places, radii in mm."""

    shape: Shape
    edges: Edges
    rings: Sequence[Sequence[Spots]]
    radius_mm: Ints
    uncertainty_mm: Ints

    def reach_mm(self) -> Ints:
        """Return radius plus uncertainty."""
        out: Ints = self.radius_mm + self.uncertainty_mm
        return out

    def volumes(self, which: Ints) -> Iterator[Volume]:
        """Write out the chosen cases as volumes that are everywhere in height and time."""
        rings = [
            np.stack([np.stack([s.lon[which], s.lat[which]], axis=1) for s in ring], axis=1).tolist()
            for ring in self.rings
        ]
        radii = zip(self.radius_mm[which].tolist(), self.uncertainty_mm[which].tolist(), strict=True)
        for n, (radius, uncertainty) in enumerate(radii):
            spots = tuple(tuple((x, y) for x, y in ring[n]) for ring in rings)
            yield Volume(Footprint(self.shape, spots, self.edges, radius, uncertainty), EVERYWHERE, ALWAYS)


@dataclass(frozen=True)
class Batch:
    """Cases of one kind. `keep`: those whose truth is proven; the rest is left out and counted."""

    kind: str
    a: Side
    b: Side
    core_m: Floats
    keep: Bools

    def true_mm(self) -> Floats:
        """Return the true distance of the footprints in mm, zero where they overlap."""
        reach = self.a.reach_mm() + self.b.reach_mm()
        out: Floats = np.maximum(0.0, self.core_m * 1000 - reach)
        return out

    def swapped(self) -> Batch:
        """Return the same with the sides exchanged."""
        return Batch(self.kind, self.b, self.a, self.core_m, self.keep)


@dataclass(frozen=True)
class Case:
    """Two volumes, what is true of them, and the minimum they are held against."""

    kind: str
    a: Volume
    b: Volume
    true_mm: float
    core_m: float
    """The distance without radii: what decides how narrow a bracket can be."""
    minimum_mm: int
    chosen: bool
    """The minimum was put near the truth or made of its size, on purpose; otherwise it is random."""


def expression(case: Case) -> str:
    """Write a case as Python that can be pasted after `from standclear.geometry.volume import *`."""
    minima = Minima(case.minimum_mm, 0, 0)
    return (
        f"closeness({written(case.a.footprint)}, {written(case.b.footprint)}, "
        f"Minima({minima.horizontal_mm}, 0, 0), NO_THEATRE)  # {case.kind}: true {case.true_mm:.6f} mm"
    )


def written(footprint: Footprint) -> str:
    """Write a footprint as the Python of a volume that is everywhere in height and time."""
    return (
        f"Volume(Footprint(Shape.{footprint.shape.name}, {footprint.rings!r}, Edges.{footprint.edges.name}, "
        f"{footprint.radius_mm}, {footprint.uncertainty_mm}), Band(None, None), Window(None, None))"
    )
