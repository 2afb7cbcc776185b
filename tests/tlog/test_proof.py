# SPDX-License-Identifier: Apache-2.0
"""Offline proofs: written, read, verified, and no near miss taken."""

from __future__ import annotations

import base64
from hashlib import sha256

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standclear.errors import LogBroken, Malformed, NotAuthentic, TooLarge
from standclear.tlog.checkpoint import Checkpoint, sign_checkpoint
from standclear.tlog.cosignature import Cosignature, CosignerKey, Quorum, add_cosignatures, cosign
from standclear.tlog.keys import SigningKey
from standclear.tlog.merkle import Subtrees, leaf_hash
from standclear.tlog.proof import LogProof, parse_proof, verify_proof, verify_witnessed_proof, write_proof
from tests.tlog.drawing import drawing

ORIGIN = "example.org/exercise"
LOG = SigningKey.generate(drawing(b"log"))
WITNESS = SigningKey.generate(drawing(b"witness"))
QUORUM = Quorum((CosignerKey("lake.example", WITNESS.public),), 1)
AT_S = 1_795_334_400
SIZE, INDEX = 11, 6
LEAVES = [f"leaf {seq}".encode() for seq in range(SIZE)]


def tree() -> Subtrees:
    subtrees = Subtrees()
    for leaf in LEAVES:
        subtrees.append(leaf_hash(leaf))
    return subtrees


CHECKPOINT = Checkpoint(ORIGIN, SIZE, tree().frontier(SIZE).root())
NOTE = add_cosignatures(sign_checkpoint(CHECKPOINT, LOG), [cosign(CHECKPOINT, "lake.example", WITNESS, AT_S)])
PROOF = LogProof(INDEX, tree().inclusion_path(INDEX, SIZE), NOTE, b"a salt")
TEXT = write_proof(PROOF)
LINES = TEXT.split("\n")


def verified(text: str | bytes) -> None:
    verify_witnessed_proof(parse_proof(text), LEAVES[INDEX], ORIGIN, LOG.public, QUORUM)


def test_a_proof_is_the_text_of_the_specification() -> None:
    steps = [base64.b64encode(step).decode() for step in PROOF.path]
    assert "\n".join(["c2sp.org/tlog-proof@v1", "extra YSBzYWx0", "index 6", *steps, "", NOTE]) == TEXT
    bare = write_proof(msgspec.structs.replace(PROOF, extra=b""))
    assert bare.startswith("c2sp.org/tlog-proof@v1\nindex 6\n")


def test_a_proof_shows_its_leaf_and_who_saw_the_log() -> None:
    proof = parse_proof(TEXT)
    assert proof == PROOF
    assert verify_proof(proof, LEAVES[INDEX], ORIGIN, LOG.public) == CHECKPOINT
    cosigned = verify_witnessed_proof(proof, LEAVES[INDEX], ORIGIN, LOG.public, QUORUM)
    assert cosigned.cosignatures == (Cosignature("lake.example", AT_S),)


def test_by_hand_it_leads_to_the_root() -> None:
    """With nothing but SHA-256: bit h of 6 of 11 says on which side the sibling stands."""
    node = sha256(b"\x00" + LEAVES[6]).digest()
    steps = [base64.b64decode(line) for line in LINES[3:7]]
    for step, left in zip(steps, (False, True, True, False), strict=True):
        node = sha256(b"\x01" + (step + node if left else node + step)).digest()
    assert base64.b64encode(node).decode() == LINES[10]
    assert LINES[7:10] == ["", ORIGIN, "11"]


@given(st.integers(0, 8 * len(TEXT.encode()) - 1))
def test_any_flipped_bit_of_a_proof_is_refused_or_is_in_the_extra(bit: int) -> None:
    data = bytearray(TEXT.encode())
    data[bit // 8] ^= 1 << bit % 8
    try:
        proof = parse_proof(bytes(data))
    except Malformed:
        return
    assert write_proof(proof).encode() == bytes(data), "one value has one spelling"
    assert proof != PROOF
    if proof.extra == PROOF.extra:
        with pytest.raises((Malformed, NotAuthentic, LogBroken)):
            verified(bytes(data))


@given(st.integers(0, SIZE - 1), st.integers(1, SIZE), st.binary(max_size=50))
def test_every_leaf_of_every_size_has_its_proof(index: int, size: int, extra: bytes) -> None:
    if index >= size:
        return
    checkpoint = Checkpoint(ORIGIN, size, tree().frontier(size).root())
    note = sign_checkpoint(checkpoint, LOG)
    text = write_proof(LogProof(index, tree().inclusion_path(index, size), note, extra))
    assert parse_proof(text).extra == extra
    assert verify_proof(parse_proof(text.encode()), LEAVES[index], ORIGIN, LOG.public) == checkpoint
    for other in set(range(SIZE)) - {index}:
        with pytest.raises(LogBroken):
            verify_proof(parse_proof(text), LEAVES[other], ORIGIN, LOG.public)


def test_a_proof_of_another_log_key_or_without_witness_is_refused() -> None:
    proof = parse_proof(TEXT)
    with pytest.raises(NotAuthentic):
        verify_proof(proof, LEAVES[INDEX], "example.org/other", LOG.public)
    with pytest.raises(NotAuthentic):
        verify_proof(proof, LEAVES[INDEX], ORIGIN, WITNESS.public)
    alone = msgspec.structs.replace(proof, checkpoint=sign_checkpoint(CHECKPOINT, LOG))
    verify_proof(alone, LEAVES[INDEX], ORIGIN, LOG.public)
    with pytest.raises(NotAuthentic, match="0 cosignatures"):
        verify_witnessed_proof(alone, LEAVES[INDEX], ORIGIN, LOG.public, QUORUM)


HEAD, NOTE_LINES = LINES[:7], LINES[7:]
STEP = LINES[3]


@pytest.mark.parametrize(
    "head",
    [
        [],
        [""],
        ["c2sp.org/tlog-proof@v2", *HEAD[1:]],
        [" c2sp.org/tlog-proof@v1", *HEAD[1:]],
        [*HEAD[1:]],
        HEAD[:1],
        HEAD[:2],
        [HEAD[0], HEAD[2], HEAD[1], *HEAD[3:]],
        [HEAD[0], HEAD[1], *HEAD[1:]],
        [HEAD[0], "extra ", *HEAD[2:]],
        [HEAD[0], "extra", *HEAD[2:]],
        [HEAD[0], "extra  YSBzYWx0", *HEAD[2:]],
        [HEAD[0], "extra YSBzYWx", *HEAD[2:]],
        [HEAD[0], "Extra YSBzYWx0", *HEAD[2:]],
        [*HEAD[:2], "index 06", *HEAD[3:]],
        [*HEAD[:2], "index -6", *HEAD[3:]],
        [*HEAD[:2], "index 6 ", *HEAD[3:]],
        [*HEAD[:2], "index  6", *HEAD[3:]],
        [*HEAD[:2], "index ٦", *HEAD[3:]],
        [*HEAD[:2], "index 9007199254740992", *HEAD[3:]],
        [*HEAD[:2], "index " + "9" * 5_000, *HEAD[3:]],
        [*HEAD[:2], "index", *HEAD[3:]],
        [*HEAD[:3], STEP[:-1], *HEAD[3:]],
        [*HEAD[:3], STEP[:-4] + "AA==", *HEAD[3:]],
        [*HEAD[:3], STEP + " ", *HEAD[3:]],
        [*HEAD, *[STEP] * 64],
        [*HEAD, "\r"],
        [*HEAD, ""],
    ],
)
def test_what_is_no_proof(head: list[str]) -> None:
    parse_proof("\n".join([*HEAD, *NOTE_LINES]))
    with pytest.raises(Malformed):
        parse_proof("\n".join([*head, *NOTE_LINES]))


@pytest.mark.parametrize(
    "note",
    ["", "x\n", NOTE[:-1], NOTE + "\n", "\n" + NOTE, CHECKPOINT.text(), "no checkpoint\n\n— a AAAAAAA=\n"],
)
def test_what_is_no_checkpoint_of_a_proof(note: str) -> None:
    with pytest.raises(Malformed):
        parse_proof("\n".join([*HEAD, "", note]))
    with pytest.raises(Malformed):
        write_proof(msgspec.structs.replace(PROOF, checkpoint=note))


def test_a_proof_is_utf_8_and_has_bounds() -> None:
    with pytest.raises(Malformed):
        parse_proof(b"\xff" + TEXT.encode())
    with pytest.raises(TooLarge):
        parse_proof(b"x" * 2_000_001)


@pytest.mark.parametrize(
    ("index", "path"), [(-1, ()), (2**53, ()), (0, (bytes(31),)), (0, (bytes(32),) * 64)]
)
def test_what_no_strict_reader_would_take_is_not_written(index: int, path: tuple[bytes, ...]) -> None:
    with pytest.raises(Malformed):
        write_proof(LogProof(index, path, NOTE))
