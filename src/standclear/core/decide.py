# SPDX-License-Identifier: Apache-2.0
"""Decide what a command causes. No clock: time arrives with the entry. A refusal is an event, not an exception."""

from __future__ import annotations

from typing import Final, TypeAlias

from standclear.core import incidents, mandates, vouching
from standclear.core.answering import answered
from standclear.core.challenging import on_challenge
from standclear.core.clockwork import on_tick
from standclear.core.commands import (
    AcceptWatch,
    Amend,
    AnswerChallenge,
    AnswerNotice,
    AssentToArea,
    AssentToTerms,
    Attest,
    CallLine,
    CallStop,
    Challenge,
    Check,
    Countersign,
    EnrolKeys,
    Erase,
    GiveAgreement,
    HandOver,
    InviteKey,
    Notify,
    ObjectToKeys,
    OpenCentre,
    PassTime,
    ProposeTerms,
    ReadBack,
    Reconsider,
    RelayAgreement,
    RelayAnswer,
    ReportAfter,
    ReportDeletion,
    ReportMovement,
    ReportOutcome,
    ReportRecall,
    ResumeRecording,
    RevokeKey,
    Say,
    SignHeld,
    SignRoster,
    TakePosition,
    TakeWatch,
    VerifyNotice,
    VouchForPost,
    Withdraw,
)
from standclear.core.countersigning import on_countersign
from standclear.core.deletion import on_deletion
from standclear.core.enrolment import on_enrol, on_invite, on_open, on_revoke
from standclear.core.erasing import on_erase
from standclear.core.events import (
    AreaAssented,
    CheckAnswered,
    CommandRefused,
    Event,
    Refusal,
)
from standclear.core.evolve import evolve
from standclear.core.excepting import on_report as on_after_report
from standclear.core.filing import (
    NO_SUCH_NOTICE,
    judged,
    on_amend,
    on_notify,
    on_report,
    on_stop,
    on_withdraw,
    refused,
)
from standclear.core.holding import on_held
from standclear.core.judging import judge_activity, own_subject, rejudge_near
from standclear.core.model import Activity, Area, Movement, Site, Status
from standclear.core.moving import on_its_way
from standclear.core.positions import TO_STAY, position_taken
from standclear.core.proposing import on_terms
from standclear.core.received import Received
from standclear.core.resuming import on_resume
from standclear.core.state import State
from standclear.core.stopline import read_back, report_recall
from standclear.core.talking import on_say
from standclear.core.terms import Role
from standclear.core.turning import rejudge_all, rejudge_answered
from standclear.core.upkeep import on_attest, on_verify
from standclear.core.watching import Watching, on_watching

Beside: TypeAlias = (
    VerifyNotice
    | Attest
    | Countersign
    | ReportDeletion
    | ReportAfter
    | TakePosition
    | Say
    | RelayAnswer
    | incidents.Signed
    | Watching
    | vouching.Signed
)
CLOCK_POST: Final = "clock"
"""The desk's post whose key signs ticks, and nothing else."""
GIVES_NOTICE: Final[dict[Role, tuple[type, ...]]] = {
    Role.PARTY: (Site, Area, Movement, Activity),
    Role.NOTIFIER: (Site, Movement, Activity),
    Role.DESK: (Area,),
    Role.OBSERVER: (),
    Role.ARBITER: (),
    Role.RECIPIENT: (),
}
"""Which notices an actor of each role may give. A stop is open to every post."""


def decide(state: State, received: Received) -> tuple[Event, ...]:
    """The events that a command causes, in order; the first refusal is the only event."""
    if (refusal := _not_permitted(state, received)) is not None:
        return (refusal,)
    command = received.command
    if isinstance(command, Beside):
        return _on_beside(state, received, command)
    match command:
        case OpenCentre():
            return on_open(state, received, command)
        case AssentToTerms() | ProposeTerms():
            return on_terms(state, received, command)
        case InviteKey():
            return on_invite(state, received, command)
        case EnrolKeys():
            return on_enrol(state, received, command)
        case RevokeKey():
            return on_revoke(state, received, command)
        case PassTime():
            return on_tick(state, received.at_us)
        case Notify():
            return on_notify(state, received, command)
        case Amend():
            return on_amend(state, received, command)
        case Withdraw():
            return on_withdraw(state, received, command)
        case Reconsider():
            return _on_reconsider(state, received, command)
        case AssentToArea():
            return _on_area_assent(state, received, command)
        case AnswerNotice():
            return _on_answer(state, received, command)
        case ReportMovement():
            return on_report(state, received, command)
        case ReportOutcome() | CallLine() | GiveAgreement() | RelayAgreement():
            return on_its_way(state, received, command)
        case CallStop():
            return on_stop(state, received, command)
        case ReadBack():
            return read_back(state, received, command)
        case ReportRecall():
            return report_recall(state, received, command)
        case Check():
            return _on_check(state, received, command)
        case SignHeld():
            return on_held(state, received, command)
        case Erase():
            return on_erase(state, received, command)
        case ResumeRecording():
            return on_resume(state, received, command)
        case Challenge() | AnswerChallenge():
            return (on_challenge(state, received, command),)


def _not_permitted(state: State, received: Received) -> CommandRefused | None:
    """What a role or post may never do, whatever the state."""
    command = received.command
    actor = state.actors.get(received.actor)
    if isinstance(command, OpenCentre) or actor is None:
        return None
    is_tick = isinstance(command, PassTime)
    if is_tick != (actor.role is Role.DESK and received.post == CLOCK_POST):
        return _refusal("The clock's key passes time and does nothing else; no other key does.")
    if isinstance(command, Notify | Amend) and not isinstance(command.notice, GIVES_NOTICE[actor.role]):
        named = type(command.notice).__name__.lower()
        return _refusal(f"As {actor.role.value}, {actor.id} gives no notice of this sort ({named}).")
    if isinstance(command, AssentToTerms) and actor.role is not Role.PARTY:
        return _refusal("Only parties assent to the terms.")
    return mandates.outside(state, received)


def _refusal(detail: str) -> CommandRefused:
    return CommandRefused(Refusal.NOT_PERMITTED, detail)


def _on_reconsider(state: State, received: Received, command: Reconsider) -> tuple[Event, ...]:
    """Judge a blocked or recalled activity anew; nothing else revives it."""
    notice = state.notices.get(command.activity)
    if notice is None or notice.author != received.actor or not isinstance(notice.content, Activity):
        return NO_SUCH_NOTICE
    if notice.status not in (Status.BLOCKED, Status.RECALLED):
        stands = notice.status.value
        return refused(
            Refusal.NOT_APPLICABLE,
            f"{notice.id} is {stands}; only what is blocked or recalled is.",
        )
    return judged(state, notice.id, received.at_us, notice)


def _on_area_assent(state: State, received: Received, command: AssentToArea) -> tuple[Event, ...]:
    """A named party assents; an activity area counts once all have."""
    notice = state.notices.get(command.area)
    if notice is None or not isinstance(notice.content, Area) or not notice.showings:
        return NO_SUCH_NOTICE
    if received.actor not in notice.content.parties:
        return refused(
            Refusal.NOT_PERMITTED,
            f"{notice.id} does not ask for the assent of {received.actor}.",
        )
    if received.actor in notice.assented:
        return refused(Refusal.ALREADY_DONE, f"{received.actor} has assented to {notice.id}.")
    assented = AreaAssented(notice.id, received.actor)
    after = evolve(state, assented)
    return (assented, *rejudge_near(state, after, notice.id, received.at_us))


def _on_position(state: State, received: Received, command: TakePosition) -> tuple[Event, ...]:
    """A party's word on the terms; that it takes part no longer, or again, has all activities judged anew."""
    said = position_taken(state, received, command)
    if isinstance(said, CommandRefused) or said.stance not in TO_STAY:
        return (said,)
    return (said, *rejudge_all(evolve(state, said), received.at_us))


def _on_answer(state: State, received: Received, command: AnswerNotice) -> tuple[Event, ...]:
    """Who knows, who objects, who consents; an activity that waited for it is judged anew, and not yet revived."""
    said = answered(state, received, command)
    if isinstance(said, CommandRefused):
        return (said,)
    return (said, *rejudge_answered(state, evolve(state, said), said.notice, received.at_us))


def _on_beside(
    state: State,
    received: Received,
    command: Beside,
) -> tuple[Event, ...]:
    """What is said of a notice beside its words, and of the terms beside assent."""
    match command:
        case VerifyNotice():
            return (on_verify(state, received, command),)
        case Attest():
            return (on_attest(state, received, command),)
        case Countersign():
            return on_countersign(state, received, command)
        case ReportDeletion():
            return (on_deletion(state, received, command),)
        case ReportAfter():
            return (on_after_report(state, received, command),)
        case TakePosition():
            return _on_position(state, received, command)
        case Say() | RelayAnswer():
            return on_say(state, received, command)
        case VouchForPost() | ObjectToKeys():
            return (vouching.on_replacing(state, received, command),)
        case SignRoster() | TakeWatch() | HandOver() | AcceptWatch():
            return (on_watching(state, received, command),)
        case _:
            return (incidents.on_incident(state, received, command),)


def _on_check(state: State, received: Received, command: Check) -> tuple[Event, ...]:
    """What if: the asker learns only what its inbox could have told it."""
    own = own_subject(state, "", command.activity, received.actor)
    asker = state.number(received.actor)
    return (CheckAnswered(judge_activity(state, own, asker, received.at_us)),)
