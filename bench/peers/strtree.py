# SPDX-License-Identifier: Apache-2.0
"""shapely's STRtree over planar boxes, then height and time by numpy. It does not measure a distance."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench.peers import boxes, grown, package
from bench.workload import Volumes


class Strtree:
    """A tree that cannot take an insert or a removal: it is built anew."""

    name = "shapely STRtree + numpy"
    knows = "planar boxes, height, time; no distance"

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._tree: Any = None
        self._bounds: Any = None
        self._shapely: Any = None

    def set_up(self, of: Volumes) -> None:
        """Build the tree of the boxes."""
        self._shapely = package("shapely")
        around = boxes(of)
        self._tree = self._shapely.STRtree(self._shapely.box(*around[:4]))
        self._bounds = np.stack(around[4:], axis=1)

    def ready(self, of: Volumes) -> list[Any]:
        """Return a box and four bounds for each plan."""
        around = grown(boxes(of))
        bounds = np.stack(around[4:], axis=1).tolist()
        return list(zip(self._shapely.box(*around[:4]), bounds, strict=True))

    def ask(self, question: Any) -> Any:
        """Return the rows whose boxes meet the plan's."""
        box, (lower, upper, start, end) = question
        rows = self._tree.query(box)
        theirs = self._bounds[rows]
        near = (theirs[:, 0] <= upper) & (theirs[:, 1] >= lower)
        near &= (theirs[:, 2] <= end) & (theirs[:, 3] >= start)
        return rows[near]

    def numbers(self, answer: Any) -> list[int]:
        """Return the rows."""
        found: list[int] = answer.tolist()
        return found

    def stop(self) -> None:
        """Forget the tree."""
        self._tree = self._bounds = None
