# SPDX-License-Identifier: Apache-2.0
"""Over the wire: which keys stand for whom, which do no more, and what one of them signed."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from standclear.core.commands import Mandate, Use
from standclear.web.wire import Envelope


class RevokedItem(msgspec.Struct, frozen=True, kw_only=True):
    """In which entry a key was revoked, when, by whom, and for whom where the desk was asked by telephone."""

    entry: int
    at_us: int
    by: str
    asked_by: str
    reason: str


class KeyItem(msgspec.Struct, frozen=True, kw_only=True):
    """One key: whose it is, what it may sign and when, since when it stands; `stands`: it does now.

    `mandate`: null where it may sign all that its actor may. `revoked`: null where it was not.
    """

    key: str
    public: str
    use: Use
    actor: str
    post: str
    mandate: Mandate | None
    entry: int
    at_us: int
    stands: bool
    revoked: RevokedItem | None


class InvitedItem(msgspec.Struct, frozen=True, kw_only=True):
    """A one-time key that may still enrol keys for a post, until then."""

    key: str
    actor: str
    post: str
    mandate: Mandate | None
    expires_us: int


class Stage(StrEnum):
    """How far the replacing of a lost post's keys has come."""

    WAITS_FOR_SECOND = "waits_for_second"
    INVITED = "invited"
    OBJECTED = "objected"


class ReplacementItem(msgspec.Struct, frozen=True, kw_only=True):
    """New keys for a post that lost its own: who vouched, or objected last, and until when anyone may object.

    `public`: the one-time key that a second post invites; empty, and `from_us` null, once someone objected.
    """

    key: str
    public: str
    actor: str
    post: str
    by: str
    by_post: str
    reason: str
    at_us: int
    from_us: int | None
    stage: Stage


class KeysAnswer(Envelope, frozen=True, kw_only=True):
    """Every key that the log names, in the order of their entries; open invitations; posts being given new keys."""

    keys: tuple[KeyItem, ...]
    invitations: tuple[InvitedItem, ...]
    replacements: tuple[ReplacementItem, ...]


class SignedItem(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that a key signed: which command, and whether it was refused."""

    entry: int
    at_us: int
    command: str
    refused: bool


class KeyAnswer(Envelope, frozen=True, kw_only=True):
    """One key and what it signed, as far as the reader was shown it; `next` goes into `after`, null at the end."""

    item: KeyItem
    signed: tuple[SignedItem, ...]
    next: int | None
