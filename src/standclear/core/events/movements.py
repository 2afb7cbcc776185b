# SPDX-License-Identifier: Apache-2.0
"""What was said of movements and flights on their way."""

from __future__ import annotations

import msgspec

from standclear.core.model import AgreementKind, Alternative, Outcome, Relayed


class OutcomeReported(msgspec.Struct, frozen=True, tag_field="event", tag="outcome_reported"):
    """The notifier's own word of how it came off. `of`: by whose doing, empty where unsaid; `leg` 0: all of it.

    `kind` and `author` stand here too, so that outcomes are counted from these events alone.
    """

    notice: str
    kind: str
    author: str
    outcome: Outcome
    of: str
    leg: int
    reason: str
    post: str
    at_us: int


class LineCalled(msgspec.Struct, frozen=True, tag_field="event", tag="line_called"):
    """A line of the contact plan was called, by that actor's post; `called_us` by its own word."""

    notice: str
    line: int
    reached: bool
    called_us: int
    actor: str
    post: str
    at_us: int


class AgreementGiven(msgspec.Struct, frozen=True, tag_field="event", tag="agreement_given"):
    """What a party answered to a flight, as shown to it in entry number `entry`; it ends at `until_us`.

    `relayed`: by telephone, and `post` took it down; null where the party signed for itself.
    """

    notice: str
    party: str
    agreement: AgreementKind
    reason: str
    alternatives: tuple[Alternative, ...]
    entry: int
    until_us: int | None
    post: str
    at_us: int
    relayed: Relayed | None = None
