# SPDX-License-Identifier: Apache-2.0
"""An honest log of the small world in which everything happens once, and what an audit says of a log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache

import msgspec

from standclear.admission import Submission
from standclear.audit.auditing import Audited, audit
from standclear.audit.proving import proven
from standclear.core.events import Event
from standclear.core.model import GroundHazard
from standclear.sealing import events_of
from standclear.store.memory import MemoryStore
from standclear.tlog.entry import Entry
from standclear.tlog.leaf import decode_leaf, encode_leaf
from tests import centre_kit, world

HILL, NORTH, RIVER = "hill-relief", "north-command", "river-alliance"


@cache
def honest() -> tuple[Entry, ...]:
    """A hospital, a flight into it that is blocked, a tick that something falls due at, a hospital, an answer."""
    store = MemoryStore()
    keyed = centre_kit.start(store)

    def give(submission: Submission) -> None:
        keyed.centre.submit(submission).result(timeout=60)

    try:
        give(centre_kit.notified(HILL, world.hospital(), 100, world.shown_to_all()))
        flight = world.flight(hazard=GroundHazard.POSSIBLE)
        give(centre_kit.notified(NORTH, flight, 101, world.shown_to_all()))
        give(centre_kit.notified(HILL, world.convoy(), 102, world.shown_to_all()))
        keyed.clock.now_us = world.T0 + 400 * world.DAY
        give(centre_kit.notified(HILL, world.hospital(lon=31), 103, world.shown_to_all()))
        give(centre_kit.acknowledged(keyed.centre, NORTH, "N3", 104))
        return tuple(store.read(0))
    finally:
        keyed.centre.close()


def at(kind: type[Event]) -> int:
    """The number of the first entry with an event of a sort."""
    return next(entry.seq for entry in honest() if any(isinstance(e, kind) for e in events_of(entry)))


@dataclass
class InMemory:
    """Entries as a log that can be read in pieces."""

    entries: list[Entry]

    @property
    def size(self) -> int:
        return len(self.entries)

    def again(self) -> AbstractContextManager[InMemory]:
        return nullcontext(self)

    def read(self, start: int = 0, end: int | None = None) -> Iterator[Entry]:
        return iter(self.entries[start:end])


def audited(entries: Iterable[Entry]) -> Audited:
    """What an audit makes of a log: the same, whether hashes and signatures were proven ahead or in the one pass."""
    log = InMemory(list(entries))
    with proven(log) as stand:
        ahead = audit(log.entries, lambda done: None, stand)
    assert audit(log.entries, lambda done: None) == ahead
    return ahead


def renumbered(entries: Iterable[Entry]) -> list[Entry]:
    """Entries in the order given, each leaf numbered by its place, as a forger would."""
    return [
        msgspec.structs.replace(
            entry,
            seq=seq,
            leaf=encode_leaf(msgspec.structs.replace(decode_leaf(entry.leaf), seq=seq)),
        )
        for seq, entry in enumerate(entries)
    ]
