# SPDX-License-Identifier: Apache-2.0
"""A bundle or a running centre checked: what its bytes prove first, then, of a whole bundle, every decision again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

from standclear.audit.bundles import audit_bundle
from standclear.bundle.held import header_in
from standclear.bundle.proving import Proven, prove
from standclear.client.feed import Feed
from standclear.client.link import Link
from standclear.errors import LogBroken, Malformed, NotAuthentic
from standclear.identity import Identity
from standclear.mirror.refolding import judge_bundle
from standclear.tlog.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from standclear.tlog.cosignature import Cosignature
from standclear.tlog.leaf import Leaf, decode_leaf
from standclear.tlog.note import parse_note
from standclear.tlog.slots import EVENTS_SLOT
from standclear.tlog.tile_reader import TileReader
from standclear.tlog.tiles import TILE_WIDTH

Show = Callable[[int, int | None], None]
"""Told how many entries stand, of how many if that is known."""
EXPORT: Final = "/v1/export"


@dataclass
class Checked:
    """What was found, or the first thing that is wrong."""

    origin: str = ""
    exercise: bool = False
    reader: str = ""
    whole: bool = False
    size: int = 0
    """Of the log at the signed head."""
    root: str = ""
    entries: int = 0
    signatures: int = 0
    cosignatures: tuple[Cosignature, ...] = ()
    known_key: bool = False
    """Whether the head's key was known by another way."""
    folded: bool = False
    decisions: int = 0
    views: int = 0
    confirmed: int = 0
    conservative: int = 0
    partly_sealed: int = 0
    contradicted: int = 0
    wrong: str = ""
    """One sentence; nothing if everything stands."""


def verify_file(path: Path, key: bytes | None, show: Show) -> Checked:
    """Check a bundle in a file.

    Raises:
        Malformed: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return verify_bundle(file, key, show)
    except FileNotFoundError:
        raise Malformed(
            "no such file", where=str(path), expected="a bundle or a centre's directory"
        ) from None
    except OSError as error:
        raise Malformed(f"cannot be read: {error.strerror}", where=str(path)) from None


def verify_bundle(file: IO[bytes], key: bytes | None, show: Show) -> Checked:
    """Check a bundle: its bytes, and where it is whole, what was decided."""
    checked = _checked(prove(file, key, lambda done: show(done, None)))
    if checked.wrong or not checked.whole:
        return checked
    file.seek(0)
    return decided_again(file, checked, show)


def decided_again(file: IO[bytes], checked: Checked, show: Show) -> Checked:
    """Fold a whole bundle that was proven, and decide again what can be decided from it."""
    sees_all = header_in(file).slot == EVENTS_SLOT
    judge = audit_bundle if sees_all else judge_bundle
    judged = judge(file, lambda done: show(done, checked.entries))
    checked.folded = True
    checked.decisions, checked.views = judged.decisions, judged.views
    checked.confirmed, checked.conservative = judged.confirmed, judged.conservative
    checked.partly_sealed, checked.contradicted = judged.partly_sealed, judged.contradicted
    if judged.wrong:
        checked.wrong = f"[judged] {judged.wrong[0].rstrip('.')}."
    return checked


def verify_url(url: str, key: bytes | None, identity: Identity | None, show: Show) -> Checked:
    """Check what a running centre, or a mirror, shows: its head and tiles; with an identity its whole inbox too.

    Raises:
        StandclearError: it gives no answer.
    """
    link = Link(url, identity)
    try:
        if identity is None:
            return verify_head(Feed(link), key, show)
        with TemporaryFile() as file:
            with link.streamed(EXPORT, {"views": "own"}) as pieces:
                for piece in pieces:
                    file.write(piece)
            file.seek(0)
            checked = verify_bundle(file, key, show)
            if not checked.wrong:
                _tiles_agree(Feed(link), checked, show)
            return checked
    finally:
        link.close()


def verify_head(feed: Feed, key: bytes | None, show: Show) -> Checked:
    """Check a signed head and the tiles behind it: leaves in order that give its root."""
    note = feed.checkpoint()
    checked = Checked(known_key=key is not None)
    try:
        head = parse_checkpoint(parse_note(note.encode()).text)
        checked.origin = head.origin
        if key is not None:
            open_checkpoint(note, head.origin, key)
    except (Malformed, NotAuthentic) as error:
        checked.wrong = f"[head] {error.sentence()}"
        return checked
    checked.size, checked.root = head.size, head.root.hex()
    try:
        _walk(feed, head, checked, show)
    except LogBroken as error:
        checked.wrong = f"[leaf] {error.sentence()}"
    return checked


def _tiles_agree(feed: Feed, checked: Checked, show: Show) -> None:
    """The tiles that anyone can fetch are those of the log that the reader was shown."""
    head = Checkpoint(checked.origin, checked.size, bytes.fromhex(checked.root))
    try:
        _walk(feed, head, Checked(), show)
    except LogBroken as error:
        checked.wrong = f"[leaf] the log's tiles are not those of the inbox: {error.sentence()}"


def _walk(feed: Feed, head: Checkpoint, checked: Checked, show: Show) -> None:
    reader = TileReader(head, feed.tile)
    before: Leaf | None = None
    for index in range(-(-head.size // TILE_WIDTH)):
        for data in reader.leaves(index):
            leaf = decode_leaf(data)
            _check_next(before, leaf, checked.entries)
            before = leaf
            checked.entries += 1
        show(checked.entries, head.size)


def _check_next(before: Leaf | None, leaf: Leaf, seq: int) -> None:
    where = f"entry {seq}"
    if leaf.seq != seq:
        raise LogBroken(f"its leaf is of entry {leaf.seq}", where=where, expected=str(seq))
    if before is not None and leaf.at <= before.at:
        raise LogBroken(
            f"is dated {leaf.at} µs, and the one before {before.at} µs", where=where, expected="later"
        )
    if before is not None and (leaf.keys or 0) < (before.keys or 0):
        raise LogBroken(f"names {leaf.keys} as newest key entry, the one before {before.keys}", where=where)


def _checked(proven: Proven) -> Checked:
    header = proven.header
    return Checked(
        origin=header.origin if header else "",
        exercise=header.exercise if header else False,
        reader=header.reader if header else "",
        whole=header.whole if header else False,
        size=proven.size,
        root=proven.root,
        entries=proven.entries,
        signatures=proven.signatures,
        cosignatures=proven.cosignatures,
        known_key=proven.known_key,
        wrong=proven.wrong,
    )
