# SPDX-License-Identifier: Apache-2.0
"""Claims of airspace are bounded by area times hours, and flagged where they overlap; what protects people is not."""

from __future__ import annotations

import msgspec
import pytest

from standclear.core.claims import ENDLESS, claim_km2_h, displaces, is_measure, meet
from standclear.core.events import CommandRefused
from standclear.core.model import Area, Content, FlagCode, ReleaseLevel, Verdict
from standclear.core.terms import Claims
from tests.world import DAY, HOUR, T0, World, area, circle, convoy, flight, hospital, terms

NORTH, RIVER, HILL = "north-command", "river-alliance", "hill-relief"
BOUND = Claims(most_km2_h=1_000, displaced_by=("convoy",))


def bounded() -> World:
    return World(terms=terms(claims=BOUND))


def measure(radius_m: float = 5_000, hours: int = 4, lon: float = 30.0, start: int = 2 * DAY) -> Area:
    volume = circle(lon, 1.5, radius_m, start=start, end=start + hours * HOUR)
    return msgspec.structs.replace(area("airspace", lon=lon, parties=()), volumes=(volume,))


def flags(small: World, code: FlagCode) -> list[int]:
    return [flag.amount for flag in small.notice(small.last()).flags if flag.code is code]


def test_a_claim_is_its_area_times_its_hours_rounded_up() -> None:
    assert claim_km2_h(terms(), measure(1_000, 1)) == 4  # pi square kilometres
    assert claim_km2_h(terms(), measure(1_000, 10)) == 32
    assert claim_km2_h(terms(), area("airspace", parties=())) == ENDLESS
    assert claim_km2_h(terms(), hospital()) is None
    assert claim_km2_h(terms(), convoy()) is None
    assert claim_km2_h(terms(), area("truce", parties=())) is None


def test_an_area_s_end_is_the_end_of_its_claim() -> None:
    endless = area("airspace", radius_m=1_000, parties=())
    starts = msgspec.structs.replace(endless, volumes=(circle(30.0, 1.5, 1_000, start=0),))
    ends = msgspec.structs.replace(starts, valid_until_us=T0 + 10 * HOUR)
    assert (claim_km2_h(terms(), starts), claim_km2_h(terms(), ends)) == (ENDLESS, 32)
    over = msgspec.structs.replace(ends, valid_until_us=T0 - HOUR)
    assert claim_km2_h(terms(), over) == 0


@pytest.mark.parametrize("content", [measure(20_000, 4), area("airspace", parties=())])
def test_a_measure_beyond_the_bound_is_refused_with_its_size_and_the_bound(content: Content) -> None:
    small = bounded()
    (event,) = small.notify(NORTH, content)
    assert isinstance(event, CommandRefused)
    assert "1000 km²·h" in event.detail


def test_a_measure_within_it_stands_and_is_not_amended_beyond_it() -> None:
    small = bounded()
    small.notify(NORTH, measure())
    held = small.last()
    (event,) = small.amend(NORTH, held, measure(20_000))
    assert isinstance(event, CommandRefused)
    assert small.notice(held).content == measure()


def test_an_activity_beyond_it_is_flagged_and_judged_as_any_other() -> None:
    small = bounded()
    small.notify(HILL, hospital())
    small.notify(NORTH, flight(radius_m=20_000, lower_m=0, upper_m=200))
    assert flags(small, FlagCode.CLAIM_BEYOND_TERMS) == [1_257]
    assert small.judged(small.last()).verdict is Verdict.CONFLICT


@pytest.mark.parametrize(
    "content", [hospital(radius_m=90_000), area("truce", radius_m=90_000, parties=()), convoy()]
)
def test_nothing_that_protects_people_is_bounded(content: Content) -> None:
    small = bounded()
    small.notify(NORTH, content)
    assert small.status(small.last()) is not None
    assert flags(small, FlagCode.CLAIM_BEYOND_TERMS) == []


def test_measures_of_others_that_overlap_are_counted_for_the_author() -> None:
    small = bounded()
    small.notify(NORTH, measure())
    small.notify(NORTH, measure())
    assert flags(small, FlagCode.OVERLAPS_CLAIM) == []  # both its own
    small.notify(RIVER, measure(lon=30.05))
    assert flags(small, FlagCode.OVERLAPS_CLAIM) == [2]
    assert all(
        flag.code is not FlagCode.OVERLAPS_CLAIM for flag in small.known(NORTH).notices[small.last()].flags
    )
    small.notify(RIVER, measure(start=4 * DAY))
    assert flags(small, FlagCode.OVERLAPS_CLAIM) == []


def test_without_the_terms_section_nothing_is_bounded() -> None:
    small = World()
    small.notify(NORTH, area("airspace", parties=()))
    assert small.status(small.last()) is not None


def test_a_flight_of_a_kind_that_the_terms_name_displaces_a_measure_that_it_meets() -> None:
    small = bounded()
    small.notify(NORTH, measure(hours=1))
    held = small.notice(small.last())
    small.notify(HILL, convoy(), {NORTH: ReleaseLevel.VOLUME})
    way = small.notice(small.last())
    assert is_measure(held)
    assert displaces(small.state, way)
    assert meet(small.state, held, way)
    small.notify(HILL, convoy(lon=40.0))
    assert not meet(small.state, held, small.notice(small.last()))
    assert not displaces(World().state, way)
