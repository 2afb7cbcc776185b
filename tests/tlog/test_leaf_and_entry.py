# SPDX-License-Identifier: Apache-2.0
"""Leaves have one spelling; an entry is what its leaf says, byte for byte."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standclear.errors import LogBroken
from standclear.tlog.entry import (
    Attachment,
    Entry,
    attachment_commitment,
    check_entry,
    commit_attachment,
    slot_named,
)
from standclear.tlog.leaf import MAX_INTEGER, Leaf, Leaves, decode_leaf, encode_leaf
from standclear.tlog.merkle import leaf_hash
from standclear.tlog.slots import Part
from tests.store.making import make_entry

ROOT = "ab" * 32
GOOD = b'{"at":5,"keys":0,"parts_root":"' + ROOT.encode() + b'","seq":3,"v":1}'
ENTRY = make_entry(3, details=b'{"names":"..."}')


def test_a_leaf_is_written_with_sorted_keys_and_no_spaces() -> None:
    assert encode_leaf(Leaf(seq=3, at=5, parts_root=ROOT, keys=0)) == GOOD
    genesis = Leaf(seq=0, at=5, parts_root=ROOT, keys=None)
    assert encode_leaf(genesis) == GOOD.replace(b'"keys":0', b'"keys":null').replace(b'"seq":3', b'"seq":0')
    assert decode_leaf(encode_leaf(genesis)) == genesis


@given(
    st.integers(1, MAX_INTEGER), st.integers(0, MAX_INTEGER), st.binary(min_size=32, max_size=32), st.data()
)
def test_every_leaf_is_read_back(seq: int, at: int, root: bytes, data: st.DataObject) -> None:
    leaf = Leaf(seq=seq, at=at, parts_root=root.hex(), keys=data.draw(st.integers(0, seq - 1)))
    assert decode_leaf(encode_leaf(leaf)) == leaf
    assert len(encode_leaf(leaf)) <= 160


@given(st.lists(st.tuples(st.integers(0, MAX_INTEGER), st.binary(min_size=32, max_size=32)), max_size=20))
def test_kept_leaves_are_given_back_byte_for_byte(drawn: list[tuple[int, bytes]]) -> None:
    written = [
        encode_leaf(Leaf(seq=seq, at=at, parts_root=root.hex(), keys=seq // 2 if seq else None))
        for seq, (at, root) in enumerate(drawn)
    ]
    leaves = Leaves()
    for leaf in written:
        leaves.append(leaf)
    assert leaves.between(0, len(written)) == tuple(written)
    assert leaves.between(len(written) // 2, len(written)) == tuple(written[len(written) // 2 :])
    for start, end in ((0, len(written) + 1), (-1, 0), (1, 0)):
        with pytest.raises(IndexError):
            leaves.between(start, end)


def test_only_the_next_leaf_is_kept() -> None:
    with pytest.raises(LogBroken, match=r"of entry 3\..*seq 0"):
        Leaves().append(GOOD)


@pytest.mark.parametrize(
    ("found", "instead"),
    [
        (b'{"at"', b'{ "at"'),
        (b"}", b"}\n"),
        (b'"at":5', b'"at":05'),
        (b'"at":5', b'"at":5.0'),
        (b'"at":5', b'"at":-5'),
        (b'"at":5', b'"at":9007199254740992'),
        (b'"at":5', b'"at":"5"'),
        (b'"at":5', b'"at":null'),
        (b'"at":5', b'"at":5,"at":5'),
        (b'"at":5,"keys":0', b'"keys":0,"at":5'),
        (b'"keys":0', b'"keys":null'),
        (b'"keys":0', b'"keys":3'),
        (b'"keys":0', b'"keys":-1'),
        (b'"keys":0,', b""),
        (b'"seq":3', b'"seq":0'),
        (b"abab", b"ABab"),
        (b"abab", b"ab"),
        (b'ab"', b'ab\\n"'),
        (b'"v":1', b'"v":2'),
        (b'"v":1', b'"v":1,"w":1'),
        (b'"v":1', b'"v":true'),
        (b',"v":1', b""),
        (b'"seq"', b'"s\\u0065q"'),
        (b"{", b"\xff{"),
    ],
)
def test_any_other_spelling_is_refused(found: bytes, instead: bytes) -> None:
    assert decode_leaf(GOOD).seq == 3
    assert found in GOOD
    with pytest.raises(LogBroken):
        decode_leaf(GOOD.replace(found, instead, 1))


def test_an_entry_is_what_its_leaf_says() -> None:
    assert check_entry(ENTRY) == decode_leaf(ENTRY.leaf)


@given(st.data())
def test_any_flipped_bit_of_an_entry_is_noticed(data: st.DataObject) -> None:
    with pytest.raises(LogBroken, match="entry 3"):
        check_entry(flipped(ENTRY, data, ["parts", "filling", "attachments"]))


@given(st.data())
def test_a_flipped_bit_of_a_leaf_is_noticed_here_or_in_the_tree(data: st.DataObject) -> None:
    """Another time or key chain is another well-formed leaf: that is what checkpoints are for."""
    changed = flipped(ENTRY, data, ["leaf"])
    assert leaf_hash(changed.leaf) != leaf_hash(ENTRY.leaf)
    try:
        leaf = check_entry(changed)
    except LogBroken:
        return
    as_before = decode_leaf(ENTRY.leaf)
    assert leaf != as_before
    assert msgspec.structs.replace(leaf, at=as_before.at, keys=as_before.keys) == as_before


def flipped(entry: Entry, data: st.DataObject, among: list[str]) -> Entry:
    """One bit of leaf, salt, body, commitment, filling or attachment is another."""

    def flip(value: bytes | None) -> bytes:
        assert value is not None
        changed = bytearray(value)
        bit = data.draw(st.integers(0, 8 * len(changed) - 1))
        changed[bit // 8] ^= 1 << bit % 8
        return bytes(changed)

    what = data.draw(st.sampled_from(among))
    if what == "leaf":
        return msgspec.structs.replace(entry, leaf=flip(entry.leaf))
    rows = list(getattr(entry, what))
    place = data.draw(st.integers(0, len(rows) - 1))
    fields = {"parts": ["salt", "body", "commitment"], "filling": ["value"], "attachments": ["salt", "body"]}
    field = data.draw(st.sampled_from(fields[what]))
    rows[place] = msgspec.structs.replace(rows[place], **{field: flip(getattr(rows[place], field))})
    return msgspec.structs.replace(entry, **{what: tuple(rows)})


def test_it_says_which_slot_and_which_attachment() -> None:
    parts = (ENTRY.parts[0], msgspec.structs.replace(ENTRY.parts[1], body=b"{}"), *ENTRY.parts[2:])
    with pytest.raises(LogBroken, match=r"entry 3, slot 1: "):
        check_entry(msgspec.structs.replace(ENTRY, parts=parts))
    attachments = (msgspec.structs.replace(ENTRY.attachments[0], body=b"other"),)
    with pytest.raises(LogBroken, match=r"entry 3, attachment 'consent': "):
        check_entry(msgspec.structs.replace(ENTRY, attachments=attachments))


def test_an_entry_under_another_number_is_refused() -> None:
    with pytest.raises(LogBroken, match="the leaf is of entry 3"):
        check_entry(msgspec.structs.replace(ENTRY, seq=4))


def test_an_attachment_that_the_command_does_not_name_is_refused() -> None:
    other = Attachment("details", bytes(32), b"put there later")
    for attachments in ((other,), (ENTRY.attachments[0], ENTRY.attachments[0])):
        with pytest.raises(LogBroken, match="attachment"):
            check_entry(msgspec.structs.replace(ENTRY, attachments=attachments))
    renamed = msgspec.structs.replace(ENTRY.attachments[0], name="other")
    with pytest.raises(LogBroken, match="unknown attachment"):
        check_entry(msgspec.structs.replace(ENTRY, attachments=(renamed,)))


def test_what_was_erased_is_still_checked() -> None:
    consent, details = ENTRY.attachments
    gone = Attachment("details", None, None, attachment_commitment(details))
    check_entry(msgspec.structs.replace(ENTRY, attachments=(consent, gone)))
    parts = tuple(Part(part.slot, None, None, part.commitment) for part in ENTRY.parts)
    check_entry(msgspec.structs.replace(ENTRY, parts=parts))
    for wrong in (
        Attachment("details", None, None, bytes(32)),
        Attachment("details", None, None, None),
        Attachment("details", None, None, b"short"),
        Attachment("details", details.salt, None, gone.commitment),
        Attachment("details", details.salt, details.body, gone.commitment),
    ):
        with pytest.raises(LogBroken, match="details"):
            check_entry(msgspec.structs.replace(ENTRY, attachments=(consent, wrong)))


def test_a_salt_of_another_size_is_refused() -> None:
    with pytest.raises(LogBroken):
        commit_attachment(bytes(31), b"")


@pytest.mark.parametrize(
    ("name", "slot"),
    [
        ("slot/0", 0),
        ("slot/1023", 1023),
        ("slot/1024", None),
        ("slot/01", None),
        ("slot/", None),
        ("7", None),
        ("slot/-1", None),
        ("slot/٣", None),
        ("details", None),
        ("slot/" + "9" * 5000, None),
    ],
)
def test_names_of_slots(name: str, slot: int | None) -> None:
    assert slot_named(name) == slot


def test_the_body_of_a_slot() -> None:
    assert ENTRY.body(1) == ENTRY.parts[1].body
    assert ENTRY.body(900) is None
