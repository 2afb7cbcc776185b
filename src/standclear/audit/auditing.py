# SPDX-License-Identifier: Apache-2.0
"""One pass over a log, entry by entry, that believes nothing it can compute (design §4).

    hashes, number, time -> signature by a key then enrolled -> nothing was due -> the decision again -> every view

It stops at the first thing that is wrong: what follows it rests on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import repeat
from typing import Final, TypeVar

import msgspec

from standclear.admission import Submission, authenticate
from standclear.audit.deciding import Decided, decided_again
from standclear.audit.saying import difference, quoted
from standclear.core.codec import decode_value, encode
from standclear.core.commands import AnswerNotice, PassTime
from standclear.core.erasing import ordered
from standclear.core.events import Event, NoticeAmended, NoticeAnswered, NoticeRecorded
from standclear.core.evolve import after_entry
from standclear.core.model import ConsentDocument
from standclear.core.parts import CommandPart, EventsPart
from standclear.core.received import Received
from standclear.core.release import View, views
from standclear.core.state import State
from standclear.errors import LogBroken, StandclearError
from standclear.sealing import (
    BEFORE_ENTRY_0,
    Snapshot,
    check_follows,
    check_kept,
    is_standing,
    known_after,
    slot_of,
)
from standclear.tlog.entry import CONSENT, Entry
from standclear.tlog.slots import COMMAND_SLOT, EVENTS_SLOT, FIRST_VIEW_SLOT

T = TypeVar("T")
Say = Callable[[int], None]
"""Told how many entries stand, after each."""
NONE_PROVEN: Final = repeat(False)


@dataclass
class Audited:
    """What an audit counted, up to the end or to the first thing wrong."""

    origin: str = ""
    exercise: bool = False
    entries: int = 0
    root: str = ""
    """Root of the entries counted, hex."""
    at_us: int = 0
    """When the last of them was recorded, µs UTC."""
    signatures: int = 0
    """Commands whose signature stands."""
    decisions: int = 0
    """Commands decided again with the same outcome."""
    confirmed: int = 0
    """Judgements among them: derived again, brackets within 2 mm."""
    conservative: int = 0
    """Judgements that another engine recorded and ours finds tighter."""
    views: int = 0
    """Recipients' views made again, byte for byte the same."""
    erased: list[str] = field(default_factory=list)
    """What was erased, and what could not be derived for that."""
    gone: set[tuple[int, str]] = field(default_factory=set)
    """Entries and names of the documents among it."""
    wrong: str = ""
    """The first thing that is wrong, in one sentence; nothing if the log stands."""


@dataclass
class _Seen:
    """What later entries are held against."""

    commands: dict[str, int] = field(default_factory=dict)
    """In which entry each command stands."""
    shown: dict[int, dict[int, bytes]] = field(default_factory=dict)
    """Of each entry that says something of a notice, the commitments by slot."""


def audit(entries: Iterable[Entry], say: Say, proven: Iterator[bool] = NONE_PROVEN) -> Audited:
    """Prove and decide again a whole log, from its entry 0 on; raises nothing that the log can cause.

    `proven` says of each entry whether its hashes and its signature were found to stand already.
    """
    result, before = Audited(), BEFORE_ENTRY_0
    seen = _Seen()
    try:
        for entry in entries:
            before = _one(result, before, entry, seen, next(proven))
            result.entries, result.at_us = before.size, before.at_us
            result.root = before.frontier.root().hex()
            say(before.size)
    except LogBroken as broken:
        result.wrong = broken.sentence()
    for seq, name in sorted(result.gone - set(ordered(before.state))):
        result.erased.append(f"entry {seq}: {name}: no entry up to here orders that it be erased")
    result.origin, result.exercise = before.state.origin, before.state.exercise
    if not (before.size or result.wrong):
        result.wrong = "The log has no entry 0. Expected: a log that was opened."
    return result


def _one(result: Audited, before: Snapshot, entry: Entry, seen: _Seen, proven: bool) -> Snapshot:
    """Everything about one entry."""
    where = f"entry {entry.seq}"
    leaf = check_follows(before, entry, proven)
    received = _received(before.state, entry, leaf.at, proven)
    earlier = seen.commands.setdefault(entry.command_key, entry.seq)
    if earlier != entry.seq:
        wrong = f"the command {entry.command_key} stands in entry {earlier} already"
        raise LogBroken(wrong, where=where, expected="each signed command once")
    result.signatures += 1
    check_ticked(before.state, received, where)
    events = _read(_body(entry, EVENTS_SLOT, where), EventsPart, "events", where).events
    _check_shown(before.state, received, entry, events, seen)
    if before.size:
        check_kept(before.state, entry)
    consent_gone = any(kept.name == CONSENT and kept.body is None for kept in entry.attachments)
    if consent_gone:
        result.erased.append(f"{where}: consent; the decision is not re-derivable: erased")
    else:
        _count(result, decided_again(before.state, received, events, where))
    after = _after(before.state, events, where)
    if not before.size:
        check_kept(after, entry)
    _check_views(result, entry, views(before.state, after, received, events), after)
    result.gone |= {(entry.seq, kept.name) for kept in entry.attachments if kept.body is None}
    result.erased += [
        f"{where}: {kept.name}" for kept in entry.attachments if kept.body is None and kept.name != CONSENT
    ]
    return known_after(before, after, {}, entry.leaf, leaf.at, is_standing(events))


def _received(state: State, entry: Entry, at_us: int, proven: bool) -> Received:
    """The command as it reached the decision, its signature checked against the keys of that moment."""
    where = f"entry {entry.seq}"
    said = _read(_body(entry, COMMAND_SLOT, where), CommandPart, "command", where)
    try:
        submission = Submission(said.command.encode(), said.key, bytes.fromhex(said.signature))
        signed = authenticate(state, submission, proven)
        consent = next(
            (
                decode_value(ConsentDocument, kept.body, CONSENT)
                for kept in entry.attachments
                if kept.name == CONSENT and kept.body is not None
            ),
            None,
        )
    except (StandclearError, ValueError) as error:
        wrong = f"the command signed with {said.key} does not stand ({str(error).rstrip('.')})"
        expected = "a command signed by a key enrolled by then"
        raise LogBroken(wrong, where=where, expected=expected) from error
    return Received(signed.command, signed.actor, signed.post, said.key, at_us, consent)


def _body(entry: Entry, slot: int, where: str) -> bytes:
    body = entry.body(slot)
    if body is None:
        gone = any(part.slot == slot for part in entry.parts)
        said = "was erased; nothing after it can be derived again" if gone else "is empty"
        raise LogBroken(
            f"slot {slot} {said}", where=where, expected="the command in slot 0, all events in slot 1"
        )
    return body


def _read(body: bytes, kind: type[T], what: str, where: str) -> T:
    try:
        return decode_value(kind, body, what)
    except StandclearError as error:
        wrong = f"slot of the {what}: {error.detail}"
        raise LogBroken(wrong, where=where, expected="what a centre writes there") from error


def _check_shown(
    state: State, received: Received, entry: Entry, events: tuple[Event, ...], seen: _Seen
) -> None:
    """An answer that was taken names the commitment of what its signer was shown."""
    if any(isinstance(event, NoticeRecorded | NoticeAmended) for event in events):
        seen.shown[entry.seq] = {part.slot: part.commitment for part in entry.parts}
    command = received.command
    if isinstance(command, AnswerNotice) and any(isinstance(event, NoticeAnswered) for event in events):
        shown = seen.shown.get(command.entry, {}).get(slot_of(state, received.actor), b"").hex()
        if shown != command.shown:
            wrong = f"it answers {command.shown}, which is not what {received.actor} was shown"
            raise LogBroken(wrong, where=f"entry {entry.seq}", expected=shown or "nothing was shown there")


def check_ticked(state: State, received: Received, where: str) -> None:
    """Before a command is recorded, everything that fell due by then has been dealt with (design §4)."""
    due = () if isinstance(received.command, PassTime) else state.due_by(received.at_us)
    if due:
        wrong = f"{due[0].notice} fell due at {due[0].at_us} µs, and this was recorded without it"
        raise LogBroken(wrong, where=where, expected="an entry of the clock before it")


def _count(result: Audited, decided: Decided) -> None:
    result.decisions += 1
    result.confirmed += decided.confirmed
    result.conservative += decided.conservative


def _after(state: State, events: tuple[Event, ...], where: str) -> State:
    """The fold. Only where a decision was not derived again can events make no sense here."""
    try:
        return after_entry(state, events)
    except (KeyError, ValueError, StandclearError) as error:
        raise LogBroken(f"its events speak of what never stood ({error})", where=where) from error


def _check_views(result: Audited, entry: Entry, due: dict[int, View], after: State) -> None:
    """Each recipient's view, made again from the events; an erased one shows its commitment only."""
    where = f"entry {entry.seq}"
    kept = {part.slot - FIRST_VIEW_SLOT: part for part in entry.parts if part.slot >= FIRST_VIEW_SLOT}
    names = {actor.number: actor.id for actor in after.terms.actors}
    for number in sorted({*kept, *due}):
        whose = f"the view of {names.get(number, 'nobody')} (slot {number + FIRST_VIEW_SLOT})"
        if number not in due:
            raise LogBroken(
                f"{whose} stands there", where=where, expected="no view, for none of this concerns it"
            )
        shown = encode(due[number])
        if number not in kept:
            raise LogBroken(f"{whose} is not there", where=where, expected=quoted(plain(shown)))
        if kept[number].body is None:
            result.erased.append(f"{where}: {whose}")
        elif kept[number].body != shown:
            was, right = difference(plain(kept[number].body), plain(shown))
            wrong = f"{whose} is not what its rules release: {was}"
            raise LogBroken(wrong, where=where, expected=right)
        else:
            result.views += 1


def plain(body: bytes | None) -> object:
    """A view as plain values; what is no JSON, as a text."""
    try:
        return msgspec.json.decode(body or b"")
    except msgspec.DecodeError:
        return (body or b"").decode("utf-8", "replace")
