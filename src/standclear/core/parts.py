# SPDX-License-Identifier: Apache-2.0
"""What stands in the slots of an entry, views apart (design §4): the signed command, and all events."""

from __future__ import annotations

import msgspec

from standclear.core.events import (
    CentreOpened,
    Event,
    KeyEnrolled,
    KeyInvited,
    KeyRevoked,
    ProposalAssented,
    TermsAssented,
    TermsProposed,
    TermsReplaced,
)

STANDING_EVENTS = (
    CentreOpened,
    TermsAssented,
    TermsProposed,
    ProposalAssented,
    TermsReplaced,
    KeyInvited,
    KeyEnrolled,
    KeyRevoked,
)
"""Key and terms entries: every bundle carries their chain whole (design §4). They hold nothing else."""


class CommandPart(msgspec.Struct, frozen=True):
    """Slot 0: the exact text that was signed, by which key."""

    command: str
    key: str
    signature: str


class EventsPart(msgspec.Struct, frozen=True):
    """Slot 1: everything that the command caused."""

    events: tuple[Event, ...]
