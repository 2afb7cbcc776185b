# SPDX-License-Identifier: Apache-2.0
"""All that is known after so many entries, as bytes, and back: a cache that spares a start the log before it.

It is used only where a later entry of the log, signed by the centre's clock, says its SHA-256 (`PassTime.state`).
The bytes are a function of the log: maps sorted by key, states by slot. They hold what the fold holds, so no
attachment and nothing that is erased. Of the indexes only that of everything is restored, with what is still
compared, as of this size.

    record   8 bytes of length, little-endian, then as many bytes
    file     head; for each state its standing, then its notices and shapes by the thousand; columns of numbers
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeAlias, TypeVar

import msgspec
from msgspec.structs import replace
from rpds import HashTrieMap

from standclear.centre.inboxes import Inboxes
from standclear.core.codec import encode
from standclear.core.events import MessageSaid, PositionTaken, PostVouched, ReplacementObjected
from standclear.core.knowledge import Knowledge
from standclear.core.model import Content
from standclear.core.shapes import restored_index
from standclear.core.state import (
    Case,
    Due,
    Invitation,
    Key,
    Measured,
    Notice,
    Proposal,
    Showing,
    State,
    Steps,
    Told,
    Unheld,
    Watch,
    Word,
)
from standclear.core.terms import Terms
from standclear.errors import Malformed
from standclear.geometry.index import NOT_KEPT
from standclear.sealing import Snapshot
from standclear.tlog.log_tree import LogTree
from standclear.tlog.merkle import Frontier

FORM: Final = f"standclear/state/1/{sys.byteorder}"
"""Another form is not read: the log is folded anew."""
AT_ONCE: Final = 1_000
EVERYTHING: Final = -1
"""Stands for slot 1 among the recipients' numbers."""
T = TypeVar("T")


_HexSteps: TypeAlias = "tuple[tuple[int, str], ...]"
"""`Steps`, their masks in hex."""


class _Head(msgspec.Struct, frozen=True):
    form: str
    size: int
    at_us: int
    keys: int | None
    frontier: Frontier
    states: int
    columns: int


class _Standing(msgspec.Struct, frozen=True):
    """A state without its notices and shapes."""

    number: int
    size: int
    origin: str
    exercise: bool
    terms: Terms
    assents: tuple[str, ...]
    keys: tuple[tuple[str, Key], ...]
    invitations: tuple[tuple[str, Invitation], ...]
    visible: tuple[tuple[int, int], ...]
    meetings: tuple[tuple[tuple[str, str], tuple[str, ...]], ...]
    measured: tuple[tuple[tuple[str, str], Measured], ...]
    held: tuple[tuple[str, Word], ...]
    erased: tuple[tuple[tuple[str, str], int], ...]
    resumed: tuple[tuple[int, str], ...]
    revoked: tuple[tuple[str, Key], ...]
    replacements: tuple[tuple[str, PostVouched | ReplacementObjected], ...]
    withdrawals: tuple[tuple[str, tuple[int, ...]], ...]
    positions: tuple[PositionTaken, ...]
    proposals: tuple[Proposal, ...]
    terms_entry: int
    messages: tuple[tuple[str, tuple[MessageSaid, ...]], ...]
    incidents: tuple[tuple[str, Case], ...]
    watches: tuple[tuple[str, Watch], ...]
    unheld: tuple[tuple[str, _HexSteps, _HexSteps], ...]
    due: tuple[tuple[int, tuple[Due, ...]], ...]
    ticked_us: int
    notices: int
    showings: int


class _Shape(msgspec.Struct, frozen=True):
    """A `Showing`; without content it is what its notice says. Masks are in hex: JSON bounds numbers."""

    key: str
    notice: str
    audience: str
    content: Content | None
    covered: bool
    met: str
    aged: bool


class _Kept(msgspec.Struct, frozen=True):
    """A notice, and apart from it whom it was told, with masks in hex."""

    notice: Notice
    told: tuple[tuple[str, int, int], ...]
    ever: str


_HEAD: Final = msgspec.json.Decoder(_Head)
_STANDING: Final = msgspec.json.Decoder(_Standing)
_NOTICES: Final = msgspec.json.Decoder(tuple[_Kept, ...])
_SHAPES: Final = msgspec.json.Decoder(tuple[_Shape, ...])


@dataclass(frozen=True, slots=True)
class Known:
    """What is known after so many entries, with the columns that prove and find them."""

    snapshot: Snapshot
    tree: LogTree
    inboxes: Inboxes


def columns_of(tree: LogTree, inboxes: Inboxes, size: int) -> tuple[bytes, ...]:
    """Copy what grows beside the states: for the thread that grows it."""
    return (*tree.columns(size), *inboxes.columns(size))


def written(snapshot: Snapshot, columns: Sequence[bytes]) -> Iterator[bytes]:
    """The bytes, piece by piece, so that whoever writes them lets others work in between."""
    states = [(EVERYTHING, snapshot.state), *sorted(snapshot.knowledge.items(), key=lambda item: item[0])]
    head = _Head(
        form=FORM,
        size=snapshot.size,
        at_us=snapshot.at_us,
        keys=snapshot.keys,
        frontier=snapshot.frontier,
        states=len(states),
        columns=len(columns),
    )
    yield from _framed(encode(head))
    for number, state in states:
        yield from _framed(encode(_standing(number, state)))
        for some in _by_the_thousand(sorted(state.notices)):
            yield from _framed(encode([_kept(state.notices[key]) for key in some]))
        for some in _by_the_thousand(sorted(state.showings)):
            yield from _framed(encode([_shape(state, key) for key in some]))
    for column in columns:
        yield from _framed(column)


def size_in(data: bytes) -> int:
    """After how many entries the bytes were written.

    Raises:
        Malformed: they are not of this form.
    """
    return _head(_records(data)).size


def read(data: bytes) -> Known:
    """What was written. The caller has checked the digest: nothing is checked here but that it is all there.

    Raises:
        Malformed: the bytes are not of this form.
    """
    records = _records(data)
    head = _head(records)
    try:
        states = dict(_state(records) for _ in range(head.states))
        columns = [next(records) for _ in range(head.columns)]
        knowledge: Knowledge = HashTrieMap(
            {number: state for number, state in states.items() if number != EVERYTHING}
        )
        snapshot = Snapshot(states[EVERYTHING], knowledge, head.frontier, head.at_us, head.keys)
        tree, rest = LogTree.restored(columns)
        return Known(snapshot, tree, Inboxes.restored(rest))
    except (msgspec.DecodeError, LookupError, ValueError, RuntimeError, StopIteration) as error:
        raise Malformed(f"the state cannot be read: {error}") from error


def _framed(record: bytes) -> tuple[bytes, bytes]:
    return len(record).to_bytes(8, "little"), record


def _records(data: bytes) -> Iterator[memoryview]:
    view, at = memoryview(data), 0
    while at + 8 <= len(view):
        end = at + 8 + int.from_bytes(view[at : at + 8], "little")
        yield view[at + 8 : end]
        at = end


def _head(records: Iterator[memoryview]) -> _Head:
    try:
        head = _HEAD.decode(next(records, b""))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"this is no state: {error}") from error
    if head.form != FORM:
        raise Malformed(f"the state is of the form {head.form}", expected=FORM)
    return head


def _by_the_thousand(keys: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _standing(number: int, state: State) -> _Standing:
    return _Standing(
        number=number,
        size=state.size,
        origin=state.origin,
        exercise=state.exercise,
        terms=state.terms,
        assents=state.assents,
        keys=_sorted(state.keys),
        invitations=_sorted(state.invitations),
        visible=_sorted(state.visible),
        meetings=_sorted(state.meetings),
        measured=_sorted(state.measured),
        held=_sorted(state.held),
        erased=_sorted(state.erased),
        resumed=state.resumed,
        revoked=_sorted(state.revoked),
        replacements=_sorted(state.replacements),
        withdrawals=_sorted(state.withdrawals),
        positions=state.positions,
        proposals=state.proposals,
        terms_entry=state.terms_entry,
        messages=_sorted(state.messages),
        incidents=_sorted(state.incidents),
        watches=_sorted(state.watches),
        unheld=tuple(
            (author, _hexed(waits.first), _hexed(waits.newest)) for author, waits in _sorted(state.unheld)
        ),
        due=_sorted(state.due),
        ticked_us=state.ticked_us,
        notices=len(state.notices),
        showings=len(state.showings),
    )


K = TypeVar("K", str, int, tuple[str, str])


def _sorted(found: HashTrieMap[K, T]) -> tuple[tuple[K, T], ...]:
    return tuple(sorted(found.items(), key=lambda item: item[0]))


def _hexed(steps: Steps) -> _HexSteps:
    return tuple((entry, f"{mask:x}") for entry, mask in steps)


def _steps(steps: _HexSteps) -> Steps:
    return tuple((entry, int(mask, 16)) for entry, mask in steps)


def _kept(notice: Notice) -> _Kept:
    told = tuple((f"{one.audience:x}", one.seq, one.at_us) for one in notice.told)
    return _Kept(replace(notice, told=(), ever=0), told, f"{notice.ever:x}")


def _notice(kept: _Kept) -> Notice:
    told = tuple(Told(int(mask, 16), seq, at_us) for mask, seq, at_us in kept.told)
    return replace(kept.notice, told=told, ever=int(kept.ever, 16))


def _shape(state: State, key: str) -> _Shape:
    shown = state.showings[key]
    same = shown.content == state.notices[shown.notice].content
    content = None if same else shown.content
    return _Shape(
        key, shown.notice, f"{shown.audience:x}", content, shown.covered, f"{shown.met:x}", shown.aged
    )


def _state(records: Iterator[memoryview]) -> tuple[int, State]:
    standing = _STANDING.decode(next(records))
    notices: dict[str, Notice] = {}
    while len(notices) < standing.notices:
        notices.update((kept.notice.id, _notice(kept)) for kept in _NOTICES.decode(next(records)))
    showings: dict[str, Showing] = {}
    while len(showings) < standing.showings:
        for shape in _SHAPES.decode(next(records)):
            content = notices[shape.notice].content if shape.content is None else shape.content
            masks = int(shape.audience, 16), int(shape.met, 16)
            showings[shape.key] = Showing(
                shape.notice, content, masks[0], shape.covered, masks[1], shape.aged
            )
    state = State(
        size=standing.size,
        origin=standing.origin,
        exercise=standing.exercise,
        terms=standing.terms,
        assents=standing.assents,
        actors=HashTrieMap({actor.id: actor for actor in standing.terms.actors}),
        keys=HashTrieMap(dict(standing.keys)),
        invitations=HashTrieMap(dict(standing.invitations)),
        notices=HashTrieMap(notices),
        showings=HashTrieMap(showings),
        visible=HashTrieMap(dict(standing.visible)),
        meetings=HashTrieMap(dict(standing.meetings)),
        measured=HashTrieMap(dict(standing.measured)),
        held=HashTrieMap(dict(standing.held)),
        erased=HashTrieMap(dict(standing.erased)),
        resumed=standing.resumed,
        revoked=HashTrieMap(dict(standing.revoked)),
        replacements=HashTrieMap(dict(standing.replacements)),
        withdrawals=HashTrieMap(dict(standing.withdrawals)),
        positions=standing.positions,
        proposals=standing.proposals,
        terms_entry=standing.terms_entry,
        messages=HashTrieMap(dict(standing.messages)),
        incidents=HashTrieMap(dict(standing.incidents)),
        watches=HashTrieMap(dict(standing.watches)),
        unheld=HashTrieMap(
            {author: Unheld(_steps(first), _steps(newest)) for author, first, newest in standing.unheld}
        ),
        index=NOT_KEPT,
        due=HashTrieMap(dict(standing.due)),
        ticked_us=standing.ticked_us,
    )
    if standing.number != EVERYTHING:
        # A centre judges by everything; the index of what one recipient knows is asked at its mirror alone.
        return standing.number, state
    return standing.number, replace(state, index=restored_index(state, list(showings)))
