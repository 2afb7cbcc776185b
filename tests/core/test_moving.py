# SPDX-License-Identifier: Apache-2.0
"""Movements and flights on their way: how they came off, and how that is counted."""

from __future__ import annotations

import msgspec
import pytest

from standclear.core.course import Counted, counted, outcomes
from standclear.core.events import CommandRefused, OutcomeReported
from standclear.core.model import Outcome, ReleaseLevel, Status
from standclear.core.wellformed import check_command
from standclear.errors import Malformed
from tests.world import DAY, T0, World, convoy, flight, hospital

HILL, NORTH, RIVER = "hill-relief", "north-command", "river-alliance"
FULL, VOLUME = ReleaseLevel.FULL, ReleaseLevel.VOLUME
CONVOY = "N3"


@pytest.fixture
def small() -> World:
    """A convoy of Hill Relief, shown whole to the north and as where and when to the river."""
    small = World()
    small.notify(HILL, convoy(), {NORTH: FULL, RIVER: VOLUME})
    return small


def course(small: World, seen_by: str, moved: str = CONVOY) -> list[OutcomeReported]:
    notice = small.known(seen_by).notices[moved]
    return [one for one in notice.course if isinstance(one, OutcomeReported)]


def test_an_outcome_stands_with_the_movement_with_whose_doing_where_and_why(small: World) -> None:
    small.outcome(HILL, CONVOY, "impeded", of=NORTH, leg=2, reason="six hours at the bridge")
    (said,) = course(small, HILL)
    assert (said.outcome, said.of, said.leg, said.reason) == (
        Outcome.IMPEDED,
        NORTH,
        2,
        "six hours at the bridge",
    )
    assert (said.kind, said.author, said.post) == ("convoy", HILL, "watch")


def test_it_is_told_to_those_shown_all_of_the_movement_and_to_nobody_else(small: World) -> None:
    small.outcome(HILL, CONVOY, "denied", of=NORTH)
    assert course(small, NORTH) == course(small, HILL) != []
    assert course(small, RIVER) == []
    assert small.last_view(RIVER) is None


@pytest.mark.parametrize("outcome", list(Outcome))
def test_no_outcome_closes_a_movement_or_ends_its_sparing(small: World, outcome: Outcome) -> None:
    before = small.notice(CONVOY)
    small.outcome(HILL, CONVOY, outcome)
    after = small.notice(CONVOY)
    assert (after.status, after.showings) == (before.status, before.showings)


def test_a_movement_reported_denied_is_overdue_after_its_last_window_and_spared_on(small: World) -> None:
    small.outcome(HILL, CONVOY, "denied")
    small.wait_until(4 * DAY)
    assert small.status(CONVOY) is Status.OVERDUE
    assert small.notice(CONVOY).showings


def test_a_convoy_that_arrived_can_still_be_said_to_have_been_facilitated(small: World) -> None:
    small.report(HILL, CONVOY, "arrived")
    small.outcome(HILL, CONVOY, "facilitated")
    assert small.status(CONVOY) is Status.CLOSED
    assert [one.outcome for one in course(small, HILL)] == [Outcome.FACILITATED]


def test_a_flight_has_an_outcome_as_a_convoy_has_and_a_hospital_has_none(small: World) -> None:
    small.notify(NORTH, flight())
    flown = small.last()
    small.outcome(NORTH, flown, "cancelled")
    assert [one.outcome for one in course(small, NORTH, flown)] == [Outcome.CANCELLED]
    small.notify(HILL, hospital())
    (said,) = small.outcome(HILL, small.last(), "facilitated")
    assert isinstance(said, CommandRefused)


def test_only_its_notifier_says_how_it_came_off(small: World) -> None:
    others = small.outcome(NORTH, CONVOY, "facilitated")
    nothing = small.outcome(NORTH, "N999", "facilitated")
    assert others == nothing
    assert isinstance(others[0], CommandRefused)


def test_a_leg_that_is_not_there_is_named_with_those_that_are(small: World) -> None:
    (said,) = small.outcome(HILL, CONVOY, "impeded", leg=3)
    assert isinstance(said, CommandRefused)
    assert "from 1 to 2" in said.detail


def test_whoever_impeded_it_must_be_one_whom_the_terms_know_inside_or_outside(small: World) -> None:
    for who in ("", NORTH, "an armed group that took no part"):
        assert small.outcome(HILL, CONVOY, "impeded", of=who) == (course(small, HILL)[-1],)
    command = small.entries[-1][0].command
    with pytest.raises(Malformed, match="nobody") as caught:
        check_command(small.state, msgspec.structs.replace(command, of="nobody"))
    assert "north-command" in caught.value.sentence()


def test_impeded_and_denied_say_why(small: World) -> None:
    small.outcome(HILL, CONVOY, "denied")
    command = small.entries[-1][0].command
    with pytest.raises(Malformed, match="without a reason"):
        check_command(small.state, msgspec.structs.replace(command, reason=" "))


def test_outcomes_are_counted_by_day_party_and_kind_a_movement_once_a_day_by_its_last_word(
    small: World,
) -> None:
    small.outcome(HILL, CONVOY, "impeded", of=NORTH)
    small.outcome(HILL, CONVOY, "facilitated")
    small.notify(HILL, convoy(31.0))
    small.outcome(HILL, small.last(), "denied", of=RIVER)
    small.wait_until(DAY)
    small.outcome(HILL, CONVOY, "denied", of=NORTH)
    said = counted(outcomes(small.state, T0, T0 + 5 * DAY))
    first = T0 // DAY * DAY
    assert said == {
        Counted(first, HILL, "", "convoy", Outcome.FACILITATED): 1,
        Counted(first, HILL, RIVER, "convoy", Outcome.DENIED): 1,
        Counted(first + DAY, HILL, NORTH, "convoy", Outcome.DENIED): 1,
    }
    assert counted(outcomes(small.state, T0, T0)) == {}
