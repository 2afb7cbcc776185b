# SPDX-License-Identifier: Apache-2.0
"""A whole bundle that was proven, as something to read: its parts, one entry after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from standclear.bundle.lines import AttachmentLine, EntryLine, Header, Lines, Misspelled, PartLine
from standclear.errors import LogBroken
from standclear.tlog.entry import Attachment
from standclear.tlog.leaf import Leaf, decode_leaf
from standclear.tlog.proved import Proved


def entries_in(file: IO[bytes]) -> Iterator[tuple[Leaf, EntryLine]]:
    """The entries of a bundle, from its beginning.

    Raises:
        LogBroken: it is not spelled as a bundle; prove it first.
    """
    file.seek(0)
    try:
        for line in Lines(file).entries():
            yield decode_leaf(line.leaf.encode()), line
    except Misspelled as error:
        raise LogBroken(str(error), where="bundle") from None


def header_in(file: IO[bytes]) -> Header:
    """The first line of a bundle.

    Raises:
        LogBroken: it is none.
    """
    file.seek(0)
    try:
        return Lines(file).header
    except Misspelled as error:
        raise LogBroken(str(error), where="bundle") from None


def proved_in(leaf: Leaf, line: EntryLine, part: PartLine) -> Proved:
    """A part with its leaf and path."""
    path = tuple(bytes.fromhex(node) for node in part.path)
    return Proved(leaf.seq, line.leaf.encode(), part.slot, bytes.fromhex(part.salt), part.body.encode(), path)


def attachment_in(line: AttachmentLine) -> Attachment:
    """A document that was sent beside a command."""
    return Attachment(line.name, bytes.fromhex(line.salt), line.body.encode())
