# SPDX-License-Identifier: Apache-2.0
"""A post delegates some of its work, for some time; whoever holds that key signs no more than that."""

from __future__ import annotations

import hashlib
from typing import get_args

import pytest

from standclear.core.commands import (
    AnyCommand,
    CallStop,
    Check,
    EnrolKeys,
    InviteKey,
    Mandate,
    MovementReport,
    NewKey,
    Notify,
    ReportMovement,
    RevokeKey,
    Scope,
    Stance,
    TakePosition,
    Use,
    Withdraw,
)
from standclear.core.enrolment import key_id
from standclear.core.events import (
    CommandRefused,
    Event,
    KeyEnrolled,
    KeyInvited,
    KeyRevoked,
    NoticeRecorded,
    Refusal,
)
from standclear.core.mandates import ALWAYS, OF_SCOPE, OF_THE_LOG, in_time, within
from standclear.core.model import ConsentDocument, Drill, Release, Status
from standclear.core.terms import Actor, Role
from tests import world
from tests.talking import message
from tests.world import DAY, HOUR, T0, World, convoy, flight, hospital, shown_to_all

HILL, NORTH, DESK = "hill-relief", "north-command", "watch-desk"
OF_ALL = None, "watch"
NEWCOMER = Actor(id="bridge-aid", number=6, name="Bridge Aid", role=Role.NOTIFIER)
DRIVER = Mandate((Scope.CHECKS, Scope.REPORTS), None, T0 + 2 * DAY)


def public(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def invite(
    small: World,
    actor: str,
    name: str,
    mandate: Mandate | None,
    *,
    post: str = "driver",
    by: tuple[str | None, str] = OF_ALL,
) -> tuple[Event, ...]:
    """Invite a post; `by`: which key of which post, if not one that may do everything."""
    expires_us = T0 + small.now + DAY
    command = InviteKey(
        **small.who(),
        public=public(f"code for {name}"),
        actor=actor,
        post=post,
        expires_us=expires_us,
        mandate=mandate,
    )
    return small.act(actor, command, key=by[0], post=by[1])


def delegate(small: World, actor: str, name: str, mandate: Mandate | None, *, post: str = "driver") -> str:
    """The id of a command key that was invited with a mandate and enrolled."""
    invite(small, actor, name, mandate, post=post)
    new = NewKey(public=public(name), use=Use.COMMAND, proof="0" * 128)
    code = key_id(public(f"code for {name}"), Use.COMMAND)
    small.act(actor, EnrolKeys(**small.who(), keys=(new,)), key=code, post=post)
    key = key_id(public(name), Use.COMMAND)
    assert small.state.keys[key].mandate == mandate
    return key


def refused(events: tuple[Event, ...]) -> str:
    assert isinstance(events[0], CommandRefused), events
    assert events[0].refusal is Refusal.NOT_PERMITTED
    return events[0].detail


@pytest.fixture
def small() -> World:
    return World()


def test_every_command_is_of_one_sort_of_work_or_outside_every_mandate() -> None:
    sorted_out = [*ALWAYS, *OF_THE_LOG, *(one for some in OF_SCOPE.values() for one in some)]
    assert sorted(map(str, sorted_out)) == sorted(map(str, get_args(AnyCommand)))
    assert list(OF_SCOPE) == list(Scope)


def test_a_drivers_key_reports_and_asks_and_gives_no_notice(small: World) -> None:
    key = delegate(small, HILL, "driver", DRIVER)
    small.notify(HILL, convoy())
    on_its_way = small.last()
    report = ReportMovement(**small.who(), movement=on_its_way, report=MovementReport.DEPARTED)
    assert not isinstance(small.act(HILL, report, key=key, post="driver")[0], CommandRefused)
    said = refused(small.act(HILL, Withdraw(**small.who(), withdraws=on_its_way), key=key))
    assert said.startswith("This key of hill-relief, driver signs checks, reports, and this is none of that.")
    assert small.notice(on_its_way).status is not Status.WITHDRAWN


def test_a_key_whose_time_is_over_or_has_not_come_signs_nothing_but_what_must_never_wait(
    small: World,
) -> None:
    tomorrow = Mandate((Scope.CHECKS, Scope.NOTICES), T0 + DAY, T0 + 2 * DAY)
    key = delegate(small, NORTH, "night", tomorrow, post="night")
    small.notify(HILL, hospital())
    asked = Check(**small.who(), activity=flight())
    assert "it is" in refused(small.act(NORTH, asked, key=key, post="night"))
    small.now = DAY + HOUR
    assert not isinstance(
        small.act(NORTH, Check(**small.who(), activity=flight()), key=key)[0], CommandRefused
    )
    small.now = 3 * DAY
    said = refused(small.act(NORTH, Check(**small.who(), activity=flight()), key=key, post="night"))
    assert "signs from 2027-" in said
    assert "until 2027-" in said
    assert said.endswith("A stop, what answers it, and words on the hotline are taken from it all the same.")


def test_no_mandate_keeps_anybody_from_calling_a_stop_or_speaking(small: World) -> None:
    key = delegate(small, NORTH, "sentry", Mandate((Scope.CHECKS,), None, T0 + 1), post="sentry")
    small.now = 9 * DAY
    stop = CallStop(
        **small.who(),
        place=(300_000_000, 15_000_000),
        radius_mm=5_000_000,
        reason="children",
        drill=Drill.LIVE,
    )
    called = small.act(NORTH, stop, key=key, post="sentry")
    assert isinstance(called[0], NoticeRecorded)
    spoken = small.act(NORTH, message(small, to=(DESK,)), key=key, post="sentry")
    assert not isinstance(spoken[0], CommandRefused)


def test_nobody_gives_more_than_it_has(small: World) -> None:
    head = Mandate((Scope.KEYS, Scope.REPORTS), None, T0 + 2 * DAY)
    key = delegate(small, HILL, "head", head, post="head")
    for more in (
        None,
        Mandate((Scope.NOTICES,), None, T0 + DAY),
        Mandate((Scope.REPORTS,), None, T0 + 3 * DAY),
        Mandate((Scope.REPORTS,), None, None),
    ):
        assert "no more than it has" in refused(invite(small, HILL, f"more {more}", more, by=(key, "head")))
    less = Mandate((Scope.REPORTS,), T0 + HOUR, T0 + DAY)
    assert isinstance(invite(small, HILL, "less", less, by=(key, "head"))[0], KeyInvited)


def test_a_post_without_the_keys_invites_and_revokes_for_itself_alone(small: World) -> None:
    key = delegate(small, HILL, "driver", DRIVER)
    other = delegate(small, HILL, "clerk", None, post="clerk")
    by = key, "driver"
    refused(invite(small, HILL, "another", DRIVER, post="clerk", by=by))
    assert isinstance(invite(small, HILL, "new phone", DRIVER, by=by)[0], KeyInvited)
    refused(
        small.act(HILL, RevokeKey(**small.who(), key=other, reason="", asked_by=""), key=key, post="driver")
    )
    mine = small.act(
        HILL, RevokeKey(**small.who(), key=key, reason="lost", asked_by=""), key=key, post="driver"
    )
    assert isinstance(mine[0], KeyRevoked)


def test_an_actor_keeps_one_key_that_may_sign_everything() -> None:
    small = World(terms=world.terms(actors=(*world.ACTORS, NEWCOMER)))
    whole = delegate(small, NEWCOMER.id, "clerk", None, post="clerk")
    driver = delegate(small, NEWCOMER.id, "driver", DRIVER)
    held = small.act(NEWCOMER.id, RevokeKey(**small.who(), key=whole, reason="lost", asked_by=""))
    assert isinstance(held[0], CommandRefused)
    assert "the last command key of bridge-aid that may sign everything" in held[0].detail
    gone = small.act(NEWCOMER.id, RevokeKey(**small.who(), key=driver, reason="lost", asked_by=""))
    assert isinstance(gone[0], KeyRevoked)


def test_the_first_keys_of_an_actor_have_no_mandate() -> None:
    small = World(terms=world.terms(actors=(*world.ACTORS, NEWCOMER)))
    expires_us = T0 + small.now + DAY
    command = InviteKey(
        **small.who(),
        public=public("first"),
        actor=NEWCOMER.id,
        post="night",
        expires_us=expires_us,
        mandate=DRIVER,
    )
    events = small.act(DESK, command)
    assert "The first keys of an actor have no mandate" in refused(events)


def test_what_was_signed_within_a_mandate_stands_after_it(small: World) -> None:
    day = Mandate((Scope.NOTICES,), None, T0 + DAY)
    key = delegate(small, HILL, "clerk", day, post="clerk")
    consent = ConsentDocument(
        release=tuple(Release(to=to, level=level) for to, level in shown_to_all().items())
    )
    given = Notify(**small.who(), notice=hospital(), consent="0" * 64, details="0" * 64)
    assert isinstance(small.act(HILL, given, consent, post="clerk", key=key)[0], NoticeRecorded)
    listed = small.last()
    small.now = 30 * DAY
    small.act(NORTH, Check(**small.who(), activity=flight()))
    assert small.notice(listed).showings


def test_a_position_on_the_terms_is_not_the_drivers(small: World) -> None:
    key = delegate(small, NORTH, "driver", Mandate((Scope.REPORTS,)))
    said = TakePosition(**small.who(), terms="0" * 64, stance=Stance.SUSPENDS, text="no more")
    assert "signs reports" in refused(small.act(NORTH, said, key=key, post="driver"))


def test_one_mandate_lies_within_another_or_does_not() -> None:
    outer = Mandate((Scope.ANSWERS, Scope.REPORTS), 10, 20)
    assert within(Mandate((Scope.REPORTS,), 10, 20), outer)
    assert not within(Mandate((Scope.REPORTS,), None, 20), outer)
    assert not within(Mandate((Scope.REPORTS,), 9, 20), outer)
    assert not within(Mandate((Scope.REPORTS, Scope.TERMS), 10, 20), outer)
    assert within(outer, None)
    assert not within(None, outer)
    assert [in_time(outer, at_us) for at_us in (9, 10, 20, 21)] == [False, True, True, False]


def test_everybody_reads_what_a_key_was_given(small: World) -> None:
    events = invite(small, HILL, "driver", DRIVER)
    assert isinstance(events[0], KeyInvited)
    assert events[0].mandate == DRIVER
    new = NewKey(public=public("driver"), use=Use.COMMAND, proof="0" * 128)
    code = key_id(public("code for driver"), Use.COMMAND)
    enrolled = small.act(HILL, EnrolKeys(**small.who(), keys=(new,)), key=code, post="driver")
    assert isinstance(enrolled[0], KeyEnrolled)
    assert enrolled[0].mandate == DRIVER
