# SPDX-License-Identifier: Apache-2.0
"""Keys are revoked: by their own actor, or by the desk for whoever asks; what was signed before stands."""

from __future__ import annotations

import hashlib

import pytest

from standclear.core.commands import EnrolKeys, InviteKey, NewKey, RevokeKey, Use
from standclear.core.enrolment import key_id
from standclear.core.events import CommandRefused, Event, KeyRevoked
from tests.world import DAY, T0, World

NORTH, RIVER, DESK = "north-command", "river-alliance", "watch-desk"


def public(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def enrolled(small: World, actor: str, name: str, use: Use = Use.COMMAND) -> str:
    """A key of a new post, brought in by an invitation of its own actor."""
    code = f"code for {name}"
    small.act(
        actor,
        InviteKey(
            **small.who(), public=public(code), actor=actor, post=name, expires_us=T0 + small.now + DAY
        ),
    )
    new = NewKey(public=public(name), use=use, proof="0" * 128)
    small.act(actor, EnrolKeys(**small.who(), keys=(new,)), key=key_id(public(code), Use.COMMAND))
    key = key_id(public(name), use)
    assert key in small.state.keys
    return key


def revoke(small: World, by: str, key: str, asked_by: str = "") -> tuple[Event, ...]:
    return small.act(by, RevokeKey(**small.who(), key=key, reason="laptop taken", asked_by=asked_by))


@pytest.fixture
def small() -> World:
    small = World()
    enrolled(small, NORTH, "day")
    return small


def test_an_actor_revokes_a_key_of_its_own_and_it_never_comes_back(small: World) -> None:
    key = enrolled(small, NORTH, "night")
    (said,) = revoke(small, NORTH, key)
    assert isinstance(said, KeyRevoked)
    assert (said.actor, said.by, said.reason) == (NORTH, NORTH, "laptop taken")
    assert key not in small.state.keys
    assert small.state.revoked[key].public == public("night")
    again = revoke(small, NORTH, key)
    assert isinstance(again[0], CommandRefused)
    small.act(
        NORTH,
        InviteKey(
            **small.who(), public=public("third"), actor=NORTH, post="third", expires_us=T0 + small.now + DAY
        ),
    )
    same = NewKey(public=public("night"), use=Use.COMMAND, proof="0" * 128)
    back = small.act(NORTH, EnrolKeys(**small.who(), keys=(same,)), key=key_id(public("third"), Use.COMMAND))
    assert isinstance(back[0], CommandRefused)


def test_another_party_revokes_nothing_and_the_desk_only_where_it_was_asked(small: World) -> None:
    key = enrolled(small, NORTH, "night", Use.SESSION)
    assert isinstance(revoke(small, RIVER, key)[0], CommandRefused)
    assert isinstance(revoke(small, DESK, key)[0], CommandRefused)
    (said,) = revoke(small, DESK, key, asked_by="liaison, night")
    assert isinstance(said, KeyRevoked)
    assert (said.by, said.asked_by) == (DESK, "liaison, night")


def test_the_last_command_key_and_the_logs_own_are_not_revoked(small: World) -> None:
    other = enrolled(small, RIVER, "other")
    assert isinstance(revoke(small, RIVER, other)[0], KeyRevoked)
    (last,) = (key for key, one in small.state.keys.items() if (one.actor, one.use) == (RIVER, Use.COMMAND))
    refused = revoke(small, RIVER, last)
    assert isinstance(refused[0], CommandRefused)
    assert "last command key of river-alliance" in refused[0].detail
    own = enrolled(small, DESK, "head", Use.CHECKPOINT)
    assert isinstance(revoke(small, DESK, own, asked_by="watch")[0], CommandRefused)


def test_whoever_took_a_device_cannot_take_up_an_invitation_it_wrote_before(small: World) -> None:
    key = enrolled(small, NORTH, "night")
    expires_us = T0 + small.now + DAY
    for actor, code in ((NORTH, "its own"), (RIVER, "another's")):
        small.act(
            actor,
            InviteKey(**small.who(), public=public(code), actor=actor, post="late", expires_us=expires_us),
        )
    revoke(small, NORTH, key)
    taken = NewKey(public=public("fresh"), use=Use.COMMAND, proof="0" * 128)
    late = small.act(
        NORTH, EnrolKeys(**small.who(), keys=(taken,)), key=key_id(public("its own"), Use.COMMAND)
    )
    assert isinstance(late[0], CommandRefused)
    other = small.act(
        RIVER, EnrolKeys(**small.who(), keys=(taken,)), key=key_id(public("another's"), Use.COMMAND)
    )
    assert not isinstance(other[0], CommandRefused)


def test_everyone_is_told(small: World) -> None:
    key = enrolled(small, NORTH, "night", Use.SESSION)
    revoke(small, NORTH, key)
    for actor in (RIVER, "hill-relief", "lake-observers"):
        _, view = small.inbox(actor)[-1]
        assert isinstance(view.events[0], KeyRevoked)
        assert view.command
