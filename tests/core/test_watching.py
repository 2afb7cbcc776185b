# SPDX-License-Identifier: Apache-2.0
"""The watch: who takes it, how it is handed over by two, which desk nobody took, and that it never bars anyone."""

from __future__ import annotations

import pytest

from standclear.core.commands import CallStop, SignRoster, TakeWatch
from standclear.core.events import (
    CommandRefused,
    DeskUnmanned,
    NoticeRecorded,
    Refusal,
    WatchHandedOver,
    WatchTaken,
)
from standclear.core.manning import on_watch
from standclear.core.model import Drill, ReleaseLevel
from standclear.core.watching import check_roster, take_within_us
from standclear.errors import Malformed
from tests.talking import say
from tests.watching import DAY_POST, NIGHT_POST, accept, hand_over, roster, shift, take
from tests.world import ASKING, HOUR, T0, World, convoy, hospital, of_type, terms

NORTH, RIVER, HILL, DESK = "north-command", "river-alliance", "hill-relief", "watch-desk"


@pytest.fixture
def small() -> World:
    return World()


def alarms(small: World) -> list[DeskUnmanned]:
    """Every alarm so far that a desk was not taken."""
    return [one for _, events in small.entries for one in of_type(events, DeskUnmanned)]


def later(small: World, us: int) -> None:
    """Let time pass, with a word from somebody else so that what is due is seen to."""
    small.now = us
    say(small, RIVER, to=(HILL,))


def refused(events: tuple[object, ...]) -> Refusal:
    (event,) = events
    assert isinstance(event, CommandRefused)
    return event.refusal


# ---- taking and handing over ----------------------------------------------------------------------------


def test_a_post_takes_the_watch_of_its_desk_with_or_without_a_roster(small: World) -> None:
    (taken,) = take(small, NORTH)
    assert isinstance(taken, WatchTaken)
    assert (taken.desk, taken.post, taken.after, taken.handover) == ("liaison", DAY_POST, "", 0)
    assert on_watch(small.state, NORTH, "liaison") == taken
    assert on_watch(small.state, RIVER, "liaison") is None


def test_a_handover_names_what_is_open_and_another_key_accepts_it() -> None:
    small = World(terms=terms(rules=ASKING))
    small.notify(HILL, convoy(), {NORTH: ReleaseLevel.FULL})
    notice = small.last()
    say(small, HILL, to=(NORTH,), urgent=True)
    message = small.state.size - 1
    take(small, NORTH)
    (given,) = hand_over(small, NORTH, "The bridge is out.")
    assert isinstance(given, WatchHandedOver)
    assert given.note == "The bridge is out."
    assert ("message", message) in [(one.what, one.entry) for one in given.open]
    assert ("answer", notice) in [(one.what, one.notice) for one in given.open]
    (taken,) = accept(small, NORTH, given.entry)
    assert isinstance(taken, WatchTaken)
    assert (taken.post, taken.after, taken.handover) == (NIGHT_POST, DAY_POST, given.entry)


def test_what_is_open_names_nothing_that_was_not_shown_to_the_actor(small: World) -> None:
    small.notify(HILL, hospital(), {NORTH: ReleaseLevel.FULL})
    say(small, HILL, to=(NORTH,), urgent=True)
    take(small, RIVER)
    (given,) = hand_over(small, RIVER)
    assert isinstance(given, WatchHandedOver)
    assert (given.open, given.more) == ((), 0)


def test_the_key_that_hands_over_cannot_accept_and_one_who_is_not_on_watch_cannot_hand_over(
    small: World,
) -> None:
    assert refused(hand_over(small, NORTH)) is Refusal.NOT_APPLICABLE
    take(small, NORTH)
    assert refused(hand_over(small, NORTH, post=NIGHT_POST)) is Refusal.NOT_APPLICABLE
    (given,) = hand_over(small, NORTH)
    assert isinstance(given, WatchHandedOver)
    assert refused(accept(small, NORTH, given.entry, post=DAY_POST)) is Refusal.NOT_PERMITTED
    assert refused(accept(small, NORTH, given.entry, post="air operations, night")) is Refusal.NOT_APPLICABLE
    assert refused(accept(small, RIVER, given.entry)) is Refusal.NOT_APPLICABLE


def test_only_the_newest_handover_is_accepted_and_only_once(small: World) -> None:
    take(small, NORTH)
    (old,), (new,) = hand_over(small, NORTH), hand_over(small, NORTH, "more has come")
    assert isinstance(old, WatchHandedOver)
    assert isinstance(new, WatchHandedOver)
    assert refused(accept(small, NORTH, old.entry)) is Refusal.ALREADY_DONE
    assert isinstance(accept(small, NORTH, new.entry)[0], WatchTaken)
    assert refused(accept(small, NORTH, new.entry, post="liaison, evening")) is Refusal.ALREADY_DONE


# ---- unmanned desks -------------------------------------------------------------------------------------


def test_a_desk_that_nobody_takes_in_time_is_told_to_its_actor_and_to_nobody_else(small: World) -> None:
    roster(small, NORTH, shift(HOUR, 9 * HOUR))
    later(small, HOUR + take_within_us(small.terms) - 10)
    assert alarms(small) == []
    later(small, HOUR + take_within_us(small.terms))
    (alarm,) = alarms(small)
    assert (alarm.actor, alarm.desk, alarm.post, alarm.from_us) == (NORTH, "liaison", DAY_POST, T0 + HOUR)
    shown = {
        who: [one for _, v in small.views.get(who, []) for one in of_type(v.events, DeskUnmanned)]
        for who in (NORTH, RIVER, HILL)
    }
    assert shown == {NORTH: [alarm], RIVER: [], HILL: []}


def test_whoever_comes_early_or_another_post_of_the_desk_keeps_it_manned(small: World) -> None:
    roster(small, NORTH, shift(HOUR, 9 * HOUR))
    small.now = HOUR - take_within_us(small.terms) + 10
    take(small, NORTH, NIGHT_POST)
    later(small, 2 * HOUR)
    assert alarms(small) == []


def test_a_watch_taken_hours_before_is_no_presence_now_and_another_roster_stills_the_alarm(
    small: World,
) -> None:
    take(small, NORTH)
    roster(small, NORTH, shift(2 * HOUR, 9 * HOUR))
    roster(small, RIVER, shift(2 * HOUR, 9 * HOUR))
    roster(small, RIVER)
    later(small, 3 * HOUR)
    assert [one.actor for one in alarms(small)] == [NORTH]


def test_that_nobody_is_at_the_centre_is_told_to_everyone(small: World) -> None:
    roster(small, DESK, shift(HOUR, 9 * HOUR, "watch, night"))
    later(small, 2 * HOUR)
    (alarm,) = alarms(small)
    for reader in (NORTH, RIVER, HILL):
        assert alarm in [one for _, view in small.views[reader] for one in view.events]


def test_a_roster_makes_sense_or_is_refused_at_the_border(small: World) -> None:
    with pytest.raises(Malformed, match="ends before"):
        check_roster(SignRoster(**small.who(), shifts=(shift(HOUR, HOUR),)))
    with pytest.raises(Malformed, match="no name"):
        check_roster(SignRoster(**small.who(), shifts=(shift(0, HOUR, " , night"),)))


# ---- who may act ----------------------------------------------------------------------------------------


def test_a_stop_and_an_urgent_answer_are_taken_from_whoever_is_not_on_the_roster(small: World) -> None:
    roster(small, NORTH, shift(0, 9 * HOUR))
    take(small, NORTH)
    stop = CallStop(
        **small.who(), place=(301_000_000, 15_000_000), radius_mm=5_000_000, reason="people", drill=Drill.LIVE
    )
    assert of_type(small.act(NORTH, stop, post="gate guard"), NoticeRecorded)
    say(small, HILL, to=(NORTH,), urgent=True)
    entry = small.state.size - 1
    answer = say(small, NORTH, phrase="received", answers=entry)
    assert not of_type(answer, CommandRefused)


def test_taking_the_watch_is_not_said_to_other_parties(small: World) -> None:
    small.act(NORTH, TakeWatch(**small.who()), post=DAY_POST)
    assert small.last_view(NORTH) is not None
    assert small.last_view(RIVER) is None
