# SPDX-License-Identifier: Apache-2.0
"""A site is looked at, attested, reminded of, and goes stale; and is spared alike through all of it."""

from __future__ import annotations

import msgspec
import pytest

from standclear.core.commands import Verification
from standclear.core.events import (
    AttestationDue,
    CommandRefused,
    NoticeAttested,
    NoticeExpired,
    NoticeVerified,
)
from standclear.core.model import ReleaseLevel, Site, Standing, Status, Verdict
from standclear.core.upkeep import attest_by_us, level_of
from tests.notifying import attest, verify
from tests.world import DAY, HOUR, T0, UPKEEP, World, convoy, flight, hospital, of_type, terms

NORTH, RIVER, HILL, LAKE = "north-command", "river-alliance", "hill-relief", "lake-observers"
COVER, VOLUME, FULL = ReleaseLevel.COVER, ReleaseLevel.VOLUME, ReleaseLevel.FULL
LOW = flight(lower_m=0, upper_m=200)


def kept(upkeep: bool = True) -> World:
    return World(terms=terms(upkeep=UPKEEP) if upkeep else terms())


def brief(until: int) -> Site:
    return msgspec.structs.replace(hospital(), valid_until_us=T0 + until)


def given(small: World, site: Site | None = None, release: dict[str, ReleaseLevel] | None = None) -> str:
    small.notify(HILL, site or hospital(), {NORTH: FULL, RIVER: VOLUME} if release is None else release)
    return small.last()


def refused(events: tuple[object, ...]) -> str:
    (event,) = events
    assert isinstance(event, CommandRefused)
    return event.detail


@pytest.mark.parametrize("level", Verification)
def test_no_verdict_turns_on_how_well_a_site_is_known(level: Verification) -> None:
    judged = []
    for said in (None, level):
        small = kept()
        site = given(small)
        if said is None:
            small.check(HILL, flight(lon=50.0))
        else:
            verify(small, HILL, site, said)
        small.notify(NORTH, LOW)
        judged.append(small.judged(small.last()))
    assert judged[0] == judged[1]
    assert judged[0].verdict is Verdict.CONFLICT


def test_the_author_s_word_is_told_to_those_who_are_shown_all_of_the_site_and_to_no_other() -> None:
    small = kept()
    site = given(small)
    verify(small, HILL, site, method="a visit by our engineer")
    assert level_of(small.known(NORTH).notices[site]) is Verification.VISITED
    assert small.last_view(RIVER) is None
    assert level_of(small.known(RIVER).notices[site]) is Verification.UNVERIFIED


def test_what_another_says_it_found_is_told_to_the_author_and_not_to_whom_else_is_shown_the_site() -> None:
    small = kept()
    site = given(small, release={NORTH: FULL, LAKE: VOLUME})
    verify(small, LAKE, site, Verification.REMOTE, method="imagery")
    assert [one.actor for one in small.known(HILL).notices[site].verified] == [LAKE]
    assert small.last_view(NORTH) is None


def test_what_somebody_else_is_said_to_have_found_stands_as_said() -> None:
    small = kept()
    site = given(small)
    (event,) = verify(small, HILL, site, by="a surveyor of the district")
    assert isinstance(event, NoticeVerified)
    assert event.standing is Standing.SAID


def test_a_word_is_taken_back() -> None:
    small = kept()
    site = given(small)
    verify(small, HILL, site)
    verify(small, HILL, site, Verification.UNVERIFIED, method="")
    assert level_of(small.notice(site)) is Verification.UNVERIFIED


def test_a_site_that_moved_is_to_be_looked_at_anew_and_one_that_did_not_is_not() -> None:
    small = kept()
    site = given(small)
    verify(small, HILL, site)
    small.amend(HILL, site, hospital(), {NORTH: FULL})
    assert level_of(small.notice(site)) is Verification.VISITED
    small.amend(HILL, site, hospital(lon=30.01), {NORTH: FULL})
    assert level_of(small.notice(site)) is Verification.UNVERIFIED


def test_who_was_not_shown_a_site_says_nothing_of_it() -> None:
    small = kept()
    site = given(small, release={NORTH: FULL})
    assert "There is no such notice" in refused(verify(small, RIVER, site))
    assert refused(verify(small, RIVER, site)) == refused(verify(small, RIVER, "N999"))


def test_nothing_was_looked_at_later_than_now() -> None:
    small = kept()
    site = given(small)
    assert "later than now" in refused(verify(small, HILL, site, ago=-HOUR))
    assert "later than now" in refused(attest(small, HILL, site, ago=-HOUR))


def test_a_site_that_expired_is_spared_and_flagged_and_attested_it_is_current_again() -> None:
    small = kept()
    site = given(small, brief(DAY))
    small.wait_until(DAY + HOUR)
    assert small.status(site) is Status.EXPIRED
    small.notify(NORTH, LOW)
    assert small.judged(small.last()).verdict is Verdict.CONFLICT
    attest(small, HILL, site, 5 * DAY)
    for reader in (None, HILL, NORTH, RIVER):
        assert small.status(site, reader) is Status.CURRENT
    assert small.known(RIVER).notices[site].content.valid_until_us == T0 + 5 * DAY  # type: ignore[union-attr]
    events = small.wait_until(6 * DAY)
    assert [event.notice for event in of_type(events, NoticeExpired)] == [site]
    assert small.status(site, RIVER) is Status.EXPIRED


def test_an_old_end_that_was_renewed_expires_nothing() -> None:
    small = kept()
    site = given(small, brief(DAY))
    attest(small, HILL, site, 5 * DAY)
    small.wait_until(2 * DAY)
    assert small.status(site) is Status.CURRENT


def test_without_an_end_of_its_own_the_terms_give_one_from_the_day_of_the_attestation() -> None:
    small = kept()
    site = given(small, brief(DAY))
    attest(small, HILL, site, ago=HOUR)
    attested_us = small.notice(site).attested
    assert attested_us is not None
    assert attested_us.as_of_us is not None
    assert attested_us.valid_until_us == attested_us.as_of_us + UPKEEP.attest_every_us


def test_without_the_terms_section_an_end_is_to_be_said() -> None:
    small = kept(upkeep=False)
    assert "say until when" in refused(attest(small, HILL, given(small, brief(DAY))))


def test_what_was_acknowledged_stays_so_when_a_site_is_attested() -> None:
    small = kept()
    site = given(small)
    small.answer(NORTH, site)
    attest(small, HILL, site)
    assert len(small.notice(site).answers) == 1


def test_an_author_is_reminded_once_before_and_when_it_is_overdue_and_nobody_else_is() -> None:
    small = kept()
    site = given(small)
    by_us = attest_by_us(small.state, small.notice(site))
    assert by_us is not None
    (before,) = of_type(small.wait_until(DAY + 13 * HOUR), AttestationDue)
    assert (before.by_us, before.overdue) == (by_us, False)
    assert small.last_view(NORTH) is None
    view = small.last_view(HILL)
    assert view is not None
    assert of_type(view.events, AttestationDue) == [before]
    (late,) = of_type(small.wait_until(3 * DAY), AttestationDue)
    assert late.overdue
    assert small.notice(site).reminded
    attest(small, HILL, site)
    assert not small.notice(site).reminded
    assert of_type(small.wait_until(4 * DAY), AttestationDue) == []


def test_of_a_cover_only_its_widened_end_is_told_and_only_when_it_changes() -> None:
    small = kept()
    site = given(small, brief(DAY + 10 * 60_000_000), {NORTH: COVER})
    attest(small, HILL, site, 2 * DAY)
    assert small.last_view(NORTH) is None  # not met
    attest(small, HILL, site, DAY + HOUR // 2)
    small.notify(NORTH, LOW)
    attest(small, HILL, site, DAY + HOUR // 3)
    assert small.last_view(NORTH) is None  # the same hour
    attest(small, HILL, site, 3 * DAY + HOUR // 3)
    view = small.last_view(NORTH)
    assert view is not None
    (told,) = of_type(view.events, NoticeAttested)
    assert (told.as_of_us, told.valid_until_us) == (None, T0 + 3 * DAY + HOUR)


def test_who_was_narrowed_out_is_not_told_that_a_site_is_still_there() -> None:
    small = kept()
    site = given(small, brief(DAY), {RIVER: VOLUME})
    small.amend(HILL, site, brief(DAY), {})
    attest(small, HILL, site, 5 * DAY)
    assert small.last_view(RIVER) is None
    small.wait_until(2 * DAY)
    assert small.status(site, RIVER) is Status.EXPIRED
    assert small.status(site) is Status.CURRENT


def test_only_its_author_attests_and_only_sites_are() -> None:
    small = kept()
    site = given(small)
    assert "There is no such notice" in refused(attest(small, NORTH, site))
    small.notify(HILL, convoy())
    assert "no site" in refused(attest(small, HILL, small.last()))


def test_a_withdrawn_site_is_attested_no_longer() -> None:
    small = kept()
    site = given(small)
    small.withdraw(HILL, site)
    assert "no longer maintained" in refused(attest(small, HILL, site))


def test_an_attestation_is_not_taken_over_by_an_older_one() -> None:
    small = kept()
    site = given(small)
    attest(small, HILL, site)
    assert "later time already" in refused(attest(small, HILL, site, ago=HOUR))
