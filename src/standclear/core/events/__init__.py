# SPDX-License-Identifier: Apache-2.0
"""What happened: frozen, past tense, never subclassed. State is a fold over these and nothing else (law 4).

The same events make up a recipient's view, there with less in them: a name or author it may not know is
empty, and `release` names the recipient alone.
"""

from __future__ import annotations

from standclear.core.events.activities import (
    ActivityBlocked,
    ActivityEnded,
    ActivityFiled,
    ActivityRecalled,
    ActivityRejudged,
    ActivityStarted,
    CheckAnswered,
    FindingShared,
    WithheldMet,
)
from standclear.core.events.answers import AnswerOverdue, NoticeAnswered, RecallReported, StopReadBack, Waited
from standclear.core.events.centre import (
    CentreOpened,
    CommandRefused,
    ConsentErased,
    DetailsErased,
    InboxHeld,
    KeyEnrolled,
    KeyInvited,
    KeyRevoked,
    PositionTaken,
    PostVouched,
    RecordingResumed,
    Refusal,
    ReplacementObjected,
    TermsAssented,
    TermsEndSoon,
    TermsEnteredIntoForce,
    TermsLapsed,
    TimePassed,
)
from standclear.core.events.challenges import ChallengeAnswered, ChallengeUnanswered, NoticeChallenged
from standclear.core.events.excepting import AfterReported, AfterReportOverdue
from standclear.core.events.incidents import (
    FindingGiven,
    IncidentCalled,
    IncidentReported,
    IncidentShared,
)
from standclear.core.events.movements import AgreementGiven, LineCalled, OutcomeReported
from standclear.core.events.notices import (
    AreaAssented,
    CoverMet,
    MovementBecameOverdue,
    MovementReported,
    NoticeAmended,
    NoticeClosed,
    NoticeExpired,
    NoticeRecorded,
    NoticeWithdrawn,
)
from standclear.core.events.notifying import AttestationDue, DeletionReported, NoticeAttested, NoticeVerified
from standclear.core.events.talk import MessageSaid, MessageUnanswered
from standclear.core.events.terms import ProposalAssented, TermsApplied, TermsProposed, TermsReplaced
from standclear.core.events.two_person import CountersignatureAsked, Countersigned, WaitsBecause
from standclear.core.events.watching import DeskUnmanned, LeftOpen, RosterSigned, WatchHandedOver, WatchTaken

__all__ = [
    "ActivityBlocked",
    "ActivityEnded",
    "ActivityFiled",
    "ActivityRecalled",
    "ActivityRejudged",
    "ActivityStarted",
    "AfterReportOverdue",
    "AfterReported",
    "AgreementGiven",
    "AnswerOverdue",
    "AreaAssented",
    "AttestationDue",
    "CentreOpened",
    "ChallengeAnswered",
    "ChallengeUnanswered",
    "CheckAnswered",
    "CommandRefused",
    "ConsentErased",
    "CountersignatureAsked",
    "Countersigned",
    "CoverMet",
    "DeletionReported",
    "DeskUnmanned",
    "DetailsErased",
    "Event",
    "FindingGiven",
    "FindingShared",
    "InboxHeld",
    "IncidentCalled",
    "IncidentReported",
    "IncidentShared",
    "Judged",
    "KeyEnrolled",
    "KeyInvited",
    "KeyRevoked",
    "LeftOpen",
    "LineCalled",
    "MessageSaid",
    "MessageUnanswered",
    "MovementBecameOverdue",
    "MovementReported",
    "NoticeAmended",
    "NoticeAnswered",
    "NoticeAttested",
    "NoticeChallenged",
    "NoticeClosed",
    "NoticeExpired",
    "NoticeRecorded",
    "NoticeVerified",
    "NoticeWithdrawn",
    "OutcomeReported",
    "PositionTaken",
    "PostVouched",
    "ProposalAssented",
    "RecallReported",
    "RecordingResumed",
    "Refusal",
    "ReplacementObjected",
    "RosterSigned",
    "StopReadBack",
    "TermsApplied",
    "TermsAssented",
    "TermsEndSoon",
    "TermsEnteredIntoForce",
    "TermsLapsed",
    "TermsProposed",
    "TermsReplaced",
    "TimePassed",
    "Waited",
    "WaitsBecause",
    "WatchHandedOver",
    "WatchTaken",
    "WithheldMet",
]

Judged = ActivityFiled | ActivityBlocked | ActivityRecalled | ActivityRejudged

Event = (
    CentreOpened
    | TermsAssented
    | TermsEnteredIntoForce
    | KeyInvited
    | KeyEnrolled
    | KeyRevoked
    | PostVouched
    | ReplacementObjected
    | NoticeRecorded
    | NoticeAmended
    | CoverMet
    | NoticeWithdrawn
    | NoticeClosed
    | NoticeExpired
    | MovementBecameOverdue
    | MovementReported
    | OutcomeReported
    | LineCalled
    | AgreementGiven
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
    | PositionTaken
    | TermsEndSoon
    | TermsLapsed
    | TermsProposed
    | ProposalAssented
    | TermsReplaced
    | TermsApplied
    | NoticeVerified
    | NoticeAttested
    | AttestationDue
    | CountersignatureAsked
    | Countersigned
    | DeletionReported
    | AfterReported
    | AfterReportOverdue
    | NoticeChallenged
    | ChallengeAnswered
    | ChallengeUnanswered
    | MessageSaid
    | MessageUnanswered
    | IncidentReported
    | IncidentShared
    | FindingGiven
    | IncidentCalled
    | RosterSigned
    | WatchTaken
    | WatchHandedOver
    | DeskUnmanned
    | CommandRefused
    | TimePassed
)
