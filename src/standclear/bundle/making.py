# SPDX-License-Identifier: Apache-2.0
"""Bundles made from whatever holds a log for a reader: a running centre, a mirror's copy, a directory, a bundle.

One line after the other, so that a log of any length streams. Whoever makes one from the same log for the same reader
gets the same bytes (law 8); a mirror of desk or arbiter holds no other recipient's views and can give none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, Protocol

import msgspec

from standclear.bundle.lines import (
    MAX_LINE_BYTES,
    VERSION,
    Account,
    AttachmentLine,
    EntryLine,
    Header,
    part_line,
    written,
)
from standclear.core.codec import decode_value
from standclear.core.events import CentreOpened, CommandRefused, NoticeAmended, NoticeRecorded
from standclear.core.parts import EventsPart
from standclear.core.release import View
from standclear.tlog.checkpoint import parse_checkpoint
from standclear.tlog.entry import CONSENT, Attachment
from standclear.tlog.leaf import decode_leaf
from standclear.tlog.note import parse_note
from standclear.tlog.proved import Proved
from standclear.tlog.slots import COMMAND_SLOT, EVENTS_SLOT, FIRST_VIEW_SLOT
from standclear.tlog.tile_reader import TileReader
from standclear.tlog.tiles import TILE_WIDTH, Tile, parse_bundle, parse_tile_path

FLUSH_BYTES: Final = 262_144
"""Lines are handed over in pieces of about this size."""


class Whom(NamedTuple):
    """Whose sight a bundle is, and where in every entry its part stands."""

    actor: str
    slot: int


class Held(Protocol):
    """A log as far as it is held somewhere for a reader."""

    def tile(self, tile: Tile) -> bytes:
        """A tile of the log."""
        ...

    def part(self, seq: int, slot: int) -> Proved | None:
        """What stands in a slot of one entry; None where it is empty, erased or not held."""
        ...

    def parts(self, slot: int, start: int, size: int) -> Iterator[Proved]:
        """What stands in a slot, entry by entry."""
        ...

    def views(self, seq: int) -> tuple[Proved, ...]:
        """Every recipient's view of an entry; raises NotFound where they are not held."""
        ...

    def consent(self, seq: int) -> Attachment | None:
        """The consent document sent with a command; None where there is none, or it is erased or not held."""
        ...


class Sight(NamedTuple):
    """A log as one reader is shown it, up to a signed head. `views`: those of others too, for desk and arbiter."""

    held: Held
    whom: Whom
    checkpoint: str
    exercise: bool
    views: bool

    @property
    def origin(self) -> str:
        """The log's name."""
        return parse_checkpoint(parse_note(self.checkpoint.encode()).text).origin

    @property
    def size(self) -> int:
        """How many entries the head covers."""
        return parse_checkpoint(parse_note(self.checkpoint.encode()).text).size

    def recipients(self) -> dict[int, str]:
        """Whose views stand in which slot, as entry 0 says."""
        opened = self.held.part(0, self.whom.slot)
        first = view_in(opened).events[0] if opened is not None else None
        actors = first.terms.actors if isinstance(first, CentreOpened) else ()
        return {FIRST_VIEW_SLOT + actor.number: actor.id for actor in actors}


def whole(sight: Sight) -> Iterator[bytes]:
    """Every entry, as far as the reader was shown it."""
    yield written(_header(sight, whole=True, account=None))
    size, slot = sight.size, sight.whom.slot
    shown = sight.held.parts(slot, 0, size)
    own = next(shown, None)
    for first in range(0, size, TILE_WIDTH):
        width = min(TILE_WIDTH, size - first)
        leaves = parse_bundle(sight.held.tile(Tile(None, first // TILE_WIDTH, width)), width)
        for seq, leaf in enumerate(leaves, first):
            here = own if own is not None and own.seq == seq else None
            if here is not None:
                own = next(shown, None)
            yield written(entry_line(sight, seq, leaf, None, here))


def selection(sight: Sight, about: Iterable[int], account: Account) -> Iterator[bytes]:
    """Some entries, with the chain of keys and terms behind each, and the last of the log."""
    checkpoint = parse_checkpoint(parse_note(sight.checkpoint.encode()).text)
    reader = TileReader(checkpoint, lambda path: sight.held.tile(parse_tile_path(path)))
    leaves: dict[int, bytes] = {}
    for seq in sorted({*about, checkpoint.size - 1}, reverse=True):
        named: int | None = seq
        while named is not None and named not in leaves:
            leaves[named] = reader.leaves(named // TILE_WIDTH)[named % TILE_WIDTH]
            named = decode_leaf(leaves[named]).keys
    yield written(_header(sight, whole=False, account=account))
    for seq in sorted(leaves):
        path = tuple(node.hex() for node in reader.inclusion_path(seq))
        own = sight.held.part(seq, sight.whom.slot)
        yield written(entry_line(sight, seq, leaves[seq], path, own))


def in_pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines gathered, so that a server sends no packet for each."""
    piece = bytearray()
    for line in lines:
        piece += line
        if len(piece) >= FLUSH_BYTES:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)


def entry_line(
    sight: Sight, seq: int, leaf: bytes, path: tuple[str, ...] | None, own: Proved | None
) -> EntryLine:
    """One entry as the reader is shown it."""
    parts: list[Proved] = []
    attachments: tuple[AttachmentLine, ...] = ()
    if own is not None:
        view = view_in(own)
        command = sight.held.part(seq, COMMAND_SLOT) if view.command else None
        parts += [command] if command is not None else []
        parts.append(own)
        if command is not None and sees_consent(sight.whom, view):
            attachments = _consent(sight.held.consent(seq))
    line = EntryLine(leaf.decode(), path, tuple(part_line(part) for part in parts), attachments)
    if sight.views and sight.whom.slot == EVENTS_SLOT:
        others = tuple(part_line(part) for part in sight.held.views(seq))
        everything = msgspec.structs.replace(line, parts=(*line.parts, *others))
        # A few thousand polygons for each of a thousand recipients fit no line: then only the reader's own stand.
        line = everything if len(written(everything)) <= MAX_LINE_BYTES else line
    return line


def view_in(part: Proved) -> View:
    """The view in a part; slot 1 shows the command too."""
    if part.slot == EVENTS_SLOT:
        return View(command=True, events=decode_value(EventsPart, part.body, "events").events)
    return decode_value(View, part.body, "view")


def _header(sight: Sight, *, whole: bool, account: Account | None) -> Header:
    return Header(
        bundle=VERSION,
        origin=sight.origin,
        reader=sight.whom.actor,
        slot=sight.whom.slot,
        checkpoint=sight.checkpoint,
        whole=whole,
        exercise=sight.exercise,
        dossier=account,
    )


def sees_consent(whom: Whom, view: View) -> bool:
    """Desk and arbiter, who check decisions; and the author, who gave it. A refusal is shown to its author alone."""
    if whom.slot == EVENTS_SLOT:
        return True
    first = view.events[0] if view.events else None
    return isinstance(first, CommandRefused) or (
        isinstance(first, NoticeRecorded | NoticeAmended) and first.author == whom.actor
    )


def _consent(kept: Attachment | None) -> tuple[AttachmentLine, ...]:
    if kept is None or kept.body is None or kept.salt is None:
        return ()
    return (AttachmentLine(kept.body.decode(), CONSENT, kept.salt.hex()),)
