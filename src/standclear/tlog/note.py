# SPDX-License-Identifier: Apache-2.0
"""Signed notes as C2SP signed-note v1.0.0 has them: a text, a blank line, signature lines.

    <text ending in newline>
    <blank line>
    — <key name> <base64(4-byte key id || signature)>

- The signature is over the text with its final newline, without the blank line.
- Signatures by unknown keys are ignored; a failing one by a known key refuses the whole note; so does none at all.
- Parsing is strict: valid UTF-8, no control characters but newline, canonical base64, at most 64 signatures.
- Only Ed25519 (type 01) is signed and verified here; lines of other types are kept as they came (type 04:
  `cosignature`).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

import msgspec

from standclear.errors import Malformed, NotAuthentic, TooLarge
from standclear.tlog.keys import PUBLIC_BYTES, SigningKey, check_public, verify

ED25519: Final = b"\x01"
"""Signature type byte of plain Ed25519."""
KEY_ID_BYTES: Final = 4
MAX_SIGNATURES: Final = 64
MAX_NOTE_BYTES: Final = 1_000_000
_DASH: Final = "\u2014 "


class NoteKey(msgspec.Struct, frozen=True):
    """A named Ed25519 public key that verifies notes."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """First four bytes of SHA-256(name || 0A || 01 || public key)."""
        return note_key_id(self.name, ED25519, self.public)

    def vkey(self) -> str:
        """Write the key as `name+<key id in hex>+<base64(01 || public key)>`, as Go's sumdb/note does."""
        return write_vkey(self.name, ED25519, self.public)


class NoteSigner(msgspec.Struct, frozen=True):
    """A name and the private key that signs notes under it."""

    name: str
    key: SigningKey

    @property
    def verifier(self) -> NoteKey:
        """The public half under the same name."""
        return NoteKey(self.name, self.key.public)


class NoteSignature(msgspec.Struct, frozen=True):
    """One signature line, verified or not."""

    name: str
    key_id: bytes
    signature: bytes


class Note(msgspec.Struct, frozen=True):
    """A parsed note. Its text means nothing until a known key has been verified over it."""

    text: str
    signatures: tuple[NoteSignature, ...]


def note_key_id(name: str, kind: bytes, public: bytes) -> bytes:
    """Return the first four bytes of SHA-256(name || 0A || signature type || public key)."""
    return sha256(name.encode() + b"\n" + kind + public).digest()[:KEY_ID_BYTES]


def write_vkey(name: str, kind: bytes, public: bytes) -> str:
    """Write a public key as `name+<key id in hex>+<base64(signature type || public key)>`."""
    return f"{name}+{note_key_id(name, kind, public).hex()}+{base64.b64encode(kind + public).decode()}"


def read_vkey(text: str, kind: bytes) -> tuple[str, bytes]:
    """Read the name and the 32-byte public key of a verifier key of this signature type.

    Raises:
        Malformed: not of that form, another signature type, or a key id that does not fit.
        NotAuthentic: no honest Ed25519 key.
    """
    expected = f"name+<8 hex digits>+<base64 of {kind.hex()} and 32 bytes>"
    name, _, rest = text.partition("+")
    id_hex, _, encoded = rest.partition("+")
    blob = unbase64(encoded, where="verifier key")
    if len(blob) != 1 + PUBLIC_BYTES or blob[:1] != kind:
        raise Malformed(
            f"the verifier key is not an Ed25519 key of type {kind.hex()}",
            where="verifier key",
            expected=expected,
        )
    check_name(name)
    public = blob[1:]
    check_public(public)
    key_id = note_key_id(name, kind, public).hex()
    if key_id != id_hex:
        raise Malformed(f"key id {id_hex!r} is not that of the key", where="verifier key", expected=key_id)
    return name, public


def parse_vkey(text: str) -> NoteKey:
    """Read a verifier key of type 01.

    Raises:
        Malformed, NotAuthentic: see `read_vkey`.
    """
    return NoteKey(*read_vkey(text, ED25519))


def signature_line(name: str, key_id: bytes, signature: bytes) -> str:
    """Write one signature line, with its newline."""
    return f"{_DASH}{name} {base64.b64encode(key_id + signature).decode()}\n"


def sign_note(text: str, signers: Sequence[NoteSigner]) -> bytes:
    """Return the note with one signature line per signer.

    Raises:
        Malformed: a text that no strict reader would take, a bad key name, or no signer.
    """
    message = text.encode()
    lines = [signature_line(one.name, one.verifier.id, one.key.sign(message)) for one in signers]
    note = (text + "\n" + "".join(lines)).encode()
    if parse_note(note).text != text:  # what we emit, every strict reader takes
        raise Malformed("the text cannot be told from its signatures", where="note")
    return note


def parse_note(data: bytes) -> Note:
    """Split a note into text and signatures without verifying anything.

    Raises:
        Malformed: not a signed note; says which line.
        TooLarge: above 1,000,000 bytes or 64 signatures.
    """
    if len(data) > MAX_NOTE_BYTES:
        raise TooLarge(f"the note has {len(data)} bytes", where="note", expected=f"at most {MAX_NOTE_BYTES}")
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"the note is not UTF-8: {error}", where="note") from error
    if any(char < " " and char != "\n" for char in whole):
        raise Malformed("the note contains a control character", where="note", expected="newlines only")
    end = whole.rfind("\n\n")
    if end <= 0 or not whole.endswith("\n"):
        raise Malformed("no text, blank line and signatures found", where="note")
    text, lines = whole[: end + 1], whole[end + 2 :].split("\n")[:-1]
    if not lines:
        raise Malformed("the note is not signed", where="note")
    if len(lines) > MAX_SIGNATURES:
        raise TooLarge(
            f"the note has {len(lines)} signatures", where="note", expected=f"at most {MAX_SIGNATURES}"
        )
    first = text.count("\n") + 2
    return Note(text, tuple(_parse_signature(line, first + place) for place, line in enumerate(lines)))


def open_note(data: bytes, keys: Sequence[NoteKey]) -> Note:
    """Parse a note and verify it: at least one known key signed it, and no known key's signature fails.

    Raises:
        Malformed, TooLarge: see `parse_note`.
        NotAuthentic: a known key's signature fails, or no known key signed.
    """
    note = parse_note(data)
    known = {(key.name, key.id): key for key in keys}
    message = note.text.encode()
    verified = False
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        try:
            verify(key.public, signature.signature, message)
        except NotAuthentic as error:
            raise NotAuthentic(error.detail, where=f"note, signature by {key.name}") from error
        verified = True
    if not verified:
        names = ", ".join(key.name for key in keys) or "nobody"
        raise NotAuthentic("no known key signed the note", where="note", expected=f"a signature by {names}")
    return note


def _parse_signature(line: str, number: int) -> NoteSignature:
    where = f"note, line {number}"
    parts = line.removeprefix(_DASH).split(" ")
    if not line.startswith(_DASH) or len(parts) != 2:
        raise Malformed("not a signature line", where=where, expected="— name base64")
    check_name(parts[0])
    blob = unbase64(parts[1], where=where)
    if len(blob) <= KEY_ID_BYTES:
        raise Malformed("the signature is empty", where=where)
    return NoteSignature(parts[0], blob[:KEY_ID_BYTES], blob[KEY_ID_BYTES:])


def check_name(name: str) -> None:
    """Refuse what is no key name.

    Raises:
        Malformed: empty, or with a space or a plus.
    """
    if not name or "+" in name or any(char.isspace() for char in name):
        raise Malformed(f"{name!r} is no key name", where="note", expected="no spaces and no +, not empty")


def unbase64(text: str, *, where: str) -> bytes:
    """Decode standard base64; only the one canonical spelling."""
    try:
        blob = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(f"not base64: {error}", where=where) from error
    if base64.b64encode(blob).decode() != text:
        raise Malformed("base64 that is not canonical", where=where)
    return blob
