# SPDX-License-Identifier: Apache-2.0
"""An exception lifts rules of notice, areas and consent, never a distance; and its after-report is called for."""

from __future__ import annotations

import msgspec
import pytest

from standclear.core.consents import rows
from standclear.core.cover import cover_of
from standclear.core.events import AfterReported, AfterReportOverdue, CommandRefused, Event
from standclear.core.excepting import words
from standclear.core.model import Activity, FlagCode, ReleaseLevel, Status, Why, exception_of, nameless
from standclear.core.rejudging import rejudge
from standclear.core.terms import Exempt
from standclear.core.terms_check import check_terms
from standclear.core.terms_toml import read_terms
from standclear.core.wellformed import check_content
from standclear.errors import Malformed, TermsInvalid
from tests import world
from tests.excepting import EXCEPTIONS, RESCUE, report_after
from tests.proposals import agree_on, next_terms
from tests.world import DAY, HOUR, T0, World, convoy, flight, hospital, of_type, shown_to_all

NORTH, RIVER, HILL, LAKE = "north-command", "river-alliance", "hill-relief", "lake-observers"
FULL = shown_to_all(ReleaseLevel.FULL)


def excepted(**changes: object) -> World:
    return World(terms=world.terms(rules=world.ASKING, exceptions=EXCEPTIONS, **changes))


def rescue(**changes: object) -> Activity:
    """A flight bound to an area that is not there, to which North would have to consent."""
    plain = flight(kind="bound-flight", **changes)  # type: ignore[arg-type]
    return msgspec.structs.replace(plain, exception="rescue")


def why(small: World, activity: str) -> list[Why]:
    return [finding.why for finding in small.judged(activity).findings]


# ---- what it lifts ---------------------------------------------------------------------------------------


def test_areas_and_consent_are_not_asked_for_under_an_exception() -> None:
    small = excepted()
    small.notify(RIVER, flight(kind="bound-flight"), FULL)
    assert set(why(small, small.last())) == {Why.OUTSIDE_AREA, Why.AWAITS_CONSENT}
    small.notify(RIVER, rescue(lon=31.0), FULL)
    assert small.status(small.last()) is Status.FILED
    asked = [row.notice for row in rows(small.state, None, T0 + small.now)]
    assert asked == ["N3"]


def test_an_exception_never_touches_how_far_a_flight_keeps_from_a_hospital() -> None:
    small = excepted()
    small.notify(HILL, hospital(), FULL)
    small.notify(RIVER, rescue(lower_m=0, upper_m=100), FULL)
    assert why(small, small.last()) == [Why.TOO_CLOSE]
    assert small.status(small.last()) is Status.BLOCKED


def test_shorter_notice_is_asked_for_and_what_is_shorter_still_is_flagged() -> None:
    small = excepted()
    for start, late in ((3 * HOUR, []), (HOUR // 2, ["day-before"])):
        small.notify(HILL, msgspec.structs.replace(convoy(start=small.now + start), exception="rescue"), FULL)
        flags = [flag.rule for flag in small.notice(small.last()).flags if flag.code is FlagCode.LATE]
        assert flags == late


def test_terms_cannot_lift_a_distance_or_an_acknowledgement() -> None:
    for rule in ("clear-of-spared", "taken-note-of", "no-such-rule"):
        bold = msgspec.structs.replace(RESCUE, rules=(rule,))
        (problem,) = check_terms(world.terms(rules=world.ASKING, exceptions=(bold,)))
        assert rule in problem


def test_what_the_terms_do_not_have_cannot_be_claimed() -> None:
    with pytest.raises(Malformed, match="is no exception of these terms"):
        check_content(world.terms(), rescue(), "command.notice")
    only = msgspec.structs.replace(RESCUE, kinds=("convoy",))
    with pytest.raises(Malformed) as refused:
        check_content(world.terms(rules=world.ASKING, exceptions=(only,)), rescue(), "command.notice")
    assert refused.value.expected == "one of: none"


def test_an_exception_that_the_terms_have_no_more_recalls_what_rested_on_it() -> None:
    small = excepted()
    small.notify(RIVER, rescue(), FULL)
    activity = small.last()
    agree_on(small, next_terms(small, exceptions=()))
    assert small.status(activity) is Status.RECALLED


def test_who_is_shown_where_and_when_an_activity_is_sees_what_it_claims_and_of_a_cover_nobody_does() -> None:
    assert exception_of(nameless(rescue())) == "rescue"
    assert exception_of(cover_of(rescue(), world.terms())) == ""
    moved = msgspec.structs.replace(convoy(), exception="rescue")
    assert (exception_of(nameless(moved)), exception_of(cover_of(moved, world.terms()))) == ("", "")


def test_a_notice_that_claims_nothing_has_the_bytes_it_always_had() -> None:
    for content in (flight(), convoy()):
        assert b"exception" not in world.canonical(content)


def test_a_party_s_own_machine_derives_what_an_exception_lifts() -> None:
    small = excepted()
    known = small.known(RIVER)
    small.notify(RIVER, rescue(), FULL)
    seq, view = small.inbox(RIVER)[-1]
    received, _ = small.entries[-1]
    compared = list(rejudge(known, seq, view.events, received, RIVER, received.at_us))
    assert [one.outcome.value for one in compared] == ["confirmed"]


# ---- the after-report ------------------------------------------------------------------------------------


def flown() -> World:
    """A rescue flight from hour 48 to hour 49; its report is due a day later."""
    small = excepted()
    small.notify(RIVER, rescue(), {**FULL, LAKE: ReleaseLevel.VOLUME})
    return small


def told_of(small: World, actor: str, kind: type[Event]) -> int:
    return sum(len(of_type(view.events, kind)) for _, view in small.inbox(actor))


def test_a_report_that_has_not_come_is_called_for_when_it_is_due_and_again() -> None:
    small = flown()
    called = [
        event
        for hours in (72, 74, 97, 98, 240, 242)
        for event in of_type(small.wait_until(hours * HOUR), AfterReportOverdue)
    ]
    assert [(event.calls, event.by_us) for event in called] == [(n, T0 + 73 * HOUR) for n in range(3)]
    assert (told_of(small, RIVER, AfterReportOverdue), told_of(small, NORTH, AfterReportOverdue)) == (3, 3)
    assert told_of(small, LAKE, AfterReportOverdue) == 0


def test_a_report_that_came_is_shown_to_all_who_see_the_notice_and_nobody_is_called() -> None:
    small = flown()
    small.wait_until(50 * HOUR)
    (event,) = report_after(small, RIVER, "N3")
    assert isinstance(event, AfterReported)
    assert (told_of(small, NORTH, AfterReported), told_of(small, LAKE, AfterReported)) == (1, 0)
    view = small.last_view(NORTH)
    assert view is not None
    assert view.command
    assert of_type(small.wait_until(80 * HOUR), AfterReportOverdue) == []
    assert small.notice("N3").after == event
    report_after(small, RIVER, "N3", "three were found")
    kept = small.notice("N3").after
    assert kept is not None
    assert kept.text == "three were found"


def test_what_is_claimed_and_that_its_report_is_overdue_is_read_with_the_notice() -> None:
    small = flown()
    small.wait_until(80 * HOUR)

    def told(actor: str) -> list[str]:
        state = small.known(actor)
        return list(words(state, state.notices["N3"], T0 + small.now, actor))

    assert [len(told(actor)) for actor in (RIVER, NORTH, LAKE)] == [2, 2, 1]
    assert "due by 2027-01-18T09:00:00" in told(NORTH)[1]
    assert "has not come" in told(NORTH)[1]
    report_after(small, RIVER, "N3")
    assert told(NORTH)[1] == "Its author reports on that: two were found"


def test_only_the_author_reports_and_only_on_what_has_begun_under_an_exception() -> None:
    small = flown()
    assert of_type(report_after(small, RIVER, "N3"), CommandRefused)
    small.wait_until(50 * HOUR)
    assert of_type(report_after(small, NORTH, "N3"), CommandRefused)
    small.notify(RIVER, flight(lon=32.0, start=60 * HOUR), FULL)
    small.wait_until(65 * HOUR)
    assert of_type(report_after(small, RIVER, small.last()), CommandRefused)


def test_what_was_withdrawn_before_it_began_is_not_reported_on() -> None:
    small = flown()
    small.withdraw(RIVER, "N3")
    assert of_type(small.wait_until(80 * HOUR), AfterReportOverdue) == []


def test_new_terms_ask_for_the_report_when_they_say() -> None:
    small = flown()
    quick = msgspec.structs.replace(RESCUE, report_us=HOUR)
    agree_on(small, next_terms(small, exceptions=(quick,)))
    assert len(of_type(small.wait_until(51 * HOUR), AfterReportOverdue)) == 1


# ---- in the file -----------------------------------------------------------------------------------------

SECTION = """
[[exception]]
id = "medevac"
name = "Medical evacuation"
kinds = ["survey-flight", "medical-flight"]
rules = ["activities-a-day-ahead", "movements-ahead"]
lead_min = 30
report_h = 24
"""


def test_a_file_of_terms_has_exceptions() -> None:
    from standclear import wiring

    terms = read_terms(wiring.starter_terms() + SECTION)
    assert terms.exceptions == (
        Exempt(
            id="medevac",
            name="Medical evacuation",
            kinds=("survey-flight", "medical-flight"),
            rules=("activities-a-day-ahead", "movements-ahead"),
            lead_us=HOUR // 2,
            report_us=DAY,
        ),
    )
    for old, new, said in (
        ('"movements-ahead"', '"clear-of-sites"', "no exception lifts `clear-of-sites`"),
        ('"survey-flight"', '"hospital"', "neither activity nor movement"),
        ("report_h = 24", "", "this is missing"),
    ):
        with pytest.raises(TermsInvalid) as refused:
            read_terms(wiring.starter_terms() + SECTION.replace(old, new, 1))
        assert said in str(refused.value)
