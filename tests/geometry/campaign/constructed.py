# SPDX-License-Identifier: Apache-2.0
"""All kinds of constructed cases, and how often each is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from standclear.geometry.volume import Edges
from tests.geometry.campaign import kinds_areas, kinds_lines, kinds_tips
from tests.geometry.campaign.batch import Batch, Case
from tests.geometry.campaign.draws import minima_mm
from tests.geometry.campaign.geodesy import Ints

Kind = Callable[[np.random.Generator, int, Edges], Batch]

KINDS: Final[list[tuple[int, Kind]]] = [
    (3, kinds_lines.points),
    (6, kinds_lines.lines),
    (2, kinds_lines.parallels),
    (1, kinds_lines.crossings),
    (4, kinds_tips.tips),
    (4, kinds_tips.tips_of_both),
    (4, kinds_tips.tips_on_edges),
    (2, kinds_areas.faces),
    (2, kinds_areas.holes),
    (2, kinds_areas.boxes),
    (2, kinds_areas.caps),
    (2, kinds_areas.lenses),
    (2, kinds_areas.bays),
    (1, kinds_areas.insides),
]
EDGES: Final = (Edges.GEODESIC, Edges.LONLAT, Edges.UNKNOWN)
BATCH: Final = 500


def batch_of(seed: int, number: int, size: int = BATCH) -> tuple[Batch, np.random.Generator]:
    """Draw a batch; seed and number alone decide what is in it."""
    rng = np.random.default_rng([seed, number])
    weights = np.array([weight for weight, _ in KINDS], dtype=np.float64)
    kind = KINDS[int(rng.choice(len(KINDS), p=weights / weights.sum()))][1]
    batch = kind(rng, size, EDGES[int(rng.integers(0, len(EDGES)))])
    return (batch.swapped() if rng.random() < 0.5 else batch), rng


def cases_of(batch: Batch, rng: np.random.Generator) -> Iterator[Case]:
    """Write out the cases of a batch whose truth is proven, each with a minimum."""
    which: Ints = np.flatnonzero(batch.keep)
    true_mm = batch.true_mm()
    minimum_mm, chosen = minima_mm(rng, true_mm)
    rest = zip(
        true_mm[which].tolist(),
        batch.core_m[which].tolist(),
        minimum_mm[which].tolist(),
        chosen[which].tolist(),
        strict=True,
    )
    for a, b, (true, core, least, close) in zip(
        batch.a.volumes(which), batch.b.volumes(which), rest, strict=True
    ):
        yield Case(batch.kind, a, b, true, core, least, close)
