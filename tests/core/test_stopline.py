# SPDX-License-Identifier: Apache-2.0
"""The stop line and the recall: rung, read back, compared, measured, reported clear."""

from __future__ import annotations

import pytest

from standclear.core.answering import awaited
from standclear.core.commands import RecallStep
from standclear.core.events import AnswerOverdue, CommandRefused, RecallReported, StopReadBack, Waited
from standclear.core.model import AnswerKind, Drill, FlagCode, Relayed, ReleaseLevel, Standing, Status
from standclear.core.stopline import may_be_airborne
from tests import world
from tests.world import DAY, HOUR, MINUTE, T0, World, flight, hospital

HILL, NORTH, RIVER, LAKE = "hill-relief", "north-command", "river-alliance", "lake-observers"
FULL = world.shown_to_all(ReleaseLevel.FULL)
BY_PHONE = Relayed(
    post="Duty officer", number="0800 1", at_us=T0, read_back="thirty east, one and a half north"
)


@pytest.fixture
def small() -> World:
    """A small world; a stop is rung at the watch and at the acting unit of each party, after one minute and two."""
    return World()


def rung(small: World, notice: str) -> set[tuple[str, str]]:
    known = small.state.notices[notice]
    return {(asked.party, asked.echelon) for asked in awaited(small.state, known) if not asked.answered}


def shown(small: World, actor: str, kind: type) -> list[object]:
    return [event for _, view in small.views[actor] for event in view.events if isinstance(event, kind)]


def said(events: tuple[object, ...]) -> StopReadBack:
    (event,) = events
    assert isinstance(event, StopReadBack)
    return event


def test_every_party_is_rung_at_every_echelon_its_caller_too(small: World) -> None:
    small.stop(NORTH)
    assert rung(small, small.last()) == {
        (party, echelon) for party in (NORTH, RIVER) for echelon in ("watch", "acting-unit")
    }


def test_the_right_place_read_back_ends_the_ringing_of_that_echelon(small: World) -> None:
    small.stop(HILL)
    stop = small.last()
    event = said(small.read_back(NORTH, stop))
    assert (event.right, event.standing, event.off_mm.upper) == (True, Standing.SIGNED, event.off_mm.upper)
    assert (NORTH, "watch") not in rung(small, stop)
    assert (NORTH, "acting-unit") in rung(small, stop)


@pytest.mark.parametrize(
    ("lon", "lat", "radius_m"),
    [(30.08, 1.5, 2_000), (1.5, 30.0, 2_000), (30.0, 1.5, 20_000), (30.0, -1.5, 2_000)],
    ids=["nine kilometres off", "axes swapped", "ten times the radius", "other hemisphere"],
)
def test_a_wrong_place_is_told_how_far_off_it_is_and_is_rung_again(
    small: World, lon: float, lat: float, radius_m: float
) -> None:
    small.stop(HILL)
    stop = small.last()
    event = said(small.read_back(NORTH, stop, lon, lat, radius_m))
    assert not event.right
    assert (NORTH, "watch") in rung(small, stop)
    small.wait_until(small.now + MINUTE + 1)
    (call,) = shown(small, NORTH, AnswerOverdue)
    assert Waited(NORTH, "watch") in call.waiting  # type: ignore[attr-defined]


def test_a_place_nine_kilometres_off_is_said_to_be_nine_kilometres_off(small: World) -> None:
    small.stop(HILL)
    off_mm = said(small.read_back(NORTH, small.last(), 30.0809)).off_mm
    assert off_mm.lower is not None
    assert off_mm.upper is not None
    assert 8_990_000 < off_mm.lower <= off_mm.upper < 9_020_000


def test_the_ladder_climbs_until_the_last_has_read_back(small: World) -> None:
    small.stop(HILL)
    stop = small.last()
    small.wait_until(small.now + MINUTE + 1)
    for party in (NORTH, RIVER):
        small.read_back(party, stop)
        small.read_back("watch-desk", stop, party=party, echelon="acting-unit", relayed=BY_PHONE)
    small.wait_until(small.now + HOUR)
    assert [call.step for call in shown(small, HILL, AnswerOverdue)] == [0]  # type: ignore[attr-defined]


def test_a_lifted_stop_rings_no_longer(small: World) -> None:
    small.stop(HILL)
    small.withdraw(HILL, small.last())
    small.wait_until(small.now + HOUR)
    assert not shown(small, HILL, AnswerOverdue)


def test_a_stop_is_read_back_and_not_acknowledged(small: World) -> None:
    small.stop(HILL)
    (event,) = small.answer(NORTH, small.last(), AnswerKind.ACKNOWLEDGED)
    assert isinstance(event, CommandRefused)


def test_nobody_reads_back_for_another_but_the_desk_by_telephone(small: World) -> None:
    small.stop(HILL)
    stop = small.last()
    for events in (
        small.read_back(NORTH, stop, party=RIVER),
        small.read_back(NORTH, stop, relayed=BY_PHONE),
        small.read_back("watch-desk", stop, party=RIVER),
    ):
        assert isinstance(events[0], CommandRefused)


def test_who_called_the_stop_is_shown_every_read_back_and_others_their_own(small: World) -> None:
    small.stop(HILL)
    small.read_back(NORTH, small.last())
    assert len(shown(small, HILL, StopReadBack)) == len(shown(small, NORTH, StopReadBack)) == 1
    assert not shown(small, RIVER, StopReadBack)


# ---- drills ---------------------------------------------------------------------------------------------


def test_a_drill_is_rung_as_a_stop_is_and_spares_and_recalls_nothing(small: World) -> None:
    small.notify(NORTH, flight(), FULL)
    activity = small.last()
    small.stop("watch-desk", drill=Drill.UNANNOUNCED)
    stop = small.last()
    assert small.status(activity) is Status.FILED
    assert (NORTH, "watch") in rung(small, stop)
    assert said(small.read_back(NORTH, stop)).right
    small.notify(RIVER, flight(lon=33))
    assert small.status(small.last()) is Status.FILED


def test_what_a_drill_took_is_kept_and_flights_that_begin_sooner_are_flagged(small: World) -> None:
    small.stop("watch-desk", drill=Drill.ANNOUNCED)
    stop = small.last()
    small.wait_until(small.now + 3 * HOUR)
    took_us = said(small.read_back(NORTH, stop)).took_us
    assert small.state.measured[NORTH, "watch"].took_us == took_us
    small.notify(NORTH, flight(start=small.now + 2 * HOUR), FULL)
    flags = small.notice(small.last()).flags
    assert [flag.amount for flag in flags if flag.code is FlagCode.SOONER_THAN_STOP] == [took_us]
    shown = small.known(RIVER).notices[small.last()]
    assert (shown.author, [flag.code for flag in shown.flags]) == (NORTH, [FlagCode.LATE])
    small.notify(NORTH, flight(start=small.now + 2 * DAY), FULL)
    assert FlagCode.SOONER_THAN_STOP not in {flag.code for flag in small.notice(small.last()).flags}


def test_a_read_back_that_another_post_gave_or_the_telephone_measures_nothing(small: World) -> None:
    small.stop("watch-desk", drill=Drill.ANNOUNCED)
    stop = small.last()
    small.read_back(NORTH, stop, echelon="acting-unit")
    small.read_back("watch-desk", stop, party=RIVER, relayed=BY_PHONE)
    assert not small.state.measured


# ---- recall ---------------------------------------------------------------------------------------------


def recalled(small: World) -> str:
    small.notify(NORTH, flight(lower_m=0, upper_m=100), FULL)
    activity = small.last()
    small.notify(HILL, hospital(), FULL)
    assert small.status(activity) is Status.RECALLED
    return activity


def airborne(small: World, activity: str) -> bool:
    notice = small.state.notices[activity]
    return may_be_airborne(notice.recalled_us, notice.status, notice.heard)


def test_a_recalled_flight_may_be_airborne_until_it_is_reported_clear(small: World) -> None:
    activity = recalled(small)
    assert airborne(small, activity)
    small.report_recall(NORTH, activity, RecallStep.HEARD)
    assert airborne(small, activity)
    small.report_recall(NORTH, activity, RecallStep.CLEAR)
    assert not airborne(small, activity)


def test_a_recalled_flight_may_be_airborne_after_its_window_and_after_it_was_withdrawn(small: World) -> None:
    activity = recalled(small)
    small.wait_until(3 * DAY)
    assert small.status(activity) is Status.ENDED
    assert airborne(small, activity)
    small.report_recall(NORTH, activity, RecallStep.CLEAR)
    assert not airborne(small, activity)


def test_the_filer_is_rung_until_every_echelon_has_heard(small: World) -> None:
    activity = recalled(small)
    small.report_recall(NORTH, activity, RecallStep.HEARD)
    assert rung(small, activity) == {(NORTH, "acting-unit")}
    small.wait_until(small.now + MINUTE + 1)
    (call,) = shown(small, NORTH, AnswerOverdue)
    assert (call.rule, call.waiting) == ("recall", (Waited(NORTH, "acting-unit"),))  # type: ignore[attr-defined]
    small.report_recall(NORTH, activity, RecallStep.CLEAR, "watch")
    assert not rung(small, activity)


def test_whose_hospital_recalled_it_is_told_that_it_is_clear(small: World) -> None:
    activity = recalled(small)
    small.report_recall(NORTH, activity, RecallStep.CLEAR)
    assert shown(small, HILL, RecallReported) == shown(small, NORTH, RecallReported) != []
    assert not shown(small, RIVER, RecallReported)


def test_what_was_not_recalled_is_reported_in_vain(small: World) -> None:
    small.notify(NORTH, flight(), FULL)
    for events in (
        small.report_recall(NORTH, small.last(), RecallStep.CLEAR),
        small.report_recall(RIVER, small.last(), RecallStep.CLEAR),
    ):
        assert isinstance(events[0], CommandRefused)


def test_a_flight_that_is_filed_again_is_recalled_anew(small: World) -> None:
    activity = recalled(small)
    site = small.last()
    small.report_recall(NORTH, activity, RecallStep.CLEAR)
    small.withdraw(HILL, site)
    small.wait_until(small.now + 3 * DAY)
    del site
    again = World()
    activity = recalled(again)
    again.amend(NORTH, activity, flight(lon=33), FULL)
    assert not airborne(again, activity)
    again.notify(HILL, hospital(lon=33), FULL)
    again.amend(NORTH, activity, flight(lon=33, lower_m=0, upper_m=100), FULL)
    assert again.status(activity) is Status.BLOCKED
