# SPDX-License-Identifier: Apache-2.0
"""Checkpoints as C2SP tlog-checkpoint v1.0.0 has them: a signed note of origin, size and root.

    example.org/exercise
    7
    <base64 of the 32-byte root>

- No extension lines: nobody audits them, so none are written and none accepted.
- Size in decimal without leading zeros; base64 in its one canonical spelling.
- The key signs in the log's own name. Never two roots for one size: that is the centre's to see to.
"""

from __future__ import annotations

import base64
from typing import Final

import msgspec

from standclear.errors import Malformed, NotAuthentic
from standclear.tlog.keys import SigningKey
from standclear.tlog.leaf import MAX_INTEGER
from standclear.tlog.merkle import EMPTY_ROOT, HASH_BYTES
from standclear.tlog.note import NoteKey, NoteSigner, open_note, sign_note, unbase64

_FORM: Final = "three lines: origin, size, base64 of the root"


class Checkpoint(msgspec.Struct, frozen=True):
    """Which log, how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the three lines that are signed.

        Raises:
            Malformed: an origin that is not one printable line, a size out of range, or another root than there is.
        """
        where = "checkpoint"
        if not self.origin or not self.origin.isprintable():
            raise Malformed(f"{self.origin!r} is no origin", where=where, expected="one printable line")
        if not 0 <= self.size <= MAX_INTEGER:
            raise Malformed(f"size {self.size} is out of range", where=where)
        if len(self.root) != HASH_BYTES:
            raise Malformed(
                f"the root has {len(self.root)} bytes", where=where, expected=f"{HASH_BYTES} bytes"
            )
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise Malformed("the empty log has one root, and this is another", where=where)
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the three lines; only what `Checkpoint.text` gives is accepted.

    Raises:
        Malformed: anything else; extension lines too.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise Malformed(f"{len(lines) - 1} lines", where="checkpoint", expected=_FORM)
    origin, size, encoded, _ = lines
    if not (size.isascii() and size.isdecimal()) or len(size) > len(str(MAX_INTEGER)):
        raise Malformed(f"size {size[:40]!r} is no number", where="checkpoint", expected=_FORM)
    checkpoint = Checkpoint(origin, int(size), unbase64(encoded, where="checkpoint"))
    if checkpoint.text() != text:
        raise Malformed("the size is not in its canonical spelling", where="checkpoint", expected=_FORM)
    return checkpoint


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> str:
    """Return the checkpoint as a note signed in the log's own name.

    Raises:
        Malformed: the checkpoint cannot be written, or its origin is no key name.
    """
    return sign_note(checkpoint.text(), [NoteSigner(checkpoint.origin, key)]).decode()


def open_checkpoint(note: str | bytes, origin: str, public: bytes) -> Checkpoint:
    """Read a signed checkpoint of the log `origin` and verify the log's own signature.

    Raises:
        Malformed: not a checkpoint.
        NotAuthentic: the signature of this key fails or is missing, or it is another log's checkpoint.
    """
    data = note.encode() if isinstance(note, str) else note
    checkpoint = parse_checkpoint(open_note(data, [NoteKey(origin, public)]).text)
    if checkpoint.origin != origin:
        raise NotAuthentic(
            f"this checkpoint is of {checkpoint.origin!r}", where="checkpoint", expected=origin
        )
    return checkpoint
