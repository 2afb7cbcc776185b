# SPDX-License-Identifier: Apache-2.0
"""The answer to a recorded command: to its author's own session the receipt, to anyone else the number alone.

Recipients are named only as far as the author's own release says them. The slots themselves could tell more:
who wrote a notice that the author was shown without its author.
"""

from __future__ import annotations

from standclear.centre.submitted import Recorded
from standclear.core.events import (
    CheckAnswered,
    Event,
    NoticeAmended,
    NoticeClosed,
    NoticeRecorded,
    NoticeWithdrawn,
    RecordingResumed,
)
from standclear.core.model import ReleaseLevel
from standclear.core.parts import STANDING_EVENTS
from standclear.core.positions import outside
from standclear.core.state import State
from standclear.sealing import Snapshot, events_of, view_of
from standclear.tlog.entry import Entry
from standclear.tlog.leaf import decode_leaf
from standclear.tlog.slots import FIRST_VIEW_SLOT
from standclear.units import us_to_iso
from standclear.web.auth import Reader
from standclear.web.items import slot_proof
from standclear.web.sentences import spoken
from standclear.web.shelf import state_for
from standclear.web.wire import CHECK_NOTE, WITHHELD_NOTE, Recipient
from standclear.web.wire_commands import CheckAnswer, Receipt

FOR_ALL = (*STANDING_EVENTS, RecordingResumed)


def receipt_of(snapshot: Snapshot, recorded: Recorded, reader: Reader | None) -> Receipt:
    """What this reader may be told of a command that was recorded."""
    if reader is None or reader.actor != recorded.actor:
        return Receipt(entry=recorded.entry.seq)
    return Receipt(**_fields(snapshot, recorded, reader))  # type: ignore[arg-type]


def check_answer(snapshot: Snapshot, recorded: Recorded, reader: Reader) -> CheckAnswer:
    """A receipt with the judgement of a check."""
    events = _own_events(recorded.entry, reader)
    judgement = next((event.judgement for event in events if isinstance(event, CheckAnswered)), None)
    fields = _fields(snapshot, recorded, reader)
    judged = spoken(state_for(snapshot, reader), "", judgement)
    return CheckAnswer(**fields, judged=judged, check_note=CHECK_NOTE)  # type: ignore[arg-type]


def _fields(snapshot: Snapshot, recorded: Recorded, reader: Reader) -> dict[str, object]:
    entry, at_us = recorded.entry, decode_leaf(recorded.entry.leaf).at
    state = state_for(snapshot, reader)
    events = _own_events(entry, reader)
    return {
        "entry": entry.seq,
        "at": us_to_iso(at_us),
        "at_us": at_us,
        "exercise": state.exercise,
        "leaf": entry.leaf.decode(),
        "path": tuple(node.hex() for node in recorded.path),
        "checkpoint": recorded.checkpoint,
        "command": slot_proof(entry),
        "recipients": _recipients(state, entry, events, reader),
        "events": events,
        "outside": outside(state),
        "note": WITHHELD_NOTE,
    }


def _own_events(entry: Entry, reader: Reader) -> tuple[Event, ...]:
    if reader.sees_all:
        return events_of(entry)
    view = view_of(entry, reader.number)
    return view.events if view else ()


def _recipients(
    state: State, entry: Entry, events: tuple[Event, ...], reader: Reader
) -> tuple[Recipient, ...]:
    """Who was shown something of the entry, of those that the author released it to."""
    numbers = {part.slot - FIRST_VIEW_SLOT for part in entry.parts if part.slot >= FIRST_VIEW_SLOT}
    shown = [actor for actor in state.terms.actors if actor.number in numbers]
    if not reader.sees_all:
        named = _released_to(state, events, reader.actor)
        shown = [actor for actor in shown if actor.id in named]
    return tuple(Recipient(actor.id, actor.name) for actor in shown)


def _released_to(state: State, events: tuple[Event, ...], author: str) -> set[str]:
    named = {author}
    for event in events:
        match event:
            case NoticeRecorded() | NoticeAmended():
                released = event.release if event.author == author else ()
            case NoticeWithdrawn() | NoticeClosed():
                # Neither can be amended any more, so a repeated command is answered alike.
                notice = state.notices[event.notice]
                released = notice.release if notice.author == author else ()
            case _:
                released = ()
        named |= {release.to for release in released if release.level is not ReleaseLevel.WITHHELD}
        if isinstance(event, FOR_ALL):
            named |= {actor.id for actor in state.terms.actors}
    return named
