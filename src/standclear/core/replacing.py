# SPDX-License-Identifier: Apache-2.0
"""A post that lost its keys: two others give it new ones, everybody is told, and it may object before they stand.

vouched for by one -> invited by another -> not objected to until `from_us` -> taken up as any invitation
                                         -> objected to -> void

One person alone never signs in a colleague's name: a post that ever had keys is invited by itself, or so. The time
to object runs from the first signature, which names the one-time key and is shown to everyone (docs/centre.md).
"""

from __future__ import annotations

from typing import Final, TypeAlias

from msgspec.structs import replace

from standclear.core.commands import InviteKey, Use
from standclear.core.events import PostVouched, ReplacementObjected
from standclear.core.received import Received
from standclear.core.state import Invitation, State
from standclear.core.terms import DAY_US, Role

OBJECTION_US: Final = DAY_US
"""So long everybody is told before the new keys can stand; a day has every watch in it."""
LAPSES_US: Final = 7 * DAY_US
"""So long a second post may sign, while the first one's word is fresh."""

Said: TypeAlias = PostVouched | ReplacementObjected


def needs_two(state: State, received: Received, command: InviteKey) -> bool:
    """Whether an invitation is for another post of the signer's own actor that has keys, or had."""
    by = state.actors.get(received.actor)
    if command.actor != received.actor or command.post == received.post:
        return False
    return by is not None and by.role is not Role.DESK and has_had_keys(state, command.actor, command.post)


def not_vouched(state: State, received: Received, command: InviteKey, key: str) -> str:
    """Why a post with keys is not invited by this other one, with the one-time key of this id; nothing where it may."""
    if not needs_two(state, received, command):
        return ""
    whose = f"`{command.post}` of {command.actor}"
    vouched = state.replacements.get(key)
    if vouched is None or (vouched.actor, vouched.post) != (command.actor, command.post):
        return (
            f"{whose} has keys, or had: it invites its own next ones, or one other post vouches for it and a second"
            " one invites with the same one-time key. A post of another name is invited by one."
        )
    if isinstance(vouched, ReplacementObjected):
        who = f"`{vouched.by_post}` of {vouched.by}"
        return f"{who} objected to these keys for {whose}. Begin again with a new one-time key."
    if (vouched.by, vouched.by_post) == (received.actor, received.post):
        return f"`{received.post}` vouched for {whose} itself; a second post of {command.actor} invites it."
    if vouched.at_us + LAPSES_US < received.at_us:
        return f"`{vouched.by_post}` of {vouched.by} vouched for {whose} more than a week ago. Begin again."
    return ""


def not_yet(state: State, received: Received) -> str:
    """Why an invitation cannot be taken up yet; nothing where it can."""
    vouched = state.replacements.get(received.key)
    if not isinstance(vouched, PostVouched) or vouched.from_us <= received.at_us:
        return ""
    return f"`{vouched.post}` of {vouched.actor} may object to these keys first; take the code up after that."


def waits(state: State, key: str, at_us: int) -> bool:
    """Whether keys that were vouched for can still come to stand."""
    vouched, offered = state.replacements.get(key), state.invitations.get(key)
    if not isinstance(vouched, PostVouched):
        return False
    if offered is None:
        return vouched.at_us + LAPSES_US >= at_us
    return can_be_taken_up(state, offered, at_us)


def has_had_keys(state: State, actor: str, post: str) -> bool:
    """Whether a post ever had a key for commands."""
    ever = (*state.keys.values(), *state.revoked.values())
    return any((one.actor, one.post, one.use) == (actor, post, Use.COMMAND) for one in ever)


def kept(state: State, event: Said) -> State:
    """The state after a signature or an objection."""
    invitations = state.invitations
    if isinstance(event, ReplacementObjected) and event.key in invitations:
        invitations = invitations.insert(event.key, invitations[event.key]._replace(used=True))
    return replace(state, replacements=state.replacements.insert(event.key, event), invitations=invitations)


def superseded(state: State, offered: Invitation) -> bool:
    """Whether the post came in by another code since: this one, perhaps kept in a drawer, is void."""
    ever = (*state.keys.values(), *state.revoked.values())
    post = (offered.actor, offered.post)
    return any((one.actor, one.post) == post and one.entry > offered.entry for one in ever)


def can_be_taken_up(state: State, offered: Invitation, at_us: int) -> bool:
    """Whether an invitation stands: not used, not expired, not void."""
    return not offered.used and offered.expires_us >= at_us and not superseded(state, offered)
