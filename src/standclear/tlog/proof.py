# SPDX-License-Identifier: Apache-2.0
"""Offline proofs as C2SP tlog-proof has them: one text that shows, years later, that a leaf stands in the log.

    c2sp.org/tlog-proof@v1
    extra <base64>            only if there is any
    index 73894
    <base64 of one hash>      from the leaf's sibling up, none to 63 of them
    <empty line>
    <the signed checkpoint, cosignatures included, as it came>

- The specification bears no version tag; this is its text of the format `@v1` with the steps of "Verifying a tlog
  proof" (5,273 bytes, as of November 2026).
- The leaf does not travel in it. `extra` is signed by nobody; it means what the receiver makes of it.
- Strict where the text leaves room: no empty `extra`, index up to 2**53 - 1, base64 in its one canonical spelling.
- Files end in `.tlog-proof`.
"""

from __future__ import annotations

import base64
import re
from typing import Final

import msgspec

from standclear.errors import Malformed, TooLarge
from standclear.tlog.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from standclear.tlog.cosignature import Cosigned, Quorum, open_cosigned
from standclear.tlog.leaf import MAX_INTEGER
from standclear.tlog.merkle import HASH_BYTES, leaf_hash, verify_inclusion
from standclear.tlog.note import MAX_NOTE_BYTES, parse_note, unbase64

HEADER: Final = "c2sp.org/tlog-proof@v1"
MAX_PATH: Final = 63
MAX_PROOF_BYTES: Final = 2 * MAX_NOTE_BYTES
_INDEX: Final = re.compile(r"index (0|[1-9][0-9]{0,15})")
_FORM: Final = f"{HEADER}, extra <base64> if any, index <number>, hashes, an empty line, a signed checkpoint"


class LogProof(msgspec.Struct, frozen=True):
    """Where a leaf stands, the hashes from its sibling up, and the signed checkpoint as it came."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes = b""


def write_proof(proof: LogProof) -> str:
    """Return the text of a proof.

    Raises:
        Malformed, TooLarge: what no strict reader would take.
    """
    extra = [f"extra {base64.b64encode(proof.extra).decode()}"] if proof.extra else []
    path = [base64.b64encode(step).decode() for step in proof.path]
    text = "\n".join((HEADER, *extra, f"index {proof.index}", *path, "", proof.checkpoint))
    if parse_proof(text) != proof:
        raise Malformed("the proof cannot be told from its parts", where="proof", expected=_FORM)
    return text


def parse_proof(proof: str | bytes) -> LogProof:
    """Read a proof without verifying anything; only what `write_proof` gives is accepted.

    Raises:
        Malformed: not a proof; says which line.
        TooLarge: above 2,000,000 bytes, or the checkpoint above what a note holds.
    """
    data = proof.encode() if isinstance(proof, str) else proof
    if len(data) > MAX_PROOF_BYTES:
        raise TooLarge(
            f"the proof has {len(data)} bytes", where="proof", expected=f"at most {MAX_PROOF_BYTES}"
        )
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"the proof is not UTF-8: {error}", where="proof") from error
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or lines[0] != HEADER:
        raise Malformed(f"the first line is {lines[0][:80]!r}", where="proof", expected=_FORM)
    extra, place = b"", 1
    if len(lines) > 1 and lines[1].startswith("extra "):
        extra, place = unbase64(lines[1].removeprefix("extra "), where="proof, line 2"), 2
        if not extra:
            raise Malformed("the extra data is empty", where="proof, line 2", expected="no such line then")
    path = tuple(_hash(line, number) for number, line in enumerate(lines[place + 1 :], place + 2))
    if len(path) > MAX_PATH:
        raise Malformed(f"{len(path)} hashes", where="proof", expected=f"at most {MAX_PATH}")
    parse_checkpoint(parse_note(note.encode()).text)
    return LogProof(_index(lines[place] if place < len(lines) else "", place + 1), path, note, extra)


def verify_proof(proof: LogProof, leaf: bytes, origin: str, public: bytes) -> Checkpoint:
    """Check that a leaf stands in the log `origin`, by the log's own signature.

    Args:
        proof: as parsed.
        leaf: the bytes of the leaf.
        origin: the log it must be.
        public: the log's checkpoint key, known from elsewhere.

    Raises:
        Malformed: the checkpoint is none.
        NotAuthentic: it is another log's, or the log's signature is missing or fails.
        LogBroken: the path does not lead from this leaf to its root.
    """
    checkpoint = open_checkpoint(proof.checkpoint, origin, public)
    _verify_place(proof, leaf, checkpoint)
    return checkpoint


def verify_witnessed_proof(
    proof: LogProof, leaf: bytes, origin: str, public: bytes, quorum: Quorum
) -> Cosigned:
    """Check as `verify_proof` does, and that a quorum cosigned the checkpoint; says who and when.

    Raises:
        Malformed, NotAuthentic: see `cosignature.open_cosigned`.
        LogBroken: the path does not lead from this leaf to the checkpoint's root.
    """
    cosigned = open_cosigned(proof.checkpoint, origin, public, quorum)
    _verify_place(proof, leaf, cosigned.checkpoint)
    return cosigned


def _verify_place(proof: LogProof, leaf: bytes, checkpoint: Checkpoint) -> None:
    verify_inclusion(leaf_hash(leaf), proof.index, checkpoint.size, proof.path, checkpoint.root)


def _index(line: str, number: int) -> int:
    found = _INDEX.fullmatch(line)
    index = int(found[1]) if found else -1
    if not 0 <= index <= MAX_INTEGER:
        raise Malformed(
            f"{line[:80]!r} gives no index", where=f"proof, line {number}", expected="index <number>"
        )
    return index


def _hash(line: str, number: int) -> bytes:
    where = f"proof, line {number}"
    value = unbase64(line, where=where)
    if len(value) != HASH_BYTES:
        raise Malformed(f"a hash of {len(value)} bytes", where=where, expected=f"{HASH_BYTES} bytes")
    return value
