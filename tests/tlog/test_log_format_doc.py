# SPDX-License-Identifier: Apache-2.0
"""The worked example of docs/log-format.md: its commands print what it says, and the code gives the same."""

from __future__ import annotations

import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from standclear.core.codec import decode_command, encode
from standclear.core.commands import Use
from standclear.core.enrolment import key_id
from standclear.core.events import TimePassed
from standclear.core.parts import CommandPart, EventsPart
from standclear.tlog.checkpoint import open_checkpoint
from standclear.tlog.entry import Entry, check_entry, commit_attachment
from standclear.tlog.keys import (
    COMMAND_DOMAIN,
    SigningKey,
    invitation_code,
    invitation_key,
    verify,
)
from standclear.tlog.leaf import Leaf, encode_leaf
from standclear.tlog.merkle import leaf_hash, node_hash
from standclear.tlog.slots import Sealed, seal, slot_path, verify_slot

DOC = (Path(__file__).parents[2] / "docs" / "log-format.md").read_text(encoding="utf-8")
EXAMPLE = DOC.partition("## A worked example")[2]
FENCES = re.findall(r"```(bash|text)\n(.*?)```\n", EXAMPLE, re.DOTALL)
BLOCKS = [body for kind, body in FENCES if kind == "bash"]
SAID = [after for (kind, _), (next_kind, after) in pairwise(FENCES) if kind == "bash" and next_kind == "text"]
NOTE = re.findall(r"<!-- note -->\n```text\n(.*?)```\n", EXAMPLE, re.DOTALL)[0]
CLOCK, LOG = SigningKey(b"\x01" * 32), SigningKey(b"\x02" * 32)


def value(name: str) -> str:
    """What the example says after this name."""
    return str(re.findall(rf"^{name} (\S+)$", "".join(SAID), re.MULTILINE)[0])


def assigned(name: str) -> str:
    """What the example's commands set this variable to."""
    return str(re.findall(rf"^{name}='?(.*?)'?$", EXAMPLE, re.MULTILINE)[0])


@pytest.fixture(scope="module")
def sealed() -> Sealed:
    command = CommandPart(assigned("command"), key_id(CLOCK.public.hex(), Use.COMMAND), assigned("signature"))
    events = EventsPart((TimePassed(until_us=1795334400000000),))
    given = iter([bytes(32), b"\x11" * 32, *(bytes([0x20 + height]) * 32 for height in range(1, 10))])
    return seal({0: encode(command), 1: encode(events)}, lambda size: next(given)[:size])


def test_its_commands_print_what_it_says() -> None:
    assert len(BLOCKS) == len(SAID) == 9
    script = "\nprintf '@@@\\n'\n".join(BLOCKS)
    ran = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, check=True)
    assert ran.stderr == ""
    assert ran.stdout.split("@@@\n") == SAID


def test_keys_and_signature_are_those_of_the_code() -> None:
    assert assigned("public") == CLOCK.public.hex()
    assert assigned("log_public") == LOG.public.hex()
    assert value("key id") == key_id(CLOCK.public.hex(), Use.COMMAND)
    decode_command(assigned("command").encode())
    signature = bytes.fromhex(assigned("signature"))
    verify(CLOCK.public, signature, COMMAND_DOMAIN + assigned("command").encode())


def test_the_slots_are_those_of_the_code(sealed: Sealed) -> None:
    assert [part.commitment.hex() for part in sealed.parts] == [value("commitment 0"), value("commitment 1")]
    assert leaf_hash(sealed.parts[0].commitment).hex() == value("node of slot 0")
    assert sealed.parts_root.hex() == value("height 10")
    path = slot_path(sealed.parts, sealed.filling, 0)
    assert path[0].hex() == value("node of slot 1")
    node = leaf_hash(sealed.parts[0].commitment)
    for height, sibling in enumerate(path, 1):
        node = node_hash(node, sibling)
        assert node.hex() == value(f"height {height}")
    verify_slot(sealed.parts_root, 0, bytes(32), sealed.parts[0].body or b"", path)


def test_entry_root_and_checkpoint_are_those_of_the_code(sealed: Sealed) -> None:
    leaf = encode_leaf(Leaf(seq=1, at=1795334400000000, parts_root=sealed.parts_root.hex(), keys=0))
    assert f"\n{leaf.decode()}\n" in EXAMPLE
    check_entry(Entry(1, leaf, sealed.parts, sealed.filling, (), "centre/tick"))
    assert leaf_hash(leaf).hex() == value("leaf hash")
    root = node_hash(b"\x30" * 32, leaf_hash(leaf))
    assert root.hex() == value("root")
    checkpoint = open_checkpoint(NOTE, "example.org/exercise", LOG.public)
    assert (checkpoint.size, checkpoint.root) == (2, root)


def test_attachment_and_invitation_are_those_of_the_code() -> None:
    assert commit_attachment(b"\x44" * 32, b'{"contacts":[]}').hex() + "\n" in SAID
    code = bytes(range(16))
    assert f"`{invitation_code(code)}`" in EXAMPLE
    assert invitation_key(code).seed.hex() + "\n" in SAID
