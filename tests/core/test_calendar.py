# SPDX-License-Identifier: Apache-2.0
"""Working hours, cut-offs and changes of the clock, as the terms state them and no machine's tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standclear.core.calendar import (
    Calendar,
    Cutoff,
    OffsetChange,
    cut_off,
    is_working,
    moment_of,
    offset_at,
    working_after,
    working_before,
)
from standclear.core.deadlines import answer_by_us
from standclear.core.events import TermsEndSoon
from standclear.core.model import FlagCode
from standclear.core.terms import Acknowledge, Consent, LeadTime
from standclear.core.terms_toml import read_terms
from standclear.errors import TermsInvalid
from tests import world
from tests.world import DAY, HOUR, T0, World, convoy, flight, of_type

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
HILL, NORTH, RIVER = "hill-relief", "north-command", "river-alliance"


def us(year: int, month: int, day: int, hour: int = 0, minute: int = 0, offset_h: int = 0) -> int:
    there = timezone(timedelta(hours=offset_h))
    moment = datetime(year, month, day, hour, minute, tzinfo=there).astimezone(UTC)
    return round(moment.timestamp()) * 1_000_000


def day_number(year: int, month: int, day: int) -> int:
    return (date(year, month, day) - date(1970, 1, 1)).days


OFFICE = Calendar(
    id="office",
    offset_min=180,
    changes=(),
    working_days=(MON, TUE, WED, THU, SUN),
    opens_min=480,
    closes_min=960,
    closed_days=(day_number(2027, 1, 20),),
)
"""Three hours ahead of UTC, Sunday to Thursday, 08:00 to 16:00; Wednesday 20 January 2027 is closed."""
SPRING = Calendar(
    id="spring",
    offset_min=60,
    changes=(OffsetChange(from_us=us(2027, 3, 28, 1), offset_min=120),),
    working_days=(MON, TUE, WED, THU, FRI, SAT, SUN),
    opens_min=0,
    closes_min=1_440,
    closed_days=(),
)
"""An hour ahead of UTC, and two from 28 March 2027, 02:00 local time on."""


def test_weekends_and_closed_days_are_no_working_days() -> None:
    days = {name: day_number(2027, 1, number) for name, number in (("fri", 15), ("sun", 17), ("wed", 20))}
    assert {name: is_working(OFFICE, day) for name, day in days.items()} == {
        "fri": False,
        "sun": True,
        "wed": False,
    }


@pytest.mark.parametrize(
    ("begins", "hours", "by"),
    [
        (us(2027, 1, 19, 12, offset_h=3), 2, us(2027, 1, 19, 10, offset_h=3)),
        (us(2027, 1, 19, 9, offset_h=3), 2, us(2027, 1, 18, 15, offset_h=3)),
        (us(2027, 1, 21, 9, offset_h=3), 2, us(2027, 1, 19, 15, offset_h=3)),
        (us(2027, 1, 16, 3, offset_h=3), 8, us(2027, 1, 14, 8, offset_h=3)),
        (us(2027, 1, 17, 6, offset_h=3), 9, us(2027, 1, 13, 15, offset_h=3)),
    ],
)
def test_working_hours_before_skip_nights_weekends_and_closed_days(begins: int, hours: int, by: int) -> None:
    assert working_before(OFFICE, begins, hours * HOUR) == by


def test_working_hours_after_skip_them_too() -> None:
    friday = us(2027, 1, 15, 12, offset_h=3)
    assert working_after(OFFICE, friday, HOUR) == us(2027, 1, 17, 9, offset_h=3)
    tuesday = us(2027, 1, 19, 15, offset_h=3)
    assert working_after(OFFICE, tuesday, 3 * HOUR) == us(2027, 1, 21, 10, offset_h=3)


@given(st.integers(0, 400 * 24 * 60), st.integers(0, 60 * 60))
def test_so_many_working_hours_before_and_after_meet_again(start_min: int, amount_min: int) -> None:
    start_us, amount_us = T0 + start_min * 60_000_000, amount_min * 60_000_000
    by_us = working_before(OFFICE, start_us, amount_us)
    assert by_us <= start_us
    assert working_after(OFFICE, by_us, amount_us) <= start_us
    assert working_before(OFFICE, working_after(OFFICE, start_us, amount_us), amount_us) >= start_us


@pytest.mark.parametrize(
    ("cutoff", "begins", "by"),
    [
        (Cutoff(720, 1, None), us(2027, 1, 19, 9, offset_h=3), us(2027, 1, 18, 12, offset_h=3)),
        (Cutoff(720, 1, None), us(2027, 1, 17, 9, offset_h=3), us(2027, 1, 14, 12, offset_h=3)),
        (Cutoff(720, 2, None), us(2027, 1, 21, 9, offset_h=3), us(2027, 1, 18, 12, offset_h=3)),
        (Cutoff(780, 1, THU), us(2027, 1, 20, 9, offset_h=3), us(2027, 1, 14, 13, offset_h=3)),
        (Cutoff(780, 1, THU), us(2027, 1, 22, 9, offset_h=3), us(2027, 1, 21, 13, offset_h=3)),
        (Cutoff(780, 1, THU), us(2027, 1, 21, 9, offset_h=3), us(2027, 1, 14, 13, offset_h=3)),
        (Cutoff(780, 1, WED), us(2027, 1, 22, 9, offset_h=3), us(2027, 1, 19, 13, offset_h=3)),
        (Cutoff(1_440, 0, None), us(2027, 1, 19, 9, offset_h=3), us(2027, 1, 19, 9, offset_h=3)),
    ],
)
def test_a_cut_off_is_a_time_of_day_on_a_working_day_before(cutoff: Cutoff, begins: int, by: int) -> None:
    assert cut_off(OFFICE, cutoff, begins) == by


def test_the_clock_changes_when_the_terms_say_and_what_it_leaps_over_is_read_early() -> None:
    assert [offset_at(SPRING, us(2027, 3, 28, 0, 59)), offset_at(SPRING, us(2027, 3, 28, 1))] == [60, 120]
    day = day_number(2027, 3, 28)
    assert moment_of(SPRING, day, 12 * 60) == us(2027, 3, 28, 10)
    assert moment_of(SPRING, day, 150) == us(2027, 3, 28, 0, 30)
    autumn = Calendar(
        id="autumn",
        offset_min=120,
        changes=(OffsetChange(from_us=us(2027, 10, 31, 1), offset_min=60),),
        working_days=(MON, TUE, WED, THU, FRI, SAT, SUN),
        opens_min=0,
        closes_min=1_440,
        closed_days=(),
    )
    assert moment_of(autumn, day_number(2027, 10, 31), 150) == us(2027, 10, 31, 0, 30)


# ---- in rules --------------------------------------------------------------------------------------------


def late_by(small: World, notice: str) -> dict[str, int]:
    return {flag.rule: flag.amount for flag in small.notice(notice).flags if flag.code is FlagCode.LATE}


def test_notice_after_the_cut_off_is_flagged_with_how_late_it_is_and_kept() -> None:
    noon = LeadTime("noon-before", ("convoy",), 0, "office", Cutoff(720, 1, None))
    small = World(terms=world.terms(rules=(noon, *world.RULES[:3]), calendars=(OFFICE,)))
    begins = us(2027, 1, 18, 10, offset_h=3) - T0
    small.wait_until(us(2027, 1, 17, 12, offset_h=3) - T0 - HOUR)
    small.notify(HILL, convoy(start=begins))
    assert late_by(small, small.last()) == {}
    small.wait_until(us(2027, 1, 17, 12, offset_h=3) - T0 + 2 * HOUR)
    small.notify(HILL, convoy(start=begins))
    (late,) = late_by(small, small.last()).values()
    assert 2 * HOUR <= late < 2 * HOUR + 1_000
    assert small.notice(small.last()).showings


def test_an_acknowledgement_in_working_hours_is_called_for_when_they_have_passed() -> None:
    asks = Acknowledge(
        id="in-hours",
        kinds=("convoy",),
        parties=(NORTH,),
        echelons=("watch",),
        deadline_us=2 * HOUR,
        steps_us=(),
        calendar="office",
    )
    friday = us(2027, 1, 15, 14, offset_h=3)
    terms = world.terms(rules=(*world.RULES[:3], asks), calendars=(OFFICE,))
    assert answer_by_us(terms, asks, friday) == us(2027, 1, 17, 10, offset_h=3)


def test_terms_say_how_many_days_before_their_end_everyone_is_warned() -> None:
    small = World(terms=world.terms(in_force_until_us=T0 + 40 * DAY, warn_us=(20 * DAY, 2 * DAY)))
    told = [event for day in range(1, 41) for event in small.wait_until(day * DAY + HOUR)]
    assert [event.at_us for event in of_type(tuple(told), TermsEndSoon)] == [T0 + 20 * DAY, T0 + 38 * DAY]
    small.notify(NORTH, flight(start=60 * DAY))


def test_rules_that_count_plain_hours_keep_their_bytes() -> None:
    for rule in (world.RULES[3], world.ASKING[-1]):
        assert b"calendar" not in world.canonical(rule)


# ---- in the file -----------------------------------------------------------------------------------------

SECTIONS = """
[[calendar]]
id = "office"
utc_offset_min = 180
working_days = ["sun", "mon", "tue", "wed", "thu"]
opens = "08:00"
closes = "16:00"
closed_on = [2027-01-20]

[[calendar_change]]
calendar = "office"
from = 2027-03-28T01:00:00Z
utc_offset_min = 240

[[rule]]
id = "changes-on-thursdays"
shape = "lead_time"
kinds = ["site"]
calendar = "office"
by = "13:00"
weekday = "thu"

[[rule]]
id = "eight-working-hours"
shape = "lead_time"
kinds = ["movement"]
calendar = "office"
lead_h = 8

[[rule]]
id = "consent-by-noon"
shape = "consent"
kinds = ["activity"]
parties = ["party-azure"]
calendar = "office"
by = "12:00"
days_before = 1
"""


def starter() -> str:
    from standclear import wiring

    return wiring.starter_terms().replace("version = 1", "version = 1\nwarn_days = [14, 3]", 1)


def test_a_file_of_terms_has_calendars_and_counts_by_them() -> None:
    terms = read_terms(starter() + SECTIONS)
    (office,) = terms.calendars
    assert office.working_days == OFFICE.working_days
    assert office.closed_days == OFFICE.closed_days
    assert office.changes == (OffsetChange(from_us=us(2027, 3, 28, 1), offset_min=240),)
    thursdays = terms.rule("changes-on-thursdays")
    assert isinstance(thursdays, LeadTime)
    assert thursdays.cutoff == Cutoff(at_min=780, days_before=1, weekday=THU)
    consent = terms.rule("consent-by-noon")
    assert isinstance(consent, Consent)
    assert (consent.calendar, consent.cutoff) == ("office", Cutoff(at_min=720, days_before=1, weekday=None))
    assert terms.warn_us == (14 * DAY, 3 * DAY)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('calendar = "office"\nlead_h', 'calendar = "offise"\nlead_h', "which the terms do not have"),
        ('calendar = "office"\nby = "13:00"', 'by = "13:00"', "the calendar whose time of day `by` is"),
        ('closes = "16:00"', 'closes = "08:30"', "open for less than an hour"),
        ('opens = "08:00"', 'opens = "8"', "a time of day in quotes"),
        ('weekday = "thu"', 'weekday = "thursday"', "one of mon, tue"),
        ("lead_h = 8", "lead_h = 800", "counts too many working hours"),
        ('calendar = "office"\nfrom', 'calendar = "elsewhere"\nfrom', "the id of a calendar"),
        ("[2027-01-20]", '["2027-01-20"]', "dates without quotes"),
        ('"sun", "mon"', '"sun", "sun"', "names a day twice"),
    ],
)
def test_what_cannot_be_counted_by_is_refused_with_its_place(old: str, new: str, said: str) -> None:
    assert old in SECTIONS
    with pytest.raises(TermsInvalid) as refused:
        read_terms(starter() + SECTIONS.replace(old, new, 1))
    assert said in str(refused.value)
