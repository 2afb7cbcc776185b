# SPDX-License-Identifier: Apache-2.0
"""Two persons file and remove: what waits is spared, and a removal has no effect before the second signs."""

from __future__ import annotations

import msgspec

from standclear.core.commands import Signing
from standclear.core.events import (
    CommandRefused,
    CountersignatureAsked,
    Countersigned,
    NoticeWithdrawn,
    WaitsBecause,
)
from standclear.core.model import ReleaseLevel, Status, Verdict
from standclear.core.terms import Kind, NoticeClass, PostOf, TwoPerson, WithdrawalBreaker
from tests.notifying import countersign
from tests.world import DAY, HOUR, KINDS, TWO, World, convoy, flight, hospital, of_type, terms

NORTH, RIVER, HILL, DESK = "north-command", "river-alliance", "hill-relief", "watch-desk"
FULL = ReleaseLevel.FULL
LOW = flight(lower_m=0, upper_m=200)
OUTSIDE = TwoPerson(kinds=("site",), actors=(), outside_theatre=(PostOf(actor=HILL, post="head office"),))


def paired(two: TwoPerson | None = TWO, **changes: object) -> World:
    return World(terms=terms(two_person=two, **changes))


def given(small: World, lon: float = 30.0) -> str:
    small.notify(HILL, hospital(lon), {NORTH: FULL})
    return small.last()


def refused(events: tuple[object, ...]) -> str:
    (event,) = events
    assert isinstance(event, CommandRefused)
    return event.detail


def asked(small: World, site: str) -> int:
    """Withdraw, and the entry that waits."""
    small.withdraw(HILL, site)
    return small.state.size - 1


def test_a_filing_is_spared_before_the_second_person_signs_after_and_if_it_never_does() -> None:
    verdicts = []
    for agree in (None, True, False):
        small = paired()
        site = given(small)
        assert [one.what for one in small.notice(site).pending] == [Signing.FILING]
        if agree is not None:
            countersign(small, HILL, site, small.state.size - 1, Signing.FILING, agree=agree)
            assert small.notice(site).pending == ()
        small.notify(NORTH, LOW)
        verdicts.append(small.judged(small.last()).verdict)
    assert verdicts == [Verdict.CONFLICT] * 3


def test_a_removal_has_no_effect_and_is_told_to_nobody_else_before_the_second_person_signs() -> None:
    small = paired()
    site = given(small)
    events = small.withdraw(HILL, site)
    assert [type(event) for event in events] == [CountersignatureAsked]
    assert small.last_view(NORTH) is None
    assert small.last_view(HILL) is not None
    assert small.status(site) is Status.CURRENT
    small.wait_until(30 * DAY)
    small.notify(NORTH, flight(lower_m=0, upper_m=200, start=40 * DAY))
    assert small.judged(small.last()).verdict is Verdict.CONFLICT


def test_the_second_person_signs_and_it_is_withdrawn_for_everyone() -> None:
    small = paired()
    site = given(small)
    events = countersign(small, HILL, site, asked(small, site))
    assert [type(event) for event in events][:2] == [Countersigned, NoticeWithdrawn]
    assert small.status(site, NORTH) is Status.WITHDRAWN
    view = small.last_view(NORTH)
    assert view is not None
    assert not view.command
    assert of_type(view.events, Countersigned) == []


def test_the_same_post_is_no_second_person() -> None:
    small = paired()
    site = given(small)
    entry = asked(small, site)
    assert "signed this itself" in refused(countersign(small, HILL, site, entry, post="watch"))
    assert "waits for a second post" in refused(small.withdraw(HILL, site))
    assert small.status(site) is Status.CURRENT


def test_no_other_organisation_signs_and_to_it_there_is_no_such_notice() -> None:
    small = paired()
    site = given(small)
    entry = asked(small, site)
    other = refused(countersign(small, NORTH, site, entry))
    assert other == refused(countersign(small, NORTH, "N999", entry))
    assert "the desk signs for neither" in refused(countersign(small, DESK, site, entry))


def test_what_was_signed_in_another_entry_is_not_countersigned() -> None:
    small = paired()
    site = given(small)
    assert "entry" in refused(countersign(small, HILL, site, asked(small, site) - 1))


def test_not_agreed_to_it_stands_and_can_be_asked_for_again() -> None:
    small = paired()
    site = given(small)
    countersign(small, HILL, site, asked(small, site), agree=False)
    assert small.status(site) is Status.CURRENT
    assert "waits" in refused(countersign(small, HILL, site, small.state.size - 2))
    countersign(small, HILL, site, asked(small, site))
    assert small.status(site) is Status.WITHDRAWN


def test_a_removal_is_signed_outside_the_theatre_where_the_terms_name_a_post_there() -> None:
    small = paired(OUTSIDE)
    site = given(small)
    entry = asked(small, site)
    assert "outside the theatre" in refused(countersign(small, HILL, site, entry, post="second desk"))
    countersign(small, HILL, site, entry, post="head office")
    assert small.status(site) is Status.WITHDRAWN


def test_one_person_does_not_move_or_shrink_what_two_notified_but_adds_to_it() -> None:
    small = paired()
    site = given(small)
    assert "leave out where it was" in refused(small.amend(HILL, site, hospital(31.0), {NORTH: FULL}))
    wider = msgspec.structs.replace(hospital(), volumes=(*hospital().volumes, *hospital(30.01).volumes))
    small.amend(HILL, site, wider, {NORTH: FULL})
    assert small.notice(site).content == wider


def test_one_person_does_not_make_another_kind_of_it_that_one_may_let_go() -> None:
    depot = Kind(id="depot", notice=NoticeClass.SITE, name="Depot")
    small = paired(kinds=(*KINDS, depot))
    site = given(small)
    as_depot = msgspec.structs.replace(hospital(), kind="depot")
    assert "another kind" in refused(small.amend(HILL, site, as_depot, {NORTH: FULL}))


def test_what_the_terms_do_not_name_is_filed_and_withdrawn_by_one() -> None:
    small = paired()
    small.notify(HILL, convoy())
    way = small.last()
    assert small.notice(way).pending == ()
    assert of_type(small.withdraw(HILL, way), NoticeWithdrawn)


def mass(small: World, count: int) -> list[str]:
    sites = [given(small, 30 + number / 10) for number in range(count)]
    for site in sites:
        small.withdraw(HILL, site)
    return sites


def test_many_withdrawn_in_a_while_have_the_next_held_until_a_second_post_or_the_desk_confirms() -> None:
    small = paired(None, withdrawals=WithdrawalBreaker(most=2, within_us=DAY))
    sites = mass(small, 4)
    assert [small.status(site) is Status.WITHDRAWN for site in sites] == [True, True, False, False]
    (waits,) = small.notice(sites[2]).pending
    assert waits.because is WaitsBecause.MANY_WITHDRAWN
    countersign(small, DESK, sites[2], waits.entry, post="watch")
    assert small.status(sites[2]) is Status.WITHDRAWN
    (waits,) = small.notice(sites[3]).pending
    countersign(small, HILL, sites[3], waits.entry)
    assert small.status(sites[3]) is Status.WITHDRAWN


def test_the_desk_may_leave_one_of_many_standing() -> None:
    small = paired(None, withdrawals=WithdrawalBreaker(most=1, within_us=DAY))
    sites = mass(small, 2)
    (waits,) = small.notice(sites[1]).pending
    countersign(small, DESK, sites[1], waits.entry, agree=False, post="watch")
    assert (small.status(sites[1]), small.notice(sites[1]).pending) == (Status.CURRENT, ())


def test_after_a_while_one_person_withdraws_again_and_another_organisation_always_could() -> None:
    small = paired(None, withdrawals=WithdrawalBreaker(most=1, within_us=DAY))
    mass(small, 1)
    small.notify(NORTH, hospital(33.0), {})
    assert of_type(small.withdraw(NORTH, small.last()), NoticeWithdrawn)
    small.wait_until(DAY + HOUR)
    site = given(small, 34.0)
    assert of_type(small.withdraw(HILL, site), NoticeWithdrawn)


def test_activities_and_stops_wait_for_nobody() -> None:
    small = paired(None, withdrawals=WithdrawalBreaker(most=1, within_us=DAY))
    for _ in range(3):
        small.notify(NORTH, flight(lon=40.0))
        assert of_type(small.withdraw(NORTH, small.last()), NoticeWithdrawn)
        small.stop(HILL)
        assert of_type(small.withdraw(HILL, small.last()), NoticeWithdrawn)
