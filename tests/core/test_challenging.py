# SPDX-License-Identifier: Apache-2.0
"""A party says that a notice it was shown is wrong or misused: told to its author and the desk, and judged alike."""

from __future__ import annotations

from msgspec.structs import replace

from standclear.core.challenging import KEPT
from standclear.core.commands import ChallengeReason
from standclear.core.events import ChallengeAnswered, ChallengeUnanswered, CommandRefused, NoticeChallenged
from standclear.core.model import ReleaseLevel
from tests.notifying import answer_challenge, challenge
from tests.world import ANSWERING, DAY, HOUR, T0, World, flight, hospital, of_type, terms

NORTH, RIVER, HILL, DESK = "north-command", "river-alliance", "hill-relief", "desk"
COVER, VOLUME, FULL = ReleaseLevel.COVER, ReleaseLevel.VOLUME, ReleaseLevel.FULL


def listed(small: World, release: dict[str, ReleaseLevel]) -> str:
    small.notify(HILL, hospital(30.02, 1.55), release)
    return small.last()


def refused(events: tuple[object, ...]) -> str:
    (event,) = events
    assert isinstance(event, CommandRefused)
    return event.detail


def test_its_author_hears_the_challenge_and_the_warning_and_no_other_party_does() -> None:
    small = World()
    site = listed(small, {NORTH: VOLUME, RIVER: FULL})
    challenge(small, NORTH, site, ChallengeReason.MISUSED, warning="Remove them by Friday.")
    (heard,) = small.known(HILL).notices[site].challenges
    assert (heard.actor, heard.reason, heard.warning) == (
        NORTH,
        ChallengeReason.MISUSED,
        "Remove them by Friday.",
    )
    assert small.last_view(RIVER) is None
    view = small.last_view(HILL)
    assert view is not None
    assert view.command


def test_the_answer_stands_beside_it_and_names_no_author_to_one_who_is_shown_where_alone() -> None:
    small = World()
    site = listed(small, {NORTH: VOLUME, RIVER: FULL})
    for party, named in ((NORTH, ""), (RIVER, HILL)):
        (said,) = of_type(challenge(small, party, site), NoticeChallenged)
        assert of_type(answer_challenge(small, HILL, site, said.entry), ChallengeAnswered)
        (read,) = small.known(party).notices[site].challenge_answers
        assert (read.text, read.actor, read.challenger) == ("They bring water.", named, party)
        view = small.last_view(party)
        assert view is not None
        assert view.command is bool(named)


def test_what_was_not_released_is_answered_as_what_does_not_exist() -> None:
    small = World()
    site = listed(small, {NORTH: VOLUME})
    assert refused(challenge(small, RIVER, site)) == refused(challenge(small, RIVER, "N999"))
    small.notify(HILL, hospital(30.3, 1.55), {NORTH: COVER})
    covered = small.last()
    assert refused(challenge(small, NORTH, covered)) == refused(challenge(small, NORTH, "N999"))


def test_who_met_its_cover_may_challenge_it() -> None:
    small = World()
    site = listed(small, {NORTH: COVER})
    small.notify(NORTH, flight(30.02, 1.55, lower_m=0, upper_m=200))
    (said,) = of_type(challenge(small, NORTH, site), NoticeChallenged)
    assert said.last_entry is None


def test_judging_is_the_same_with_a_challenge_and_without() -> None:
    told, untold = World(), World()
    judged = []
    for small in (told, untold):
        site = listed(small, {NORTH: VOLUME})
        before = small.state
        if small is told:
            challenge(small, NORTH, site)
            bare = replace(small.notice(site), challenges=())
            assert bare == before.notices[site]
            assert (small.state.showings, small.state.due, small.state.visible) == (
                before.showings,
                before.due,
                before.visible,
            )
        small.notify(NORTH, flight(30.02, 1.55, lower_m=0, upper_m=200))
        flown = small.notice(small.last())
        assert flown.judgement is not None
        judged.append((flown.status, flown.judgement.verdict, len(flown.judgement.findings)))
    assert judged[0] == judged[1]


def test_nobody_but_its_author_answers_and_only_what_was_said() -> None:
    small = World()
    site = listed(small, {NORTH: VOLUME, RIVER: VOLUME})
    (said,) = of_type(challenge(small, NORTH, site), NoticeChallenged)
    unknown = refused(answer_challenge(small, HILL, site, said.entry + 5))
    assert refused(answer_challenge(small, RIVER, site, said.entry)) == unknown


def test_a_party_alone_challenges_and_not_its_own_notice() -> None:
    small = World()
    site = listed(small, {NORTH: VOLUME})
    assert "Only a party" in refused(challenge(small, HILL, site))
    small.notify(NORTH, flight(30.5, 1.55))
    assert "No such notice" in refused(challenge(small, NORTH, small.last()))


def test_many_challenges_of_one_party_push_out_its_own_oldest_and_no_other_s() -> None:
    small = World()
    site = listed(small, {NORTH: VOLUME, RIVER: VOLUME})
    challenge(small, RIVER, site)
    (first,) = of_type(challenge(small, NORTH, site), NoticeChallenged)
    answer_challenge(small, HILL, site, first.entry)
    for _ in range(KEPT):
        challenge(small, NORTH, site)
    kept = small.notice(site).challenges
    assert [one.actor for one in kept].count(NORTH) == KEPT
    assert [one.actor for one in kept].count(RIVER) == 1
    assert small.notice(site).challenge_answers == ()
    assert small.known(NORTH).notices[site].challenges == tuple(one for one in kept if one.actor == NORTH)


def told_of(small: World, actor: str) -> list[ChallengeUnanswered]:
    """What an actor was told of answers that did not come."""
    return [one for _, view in small.inbox(actor) for one in of_type(view.events, ChallengeUnanswered)]


def waited(small: World, until_us: int) -> list[ChallengeUnanswered]:
    """What a tick at a time says of answers that did not come."""
    return of_type(small.wait_until(until_us - T0), ChallengeUnanswered)


def test_that_no_answer_came_by_the_deadline_is_told_to_author_and_challenger_and_to_nobody_else() -> None:
    small = World(terms=terms(challenges=ANSWERING))
    site = listed(small, {NORTH: VOLUME, RIVER: FULL})
    (said,) = of_type(challenge(small, NORTH, site), NoticeChallenged)
    assert said.by_us == said.at_us + 6 * HOUR
    assert waited(small, said.by_us - 1) == []
    calls = [waited(small, said.by_us + later) for later in (0, 12 * HOUR, DAY)]
    assert [[one.step for one in each] for each in calls] == [[0], [1], [2]]
    assert waited(small, said.by_us + 9 * DAY) == []
    assert [len(told_of(small, actor)) for actor in (HILL, NORTH, RIVER, "lake-observers")] == [3, 3, 0, 0]
    assert HILL not in repr(told_of(small, NORTH))


def test_an_answer_ends_the_calls_and_an_amendment_does_not() -> None:
    small = World(terms=terms(challenges=ANSWERING))
    site = listed(small, {NORTH: FULL})
    (said,) = of_type(challenge(small, NORTH, site), NoticeChallenged)
    small.amend(HILL, site, hospital(30.03, 1.55), {NORTH: FULL})
    assert len(waited(small, said.at_us + 7 * HOUR)) == 1
    answer_challenge(small, HILL, site, said.entry)
    assert waited(small, said.at_us + 9 * DAY) == []


def test_of_a_notice_that_is_compared_no_longer_nobody_is_called() -> None:
    small = World(terms=terms(challenges=ANSWERING, withdrawal_grace_us=HOUR))
    site = listed(small, {NORTH: FULL})
    challenge(small, NORTH, site)
    small.withdraw(HILL, site)
    assert waited(small, T0 + 9 * DAY) == []


def test_terms_that_name_no_deadline_call_for_no_answer() -> None:
    small = World()
    (said,) = of_type(challenge(small, NORTH, listed(small, {NORTH: FULL})), NoticeChallenged)
    assert said.by_us is None
    assert waited(small, T0 + 9 * DAY) == []
