# SPDX-License-Identifier: Apache-2.0
"""Keys as a centre or mirror answers them, and a lost post's new ones: vouched for, invited by a second, objected to.

first post: vouches, and has the code -> second post: invites the same one-time key, and never sees the code
-> the post itself takes the code up, once nobody may object any more
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from standclear.client.answers import Said
from standclear.core.commands import InviteKey, Mandate, ObjectToKeys, Use, VouchForPost
from standclear.errors import NotFound
from standclear.tlog.keys import INVITATION_BYTES, invitation_code, invitation_key

if TYPE_CHECKING:
    from standclear.client.answers import Answer
    from standclear.client.client import Client


class Revoked(msgspec.Struct, frozen=True, kw_only=True):
    """In which entry, when, by whom, for whom and why."""

    entry: int
    at_us: int
    by: str
    asked_by: str
    reason: str


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """One key: whose, what it may sign and when, since when it stands, whether it does now."""

    key: str
    public: str
    use: Use
    actor: str
    post: str
    mandate: Mandate | None
    entry: int
    at_us: int
    stands: bool
    revoked: Revoked | None


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """A one-time key that may still enrol keys for a post."""

    key: str
    actor: str
    post: str
    mandate: Mandate | None
    expires_us: int


class Replaced(msgspec.Struct, frozen=True, kw_only=True):
    """New keys for a post that lost its own: `stage` is `waits_for_second`, `invited` or `objected`."""

    key: str
    public: str
    actor: str
    post: str
    by: str
    by_post: str
    reason: str
    at_us: int
    from_us: int | None
    stage: str


class Keys(Said, frozen=True, kw_only=True):
    """Every key that the log names, open invitations, posts being given new keys."""

    keys: tuple[Key, ...]
    invitations: tuple[Invited, ...]
    replacements: tuple[Replaced, ...]


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that a key signed: which command, and whether it was refused."""

    entry: int
    at_us: int
    command: str
    refused: bool


class OneKey(Said, frozen=True, kw_only=True):
    """One key and a page of what it signed; `next` goes into `after`."""

    item: Key
    signed: tuple[Signed, ...]
    next: int | None


def vouch(
    client: Client, draw: Callable[[int], bytes], actor: str, post: str, reason: str
) -> tuple[str, str, Answer]:
    """Say that a post lost its keys: the code for it, the public one-time key, and what came of it."""
    seed = draw(INVITATION_BYTES)
    public = invitation_key(seed).public.hex()
    command = VouchForPost(**client.who(), public=public, actor=actor, post=post, reason=reason)
    return invitation_code(seed), public, client.act(command)


def second(client: Client, key: str, now_us: int, lasts_us: int) -> tuple[Replaced, Answer]:
    """Sign as the second post what another vouched for; the code may be taken up for so long.

    Raises:
        NotFound: nothing waits by this id.
    """
    page = client.keys()
    waits = next((one for one in page.replacements if one.key == key and one.public), None)
    if waits is None:
        raise NotFound(
            f"no post waits for a second signature by {key}", expected="an id of `standclear key list`"
        )
    expires_us = max(now_us, page.as_of.at_us) + lasts_us
    command = InviteKey(
        **client.who(), public=waits.public, actor=waits.actor, post=waits.post, expires_us=expires_us
    )
    return waits, client.act(command)


def object_to(client: Client, key: str, reason: str, asked_by: str = "") -> Answer:
    """Object to a post's new keys; the desk names the post that asked for it by telephone."""
    return client.act(ObjectToKeys(**client.who(), key=key, reason=reason, asked_by=asked_by))
