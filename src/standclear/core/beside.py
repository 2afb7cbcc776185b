# SPDX-License-Identifier: Apache-2.0
"""What is said beside a notice's words, and beside assent to the terms: how the state follows it, who is shown it."""

from __future__ import annotations

from typing import TypeAlias

from msgspec.structs import replace

from standclear.core import (
    challenging,
    deletion,
    excepting,
    incidents,
    manning,
    positions,
    proposing,
    replacing,
    talking,
    two_person,
    upkeep,
)
from standclear.core.changing import put
from standclear.core.events import (
    AfterReported,
    AfterReportOverdue,
    AttestationDue,
    ChallengeAnswered,
    ChallengeUnanswered,
    CountersignatureAsked,
    Countersigned,
    DeletionReported,
    DeskUnmanned,
    Event,
    FindingGiven,
    IncidentCalled,
    IncidentReported,
    IncidentShared,
    MessageSaid,
    MessageUnanswered,
    NoticeAttested,
    NoticeChallenged,
    NoticeVerified,
    PositionTaken,
    PostVouched,
    ProposalAssented,
    ReplacementObjected,
    RosterSigned,
    TermsEndSoon,
    TermsLapsed,
    TermsProposed,
    TermsReplaced,
    WatchHandedOver,
    WatchTaken,
)
from standclear.core.state import State

Beside: TypeAlias = (
    NoticeVerified
    | NoticeAttested
    | AttestationDue
    | CountersignatureAsked
    | Countersigned
    | DeletionReported
    | AfterReported
    | AfterReportOverdue
    | PositionTaken
    | TermsEndSoon
    | TermsLapsed
    | TermsProposed
    | ProposalAssented
    | TermsReplaced
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
    | PostVouched
    | ReplacementObjected
)


def followed(state: State, event: Beside) -> State:
    """The state after it."""
    match event:
        case NoticeVerified():
            return upkeep.verified(state, event)
        case NoticeAttested():
            return upkeep.attested(state, event)
        case AttestationDue():
            return put(state, replace(state.notices[event.notice], reminded=True))
        case CountersignatureAsked():
            return two_person.asked(state, event)
        case Countersigned():
            return two_person.countersigned(state, event)
        case DeletionReported():
            return deletion.deleted(state, event)
        case AfterReported():
            return excepting.reported(state, event)
        case PositionTaken():
            return positions.taken(state, event)
        case TermsEndSoon() | TermsLapsed() | MessageUnanswered() | AfterReportOverdue():
            return state
        case TermsProposed() | ProposalAssented() | TermsReplaced():
            return proposing.followed(state, event)
        case MessageSaid():
            return talking.kept(state, event)
        case RosterSigned() | WatchTaken() | WatchHandedOver() | DeskUnmanned():
            return manning.kept(state, event)
        case NoticeChallenged() | ChallengeAnswered() | ChallengeUnanswered():
            return challenging.kept(state, event)
        case PostVouched() | ReplacementObjected():
            return replacing.kept(state, event)
        case _:
            return incidents.kept(state, event)


def seen(before: State, after: State, event: Beside, actor: str) -> Event | None:
    """It as one recipient is shown it."""
    match event:
        case NoticeVerified():
            return upkeep.seen_verified(after.notices.get(event.notice), event, actor)
        case NoticeAttested():
            return upkeep.seen_attested(before, event, actor)
        case DeletionReported():
            return deletion.seen(after, event, actor)
        case AfterReported() | AfterReportOverdue():
            return excepting.seen(after, event, actor)
        case PositionTaken() | TermsEndSoon() | TermsLapsed() | PostVouched() | ReplacementObjected():
            return event
        case TermsProposed() | ProposalAssented() | TermsReplaced():
            return event
        case NoticeChallenged() | ChallengeAnswered() | ChallengeUnanswered():
            return challenging.seen(after, event, actor)
        case IncidentReported() | IncidentShared() | FindingGiven() | IncidentCalled():
            return incidents.seen(before, after, event, actor)
        case MessageSaid() | MessageUnanswered():
            return talking.seen(after, event, actor)
        case RosterSigned() | WatchTaken() | WatchHandedOver() | DeskUnmanned():
            return manning.seen(after, event, actor)
        case AttestationDue() | CountersignatureAsked() | Countersigned():
            return event if after.notices[event.notice].author == actor else None
