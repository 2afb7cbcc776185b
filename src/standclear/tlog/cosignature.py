# SPDX-License-Identifier: Apache-2.0
"""Cosignatures as C2SP tlog-cosignature v1.0.1 has them, Ed25519 only: who else saw this head of the log, and when.

    — <cosigner> <base64(4-byte key id || u64 time || 64-byte signature)>

- Signed are the lines `cosignature/v1` and `time <seconds since 1970>`, then the checkpoint's three lines.
- It says: of this log I saw no larger tree by then, and all that I ever saw of it is a prefix of this one. Whoever
  cosigns has verified that first; nothing here does.
- A key that cosigns does nothing else, and only under one name: the signed text holds no name (specification), and
  a key has one use (design §4). The key id's type byte 04 keeps it apart from the log's own 01.
- Signatures by unknown keys are ignored; a failing one by a known key refuses the note, as in `note`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from standclear.errors import Malformed, NotAuthentic
from standclear.tlog.checkpoint import Checkpoint, open_checkpoint
from standclear.tlog.keys import COSIGNATURE_DOMAIN, SigningKey, verify
from standclear.tlog.note import (
    Note,
    NoteSignature,
    check_name,
    note_key_id,
    parse_note,
    read_vkey,
    signature_line,
    write_vkey,
)

COSIGNATURE: Final = b"\x04"
"""Signature type byte of timestamped Ed25519 cosignatures."""
MAX_TIME_S: Final = 2**63 - 1
TIME_BYTES: Final = 8
SIGNATURE_BYTES: Final = 64


class CosignerKey(msgspec.Struct, frozen=True):
    """A named Ed25519 public key that verifies cosignatures and nothing else."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """First four bytes of SHA-256(name || 0A || 04 || public key)."""
        return note_key_id(self.name, COSIGNATURE, self.public)

    def vkey(self) -> str:
        """Write the key as `name+<key id in hex>+<base64(04 || public key)>`."""
        return write_vkey(self.name, COSIGNATURE, self.public)


class Cosignature(msgspec.Struct, frozen=True):
    """A verified statement: this cosigner held that checkpoint at this time (s since 1970 UTC, its own clock)."""

    cosigner: str
    time_s: int


class Quorum(msgspec.Struct, frozen=True):
    """Any `needed` of these cosigners.

    Raises:
        Malformed: fewer cosigners than needed, none needed, or a name or key that stands twice.
    """

    cosigners: tuple[CosignerKey, ...]
    needed: int

    def __post_init__(self) -> None:
        """Refuse a quorum that cannot be met, is met by nobody, or counts one cosigner twice."""
        count = len(self.cosigners)
        if not 1 <= self.needed <= count:
            raise Malformed(f"{self.needed} of {count} cosigners", where="quorum", expected=f"1..{count}")
        for distinct in ({key.name for key in self.cosigners}, {key.public for key in self.cosigners}):
            if len(distinct) != count:
                raise Malformed("a cosigner's name or key stands twice", where="quorum")


class Cosigned(msgspec.Struct, frozen=True):
    """A checkpoint that the log signed and a quorum cosigned, by name."""

    checkpoint: Checkpoint
    cosignatures: tuple[Cosignature, ...]


def parse_cosigner_vkey(text: str) -> CosignerKey:
    """Read a cosigner's verifier key.

    Raises:
        Malformed: not of that form, not of type 04, or a key id that does not fit.
        NotAuthentic: no honest Ed25519 key.
    """
    return CosignerKey(*read_vkey(text, COSIGNATURE))


def cosigned_message(checkpoint: str, time_s: int) -> bytes:
    """Return the bytes that are signed: domain, time, and the checkpoint's text with its final newline."""
    return COSIGNATURE_DOMAIN + f"time {time_s}\n{checkpoint}".encode()


def cosign(checkpoint: Checkpoint, name: str, key: SigningKey, time_s: int) -> str:
    """Return the signature line, with its newline, by which `name` cosigns at a time in s since 1970 UTC.

    Raises:
        Malformed: the checkpoint cannot be written, the time is out of range, or the name is no key name.
    """
    check_name(name)
    if not 0 <= time_s <= MAX_TIME_S:
        raise Malformed(f"time {time_s} is out of range", where="cosignature", expected=f"0..{MAX_TIME_S} s")
    signature = key.sign(cosigned_message(checkpoint.text(), time_s))
    return signature_line(name, CosignerKey(name, key.public).id, time_s.to_bytes(TIME_BYTES) + signature)


def cosigner_name(origin: str, actor: str) -> str:
    """The name under which an actor's machines cosign a log: one for all of them, so that each actor counts once."""
    return f"{origin}/{actor}"


def add_cosignatures(note: str, lines: Sequence[str]) -> str:
    """Return a signed checkpoint with further signature lines at its end. Verifies nothing.

    Raises:
        Malformed: a line that is not one signature line.
        TooLarge: more than a note holds.
    """
    whole = note + "".join(lines)
    before, after = parse_note(note.encode()), parse_note(whole.encode())
    if after.text != before.text or len(after.signatures) != len(before.signatures) + len(lines):
        raise Malformed("not one signature line each", where="cosignature", expected="— name base64, newline")
    return whole


def verify_cosignatures(note: Note, cosigners: Sequence[CosignerKey]) -> tuple[Cosignature, ...]:
    """Verify the cosignatures of these cosigners, each counted once and with its latest time; sorted by name.

    Raises:
        Malformed: a cosignature of a known key that has not 72 bytes, or a time above 2**63 - 1.
        NotAuthentic: a known key's cosignature fails.
    """
    known = {(key.name, key.id): key for key in cosigners}
    times: dict[str, int] = {}
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is not None:
            time_s = _verified_time(note.text, signature, key)
            times[key.name] = max(time_s, times.get(key.name, 0))
    return tuple(Cosignature(name, times[name]) for name in sorted(times))


def open_cosigned(note: str | bytes, origin: str, public: bytes, quorum: Quorum) -> Cosigned:
    """Read a checkpoint of the log `origin`; verify the log's own signature and a quorum of cosignatures.

    Times are returned, not judged: that takes a clock and a policy.

    Raises:
        Malformed: not a checkpoint, a misshapen cosignature, or the log's own key among the cosigners.
        NotAuthentic: the log's signature is missing or fails, a cosignature fails, or there are too few.
    """
    data = note.encode() if isinstance(note, str) else note
    if any(key.public == public for key in quorum.cosigners):
        raise Malformed("the log's own key is among the cosigners", where="quorum", expected="keys of others")
    checkpoint = open_checkpoint(data, origin, public)
    found = verify_cosignatures(parse_note(data), quorum.cosigners)
    if len(found) < quorum.needed:
        names = ", ".join(key.name for key in quorum.cosigners)
        raise NotAuthentic(
            f"{len(found)} cosignatures", where="checkpoint", expected=f"{quorum.needed} of {names}"
        )
    return Cosigned(checkpoint, found)


def _verified_time(text: str, signature: NoteSignature, key: CosignerKey) -> int:
    """The time of one cosignature, once its signature stands."""
    where = f"cosignature by {key.name}"
    blob = signature.signature
    if len(blob) != TIME_BYTES + SIGNATURE_BYTES:
        raise Malformed(f"{len(blob)} bytes", where=where, expected=f"{TIME_BYTES + SIGNATURE_BYTES} bytes")
    time_s = int.from_bytes(blob[:TIME_BYTES])
    if time_s > MAX_TIME_S:
        raise Malformed(f"time {time_s} is out of range", where=where, expected=f"at most {MAX_TIME_S} s")
    try:
        verify(key.public, blob[TIME_BYTES:], cosigned_message(text, time_s))
    except NotAuthentic as error:
        raise NotAuthentic(error.detail, where=where) from error
    return time_s
