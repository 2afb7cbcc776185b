# SPDX-License-Identifier: Apache-2.0
"""Positions on the terms stand side by side; suspension and lapse close neither sparing nor stops nor record."""

from __future__ import annotations

import pytest

from standclear.core.commands import Stance, TakePosition
from standclear.core.events import (
    ActivityRecalled,
    ActivityRejudged,
    CommandRefused,
    Event,
    PositionTaken,
    Refusal,
    TermsEndSoon,
    TermsLapsed,
)
from standclear.core.model import AnswerKind, ReleaseLevel, Status, Why
from standclear.core.positions import outside, suspended
from standclear.core.rejudging import rejudge
from standclear.core.terms import Consent, Form, FormOfCooperation
from tests import world
from tests.positions import take_position
from tests.world import DAY, HOUR, T0, World, flight, hospital, of_type, shown_to_all

NORTH, RIVER, HILL = "north-command", "river-alliance", "hill-relief"


def why(small: World, activity: str) -> list[Why]:
    return [finding.why for finding in small.judged(activity).findings]


# ---- positions ------------------------------------------------------------------------------------------


def test_the_words_of_two_parties_stand_side_by_side_and_the_newest_of_each() -> None:
    small = World()
    take_position(small, NORTH, Stance.RESERVES, "we read article 2 narrowly")
    take_position(small, RIVER, Stance.RESERVES, "we read article 2 widely")
    take_position(small, NORTH, Stance.RESERVES, "we read article 2 as written")
    said = [(one.actor, one.text) for one in small.state.positions]
    assert said == [(RIVER, "we read article 2 widely"), (NORTH, "we read article 2 as written")]


def test_everyone_is_told_of_a_position_with_the_words_that_were_signed() -> None:
    small = World()
    take_position(small, NORTH, Stance.RESERVES)
    for actor in (NORTH, RIVER, HILL):
        view = small.last_view(actor)
        assert view is not None
        assert view.command
        assert of_type(view.events, PositionTaken)


def test_only_parties_take_positions_and_only_on_the_terms_that_stand() -> None:
    small = World()
    assert of_type(take_position(small, HILL, Stance.RESERVES), CommandRefused)
    other = TakePosition(**small.who(), terms="0" * 64, stance=Stance.RESERVES, text="on other terms")
    (refused,) = small.act(NORTH, other)
    assert isinstance(refused, CommandRefused)
    assert refused.refusal is Refusal.WRONG_TERMS


def test_who_has_assented_cannot_refuse_any_more_and_who_has_not_cannot_suspend() -> None:
    small = World()
    assert of_type(take_position(small, NORTH, Stance.REFUSES), CommandRefused)
    before = World(assents=False)
    assert of_type(take_position(before, NORTH, Stance.REFUSES), PositionTaken)
    assert of_type(take_position(before, NORTH, Stance.SUSPENDS), CommandRefused)


@pytest.mark.parametrize("stance", [Stance.RESUMES, Stance.SUSPENDS])
def test_suspending_or_resuming_twice_changes_nothing(stance: Stance) -> None:
    small = World()
    if stance is Stance.SUSPENDS:
        take_position(small, NORTH, Stance.SUSPENDS)
    assert of_type(take_position(small, NORTH, stance), CommandRefused)


# ---- suspension -----------------------------------------------------------------------------------------


def test_what_a_party_filed_is_recalled_when_it_suspends_its_part_and_better_only_informs() -> None:
    small = World()
    small.notify(NORTH, flight())
    activity = small.last()
    events = take_position(small, NORTH, Stance.SUSPENDS)
    assert [type(event) for event in events] == [PositionTaken, ActivityRecalled]
    assert why(small, activity) == [Why.PARTY_SUSPENDED]
    events = take_position(small, NORTH, Stance.RESUMES)
    assert [type(event) for event in events] == [PositionTaken, ActivityRejudged]
    assert small.status(activity) is Status.RECALLED
    small.reconsider(NORTH, activity)
    assert small.status(activity) is Status.FILED


def test_one_party_cannot_stop_what_does_not_rest_on_it() -> None:
    small = World()
    small.notify(RIVER, flight())
    activity = small.last()
    assert [type(e) for e in take_position(small, NORTH, Stance.SUSPENDS)] == [PositionTaken]
    assert small.status(activity) is Status.FILED


def test_a_consent_given_before_counts_for_nothing_while_its_party_is_away() -> None:
    asks = Consent(id="river-consents", kinds=("survey-flight",), parties=(RIVER,), deadline_us=DAY)
    small = World(terms=world.terms(rules=(*world.RULES, asks)))
    small.notify(NORTH, flight())
    activity = small.last()
    small.answer(RIVER, activity, AnswerKind.CONSENTED)
    small.reconsider(NORTH, activity)
    assert small.status(activity) is Status.FILED
    take_position(small, RIVER, Stance.SUSPENDS)
    assert small.status(activity) is Status.RECALLED
    assert why(small, activity) == [Why.AWAITS_CONSENT]


def test_a_form_of_cooperation_cures_nothing_while_one_of_the_two_is_away() -> None:
    form = Form(between=(NORTH, RIVER), form=FormOfCooperation.INFORM)
    small = World(terms=world.terms(forms=(form,)))
    small.notify(NORTH, flight(), shown_to_all(ReleaseLevel.FULL))
    small.notify(RIVER, flight(), shown_to_all(ReleaseLevel.FULL))
    activity = small.last()
    assert small.status(activity) is Status.FILED
    take_position(small, NORTH, Stance.SUSPENDS)
    assert small.status(activity) is Status.RECALLED
    assert Why.PARTY_SUSPENDED in why(small, activity)


def test_sparing_and_stops_go_on_while_a_party_is_away_and_it_is_named_outside() -> None:
    small = World()
    take_position(small, NORTH, Stance.SUSPENDS)
    assert suspended(small.state) == (NORTH,)
    assert any("suspended" in name for name in outside(small.state))
    small.notify(HILL, hospital())
    small.notify(RIVER, flight(lower_m=60, upper_m=120))
    assert Why.TOO_CLOSE in why(small, small.last())
    small.stop(NORTH)
    assert small.status(small.last()) is Status.CURRENT


def test_a_party_s_own_machine_derives_the_recall_from_its_inbox() -> None:
    small = World()
    small.notify(NORTH, flight())
    known = small.knowledge[small.state.number(NORTH)]
    take_position(small, NORTH, Stance.SUSPENDS)
    seq, view = small.views[NORTH][-1]
    received, _ = small.entries[-1]
    compared = list(rejudge(known, seq, view.events, received, NORTH, received.at_us))
    assert [one.outcome.value for one in compared] == ["confirmed"]
    kept_quiet = list(rejudge(known, seq, view.events[:1], received, NORTH, received.at_us))
    assert [one.outcome.value for one in kept_quiet] == ["contradicted"]


# ---- the end --------------------------------------------------------------------------------------------


def ending(after: int) -> World:
    return World(terms=world.terms(in_force_until_us=T0 + after))


def test_everyone_is_warned_before_the_terms_end_and_told_when_they_have() -> None:
    small = ending(40 * DAY)
    told: list[Event] = []
    for day in range(1, 42):
        told += small.wait_until(day * DAY + HOUR)
    warned = [event.at_us for event in of_type(tuple(told), TermsEndSoon)]
    assert warned == [T0 + 10 * DAY, T0 + 33 * DAY, T0 + 39 * DAY]
    assert len(of_type(tuple(told), TermsLapsed)) == 1
    assert any(of_type(view.events, TermsLapsed) for _, view in small.views[HILL])


def test_after_the_end_nothing_new_is_filed_and_sparing_and_stops_go_on() -> None:
    small = ending(10 * DAY)
    small.notify(HILL, hospital())
    site = small.last()
    small.wait_until(11 * DAY)
    small.notify(NORTH, flight())
    assert small.status(small.last()) is Status.BLOCKED
    assert set(why(small, small.last())) >= {Why.TERMS_NOT_IN_FORCE}
    assert small.status(site) is Status.CURRENT
    small.stop(RIVER)
    assert small.status(small.last()) is Status.CURRENT
