# SPDX-License-Identifier: Apache-2.0
"""Late or odd input is flagged, never dropped (law 11)."""

from __future__ import annotations

import msgspec
import pytest

from standclear.core.flags import flags_for
from standclear.core.model import Content, Flag, FlagCode, Status
from standclear.core.terms import LeadTime
from tests import world
from tests.world import DAY, HOUR, MINUTE, T0, World, convoy, flight, hospital

TERMS = world.terms()


def codes(content: Content, claimed: int = 0, recorded: int = 0) -> list[FlagCode]:
    return [flag.code for flag in flags_for(TERMS, content, T0 + claimed, T0 + recorded)]


@pytest.mark.parametrize(("early", "late"), [(DAY, False), (DAY - 1, True)])
def test_a_notice_a_microsecond_short_of_its_lead_time_is_late_by_that_much(early: int, late: bool) -> None:
    flags = flags_for(TERMS, flight(start=early), T0, T0)
    assert flags == ((Flag(code=FlagCode.LATE, rule="day-before", amount=1),) if late else ())


def test_a_site_has_no_lead_time_and_a_convoy_counts_from_its_first_leg() -> None:
    assert codes(hospital()) == []
    assert codes(convoy(start=HOUR)) == [FlagCode.LATE]


def test_each_rule_that_is_short_is_flagged_by_its_name() -> None:
    two = (*TERMS.rules, LeadTime(id="also-two-days", kinds=("survey-flight",), lead_us=2 * DAY))
    flags = flags_for(msgspec.structs.replace(TERMS, rules=two), flight(start=HOUR), T0, T0)
    assert [flag.rule for flag in flags] == ["also-two-days", "day-before"]


@pytest.mark.parametrize("claimed", [5 * MINUTE + 1, -5 * MINUTE - 1])
def test_a_clock_far_off_either_way_is_flagged_and_one_a_little_off_is_not(claimed: int) -> None:
    assert codes(hospital(), claimed=claimed) == [FlagCode.CLOCK_SKEW]
    assert codes(hospital(), claimed=claimed // abs(claimed) * 5 * MINUTE) == []


def test_a_notice_larger_than_the_terms_expect_is_flagged_whichever_volume_it_is() -> None:
    both = (world.circle(30, 1, 10), world.circle(30, 1, 60_000))
    assert codes(msgspec.structs.replace(hospital(), volumes=both)) == [FlagCode.OVERSIZED]
    assert codes(hospital(radius_m=49_000)) == []


def test_everything_odd_about_one_notice_is_said_in_one_order() -> None:
    odd = hospital(radius_m=60_000, placed=False)
    assert codes(odd, claimed=DAY) == [FlagCode.CLOCK_SKEW, FlagCode.OVERSIZED, FlagCode.UNPLACED]


@pytest.mark.parametrize(
    "content",
    [
        hospital(radius_m=300_000),
        hospital(placed=False),
        convoy(start=-DAY),
        msgspec.structs.replace(hospital(), valid_until_us=T0 - DAY),
    ],
)
def test_what_is_odd_is_recorded_and_spared_all_the_same(content: Content) -> None:
    small = World()
    small.notify("hill-relief", content)
    site = small.last()
    small.settle()
    assert small.status(site) in (Status.CURRENT, Status.EXPIRED, Status.OVERDUE)
    small.notify("north-command", flight(lower_m=0, upper_m=200))
    assert small.status(small.last()) is Status.BLOCKED


def test_a_flight_notified_late_is_flagged_and_filed() -> None:
    small = World()
    small.notify("north-command", flight(start=MINUTE))
    assert small.status(small.last()) is Status.FILED


def test_flags_are_of_the_newest_words() -> None:
    small = World()
    small.notify("hill-relief", hospital(placed=False))
    site = small.last()
    small.amend("hill-relief", site, hospital())
    assert small.notice(site).flags == ()
