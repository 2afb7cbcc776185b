# SPDX-License-Identifier: Apache-2.0
"""Notes and checkpoints against the public examples, and against every near miss."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standclear.errors import Malformed, NotAuthentic, StandclearError, TooLarge
from standclear.tlog.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint, sign_checkpoint
from standclear.tlog.keys import SigningKey
from standclear.tlog.merkle import EMPTY_ROOT
from standclear.tlog.note import Note, NoteKey, NoteSigner, open_note, parse_note, parse_vkey, sign_note
from tests.tlog.drawing import drawing

VECTORS = Path(__file__).parent / "vectors"
_EXAMPLE = json.loads((VECTORS / "signed_note.json").read_text("utf-8"))
NEUMANN, NEUMANN_NOTE = str(_EXAMPLE["vkey"]), str(_EXAMPLE["note"])
# Of the specifications the text is public, not the key: these are read, not verified.
QUASIMODO_NOTE = """Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore \
NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
"""
SOFA_NOTE = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa \
Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""
ORIGIN = "example.org/exercise"
KEY = SigningKey.generate(drawing(b"log"))
OTHER = SigningKey.generate(drawing(b"witness"))
CHECKPOINT = Checkpoint(ORIGIN, 7, bytes(range(32)))
SIGNED = sign_checkpoint(CHECKPOINT, KEY)


def test_the_public_example_is_verified() -> None:
    key = parse_vkey(NEUMANN)
    assert key.vkey() == NEUMANN
    note = open_note(NEUMANN_NOTE.encode(), [key])
    assert note.text.endswith("what your problem is.\n")
    with pytest.raises(NotAuthentic):
        open_note(NEUMANN_NOTE.replace("answer", "Answer").encode(), [key])


def test_the_examples_of_the_specifications_are_read() -> None:
    note = parse_note(QUASIMODO_NOTE.encode())
    assert note.text.endswith("sole:\n\ned è subito sera.\n")
    assert note.signatures[0].name == "quasimodo.example/salvatore"
    assert len(note.signatures[0].signature) == 64
    sofa = parse_checkpoint(parse_note(SOFA_NOTE.encode()).text)
    assert (sofa.origin, sofa.size) == ("example.com/behind-the-sofa", 20852163)


@given(st.integers(0, 8 * len(SIGNED.encode()) - 1))
def test_any_flipped_bit_of_a_checkpoint_is_refused(bit: int) -> None:
    data = bytearray(SIGNED.encode())
    data[bit // 8] ^= 1 << bit % 8
    with pytest.raises((Malformed, NotAuthentic)):
        open_checkpoint(bytes(data), ORIGIN, KEY.public)


def test_a_checkpoint_is_read_by_whoever_has_the_key() -> None:
    assert open_checkpoint(SIGNED, ORIGIN, KEY.public) == CHECKPOINT
    assert sign_checkpoint(CHECKPOINT, KEY) == SIGNED, "one size never bears two signatures"
    with pytest.raises(NotAuthentic):
        open_checkpoint(SIGNED, ORIGIN, OTHER.public)
    with pytest.raises(NotAuthentic):
        open_checkpoint(SIGNED, "example.org/other", KEY.public)


def test_a_checkpoint_of_another_log_under_our_name_is_refused() -> None:
    forged = sign_note(Checkpoint("example.org/other", 7, bytes(32)).text(), [NoteSigner(ORIGIN, KEY)])
    with pytest.raises(NotAuthentic, match=r"of 'example\.org/other'"):
        open_checkpoint(forged, ORIGIN, KEY.public)


def test_unknown_signatures_are_ignored_and_failing_ones_are_not() -> None:
    log, witness = NoteSigner(ORIGIN, KEY), NoteSigner("witness.example", OTHER)
    note = sign_note(CHECKPOINT.text(), [log, witness])
    assert open_checkpoint(note, ORIGIN, KEY.public) == CHECKPOINT
    assert len(open_note(note, [log.verifier, witness.verifier]).signatures) == 2
    lines = note.decode().split("\n")
    blob = base64.b64decode(lines[-2].split(" ")[2])
    lines[-2] = "— witness.example " + base64.b64encode(blob[:4] + bytes(64)).decode()
    bad = "\n".join(lines).encode()
    assert open_checkpoint(bad, ORIGIN, KEY.public) == CHECKPOINT, "not a key that this reader knows"
    with pytest.raises(NotAuthentic, match=r"witness\.example"):
        open_note(bad, [log.verifier, witness.verifier])
    with pytest.raises(NotAuthentic, match="no known key"):
        open_note(note, [])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "o\n7\n",
        "o\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "o\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nextension\n",
        "o\n07\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "o\n-7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "o\n+7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "o\n٧\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "o\n" + "9" * 5000 + "\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "o\n9007199254740992\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "o\n0\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        "o\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=\n",
        "o\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n",
        "o\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==\n",
        "o\n7\né\n",
        "o\x7f\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
    ],
)
def test_what_is_no_checkpoint(text: str) -> None:
    with pytest.raises(Malformed):
        parse_checkpoint(text)


def test_the_empty_log_has_its_checkpoint() -> None:
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    assert parse_checkpoint(empty.text()) == empty


LINE = "— a AAAAAAA="


@pytest.mark.parametrize(
    "note",
    [
        b"\xff\n\n" + f"{LINE}\n".encode(),
        f"te\rxt\n\n{LINE}\n".encode(),
        f"text\n\n{LINE}".encode(),
        f"text\n{LINE}\n".encode(),
        f"\n\n{LINE}\n".encode(),
        b"text\n\n",
        b"text\n\n- a AAAAAAA=\n",
        "text\n\n—a AAAAAAA=\n".encode(),
        "text\n\n— AAAAAAA=\n".encode(),
        "text\n\n—  AAAAAAA=\n".encode(),
        "text\n\n— a b AAAAAAA=\n".encode(),
        "text\n\n— a+b AAAAAAA=\n".encode(),
        "text\n\n— a\u2003b AAAAAAA=\n".encode(),
        "text\n\n— a AAAAAAA\n".encode(),
        "text\n\n— a AAAAAAB=\n".encode(),
        "text\n\n— a AAAAAA==\n".encode(),
        "text\n\n— a é\n".encode(),
        f"text\n\n{LINE}\n\n".encode(),
    ],
)
def test_what_is_no_note(note: bytes) -> None:
    assert parse_note(f"text\n\n{LINE}\n".encode()) == Note(
        "text\n", parse_note(f"text\n\n{LINE}\n".encode()).signatures
    )
    with pytest.raises(Malformed):
        parse_note(note)


def test_a_note_has_bounds() -> None:
    assert len(parse_note(f"text\n\n{(LINE + chr(10)) * 64}".encode()).signatures) == 64
    with pytest.raises(TooLarge):
        parse_note(f"text\n\n{(LINE + chr(10)) * 65}".encode())
    with pytest.raises(TooLarge):
        parse_note(b"x" * 1_000_001)


@pytest.mark.parametrize(
    ("text", "name"), [("no newline", "a"), ("tab\t\n", "a"), ("", "a"), ("t\n", "a b"), ("t\n", "")]
)
def test_what_no_strict_reader_would_take_is_not_signed(text: str, name: str) -> None:
    with pytest.raises(StandclearError):
        sign_note(text, [NoteSigner(name, KEY)])
    with pytest.raises(Malformed):
        sign_note("text\n", [])


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "PeterNeumann",
        NEUMANN.replace("c74f20a3", "c74f20a4"),
        NEUMANN.replace("c74f20a3", "C74F20A3"),
        NEUMANN.replace("Peter", "Pete"),
        NEUMANN.replace("+ARpc", "+BRpc"),
        NEUMANN + "AA",
        "a b" + NEUMANN[12:],
    ],
)
def test_what_is_no_verifier_key(vkey: str) -> None:
    with pytest.raises(Malformed):
        parse_vkey(vkey)


def test_a_verifier_key_of_small_order_is_refused() -> None:
    with pytest.raises(NotAuthentic):
        parse_vkey(NoteKey("a", bytes(32)).vkey())
