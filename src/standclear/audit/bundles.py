# SPDX-License-Identifier: Apache-2.0
"""A whole bundle of desk or arbiter, decided again as an audit decides a whole log, as far as it holds what that takes.

It holds every command and every event. A notice whose consent is not in it (erased, or not given) cannot be decided
again whole; its judgements are. Of the recipients' views those are made again that are there. Its bytes were proven
before (`bundle/proving.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from standclear.admission import Submission, authenticate
from standclear.audit.auditing import check_ticked, plain
from standclear.audit.deciding import decided_again
from standclear.audit.saying import difference
from standclear.bundle.held import entries_in
from standclear.bundle.lines import EntryLine
from standclear.bundle.outcome import Judged
from standclear.core.codec import decode_value, encode
from standclear.core.commands import Amend, Notify
from standclear.core.events import Event
from standclear.core.evolve import after_entry
from standclear.core.model import ConsentDocument
from standclear.core.parts import CommandPart, EventsPart
from standclear.core.received import Received
from standclear.core.rejudging import rejudge
from standclear.core.release import views
from standclear.core.state import NOTHING, State
from standclear.errors import LogBroken, StandclearError
from standclear.tlog.entry import CONSENT
from standclear.tlog.leaf import Leaf
from standclear.tlog.slots import COMMAND_SLOT, EVENTS_SLOT, FIRST_VIEW_SLOT


def audit_bundle(file: IO[bytes], say: Callable[[int], None]) -> Judged:
    """Decide again every command of a whole bundle, up to the first thing that is wrong."""
    result, state = Judged(), NOTHING
    for done, (leaf, line) in enumerate(entries_in(file), 1):
        try:
            state = _one(result, state, leaf, line)
        except (StandclearError, KeyError, ValueError, TypeError) as error:
            where = "" if isinstance(error, LogBroken) else f"entry {leaf.seq}: "
            result.wrong.append(f"{where}{error}".rstrip("."))
            return result
        say(done)
    return result


def _one(result: Judged, before: State, leaf: Leaf, line: EntryLine) -> State:
    where = f"entry {leaf.seq}"
    part = line.part(EVENTS_SLOT)
    if part is None:
        raise LogBroken("all events were erased; nothing after it can be derived again", where=where)
    events = decode_value(EventsPart, part.body.encode(), "events").events
    received = _received(before, leaf, line)
    if received is not None:
        check_ticked(before, received, where)
        _decide(result, before, received, events, where)
    after = after_entry(before, events)
    if received is not None:
        _views(result, before, after, received, events, line)
    return after


def _received(state: State, leaf: Leaf, line: EntryLine) -> Received | None:
    """The command as it reached the decision; None where it was erased."""
    part = line.part(COMMAND_SLOT)
    if part is None:
        return None
    said = decode_value(CommandPart, part.body.encode(), "command")
    signed = authenticate(state, Submission(said.command.encode(), said.key, bytes.fromhex(said.signature)))
    body = next((kept.body for kept in line.attachments if kept.name == CONSENT), None)
    consent = None if body is None else decode_value(ConsentDocument, body.encode(), CONSENT)
    return Received(signed.command, signed.actor, signed.post, said.key, leaf.at, consent)


def _decide(result: Judged, state: State, received: Received, events: tuple[Event, ...], where: str) -> None:
    if isinstance(received.command, Notify | Amend) and received.consent is None:
        for one in rejudge(state, state.size, events, received, None, received.at_us):
            result.count(state.size, one)
        return
    decided = decided_again(state, received, events, where)
    result.decisions += 1
    result.confirmed += decided.confirmed
    result.conservative += decided.conservative


def _views(
    result: Judged,
    before: State,
    after: State,
    received: Received,
    events: tuple[Event, ...],
    line: EntryLine,
) -> None:
    """The views that the bundle holds, made again from the events."""
    due = views(before, after, received, events)
    names = {actor.number: actor.id for actor in after.terms.actors}
    for part in line.parts:
        number = part.slot - FIRST_VIEW_SLOT
        if number < 0:
            continue
        whose = f"the view of {names.get(number, 'nobody')} (slot {part.slot})"
        where = f"entry {before.size}"
        if number not in due:
            raise LogBroken(
                f"{whose} stands there", where=where, expected="no view, for none of this concerns it"
            )
        if encode(due[number]) != part.body.encode():
            was, right = difference(plain(part.body.encode()), due[number])
            raise LogBroken(f"{whose} is not what its rules release: {was}", where=where, expected=right)
        result.views += 1
