# SPDX-License-Identifier: Apache-2.0
"""Keys sign for one use; codes survive a telephone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standclear.core.commands import Use
from standclear.core.enrolment import key_id
from standclear.errors import Malformed, NotAuthentic
from standclear.tlog.keys import (
    ALPHABET,
    COMMAND_DOMAIN,
    SigningKey,
    check_public,
    invitation_code,
    invitation_key,
    read_invitation_code,
    verify,
)
from tests.tlog.drawing import drawing

KEY = SigningKey.generate(drawing(b"key"))
codes = st.binary(min_size=16, max_size=16)


def test_the_first_vector_of_rfc_8032() -> None:
    seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    key = SigningKey.from_seed(bytes.fromhex(seed))
    assert key.public.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert key.sign(b"").hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
        "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    verify(key.public, key.sign(b""), b"")


@given(st.binary(max_size=40), st.integers(0, 511))
def test_a_flipped_bit_of_a_signature_is_refused(message: bytes, bit: int) -> None:
    signature = bytearray(KEY.sign(COMMAND_DOMAIN + message))
    verify(KEY.public, bytes(signature), COMMAND_DOMAIN + message)
    with pytest.raises(NotAuthentic):
        verify(KEY.public, bytes(signature), message)
    signature[bit // 8] ^= 1 << bit % 8
    with pytest.raises(NotAuthentic):
        verify(KEY.public, bytes(signature), COMMAND_DOMAIN + message)


@pytest.mark.parametrize(
    "public",
    [
        bytes(31),
        bytes(33),
        bytes(32),
        bytes(31) + b"\x80",
        b"\x01" + bytes(31),
        (2**255 - 20).to_bytes(32, "little"),
        (2**255 - 19).to_bytes(32, "little"),
        (2**255 - 1).to_bytes(32, "little"),
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    ],
)
def test_a_key_that_would_sign_anything_is_refused(public: bytes) -> None:
    with pytest.raises(NotAuthentic):
        check_public(public)
    with pytest.raises(NotAuthentic):
        verify(public, bytes(64), b"anything")


def test_a_point_that_is_on_no_curve_is_refused() -> None:
    with pytest.raises(NotAuthentic):
        verify(b"\x02" + bytes(31), bytes(64), b"")


def test_a_key_with_another_use_has_another_id() -> None:
    ids = {key_id(KEY.public.hex(), use) for use in Use}
    assert len(ids) == len(Use)
    assert all(len(digits) == 32 for digits in ids)


def test_a_key_shows_only_its_public_half() -> None:
    assert repr(KEY) == f"SigningKey(public={KEY.public.hex()})"
    with pytest.raises(Malformed):
        SigningKey(bytes(31))


@given(codes)
def test_a_code_is_heard_as_it_was_spoken(code: bytes) -> None:
    spoken = invitation_code(code)
    assert [len(group) for group in spoken.split("-")] == [4] * 7
    assert read_invitation_code(spoken) == code
    assert read_invitation_code(spoken.lower().replace("-", "  ").replace("0", "o").replace("1", "l")) == code


@given(codes, st.integers(0, 27), st.sampled_from(ALPHABET))
def test_a_wrong_character_is_always_caught(code: bytes, place: int, wrong: str) -> None:
    letters = list(invitation_code(code).replace("-", ""))
    if letters[place] == wrong:
        return
    letters[place] = wrong
    with pytest.raises(Malformed, match="wrong"):
        read_invitation_code("".join(letters))


@given(codes, st.integers(0, 24))
def test_two_swapped_neighbours_are_always_caught(code: bytes, place: int) -> None:
    letters = list(invitation_code(code).replace("-", ""))
    if letters[place] == letters[place + 1]:
        return
    letters[place], letters[place + 1] = letters[place + 1], letters[place]
    with pytest.raises(Malformed, match="wrong"):
        read_invitation_code("".join(letters))


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "0 characters"), ("7" * 27, "27"), ("U" * 28, "character 1 of"), ("é" * 28, "character 1 of")],
)
def test_what_is_no_code(text: str, says: str) -> None:
    with pytest.raises(Malformed, match=says):
        read_invitation_code(text)


def test_an_invitation_has_its_own_key() -> None:
    assert invitation_key(bytes(16)) == invitation_key(bytes(16))
    assert invitation_key(bytes(16)) != invitation_key(bytes(15) + b"\x01")
    for call in (invitation_key, invitation_code):
        with pytest.raises(Malformed):
            call(bytes(15))
