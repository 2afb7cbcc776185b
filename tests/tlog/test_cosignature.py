# SPDX-License-Identifier: Apache-2.0
"""Cosignatures: who else saw this head, verified here also by hand, and every near miss."""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from standclear.errors import Malformed, NotAuthentic, TooLarge
from standclear.tlog.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from standclear.tlog.cosignature import (
    MAX_TIME_S,
    Cosignature,
    CosignerKey,
    Quorum,
    add_cosignatures,
    cosign,
    cosigned_message,
    open_cosigned,
    parse_cosigner_vkey,
    verify_cosignatures,
)
from standclear.tlog.keys import SigningKey
from standclear.tlog.note import NoteKey, NoteSigner, open_note, parse_note, parse_vkey, sign_note
from tests.tlog.drawing import drawing

ORIGIN = "example.org/exercise"
LOG = SigningKey.generate(drawing(b"log"))
CHECKPOINT = Checkpoint(ORIGIN, 7, bytes(range(32)))
SIGNED = sign_checkpoint(CHECKPOINT, LOG)
AT_S = 1_795_334_400
WITNESSES = {
    name: SigningKey.generate(drawing(name.encode()))
    for name in ("north.example", "river.example", "lake.example")
}
KEYS = tuple(CosignerKey(name, key.public) for name, key in WITNESSES.items())
LINES = {name: cosign(CHECKPOINT, name, key, AT_S) for name, key in WITNESSES.items()}
ALL = add_cosignatures(SIGNED, list(LINES.values()))
# The example of C2SP tlog-cosignature; its key is not public, so it is read, not verified.
SOFA = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa \
Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 \
jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""


def line_of(name: str, key_id: bytes, blob: bytes) -> str:
    return f"— {name} {base64.b64encode(key_id + blob).decode()}\n"


def test_a_quorum_is_any_so_many_of_the_named() -> None:
    for needed in (1, 2, 3):
        opened = open_cosigned(ALL, ORIGIN, LOG.public, Quorum(KEYS, needed))
        assert opened.checkpoint == CHECKPOINT
        assert opened.cosignatures == tuple(Cosignature(name, AT_S) for name in sorted(WITNESSES))
    two = add_cosignatures(SIGNED, [LINES["lake.example"], LINES["north.example"]])
    assert len(open_cosigned(two, ORIGIN, LOG.public, Quorum(KEYS, 2)).cosignatures) == 2
    with pytest.raises(NotAuthentic, match=r"2 cosignatures.*3 of north\.example, river\.example"):
        open_cosigned(two, ORIGIN, LOG.public, Quorum(KEYS, 3))
    with pytest.raises(NotAuthentic, match="0 cosignatures"):
        open_cosigned(SIGNED, ORIGIN, LOG.public, Quorum(KEYS, 1))


def test_a_public_log_s_checkpoint_and_its_four_witnesses_are_verified() -> None:
    public = json.loads((Path(__file__).parent / "vectors" / "cosigned_checkpoint.json").read_text("utf-8"))
    log = parse_vkey(public["log"])
    quorum = Quorum(tuple(parse_cosigner_vkey(vkey) for vkey in public["cosigners"]), 4)
    opened = open_cosigned(public["note"], public["origin"], log.public, quorum)
    assert opened.checkpoint.size == 1_432_088_532
    assert opened.cosignatures == tuple(Cosignature(key.name, public["time_s"]) for key in quorum.cosigners)
    with pytest.raises(NotAuthentic):
        open_cosigned(
            public["note"].replace("1432088532", "1432088533"), public["origin"], log.public, quorum
        )


def test_by_hand_it_is_what_the_specification_says() -> None:
    name, key = "north.example", WITNESSES["north.example"]
    _, said, encoded = LINES[name].removesuffix("\n").split(" ")
    blob = base64.b64decode(encoded)
    assert said == name
    assert blob[:4] == sha256(name.encode() + b"\n\x04" + key.public).digest()[:4]
    assert blob[4:12] == AT_S.to_bytes(8, "big")
    root = base64.b64encode(CHECKPOINT.root).decode()
    message = f"cosignature/v1\ntime {AT_S}\n{ORIGIN}\n7\n{root}\n".encode()
    Ed25519PublicKey.from_public_bytes(key.public).verify(blob[12:], message)
    assert len(blob) == 76


def test_the_example_of_the_specification_is_read() -> None:
    note = parse_note(SOFA.encode())
    cosignature = note.signatures[1].signature
    assert len(cosignature) == 72
    time_s = int.from_bytes(cosignature[:8])
    assert cosigned_message(note.text, time_s).decode() == (
        "cosignature/v1\ntime 1679315147\n"
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )


@given(st.integers(0, 8 * len(ALL.encode()) - 1))
def test_any_flipped_bit_of_a_cosigned_checkpoint_costs_the_whole_quorum(bit: int) -> None:
    data = bytearray(ALL.encode())
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises((Malformed, NotAuthentic)):
        open_cosigned(bytes(data), ORIGIN, LOG.public, Quorum(KEYS, 3))


@given(st.integers(0, MAX_TIME_S), st.integers(0, MAX_TIME_S))
def test_a_cosignature_stands_for_its_own_time_only(time_s: int, other_s: int) -> None:
    key = WITNESSES["lake.example"]
    line = cosign(CHECKPOINT, "lake.example", key, time_s)
    found = verify_cosignatures(parse_note(add_cosignatures(SIGNED, [line]).encode()), KEYS)
    assert found == (Cosignature("lake.example", time_s),)
    if other_s != time_s:
        blob = base64.b64decode(line.split(" ")[2])
        moved = line_of("lake.example", blob[:4], other_s.to_bytes(8) + blob[12:])
        with pytest.raises(NotAuthentic, match=r"cosignature by lake\.example"):
            verify_cosignatures(parse_note(add_cosignatures(SIGNED, [moved]).encode()), KEYS)


def test_a_cosigner_counts_once_and_by_its_latest_word() -> None:
    later = cosign(CHECKPOINT, "lake.example", WITNESSES["lake.example"], AT_S + 60)
    twice = add_cosignatures(SIGNED, [later, LINES["lake.example"]])
    opened = open_cosigned(twice, ORIGIN, LOG.public, Quorum(KEYS, 1))
    assert opened.cosignatures == (Cosignature("lake.example", AT_S + 60),)
    with pytest.raises(NotAuthentic, match="1 cosignatures"):
        open_cosigned(twice, ORIGIN, LOG.public, Quorum(KEYS, 2))


def test_unknown_cosigners_are_ignored_and_failing_ones_are_not() -> None:
    stranger = cosign(CHECKPOINT, "stranger.example", SigningKey.generate(drawing(b"stranger")), AT_S)
    note = add_cosignatures(ALL, [stranger])
    assert len(open_cosigned(note, ORIGIN, LOG.public, Quorum(KEYS, 3)).cosignatures) == 3
    forged = line_of("lake.example", KEYS[2].id, AT_S.to_bytes(8) + bytes(64))
    with pytest.raises(NotAuthentic, match=r"lake\.example"):
        open_cosigned(add_cosignatures(ALL, [forged]), ORIGIN, LOG.public, Quorum(KEYS, 1))


@pytest.mark.parametrize("blob", [b"x", bytes(71), bytes(73), (2**63).to_bytes(8) + bytes(64)])
def test_a_misshapen_cosignature_by_a_known_key_is_refused(blob: bytes) -> None:
    note = add_cosignatures(ALL, [line_of("lake.example", KEYS[2].id, blob)])
    with pytest.raises(Malformed, match=r"lake\.example"):
        open_cosigned(note, ORIGIN, LOG.public, Quorum(KEYS, 1))


def test_a_cosignature_of_another_checkpoint_does_not_pass() -> None:
    other = Checkpoint(ORIGIN, 8, bytes(range(32)))
    line = cosign(other, "lake.example", WITNESSES["lake.example"], AT_S)
    with pytest.raises(NotAuthentic):
        open_cosigned(add_cosignatures(SIGNED, [line]), ORIGIN, LOG.public, Quorum(KEYS, 1))


def test_signing_and_cosigning_never_pass_for_each_other() -> None:
    name, key = "lake.example", WITNESSES["lake.example"]
    plain = sign_note(CHECKPOINT.text(), [NoteSigner(ORIGIN, LOG), NoteSigner(name, key)])
    with pytest.raises(NotAuthentic, match="0 cosignatures"):
        open_cosigned(plain, ORIGIN, LOG.public, Quorum(KEYS, 1))
    with pytest.raises(NotAuthentic, match="no known key"):
        open_note(ALL.encode(), [NoteKey(name, key.public)])
    with pytest.raises(Malformed):
        parse_vkey(KEYS[2].vkey())
    with pytest.raises(Malformed):
        parse_cosigner_vkey(NoteKey(name, key.public).vkey())
    with pytest.raises(Malformed):
        parse_checkpoint(cosigned_message(CHECKPOINT.text(), AT_S).decode())


def test_the_log_does_not_witness_itself() -> None:
    own = (*KEYS, CosignerKey("own.example", LOG.public))
    note = add_cosignatures(ALL, [cosign(CHECKPOINT, "own.example", LOG, AT_S)])
    with pytest.raises(Malformed, match="the log's own key"):
        open_cosigned(note, ORIGIN, LOG.public, Quorum(own, 1))


def test_a_cosigned_checkpoint_is_still_the_log_s_own() -> None:
    with pytest.raises(NotAuthentic):
        open_cosigned(ALL, "example.org/other", LOG.public, Quorum(KEYS, 1))
    with pytest.raises(NotAuthentic):
        open_cosigned(ALL, ORIGIN, WITNESSES["lake.example"].public, Quorum(KEYS[:2], 1))


@pytest.mark.parametrize(
    ("keys", "needed"),
    [
        (KEYS, 0),
        (KEYS, 4),
        ((), 0),
        ((), 1),
        ((KEYS[0], KEYS[0]), 1),
        ((KEYS[0], CosignerKey("other.example", KEYS[0].public)), 2),
        ((KEYS[0], CosignerKey(KEYS[0].name, KEYS[1].public)), 2),
    ],
)
def test_what_is_no_quorum(keys: tuple[CosignerKey, ...], needed: int) -> None:
    with pytest.raises(Malformed, match="quorum"):
        Quorum(keys, needed)


def test_a_cosigner_is_known_by_one_text() -> None:
    for key in KEYS:
        assert parse_cosigner_vkey(key.vkey()) == key
    text = KEYS[0].vkey()
    for place in range(len(text)):
        changed = text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]
        with pytest.raises((Malformed, NotAuthentic)):
            parse_cosigner_vkey(changed)


@pytest.mark.parametrize(
    ("name", "time_s"), [("a b", AT_S), ("", AT_S), ("a+b", AT_S), ("a", -1), ("a", 2**63)]
)
def test_what_no_strict_reader_would_take_is_not_cosigned(name: str, time_s: int) -> None:
    with pytest.raises(Malformed):
        cosign(CHECKPOINT, name, LOG, time_s)


@pytest.mark.parametrize(
    "line", ["", "\n", "x\n", "— a\n", LINES["lake.example"] * 2, LINES["lake.example"][:-1]]
)
def test_only_signature_lines_are_added(line: str) -> None:
    with pytest.raises(Malformed):
        add_cosignatures(SIGNED, [line])


def test_a_note_holds_so_many_lines() -> None:
    with pytest.raises(TooLarge):
        add_cosignatures(SIGNED, [LINES["lake.example"]] * 64)
