# SPDX-License-Identifier: Apache-2.0
"""The verbs that a post can sign. Each names its centre and carries its own UUIDv7 (design §4)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec

from standclear.core.model import (
    Activity,
    Alternative,
    AnswerKind,
    Area,
    Drill,
    Hex32,
    Movement,
    NoticeId,
    Relayed,
    Site,
)
from standclear.core.terms import END, MAX_WITNESSES, Ident, Label, MomentUs, Terms
from standclear.geometry.volume import Position, RadiusMm

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


class KeyGrant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A public key, its one use, and the post of the actor that holds it."""

    public: Hex32
    use: Use
    actor: Ident
    post: Label


class NewKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key enrolled by invitation, with its own signature that it is held (over `enrolment_text`)."""

    public: Hex32
    use: Use
    proof: SignatureHex


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


class OpenCentre(Command, frozen=True, tag="open"):
    """Entry 0, self-signed: origin, terms and first keys. Only an exercise may set the clock."""

    exercise: bool
    terms: Terms
    keys: Annotated[tuple[KeyGrant, ...], msgspec.Meta(min_length=1, max_length=5_000)]


class AssentToTerms(Command, frozen=True, tag="assent"):
    """A party assents to the terms whose canonical bytes hash to this."""

    terms: Hex32


class InviteKey(Command, frozen=True, tag="invite"):
    """A delegating post names a one-time public key; its code is handed over by other means."""

    public: Hex32
    actor: Ident
    post: Label
    expires_us: MomentUs


class EnrolKeys(Command, frozen=True, tag="enrol"):
    """Signed by the invitation's one-time key: the keys of the new post, each with its own proof."""

    keys: Annotated[tuple[NewKey, ...], msgspec.Meta(min_length=1, max_length=4)]


class StateDigest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The SHA-256 of all that was known after so many entries, as `centre/keeping.py` writes it."""

    size: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
    sha256: Hex32


class PassTime(Command, frozen=True, tag="tick", omit_defaults=True):
    """Signed by the centre's clock key when something falls due, or when the centre kept its state."""

    state: StateDigest | None = None


class Notify(Command, frozen=True, tag="notify"):
    """Notify a site, an area, a movement or an activity. `consent` and `details` commit to attachments."""

    notice: Site | Area | Movement | Activity
    consent: Hex32
    details: Hex32


class Amend(Command, frozen=True, tag="amend"):
    """Replace what a notice says; acknowledgements of the earlier version lapse."""

    amends: NoticeId
    notice: Site | Area | Movement | Activity
    consent: Hex32
    details: Hex32


class Withdraw(Command, frozen=True, tag="withdraw"):
    """Stop maintaining a notice, or lift a stop. Spared ones are still checked for the terms' grace."""

    withdraws: NoticeId


class Reconsider(Command, frozen=True, tag="reconsider"):
    """The filer asks that a blocked or recalled activity be judged anew; nothing else revives it."""

    activity: NoticeId


class AssentToArea(Command, frozen=True, tag="assent_area"):
    """A named party assents to an area."""

    area: NoticeId


class AnswerNotice(Command, frozen=True, tag="answer"):
    """What `party` answers, at one echelon, to a notice as it was shown to it in entry number `entry`.

    `shown`: the commitment of the signer's own part of that entry, so that the answer counts for that version alone.
    `relayed`: how the desk heard it; null where the party signs for itself.
    """

    notice: NoticeId
    entry: Annotated[int, msgspec.Meta(ge=0, le=10**15)]
    shown: Hex32
    party: Ident
    echelon: Ident
    answer: AnswerKind
    reason: Annotated[str, msgspec.Meta(max_length=500)]
    alternatives: Annotated[tuple[Alternative, ...], msgspec.Meta(max_length=5)]
    relayed: Relayed | None


class MovementReport(StrEnum):
    """What a movement reports of itself; the last two close it."""

    DEPARTED = "departed"
    AT_STOP = "at_stop"
    DELAYED = "delayed"
    ARRIVED = "arrived"
    ABORTED = "aborted"


class ReportMovement(Command, frozen=True, tag="report"):
    """The notifier reports where a movement stands."""

    movement: NoticeId
    report: MovementReport


class CallStop(Command, frozen=True, tag="stop"):
    """Any post: spare this circle, ground to unlimited, from now until it is lifted."""

    place: Position
    radius_mm: RadiusMm
    reason: Label
    drill: Drill = Drill.LIVE


class ReadBack(Command, frozen=True, tag="read_back"):
    """A party repeats a stop's place at one echelon, typed from what it heard; the centre compares.

    `relayed`: how the desk heard it; null where the party signs for itself.
    """

    stop: NoticeId
    party: Ident
    echelon: Ident
    place: Position
    radius_mm: RadiusMm
    relayed: Relayed | None


class RecallStep(StrEnum):
    """How far a recall has come; sent is the recall itself."""

    HEARD = "heard"
    CLEAR = "clear"


class ReportRecall(Command, frozen=True, tag="recall"):
    """The filer's own word that an echelon heard a recall, or that the activity is clear."""

    activity: NoticeId
    echelon: Ident
    step: RecallStep


class Check(Command, frozen=True, tag="check"):
    """What if: compare, with what was released to the asker only, and log the question."""

    activity: Activity


class SignHeld(Command, frozen=True, tag="held"):
    """A recipient's machine holds its inbox up to this size of the log. Signed by a key of use `cosign`.

    `root`: of the log at that size; `head`: the log's own signature over that checkpoint. `count` and `chain`:
    of the inbox's views (`core/holding`).
    """

    size: EntryCount
    root: Hex32
    head: SignatureHex
    count: EntryCount
    chain: Hex32


class Erasable(StrEnum):
    """What may be asked to be erased of a notice."""

    DETAILS = "details"
    CONSENT = "consent"
    PART = "part"


class Erase(Command, frozen=True, tag="erase"):
    """Forget what was sent beside a notice, in every version so far. The notice, and all that followed, stands."""

    erases: NoticeId
    what: Erasable


class Countersignature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A witness's own word for a resumption (over `resuming.resume_text`), by one of its command keys."""

    key: KeyId
    signature: SignatureHex


class ResumeRecording(Command, frozen=True, tag="resume"):
    """The desk: the log that was signed is lost; recording resumes over this one.

    `size`, `root`: the head that is given up, and `head` the log's own signature over it. `own_size`, `own_root`: of
    this log, which this command is the next entry of.
    """

    size: EntryCount
    root: Hex32
    head: SignatureHex
    own_size: EntryCount
    own_root: Hex32
    reason: Label
    countersignatures: Annotated[tuple[Countersignature, ...], msgspec.Meta(max_length=MAX_WITNESSES)]


AnyCommand = (
    OpenCentre
    | AssentToTerms
    | InviteKey
    | EnrolKeys
    | PassTime
    | Notify
    | Amend
    | Withdraw
    | Reconsider
    | AssentToArea
    | AnswerNotice
    | ReportMovement
    | CallStop
    | ReadBack
    | ReportRecall
    | Check
    | SignHeld
    | Erase
    | ResumeRecording
)


def signing_use(command: AnyCommand) -> Use:
    """The use of a key that may sign a command: a machine's word about what it holds is no order."""
    return Use.COSIGN if isinstance(command, SignHeld) else Use.COMMAND
