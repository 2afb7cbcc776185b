# SPDX-License-Identifier: Apache-2.0
"""Who may do what: roles, the terms' assents, and keys that come in by invitation and once."""

from __future__ import annotations

import hashlib

import pytest

from standclear.core.commands import (
    AnyCommand,
    AssentToTerms,
    EnrolKeys,
    InviteKey,
    NewKey,
    OpenCentre,
    PassTime,
    Use,
)
from standclear.core.enrolment import key_id, terms_hash
from standclear.core.events import (
    CommandRefused,
    Event,
    KeyEnrolled,
    KeyInvited,
    Refusal,
    TermsEnteredIntoForce,
    TimePassed,
)
from standclear.core.model import Content, ReleaseLevel, Status
from standclear.core.terms import Actor, Role
from tests import world
from tests.world import HOUR, T0, World, area, convoy, flight, hospital, of_type

NEWCOMER = Actor(id="bridge-aid", number=6, name="Bridge Aid", role=Role.NOTIFIER)


@pytest.fixture
def small() -> World:
    return World(terms=world.terms(actors=(*world.ACTORS, NEWCOMER)))


def public(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def refusal(events: tuple[Event, ...]) -> Refusal | None:
    return events[0].refusal if isinstance(events[0], CommandRefused) else None


def invite(
    small: World, by: str, actor: str, code: str = "code", hours: int = 24, post: str = "night"
) -> tuple[Event, ...]:
    expires_us = T0 + small.now + hours * HOUR
    return small.act(
        by,
        InviteKey(**small.who(), public=public(code), actor=actor, post=post, expires_us=expires_us),
    )


def enrol(small: World, actor: str, *names: str, code: str = "code") -> tuple[Event, ...]:
    keys = tuple(
        NewKey(public=public(name), use=use, proof="0" * 128)
        for name, use in zip(names, (Use.COMMAND, Use.SESSION), strict=False)
    )
    key = key_id(public(code), Use.COMMAND)
    return small.act(actor, EnrolKeys(**small.who(), keys=keys), post="night", key=key)


# ---- the terms and their assents ------------------------------------------------------------------------


def test_the_last_party_s_assent_brings_the_terms_into_force() -> None:
    small = World(assents=False)
    terms = terms_hash(small.terms)
    first = small.act("north-command", AssentToTerms(**small.who(), terms=terms))
    assert not of_type(first, TermsEnteredIntoForce)
    assert (
        refusal(small.act("north-command", AssentToTerms(**small.who(), terms=terms))) is Refusal.ALREADY_DONE
    )
    last = small.act("river-alliance", AssentToTerms(**small.who(), terms=terms))
    assert of_type(last, TermsEnteredIntoForce)


def test_an_assent_to_other_terms_is_none() -> None:
    small = World(assents=False)
    other = terms_hash(world.terms(version=2))
    events = small.act("north-command", AssentToTerms(**small.who(), terms=other))
    assert refusal(events) is Refusal.WRONG_TERMS
    assert small.state.assents == ()


@pytest.mark.parametrize("actor", ["hill-relief", "lake-observers", "elder-panel", "watch-desk"])
def test_only_parties_assent_to_the_terms(actor: str) -> None:
    small = World(assents=False)
    events = small.act(actor, AssentToTerms(**small.who(), terms=terms_hash(small.terms)))
    assert refusal(events) is Refusal.NOT_PERMITTED


@pytest.mark.parametrize("dates", [{"in_force_from_us": T0 + HOUR}, {"in_force_until_us": T0 - HOUR}])
def test_outside_the_terms_own_dates_a_flight_is_not_assessed_and_a_hospital_is_recorded(
    dates: dict[str, int],
) -> None:
    small = World(terms=world.terms(**dates))
    small.notify("hill-relief", hospital())
    assert small.status(small.last()) is Status.CURRENT
    small.notify("north-command", flight(lon=33.0))
    assert small.status(small.last()) is Status.BLOCKED


def test_once_the_terms_are_in_force_the_filer_asks_anew() -> None:
    small = World(terms=world.terms(in_force_from_us=T0 + HOUR))
    small.notify("north-command", flight())
    activity = small.last()
    small.wait_until(2 * HOUR)
    assert small.status(activity) is Status.BLOCKED
    small.reconsider("north-command", activity)
    assert small.status(activity) is Status.FILED


def test_a_centre_opens_once(small: World) -> None:
    again = OpenCentre(**small.who(), exercise=True, terms=small.terms, keys=())
    assert refusal(small.act("watch-desk", again)) is Refusal.ALREADY_DONE


# ---- roles ----------------------------------------------------------------------------------------------

MAY: dict[str, set[str]] = {
    "north-command": {"site", "area", "movement", "activity"},
    "hill-relief": {"site", "movement", "activity"},
    "watch-desk": {"area"},
    "lake-observers": set(),
    "elder-panel": set(),
}
NOTICES: dict[str, Content] = {
    "site": hospital(),
    "area": area("truce", parties=()),
    "movement": convoy(),
    "activity": flight(),
}


@pytest.mark.parametrize("actor", MAY)
@pytest.mark.parametrize("notice", NOTICES)
def test_a_role_gives_the_notices_that_are_its_own_and_no_others(
    small: World, actor: str, notice: str
) -> None:
    release = {**world.shown_to_all(), "bridge-aid": ReleaseLevel.VOLUME}
    events = small.notify(actor, NOTICES[notice], release)
    assert (refusal(events) is None) == (notice in MAY[actor])


def test_time_passes_by_the_clock_s_key_alone_and_that_key_does_nothing_else(small: World) -> None:
    for actor, post in (("watch-desk", "watch"), ("north-command", "clock"), ("elder-panel", "clock")):
        events = small.act(actor, PassTime(**small.who()), post=post)
        assert refusal(events) is Refusal.NOT_PERMITTED, (actor, post)
    assert of_type(small.act("watch-desk", PassTime(**small.who()), post="clock"), TimePassed)
    others: tuple[AnyCommand, ...] = (
        InviteKey(**small.who(), public=public("x"), actor="watch-desk", post="day", expires_us=T0 + HOUR),
        AssentToTerms(**small.who(), terms=terms_hash(small.terms)),
    )
    for command in others:
        assert refusal(small.act("watch-desk", command, post="clock")) is Refusal.NOT_PERMITTED


# ---- keys -----------------------------------------------------------------------------------------------


def test_an_invitation_is_taken_up_once(small: World) -> None:
    assert of_type(invite(small, "watch-desk", "bridge-aid"), KeyInvited)
    taken = of_type(enrol(small, "bridge-aid", "command key", "session key"), KeyEnrolled)
    assert [(key.actor, key.post, key.use) for key in taken] == [
        ("bridge-aid", "night", Use.COMMAND),
        ("bridge-aid", "night", Use.SESSION),
    ]
    assert refusal(enrol(small, "bridge-aid", "another")) is Refusal.INVITATION_NOT_VALID


def test_an_invitation_holds_until_its_very_last_moment_and_not_beyond(small: World) -> None:
    for late in (0, 1):
        code = f"code {late}"
        events = invite(small, "north-command", "north-command", code, hours=1, post=code)
        invited = of_type(events, KeyInvited)
        small.now = invited[0].expires_us - T0 - 1 + late
        expected = Refusal.INVITATION_NOT_VALID if late else None
        assert refusal(enrol(small, "north-command", f"key {late}", code=code)) is expected


def test_an_invitation_that_has_expired_already_is_not_made(small: World) -> None:
    assert refusal(invite(small, "north-command", "north-command", hours=0)) is Refusal.INVITATION_NOT_VALID


def test_nobody_invites_for_another_and_the_desk_only_for_those_who_have_no_key(small: World) -> None:
    assert refusal(invite(small, "north-command", "river-alliance")) is Refusal.NOT_PERMITTED
    assert refusal(invite(small, "watch-desk", "river-alliance")) is Refusal.NOT_PERMITTED
    assert refusal(invite(small, "north-command", "nobody-here")) is Refusal.NOT_PERMITTED
    assert refusal(invite(small, "watch-desk", "bridge-aid", "first")) is None


def test_once_someone_has_a_key_the_desk_s_other_invitations_for_it_are_void(small: World) -> None:
    invite(small, "watch-desk", "bridge-aid", "handed over")
    invite(small, "watch-desk", "bridge-aid", "kept in the drawer")
    assert refusal(enrol(small, "bridge-aid", "key of bridge aid", code="handed over")) is None
    events = enrol(small, "bridge-aid", "key of the desk", code="kept in the drawer")
    assert refusal(events) is Refusal.INVITATION_NOT_VALID


def test_an_actor_s_own_invitations_stay_good_when_another_of_its_posts_comes_in(small: World) -> None:
    invite(small, "north-command", "north-command", "day", post="day")
    invite(small, "north-command", "north-command", "night", post="night")
    assert refusal(enrol(small, "north-command", "day key", code="day")) is None
    assert refusal(enrol(small, "north-command", "night key", code="night")) is None


def test_a_one_time_key_is_used_one_time(small: World) -> None:
    invite(small, "north-command", "north-command")
    assert refusal(invite(small, "river-alliance", "river-alliance")) is Refusal.ALREADY_DONE


def test_a_key_has_one_use_and_one_holder(small: World) -> None:
    invite(small, "north-command", "north-command", "a")
    assert refusal(enrol(small, "north-command", "same", "same", code="a")) is Refusal.ALREADY_DONE
    assert refusal(enrol(small, "north-command", "mine", code="a")) is None
    invite(small, "river-alliance", "river-alliance", "b")
    assert refusal(enrol(small, "river-alliance", "other", "mine", code="b")) is Refusal.ALREADY_DONE


def test_the_one_time_key_itself_is_never_enrolled_for_whoever_made_its_code_knows_it(small: World) -> None:
    invite(small, "north-command", "north-command", "handed over")
    events = enrol(small, "north-command", "handed over", code="handed over")
    assert refusal(events) is Refusal.ALREADY_DONE
    assert refusal(enrol(small, "north-command", "a fresh key", code="handed over")) is None


def test_everyone_sees_who_was_invited_and_which_keys_stand(small: World) -> None:
    invite(small, "watch-desk", "bridge-aid")
    enrol(small, "bridge-aid", "a key")
    known = small.known("river-alliance").keys
    assert known == small.state.keys
