# SPDX-License-Identifier: Apache-2.0
"""What goes in and comes out where commands are taken: receipts, batches, answers to checks."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from standclear.core.commands import KeyId, SignatureHex
from standclear.core.events import Event
from standclear.core.model import Content
from standclear.formats.rows import BadRow
from standclear.web.problems import Problem
from standclear.web.wire import Document, Recipient, Spoken


class SlotProof(msgspec.Struct, frozen=True):
    """Salt and path that prove the command in slot 0 under the leaf's `parts_root`."""

    salt: str
    path: tuple[str, ...]


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """Recorded, as this entry. All else only in a session of the author's party: what it may see, and the proof.

    `path` leads from the leaf to the root in `checkpoint`, whose size ends with this entry.
    """

    entry: int
    at: str | UnsetType = UNSET
    at_us: int | UnsetType = UNSET
    exercise: bool | UnsetType = UNSET
    leaf: str | UnsetType = UNSET
    path: tuple[str, ...] | UnsetType = UNSET
    checkpoint: str | UnsetType = UNSET
    command: SlotProof | UnsetType | None = UNSET
    recipients: tuple[Recipient, ...] | UnsetType = UNSET
    events: tuple[Event, ...] | UnsetType = UNSET
    outside: tuple[str, ...] | UnsetType = UNSET
    note: str | UnsetType = UNSET


class CheckAnswer(Receipt, frozen=True, kw_only=True):
    """A receipt, and what the check came to; no judgement where the check was refused."""

    judged: Spoken | None
    check_note: str


class BatchItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One command of a batch: its exact text, key, signature and attachments."""

    command: str
    key: KeyId
    signature: SignatureHex
    consent: Document | None = None
    details: Document | None = None


class Batch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Many commands, each decided on its own."""

    commands: Annotated[tuple[BatchItem, ...], msgspec.Meta(min_length=1, max_length=1_000)]


class LooseBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A batch before its items are read, so that a bad one is refused alone (law 11)."""

    commands: Annotated[tuple[msgspec.Raw, ...], msgspec.Meta(min_length=1, max_length=1_000)]


class BatchResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one command: 201 and its answer, or a problem's status and the problem."""

    status: int
    answer: Receipt | UnsetType = UNSET
    problem: Problem | UnsetType = UNSET


class BatchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The results, in the order of the commands."""

    exercise: bool
    results: tuple[BatchResult, ...]


class FeatureRow(msgspec.Struct, frozen=True, kw_only=True):
    """One notice as a file states it; `numbers`: the rows it was read from, from 1; `confidential` goes beside it."""

    numbers: tuple[int, ...]
    id: str
    content: Content
    confidential: dict[str, str]


class FeaturesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it would be understood: what would be notified, what cannot be and why, what is odd but was kept."""

    rows: tuple[FeatureRow, ...]
    bad: tuple[BadRow, ...]
    warnings: tuple[str, ...]
