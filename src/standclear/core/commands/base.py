# SPDX-License-Identifier: Apache-2.0
"""What every command has: its centre, its own UUIDv7 (design §4), and the time that its author claims."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec

from standclear.core.terms import END, MomentUs

Origin = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[a-z0-9][a-z0-9./_-]*" + END)]


Uuid7 = Annotated[
    str,
    msgspec.Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}" + END),
]


KeyId = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}" + END)]


EntryCount = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]


SignatureHex = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{128}" + END)]


class Use(StrEnum):
    """The one use of a key."""

    COMMAND = "command"
    COSIGN = "cosign"
    SESSION = "session"
    CHECKPOINT = "checkpoint"


class Scope(StrEnum):
    """What a delegated key may sign, by the sort of work."""

    NOTICES = "notices"
    """Give, amend, withdraw and attest notices; sign as a second person; assent to areas."""
    ANSWERS = "answers"
    """Answer what was notified, agree to flights, answer challenges, share and answer reports of harm."""
    REPORTS = "reports"
    """Report movements, outcomes, calls, deletions and harm; challenge a notice."""
    CHECKS = "checks"
    """Ask what if."""
    WATCH = "watch"
    """Take the watch, hand it over, sign rosters."""
    KEYS = "keys"
    """Invite posts, with no more than it may do itself, and revoke keys."""
    TERMS = "terms"
    """Propose terms, assent to them, take positions."""


class Mandate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a post's keys may sign, and when; µs UTC, both included, None without an end.

    Stops, their answers, words on the hotline and revoking its own post's keys are never outside it.
    """

    may: Annotated[tuple[Scope, ...], msgspec.Meta(min_length=1, max_length=7)]
    """Sorted, each once."""
    from_us: MomentUs | None = None
    until_us: MomentUs | None = None


class Command(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    tag_field="command",
):
    """What every command carries: its centre, its id, and the author's claim of the time."""

    centre: Origin
    id: Uuid7
    at_us: MomentUs
