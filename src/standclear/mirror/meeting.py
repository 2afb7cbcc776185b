# SPDX-License-Identifier: Apache-2.0
"""Two copies laid side by side: were both shown one log, and was each shown what the other released to it?

An empty slot looks like a full one, so no recipient sees alone that a view was left out, or altered before it was
sealed. The notice's author can tell: what others are shown of it is a pure function of what the author knows
(`core/release`). So whoever holds both copies compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import msgspec

from standclear.bundle.making import view_in
from standclear.core.codec import encode
from standclear.core.commands import SignHeld
from standclear.core.events import CoverMet, Event, InboxHeld
from standclear.core.evolve import after_entry
from standclear.core.holding import tells
from standclear.core.release import View, views
from standclear.core.state import NOTHING
from standclear.mirror.doubt import Doubt, Wrong
from standclear.mirror.replica import Replica
from standclear.mirror.saying import signed_command
from standclear.tlog.leaf import decode_leaf
from standclear.tlog.slots import COMMAND_SLOT, EVENTS_SLOT


def meet(one: Replica, other: Replica) -> Iterator[Doubt]:
    """What two copies of one centre, each proven in itself, show together.

    Raises:
        LogBroken, Malformed: a copy is not as a mirror proved it.
    """
    fork = compare_logs(one, other)
    if fork is not None:
        yield fork
        return
    for here, there in ((one, other), (other, one)):
        yield from owed(here, there)
        yield from words_told(here, there)


def compare_logs(one: Replica, other: Replica) -> Doubt | None:
    """Whether the longer log contains the shorter; if not, which entry is the first that differs."""
    size = min(len(one.leaves), len(other.leaves))
    if one.tree.subtrees.frontier(size).root() == other.tree.subtrees.frontier(size).root():
        return None
    seq = next(seq for seq in range(size) if one.leaves[seq] != other.leaves[seq])
    detail = (
        f"the centre showed {one.actor} {one.leaves[seq].decode()} and {other.actor} {other.leaves[seq].decode()}; "
        "it signed heads over both"
    )
    return Doubt(Wrong.FORKED, f"entry {seq}", detail, {one.actor: one.note, other.actor: other.note})


def owed(author: Replica, recipient: Replica) -> Iterator[Doubt]:
    """Where the recipient was not shown what follows from the author's own commands."""
    number = author.snapshot.state.number(recipient.actor)
    size = min(len(author.leaves), len(recipient.leaves))
    for seq, expected in released(author, number, size):
        part = recipient.part(seq, recipient.slot)
        where = f"entry {seq}"
        evidence = {"due": encode(expected).decode(), "leaf": author.leaves[seq].decode()}
        if part is None:
            detail = f"{author.actor} released it to {recipient.actor}, which was shown nothing of it"
            yield Doubt(Wrong.DROPPED, where, detail, evidence)
            continue
        shown = [_as_told(event) for event in view_in(part).events]
        missing = [type(event).__name__ for event in expected.events if _as_told(event) not in shown]
        if missing:
            detail = f"{recipient.actor} was shown something else than {author.actor} released: {', '.join(missing)}"
            yield Doubt(Wrong.ALTERED, where, detail, evidence | {"shown": part.body.decode()})


def _as_told(event: Event) -> Event:
    """An event without what only its recipient is told: an author is not told which activity met a cover."""
    return msgspec.structs.replace(event, activity="", times=0) if isinstance(event, CoverMet) else event


def words_told(holder: Replica, author: Replica) -> Iterator[Doubt]:
    """Where an author was not shown a word of the holder's machine that covers something of the author's.

    Which words those are follows from the author's own notices; the holder may not know whose they are.
    """
    if author.slot == EVENTS_SLOT:
        return
    state, parts = NOTHING, author.parts(author.slot, 0, len(author.leaves))
    part = next(parts, None)
    for seq, word in _words(holder, len(author.leaves)):
        while part is not None and part.seq < seq:
            state = after_entry(msgspec.structs.replace(state, size=part.seq), view_in(part).events)
            part = next(parts, None)
        if tells(state, author.actor, word) and (part is None or part.seq != seq):
            detail = (
                f"{holder.actor} signed that it holds {word.size} entries; {author.actor} was not shown it"
            )
            evidence = {"due": encode(word).decode(), "leaf": author.leaves[seq].decode()}
            yield Doubt(Wrong.DROPPED, f"entry {seq}", detail, evidence)


def _words(holder: Replica, size: int) -> Iterator[tuple[int, InboxHeld]]:
    """What the holder's own machines said that they hold, by entry."""
    for part in holder.parts(holder.slot, 0, size):
        for event in view_in(part).events:
            if isinstance(event, InboxHeld) and event.actor == holder.actor:
                yield part.seq, event


def released(author: Replica, number: int, size: int) -> Iterator[tuple[int, View]]:
    """The views that a recipient is due of the author's own commands, below a log size, by entry.

    Of what else an entry caused the recipient may be shown more than the author knows of.
    """
    state = NOTHING
    for part in author.parts(author.slot, 0, size):
        before = msgspec.structs.replace(state, size=part.seq)
        events = view_in(part).events
        state = after_entry(before, events)
        command = author.part(part.seq, COMMAND_SLOT)
        if command is None or part.slot == EVENTS_SLOT:
            continue
        received = replace(signed_command(before, command, part.leaf), at_us=decode_leaf(part.leaf).at)
        if received.actor == author.actor and not isinstance(received.command, SignHeld):
            view = views(before, state, received, events).get(number)
            if view is not None:
                yield part.seq, view
