# SPDX-License-Identifier: Apache-2.0
"""The record's own: time, what a machine holds, what is forgotten, what is given up."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec

from standclear.core.commands.base import Command, EntryCount, KeyId, SignatureHex
from standclear.core.model import (
    Hex32,
    NoticeId,
)
from standclear.core.terms import MAX_WITNESSES, Label


class StateDigest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The SHA-256 of all that was known after so many entries, as `centre/keeping.py` writes it."""

    size: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
    sha256: Hex32


class PassTime(Command, frozen=True, tag="tick", omit_defaults=True):
    """Signed by the centre's clock key when something falls due, or when the centre kept its state."""

    state: StateDigest | None = None


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
