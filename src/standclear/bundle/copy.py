# SPDX-License-Identifier: Apache-2.0
"""A whole bundle in a file, as something that smaller bundles are made from (`making.Held`). Prove it first."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from typing import IO

from standclear.bundle.held import attachment_in, header_in, proved_in
from standclear.bundle.lines import MAX_LINE_BYTES, EntryLine, Header, Lines, read_entry
from standclear.bundle.making import Sight, Whom
from standclear.errors import Malformed
from standclear.tlog.entry import CONSENT, Attachment
from standclear.tlog.leaf import decode_leaf
from standclear.tlog.log_tree import LogTree
from standclear.tlog.proved import Proved
from standclear.tlog.slots import EVENTS_SLOT, FIRST_VIEW_SLOT
from standclear.tlog.tiles import Tile


class BundleCopy:
    """The log that a whole bundle holds. Where each line begins is kept; the lines are read anew."""

    def __init__(self, file: IO[bytes]) -> None:
        """Find the lines.

        Raises:
            Malformed: the bundle is a selection: nobody can tell what was left out of it.
            LogBroken: it is not spelled as a bundle.
        """
        self._file = file
        self.header: Header = header_in(file)
        if not self.header.whole:
            raise Malformed(
                "is a selection", where="bundle", expected="a whole bundle, as `standclear export` makes"
            )
        self._tree = LogTree()
        self._starts = array("Q")
        self._own = array("Q")
        file.seek(0)
        lines = Lines(file)
        self._starts.append(lines.bytes_read)
        for line in lines.entries():
            if line.part(self.header.slot) is not None:
                self._own.append(len(self._starts) - 1)
            self._tree.add(line.leaf.encode())
            self._starts.append(lines.bytes_read)

    def sight(self) -> Sight:
        """It as its reader was shown it."""
        header = self.header
        views = any(part.slot > EVENTS_SLOT for part in self._line(0).parts) and header.slot == EVENTS_SLOT
        return Sight(self, Whom(header.reader, header.slot), header.checkpoint, header.exercise, views)

    def tile(self, tile: Tile) -> bytes:
        """A tile of the log."""
        return self._tree.tile(tile, len(self._starts) - 1)

    def part(self, seq: int, slot: int) -> Proved | None:
        """What is held of a slot of one entry."""
        return next((part for part in self._parts(seq) if part.slot == slot), None)

    def parts(self, slot: int, start: int, size: int) -> Iterator[Proved]:
        """What stands in the reader's slot, entry by entry."""
        for place in range(bisect_left(self._own, start), bisect_left(self._own, size)):
            found = self.part(self._own[place], slot)
            if found is not None:
                yield found

    def views(self, seq: int) -> tuple[Proved, ...]:
        """The recipients' views of one entry, as far as they are in it."""
        return tuple(part for part in self._parts(seq) if part.slot >= FIRST_VIEW_SLOT)

    def consent(self, seq: int) -> Attachment | None:
        """The consent document of one entry."""
        found = (
            attachment_in(attached) for attached in self._line(seq).attachments if attached.name == CONSENT
        )
        return next(found, None)

    def _parts(self, seq: int) -> Iterator[Proved]:
        line = self._line(seq)
        leaf = decode_leaf(line.leaf.encode())
        return (proved_in(leaf, line, part) for part in line.parts)

    def _line(self, seq: int) -> EntryLine:
        self._file.seek(self._starts[seq])
        return read_entry(self._file.readline(MAX_LINE_BYTES + 2))
