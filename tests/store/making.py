# SPDX-License-Identifier: Apache-2.0
"""Entries that hold together, for tests of the store and of what checks them."""

from __future__ import annotations

from standclear.tlog.entry import Attachment, Entry, commit_attachment
from standclear.tlog.leaf import Leaf, encode_leaf
from standclear.tlog.slots import seal
from tests.tlog.drawing import drawing

VIEWS = (2, 5, 9)
"""Slots of the recipients of every made entry: with command and events five parts."""


def make_entry(seq: int, *, details: bytes | None = None, key: str | None = None, size: int = 300) -> Entry:
    """Return entry number `seq`, always the same; with attachments if it has details."""
    draw = drawing(seq.to_bytes(8))
    attachments: tuple[Attachment, ...] = ()
    if details is not None:
        attachments = (
            Attachment("consent", draw(32), b'{"to":[]}'),
            Attachment("details", draw(32), details),
        )
    committed = ",".join(commit_attachment(kept.salt or b"", kept.body or b"").hex() for kept in attachments)
    bodies = {0: f'{{"command":"{committed}"}}'.encode(), 1: b'{"events":[]}'}
    bodies |= {slot: b'{"command":false,"events":[]}'.ljust(size) for slot in VIEWS}
    sealed = seal(bodies, draw)
    leaf = Leaf(
        seq=seq, at=1_795_000_000_000_000 + seq, parts_root=sealed.parts_root.hex(), keys=0 if seq else None
    )
    return Entry(seq, encode_leaf(leaf), sealed.parts, sealed.filling, attachments, key or f"relief/{seq:08}")


def make_entries(start: int, end: int) -> list[Entry]:
    """Return entries start..end-1."""
    return [make_entry(seq) for seq in range(start, end)]
