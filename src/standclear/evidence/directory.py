# SPDX-License-Identifier: Apache-2.0
"""A centre's directory as something to make bundles from: looked at, never owned, no byte of it changed.

Nothing is recomputed here but the tree: who gets the bundle proves it. A head is signed with the directory's own
checkpoint key, as the centre would; a copy without keys has the heads that mirrors cosigned.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path

from standclear import wiring
from standclear.core.events import CentreOpened
from standclear.errors import LogBroken, Malformed
from standclear.identity import read_identity
from standclear.sealing import events_of
from standclear.store.cosigned import CosignedFile
from standclear.store.looking import LookedAt
from standclear.tlog.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from standclear.tlog.cosignature import add_cosignatures
from standclear.tlog.entry import Attachment, consent_of
from standclear.tlog.log_tree import LogTree
from standclear.tlog.note import parse_note
from standclear.tlog.proved import Proved, proved, views_of
from standclear.tlog.tiles import Tile


class DirectoryLog:
    """The log in a centre's directory, as a `bundle.making.Held`."""

    def __init__(self, log: LookedAt, directory: Path) -> None:
        """Read every leaf, and in which entries which slot is filled.

        Raises:
            LogBroken: a leaf is none, or not the next one; entry 0 opens nothing.
        """
        self._log, self._directory = log, directory
        self._tree = LogTree()
        self._filled: dict[int, array[int]] = {}
        for entry in log.read():
            self._tree.add(entry.leaf)
            for part in entry.parts:
                if part.body is not None:
                    self._filled.setdefault(part.slot, array("Q")).append(entry.seq)
        opened = events_of(log.entry(0))[0]
        if not isinstance(opened, CentreOpened):
            raise LogBroken("opens no log", where="entry 0", expected="a log that was opened")
        self.opened = opened
        self.size = log.size

    def tile(self, tile: Tile) -> bytes:
        """A tile of the log."""
        return self._tree.tile(tile, self.size)

    def part(self, seq: int, slot: int) -> Proved | None:
        """What stands in a slot of one entry."""
        return proved(self._log.entry(seq), slot)

    def parts(self, slot: int, start: int, size: int) -> Iterator[Proved]:
        """What stands in a slot, entry by entry."""
        filled = self._filled.get(slot, array("Q"))
        for place in range(bisect_left(filled, start), bisect_left(filled, size)):
            found = self.part(filled[place], slot)
            if found is not None:
                yield found

    def views(self, seq: int) -> tuple[Proved, ...]:
        """Every recipient's view of one entry."""
        return views_of(self._log.entry(seq))

    def consent(self, seq: int) -> Attachment | None:
        """The consent document sent with a command."""
        return consent_of(self._log.entry(seq))

    def size_at(self, at_us: int) -> int:
        """How many entries were recorded by a time."""
        return self._tree.leaves.recorded_by(at_us, self.size)

    def checkpoint(self, size: int) -> str:
        """A signed head of this size; with its cosignatures where it is the present one, as the centre shows it.

        Raises:
            Malformed: there is no key here to sign it, and nobody cosigned this one.
        """
        root = self._tree.subtrees.frontier(size).root()
        head = Checkpoint(self.opened.origin, size, root)
        cosigned = [note for note in self._cosigned() if parse_note(note.encode()).text == head.text()]
        key = self._directory / "keys" / f"{wiring.CHECKPOINT}.key"
        if not key.exists():
            if cosigned:
                return cosigned[0]
            sizes = ", ".join(
                str(parse_checkpoint(parse_note(n.encode()).text).size) for n in self._cosigned()
            )
            raise Malformed(
                f"nothing here signs the head of {size} entries",
                where=str(key),
                expected=f"the centre's keys, or --as-known-at with a size that was cosigned: {sizes or 'none was'}",
            )
        note = sign_checkpoint(head, read_identity(key).command)
        lines = [line for one in sorted(cosigned) for line in one.splitlines(keepends=True)[-1:]]
        return add_cosignatures(note, lines if size == self.size else [])

    def _cosigned(self) -> list[str]:
        return CosignedFile(self._directory / wiring.COSIGNED_FILE).load()
