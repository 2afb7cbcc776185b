# SPDX-License-Identifier: Apache-2.0
"""What happened: frozen, past tense, never subclassed. State is a fold over these and nothing else (law 4).

The same events make up a recipient's view, there with less in them: a name or author it may not know is
empty, and `release` names the recipient alone.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from standclear.core.commands import MovementReport, RecallStep, Use
from standclear.core.model import (
    Alternative,
    AnswerKind,
    Content,
    Finding,
    Flag,
    Judgement,
    Relayed,
    Release,
    Standing,
    Status,
)
from standclear.core.terms import Terms
from standclear.geometry.separation import Bracket


class Refusal(StrEnum):
    """Why a well-formed, authentic command changed nothing."""

    NOT_PERMITTED = "not_permitted"
    NO_SUCH_NOTICE = "no_such_notice"
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


class KeyInvited(msgspec.Struct, frozen=True, tag_field="event", tag="key_invited"):
    """A one-time key may enrol keys for this post until then."""

    key: str
    public: str
    actor: str
    post: str
    expires_us: int


class KeyEnrolled(msgspec.Struct, frozen=True, tag_field="event", tag="key_enrolled"):
    """A key stands for a post from now on; `invitation` is empty for the keys of entry 0."""

    key: str
    public: str
    use: Use
    actor: str
    post: str
    invitation: str


class NoticeRecorded(msgspec.Struct, frozen=True, tag_field="event", tag="notice_recorded"):
    """A site, area, movement, activity or stop stands in the record.

    `cover`: its cover, where some recipient is released no more than that; read by its author and the desk.
    """

    notice: str
    content: Content
    author: str
    release: tuple[Release, ...]
    flags: tuple[Flag, ...]
    at_us: int
    cover: Content | None = None


class NoticeAmended(msgspec.Struct, frozen=True, tag_field="event", tag="notice_amended"):
    """A notice says this now; what was acknowledged before has lapsed."""

    notice: str
    content: Content
    author: str
    release: tuple[Release, ...]
    flags: tuple[Flag, ...]
    at_us: int
    cover: Content | None = None


class CoverMet(msgspec.Struct, frozen=True, tag_field="event", tag="cover_met"):
    """A judgement of `by`'s activity names a notice that it may see as a cover only; `first` releases the cover.

    `status` and `checked_until_us`: how the notice stands to one who is shown its cover. `alike`: a digest of the
    activity's own cover, where `by` filed it now; `times`: how often that digest was among its last filings here.
    """

    notice: str
    by: str
    activity: str
    content: Content
    status: Status
    checked_until_us: int | None
    first: bool
    alike: str
    times: int
    at_us: int


class NoticeWithdrawn(msgspec.Struct, frozen=True, tag_field="event", tag="notice_withdrawn"):
    """No longer maintained; legal protection unchanged. Still compared until then."""

    notice: str
    checked_until_us: int
    at_us: int


class NoticeClosed(msgspec.Struct, frozen=True, tag_field="event", tag="notice_closed"):
    """No longer compared."""

    notice: str
    at_us: int


class NoticeExpired(msgspec.Struct, frozen=True, tag_field="event", tag="notice_expired"):
    """Past its validity: still spared, flagged (law 12). `covered`: by its cover's time."""

    notice: str
    at_us: int
    covered: bool = False


class MovementBecameOverdue(msgspec.Struct, frozen=True, tag_field="event", tag="movement_overdue"):
    """Past its last window and not closed: spared along its whole way until it is. `covered`: by its cover's time."""

    notice: str
    at_us: int
    covered: bool = False


class MovementReported(msgspec.Struct, frozen=True, tag_field="event", tag="movement_reported"):
    """The notifier said where a movement stands."""

    notice: str
    report: MovementReport
    at_us: int


class AreaAssented(msgspec.Struct, frozen=True, tag_field="event", tag="area_assented"):
    """A named party assented to an area."""

    notice: str
    actor: str


class NoticeAnswered(msgspec.Struct, frozen=True, tag_field="event", tag="notice_answered"):
    """A recipient answered a notice as it was shown to it in `entry`; `post` signed it or took it down."""

    notice: str
    party: str
    echelon: str
    answer: AnswerKind
    reason: str
    alternatives: tuple[Alternative, ...]
    entry: int
    standing: Standing
    post: str
    relayed: Relayed | None
    at_us: int


class StopReadBack(msgspec.Struct, frozen=True, tag_field="event", tag="stop_read_back"):
    """A party repeated a stop's place: right or not, how far off in mm, and how long after the stop, in µs."""

    stop: str
    party: str
    echelon: str
    right: bool
    off_mm: Bracket
    radius_mm: int
    standing: Standing
    post: str
    relayed: Relayed | None
    took_us: int
    at_us: int


class RecallReported(msgspec.Struct, frozen=True, tag_field="event", tag="recall_reported"):
    """An echelon of the filer heard a recall, or the activity was reported clear."""

    activity: str
    party: str
    echelon: str
    step: RecallStep
    standing: Standing
    post: str
    at_us: int


class Waited(msgspec.Struct, frozen=True):
    """Whose answer a rule asks for, and at which echelon."""

    party: str
    echelon: str


class AnswerOverdue(msgspec.Struct, frozen=True, tag_field="event", tag="answer_overdue"):
    """The deadline of a rule has passed (step 0), or a step of its ladder: these have not answered."""

    notice: str
    rule: str
    step: int
    waiting: tuple[Waited, ...]
    at_us: int


class ActivityFiled(msgspec.Struct, frozen=True, tag_field="event", tag="activity_filed"):
    """Nothing that was compared blocks the activity."""

    activity: str
    judgement: Judgement
    at_us: int


class ActivityBlocked(msgspec.Struct, frozen=True, tag_field="event", tag="activity_blocked"):
    """Something blocks the activity; the findings say what."""

    activity: str
    judgement: Judgement
    at_us: int


class ActivityRecalled(msgspec.Struct, frozen=True, tag_field="event", tag="activity_recalled"):
    """A later notice blocks an activity that was filed, or its own change one that may be airborne."""

    activity: str
    because: str
    judgement: Judgement
    at_us: int


class ActivityRejudged(msgspec.Struct, frozen=True, tag_field="event", tag="activity_rejudged"):
    """The findings changed without changing where the activity stands; only `reconsider` revives."""

    activity: str
    because: str
    judgement: Judgement
    at_us: int


class ActivityStarted(msgspec.Struct, frozen=True, tag_field="event", tag="activity_started"):
    """A filed activity's window has opened."""

    activity: str
    at_us: int


class ActivityEnded(msgspec.Struct, frozen=True, tag_field="event", tag="activity_ended"):
    """An activity's last window has closed. `covered`: by its cover's time."""

    activity: str
    at_us: int
    covered: bool = False


class FindingShared(msgspec.Struct, frozen=True, tag_field="event", tag="finding_shared"):
    """The author of `notice` is told how close an activity released to it comes (design §5)."""

    activity: str
    notice: str
    finding: Finding


class WithheldMet(msgspec.Struct, frozen=True, tag_field="event", tag="withheld_met"):
    """For desk and arbiter alone: findings against notices withheld from the filer."""

    activity: str
    findings: tuple[Finding, ...]


class CheckAnswered(msgspec.Struct, frozen=True, tag_field="event", tag="check_answered"):
    """What a what-if check found among what was released to the asker."""

    judgement: Judgement


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


Judged = ActivityFiled | ActivityBlocked | ActivityRecalled | ActivityRejudged
Event = (
    CentreOpened
    | TermsAssented
    | TermsEnteredIntoForce
    | KeyInvited
    | KeyEnrolled
    | NoticeRecorded
    | NoticeAmended
    | CoverMet
    | NoticeWithdrawn
    | NoticeClosed
    | NoticeExpired
    | MovementBecameOverdue
    | MovementReported
    | AreaAssented
    | NoticeAnswered
    | AnswerOverdue
    | StopReadBack
    | RecallReported
    | ActivityFiled
    | ActivityBlocked
    | ActivityRecalled
    | ActivityRejudged
    | ActivityStarted
    | ActivityEnded
    | FindingShared
    | WithheldMet
    | CheckAnswered
    | InboxHeld
    | DetailsErased
    | ConsentErased
    | RecordingResumed
    | CommandRefused
    | TimePassed
)
