# SPDX-License-Identifier: Apache-2.0
"""The verbs that a post can sign. Each names its centre and carries its own UUIDv7 (design §4)."""

from __future__ import annotations

from standclear.core.commands.answers import AnswerNotice, ReadBack, RecallStep, ReportRecall
from standclear.core.commands.base import (
    Command,
    EntryCount,
    KeyId,
    Mandate,
    Origin,
    Scope,
    SignatureHex,
    Use,
    Uuid7,
)
from standclear.core.commands.challenges import AnswerChallenge, Challenge, ChallengeReason
from standclear.core.commands.excepting import ReportAfter
from standclear.core.commands.incidents import GiveFinding, ReportIncident, ShareIncident
from standclear.core.commands.keys import (
    AssentToTerms,
    EnrolKeys,
    InviteKey,
    KeyGrant,
    NewKey,
    ObjectToKeys,
    OpenCentre,
    ProposeTerms,
    RevokeKey,
    Stance,
    TakePosition,
    VouchForPost,
)
from standclear.core.commands.movements import CallLine, GiveAgreement, ReportOutcome
from standclear.core.commands.notices import (
    Amend,
    AssentToArea,
    CallStop,
    Check,
    MovementReport,
    Notify,
    Reconsider,
    ReportMovement,
    Withdraw,
)
from standclear.core.commands.notifying import Attest, ReportDeletion, Verification, VerifyNotice
from standclear.core.commands.record import (
    Countersignature,
    Erasable,
    Erase,
    PassTime,
    ResumeRecording,
    SignHeld,
    StateDigest,
)
from standclear.core.commands.relaying import RelayAgreement, RelayAnswer
from standclear.core.commands.talk import Filled, Say
from standclear.core.commands.two_person import Countersign, Signing
from standclear.core.commands.watching import AcceptWatch, HandOver, Shift, SignRoster, TakeWatch

__all__ = [
    "AcceptWatch",
    "Amend",
    "AnswerChallenge",
    "AnswerNotice",
    "AnyCommand",
    "AssentToArea",
    "AssentToTerms",
    "Attest",
    "CallLine",
    "CallStop",
    "Challenge",
    "ChallengeReason",
    "Check",
    "Command",
    "Countersign",
    "Countersignature",
    "EnrolKeys",
    "EntryCount",
    "Erasable",
    "Erase",
    "Filled",
    "GiveAgreement",
    "GiveFinding",
    "HandOver",
    "InviteKey",
    "KeyGrant",
    "KeyId",
    "Mandate",
    "MovementReport",
    "NewKey",
    "Notify",
    "ObjectToKeys",
    "OpenCentre",
    "Origin",
    "PassTime",
    "ProposeTerms",
    "ReadBack",
    "RecallStep",
    "Reconsider",
    "RelayAgreement",
    "RelayAnswer",
    "ReportAfter",
    "ReportDeletion",
    "ReportIncident",
    "ReportMovement",
    "ReportOutcome",
    "ReportRecall",
    "ResumeRecording",
    "RevokeKey",
    "Say",
    "Scope",
    "ShareIncident",
    "Shift",
    "SignHeld",
    "SignRoster",
    "SignatureHex",
    "Signing",
    "Stance",
    "StateDigest",
    "TakePosition",
    "TakeWatch",
    "Use",
    "Uuid7",
    "Verification",
    "VerifyNotice",
    "VouchForPost",
    "Withdraw",
    "signing_use",
]

AnyCommand = (
    OpenCentre
    | AssentToTerms
    | ProposeTerms
    | InviteKey
    | EnrolKeys
    | RevokeKey
    | VouchForPost
    | ObjectToKeys
    | PassTime
    | Notify
    | Amend
    | Withdraw
    | Reconsider
    | AssentToArea
    | AnswerNotice
    | ReportMovement
    | ReportOutcome
    | CallLine
    | GiveAgreement
    | RelayAgreement
    | RelayAnswer
    | CallStop
    | ReadBack
    | ReportRecall
    | Check
    | SignHeld
    | Erase
    | ResumeRecording
    | VerifyNotice
    | Attest
    | Countersign
    | ReportDeletion
    | ReportAfter
    | TakePosition
    | Challenge
    | AnswerChallenge
    | Say
    | ReportIncident
    | ShareIncident
    | GiveFinding
    | SignRoster
    | TakeWatch
    | HandOver
    | AcceptWatch
)


def signing_use(command: AnyCommand) -> Use:
    """The use of a key that may sign a command: a machine's word about what it holds is no order."""
    return Use.COSIGN if isinstance(command, SignHeld) else Use.COMMAND
