# SPDX-License-Identifier: Apache-2.0
"""A post lost its keys: two others give it new ones; one alone never does, and whoever has not lost them objects."""

from __future__ import annotations

import pytest

from standclear.core.commands import InviteKey, Mandate, Scope
from standclear.core.events import (
    CommandRefused,
    Event,
    KeyEnrolled,
    KeyInvited,
    PostVouched,
    ReplacementObjected,
)
from standclear.core.replacing import OBJECTION_US
from tests import keys
from tests.keys import come, enrol, invite, objects, public, revoke, vouch
from tests.world import DAY, HOUR, T0, World, flight

NORTH, RIVER, DESK, ELDER = "north-command", "river-alliance", "watch-desk", "elder-panel"


@pytest.fixture
def small() -> World:
    """The North Command has three posts: `watch`, which was there first, `night` and `air`."""
    small = World()
    come(small, NORTH, "watch", "night", "air")
    return small


def said(events: tuple[Event, ...]) -> str:
    """Why it was refused."""
    assert isinstance(events[0], CommandRefused), events
    return events[0].detail


def replaced(small: World, code: str = "new") -> tuple[Event, ...]:
    """`night` is vouched for by `watch` and invited by `air`, and nobody objects."""
    vouch(small, NORTH, "night", code)
    invite(small, NORTH, "night", code, by="air")
    small.wait_until(small.now + OBJECTION_US + HOUR)
    return enrol(small, NORTH, code, "night again")


def test_two_others_replace_the_keys_of_a_post_and_what_it_signed_before_stands(small: World) -> None:
    small.notify(NORTH, flight())
    filed = small.last()
    revoke(small, NORTH, f"{NORTH} night")
    (new,) = replaced(small)
    assert isinstance(new, KeyEnrolled)
    assert (new.actor, new.post) == (NORTH, "night")
    assert small.state.notices[filed].author == NORTH
    assert keys.command_key(f"{NORTH} night") in small.state.revoked


def test_one_alone_never_invites_a_post_that_has_keys_nor_one_that_had(small: World) -> None:
    assert "a second one invites" in said(invite(small, NORTH, "night", "alone", by="air"))
    revoke(small, NORTH, f"{NORTH} night")
    assert "a second one invites" in said(invite(small, NORTH, "night", "alone", by="air"))
    vouch(small, NORTH, "night", "twice myself", by="air")
    assert "vouched" in said(invite(small, NORTH, "night", "twice myself", by="air"))


def test_a_post_invites_its_own_next_keys_and_any_post_one_of_a_new_name(small: World) -> None:
    assert isinstance(invite(small, NORTH, "night", "second laptop", by="night")[0], KeyInvited)
    assert isinstance(invite(small, NORTH, "dawn", "newcomer", by="night")[0], KeyInvited)


def test_the_second_signature_is_for_the_very_key_and_post_that_were_vouched_for(small: World) -> None:
    vouch(small, NORTH, "night", "of night")
    assert "a second one invites" in said(invite(small, NORTH, "night", "another", by="air"))
    assert "a second one invites" in said(invite(small, NORTH, "watch", "of night", by="air"))


def test_the_second_signs_within_a_week_of_the_first_s_word(small: World) -> None:
    vouch(small, NORTH, "night", "new")
    small.now += 7 * DAY
    assert "more than a week ago" in said(invite(small, NORTH, "night", "new", by="air"))


def test_nobody_takes_it_up_while_the_post_may_object_and_anybody_knows_until_when(small: World) -> None:
    (vouched,) = vouch(small, NORTH, "night", "new")
    assert isinstance(vouched, PostVouched)
    assert vouched.from_us == vouched.at_us + DAY
    invite(small, NORTH, "night", "new", by="air")
    assert "may object" in said(enrol(small, NORTH, "new", "night again"))
    small.now = vouched.from_us - T0 - 2
    assert "may object" in said(enrol(small, NORTH, "new", "night again"))
    assert isinstance(enrol(small, NORTH, "new", "night again")[0], KeyEnrolled)


def test_a_post_that_has_its_keys_objects_and_nothing_comes_of_it(small: World) -> None:
    vouch(small, NORTH, "night", "new")
    invite(small, NORTH, "night", "new", by="air")
    (objected,) = objects(small, NORTH, "new", by="night")
    assert isinstance(objected, ReplacementObjected)
    small.wait_until(small.now + OBJECTION_US + HOUR)
    assert "used up" in said(enrol(small, NORTH, "new", "night again"))
    assert "already" in said(objects(small, NORTH, "new", by="air"))


def test_after_an_objection_the_second_signature_is_refused(small: World) -> None:
    vouch(small, NORTH, "night", "new")
    objects(small, NORTH, "new", by="night")
    assert "`night` of north-command objected" in said(invite(small, NORTH, "night", "new", by="air"))


@pytest.mark.parametrize(
    ("by", "asked_by", "counts"),
    [
        (NORTH, "", True),
        (ELDER, "", True),
        (DESK, "night, by telephone", True),
        (DESK, " ", False),
        (RIVER, "", False),
    ],
)
def test_its_own_posts_object_and_the_arbiter_and_the_desk_where_it_was_asked(
    small: World, by: str, asked_by: str, counts: bool
) -> None:
    vouch(small, NORTH, "night", "new")
    events = objects(small, by, "new", asked_by=asked_by)
    assert isinstance(events[0], ReplacementObjected) is counts


def test_what_was_never_vouched_for_or_is_taken_up_is_not_objected_to(small: World) -> None:
    assert "Nobody vouched" in said(objects(small, NORTH, "never"))
    replaced(small)
    assert "Revoke keys" in said(objects(small, NORTH, "new", by="air"))


def test_a_party_vouches_for_its_own_posts_alone(small: World) -> None:
    assert "vouch for each other" in said(vouch(small, NORTH, "night", "x", of=RIVER))
    assert "vouch for each other" in said(vouch(small, NORTH, "night", "x", of=DESK))
    assert "rotates them itself" in said(vouch(small, NORTH, "night", "x", by="night"))
    assert "never had keys" in said(vouch(small, NORTH, "dawn", "x"))
    assert "its desk's affair" in said(vouch(small, DESK, "watch", "x", by="second", of=DESK))


def test_the_arbiter_vouches_where_only_one_post_is_left_that_may_sign_for_keys() -> None:
    small = World()
    come(small, RIVER, "watch", "night")
    driver = Mandate((Scope.REPORTS,), None, None)
    expires_us = T0 + small.now + DAY
    who = small.who()
    small.act(
        RIVER,
        InviteKey(
            **who, public=public("d"), actor=RIVER, post="driver", expires_us=expires_us, mandate=driver
        ),
    )
    enrol(small, RIVER, "d", "driver")
    assert isinstance(vouch(small, RIVER, "night", "new", of=ELDER)[0], PostVouched)
    assert isinstance(invite(small, RIVER, "night", "new")[0], KeyInvited)
    come(small, RIVER, "air")
    assert "`air`, `watch`" in said(vouch(small, RIVER, "night", "newer", of=ELDER))


def test_a_one_time_key_is_vouched_for_once(small: World) -> None:
    vouch(small, NORTH, "night", "new")
    assert "used before" in said(vouch(small, NORTH, "night", "new", by="air"))
    invite(small, NORTH, "dawn", "of dawn")
    assert "used before" in said(vouch(small, NORTH, "night", "of dawn"))


def test_whoever_signs_in_for_a_post_empties_the_drawer_of_its_other_codes(small: World) -> None:
    invite(small, NORTH, "dawn", "kept in the drawer")
    invite(small, NORTH, "dawn", "handed over")
    invite(small, NORTH, "dusk", "of another post")
    assert isinstance(enrol(small, NORTH, "handed over", "dawn")[0], KeyEnrolled)
    assert "used up" in said(enrol(small, NORTH, "kept in the drawer", "not dawn"))
    assert isinstance(enrol(small, NORTH, "of another post", "dusk")[0], KeyEnrolled)


def test_everyone_is_told_by_whom_and_until_when_it_may_be_objected_to(small: World) -> None:
    vouch(small, NORTH, "night", "new")
    for actor in (NORTH, RIVER, "hill-relief", "lake-observers"):
        _, view = small.inbox(actor)[-1]
        assert isinstance(view.events[0], PostVouched)
        assert view.command
        assert small.known(actor).replacements == small.state.replacements
