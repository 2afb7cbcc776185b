# SPDX-License-Identifier: Apache-2.0
"""Recorded or witnessed: told from `/log/witnessed` by whoever holds it, with keys learnt from the log itself.

Every leaf names the newest key or terms entry before it, and those go to everyone. So the chain of them is fetched
back to entry 0, each proven under its leaf and each leaf under the head that is to be judged. What stands there says
which keys cosign, for whom, and how many the terms ask for. Whoever makes up a whole log makes up its keys too: pin
the log's key, or ask a mirror.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec
from msgspec.structs import replace

from standclear.bundle.making import view_in
from standclear.client.feed import Feed
from standclear.client.proof import Pinned
from standclear.core.evolve import after_entry
from standclear.core.parts import STANDING_EVENTS
from standclear.core.state import NOTHING, State
from standclear.errors import LogBroken, NotAuthentic
from standclear.grades import cosigner_keys, open_witnessed
from standclear.tlog.checkpoint import parse_checkpoint
from standclear.tlog.cosignature import verify_cosignatures
from standclear.tlog.leaf import decode_leaf
from standclear.tlog.note import parse_note
from standclear.tlog.proved import Proved
from standclear.tlog.tile_reader import TileReader
from standclear.tlog.tiles import TILE_WIDTH


class Grade(StrEnum):
    """How far an entry has come."""

    RECORDED = "recorded"
    WITNESSED = "witnessed"


class Witnessed(msgspec.Struct, frozen=True):
    """A head that bears the quorum of the terms: its size, who cosigned it, and the leaves below it."""

    size: int
    cosigners: tuple[str, ...]
    reader: TileReader

    def grade(self, entry: int, leaf: str = "") -> Grade:
        """The grade of an entry; with the leaf of a receipt, of that very entry.

        Raises:
            LogBroken: another entry stands in its place under the witnessed head.
        """
        if entry >= self.size:
            return Grade.RECORDED
        if leaf and leaf_at(self.reader, entry).decode() != leaf:
            raise LogBroken("another entry was witnessed in its place", where=f"entry {entry}")
        return Grade.WITNESSED


def read_witnessed(feed: Feed, pinned: Pinned | None) -> Witnessed | None:
    """The newest head with its quorum, proven; None where the address has none.

    Raises:
        LogBroken: what is served does not stand under the head.
        NotAuthentic, Malformed: the head does not bear what the terms ask for, or the log is not the pinned one.
    """
    note = feed.witnessed()
    if not note:
        return None
    parsed = parse_note(note.encode())
    reader = TileReader(parse_checkpoint(parsed.text), feed.tile)
    state = _learnt(feed, reader)
    head = open_witnessed(note, state)
    if pinned is not None:
        known = {key.public for key in state.keys.values()}
        if (state.origin, pinned.checkpoint_key.hex() in known) != (pinned.origin, True):
            raise NotAuthentic("this log does not enrol the key that is pinned", where="/log/witnessed")
    found = verify_cosignatures(parsed, cosigner_keys(state))
    return Witnessed(head.size, tuple(one.cosigner for one in found), reader)


def leaf_at(reader: TileReader, seq: int) -> bytes:
    """A leaf, proven under the reader's head."""
    return reader.leaves(seq // TILE_WIDTH)[seq % TILE_WIDTH]


def _learnt(feed: Feed, reader: TileReader) -> State:
    """Keys and terms as the log had them below the head."""
    last = reader.checkpoint.size - 1
    seqs = [last]
    named = decode_leaf(leaf_at(reader, last)).keys
    while named is not None:
        seqs.append(named)
        named = decode_leaf(leaf_at(reader, named)).keys
    state = NOTHING
    for seq in reversed(seqs):
        part = feed.view(seq)
        if part is None and seq == last != 0:
            continue  # no key or terms entry, and not shown to this reader
        events = view_in(_proven(part, reader, seq)).events
        standing = tuple(event for event in events if isinstance(event, STANDING_EVENTS))
        state = after_entry(replace(state, size=seq), standing)
    return state


def _proven(part: Proved | None, reader: TileReader, seq: int) -> Proved:
    if part is None or part.seq != seq or part.leaf != leaf_at(reader, seq):
        raise LogBroken("a key or terms entry is not given as the log has it", where=f"entry {seq}")
    part.verify()
    return part
