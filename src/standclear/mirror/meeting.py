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
from standclear.core.evolve import after_entry
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
    yield from owed(one, other)
    yield from owed(other, one)


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
        shown = view_in(part).events
        missing = [type(event).__name__ for event in expected.events if event not in shown]
        if missing:
            detail = f"{recipient.actor} was shown something else than {author.actor} released: {', '.join(missing)}"
            yield Doubt(Wrong.ALTERED, where, detail, evidence | {"shown": part.body.decode()})


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
        if received.actor == author.actor:
            view = views(before, state, received, events).get(number)
            if view is not None:
                yield part.seq, view
