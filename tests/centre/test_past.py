# SPDX-License-Identifier: Apache-2.0
"""What readers knew: whatever states are kept and let go, the past is what the present was."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from standclear.centre.inboxes import Inboxes, stored_views
from standclear.core.knowledge import known_by
from standclear.core.state import NOTHING, State
from standclear.past import Past
from standclear.sealing import BEFORE_ENTRY_0, Snapshot, replay_entry
from standclear.store.memory import MemoryStore
from standclear.tlog.slots import EVENTS_SLOT, FIRST_VIEW_SLOT
from tests import world
from tests.core.histories import Lived, Step, steps
from tests.keyed_world import KeyedWorld


def plain(state: State) -> dict[str, Any]:
    """A state's fields; its index is no part of the past."""
    return {name: getattr(state, name) for name in state.__struct_fields__ if name != "index"}


def lived(history: list[Step]) -> MemoryStore:
    """The log of a history."""
    store = MemoryStore()
    small = KeyedWorld(store=store)
    for step in history:
        Lived(small).happens(step)
    entries = list(store.read(0))
    small.keyed.centre.close()
    again = MemoryStore()
    again.append(0, entries)
    return again


def replayed(store: MemoryStore, past: Past, inboxes: Inboxes) -> list[Snapshot]:
    """The present after each entry; the past has seen them all go by."""
    snapshots = [BEFORE_ENTRY_0]
    for entry in store.read(0):
        snapshots.append(replay_entry(snapshots[-1], entry))
        inboxes.add(entry)
        past.note(snapshots[-1])
    return snapshots


def known(snapshot: Snapshot, slot: int) -> State:
    """The state of the reader of a slot."""
    return snapshot.state if slot == EVENTS_SLOT else known_by(snapshot.knowledge, slot - FIRST_VIEW_SLOT)


SLOTS = (EVENTS_SLOT, *(FIRST_VIEW_SLOT + actor.number for actor in world.ACTORS))


@given(steps, st.integers(1, 5), st.integers(2, 6), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_what_was_known_at_any_size_is_what_was_known_then(
    history: list[Step], spacing: int, most: int, order: Any
) -> None:
    store, inboxes = lived(history), Inboxes()
    past = Past(stored_views(store, inboxes), inboxes.count, spacing, most)
    snapshots = replayed(store, past, inboxes)
    asked = [(slot, size) for slot in SLOTS for size in range(len(snapshots))]
    order.shuffle(asked)
    for slot, size in asked:
        assert plain(past.known(slot, size)) == plain(known(snapshots[size], slot))


class Counting(MemoryStore):
    """Counts the entries that are read."""

    read_so_far = 0

    def read(self, start: int) -> Any:
        for entry in super().read(start):
            self.read_so_far += 1
            yield entry


def long_log(entries: int) -> Counting:
    """A log of so many hospitals, each shown to all."""
    small = KeyedWorld()
    for number in range(entries):
        small.notify("hill-relief", world.hospital(lon=number / 100))
    counting = Counting()
    counting.append(0, list(small.store.read(0)))
    small.keyed.centre.close()
    return counting


def test_a_question_reads_a_bounded_part_of_the_log() -> None:
    store, inboxes = long_log(120), Inboxes()
    past = Past(stored_views(store, inboxes), inboxes.count, spacing=4, most=8)
    replayed(store, past, inboxes)
    for slot in SLOTS:
        for size in range(1, 120, 7):
            before = store.read_so_far
            past.known(slot, size)
            assert store.read_so_far - before <= 3 * 120 // 8 + 1


def test_what_was_folded_once_is_not_folded_again() -> None:
    """After a start from a snapshot nothing of the past is kept; the first question leaves marks on its way."""
    store, inboxes = long_log(60), Inboxes()
    for entry in store.read(0):
        inboxes.add(entry)
    past = Past(stored_views(store, inboxes), inboxes.count, spacing=4, most=32)
    assert plain(past.known(EVENTS_SLOT, 0)) == plain(NOTHING)
    past.known(EVENTS_SLOT, 60)
    before = store.read_so_far
    past.known(EVENTS_SLOT, 50)
    assert store.read_so_far - before <= 4
