# SPDX-License-Identifier: Apache-2.0
"""Over the wire: who would see a notice, and who was shown it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from standclear.core.commands import Amend, Notify
from standclear.core.exposure import Exposure
from standclear.core.model import ConsentDocument, ReleaseLevel
from standclear.core.terms import Ident
from standclear.web.wire import Envelope, HeldBy, Moment


class ExposureQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A notice as prepared, unsigned; the consent that would go with it; and who may read its details."""

    command: Notify | Amend
    consent: ConsentDocument
    details_to: Annotated[tuple[Ident, ...], msgspec.Meta(max_length=1_022)] = ()


class ExposureAnswer(Envelope, frozen=True, kw_only=True):
    """Who would see what. Nothing was recorded."""

    exposure: Exposure


class ReleasedThen(msgspec.Struct, frozen=True, kw_only=True):
    """From which entry on an actor was released how much."""

    entry: int
    at: str
    at_us: int
    level: ReleaseLevel


class MetItem(msgspec.Struct, frozen=True, kw_only=True):
    """When an activity of an actor met the notice's cover: first, and last as far as the author was told.

    `times`: how often of late an activity nearly the same met it.
    """

    first: Moment
    last: Moment
    times: int


class ExposedItem(msgspec.Struct, frozen=True, kw_only=True):
    """What one actor was released, when; who holds it by its machine's own word; whether it met the cover; in words.

    `deleted`: when it said that it deleted its copies, which nothing proves."""

    to: str
    name: str
    level: ReleaseLevel
    released: tuple[ReleasedThen, ...]
    held: HeldBy | None
    met: MetItem | None
    answered: tuple[str, ...]
    deleted: Moment | None
    words: str


class ExposedAnswer(Envelope, frozen=True, kw_only=True):
    """Who was released what of one's own notice. `read_note`: what the record does not know."""

    notice: str
    recipients: tuple[ExposedItem, ...]
    read_note: str
