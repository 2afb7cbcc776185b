# SPDX-License-Identifier: Apache-2.0
"""From a store to a running centre: every hash recomputed, every event folded, entry 0 where there is none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from standclear.admission import Submission, admit
from standclear.centre.erasing import finish
from standclear.centre.inboxes import Inboxes, stored_views
from standclear.centre.keeper import Checked, Keeper, restored
from standclear.centre.keeping import Known
from standclear.centre.port import Cache, Store
from standclear.centre.sequencer import Centre
from standclear.centre.standing import Standing
from standclear.centre.submitted import Ports
from standclear.centre.witnessing import Kept, Witnesses
from standclear.core.commands import Use
from standclear.core.decide import decide
from standclear.core.enrolment import key_id
from standclear.core.received import Received
from standclear.errors import LogBroken
from standclear.past import Past
from standclear.sealing import BEFORE_ENTRY_0, Snapshot, replay_entry, seal_entry
from standclear.tlog.entry import Entry
from standclear.tlog.keys import SigningKey
from standclear.tlog.log_tree import LogTree

MANY_OBJECTS: Final = 1_000_000
"""From so many on, to look through what an opening made takes a second and finds nothing."""


def open_centre(
    store: Store,
    ports: Ports,
    checkpoint_key: SigningKey,
    clock_key: SigningKey,
    genesis: Submission | None = None,
    kept: Kept | None = None,
    cache: Cache | None = None,
) -> Centre:
    """Replay a store and start deciding on it; an empty one is opened with `genesis`, its entry 0.

    A log that does not contain every cosigned checkpoint in `kept` is opened frozen. With a `cache` that holds a state
    whose digest the log says, only what came after it is replayed.

    Raises:
        LogBroken: what is stored does not hash to itself or is not found by its id, or the keys are not those of
            this log.
    """
    with _without_collecting():
        return _opened(store, ports, checkpoint_key, clock_key, genesis, kept, cache)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Millions of new objects, hardly one of them garbage, are walked over neither again and again nor at the end."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] > MANY_OBJECTS:
            gc.freeze()
        if collecting:
            gc.enable()


def _opened(
    store: Store,
    ports: Ports,
    checkpoint_key: SigningKey,
    clock_key: SigningKey,
    genesis: Submission | None,
    kept: Kept | None,
    cache: Cache | None,
) -> Centre:
    known = (restored(cache, store, clock_key.public) if cache else None) or Known(
        BEFORE_ENTRY_0, LogTree(), Inboxes()
    )
    snapshot, tree, inboxes = known.snapshot, known.tree, known.inboxes
    reads = Checked(store, tree, snapshot.size)
    past = Past(stored_views(reads, inboxes), inboxes.count)
    keeper = Keeper(cache, snapshot.size) if cache else None
    for entry in store.read(snapshot.size):
        snapshot = replay_entry(snapshot, entry)
        if store.find(entry.command_key) != entry.seq:
            # A repeat of it would not be known, and be recorded twice (law 7).
            raise LogBroken("is not found by its command's id", where=f"entry {entry.seq}")
        tree.add(entry.leaf)
        inboxes.add(entry)
        past.note(snapshot)
    if genesis is not None and snapshot.size == 0:
        entry, snapshot = _entry_0(genesis, ports)
        store.append(0, [entry])
        tree.add(entry.leaf)
        inboxes.add(entry)
    if snapshot.size == 0:
        raise LogBroken("the log has no entry 0", expected="a directory made by `standclear init`")
    finish(store, snapshot.state)
    for key, use in ((checkpoint_key, Use.CHECKPOINT), (clock_key, Use.COMMAND)):
        if key_id(key.public.hex(), use) not in snapshot.state.keys:
            raise LogBroken(f"the {use.value} key given is not enrolled in this log")
    standing = Standing(checkpoint_key.public, Witnesses(checkpoint_key.public, kept), tree)
    standing.load(snapshot.state)
    return Centre(
        store, ports, checkpoint_key, clock_key, snapshot, tree, inboxes, past, reads, standing, keeper
    )


def _entry_0(genesis: Submission, ports: Ports) -> tuple[Entry, Snapshot]:
    admitted = admit(BEFORE_ENTRY_0.state, genesis)
    received = Received(admitted.command, admitted.actor, admitted.post, genesis.key, ports.clock())
    events = decide(BEFORE_ENTRY_0.state, received)
    return seal_entry(BEFORE_ENTRY_0, admitted, received, events, ports.draw)
