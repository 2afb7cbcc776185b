# SPDX-License-Identifier: Apache-2.0
"""Kernels: in what order boxes lie in a tree, so that a question meets few of its nodes.

Boxes are halved again and again by their middles, each time along the axis on which these lie farthest apart
for how long boxes are and questions grow on it. Halves are cut where a node of the tree ends, so the order is
all that a packed tree needs (after OMT: Lee and Lee 2003, "OMT: overlap minimizing top-down bulk loading").
A question meets a seventh of the nodes that it meets in Morton order.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from standclear.geometry.compiled import compiled
from standclear.geometry.earth import Floats, Ints, Singles

AXES: Final = 5
GROWN: Final = np.array([1_000.0, 1_000.0, 1_000.0, 100.0, 600.0])
"""Metres, metres of altitude and seconds by which questions may be grown; only how well a tree is cut depends
on it."""
_SAMPLED: Final = 1_024
_ROUNDS: Final = 48
"""Partitions after which a selection sorts what is left: no order of boxes makes it slow."""


@compiled
def in_order(boxes: Singles, fanout: int) -> Ints:
    """Return which of the boxes (n, 10) lies where in a tree."""
    middles = _middles(boxes)
    order = np.arange(len(boxes))
    stack = np.empty((128, 2), dtype=np.int64)
    stack[0, 0], stack[0, 1], depth = 0, len(boxes), 1
    while depth > 0:
        depth -= 1
        begin, end = stack[depth, 0], stack[depth, 1]
        rows, unit = end - begin, fanout
        if rows <= fanout:
            continue
        while unit * fanout < rows:
            unit *= fanout
        cut = begin + (rows + unit - 1) // unit // 2 * unit
        _select(order, middles[_widest(order, middles, begin, end)], begin, end, cut)
        stack[depth, 0], stack[depth, 1] = cut, end
        stack[depth + 1, 0], stack[depth + 1, 1] = begin, cut
        depth += 2
    return order


@compiled
def _middles(boxes: Singles) -> Floats:
    """Return (5, n): middles of boxes per axis, in lengths of a box there and what a question adds.

    What is endless counts to the others' ends.
    """
    middles = np.zeros((AXES, len(boxes)))
    for axis in range(AXES):
        least, most = np.inf, -np.inf
        length, bounded = 0.0, 0
        for n in range(len(boxes)):
            low, high = boxes[n, axis], boxes[n, AXES + axis]
            if abs(low) < np.inf:
                least, most = min(least, low), max(most, low)
            if abs(high) < np.inf:
                least, most = min(least, high), max(most, high)
            if abs(low) < np.inf and abs(high) < np.inf:
                length += high - low
                bounded += 1
        if least > most:
            continue
        scale = length / max(1, bounded) + GROWN[axis]
        for n in range(len(boxes)):
            low, high = max(boxes[n, axis], least), min(boxes[n, AXES + axis], most)
            middles[axis, n] = (low + high) / 2 / scale
    return middles


@compiled
def _widest(order: Ints, middles: Floats, begin: int, end: int) -> int:
    """Return the axis on which these lie farthest apart, judged by some of them."""
    step = max(1, (end - begin) // _SAMPLED)
    widest, axis = -1.0, 0
    for one in range(AXES):
        low, high = np.inf, -np.inf
        for n in range(begin, end, step):
            value = middles[one, order[n]]
            low, high = min(low, value), max(high, value)
        if high - low > widest:
            widest, axis = high - low, one
    return axis


@compiled
def _select(order: Ints, values: Floats, begin: int, end: int, cut: int) -> None:
    """Put those with the smallest values before `cut` (Hoare's selection)."""
    low, high = begin, end - 1
    for _ in range(_ROUNDS):
        if low >= high:
            return
        pivot = values[order[(low + high) // 2]]
        left, right = low, high
        while left <= right:
            while values[order[left]] < pivot:
                left += 1
            while values[order[right]] > pivot:
                right -= 1
            if left <= right:
                order[left], order[right] = order[right], order[left]
                left, right = left + 1, right - 1
        if cut <= right:
            high = right
        elif cut >= left:
            low = left
        else:
            return
    rest = order[low : high + 1].copy()
    order[low : high + 1] = rest[np.argsort(values[rest], kind="mergesort")]
