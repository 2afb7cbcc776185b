# SPDX-License-Identifier: Apache-2.0
"""The daily report: what is counted, to which day it belongs, and who is shown what of it."""

from __future__ import annotations

from msgspec.structs import asdict

from standclear.core.calendar import Calendar, OffsetChange
from standclear.core.commands import RecallStep
from standclear.core.following import DailyTerms
from standclear.core.model import ReleaseLevel
from standclear.reports.daily import DailyReport, Day, last_ended, report_of
from standclear.reports.daily_page import Made, csv_of, page_of
from standclear.reports.html import html_of
from tests.reporting import find, report
from tests.world import (
    DAY,
    HOUR,
    MINUTE,
    T0,
    World,
    convoy,
    flight,
    hospital,
    medical_flight,
    shown_to_all,
    terms,
)

NORTH, RIVER, HILL, LAKE, DESK = (
    "north-command",
    "river-alliance",
    "hill-relief",
    "lake-observers",
    "watch-desk",
)
FULL, VOLUME = ReleaseLevel.FULL, ReleaseLevel.VOLUME
OFFICE = Calendar(
    id="office",
    offset_min=120,
    changes=(OffsetChange(from_us=T0 + 10 * DAY, offset_min=180),),
    working_days=(0,),
    opens_min=480,
    closes_min=960,
    closed_days=(),
)
EVENING = terms(calendars=(OFFICE,), daily=DailyTerms(cut_off_min=18 * 60, calendar="office"))


def made(small: World, reader: str, day: str) -> DailyReport:
    state = small.state if reader == DESK else small.known(reader)
    number = next(n for n in range(20_800, 20_900) if Day(small.terms, n).date == day)
    return report_of(state, Day(small.terms, number), T0 + small.now, (), 0)


def test_a_day_ends_at_the_cut_off_in_local_time_and_the_next_begins_there() -> None:
    number = last_ended(EVENING, T0)
    day, next_day = Day(EVENING, number), Day(EVENING, number + 1)
    # T0 is 08:00 UTC on 15 January 2027; 18:00 local is 16:00 UTC.
    assert day.date == "2027-01-14"
    assert (day.until_us, next_day.from_us) == (T0 - 16 * HOUR, T0 - 16 * HOUR)
    assert last_ended(EVENING, T0 + 8 * HOUR - 1) == number
    assert last_ended(EVENING, T0 + 8 * HOUR) == number + 1
    changed = Day(EVENING, number + 11)
    assert changed.until_us - changed.from_us == 23 * HOUR, "clocks went forward"


def test_without_a_section_the_day_ends_at_midnight_utc() -> None:
    day = Day(terms(), last_ended(terms(), T0))
    assert (day.date, day.from_us, day.until_us) == ("2027-01-14", T0 - 32 * HOUR, T0 - 8 * HOUR)


def test_each_movement_counts_once_by_its_last_word_of_the_day() -> None:
    small = World()
    for start in (2 * HOUR, 3 * HOUR, 4 * HOUR, 5 * HOUR):
        small.notify(HILL, convoy(start=start), shown_to_all(FULL))
    first = small.state.size - 4
    small.outcome(HILL, f"N{first}", "impeded", of=NORTH)
    small.outcome(HILL, f"N{first}", "facilitated", of=NORTH)
    small.outcome(HILL, f"N{first + 1}", "denied", of=RIVER)
    small.withdraw(HILL, f"N{first + 2}")
    small.notify(HILL, convoy(start=2 * DAY), shown_to_all(FULL))
    daily = made(small, DESK, "2027-01-15")
    (row,) = daily.movements
    assert asdict(row) == {
        "author": HILL,
        "planned": 4,
        "facilitated": 1,
        "impeded": 0,
        "denied": 1,
        "withdrawn": 1,
        "cancelled": 0,
        "unsaid": 1,
    }
    assert [(one.of, one.facilitated, one.denied) for one in daily.outcomes] == [
        ("", 0, 0),
        (NORTH, 1, 0),
        (RIVER, 0, 1),
    ]
    assert made(small, DESK, "2027-01-16").outcomes == ()


def test_a_word_said_after_the_cut_off_belongs_to_the_next_day() -> None:
    small = World(terms=EVENING)
    small.notify(HILL, convoy(start=2 * HOUR), shown_to_all(FULL))
    site = small.last()
    small.wait_until(9 * HOUR)
    small.outcome(HILL, site, "facilitated", of=NORTH)
    assert [one.facilitated for one in made(small, DESK, "2027-01-15").movements] == [0]
    assert [one.facilitated for one in made(small, DESK, "2027-01-16").movements] == [1]


def test_the_rate_of_what_is_not_assessed_is_of_the_verdicts_that_the_reader_is_shown() -> None:
    small = World()
    small.notify(HILL, hospital(radius_m=600, placed=False), shown_to_all())
    small.notify(NORTH, flight(start=2 * HOUR, lower_m=0, upper_m=100), shown_to_all(FULL))
    small.notify(NORTH, flight(lon=31, start=2 * HOUR), shown_to_all(FULL))
    (own,) = made(small, NORTH, "2027-01-15").activities
    assert (own.planned, own.judged, own.not_assessed, own.blocked) == (2, 2, 1, 1)
    (theirs,) = made(small, RIVER, "2027-01-15").activities
    assert (theirs.planned, theirs.judged, theirs.not_assessed, theirs.blocked) == (2, 0, 0, 0)


def test_stops_have_the_times_that_the_reader_is_shown() -> None:
    small = World()
    small.stop(LAKE, radius_m=300)
    stop = small.last()
    small.wait_until(small.now + MINUTE)
    small.read_back(NORTH, stop, radius_m=300)
    small.read_back(RIVER, stop, radius_m=300)
    for reader, parties in ((DESK, [NORTH, RIVER]), (LAKE, [NORTH, RIVER]), (NORTH, [NORTH])):
        (row,) = made(small, reader, "2027-01-15").stops
        assert [one.party for one in row.heard] == parties
        assert all(one.right and one.took_us > 0 for one in row.heard)
    assert made(small, DESK, "2027-01-16").stops == made(small, DESK, "2027-01-14").stops == ()


def test_incidents_stand_in_the_report_of_those_alone_who_are_shown_them() -> None:
    small = World()
    report(small, HILL, NORTH, ago=0)
    incident = f"I{small.state.size - 1}"
    find(small, NORTH, incident)
    for reader in (DESK, HILL, NORTH):
        (row,) = made(small, reader, "2027-01-15").incidents
        assert (row.named, row.findings, row.open) == (NORTH, 1, False)
    assert made(small, LAKE, "2027-01-15").incidents == ()
    assert made(small, DESK, "2027-01-16").incidents == ()


def test_a_movement_whose_author_is_not_told_has_no_name_in_the_report() -> None:
    small = World()
    small.notify(HILL, medical_flight(start=2 * HOUR), {NORTH: VOLUME})
    assert [one.author for one in made(small, NORTH, "2027-01-15").movements] == [""]
    assert made(small, RIVER, "2027-01-15").movements == ()


def test_the_page_and_the_numbers_say_the_same() -> None:
    small = World()
    small.notify(HILL, convoy(start=2 * HOUR), shown_to_all(FULL))
    small.outcome(HILL, small.last(), "denied", of=NORTH)
    small.notify(NORTH, flight(start=3 * HOUR), shown_to_all(FULL))
    flown = small.last()
    small.notify(HILL, hospital(), shown_to_all(FULL))
    small.report_recall(NORTH, flown, RecallStep.HEARD)
    daily = made(small, DESK, "2027-01-15")
    page = html_of(
        page_of(daily, small.terms, Made(DESK, 9, "now", 3, 1, ("an armed group",), exercise=True))
    )
    assert "EXERCISE" in page
    assert "Outside the terms: an armed group." in page
    assert "This day has not ended" in page
    assert "Hill Relief (hill-relief)" in page
    assert "approved" not in page
    lines = csv_of(daily).splitlines()
    assert lines[0] == "day,table,who,what,number"
    assert "2027-01-15,movements,hill-relief,denied,1" in lines
    assert "2027-01-15,outcomes,north-command,denied,1" in lines
    assert any(line.startswith("2027-01-15,activities,north-command,not_assessed,") for line in lines)
