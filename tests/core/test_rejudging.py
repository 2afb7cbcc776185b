# SPDX-License-Identifier: Apache-2.0
"""Both ways, at every change (law 10): who is judged anew, against what, and who is left alone."""

from __future__ import annotations

import msgspec
import pytest

from standclear.core.events import (
    ActivityBlocked,
    ActivityEnded,
    ActivityFiled,
    ActivityRecalled,
    ActivityRejudged,
    FindingShared,
    NoticeClosed,
    WithheldMet,
)
from standclear.core.model import Activity, Area, ReleaseLevel, Status, Verdict, Why
from standclear.core.terms import Form, FormOfCooperation
from standclear.geometry.volume import NO_THEATRE, Band, Datum, Level
from tests import world
from tests.world import DAY, HOUR, MINUTE, T0, World, area, convoy, flight, hospital, of_type

BOTH = ("north-command", "river-alliance")
NORTH_ONLY = {"north-command": ReleaseLevel.VOLUME}
FULL = world.shown_to_all(ReleaseLevel.FULL)
LOW = {"lower_m": 0, "upper_m": 200}


@pytest.fixture
def small() -> World:
    return World()


def low(**changes: object) -> Activity:
    return flight(**({**LOW, **changes}))  # type: ignore[arg-type]


def recalled_by(small: World, late: str = "hill-relief") -> str:
    """A flight over the hill, then a hospital there."""
    small.notify("north-command", low())
    activity = small.last()
    small.notify(late, hospital())
    assert small.status(activity) is Status.RECALLED
    return activity


# ---- activities do not recall each other ----------------------------------------------------------------


@pytest.mark.parametrize("change", ["a new area", "an assent", "an amended area", "a withdrawn area"])
def test_an_activity_area_near_by_does_not_turn_a_standing_flight_against_the_one_blocked_by_it(
    small: World, change: str
) -> None:
    small.notify("north-command", area())
    held = small.last()
    small.notify("north-command", flight())
    first = small.last()
    small.notify("river-alliance", flight())
    second = small.last()
    match change:
        case "a new area":
            small.notify("river-alliance", area())
        case "an assent":
            small.assent("north-command", held)
        case "an amended area":
            small.amend("north-command", held, area(radius_m=5_000))
        case _:
            small.withdraw("north-command", held)
    assert (small.status(first), small.status(second)) == (Status.FILED, Status.BLOCKED)


def test_another_s_amendment_into_heights_unknown_does_not_recall_the_flight_that_stood() -> None:
    informs = Form(between=BOTH, form=FormOfCooperation.INFORM)
    small = World(terms=world.terms(forms=(informs,), theatre=NO_THEATRE))
    whole = world.shown_to_all(ReleaseLevel.FULL)
    small.notify("north-command", flight(), whole)
    standing = small.last()
    small.notify("river-alliance", flight(), whole)
    moving = small.last()
    small.amend("north-command", standing, flight(), whole)
    assert (small.status(standing), small.status(moving)) == (Status.FILED, Status.FILED)
    over_ground = flight().volumes[0]
    level = Level(value_mm=1_000_000, datum=Datum.AGL)
    vague = msgspec.structs.replace(over_ground, band=Band(lower=level, upper=level))
    small.amend("river-alliance", moving, msgspec.structs.replace(flight(), volumes=(vague,)), FULL)
    assert (small.status(standing), small.status(moving)) == (Status.FILED, Status.BLOCKED)


def test_the_flight_that_was_blocked_hears_when_the_first_goes_away_and_stays_blocked_until_it_asks(
    small: World,
) -> None:
    for goes in ("withdrawn", "amended", "ended"):
        day = {"withdrawn": 3, "amended": 5, "ended": 7}[goes] * DAY
        small.notify("north-command", flight(start=day))
        first = small.last()
        small.notify("river-alliance", flight(start=day + HOUR))
        second = small.last()
        assert small.status(second) is Status.BLOCKED
        if goes == "withdrawn":
            events = small.withdraw("north-command", first)
        elif goes == "amended":
            events = small.amend("north-command", first, flight(lon=31, start=day))
        else:
            events = small.wait_until(day + HOUR + MINUTE // 2)
        told = [event for event in of_type(events, ActivityRejudged) if event.activity == second]
        assert [(event.because, event.judgement.findings) for event in told] == [(first, ())], goes
        assert small.status(second) is Status.BLOCKED
        small.reconsider("river-alliance", second)
        assert small.status(second) is Status.FILED


def test_two_late_notices_recall_once_and_both_are_named(small: World) -> None:
    activity = recalled_by(small)
    events = small.notify("hill-relief", convoy())
    assert not of_type(events, ActivityRecalled)
    judgement = small.notice(activity).judgement
    assert judgement is not None
    assert len(judgement.findings) == 2


def test_a_change_far_away_touches_nobody(small: World) -> None:
    small.notify("north-command", low())
    assert len(small.notify("hill-relief", hospital(lon=35.0))) == 1


# ---- who may be airborne is not forgotten ---------------------------------------------------------------


def test_a_recalled_flight_that_is_reconsidered_in_vain_is_still_recalled(small: World) -> None:
    activity = recalled_by(small)
    small.reconsider("north-command", activity)
    assert small.status(activity) is Status.RECALLED, "it may be airborne"
    assert small.notice(activity).because


def test_a_flight_in_the_air_that_is_amended_into_a_conflict_is_recalled_not_merely_blocked(
    small: World,
) -> None:
    small.notify("hill-relief", hospital(lon=30.1))
    small.notify("north-command", low())
    activity = small.last()
    small.wait_until(2 * DAY + MINUTE)
    assert small.status(activity) is Status.ACTIVE
    small.amend("north-command", activity, low(lon=30.1))
    assert small.status(activity) is Status.RECALLED


def test_a_recalled_flight_that_is_amended_and_still_in_conflict_stays_recalled(small: World) -> None:
    activity = recalled_by(small)
    small.amend("north-command", activity, low(radius_m=150))
    assert small.status(activity) is Status.RECALLED


def test_a_filed_flight_amended_into_a_conflict_before_its_time_is_blocked(small: World) -> None:
    small.notify("hill-relief", hospital(lon=30.1))
    small.notify("north-command", low())
    small.amend("north-command", small.last(), low(lon=30.1))
    assert [n.status for n in small.state.notices.values() if isinstance(n.content, Activity)] == [
        Status.BLOCKED
    ]


def test_a_flight_revived_within_its_window_is_active_at_the_next_tick(small: World) -> None:
    small.notify("north-command", low())
    activity = small.last()
    small.stop("hill-relief")
    stop = small.last()
    small.wait_until(2 * DAY + MINUTE)
    assert small.status(activity) is Status.RECALLED
    small.withdraw("hill-relief", stop)
    small.reconsider("north-command", activity)
    small.wait_until(2 * DAY + 2 * MINUTE)
    assert small.status(activity) is Status.ACTIVE


@pytest.mark.parametrize("status", [Status.FILED, Status.ACTIVE, Status.ENDED, Status.WITHDRAWN])
def test_only_what_is_blocked_or_recalled_is_reconsidered(small: World, status: Status) -> None:
    small.notify("north-command", flight())
    activity = small.last()
    if status is Status.WITHDRAWN:
        small.withdraw("north-command", activity)
    elif status is not Status.FILED:
        small.wait_until(2 * DAY + (MINUTE if status is Status.ACTIVE else 2 * HOUR))
    assert small.status(activity) is status
    small.reconsider("north-command", activity)
    assert small.status(activity) is status


# ---- areas that confine ---------------------------------------------------------------------------------


def agreed(small: World, shape: Area) -> str:
    small.notify("north-command", shape)
    held = small.last()
    for party in BOTH:
        small.assent(party, held)
    return held


def test_one_assent_of_two_is_not_enough(small: World) -> None:
    small.notify("north-command", area())
    small.assent("north-command", small.last())
    small.notify("north-command", flight(kind="bound-flight"))
    assert small.status(small.last()) is Status.BLOCKED


@pytest.mark.parametrize("change", ["withdrawn", "shrunk", "moved"])
def test_when_an_agreed_area_is_withdrawn_or_shrunk_the_flight_bound_to_it_is_recalled(
    small: World, change: str
) -> None:
    held = agreed(small, area())
    small.notify("river-alliance", flight(kind="bound-flight"))
    activity = small.last()
    assert small.status(activity) is Status.FILED
    if change == "withdrawn":
        small.withdraw("north-command", held)
    else:
        small.amend("north-command", held, area(radius_m=150) if change == "shrunk" else area(lon=31.0))
        for party in BOTH:
            small.assent(party, held)
    assert small.status(activity) is Status.RECALLED


def test_a_flight_planned_for_after_its_area_ends_is_outside_it_from_the_start(small: World) -> None:
    agreed(small, msgspec.structs.replace(area(), valid_until_us=T0 + 3 * DAY))
    small.notify("river-alliance", flight(kind="bound-flight", start=3 * DAY - HOUR))
    inside = small.last()
    small.notify("river-alliance", flight(kind="bound-flight", start=3 * DAY - HOUR + 1, lon=30.05))
    beyond = small.last()
    assert small.status(inside) is Status.FILED, "closed: it ends with its area"
    assert small.status(beyond) is Status.BLOCKED
    events = small.wait_until(4 * DAY)
    assert not of_type(events, ActivityRecalled)
    assert len(of_type(events, ActivityEnded)) == 2


def test_an_area_lowers_nobody_s_protection(small: World) -> None:
    agreed(small, area())
    small.notify("hill-relief", hospital())
    small.notify("north-command", low(kind="bound-flight"))
    assert small.status(small.last()) is Status.BLOCKED


@pytest.mark.parametrize(("apart", "status"), [(0.06, Status.FILED), (0.08, Status.BLOCKED)])
def test_two_areas_side_by_side_hold_what_crosses_both_where_they_leave_no_gap(
    small: World, apart: float, status: Status
) -> None:
    agreed(small, area(lon=30.0, radius_m=5_000))
    agreed(small, area(lon=30.0 + apart, radius_m=5_000))
    small.notify("north-command", flight(kind="bound-flight", lon=30.0 + apart / 2, radius_m=3_000))
    assert small.status(small.last()) is status


# ---- what ages ------------------------------------------------------------------------------------------


def test_an_activity_area_s_withdrawal_is_at_once_a_truce_s_only_after_the_grace(small: World) -> None:
    small.notify("north-command", area("truce", parties=()))
    truce = small.last()
    small.withdraw("north-command", truce)
    small.notify("river-alliance", low())
    assert small.status(small.last()) is Status.BLOCKED
    events = small.wait_until(2 * DAY - HOUR)
    assert not of_type(events, NoticeClosed)
    events = small.wait_until(2 * DAY + HOUR)
    assert [event.notice for event in of_type(events, NoticeClosed)] == [truce]


def test_a_site_withdrawn_shortly_before_it_would_expire_keeps_its_whole_grace(small: World) -> None:
    small.notify("hill-relief", msgspec.structs.replace(hospital(), valid_until_us=T0 + DAY))
    small.withdraw("hill-relief", small.last())
    small.wait_until(DAY + HOUR)
    small.notify("north-command", low())
    assert small.status(small.last()) is Status.BLOCKED


def test_an_overdue_convoy_is_spared_for_days_and_what_it_says_of_itself_does_not_end_that(
    small: World,
) -> None:
    small.notify("hill-relief", convoy())
    movement = small.last()
    for report in ("departed", "at_stop", "delayed"):
        small.report("hill-relief", movement, report)
    small.wait_until(9 * DAY)
    small.notify("north-command", low(start=11 * DAY, lon=30.15))
    assert small.status(small.last()) is Status.BLOCKED


@pytest.mark.parametrize("report", ["arrived", "aborted"])
def test_an_arrival_or_an_abort_closes_a_convoy_at_once(small: World, report: str) -> None:
    small.notify("hill-relief", convoy())
    movement = small.last()
    small.notify("north-command", low())
    activity = small.last()
    events = small.report("hill-relief", movement, report)
    assert [event.activity for event in of_type(events, ActivityRejudged)] == [activity]
    small.reconsider("north-command", activity)
    assert small.status(activity) is Status.FILED


def test_an_overdue_convoy_that_is_amended_with_its_old_hours_is_overdue_again_at_once(small: World) -> None:
    small.notify("hill-relief", convoy())
    movement = small.last()
    small.wait_until(3 * DAY)
    renamed = msgspec.structs.replace(convoy(), name="Convoy of six")
    small.amend("hill-relief", movement, renamed)
    small.notify("north-command", low(start=5 * DAY))
    assert (small.status(movement), small.status(small.last())) == (Status.OVERDUE, Status.BLOCKED)


def test_a_stop_is_spared_from_now_and_one_lifted_is_gone_at_once(small: World) -> None:
    small.stop("lake-observers")
    stop = small.last()
    small.notify("north-command", flight(lower_m=9_000, upper_m=9_100))
    activity = small.last()
    assert small.status(activity) is Status.BLOCKED, "ground to unlimited"
    small.withdraw("lake-observers", stop)
    small.reconsider("north-command", activity)
    assert small.status(activity) is Status.FILED


# ---- a release that changes -----------------------------------------------------------------------------


def test_a_hospital_shown_later_to_a_filer_recalls_its_flight(small: World) -> None:
    small.notify("hill-relief", hospital(), {})
    site = small.last()
    small.notify("north-command", low())
    activity = small.last()
    assert small.status(activity) is Status.FILED
    small.amend("hill-relief", site, hospital(), NORTH_ONLY)
    assert small.status(activity) is Status.RECALLED


def test_the_desk_is_told_of_a_new_place_withheld_from_one_who_still_sees_the_old_one(small: World) -> None:
    small.notify("hill-relief", hospital())
    site = small.last()
    small.notify("river-alliance", low(lon=30.003, start=3 * DAY))
    activity = small.last()
    events = small.amend("hill-relief", site, hospital(lon=30.004), NORTH_ONLY)
    assert [event.activity for event in of_type(events, WithheldMet)] == [activity]
    events = small.notify("river-alliance", low(lon=30.002, start=4 * DAY))
    assert len(of_type(events, WithheldMet)) == 1


def test_an_overdue_convoy_stays_spared_for_one_who_was_shown_its_way_before_the_release_was_narrowed(
    small: World,
) -> None:
    small.notify("hill-relief", convoy())
    movement = small.last()
    small.amend("hill-relief", movement, convoy(lat=1.6), NORTH_ONLY)
    small.wait_until(3 * DAY)
    assert small.status(movement) is Status.OVERDUE
    small.notify("river-alliance", low(start=4 * DAY))
    assert small.status(small.last()) is Status.BLOCKED
    small.notify("river-alliance", low(start=4 * DAY, lat=1.6))
    assert small.status(small.last()) is Status.FILED, "it was never shown the new way"


def test_its_author_hears_once_how_close_a_flight_comes(small: World) -> None:
    small.notify("hill-relief", hospital())
    assert len(of_type(small.notify("north-command", low()), FindingShared)) == 1
    activity = small.last()
    assert not of_type(small.reconsider("north-command", activity), FindingShared)


# ---- everything combined --------------------------------------------------------------------------------


def test_not_assessed_recalls_as_conflict_does(small: World) -> None:
    small.notify("north-command", low())
    activity = small.last()
    small.notify("hill-relief", hospital(radius_m=20_000, placed=False))
    judgement = small.notice(activity).judgement
    assert judgement is not None
    assert small.status(activity) is Status.RECALLED
    assert (judgement.verdict, {finding.why for finding in judgement.findings}) == (
        Verdict.NOT_ASSESSED,
        {Why.UNPLACED},
    )


def test_a_blocked_flight_reconsidered_is_filed_or_blocked_again_with_what_stands_now(small: World) -> None:
    small.notify("hill-relief", hospital())
    site = small.last()
    small.notify("north-command", low())
    activity = small.last()
    assert of_type(small.reconsider("north-command", activity), ActivityBlocked)
    small.amend("hill-relief", site, hospital(lon=31.0))
    assert of_type(small.reconsider("north-command", activity), ActivityFiled)
