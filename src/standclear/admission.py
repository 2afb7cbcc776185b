# SPDX-License-Identifier: Apache-2.0
"""The border: is this command authentic, well formed and meant for this centre? Nothing here is logged.

bytes -> size -> canonical -> this centre -> key of the right use -> signature -> attachments -> meaning
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from standclear.core.codec import decode_command, decode_value
from standclear.core.commands import (
    Amend,
    AnyCommand,
    EnrolKeys,
    InviteKey,
    Notify,
    OpenCentre,
    ResumeRecording,
    Use,
    VouchForPost,
    signing_use,
)
from standclear.core.enrolment import enrolment_text, key_id
from standclear.core.model import ConsentDocument, DetailsDocument
from standclear.core.resuming import resume_text
from standclear.core.state import Key, State
from standclear.core.terms import Role, Terms
from standclear.core.wellformed import check_command
from standclear.errors import Malformed, NotAuthentic, TooLarge
from standclear.tlog.checkpoint import Checkpoint
from standclear.tlog.entry import Attachment, commit_attachment
from standclear.tlog.keys import COMMAND_DOMAIN, check_public, verify

MAX_ATTACHMENT_BYTES: Final = 65_536
SALT_BYTES: Final = 32
CONSENT, DETAILS = "consent", "details"


@dataclass(frozen=True, slots=True)
class Submission:
    """One command as it came: exact bytes, key id, signature, and the attachments sent beside it."""

    raw: bytes
    key: str
    signature: bytes
    attachments: Mapping[str, tuple[bytes, bytes]] = field(default_factory=dict)
    """Name to (salt, bytes)."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A command that may be decided, with what the log keeps of it."""

    command: AnyCommand
    actor: str
    post: str
    submission: Submission
    consent: ConsentDocument | None
    attachments: tuple[Attachment, ...]
    terms_entry: int = 0
    """Where the terms came into force that it was looked at under."""

    @property
    def command_key(self) -> str:
        """Ids count per author's party (design §8)."""
        return f"{self.actor}/{self.command.id}"


def admit(state: State, submission: Submission) -> Admitted:
    """Verify one submission against the keys and terms in force.

    Raises:
        TooLarge, Malformed, NotCanonical: not a command that can mean anything; says where.
        NotAuthentic: unknown key, key of another use, wrong signature, another centre's command.
    """
    signed = authenticate(state, submission)
    if isinstance(signed.command, EnrolKeys):
        _check_one_use(state, signed.command, signed.public, signed.actor)
    consent, attachments = _attachments(state.terms, signed.command, submission)
    return Admitted(
        signed.command, signed.actor, signed.post, submission, consent, attachments, state.terms_entry
    )


@dataclass(frozen=True, slots=True)
class Signed:
    """A command with a meaning, and whose key signed it."""

    command: AnyCommand
    public: str
    actor: str
    post: str


def authenticate(state: State, submission: Submission, verified: bool = False) -> Signed:
    """All of admission that the state of a later moment answers alike, so that an audit can ask it again.

    `verified`: that the signature stands under the key that is named has been found out elsewhere.

    Raises:
        TooLarge, Malformed, NotCanonical: not a command that can mean anything; says where.
        NotAuthentic: unknown key, key of another use, wrong signature, another centre's command.
    """
    command = decode_command(submission.raw)
    if state.origin and command.centre != state.origin:
        raise NotAuthentic(
            f"the command is for the centre {command.centre}",
            where="command.centre",
            expected=state.origin,
        )
    public, actor, post = _holder(state, command, submission.key)
    if not verified:
        verify(bytes.fromhex(public), submission.signature, COMMAND_DOMAIN + submission.raw)
    _check_new_keys(command)
    if isinstance(command, EnrolKeys):
        _verify_proofs(command, submission.key, actor, post)
    if isinstance(command, ResumeRecording):
        check_resume(state, actor, command)
    check_command(state, command)
    return Signed(command, public, actor, post)


REVOKED: Final = "this key was revoked; what it signed before stands, and it signs nothing more"


def _holder(state: State, command: AnyCommand, key: str) -> tuple[str, str, str]:
    """Public key, actor and post behind a key id, if it may sign this command."""
    if isinstance(command, OpenCentre):
        if state.size:
            # It names its own keys: in a log that has its entry 0, anybody could sign it as anyone.
            raise NotAuthentic("this centre is open; entry 0 stands", where="command.command")
        for grant in command.keys:
            if key_id(grant.public, grant.use) == key and grant.use is Use.COMMAND:
                return grant.public, grant.actor, grant.post
        raise NotAuthentic("entry 0 is signed by a command key that it names", where="Standclear-Key")
    if isinstance(command, EnrolKeys):
        offered = state.invitations.get(key)
        if offered is None:
            raise NotAuthentic("no such invitation", where="Standclear-Key")
        return offered.public, offered.actor, offered.post
    known = state.keys.get(key)
    if key in state.revoked:
        raise NotAuthentic(REVOKED, where="Standclear-Key", expected="another key of this post")
    if known is None:
        raise NotAuthentic("this key is not enrolled here", where="Standclear-Key")
    if known.use is not signing_use(command):
        raise NotAuthentic(
            f"this key is enrolled for {known.use.value}; a key has one use",
            where="Standclear-Key",
            expected=f"a key enrolled for {signing_use(command).value}",
        )
    return known.public, known.actor, known.post


def _check_new_keys(command: AnyCommand) -> None:
    """Refuse keys that would stand for anything; an enrolment's own are checked with their proofs."""
    if isinstance(command, InviteKey | VouchForPost):
        check_public(bytes.fromhex(command.public))
    if isinstance(command, OpenCentre):
        for grant in command.keys:
            check_public(bytes.fromhex(grant.public))


def _verify_proofs(command: EnrolKeys, invitation: str, actor: str, post: str) -> None:
    for number, key in enumerate(command.keys):
        text = enrolment_text(invitation, actor, post, key.use, key.public)
        try:
            verify(bytes.fromhex(key.public), bytes.fromhex(key.proof), text)
        except NotAuthentic:
            raise NotAuthentic(
                "the new key's own signature does not stand",
                where=f"command.keys[{number}].proof",
            ) from None


def _check_one_use(state: State, command: EnrolKeys, invitation: str, actor: str) -> None:
    """A key has one use (design §4), and the log's head is signed with a key of the desk alone."""
    ever = (*state.keys.values(), *state.revoked.values())
    taken = {bytes.fromhex(known.public) for known in ever} | {bytes.fromhex(invitation)}
    by = state.actors.get(actor)
    for number, key in enumerate(command.keys):
        where = f"command.keys[{number}]"
        if bytes.fromhex(key.public) in taken and key_id(key.public, key.use) not in state.keys:
            raise Malformed("this key has a use already", where=f"{where}.public", expected="a new key a use")
        taken.add(bytes.fromhex(key.public))
        if key.use is Use.CHECKPOINT and (by is None or by.role is not Role.DESK):
            raise Malformed("only the desk signs checkpoints", where=f"{where}.use", expected="another use")


def check_resume(state: State, actor: str, command: ResumeRecording) -> None:
    """Check who resumes, that this log's key signed the head given up, and each witness's countersignature.

    Raises:
        NotAuthentic: another than the desk, a head that nobody signed, a countersignature that does not stand, too few.
        Malformed: countersignatures where the terms name no witnesses.
    """
    by = state.actors.get(actor)
    if by is None or by.role is not Role.DESK:
        raise NotAuthentic("only the desk resumes recording", where="Standclear-Key")
    given_up = Checkpoint(state.origin, command.size, bytes.fromhex(command.root))
    if not any(signed_by(key, given_up, command.head) for key in state.keys.values()):
        raise NotAuthentic("no checkpoint key of this log signed the head", where="command.head")
    asked = state.terms.witnesses
    if asked is None:
        if command.countersignatures:
            raise Malformed("the terms name no witnesses", where="command.countersignatures", expected="none")
        return
    text, stood = resume_text(state.origin, command), set()
    for number, one in enumerate(command.countersignatures):
        where, known = f"command.countersignatures[{number}]", state.keys.get(one.key)
        if known is None or known.use is not Use.COMMAND or known.actor not in asked.of:
            raise NotAuthentic("not a command key of a witness of the terms", where=where)
        if known.mandate is not None:
            raise NotAuthentic(
                f"{known.post} of {known.actor} has a key with a mandate, which no resumption is in",
                where=where,
                expected="a key of the witness that may sign everything",
            )
        if known.actor in stood:
            raise NotAuthentic(f"{known.actor} countersigns twice", where=where, expected="each witness once")
        try:
            verify(bytes.fromhex(known.public), bytes.fromhex(one.signature), text)
        except NotAuthentic:
            raise NotAuthentic(
                f"the countersignature of {known.actor} does not stand for these heads and this reason",
                where=where,
            ) from None
        stood.add(known.actor)
    if len(stood) < asked.quorum:
        raise NotAuthentic(
            f"countersigned by {len(stood)}",
            where="command.countersignatures",
            expected=f"{asked.quorum} of {', '.join(asked.of)}",
        )


def signed_by(key: Key, head: Checkpoint, signature: str) -> bool:
    """Whether a checkpoint key signed a head."""
    if key.use is not Use.CHECKPOINT:
        return False
    try:
        verify(bytes.fromhex(key.public), bytes.fromhex(signature), head.text().encode())
    except NotAuthentic:
        return False
    return True


def _attachments(
    terms: Terms, command: AnyCommand, submission: Submission
) -> tuple[ConsentDocument | None, tuple[Attachment, ...]]:
    """The two documents a notice commits to, opened and held against their commitments."""
    if not isinstance(command, Notify | Amend):
        if submission.attachments:
            raise Malformed("this command carries no attachments", where="attachments")
        return None, ()
    consent_part = _opened(submission, CONSENT, command.consent)
    details_part = _opened(submission, DETAILS, command.details)
    consent = decode_value(ConsentDocument, consent_part.body or b"", CONSENT)
    details = decode_value(DetailsDocument, details_part.body or b"", DETAILS)
    named = [release.to for release in consent.release]
    if len(set(named)) != len(named):
        raise Malformed("a recipient is named twice", where="consent.release")
    for actor in (*named, *details.to):
        if terms.actor(actor) is None:
            raise Malformed(f"the terms name no {actor}", where="consent or details")
    return consent, (consent_part, details_part)


def _opened(submission: Submission, name: str, commitment: str) -> Attachment:
    sent = submission.attachments.get(name)
    if sent is None:
        raise Malformed(f"the {name} document is missing", where=name, expected="its salt and bytes")
    salt, body = sent
    if len(body) > MAX_ATTACHMENT_BYTES:
        raise TooLarge(f"at most {MAX_ATTACHMENT_BYTES} bytes", where=name)
    if len(salt) != SALT_BYTES:
        raise Malformed(
            f"the salt has {len(salt)} bytes",
            where=name,
            expected=f"{SALT_BYTES} bytes",
        )
    attachment = Attachment(name=name, salt=salt, body=body)
    if commit_attachment(salt, body).hex() != commitment:
        raise Malformed(
            f"the document does not match the commitment signed in command.{name}",
            where=name,
            expected="the salt and bytes that were committed to",
        )
    return attachment
