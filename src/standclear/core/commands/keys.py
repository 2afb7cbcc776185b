# SPDX-License-Identifier: Apache-2.0
"""Opening a centre, assenting to its terms, inviting and enrolling keys."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec

from standclear.core.commands.base import Command, KeyId, Mandate, SignatureHex, Use
from standclear.core.model import (
    Hex32,
)
from standclear.core.terms import Ident, Label, MomentUs, Terms


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


class OpenCentre(Command, frozen=True, tag="open"):
    """Entry 0, self-signed: origin, terms and first keys. Only an exercise may set the clock."""

    exercise: bool
    terms: Terms
    keys: Annotated[tuple[KeyGrant, ...], msgspec.Meta(min_length=1, max_length=5_000)]


class AssentToTerms(Command, frozen=True, tag="assent"):
    """A party assents to the terms whose canonical bytes hash to this."""

    terms: Hex32


class ProposeTerms(Command, frozen=True, tag="propose"):
    """A party proposes these terms in place of those that stand, whole; signing that is its assent to them."""

    terms: Terms


class Stance(StrEnum):
    """What a party says of the terms beside its assent."""

    RESERVES = "reserves"
    """It assented or will, and states how it reads them or what it leaves open."""
    REFUSES = "refuses"
    """It does not assent, and says why."""
    SUSPENDS = "suspends"
    """It takes no part until it says that it does again. Sparing, stops and the record go on."""
    RESUMES = "resumes"


class TakePosition(Command, frozen=True, tag="position"):
    """A party's position on the terms of this hash, in its own words; kept beside those of others, never merged."""

    terms: Hex32
    stance: Stance
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]


class InviteKey(Command, frozen=True, tag="invite", omit_defaults=True):
    """A delegating post names a one-time public key; its code is handed over by other means.

    `mandate`: what the invited post's keys may sign, and when; None: all that its actor's posts may.
    """

    public: Hex32
    actor: Ident
    post: Label
    expires_us: MomentUs
    mandate: Mandate | None = None


class EnrolKeys(Command, frozen=True, tag="enrol"):
    """Signed by the invitation's one-time key: the keys of the new post, each with its own proof."""

    keys: Annotated[tuple[NewKey, ...], msgspec.Meta(min_length=1, max_length=4)]


class VouchForPost(Command, frozen=True, tag="vouch"):
    """The first of two signatures for a post that lost its keys: this one-time key may be invited for it by another.

    The second is an `InviteKey` with the same one-time key (`core/replacing`).
    """

    public: Hex32
    actor: Ident
    post: Label
    reason: Annotated[str, msgspec.Meta(max_length=500)]


class ObjectToKeys(Command, frozen=True, tag="object_to_keys"):
    """The post has not lost its keys, or another should not have them: nobody takes up what `vouch` named.

    `key`: the id of the one-time key. `asked_by`: the post that asked the desk for it by telephone.
    """

    key: KeyId
    reason: Annotated[str, msgspec.Meta(max_length=500)]
    asked_by: Annotated[str, msgspec.Meta(max_length=200)]


class RevokeKey(Command, frozen=True, tag="revoke"):
    """A key stands for nobody any more; what it signed before stands.

    `asked_by`: the post that asked the desk for it by telephone; empty where its own actor revokes it.
    """

    key: KeyId
    reason: Annotated[str, msgspec.Meta(max_length=500)]
    asked_by: Annotated[str, msgspec.Meta(max_length=200)]
