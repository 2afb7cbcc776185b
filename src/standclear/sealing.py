# SPDX-License-Identifier: Apache-2.0
"""From a decision to the entry that keeps it, and back: which bytes stand in which slot (design §4).

slot 0    {"command": "<exact text>", "key": ..., "signature": ...}
slot 1    {"events": [...]}                    all events, for desk and arbiter
slot 2+i  {"command": true|false, "events": [...]}   what recipient i is shown
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from rpds import HashTrieMap

from standclear.admission import Admitted
from standclear.core.codec import encode
from standclear.core.events import Event
from standclear.core.evolve import after_entry
from standclear.core.knowledge import UNASKED_FIRST, Knowledge, learn
from standclear.core.parts import STANDING_EVENTS, CommandPart, EventsPart
from standclear.core.received import Received
from standclear.core.release import SEES_ALL, View, views
from standclear.core.state import NOTHING, State
from standclear.errors import LogBroken
from standclear.tlog.entry import CONSENT, DETAILS, Entry, attachment_commitment, check_entry
from standclear.tlog.leaf import Leaf, decode_leaf, encode_leaf
from standclear.tlog.merkle import Frontier, leaf_hash
from standclear.tlog.slots import COMMAND_SLOT, EVENTS_SLOT, FIRST_VIEW_SLOT, SLOTS, Draw, seal


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that is known after so many entries; readers hold one and are never disturbed."""

    state: State
    knowledge: Knowledge
    frontier: Frontier
    at_us: int
    keys: int | None
    """Number of the newest key or terms entry."""

    @property
    def size(self) -> int:
        """How many entries there are."""
        return self.state.size


BEFORE_ENTRY_0 = Snapshot(NOTHING, HashTrieMap(), Frontier.EMPTY, 0, None)


def seal_entry(
    before: Snapshot,
    admitted: Admitted,
    received: Received,
    events: tuple[Event, ...],
    draw: Draw,
) -> tuple[Entry, Snapshot]:
    """The entry of a decided command, and what is known once it stands."""
    after = after_entry(before.state, events)
    events = tuple(events)
    shown = views(before.state, after, received, events)
    command = CommandPart(
        admitted.submission.raw.decode(),
        admitted.submission.key,
        admitted.submission.signature.hex(),
    )
    bodies = {COMMAND_SLOT: encode(command), EVENTS_SLOT: encode(EventsPart(events))}
    bodies |= {FIRST_VIEW_SLOT + number: encode(view) for number, view in shown.items()}
    sealed = seal(bodies, draw)
    leaf = encode_leaf(
        Leaf(
            v=1,
            seq=before.size,
            at=received.at_us,
            parts_root=sealed.parts_root.hex(),
            keys=before.keys,
        )
    )
    entry = Entry(
        before.size,
        leaf,
        sealed.parts,
        sealed.filling,
        admitted.attachments,
        admitted.command_key,
    )
    return entry, known_after(before, after, shown, leaf, received.at_us, is_standing(events))


def known_after(
    before: Snapshot,
    after: State,
    shown: dict[int, View],
    leaf: bytes,
    at_us: int,
    standing: bool,
) -> Snapshot:
    """A snapshot with one entry more."""
    return Snapshot(
        state=after,
        knowledge=learn(before.knowledge, before.size, shown, UNASKED_FIRST),
        frontier=before.frontier.append(leaf_hash(leaf)),
        at_us=at_us,
        keys=before.size if standing else before.keys,
    )


class _Identified(msgspec.Struct, frozen=True):
    """As much of a command as names it and what was sent beside it."""

    id: str
    consent: str | None = None
    details: str | None = None


_ID = msgspec.json.Decoder(_Identified)
_COMMAND = msgspec.json.Decoder(CommandPart)
_EVENTS = msgspec.json.Decoder(EventsPart)
_VIEW = msgspec.json.Decoder(View)


def replay_entry(before: Snapshot, entry: Entry) -> Snapshot:
    """What is known once a stored entry is folded in, after recomputing every hash it commits to.

    Raises:
        LogBroken: the entry is not the next one, its bytes do not hash to its leaf, it is kept under another
            command's key, or what was sent beside its command is not all there.
    """
    leaf = check_follows(before, entry)
    events = events_of(entry)
    after = after_entry(before.state, events)
    check_kept(before.state if before.size else after, entry)
    shown = {
        part.slot - FIRST_VIEW_SLOT: _VIEW.decode(part.body)
        for part in entry.parts
        if part.slot >= FIRST_VIEW_SLOT and part.body is not None
    }
    return known_after(before, after, shown, entry.leaf, leaf.at, is_standing(events))


def check_follows(before: Snapshot, entry: Entry, hashed: bool = False) -> Leaf:
    """The leaf of a stored entry, after recomputing every hash it commits to (unless done): the next one, and later.

    Raises:
        LogBroken: it is not; says what would be right.
    """
    leaf, where = decode_leaf(entry.leaf) if hashed else check_entry(entry), f"entry {entry.seq}"
    not_next = "does not follow the entry before it: "
    if entry.seq != before.size:
        raise LogBroken(
            f"{not_next}it stands as number {before.size}", where=where, expected=f"{before.size}"
        )
    if leaf.at <= before.at_us:
        wrong = f"{not_next}it says {leaf.at} µs, and the one before {before.at_us} µs"
        raise LogBroken(wrong, where=where, expected="a later time")
    if leaf.keys != before.keys:
        wrong = f"{not_next}it names {leaf.keys} as the newest key or terms entry"
        raise LogBroken(wrong, where=where, expected=f"{before.keys}")
    return leaf


def is_standing(events: tuple[Event, ...]) -> bool:
    """Whether these make a key or terms entry."""
    return any(isinstance(event, STANDING_EVENTS) for event in events)


def check_kept(keys: State, entry: Entry) -> None:
    """Check what no hash covers: the key an entry is found by, and that no attachment is missing."""
    command = command_of(entry)
    said, where = _ID.decode(command.command), f"entry {entry.seq}"
    holder = keys.keys.get(command.key) or keys.invitations.get(command.key)
    if holder is None or entry.command_key != f"{holder.actor}/{said.id}":
        raise LogBroken("is kept under the id of another command", where=where)
    committed = {CONSENT: said.consent, DETAILS: said.details}
    kept = {one.name: attachment_commitment(one).hex() for one in entry.attachments}
    if kept != {name: digits for name, digits in committed.items() if digits is not None}:
        raise LogBroken("an attachment is missing, or stands under another name", where=where)


def command_of(entry: Entry) -> CommandPart:
    """What was signed."""
    return _COMMAND.decode(_present(entry, COMMAND_SLOT))


def events_of(entry: Entry) -> tuple[Event, ...]:
    """All events of an entry."""
    return _EVENTS.decode(_present(entry, EVENTS_SLOT)).events


def events_in(entry: Entry, slot: int) -> tuple[Event, ...] | None:
    """The events that stand in slot 1 or in a view; None where there is none, or it is erased."""
    body = entry.body(slot)
    if body is None:
        return None
    return _EVENTS.decode(body).events if slot == EVENTS_SLOT else _VIEW.decode(body).events


def slot_of(state: State, actor: str) -> int:
    """Where an actor's part of every entry stands; a slot that no entry uses for one that the terms do not name."""
    known = state.actors.get(actor)
    if known is None:
        return SLOTS
    return EVENTS_SLOT if known.role in SEES_ALL else FIRST_VIEW_SLOT + known.number


def view_of(entry: Entry, number: int) -> View | None:
    """What recipient `number` was shown, if anything."""
    body = entry.body(FIRST_VIEW_SLOT + number)
    return None if body is None else _VIEW.decode(body)


def _present(entry: Entry, slot: int) -> bytes:
    body = entry.body(slot)
    if body is None:
        raise LogBroken(f"slot {slot} is missing or erased", where=f"entry {entry.seq}")
    return body
