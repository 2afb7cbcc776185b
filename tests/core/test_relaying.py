# SPDX-License-Identifier: Apache-2.0
"""Answers that came by telephone: told with all that was heard, never as signed, and never as an agreement."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from standclear.core.agreeing import agreements
from standclear.core.commands import RelayAnswer
from standclear.core.events import AgreementGiven, CommandRefused, MessageSaid, MessageUnanswered
from standclear.core.model import ReleaseLevel
from standclear.core.talking import messages, unanswered
from standclear.core.wellformed import check_command
from standclear.errors import Malformed
from tests.relaying import HEARD, relay_agreement, relay_answer
from tests.talking import say
from tests.world import DAY, MOVING, World, hospital, medical_flight, of_type, shown_to_all, terms

NORTH, RIVER, HILL, LAKE = "north-command", "river-alliance", "hill-relief", "lake-observers"
VOLUME, FULL = ReleaseLevel.VOLUME, ReleaseLevel.FULL


def refused(events: tuple[object, ...]) -> str:
    (event,) = events
    assert isinstance(event, CommandRefused)
    return event.detail


def asked(small: World, actor: str = HILL, **how: object) -> int:
    (said,) = of_type(say(small, actor, "Where do you wait?", **how), MessageSaid)
    return said.entry


def heard(small: World, actor: str) -> MessageSaid:
    view = small.last_view(actor)
    assert view is not None
    (said,) = of_type(view.events, MessageSaid)
    return said


def flown(small: World) -> str:
    small.notify(HILL, medical_flight(), shown_to_all(FULL))
    return small.last()


def stands(small: World, flight: str, party: str = NORTH) -> tuple[bool, str]:
    (found,) = [one for one in agreements(small.state, small.notice(flight), 0) if one.party == party]
    return found.holds, found.words()


def test_an_answer_by_telephone_ends_the_ringing_and_says_how_it_came() -> None:
    small = World()
    entry = asked(small, to=(NORTH,), urgent=True)
    relay_answer(small, NORTH, entry)
    (said,) = messages(small.state)[1:]
    assert (said.actor, said.post, said.answers, said.relayed) == (NORTH, "watch", entry, HEARD)
    assert unanswered(small.state, messages(small.state)[0]) == ()
    assert of_type(small.wait_until(DAY), MessageUnanswered) == []


def test_the_number_goes_to_who_spoke_and_not_to_who_asked() -> None:
    small = World()
    relay_answer(small, NORTH, asked(small, to=(NORTH,)))
    assert heard(small, NORTH).relayed == HEARD
    assert heard(small, HILL).relayed == replace(HEARD, number="")
    assert small.last_view(LAKE) is None
    for actor in (NORTH, HILL):
        view = small.last_view(actor)
        assert view is not None
        assert not view.command


def test_an_author_who_answers_by_telephone_stays_nameless_to_one_who_is_shown_where_alone() -> None:
    small = World()
    small.notify(HILL, hospital(30.02, 1.55), {NORTH: VOLUME})
    relay_answer(small, HILL, asked(small, NORTH, about=small.last()))
    said = heard(small, NORTH)
    assert (said.actor, said.post) == ("", "")
    assert said.relayed == replace(HEARD, number="", post="")


def test_only_the_desk_takes_down_and_only_answers_to_what_was_sent() -> None:
    small = World()
    entry = asked(small, to=(NORTH,))
    assert "Only the desk" in refused(relay_answer(small, NORTH, entry, by=RIVER))
    assert "signs for itself" in refused(relay_answer(small, "watch-desk", entry))
    assert refused(relay_answer(small, RIVER, entry)) == refused(relay_answer(small, NORTH, 900))


@pytest.mark.parametrize("field", ["post", "number", "read_back"])
def test_what_was_heard_is_said_whole(field: str) -> None:
    small = World()
    entry = asked(small, to=(NORTH,))
    relay_answer(small, NORTH, entry)
    (received, _) = small.entries[-1]
    assert isinstance(received.command, RelayAnswer)
    with pytest.raises(Malformed, match="is empty") as wrong:
        check_command(
            small.state,
            replace(received.command, relayed=replace(HEARD, **{field: " "})),
        )
    assert wrong.value.where == f"command.relayed.{field}"


def test_an_agreement_by_telephone_is_told_and_not_obtained() -> None:
    small = World(terms=terms(movements=MOVING))
    flight = flown(small)
    (said,) = of_type(relay_agreement(small, NORTH, flight, until_us=None), AgreementGiven)
    assert (said.party, said.relayed) == (NORTH, HEARD)
    assert stands(small, flight) == (False, "north-command agreed by telephone, which is not signed")
    view = small.last_view(HILL)
    assert view is not None
    assert [one.relayed for one in of_type(view.events, AgreementGiven)] == [replace(HEARD, number="")]
    assert small.known(HILL).notices[flight].agreements[0].relayed == replace(HEARD, number="")


def test_by_telephone_a_party_takes_its_signed_agreement_back_and_gives_none() -> None:
    small = World(terms=terms(movements=MOVING))
    flight = flown(small)
    small.agree(NORTH, flight)
    relay_agreement(small, NORTH, flight)
    assert stands(small, flight)[0]
    relay_agreement(small, NORTH, flight, "denied")
    holds, words = stands(small, flight)
    assert (holds, words) == (
        False,
        "north-command denied it by telephone, taken down by the desk and not signed",
    )
    small.agree(NORTH, flight)
    assert stands(small, flight)[0]
    assert len(small.notice(flight).agreements) == 1


def test_a_flight_that_was_not_shown_to_a_party_is_not_answered_for_it() -> None:
    small = World(terms=terms(movements=MOVING))
    small.notify(HILL, medical_flight(), {RIVER: FULL})
    assert "No such flight" in refused(relay_agreement(small, NORTH, small.last()))
    assert "Only the desk" in refused(relay_agreement(small, RIVER, small.last(), by=LAKE))


def test_an_amended_flight_lapses_what_was_said_by_telephone() -> None:
    small = World(terms=terms(movements=MOVING))
    flight = flown(small)
    relay_agreement(small, NORTH, flight, "denied")
    small.amend(HILL, flight, medical_flight(lon=30.2), shown_to_all(FULL))
    assert small.notice(flight).agreements == ()
