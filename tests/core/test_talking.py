# SPDX-License-Identifier: Apache-2.0
"""The hotline: who hears what about which notice, whom an urgent message rings, and what it never tells or changes."""

from __future__ import annotations

from typing import Any

import pytest

from standclear.core.commands import Filled, Stance
from standclear.core.events import CommandRefused, MessageSaid, MessageUnanswered, Refusal
from standclear.core.model import ReleaseLevel
from standclear.core.phrases import PHRASES, check_message
from standclear.core.talking import KEPT, messages, unanswered
from standclear.errors import Malformed
from tests.positions import take_position
from tests.talking import message, say
from tests.world import DAY, HOUR, MINUTE, T0, World, flight, hospital, of_type

NORTH, RIVER, HILL, LAKE, DESK = (
    "north-command",
    "river-alliance",
    "hill-relief",
    "lake-observers",
    "watch-desk",
)
FULL, VOLUME = ReleaseLevel.FULL, ReleaseLevel.VOLUME


@pytest.fixture
def small() -> World:
    return World()


def listed(small: World, release: dict[str, ReleaseLevel]) -> str:
    small.notify(HILL, hospital(), release)
    return small.last()


def heard(small: World, actor: str) -> list[MessageSaid]:
    """The messages of the newest view of an actor, if the newest entry has one for it."""
    view = small.last_view(actor)
    return of_type(view.events, MessageSaid) if view else []


def refused(events: tuple[object, ...]) -> CommandRefused:
    (event,) = events
    assert isinstance(event, CommandRefused)
    return event


# ---- who hears it ---------------------------------------------------------------------------------------


def test_two_parties_speak_and_nobody_else_hears(small: World) -> None:
    say(small, NORTH, to=(RIVER,))
    (message,) = heard(small, RIVER)
    assert (message.actor, message.text, message.language) == (NORTH, "Where are you?", "en")
    assert small.last_view(RIVER).command  # type: ignore[union-attr]
    assert heard(small, HILL) == heard(small, LAKE) == []


def test_an_author_speaks_of_its_notice_with_those_who_were_shown_it_and_each_hears_of_itself_alone(
    small: World,
) -> None:
    site = listed(small, {NORTH: FULL, RIVER: FULL})
    say(small, HILL, to=(NORTH, RIVER), about=site)
    for party in (NORTH, RIVER):
        (message,) = heard(small, party)
        assert (message.actor, message.to) == (HILL, (party,))
        view = small.last_view(party)
        assert view is not None
        assert not view.command, "the signed words name the other, too"


def test_an_author_is_told_to_whom_its_notice_was_not_shown(small: World) -> None:
    site = listed(small, {NORTH: FULL})
    assert "was not shown to river-alliance" in refused(say(small, HILL, to=(RIVER,), about=site)).detail


def test_who_is_shown_where_alone_speaks_with_an_author_it_is_not_told_of(small: World) -> None:
    site = listed(small, {NORTH: VOLUME})
    say(small, NORTH, about=site)
    (mine,), (theirs,) = heard(small, NORTH), heard(small, HILL)
    assert (mine.to, theirs.actor, theirs.to) == (("",), NORTH, (HILL,))
    say(small, HILL, "At the bridge.", answers=theirs.entry)
    (answer,) = heard(small, NORTH)
    assert (answer.actor, answer.post, answer.to, answer.text) == ("", "", (NORTH,), "At the bridge.")
    assert not small.last_view(NORTH).command  # type: ignore[union-attr]
    assert "hill-relief" not in repr(small.known(NORTH).messages)


def test_what_was_not_released_is_spoken_of_as_what_does_not_exist(small: World) -> None:
    site = listed(small, {NORTH: FULL})
    hidden, nothing = say(small, RIVER, about=site), say(small, RIVER, about="N999999")
    assert hidden == nothing
    named = say(small, RIVER, about=site, to=(NORTH,)), say(small, RIVER, about="N999999", to=(NORTH,))
    assert named[0] == named[1] == hidden


def test_a_party_that_is_shown_a_notice_cannot_ask_who_else_is(small: World) -> None:
    site = listed(small, {NORTH: FULL, RIVER: VOLUME})
    assert say(small, NORTH, about=site, to=(RIVER,)) == say(small, NORTH, about=site, to=(LAKE,))
    assert refused(say(small, NORTH, about=site, to=(RIVER,))).refusal is Refusal.NO_SUCH_NOTICE


def test_only_whom_a_message_went_to_answers_it(small: World) -> None:
    say(small, NORTH, to=(RIVER,))
    entry = heard(small, RIVER)[0].entry
    for other in (HILL, NORTH):
        assert say(small, other, answers=entry) == say(small, other, answers=900_000)
    say(small, RIVER, phrase="received", answers=entry)
    assert heard(small, NORTH)[0].answers == entry


def test_nobody_speaks_to_itself_or_to_strangers(small: World) -> None:
    for to in ((NORTH,), ("somebody-else",)):
        assert refused(say(small, NORTH, to=to)).refusal is Refusal.NOT_APPLICABLE


def test_a_machine_s_word_does_not_name_an_author_to_a_sender_who_is_not_told_of_it(small: World) -> None:
    shown, named = listed(small, {NORTH: VOLUME}), listed(small, {RIVER: FULL})
    say(small, NORTH, about=shown)
    say(small, RIVER, about=named)
    small.hold(HILL)
    assert HILL not in small.known(NORTH).held
    assert HILL in small.known(RIVER).held


# ---- whom it rings --------------------------------------------------------------------------------------


def rung(small: World, actor: str) -> list[tuple[int, tuple[str, ...]]]:
    return [
        (event.step, event.waiting)
        for _, view in small.views[actor]
        for event in of_type(view.events, MessageUnanswered)
    ]


def test_an_urgent_message_rings_each_who_has_not_answered_at_every_step(small: World) -> None:
    say(small, HILL, to=(NORTH, RIVER), urgent=True)
    entry = heard(small, NORTH)[0].entry
    small.wait_until(small.now + MINUTE + 1)
    assert rung(small, HILL) == [(0, (NORTH, RIVER))]
    assert rung(small, NORTH) == [(0, (NORTH,))], "each hears of itself alone"
    say(small, NORTH, phrase="received", answers=entry)
    small.wait_until(small.now + HOUR)
    assert rung(small, HILL)[1:] == [(1, (RIVER,))]
    assert rung(small, NORTH) == [(0, (NORTH,))]
    assert unanswered(small.state, messages(small.state)[0]) == (RIVER,)


def test_another_message_rings_nobody(small: World) -> None:
    say(small, HILL, to=(NORTH,))
    small.wait_until(small.now + DAY)
    assert rung(small, NORTH) == []


def test_suspension_never_closes_it(small: World) -> None:
    take_position(small, NORTH, Stance.SUSPENDS)
    for speaker, other in ((NORTH, HILL), (HILL, NORTH)):
        say(small, speaker, to=(other,), urgent=True)
        assert heard(small, other)


def test_nothing_that_is_said_changes_a_verdict(small: World) -> None:
    site = listed(small, {NORTH: FULL})
    small.notify(NORTH, flight(lower_m=0, upper_m=100))
    activity, before = small.last(), small.judged(small.last())
    say(small, NORTH, phrase="hold-fire", filled=Filled(place=(300000000, 15000000)), about=site)
    say(small, HILL, phrase="ours", to=(NORTH,), about=site)
    assert small.judged(activity) == before


def test_a_senders_oldest_go_first_and_nobody_elses(small: World) -> None:
    say(small, RIVER, to=(NORTH,))
    first = heard(small, NORTH)[0].entry
    for _ in range(KEPT + 1):
        say(small, HILL, to=(NORTH,))
    assert len(messages(small.state)) == KEPT + 1
    assert messages(small.state)[0].entry == first


def test_the_sender_is_told_who_holds_its_message(small: World) -> None:
    say(small, HILL, to=(NORTH,))
    small.hold(NORTH)
    view = small.last_view(HILL)
    assert view is not None
    assert view.events


# ---- what it says ---------------------------------------------------------------------------------------


def test_no_phrase_says_that_something_is_not_ones_own_or_asks_for_leave() -> None:
    assert not [name for name in PHRASES if "not" in name or "may-we" in name or "clear" in name]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"to": ()}, "whom it goes to"),
        ({"to": (), "answers": 3, "about": "N3"}, "goes to whom it answers"),
        ({"phrase": "not-ours"}, "no phrase"),
        ({"phrase": "people-here"}, "is not filled"),
        ({"phrase": "received", "filled": Filled(count=3)}, "has no such blank"),
        ({"text": "  "}, "neither a phrase nor a text"),
        ({"language": ""}, "neither a phrase nor a text"),
        ({"filled": Filled(at_us=T0)}, "only a phrase has blanks"),
    ],
)
def test_a_message_that_means_nothing_is_not_logged(
    small: World, changes: dict[str, Any], fault: str
) -> None:
    values: dict[str, Any] = {"to": (NORTH,), **changes}
    with pytest.raises(Malformed, match=fault):
        check_message(message(small, **values))
