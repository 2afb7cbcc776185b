# SPDX-License-Identifier: Apache-2.0
"""What happened to the centre itself: terms, keys, what machines hold, what was forgotten or given up, time."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from standclear.core.commands import Mandate, Stance, Use
from standclear.core.terms import Terms


class Refusal(StrEnum):
    """Why a well-formed, authentic command changed nothing."""

    NOT_PERMITTED = "not_permitted"
    NO_SUCH_NOTICE = "no_such_notice"
    NO_SUCH_INCIDENT = "no_such_incident"
    NOT_APPLICABLE = "not_applicable"
    ALREADY_DONE = "already_done"
    WRONG_TERMS = "wrong_terms"
    INVITATION_NOT_VALID = "invitation_not_valid"


class CentreOpened(msgspec.Struct, frozen=True, tag_field="event", tag="centre_opened"):
    """Entry 0: the centre's origin and its terms."""

    origin: str
    exercise: bool
    terms: Terms


class TermsAssented(msgspec.Struct, frozen=True, tag_field="event", tag="terms_assented"):
    """A party assented to the terms."""

    actor: str


class TermsEnteredIntoForce(msgspec.Struct, frozen=True, tag_field="event", tag="terms_in_force"):
    """Every party has assented."""


class PositionTaken(msgspec.Struct, frozen=True, tag_field="event", tag="position_taken", omit_defaults=True):
    """What a party says of the terms, in its own words; suspending and resuming its part are said so, too.

    `terms`: the hash of the proposal that it speaks of; left out where it speaks of the terms that stand.
    """

    actor: str
    stance: Stance
    text: str
    post: str
    at_us: int
    terms: str = ""


class TermsEndSoon(msgspec.Struct, frozen=True, tag_field="event", tag="terms_end_soon"):
    """The terms hold until then, and nothing has been agreed for the time after."""

    until_us: int
    at_us: int


class TermsLapsed(msgspec.Struct, frozen=True, tag_field="event", tag="terms_lapsed"):
    """The terms have ended. Nothing new is filed; sparing, stops and the record go on."""

    at_us: int


class KeyInvited(msgspec.Struct, frozen=True, tag_field="event", tag="key_invited", omit_defaults=True):
    """A one-time key may enrol keys for this post until then."""

    key: str
    public: str
    actor: str
    post: str
    expires_us: int
    mandate: Mandate | None = None


class KeyEnrolled(msgspec.Struct, frozen=True, tag_field="event", tag="key_enrolled", omit_defaults=True):
    """A key stands for a post from now on; `invitation` is empty for the keys of entry 0."""

    key: str
    public: str
    use: Use
    actor: str
    post: str
    invitation: str
    mandate: Mandate | None = None


class KeyRevoked(msgspec.Struct, frozen=True, tag_field="event", tag="key_revoked"):
    """A key stands for nobody from the next entry on; what it signed before stands.

    `by`: who revoked it; `asked_by`: the post that asked the desk for it by telephone.
    """

    key: str
    public: str
    use: Use
    actor: str
    post: str
    by: str
    asked_by: str
    reason: str


class PostVouched(msgspec.Struct, frozen=True, tag_field="event", tag="post_vouched"):
    """A post says that another lost its keys; a second one may invite it with this one-time key.

    New keys stand from `from_us` on, unless someone objects before they are taken up.
    """

    key: str
    public: str
    actor: str
    post: str
    by: str
    by_post: str
    reason: str
    from_us: int
    at_us: int


class ReplacementObjected(msgspec.Struct, frozen=True, tag_field="event", tag="replacement_objected"):
    """Nobody takes up the one-time key that was vouched for: who objected, and for whom where the desk was asked."""

    key: str
    actor: str
    post: str
    by: str
    by_post: str
    asked_by: str
    reason: str
    at_us: int


class InboxHeld(msgspec.Struct, frozen=True, tag_field="event", tag="inbox_held"):
    """A recipient's machine signed that it holds its inbox up to a log size; authors see it without count and chain."""

    actor: str
    size: int
    root: str
    count: int
    chain: str
    at_us: int


class DetailsErased(msgspec.Struct, frozen=True, tag_field="event", tag="details_erased"):
    """The names, contacts and plates sent beside a notice are forgotten, in every version before this entry."""

    notice: str
    at_us: int


class ConsentErased(msgspec.Struct, frozen=True, tag_field="event", tag="consent_erased"):
    """The consent documents sent beside a notice are forgotten; who was shown what stands in the record."""

    notice: str
    at_us: int


class RecordingResumed(msgspec.Struct, frozen=True, tag_field="event", tag="recording_resumed", kw_only=True):
    """A head that this log's key had signed was given up, and recording resumed over this log.

    `quorum`: how many witnesses the terms ask for, 0 where the desk alone decides; `countersigned`: who did.
    """

    size: int
    root: str
    own_size: int
    own_root: str
    reason: str
    actor: str
    quorum: int
    countersigned: tuple[str, ...]
    at_us: int


class CommandRefused(msgspec.Struct, frozen=True, tag_field="event", tag="command_refused"):
    """The command was recorded and changed nothing, and why."""

    refusal: Refusal
    detail: str


class TimePassed(msgspec.Struct, frozen=True, tag_field="event", tag="time_passed"):
    """Everything due by then has been dealt with."""

    until_us: int
