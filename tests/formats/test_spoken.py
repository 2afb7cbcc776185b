# SPDX-License-Identifier: Apache-2.0
"""A notice by voice: what is said comes back exactly, and no wrong sign passes."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standclear.core.model import Activity, Area, Content, Drill, GroundHazard, Movement, Site, Stop
from standclear.errors import Malformed
from standclear.formats.spoken.groups import with_check, without_check
from standclear.formats.spoken.radio import lines_of
from standclear.formats.spoken.reading import read_spoken
from standclear.formats.spoken.saying import SMS_CHARS, parts_of
from standclear.formats.spoken.words import WORDS
from standclear.geometry.volume import Band, Datum, Edges, Footprint, Level, Shape, Volume, Window
from tests import world

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
E7 = 10**7

moments = st.none() | st.integers(0, 4_000_000_000_000_000)
heights = st.integers(-10_000_000, 30_000_000)
positions = st.tuples(st.integers(-180 * E7, 180 * E7), st.integers(-89 * E7, 89 * E7))
circles = st.builds(
    Footprint,
    shape=st.just(Shape.POINT),
    rings=positions.map(lambda position: ((position,),)),
    edges=st.sampled_from(Edges),
    radius_mm=st.integers(0, 100_000_000),
    uncertainty_mm=st.sampled_from((0, 8, 5_000)),
)


@st.composite
def volumes(draw: st.DrawFn) -> Volume:
    start = draw(st.integers(0, 4_000_000_000_000_000))
    end = start + draw(st.integers(1, 10**12))
    window = Window(start_us=draw(st.sampled_from((None, start))), end_us=draw(st.sampled_from((None, end))))
    datum = draw(st.sampled_from(Datum))
    lower, upper = (Level(height, datum) for height in sorted((draw(heights), draw(heights))))
    band = Band(draw(st.sampled_from((None, lower))), draw(st.sampled_from((None, upper))))
    return Volume(draw(circles), band, window)


@st.composite
def contents(draw: st.DrawFn) -> Content:
    common: dict[str, Any] = {"kind": "hospital", "name": "Not spoken"}
    several = tuple(draw(st.lists(volumes(), min_size=1, max_size=4)))
    until = draw(moments)
    either: tuple[Content, ...] = (
        Site(**common, volumes=several, placed=draw(st.booleans()), valid_until_us=until),
        Area(**common, volumes=several, parties=("party-azure", "b.2"), valid_until_us=until),
        Movement(**common, legs=several),
        Activity(**common, volumes=several, ground_hazard=draw(st.sampled_from(GroundHazard))),
        Stop(**common, volumes=several, drill=draw(st.sampled_from(Drill))),
    )
    return draw(st.sampled_from(either))


@given(contents(), st.integers(0, 10**15 - 1), st.randoms(use_true_random=False))
def test_what_is_said_comes_back_exactly_whatever_the_order_of_its_parts(
    content: Content, number: int, chance: random.Random
) -> None:
    parts = list(parts_of(f"N{number}", content))
    chance.shuffle(parts)
    heard = read_spoken("\n".join(parts).lower())
    assert heard.notice == f"N{number}"
    assert heard.row.volumes == (content.legs if isinstance(content, Movement) else content.volumes)
    assert heard.row.kind == "hospital"
    assert heard.drill is (isinstance(content, Stop) and content.drill is not Drill.LIVE)
    match content:
        case Site():
            assert (heard.row.placed, heard.row.valid_until_us) == (content.placed, content.valid_until_us)
        case Area():
            assert (heard.row.parties, heard.row.valid_until_us) == (content.parties, content.valid_until_us)
        case Activity():
            assert heard.row.ground_hazard is content.ground_hazard
        case _:
            pass


def test_a_circle_fits_one_text_message_and_names_stay_out() -> None:
    stop = Stop(kind="stop", name="Secret", volumes=world.hospital(30.2512345, 1.5512345).volumes)
    (part,) = parts_of("N123456", stop)
    assert len(part) <= SMS_CHARS
    assert "SECRET" not in part
    assert part.isascii()


def test_longer_ones_go_in_numbered_parts_that_fit() -> None:
    convoy = world.convoy(30.0)
    many = msgspec.structs.replace(convoy, legs=convoy.legs * 6)
    parts = parts_of("N7", many)
    assert len(parts) > 1
    assert all(len(part) <= SMS_CHARS for part in parts)
    with pytest.raises(Malformed, match="are missing"):
        read_spoken(" ".join(parts[1:]))


def test_no_wrong_sign_passes_anywhere() -> None:
    (message,) = parts_of("N42", world.hospital(30.25, 1.55))
    read_spoken(message)
    for at, right in enumerate(message):
        for wrong in SIGNS:
            if right not in " " and wrong != right:
                with pytest.raises(Malformed):
                    read_spoken(message[:at] + wrong + message[at + 1 :])


def test_no_two_neighbours_change_places_unseen() -> None:
    (message,) = parts_of("N42", world.hospital(30.25, 1.55))
    for at in range(len(message) - 1):
        swapped = message[:at] + message[at + 1] + message[at] + message[at + 2 :]
        if swapped.split() != message.split():
            with pytest.raises(Malformed):
                read_spoken(swapped)


@given(st.text("0123456789NESW.", min_size=1, max_size=20), st.data())
def test_check_digits_find_a_wrong_sign_in_the_very_group(said: str, data: st.DataObject) -> None:
    group = with_check(said)
    assert without_check(group, 1) == said
    at = data.draw(st.integers(0, len(said) - 1))
    wrong = data.draw(st.sampled_from([sign for sign in "0123456789" if sign != said[at]]))
    if said[at].isdigit():
        with pytest.raises(Malformed, match="misheard or mistyped"):
            without_check(said[:at] + wrong + group[at + 1 :], 3)


def test_the_group_that_is_wrong_is_named() -> None:
    (message,) = parts_of("N42", world.hospital(30.25, 1.55))
    groups = message.split()
    at = next(n for n, group in enumerate(groups) if group.startswith("30.25"))
    groups[at] = groups[at].replace("30.25", "30.26")
    with pytest.raises(Malformed, match="do not fit") as wrong:
        read_spoken(" ".join(groups))
    assert wrong.value.where == f"group {at + 1}"


def test_the_words_are_told_apart_by_their_first_four_letters() -> None:
    assert len(WORDS) == len({word[:4] for word in WORDS}) == 256
    assert all(word.isascii() and word.isalpha() and word.islower() for word in WORDS)


def test_over_the_radio_each_sign_has_its_name() -> None:
    lines = lines_of(f"SC1 STOP {with_check('1.5N')} GND OAK")
    assert lines[1] == "stop"
    assert lines[2].startswith("one decimal five november dash ")
    assert lines[3:] == ("gnd", "oak")
