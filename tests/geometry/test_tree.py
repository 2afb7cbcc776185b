# SPDX-License-Identifier: Apache-2.0
"""A tree finds what a scan finds, in whatever order boxes come, and no order makes it slow to build."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standclear.geometry.splitting import in_order
from standclear.geometry.tree import FANOUT, build, find, meets

COUNTS = st.sampled_from([0, 1, 2, FANOUT - 1, FANOUT, FANOUT + 1, FANOUT**2, FANOUT**2 + 1, 3_000])


def boxes(rng: np.random.Generator, count: int, *, coarse: bool) -> np.ndarray:
    """Boxes of all sizes; coarse ones share many bounds. Some are endless on some axes."""
    low = rng.uniform(-1e6, 1e6, (count, 5))
    if coarse:
        low = np.round(low, -6)
    made = np.concatenate([low, low + rng.exponential(1e4, (count, 5))], axis=1)
    endless = rng.random((count, 10)) < 0.1
    made[:, :5][endless[:, :5]], made[:, 5:][endless[:, 5:]] = -np.inf, np.inf
    return made.astype(np.float32)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), COUNTS, st.booleans())
def test_a_tree_finds_what_a_scan_finds(seed: int, count: int, coarse: bool) -> None:
    rng = np.random.default_rng(seed)
    rows = boxes(rng, count, coarse=coarse)
    tree = build(rows)
    for asked in boxes(rng, 8, coarse=coarse):
        hits, found = find(tree, asked, np.empty(1, dtype=np.int64))
        assert sorted(hits[:found].tolist()) == [n for n in range(count) if meets(rows, n, asked)]


UP = np.arange(20_000, dtype=np.float32)
ORDERS = {
    "mixed": np.random.default_rng(7).permutation(UP),
    "rising": UP,
    "falling": UP[::-1],
    "an organ's pipes": np.minimum(UP, UP[::-1]),
    "two values": UP % 2,
    "all the same": UP * 0,
}


@pytest.mark.parametrize("order", ORDERS)
def test_every_row_has_its_place_in_whatever_order_they_come(order: str) -> None:
    rows = np.repeat(ORDERS[order][:, None], 10, axis=1)
    assert sorted(in_order(rows, FANOUT).tolist()) == list(range(len(UP)))
