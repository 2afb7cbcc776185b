# SPDX-License-Identifier: Apache-2.0
"""The trees over an index's rows: each over a range, none overlapping, neighbours of similar size joined.

Joining makes one tree over two ranges; the rows stay where they are, so it changes no answer. Long ones are
joined in another thread and taken over when they are done.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any, Final, NamedTuple

import numpy as np
from numba.typed import List

from standclear.geometry.compiled import compiled, compiled_long
from standclear.geometry.earth import Ints, Singles
from standclear.geometry.pages import Pages, box_range
from standclear.geometry.tree import Rows, Tree, build

APART: Final = 8
"""A tree over at least this many times as many rows as the next is left alone, so that there are few and each
row is planted rarely."""
AT_ONCE_ROWS: Final = 2**13
"""Few enough to be joined at once, within some milliseconds."""


class Planted(NamedTuple):
    """A tree over the rows from `first` on."""

    boxes: Singles
    order: Rows
    starts: Ints
    first: int

    @property
    def rows(self) -> int:
        """How many rows."""
        return len(self.order)


def plant(pages: Pages, first: int, end: int) -> Planted:
    """Put the rows `first` to `end` - 1 under a tree."""
    return Planted(*_plant(pages.list, pages.firsts, first, end), first)


class Grove:
    """Trees in the order of their rows, from row 0 on without a gap."""

    def __init__(self, trees: tuple[Planted, ...]) -> None:
        self.trees = trees
        self._list: Any = None

    @property
    def list(self) -> Any:
        """For kernels: a numba list of `Planted`, made when first asked for."""
        if self._list is None:
            made = _listed(_NOTHING)
            for tree in self.trees:
                _add(made, tree)
            self._list = made
        return self._list


_NOTHING: Final = Planted(
    np.empty((0, 10), dtype=np.float32), np.empty(0, dtype=np.int32), np.zeros(1, dtype=np.int64), 0
)


class Gardener:
    """Joins trees, for all versions that grew from one index."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="index")
        self._joining: dict[tuple[int, int], tuple[Planted, Planted, Future[Planted]]] = {}

    def tidied(self, pages: Pages, trees: tuple[Planted, ...], *, wait: bool = False) -> Grove:
        """Return the trees with neighbours joined that should be and are; begin to join the next two."""
        while True:
            places = range(len(trees) - 2, -1, -1)
            pair = next((n for n in places if trees[n].rows < APART * trees[n + 1].rows), None)
            if pair is None:
                return Grove(trees)
            one = self._joined(pages, trees[pair], trees[pair + 1], wait)
            if one is None:
                return Grove(trees)
            trees = (*trees[:pair], one, *trees[pair + 2 :])

    def _joined(self, pages: Pages, left: Planted, right: Planted, wait: bool) -> Planted | None:
        """Return two trees as one, or None while that is being made."""
        first, end = left.first, right.first + right.rows
        if end - first <= AT_ONCE_ROWS:
            return plant(pages, first, end)
        key = (id(left), id(right))
        with self._lock:
            if key not in self._joining:
                # What is under way is kept with its parts, so that no other tree can get their ids.
                self._joining[key] = (left, right, self._worker.submit(plant, pages, first, end))
            future = self._joining[key][2]
        if not wait and not future.done():
            return None
        one = future.result()
        with self._lock:
            self._joining.pop(key, None)
        return one


@compiled_long
def _plant(pages: Any, firsts: Ints, first: int, end: int) -> Tree:
    return build(box_range(pages, firsts, first, end))


@compiled
def _listed(tree: Planted) -> Any:
    trees = List()
    trees.append(tree)
    return trees


@compiled
def _add(trees: Any, tree: Planted) -> None:
    trees.append(tree)
