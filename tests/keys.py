# SPDX-License-Identifier: Apache-2.0
"""Posts with keys in the small world: invited, enrolled, vouched for, without signatures."""

from __future__ import annotations

import hashlib

from standclear.core.commands import EnrolKeys, InviteKey, NewKey, ObjectToKeys, RevokeKey, Use, VouchForPost
from standclear.core.enrolment import key_id
from standclear.core.events import Event, PostVouched
from tests.world import DAY, T0, World, signing_key


def public(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def one_time(code: str) -> str:
    """The id of the one-time key of a code."""
    return key_id(public(code), Use.COMMAND)


def command_key(name: str) -> str:
    """The id of a command key that was enrolled by this name."""
    return key_id(public(name), Use.COMMAND)


def invite(small: World, actor: str, post: str, code: str, by: str = "watch") -> tuple[Event, ...]:
    """A post of the same actor invites another; the code holds for three days."""
    expires_us = T0 + small.now + 3 * DAY
    command = InviteKey(**small.who(), public=public(code), actor=actor, post=post, expires_us=expires_us)
    return small.act(actor, command, post=by)


def enrol(small: World, actor: str, code: str, name: str, use: Use = Use.COMMAND) -> tuple[Event, ...]:
    """Whoever was handed the code brings a key."""
    new = NewKey(public=public(name), use=use, proof="0" * 128)
    return small.act(actor, EnrolKeys(**small.who(), keys=(new,)), key=one_time(code))


def come(small: World, actor: str, *posts: str) -> None:
    """Posts come in, invited by the first; each key is called as its post."""
    for post in posts:
        invite(small, actor, post, f"{actor} {post} code")
        enrol(small, actor, f"{actor} {post} code", f"{actor} {post}")


def vouch(
    small: World, actor: str, post: str, code: str, by: str = "watch", of: str = ""
) -> tuple[Event, ...]:
    """A post (of another actor: `of`) says that this one lost its keys."""
    command = VouchForPost(**small.who(), public=public(code), actor=actor, post=post, reason="lost at sea")
    return small.act(of or actor, command, post=by)


def objects(small: World, actor: str, code: str, by: str = "watch", asked_by: str = "") -> tuple[Event, ...]:
    command = ObjectToKeys(**small.who(), key=one_time(code), reason="I have my keys", asked_by=asked_by)
    return small.act(actor, command, post=by)


def revoke(small: World, actor: str, name: str, by: str = "watch") -> tuple[Event, ...]:
    command = RevokeKey(**small.who(), key=command_key(name), reason="laptop taken", asked_by="")
    return small.act(actor, command, post=by)


def about_keys(small: World, actor: str, hour: int, which: int, *, high: bool) -> tuple[Event, ...]:
    """Something about keys, of a generated history; nothing that takes one out, with which a later step would sign."""
    one_time = signing_key(f"one-time {which}").public.hex()
    newest = max(small.state.replacements, default="0" * 32)
    by = "hill-relief" if high else actor
    if hour == 0:
        # Hill Relief has one post besides, where there are real keys; so the arbiter vouches, and that one invites.
        of = "elder-panel" if high else actor
        command = VouchForPost(
            **small.who(), public=one_time, actor="hill-relief", post="watch", reason="lost"
        )
        return small.act(of, command)
    if hour == 1:
        waits = small.state.replacements.get(newest)
        public_key = waits.public if isinstance(waits, PostVouched) else one_time
        who, expires_us = small.who(), T0 + small.now + 3 * DAY
        invited = InviteKey(**who, public=public_key, actor=by, post="watch", expires_us=expires_us)
        return small.act(by, invited, post="head office" if high else "watch")
    if hour == 2:
        return small.act(by, ObjectToKeys(**small.who(), key=newest, reason="here they are", asked_by=""))
    who, expires_us = small.who(), T0 + small.now + DAY
    return small.act(
        by, InviteKey(**who, public=one_time, actor=by, post=f"post {which}", expires_us=expires_us)
    )
