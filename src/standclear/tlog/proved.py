# SPDX-License-Identifier: Apache-2.0
"""One part of an entry with all that proves it: what a recipient holds of an entry that it was shown."""

from __future__ import annotations

import msgspec

from standclear.tlog.entry import Entry
from standclear.tlog.leaf import decode_leaf
from standclear.tlog.slots import FIRST_VIEW_SLOT, slot_path, verify_slot


class Proved(msgspec.Struct, frozen=True):
    """A leaf, and a body that stands in one of its slots: salt and ten hashes lead to the leaf's `parts_root`."""

    seq: int
    leaf: bytes
    slot: int
    salt: bytes
    body: bytes
    path: tuple[bytes, ...]

    def verify(self) -> None:
        """Check the proof.

        Raises:
            LogBroken: the leaf is none, or the body does not stand under it.
        """
        verify_slot(
            bytes.fromhex(decode_leaf(self.leaf).parts_root), self.slot, self.salt, self.body, self.path
        )


def proved(entry: Entry, slot: int) -> Proved | None:
    """The part in a slot of a stored entry; None where it is empty or erased."""
    part = next((part for part in entry.parts if part.slot == slot), None)
    if part is None or part.body is None or part.salt is None:
        return None
    path = slot_path(entry.parts, entry.filling, slot)
    return Proved(entry.seq, entry.leaf, slot, part.salt, part.body, path)


def views_of(entry: Entry) -> tuple[Proved, ...]:
    """Every recipient's view of a stored entry, by rising slot; erased ones left out."""
    found = (proved(entry, part.slot) for part in entry.parts if part.slot >= FIRST_VIEW_SLOT)
    return tuple(part for part in found if part is not None)
