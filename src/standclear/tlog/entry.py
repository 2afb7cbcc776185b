# SPDX-License-Identifier: Apache-2.0
"""An entry as it is kept: leaf, parts, filling, and the attachments beside them (design §4).

`check_entry` recomputes everything from the stored bytes, so a changed byte shows without any key:

- leaf: canonical, and numbered as the entry is;
- parts: each matches its commitment, and with the filling they give the leaf's `parts_root`;
- attachments: their commitment stands, as 64 lower-case hex digits, in the command of slot 0.

Of what was erased the commitment stays, and the same checks hold for it. `command_key` is the store's index over
actor and command id. No hash covers it: whoever folds the log compares it with the command.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

import msgspec

from standclear.errors import LogBroken
from standclear.tlog.leaf import Leaf, decode_leaf
from standclear.tlog.merkle import HASH_BYTES
from standclear.tlog.slots import COMMAND_SLOT, SALT_BYTES, SLOTS, Node, Part, parts_root_of

ATTACHMENT_DOMAIN: Final = b"standclear/attachment/1\n"
CONSENT: Final = "consent"
DETAILS: Final = "details"
ATTACHMENT_NAMES: Final = (CONSENT, DETAILS)
SLOT_PREFIX: Final = "slot/"
"""A part is erased under the name of its slot: slot/0, slot/1, slot/2 ..."""


class Attachment(msgspec.Struct, frozen=True):
    """A document that the signed command commits to: `consent` or `details`.

    Once erased, salt and body are None and `commitment` is what is left; before that it is made from them.
    """

    name: str
    salt: bytes | None
    body: bytes | None
    commitment: bytes | None = None


class Entry(msgspec.Struct, frozen=True):
    """One command and the events it caused, as stored. `command_key` is `actor/id`."""

    seq: int
    leaf: bytes
    parts: tuple[Part, ...]
    filling: tuple[Node, ...]
    attachments: tuple[Attachment, ...]
    command_key: str

    def body(self, slot: int) -> bytes | None:
        """Return what stands in a slot; None where it is empty or erased."""
        return next((part.body for part in self.parts if part.slot == slot), None)


def consent_of(entry: Entry) -> Attachment | None:
    """The consent document that was sent with a stored entry's command, erased or not."""
    return next((kept for kept in entry.attachments if kept.name == CONSENT), None)


def commit_attachment(salt: bytes, body: bytes) -> bytes:
    """SHA-256("standclear/attachment/1\\n" || 32-byte salt || body).

    Raises:
        LogBroken: the salt has not 32 bytes, so salt and body could be cut apart anew.
    """
    if len(salt) != SALT_BYTES:
        raise LogBroken(f"a salt has {len(salt)} bytes", expected=f"{SALT_BYTES} bytes")
    return sha256(ATTACHMENT_DOMAIN + salt + body).digest()


def attachment_commitment(attachment: Attachment) -> bytes:
    """Return the commitment of an attachment, recomputed if it can be.

    Raises:
        LogBroken: it is half erased, or a size is wrong.
    """
    salt, body, kept = attachment.salt, attachment.body, attachment.commitment
    if salt is not None and body is not None and kept is None:
        return commit_attachment(salt, body)
    if salt is None and body is None and kept is not None and len(kept) == HASH_BYTES:
        return kept
    raise LogBroken("the attachment is half erased: salt and body go, a 32-byte commitment stays")


def slot_named(name: str) -> int | None:
    """Return the slot that "slot/N" names; None if it names none."""
    digits = name.removeprefix(SLOT_PREFIX)
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= len(str(SLOTS))):
        return None
    slot = int(digits)
    return slot if slot < SLOTS and name == f"{SLOT_PREFIX}{slot}" else None


def check_entry(entry: Entry) -> Leaf:
    """Recompute everything that an entry's leaf commits to, and return the leaf.

    Raises:
        LogBroken: something stored does not hash to what was committed to; says what and where.
    """
    try:
        leaf = decode_leaf(entry.leaf)
        found = parts_root_of(entry.parts, entry.filling)
        if leaf.seq != entry.seq:
            raise LogBroken(f"the leaf is of entry {leaf.seq}", expected=f"seq {entry.seq}")
        if found.hex() != leaf.parts_root:
            raise LogBroken(
                f"parts and filling hash to {found.hex()}", expected=f"parts_root {leaf.parts_root}"
            )
        _check_attachments(entry)
    except LogBroken as broken:
        where = f"entry {entry.seq}, {broken.where}" if broken.where else f"entry {entry.seq}"
        raise LogBroken(broken.detail, where=where, expected=broken.expected) from broken
    return leaf


def _check_attachments(entry: Entry) -> None:
    """Each attachment, erased or not, is committed to by the command in slot 0, and stands once."""
    command = entry.body(COMMAND_SLOT)
    seen: set[str] = set()
    for attachment in entry.attachments:
        where = f"attachment {attachment.name!r}"
        if attachment.name not in ATTACHMENT_NAMES or attachment.name in seen:
            raise LogBroken("an unknown attachment, or one that stands twice", where=where)
        seen.add(attachment.name)
        try:
            digits = attachment_commitment(attachment).hex()
        except LogBroken as broken:
            raise LogBroken(broken.detail, where=where, expected=broken.expected) from broken
        # An erased command leaves nothing to compare with; the auditor says so (design §4).
        if command is not None and digits.encode() not in command:
            raise LogBroken(f"the command does not commit to {digits}", where=where)
