# SPDX-License-Identifier: Apache-2.0
"""One command has one spelling: what is written reads back, and nothing else reads (design §4)."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standclear.core.codec import (
    MAX_COMMAND_BYTES,
    decode_command,
    decode_events,
    decode_value,
    encode,
)
from standclear.core.commands import AnyCommand, Notify, PassTime, Withdraw
from standclear.core.model import ConsentDocument, Release, ReleaseLevel
from standclear.errors import Malformed, NotCanonical, TooLarge
from tests.core.histories import Lived, Step, steps
from tests.world import ORIGIN, T0, flight, hospital, uuid

WITHDRAW = Withdraw(centre=ORIGIN, id=uuid(7), at_us=T0, withdraws="N3")


def test_canonical_bytes_have_sorted_keys_no_spaces_and_every_field() -> None:
    command = Notify(
        centre=ORIGIN, id=uuid(7), at_us=T0, notice=hospital(), consent="0" * 64, details="1" * 64
    )
    raw = encode(command)
    parsed = json.loads(raw)
    assert json.dumps(parsed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == raw
    assert parsed["notice"]["valid_until_us"] is None


@given(steps)
@settings(max_examples=50)
def test_whatever_was_said_reads_back_as_it_was_written(history: list[Step]) -> None:
    lived = Lived()
    for step in history:
        lived.happens(step)
    for received, events in lived.small.entries:
        assert decode_command(encode(received.command)) == received.command
        assert decode_events(encode(events)) == events


OTHER_SPELLINGS: dict[str, bytes] = {
    "a space": encode(WITHDRAW).replace(b",", b", ", 1),
    "a newline at the end": encode(WITHDRAW) + b"\n",
    "a byte order mark": b"\xef\xbb\xbf" + encode(WITHDRAW),
    "an escaped letter": encode(WITHDRAW).replace(b"withdraws", b"\\u0077ithdraws"),
    "a solidus escaped": encode(WITHDRAW).replace(b"/", b"\\/"),
    "a number with an exponent": encode(WITHDRAW).replace(str(T0).encode(), b"1.8e15"),
    "a number with a fraction of zero": encode(WITHDRAW).replace(str(T0).encode(), b"%d.0" % T0),
    "minus zero": encode(WITHDRAW).replace(str(T0).encode(), b"-0"),
    "leading zeros": encode(WITHDRAW).replace(str(T0).encode(), b"01"),
    "another order": json.dumps(dict(reversed(json.loads(encode(WITHDRAW)).items()))).encode(),
    "a key twice": encode(WITHDRAW).replace(b'"id"', b'"at_us":1,"id"', 1),
    "a newline within an id": encode(WITHDRAW).replace(b'"N3"', b'"N3\\n"'),
    "an upper-case id": encode(WITHDRAW).replace(uuid(7).encode(), uuid(0xAB).upper().encode()),
    "an Arabic-Indic digit": encode(WITHDRAW).replace(b'"N3"', '"N٣"'.encode()),
    "a number beyond 64 bits": encode(WITHDRAW).replace(str(T0).encode(), b"9" * 30),
    "an array": b"[]",
    "nothing": b"",
    "half a command": encode(WITHDRAW)[:-1],
    "two commands": encode(WITHDRAW) * 2,
    "no utf-8": encode(WITHDRAW).replace(b"N3", b"N\xff"),
    "an unknown command": encode(WITHDRAW).replace(b'"withdraw"', b'"strike"'),
    "no command named": encode(WITHDRAW).replace(b'"command":"withdraw",', b""),
    "deeply nested": b'{"a":' * 100_000,
}


@pytest.mark.parametrize("raw", OTHER_SPELLINGS.values(), ids=OTHER_SPELLINGS.keys())
def test_another_spelling_is_no_command_and_says_so(raw: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        decode_command(raw)
    assert caught.value.where.startswith("command")


def test_what_means_the_same_is_told_that_its_spelling_is_what_is_wrong() -> None:
    with pytest.raises(NotCanonical):
        decode_command(OTHER_SPELLINGS["a space"])


def test_a_command_too_large_is_not_even_read() -> None:
    with pytest.raises(TooLarge):
        decode_command(b" " * (MAX_COMMAND_BYTES + 1))


def test_an_error_names_the_field() -> None:
    raw = encode(Notify(centre=ORIGIN, id=uuid(7), at_us=T0, notice=flight(), consent="0" * 64, details="x"))
    with pytest.raises(Malformed) as caught:
        decode_command(raw)
    assert caught.value.where == "command.details"


def test_an_attachment_has_one_spelling_too() -> None:
    consent = ConsentDocument(release=(Release(to="north", level=ReleaseLevel.FULL),))
    raw = encode(consent)
    assert decode_value(ConsentDocument, raw, "consent") == consent
    with pytest.raises(NotCanonical):
        decode_value(ConsentDocument, raw.replace(b":", b": ", 1), "consent")


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_refused(raw: bytes) -> None:
    with pytest.raises(Malformed):
        decode_command(raw)


@given(st.text(max_size=200))
@settings(max_examples=100)
def test_any_name_reads_back(name: str) -> None:
    notice = msgspec.structs.replace(hospital(), name=name)
    command: AnyCommand = Notify(
        centre=ORIGIN, id=uuid(7), at_us=T0, notice=notice, consent="0" * 64, details="1" * 64
    )
    try:
        raw = encode(command)
    except UnicodeEncodeError:
        return  # a lone surrogate is no text and has no bytes
    assert decode_command(raw) == command


def test_a_tick_is_a_command_like_any_other() -> None:
    tick = PassTime(centre=ORIGIN, id=uuid(7), at_us=T0)
    assert decode_command(encode(tick)) == tick
