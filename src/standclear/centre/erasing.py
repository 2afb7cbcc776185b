# SPDX-License-Identifier: Apache-2.0
"""The deletion behind an `erase` that stands in the log. The entry came first, so a crash in between loses no order."""

from __future__ import annotations

from standclear.centre.port import Store
from standclear.core.erasing import ordered
from standclear.core.state import State


def carry_out(store: Store, state: State, since: int) -> None:
    """Delete what entries from number `since` on ordered to be erased.

    Raises:
        Unavailable: the disk failed; it is done at the next start.
    """
    for seq, name in ordered(state, since):
        store.erase(seq, name)


def finish(store: Store, state: State) -> None:
    """At start: delete what was ordered and still stands, and the newest once more, which empties the store's log.

    Raises:
        Unavailable: the disk failed.
    """
    orders = list(ordered(state))
    for seq, name in orders:
        if any(kept.name == name and kept.body is not None for kept in next(store.read(seq)).attachments):
            store.erase(seq, name)
    if orders:
        store.erase(*orders[-1])
