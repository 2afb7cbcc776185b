# SPDX-License-Identifier: Apache-2.0
"""A packed tree over boxes in x, y, z, altitude and time, as flat arrays that never change once built.

Rows lie in an order that keeps near ones together (`splitting.py`), FANOUT to a node, nodes FANOUT to a node
above, up to one root. Boxes are single floats rounded outward, so the tree may name rows that are clear and
never leaves out one that is not; exact times and everything else are for the caller to check.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from standclear.geometry.compiled import compiled, compiled_long
from standclear.geometry.earth import Ints, Singles
from standclear.geometry.splitting import AXES, in_order
from standclear.units import US_PER_S

FANOUT: Final = 16
EPOCH_US: Final = 1_767_225_600 * US_PER_S
"""2026-01-01: single floats of seconds since then are a minute wide for thirty years either way."""
_OUTWARD: Final = 1.2e-7
_PAD: Final = 1e-3

Rows = npt.NDArray[np.int32]


class Tree(NamedTuple):
    """`boxes` (k, 10): low and high of every row in tree order, then of every node, level by level;
    `order` (n): which row lies where; `starts`: where each level begins, and the end."""

    boxes: Singles
    order: Rows
    starts: Ints


@compiled
def below(value: float) -> float:
    """Return a number that stays at or below the value when it becomes a single float."""
    return value - (abs(value) * _OUTWARD + _PAD) if abs(value) < np.inf else value


@compiled
def above(value: float) -> float:
    """Return a number that stays at or above the value when it becomes a single float."""
    return -below(-value)


@compiled_long
def build(boxes: Singles) -> Tree:
    """Build a tree over boxes (n, 10)."""
    order = in_order(boxes, FANOUT).astype(np.int32)
    levels, rows = 1, len(boxes)
    while rows > 1:
        levels, rows = levels + 1, -(-rows // FANOUT)
    starts, rows = np.zeros(levels + 1, dtype=np.int64), len(boxes)
    for level in range(levels):
        starts[level + 1], rows = starts[level] + rows, -(-rows // FANOUT)
    out = np.empty((starts[-1], 2 * AXES), dtype=np.float32)
    for place in range(len(order)):
        out[place] = boxes[order[place]]
    for level in range(1, levels):
        _join(out, starts[level - 1], starts[level], starts[level + 1])
    return Tree(out, order, starts)


@compiled
def _join(boxes: Singles, begins: int, first: int, last: int) -> None:
    """Fill the nodes first..last-1 with what the level that begins there holds."""
    for node in range(first, last):
        begin = begins + (node - first) * FANOUT
        for axis in range(AXES):
            low, high = boxes[begin, axis], boxes[begin, AXES + axis]
            for child in range(begin + 1, min(begin + FANOUT, first)):
                low, high = min(low, boxes[child, axis]), max(high, boxes[child, AXES + axis])
            boxes[node, axis], boxes[node, AXES + axis] = low, high


@compiled
def meets(boxes: Singles, place: int, box: Singles) -> bool:
    """Say whether a box of the tree meets the box (10), closed; all at once, without branches."""
    b = boxes[place]
    met: bool = (
        (b[0] <= box[5])
        & (b[5] >= box[0])
        & (b[1] <= box[6])
        & (b[6] >= box[1])
        & (b[2] <= box[7])
        & (b[7] >= box[2])
        & (b[3] <= box[8])
        & (b[8] >= box[3])
        & (b[4] <= box[9])
        & (b[9] >= box[4])
    )
    return met


@compiled
def find(tree: Tree, box: Singles, hits: Ints) -> tuple[Ints, int]:
    """Return the rows whose boxes meet the box (10), in `hits` (not empty) or a longer array, and how many."""
    boxes, order, starts = tree
    count = 0
    top = len(starts) - 2
    if len(order) == 0 or not meets(boxes, starts[top], box):
        return hits, 0
    if top == 0:
        hits[0] = order[0]
        return hits, 1
    stack = np.empty((FANOUT * (top + 1), 2), dtype=np.int64)
    stack[0, 0], stack[0, 1] = top, starts[top]
    depth = 1
    while depth > 0:
        depth -= 1
        level, node = stack[depth, 0], stack[depth, 1]
        begin = starts[level - 1] + (node - starts[level]) * FANOUT
        if level == 1 and count + FANOUT > len(hits):
            longer = np.empty(4 * len(hits) + FANOUT, dtype=np.int64)
            longer[:count] = hits[:count]
            hits = longer
        for child in range(begin, min(begin + FANOUT, starts[level])):
            if not meets(boxes, child, box):
                continue
            if level == 1:
                hits[count] = order[child]
                count += 1
            else:
                stack[depth, 0], stack[depth, 1] = level - 1, child
                depth += 1
    return hits, count
