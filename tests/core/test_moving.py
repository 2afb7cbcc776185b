# SPDX-License-Identifier: Apache-2.0
"""Movements and flights on their way: how they came off, and how that is counted."""

from __future__ import annotations

import msgspec
import pytest

from standclear.core.agreeing import agreement_words, agreements
from standclear.core.course import Counted, calls, counted, outcomes, reached_us
from standclear.core.events import CommandRefused, LineCalled, MovementReported, OutcomeReported, Refusal
from standclear.core.model import AgreementKind, Alternative, Flag, FlagCode, Outcome, ReleaseLevel, Status
from standclear.core.wellformed import check_command
from standclear.errors import Malformed
from tests.world import DAY, HOUR, MOVING, T0, World, convoy, flight, hospital, medical_flight, renamed, terms

HILL, NORTH, RIVER, DESK = "hill-relief", "north-command", "river-alliance", "watch-desk"
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


# ---- test calls -----------------------------------------------------------------------------------------


def moving() -> World:
    """A convoy and a medical flight of Hill Relief (N3, N4), both shown to both parties as where and when."""
    small = World(terms=terms(movements=MOVING))
    small.notify(HILL, convoy())
    small.notify(HILL, medical_flight())
    return small


def departed(small: World) -> tuple[Flag, ...]:
    (said,) = small.report(HILL, CONVOY, "departed")
    assert isinstance(said, MovementReported)
    return said.flags


def test_a_departure_without_a_test_call_is_flagged_and_goes_all_the_same() -> None:
    small = moving()
    (flag,) = departed(small)
    assert (flag.code, flag.amount) == (FlagCode.NO_TEST_CALL, 2 * HOUR)
    assert small.status(CONVOY) is Status.CURRENT


def test_a_line_reached_within_the_terms_time_takes_the_flag_away_and_an_older_one_does_not() -> None:
    small = moving()
    small.call_line(HILL, CONVOY, 2)
    assert departed(small) == ()
    small.wait_until(small.now + 2 * HOUR + 1)
    assert len(departed(small)) == 1


@pytest.mark.parametrize(
    ("reached", "called"), [(False, None), (True, -3 * HOUR)], ids=["nobody answered", "three hours before"]
)
def test_a_call_that_reached_nobody_or_was_made_long_before_does_not_count(
    reached: bool, called: int | None
) -> None:
    small = moving()
    small.call_line(HILL, CONVOY, reached=reached, called=called)
    assert len(departed(small)) == 1


def test_a_new_plan_is_called_anew() -> None:
    small = moving()
    small.call_line(HILL, CONVOY)
    small.outcome(HILL, CONVOY, "impeded")
    small.amend(HILL, CONVOY, convoy(30.1))
    kept = small.notice(CONVOY).course
    assert [type(one) for one in kept] == [OutcomeReported]
    assert len(departed(small)) == 1


def test_terms_that_say_nothing_of_test_calls_flag_nothing(small: World) -> None:
    assert departed(small) == ()


def test_its_notifier_and_the_desk_call_its_lines_and_nobody_else() -> None:
    small = moving()
    assert isinstance(small.call_line(DESK, CONVOY)[0], LineCalled)
    others = small.call_line(NORTH, CONVOY)
    assert others == small.call_line(NORTH, "N999")
    assert isinstance(others[0], CommandRefused)


def test_the_newest_call_of_each_line_is_what_counts() -> None:
    small = moving()
    for line, reached in ((1, True), (2, False), (1, False)):
        small.call_line(HILL, CONVOY, line, reached=reached)
    assert {line: one.reached for line, one in calls(small.notice(CONVOY)).items()} == {1: False, 2: False}
    assert reached_us(small.notice(CONVOY)) is None


def test_a_call_that_is_still_to_come_is_no_call() -> None:
    small = moving()
    small.call_line(HILL, CONVOY, called=small.now + HOUR)
    with pytest.raises(Malformed, match="still to come"):
        check_command(small.state, small.entries[-1][0].command)


# ---- agreement ------------------------------------------------------------------------------------------

FLIGHT = "N4"


def lacking(small: World) -> list[str]:
    now_us = T0 + small.now
    return [one.party for one in agreements(small.state, small.notice(FLIGHT), now_us) if not one.holds]


def words(small: World, reader: str, *, sees_all: bool = False) -> str:
    state = small.state if sees_all else small.known(reader)
    notice, now_us = state.notices[FLIGHT], T0 + small.now
    return agreement_words(state, notice, now_us, reader=reader, sees_all=sees_all)


def test_agreement_is_not_obtained_until_every_party_that_the_terms_name_has_agreed() -> None:
    small = moving()
    assert lacking(small) == [NORTH, RIVER]
    small.agree(NORTH, FLIGHT)
    assert lacking(small) == [RIVER]
    assert words(small, HILL).startswith("AGREEMENT NOT OBTAINED: river-alliance has said nothing")
    small.agree(RIVER, FLIGHT)
    assert lacking(small) == []
    assert words(small, HILL) == words(small, DESK, sees_all=True) == ""


@pytest.mark.parametrize("agreement", list(AgreementKind))
def test_whatever_is_said_to_it_a_flight_is_spared_as_before(agreement: AgreementKind) -> None:
    small = moving()
    before = small.notice(FLIGHT)
    small.agree(NORTH, FLIGHT, agreement)
    after = small.notice(FLIGHT)
    assert (after.status, after.showings, after.flags) == (before.status, before.showings, before.flags)
    assert "spared all the same" in words(small, HILL)


def test_an_amendment_that_moves_the_flight_lapses_every_agreement() -> None:
    small = moving()
    for party in (NORTH, RIVER):
        small.agree(party, FLIGHT)
    small.amend(HILL, FLIGHT, medical_flight(30.05))
    assert lacking(small) == [NORTH, RIVER]
    assert small.notice(FLIGHT).agreements == ()


def test_an_amendment_that_a_party_is_not_shown_leaves_its_agreement() -> None:
    small = moving()
    for party in (NORTH, RIVER):
        small.agree(party, FLIGHT)
    small.amend(HILL, FLIGHT, renamed(medical_flight(), "Red two"), {NORTH: VOLUME, RIVER: FULL})
    assert lacking(small) == [RIVER]


def test_an_agreement_to_an_older_version_is_refused_with_the_entry_of_the_newer() -> None:
    small = moving()
    small.amend(HILL, FLIGHT, medical_flight(30.05))
    (said,) = small.agree(NORTH, FLIGHT, entry=4)
    assert isinstance(said, CommandRefused)
    assert "entry 5" in said.detail


def test_an_agreement_ends_at_its_own_time() -> None:
    small = moving()
    small.agree(NORTH, FLIGHT, until_us=T0 + HOUR)
    small.agree(RIVER, FLIGHT)
    assert lacking(small) == []
    small.wait_until(HOUR + 1)
    assert lacking(small) == [NORTH]
    assert "the agreement of north-command has ended" in words(small, HILL)


def test_a_later_word_takes_the_place_of_an_earlier_one_and_says_why() -> None:
    small = moving()
    small.agree(NORTH, FLIGHT)
    small.agree(NORTH, FLIGHT, "denied", reason="firing until noon")
    (one,) = small.notice(FLIGHT).agreements
    assert (one.agreement, one.reason) == (AgreementKind.DENIED, "firing until noon")


def test_what_a_party_answers_to_a_flight_is_for_itself_and_the_flights_author() -> None:
    small = moving()
    small.agree(NORTH, FLIGHT, "denied", reason="firing until noon")
    assert small.known(NORTH).notices[FLIGHT].agreements == small.known(HILL).notices[FLIGHT].agreements
    assert small.known(RIVER).notices[FLIGHT].agreements == ()
    assert small.last_view(RIVER) is None
    for reader in (NORTH, RIVER):
        assert words(small, reader).startswith("AGREEMENT NOT OBTAINED, as far as this reader is shown.")


def test_a_convoy_asks_for_no_agreement_and_a_party_that_is_not_named_gives_none() -> None:
    small = moving()
    for refused in (small.agree(NORTH, CONVOY), small.agree("lake-observers", FLIGHT)):
        assert isinstance(refused[0], CommandRefused)
    assert small.agree("lake-observers", "N999")[0].refusal is Refusal.NO_SUCH_NOTICE  # type: ignore[union-attr]
    assert agreements(small.state, small.notice(CONVOY), T0) == ()


def test_a_party_is_not_asked_to_agree_to_its_own_flight() -> None:
    small = moving()
    small.notify(NORTH, medical_flight(30.3))
    asked = agreements(small.state, small.notice(small.last()), T0)
    assert [one.party for one in asked] == [RIVER]


@pytest.mark.parametrize(
    ("agreement", "reason", "offers", "fault"),
    [
        ("denied", " ", (), "without a reason"),
        ("alternative", "too low", (), "with 0 alternatives"),
        ("agreed", "", (Alternative(shift_us=HOUR, raise_mm=0),), "with 1 alternatives"),
        ("alternative", "too low", (Alternative(shift_us=500 * DAY, raise_mm=0),), "moved so far"),
    ],
)
def test_a_word_that_cannot_mean_anything_is_not_logged(
    agreement: str, reason: str, offers: tuple[Alternative, ...], fault: str
) -> None:
    small = moving()
    small.agree(NORTH, FLIGHT, agreement, reason=reason, alternatives=offers)
    with pytest.raises(Malformed, match=fault):
        check_command(small.state, small.entries[-1][0].command)
