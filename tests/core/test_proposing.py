# SPDX-License-Identifier: Apache-2.0
"""Terms change in the log: by all parties' assent to one hash, without a gap, and everything is judged by them."""

from __future__ import annotations

import msgspec
import pytest

from standclear.core.commands import Stance, TakePosition
from standclear.core.enrolment import terms_hash
from standclear.core.events import (
    ActivityRecalled,
    ActivityRejudged,
    AnswerOverdue,
    CommandRefused,
    PositionTaken,
    ProposalAssented,
    TermsApplied,
    TermsEndSoon,
    TermsLapsed,
    TermsProposed,
    TermsReplaced,
    TimePassed,
)
from standclear.core.model import GroundHazard, Status, Why
from standclear.core.parts import STANDING_EVENTS
from standclear.core.proposing import waits_on
from standclear.core.rejudging import rejudge
from standclear.core.terms import Actor, NoticeClass, Role, StopLine, Terms
from tests import world
from tests.positions import take_position
from tests.proposals import agree_on, assent_to, next_terms, propose, wider
from tests.world import DAY, HOUR, MINUTE, T0, World, flight, hospital, of_type

NORTH, RIVER, HILL, LAKE = "north-command", "river-alliance", "hill-relief", "lake-observers"


def why(small: World, activity: str) -> list[Why]:
    return [finding.why for finding in small.judged(activity).findings]


def refusal(events: tuple[object, ...]) -> str:
    (event,) = events
    assert isinstance(event, CommandRefused)
    return event.detail


def ending(after: int) -> World:
    return World(terms=world.terms(in_force_until_us=T0 + after))


# ---- proposed and assented to ------------------------------------------------------------------------------


def test_terms_stand_until_every_party_has_assented_to_one_and_the_same_text() -> None:
    small = World()
    new = next_terms(small, title="Terms, second version")
    assert [type(event) for event in propose(small, NORTH, new)] == [TermsProposed]
    (open_one,) = small.state.proposals
    assert (open_one.assents, waits_on(small.state, open_one)) == ((NORTH,), (RIVER,))
    assert small.state.terms.version == 1
    assert [type(event) for event in assent_to(small, RIVER, new)] == [ProposalAssented, TermsReplaced]
    assert small.state.terms == new
    assert (small.state.assents, small.state.proposals) == ((NORTH, RIVER), ())
    assert small.state.in_force(T0 + small.now)


def test_everyone_is_shown_the_proposal_whole_with_every_signature_under_it() -> None:
    small = World()
    new = next_terms(small)
    for sign, party in ((propose, NORTH), (assent_to, RIVER)):
        events = sign(small, party, new)
        for actor in (NORTH, RIVER, HILL, LAKE):
            view = small.last_view(actor)
            assert view is not None
            assert (view.command, view.events) == (True, events)
            assert small.known(actor).proposals == small.state.proposals
            assert small.known(actor).terms == small.state.terms


def test_only_parties_propose_and_each_has_one_proposal_open() -> None:
    small = World()
    assert "Only parties" in refusal(propose(small, HILL, next_terms(small)))
    propose(small, NORTH, next_terms(small, title="First try"))
    propose(small, RIVER, next_terms(small, title="Another"))
    propose(small, NORTH, next_terms(small, title="Second try"))
    assert [(one.by, one.terms.title) for one in small.state.proposals] == [
        (RIVER, "Another"),
        (NORTH, "Second try"),
    ]
    assert "proposed already" in refusal(propose(small, RIVER, next_terms(small, title="Second try")))


def test_what_was_proposed_beside_it_is_open_no_more_once_terms_come_into_force() -> None:
    small = World()
    other = next_terms(small, title="Another")
    propose(small, RIVER, other)
    agree_on(small, next_terms(small, title="Agreed"))
    assert refusal(assent_to(small, NORTH, other)) == "The hash is not that of the terms proposed here."


def test_a_party_assents_once() -> None:
    small = World()
    new = next_terms(small)
    propose(small, NORTH, new)
    assert "already" in refusal(assent_to(small, NORTH, new))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"version": 1}, "version 1; give the proposal a later one"),
        ({"in_force_until_us": T0}, "would have ended already"),
        ({"actors": world.ACTORS[:-1]}, "elder-panel stays in the terms"),
        (
            {
                "actors": (
                    *world.ACTORS[:-1],
                    Actor(id="elder-panel", number=9, name="Elders", role=Role.ARBITER),
                )
            },
            "elder-panel keeps the number 5",
        ),
        (
            {
                "actors": (
                    *world.ACTORS[:-1],
                    Actor(id="elder-panel", number=5, name="Elders", role=Role.OBSERVER),
                )
            },
            "elder-panel stays arbiter",
        ),
        ({"kinds": world.KINDS[1:]}, "The kind hospital stays: what was notified as one is still compared."),
        (
            {
                "kinds": (
                    msgspec.structs.replace(world.KINDS[0], notice=NoticeClass.TRUCE_AREA),
                    *world.KINDS[1:],
                )
            },
            "The kind hospital stays of class site",
        ),
    ],
)
def test_what_may_not_change_is_refused_in_a_sentence(changes: dict[str, object], said: str) -> None:
    small = World()
    assert said in refusal(propose(small, NORTH, next_terms(small, **changes)))
    assert small.state.proposals == ()


# ---- positions on a proposal -----------------------------------------------------------------------------


def say_of(small: World, actor: str, terms: Terms, stance: Stance, text: str) -> tuple[object, ...]:
    return small.act(actor, TakePosition(**small.who(), terms=terms_hash(terms), stance=stance, text=text))


def test_what_parties_say_of_a_proposal_stands_beside_what_they_said_of_the_terms() -> None:
    small = World()
    take_position(small, NORTH, Stance.RESERVES, "article 2, narrowly")
    new = next_terms(small)
    propose(small, NORTH, new)
    say_of(small, RIVER, new, Stance.REFUSES, "not like this")
    said = [(one.actor, one.stance, one.terms) for one in small.state.positions]
    assert said == [(NORTH, Stance.RESERVES, ""), (RIVER, Stance.REFUSES, terms_hash(new))]
    say_of(small, NORTH, new, Stance.RESERVES, "as our letter says")
    assent_to(small, RIVER, new)
    assert [(one.actor, one.text, one.terms) for one in small.state.positions] == [
        (NORTH, "as our letter says", "")
    ]


def test_a_party_that_assents_with_a_reservation_keeps_it() -> None:
    small = World()
    new = next_terms(small)
    propose(small, NORTH, new)
    say_of(small, RIVER, new, Stance.RESERVES, "article 4, widely")
    assent_to(small, RIVER, new)
    assert [(one.actor, one.stance) for one in small.state.positions] == [(RIVER, Stance.RESERVES)]


def test_who_has_assented_to_a_proposal_refuses_it_no_more_and_nobody_suspends_its_part_in_one() -> None:
    small = World()
    new = next_terms(small)
    propose(small, NORTH, new)
    assert "has assented" in refusal(say_of(small, NORTH, new, Stance.REFUSES, "after all"))
    assert "terms that stand" in refusal(say_of(small, NORTH, new, Stance.SUSPENDS, "for now"))


def test_a_suspension_outlives_the_text_it_was_said_of() -> None:
    small = World()
    take_position(small, RIVER, Stance.SUSPENDS)
    agree_on(small, next_terms(small))
    assert [(one.actor, one.stance) for one in small.state.positions] == [(RIVER, Stance.SUSPENDS)]
    small.notify(RIVER, flight())
    assert why(small, small.last()) == [Why.PARTY_SUSPENDED]


# ---- extension -------------------------------------------------------------------------------------------


def test_terms_that_are_extended_in_time_lapse_at_the_new_end_and_not_at_the_old_one() -> None:
    small = ending(40 * DAY)
    small.notify(NORTH, flight(start=39 * DAY))
    agree_on(small, next_terms(small, in_force_until_us=T0 + 80 * DAY))
    told = [event for day in range(1, 79) for event in small.wait_until(day * DAY + HOUR)]
    assert [event.at_us for event in of_type(tuple(told), TermsEndSoon)] == [
        T0 + 50 * DAY,
        T0 + 73 * DAY,
    ]
    assert not of_type(tuple(told), TermsLapsed)
    assert of_type(small.wait_until(81 * DAY), TermsLapsed)


def test_what_reached_beyond_the_old_end_is_told_that_it_no_longer_does_and_revived_by_its_filer_alone() -> (
    None
):
    small = ending(10 * DAY)
    small.notify(NORTH, flight(start=11 * DAY))
    activity = small.last()
    assert why(small, activity) == [Why.TERMS_NOT_IN_FORCE]
    agree_on(small, next_terms(small, in_force_until_us=T0 + 80 * DAY))
    assert of_type(small.entries[-1][1], ActivityRejudged)
    assert small.status(activity) is Status.BLOCKED
    small.reconsider(NORTH, activity)
    assert small.status(activity) is Status.FILED


def test_terms_that_lapsed_are_taken_up_again_and_sparing_and_stops_never_paused() -> None:
    small = ending(10 * DAY)
    small.notify(HILL, hospital())
    site = small.last()
    small.wait_until(11 * DAY)
    new = next_terms(small, in_force_until_us=T0 + 80 * DAY)
    propose(small, NORTH, new)
    small.notify(NORTH, flight(start=12 * DAY, lower_m=0, upper_m=100))
    assert set(why(small, small.last())) == {Why.TERMS_NOT_IN_FORCE, Why.TOO_CLOSE}
    small.stop(RIVER)
    assert small.status(small.last()) is Status.CURRENT
    assent_to(small, RIVER, new)
    assert small.status(site) is Status.CURRENT
    small.notify(NORTH, flight(lon=31.0, start=12 * DAY))
    assert small.status(small.last()) is Status.FILED


# ---- coming into force -----------------------------------------------------------------------------------


def test_the_entry_that_brings_terms_into_force_says_nothing_else_and_the_next_one_applies_them() -> None:
    small = World()
    small.notify(NORTH, flight(lon=30.02, lower_m=100, upper_m=200))
    small.notify(HILL, hospital())
    new = next_terms(small, rules=wider(world.RULES, 3_000))
    agree_on(small, new)
    assert all(isinstance(event, STANDING_EVENTS) for event in small.entries[-2][1])
    applied = small.entries[-1][1]
    assert [type(event) for event in applied if not isinstance(event, TimePassed)][:2] == [
        TermsApplied,
        ActivityRecalled,
    ]
    assert small.status("N3") is Status.RECALLED
    (finding,) = small.judged("N3").findings
    assert finding.rule == "clear-of-spared"


def test_less_strict_terms_only_inform() -> None:
    small = World(terms=world.terms(rules=wider(world.RULES, 3_000)))
    small.notify(HILL, hospital())
    small.notify(NORTH, flight(lon=30.02, lower_m=0, upper_m=100))
    activity = small.last()
    assert small.status(activity) is Status.BLOCKED
    agree_on(small, next_terms(small, rules=world.RULES))
    assert of_type(small.entries[-1][1], ActivityRejudged)
    assert small.status(activity) is Status.BLOCKED
    assert why(small, activity) == []


def test_two_flights_too_close_only_by_the_new_terms_are_both_recalled() -> None:
    small = World()
    small.notify(NORTH, flight(lon=30.0))
    small.notify(RIVER, flight(lon=30.02))
    agree_on(small, next_terms(small, rules=wider(world.RULES, 5_000)))
    assert [small.status(one) for one in ("N3", "N4")] == [Status.RECALLED, Status.RECALLED]


def test_a_wider_hazard_margin_finds_what_the_flights_were_not_near_before() -> None:
    small = World()
    small.notify(HILL, hospital())
    small.notify(NORTH, flight(lon=30.05, hazard=GroundHazard.POSSIBLE))
    activity = small.last()
    assert small.status(activity) is Status.FILED
    agree_on(small, next_terms(small, hazard_margin_mm=20_000_000))
    assert small.status(activity) is Status.RECALLED
    small.notify(HILL, hospital(lon=30.2))
    assert len(small.judged(activity).findings) == 2


def test_agreed_terms_wait_for_their_date_and_what_fell_due_before_is_seen_to_first() -> None:
    small = World()
    small.notify(NORTH, flight(start=2 * DAY))
    new = next_terms(small, in_force_from_us=T0 + 3 * DAY)
    propose(small, NORTH, new)
    assert [type(event) for event in assent_to(small, RIVER, new)] == [ProposalAssented]
    assert small.state.terms.version == 1
    small.wait_until(4 * DAY)
    small.settle()
    last = [events for _, events in small.entries[-3:]]
    assert isinstance(last[0][-1], TimePassed)
    assert last[0][-1].until_us == T0 + 3 * DAY - 1
    assert [type(event) for event in last[1]] == [TermsReplaced]
    assert isinstance(last[2][0], TermsApplied)
    assert small.state.terms == new
    for actor in (NORTH, HILL):
        views = [view for _, view in small.inbox(actor) if of_type(view.events, TermsReplaced)]
        assert [(view.command, len(view.events)) for view in views] == [(True, 1)]


def test_terms_that_ended_while_the_centre_was_down_come_into_force_and_lapse_when_it_is_up() -> None:
    small = World()
    small.notify(NORTH, flight(start=20 * DAY))
    agree_on(small, next_terms(small, in_force_from_us=T0 + 3 * DAY, in_force_until_us=T0 + 5 * DAY))
    small.wait_until(9 * DAY)
    small.settle()
    told = tuple(event for _, events in small.entries[-3:] for event in events)
    assert len(of_type(told, TermsReplaced)) == len(of_type(told, TermsApplied)) == 1
    assert len(of_type(told, TermsLapsed)) == 1
    assert not of_type(told, TermsEndSoon)
    assert small.status("N3") is Status.RECALLED


def test_of_two_terms_agreed_for_later_the_first_to_come_into_force_ends_the_other() -> None:
    small = World()
    late = next_terms(small, title="Later", in_force_from_us=T0 + 5 * DAY)
    soon = next_terms(small, title="Sooner", in_force_from_us=T0 + 3 * DAY)
    agree_on(small, late)
    agree_on(small, soon)
    small.wait_until(9 * DAY)
    small.settle()
    assert small.state.terms == soon
    assert small.state.proposals == ()


def test_a_stop_rung_by_shorter_steps_is_rung_at_once_for_whom_they_have_passed() -> None:
    small = World()
    small.stop(RIVER)
    stop = small.last()
    small.now += 30_000_000
    quick = StopLine(echelons=("watch",), steps_us=(10_000_000, 5 * MINUTE), read_back_mm=100_000)
    agree_on(small, next_terms(small, stop=quick))
    (rung,) = of_type(small.entries[-1][1], AnswerOverdue)
    assert (rung.notice, rung.step, [one.party for one in rung.waiting]) == (stop, 0, [NORTH, RIVER])
    (again,) = of_type(small.wait_until(6 * MINUTE), AnswerOverdue)
    assert again.step == 1


# ---- who can derive it again --------------------------------------------------------------------------------


def test_a_party_s_own_machine_derives_what_new_terms_do_to_its_flights_from_its_inbox() -> None:
    small = World()
    small.notify(HILL, hospital())
    small.notify(NORTH, flight(lon=30.02, lower_m=100, upper_m=200))
    new = next_terms(small, rules=wider(world.RULES, 3_000))
    propose(small, RIVER, new)
    assent_to(small, NORTH, new)
    known = small.known(NORTH)
    small.settle()
    seq, view = small.inbox(NORTH)[-1]
    received, _ = small.entries[-1]
    compared = list(rejudge(known, seq, view.events, received, NORTH, received.at_us))
    assert [one.outcome.value for one in compared] == ["confirmed"]
    kept_quiet = list(rejudge(known, seq, view.events[:1], received, NORTH, received.at_us))
    assert [one.outcome.value for one in kept_quiet] == ["contradicted"]


def test_a_position_on_the_terms_keeps_its_bytes_and_one_on_a_proposal_names_it() -> None:
    word = PositionTaken(NORTH, Stance.RESERVES, "as read", "watch", T0)
    assert b'"terms"' not in msgspec.json.encode(word)
    assert b'"terms":"0"' in msgspec.json.encode(msgspec.structs.replace(word, terms="0"))
