# SPDX-License-Identifier: Apache-2.0
"""What a centre has durably recorded, to be read: by its own readers (the `Record` of `web/`) and by the sequencer."""

from __future__ import annotations

from collections.abc import Iterator

from standclear.centre.inboxes import Inboxes
from standclear.centre.port import Reads
from standclear.core.state import State
from standclear.past import Past
from standclear.sealing import Snapshot
from standclear.tlog.entry import DETAILS, Attachment, Entry, consent_of
from standclear.tlog.log_tree import LogTree
from standclear.tlog.proved import Proved, proved, views_of
from standclear.tlog.tiles import Tile


class Durable:
    """The log as it stands: published snapshot, tree, inboxes, past, the entries themselves. Any thread may read."""

    def __init__(self, opened: Snapshot, tree: LogTree, inboxes: Inboxes, past: Past, reads: Reads) -> None:
        """Begin with what was folded; `reads` gives the entries."""
        self._snapshot, self._tree, self._past, self._reads = opened, tree, past, reads
        self.inboxes = inboxes

    @property
    def snapshot(self) -> Snapshot:
        """What is durably recorded, as of now."""
        return self._snapshot

    def tile(self, tile: Tile) -> bytes:
        """The bytes of a tile of what is durably recorded.

        Raises:
            NotFound: the log does not reach so far.
        """
        return self._tree.tile(tile, self._snapshot.size)

    def admits(self, actor: str) -> bool:
        """Everyone in the terms can be answered here."""
        return True

    def parts(self, slot: int, start: int, size: int) -> Iterator[Proved]:
        """What stands in a slot, entry by entry, from number `start` on, up to a log size; erased parts left out."""
        for seq in self.inboxes.entries(slot, start, size):
            found = proved(self.entry(seq), slot)
            if found is not None:
                yield found

    def part(self, seq: int, slot: int) -> Proved | None:
        """What stands in a slot of one entry; None where it is empty or erased, or there is no such entry."""
        return proved(self.entry(seq), slot) if seq < self._snapshot.size else None

    def views(self, seq: int) -> tuple[Proved, ...]:
        """Every recipient's view of one entry; erased ones left out."""
        return views_of(self.entry(seq))

    def consent(self, seq: int) -> Attachment | None:
        """The consent document sent with a command, if there is one."""
        return consent_of(self.entry(seq))

    def details(self, seq: int) -> Attachment | None:
        """The details document sent beside the command of an entry; None where there was none, or it is erased."""
        kept = self.entry(seq).attachments
        return next((one for one in kept if one.name == DETAILS and one.body is not None), None)

    def known_at(self, slot: int, size: int) -> State:
        """What the reader of a slot knew when the log had this size."""
        return self._past.known(slot, size)

    def recorded_us(self, seq: int) -> int:
        """When an entry was recorded."""
        return self._tree.leaves.at_us(seq)

    def size_at(self, at_us: int) -> int:
        """How many entries were recorded by a time."""
        return self._tree.leaves.recorded_by(at_us, self._snapshot.size)

    def entry(self, seq: int) -> Entry:
        """A stored entry."""
        return next(self._reads.read(seq))
