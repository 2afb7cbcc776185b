# SPDX-License-Identifier: Apache-2.0
"""Delegation: what a key may sign, and when. A centre without it decides as it always did.

invited with a mandate -> enrolled with it -> before every decision: this sort of work, at this time?

Stops and their answers, words on the hotline and a post's revoking its own keys stand outside every mandate (law 12):
an over-careful delegation must not keep anybody from calling a stop. What was signed within a mandate stands after it.
"""

from __future__ import annotations

from typing import Final

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
    GiveFinding,
    HandOver,
    InviteKey,
    Mandate,
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
    ReportIncident,
    ReportMovement,
    ReportOutcome,
    ReportRecall,
    ResumeRecording,
    RevokeKey,
    Say,
    Scope,
    ShareIncident,
    SignHeld,
    SignRoster,
    TakePosition,
    TakeWatch,
    VerifyNotice,
    VouchForPost,
    Withdraw,
)
from standclear.core.events import CommandRefused, Refusal
from standclear.core.received import Received
from standclear.core.state import State
from standclear.units import us_to_iso

OF_SCOPE: Final[dict[Scope, tuple[type, ...]]] = {
    Scope.NOTICES: (
        Notify,
        Amend,
        Withdraw,
        Reconsider,
        Attest,
        VerifyNotice,
        Countersign,
        AssentToArea,
        Erase,
    ),
    Scope.ANSWERS: (AnswerNotice, GiveAgreement, RelayAgreement, AnswerChallenge, GiveFinding, ShareIncident),
    Scope.REPORTS: (
        ReportMovement,
        ReportOutcome,
        ReportAfter,
        ReportDeletion,
        ReportIncident,
        CallLine,
        Challenge,
    ),
    Scope.CHECKS: (Check,),
    Scope.WATCH: (SignRoster, TakeWatch, HandOver, AcceptWatch),
    Scope.KEYS: (InviteKey, RevokeKey, VouchForPost),
    Scope.TERMS: (ProposeTerms, AssentToTerms, TakePosition),
}
ALWAYS: Final = (CallStop, ReadBack, ReportRecall, Say, RelayAnswer, SignHeld, ObjectToKeys)
OF_THE_LOG: Final = (OpenCentre, EnrolKeys, PassTime, ResumeRecording)
"""Signed by keys that have no mandate: entry 0's, an invitation's, the clock's, the desk's when it resumes."""
STOPS_ALL_THE_SAME: Final = (
    "A stop, what answers it, and words on the hotline are taken from it all the same."
)


def outside(state: State, received: Received) -> CommandRefused | None:
    """Why the key that signed may not sign this, or not now; None where it may."""
    known = state.keys.get(received.key)
    if known is None or known.mandate is None or isinstance(received.command, ALWAYS):
        return None
    if _is_of_its_own_post(state, received):
        return None
    mandate, whose = known.mandate, f"This key of {known.actor}, {known.post}"
    if not in_time(mandate, received.at_us):
        return _refused(f"{whose} signs {times(mandate)}, and it is {us_to_iso(received.at_us)}.")
    if not any(isinstance(received.command, OF_SCOPE[scope]) for scope in mandate.may):
        return _refused(f"{whose} signs {', '.join(mandate.may)}, and this is none of that.")
    return None


def not_to_give(state: State, received: Received, command: InviteKey) -> str:
    """Why an invitation gives more than may be given; nothing where it does not."""
    if command.actor != received.actor and command.mandate is not None:
        return "The first keys of an actor have no mandate; its own posts give one to others."
    known = state.keys.get(received.key)
    if known is not None and not within(command.mandate, known.mandate):
        return "A post gives no more than it has: the same work or less of it, no sooner and no later."
    return ""


def within(inner: Mandate | None, outer: Mandate | None) -> bool:
    """Whether whoever has the outer one may do all that the inner one allows."""
    if outer is None or inner is None:
        return outer is None
    starts = outer.from_us is None or (inner.from_us is not None and inner.from_us >= outer.from_us)
    ends = outer.until_us is None or (inner.until_us is not None and inner.until_us <= outer.until_us)
    return starts and ends and all(scope in outer.may for scope in inner.may)


def in_time(mandate: Mandate | None, at_us: int) -> bool:
    """Whether it holds at a time."""
    if mandate is None:
        return True
    begun = mandate.from_us is None or mandate.from_us <= at_us
    return begun and (mandate.until_us is None or at_us <= mandate.until_us)


def times(mandate: Mandate) -> str:
    """From when until when it holds, in words."""
    said = [
        f"{word} {us_to_iso(at_us)}"
        for word, at_us in (("from", mandate.from_us), ("until", mandate.until_us))
        if at_us is not None
    ]
    return " ".join(said) or "at all times"


def _is_of_its_own_post(state: State, received: Received) -> bool:
    """Keys of the signer's own post: revoked at any time, and replaced by others (`not_to_give` bounds those)."""
    command = received.command
    if isinstance(command, InviteKey):
        known = state.keys[received.key]
        own = (command.actor, command.post) == (known.actor, known.post)
        return own and in_time(known.mandate, received.at_us)
    gone = state.keys.get(command.key) if isinstance(command, RevokeKey) else None
    return gone is not None and (gone.actor, gone.post) == (received.actor, received.post)


def _refused(detail: str) -> CommandRefused:
    return CommandRefused(Refusal.NOT_PERMITTED, f"{detail} {STOPS_ALL_THE_SAME}")
