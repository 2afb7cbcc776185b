# SPDX-License-Identifier: Apache-2.0
"""The first signature for a post that lost its keys, and objections to it (`core/replacing`)."""

from __future__ import annotations

from typing import TypeAlias

from standclear.core.commands import ObjectToKeys, Scope, Use, VouchForPost
from standclear.core.enrolment import key_id
from standclear.core.events import CommandRefused, PostVouched, Refusal, ReplacementObjected
from standclear.core.received import Received
from standclear.core.replacing import OBJECTION_US, Said, can_be_taken_up, has_had_keys
from standclear.core.state import State
from standclear.core.terms import Role

Signed: TypeAlias = VouchForPost | ObjectToKeys


def on_replacing(state: State, received: Received, command: Signed) -> Said | CommandRefused:
    """One of the two signatures, or an objection."""
    if isinstance(command, VouchForPost):
        return _vouched(state, received, command)
    return _objected(state, received, command)


def _vouched(state: State, received: Received, command: VouchForPost) -> PostVouched | CommandRefused:
    """The first signature."""
    why_not = _may_not_vouch(state, received, command)
    if why_not:
        return CommandRefused(Refusal.NOT_PERMITTED, why_not)
    if not has_had_keys(state, command.actor, command.post):
        detail = f"`{command.post}` of {command.actor} never had keys. One post invites it; nobody vouches."
        return CommandRefused(Refusal.NOT_APPLICABLE, detail)
    key = key_id(command.public, Use.COMMAND)
    ever = (*state.keys.values(), *state.revoked.values())
    if (
        key in state.invitations
        or key in state.replacements
        or any(one.public == command.public for one in ever)
    ):
        return CommandRefused(
            Refusal.ALREADY_DONE, "This one-time key was used before; begin with a new one."
        )
    return PostVouched(
        key=key,
        public=command.public,
        actor=command.actor,
        post=command.post,
        by=received.actor,
        by_post=received.post,
        reason=command.reason,
        from_us=received.at_us + OBJECTION_US,
        at_us=received.at_us,
    )


def _may_not_vouch(state: State, received: Received, command: VouchForPost) -> str:
    """Why this post does not vouch for that one, in a sentence; nothing where it may."""
    owner, by = state.actors.get(command.actor), state.actors.get(received.actor)
    if owner is None or by is None or owner.role is Role.DESK:
        return "A post of an actor of the terms is vouched for; the centre's own keys are its desk's affair."
    if command.actor == received.actor:
        own = command.post == received.post
        return f"`{command.post}` has keys and signed this; it rotates them itself." if own else ""
    if by.role is not Role.ARBITER:
        return f"Posts of {command.actor} vouch for each other; the arbiter does where only one is left."
    left = _who_may_invite(state, command)
    if len(left) > 1:
        named = ", ".join(f"`{post}`" for post in left)
        return f"{command.actor} has other posts that can vouch and invite: {named}."
    return ""


def _who_may_invite(state: State, command: VouchForPost) -> list[str]:
    """The other posts of an actor that may sign for keys."""
    found = {
        one.post
        for one in state.keys.values()
        if (one.actor, one.use) == (command.actor, Use.COMMAND)
        and (one.mandate is None or Scope.KEYS in one.mandate.may)
    }
    return sorted(found - {command.post})


def _objected(
    state: State, received: Received, command: ObjectToKeys
) -> ReplacementObjected | CommandRefused:
    """Any post of the actor, the arbiter, or the desk for whoever asked stops it while it is not taken up."""
    vouched = state.replacements.get(command.key)
    if vouched is None:
        return CommandRefused(Refusal.NOT_APPLICABLE, "Nobody vouched for a post with this one-time key.")
    by = state.actors.get(received.actor)
    role = by.role if by else None
    asked = role is Role.DESK and command.asked_by.strip() != ""
    if received.actor != vouched.actor and role is not Role.ARBITER and not asked:
        detail = (
            f"Posts of {vouched.actor} object, or the arbiter; the desk does, naming the post that asked it."
        )
        return CommandRefused(Refusal.NOT_PERMITTED, detail)
    if isinstance(vouched, ReplacementObjected):
        detail = f"`{vouched.by_post}` of {vouched.by} has objected to these keys already."
        return CommandRefused(Refusal.ALREADY_DONE, detail)
    offered = state.invitations.get(command.key)
    if offered is not None and not can_be_taken_up(state, offered, received.at_us):
        detail = "These keys are taken up, or void. Revoke keys that should not stand."
        return CommandRefused(Refusal.NOT_APPLICABLE, detail)
    return ReplacementObjected(
        key=command.key,
        actor=vouched.actor,
        post=vouched.post,
        by=received.actor,
        by_post=received.post,
        asked_by=command.asked_by,
        reason=command.reason,
        at_us=received.at_us,
    )
