# SPDX-License-Identifier: Apache-2.0
"""Air cards and convoys' cards: what may stand on them, who reads them, and what is said when they are missing."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standclear.core.cards import AirCard, RoadCard, Stated, is_channel
from standclear.core.codec import encode
from standclear.core.cover import cover_of
from standclear.core.departure import departure
from standclear.core.events import NoticeRecorded
from standclear.core.model import Activity, Content, FlagCode, Movement, ReleaseLevel
from standclear.core.wellformed import check_content
from standclear.errors import Malformed
from tests.world import MOVING, T0, World, convoy, flight, medical_flight, shown_to_all, terms

HILL, NORTH, RIVER, LAKE = "hill-relief", "north-command", "river-alliance", "lake-observers"
AIR = AirCard(
    callsign="RESCUE 21",
    mode_s="4B1A2C",
    frequencies_khz=(121_500, 118_005, 243_000),
    lost_link="climbs to 2,000 m and flies home",
    notam="A1234/26",
    qnh_source="the tower of the lake",
    standby="a second of the same type",
)
ROAD = RoadCard(armed_escort=Stated.NO, night_marking=Stated.YES, vehicles=7)
TERMS = terms(movements=MOVING)


def carded(content: Content, **cards: object) -> Content:
    return msgspec.structs.replace(content, **cards)


def check(content: Content) -> None:
    check_content(TERMS, content, "command.notice")


def test_a_whole_card_is_taken() -> None:
    check(carded(medical_flight(), air=AIR, road=ROAD, lines=3))
    check(carded(flight(), air=AIR))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("callsign", "R"),
        ("callsign", "rescue"),
        ("callsign", "A" * 17),
        ("callsign", " RESCUE"),
        ("mode_s", "4b1a2c"),
        ("mode_s", "4B1A2"),
        ("mode_s", "4B1A2CX"),
        ("mode_s", "000000"),
        ("mode_s", "FFFFFF"),
        ("mode_s", "GGGGGG"),
        ("notam", "1234/26"),
        ("notam", "A123/26"),
        ("notam", "A1234/2026"),
        ("notam", "A0000/26"),
        ("notam", "A1234/26\n"),
        ("frequencies_khz", (121_520,)),
        ("frequencies_khz", (121_500, 137_000)),
        ("frequencies_khz", (117_975,)),
        ("frequencies_khz", (243_005,)),
        ("frequencies_khz", (121_501,)),
        ("lost_link", "flies\x1b[2J home"),
    ],
)
def test_what_cannot_be_called_tuned_or_looked_up_is_named_with_what_would_be_right(
    field: str, value: object
) -> None:
    card = msgspec.structs.replace(AIR, **{field: value})
    for content in (carded(medical_flight(), air=card), carded(flight(), air=card)):
        with pytest.raises(Malformed) as caught:
            check(content)
        assert f"command.notice.air.{field}" in caught.value.where
        assert caught.value.expected


@given(st.integers(0, 500_000))
def test_a_channel_is_on_the_grid_that_radios_have(khz: int) -> None:
    last = khz % 100
    vhf = 118_000 <= khz <= 136_990 and last % 5 == 0 and last not in (20, 45, 70, 95)
    uhf = 225_000 <= khz <= 399_975 and last in (0, 25, 50, 75)
    assert is_channel(khz) == (vhf or uhf)


@pytest.mark.parametrize("vehicles", [0, 501])
def test_no_convoy_has_no_vehicle_or_five_hundred_and_one(vehicles: int) -> None:
    with pytest.raises(Malformed, match=f"{vehicles} vehicles"):
        check(carded(convoy(), road=RoadCard(vehicles=vehicles)))


def test_a_notice_without_cards_has_the_bytes_it_always_had() -> None:
    assert b'"air"' not in encode(flight())
    assert set(msgspec.json.decode(encode(convoy()))) == {"notice", "kind", "name", "legs"}
    for content in (flight(), convoy(), carded(convoy(), air=AIR, road=ROAD), carded(flight(), air=AIR)):
        raw = encode(content)
        assert encode(msgspec.json.decode(raw, type=type(content))) == raw


@pytest.mark.parametrize(
    "content", [carded(medical_flight(), air=AIR, road=ROAD, lines=3), carded(flight(), air=AIR)]
)
def test_a_card_is_for_those_who_see_all_of_the_notice(content: Movement | Activity) -> None:
    small = World(terms=TERMS)
    levels = {NORTH: ReleaseLevel.FULL, RIVER: ReleaseLevel.VOLUME, LAKE: ReleaseLevel.COVER}
    author = HILL if isinstance(content, Movement) else NORTH
    small.notify(author, content, levels)
    whole = small.last_view(NORTH)
    assert whole is not None
    assert b"RESCUE 21" in encode(whole)
    for other in (RIVER, LAKE):
        view = small.last_view(other)
        text = encode(view) if view is not None else b""
        for word in (b"RESCUE", b"4B1A2C", b"A1234", b"121500", b"tower", b'"vehicles":7', b'"lines":3'):
            assert word not in text
    cover = encode(cover_of(content, TERMS))
    assert b"RESCUE" not in cover
    assert b"vehicles" not in cover


def test_a_new_card_alone_is_not_told_to_those_who_see_where_and_when() -> None:
    small = World(terms=TERMS)
    levels = {NORTH: ReleaseLevel.FULL, RIVER: ReleaseLevel.VOLUME}
    small.notify(HILL, medical_flight(), levels)
    small.agree(RIVER, "N3")
    small.amend(HILL, "N3", carded(medical_flight(), air=AIR), levels)
    assert small.last_view(RIVER) is None
    assert small.last_view(NORTH) is not None
    assert [one.party for one in small.notice("N3").agreements] == [RIVER]


def flags(content: Content) -> set[FlagCode]:
    small = World(terms=TERMS)
    recorded = small.notify(HILL, content, shown_to_all())[0]
    assert isinstance(recorded, NoticeRecorded)
    return {flag.code for flag in recorded.flags}


def test_a_convoy_that_does_not_say_whether_it_is_escorted_or_marked_is_kept_and_flagged() -> None:
    assert flags(convoy()) == {FlagCode.ESCORT_UNSTATED, FlagCode.MARKING_UNSTATED}
    unknown = RoadCard(armed_escort=Stated.UNKNOWN, night_marking=Stated.NO)
    assert flags(carded(convoy(), road=unknown)) == set()
    assert flags(carded(convoy(), road=RoadCard(armed_escort=Stated.YES))) == {FlagCode.MARKING_UNSTATED}


def test_a_medical_flight_without_an_air_card_is_kept_and_flagged() -> None:
    assert flags(medical_flight()) == {FlagCode.NO_AIR_CARD}
    assert flags(carded(medical_flight(), air=AIR)) == set()


def test_terms_that_say_nothing_of_movements_flag_nothing() -> None:
    small = World()
    recorded = small.notify(HILL, convoy())[0]
    assert isinstance(recorded, NoticeRecorded)
    assert recorded.flags == ()


def test_the_departure_sheet_has_the_card_what_it_leaves_out_and_lines_not_called() -> None:
    small = World(terms=TERMS)
    small.notify(HILL, carded(medical_flight(), air=AirCard(callsign="RESCUE 21"), lines=2))
    small.notify(HILL, carded(convoy(), road=RoadCard(vehicles=7)))
    small.call_line(HILL, "N3", 2)
    sheets = []
    for notice in ("N3", "N4"):
        found = departure(small.state, small.notice(notice), T0 + small.now)
        sheets.append({one.title: one.lines for one in found})
    assert {"Callsign: RESCUE 21.", "NOTAM: NOT STATED."} <= set(sheets[0]["Card"])
    assert "Line 1: NOT called for this version." in sheets[0]["Test calls"]
    assert not any(line.startswith("Line 2: NOT") for line in sheets[0]["Test calls"])
    assert sheets[1]["Card"] == (
        "Armed escort: NOT STATED.",
        "Marking that is seen by night: NOT STATED.",
        "Vehicles: 7.",
    )
