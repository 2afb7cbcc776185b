# SPDX-License-Identifier: Apache-2.0
"""What every store asks of a batch before it writes, and what erasing makes of an entry."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from standclear.errors import IdAlreadyUsed, Malformed, NotFound
from standclear.tlog.entry import Attachment, Entry, attachment_commitment, slot_named
from standclear.tlog.slots import SLOTS, Part


def check_batch(expected_size: int, entries: Sequence[Entry]) -> None:
    """Check that a batch is numbered from `expected_size` on, and that each key, slot and name is there once.

    Raises:
        Malformed: an entry has another number than its place, or slots or attachments are out of order.
        IdAlreadyUsed: two entries of the batch have one command key.
    """
    keys: set[str] = set()
    for seq, entry in enumerate(entries, expected_size):
        if entry.seq != seq:
            raise Malformed(f"the entry is numbered {entry.seq}", where="append", expected=f"entry {seq}")
        if entry.command_key in keys:
            raise already_used(entry.command_key)
        keys.add(entry.command_key)
        slots = [part.slot for part in entry.parts]
        names = [attachment.name for attachment in entry.attachments]
        # What would be read back in another order, or from another entry's rows, is not taken.
        if slots != sorted({slot for slot in slots if 0 <= slot < SLOTS}) or names != sorted(set(names)):
            where = f"append, entry {seq}"
            raise Malformed("slots or attachments are not each once, in order", where=where)


def already_used(command_key: str) -> IdAlreadyUsed:
    """Say which command key stands already."""
    return IdAlreadyUsed(f"the command {command_key!r} is in the log already; nothing was appended")


def never_stood(seq: int, name: str) -> NotFound:
    """Say that there was never anything to erase."""
    return NotFound(f"entry {seq} never had {name!r}", where="erase", expected="consent, details or slot/N")


def erase_from(entry: Entry, name: str) -> Entry:
    """Return the entry with only the commitment left of an attachment or a part.

    Raises:
        NotFound: it never had one of this name.
    """
    slot = slot_named(name)
    if all(part.slot != slot for part in entry.parts) and all(
        kept.name != name for kept in entry.attachments
    ):
        raise never_stood(entry.seq, name)
    return msgspec.structs.replace(
        entry,
        parts=tuple(
            Part(slot, None, None, part.commitment) if part.slot == slot else part for part in entry.parts
        ),
        attachments=tuple(
            Attachment(name, None, None, attachment_commitment(kept)) if kept.name == name else kept
            for kept in entry.attachments
        ),
    )
