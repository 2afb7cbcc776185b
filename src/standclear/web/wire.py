# SPDX-License-Identifier: Apache-2.0
"""What goes over the wire, in whole numbers as the log keeps them; answers are canonical JSON.

The OpenAPI document is made from these very structures (`openapi.py`).
"""

from __future__ import annotations

from typing import Annotated, Final, TypeVar

import msgspec
from fastapi import Response

from standclear.core.codec import encode
from standclear.core.events import (
    AgreementGiven,
    ChallengeAnswered,
    Event,
    NoticeAnswered,
    NoticeChallenged,
)
from standclear.core.model import Content, Flag, Judgement, Release, Status, Verdict
from standclear.core.state import Heard, OnItsWay
from standclear.core.terms import NoticeClass
from standclear.core.words import REMINDER
from standclear.errors import Malformed
from standclear.geometry.separation import Bracket
from standclear.geometry.volume import Position, Volume
from standclear.web.waiting import AwaitedItem, MeasuredItem, OpenItem, ToldItem
from standclear.web.wire_upkeep import PendingItem, UpkeepItem

WITHHELD_NOTE: Final = REMINDER
"""The same words in every answer, whether or not anything is withheld (law 1)."""
CHECK_NOTE: Final = "This compared only with what was released to you; filing compares with more."
T = TypeVar("T")
HexBytes = Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{2})*$")]


class AsOf(msgspec.Struct, frozen=True):
    """Which log the answer was read from: its size, and when its last entry was recorded.

    `live` false: the log may have grown since, because the question was what was known then.
    """

    size: int
    at: str
    at_us: int
    live: bool


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What every read says besides its answer (law 13).

    `compared`: live notices that the reader may see. `not_assessed`: the reader's live activities whose
    verdict is `not_assessed`, and live sites that are not placed. `outside`: actors known to be outside
    the terms. `note`: the same words always.
    """

    exercise: bool
    as_of: AsOf
    compared: int
    not_assessed: int
    outside: tuple[str, ...]
    note: str


class Spoken(msgspec.Struct, frozen=True):
    """A judgement, and each finding and alternative of it in a sentence."""

    judgement: Judgement
    findings: tuple[str, ...]
    alternatives: tuple[str, ...]


class HeldUpTo(msgspec.Struct, frozen=True, kw_only=True):
    """A machine signed that it holds its inbox up to a log size; the word stands in an entry, recorded then."""

    size: int
    entry: int
    at: str
    at_us: int


class HeldBy(HeldUpTo, frozen=True, kw_only=True):
    """The newest word of a recipient, where it covers the notice as that recipient is shown it now."""

    to: str


class NoticeItem(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as the reader knows it. What was not released is empty.

    `judged` is there for the reader's own activities (for desk and arbiter, for all): to others a blocked or
    recalled activity reads `filed`. `words`: what must be read with it. `told`: since which entry it is
    shown as it stands; an answer names that entry. Of `told`, `answers` and `awaited` the author sees all, others
    their own. `heard`: likewise, the newest word of each echelon on a stop or a recall.
    `course`: what was said of a movement or flight on its way, newest last. `agreements`: of a flight that asks for
    agreement, the newest word of each party.
    `held`: of one's own notices (desk and arbiter: of all), which recipients' machines hold it as it stands.
    `upkeep`: of sites, how well it is known and when it was last said to be there. `pending`: what of one's own
    notice waits for a second post. `challenges`, `challenge_answers`: what parties say is the matter with it, and
    what its author answered; its author sees all, a party its own.
    """

    id: str
    notice: NoticeClass
    content: Content
    author: str
    status: Status
    since_us: int
    recorded_us: int
    version: int
    flags: tuple[Flag, ...]
    release: tuple[Release, ...]
    held: tuple[HeldBy, ...]
    assented: tuple[str, ...]
    checked_until_us: int | None
    judged: Spoken | None
    because: str
    may_be_airborne: bool
    words: tuple[str, ...]
    told: tuple[ToldItem, ...]
    answers: tuple[NoticeAnswered, ...]
    heard: tuple[Heard, ...]
    course: tuple[OnItsWay, ...]
    agreements: tuple[AgreementGiven, ...]
    awaited: tuple[AwaitedItem, ...]
    upkeep: UpkeepItem | None
    pending: tuple[PendingItem, ...]
    challenges: tuple[NoticeChallenged, ...]
    challenge_answers: tuple[ChallengeAnswered, ...]


class NoticePage(Envelope, frozen=True, kw_only=True):
    """Some notices in the order of their numbers; `next` goes into `after`, null at the end."""

    items: tuple[NoticeItem, ...]
    next: str | None


class NoticeAnswer(Envelope, frozen=True, kw_only=True):
    """One notice."""

    item: NoticeItem


class ViewItem(msgspec.Struct, frozen=True, kw_only=True):
    """What the reader was shown of one entry, with salt and path that prove it under the leaf.

    The view's bytes are the canonical JSON of `{"command", "events"}`; in slot 1, of `{"events"}`.
    """

    seq: int
    at: str
    at_us: int
    leaf: str
    slot: int
    command: bool
    events: tuple[Event, ...]
    salt: str
    path: tuple[str, ...]


class InboxPage(Envelope, frozen=True, kw_only=True):
    """The reader's views in order; `next` goes into `after`, null when there are no more."""

    items: tuple[ViewItem, ...]
    next: int | None


class StreamHead(msgspec.Struct, frozen=True, kw_only=True):
    """The data of a stream's `head`: the signed head of the log, and the size it speaks of."""

    exercise: bool
    size: int
    checkpoint: str


class Cosigned(msgspec.Struct, frozen=True, kw_only=True):
    """Which checkpoint was taken, by its size, and whose cosignatures were found on it."""

    size: int
    cosigned: tuple[str, ...]


class Cut(msgspec.Struct, frozen=True):
    """The data of a stream's `cut`: why it ends."""

    detail: str


class SignedText(msgspec.Struct, frozen=True, kw_only=True):
    """Slot 0: the exact text that was signed, by which key, and its proof."""

    command: str
    key: str
    signature: str
    salt: str
    path: tuple[str, ...]


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An attachment of a command: 32 bytes of salt in hex, and its exact text."""

    salt: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
    body: Annotated[str, msgspec.Meta(max_length=65_536)]


class EntryAnswer(Envelope, frozen=True, kw_only=True):
    """One entry as far as the reader was shown it; `signed` where the command was released to it."""

    item: ViewItem
    signed: SignedText | None
    consent: Document | None
    """For its author, desk and arbiter: who was to be shown what."""


class Recipient(msgspec.Struct, frozen=True):
    """An actor that was shown something of an entry."""

    id: str
    name: str


class Moment(msgspec.Struct, frozen=True):
    """An entry, and when it was recorded."""

    entry: int
    at: str
    at_us: int


class DetailsAnswer(Envelope, frozen=True, kw_only=True):
    """The details document of a notice's version, for its author and those it names.

    `entry`: of that version. The command signed in it says `commitment`, SHA-256 over `standclear/attachment/1\\n`,
    `salt` and `body`. `erased`: when it was; then the other three are null, and only whoever kept them has them.
    """

    entry: int
    commitment: str | None
    salt: str | None
    body: str | None
    erased: Moment | None


class KnownItem(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as the recipient had been shown it: first sent with an entry, standing as it does since another.

    `held`: its machine had signed that it holds this, as far as the asker was told. `assented`: it had assented to
    this area. `horizontal_mm`: from the place asked about to where the notice is, in
    mm rounded outward; null where no place was asked about.
    """

    item: NoticeItem
    sent: Moment
    since: Moment
    held: bool
    assented: bool
    horizontal_mm: Bracket | None


class KnownPage(Envelope, frozen=True, kw_only=True):
    """What a recipient had been sent; `next` goes into `after`, null at the end.

    `assented`: it had assented to the terms. `held`: up to which log size its machine had signed that it holds what
    it was sent, by the newest word that the asker was told of. The envelope's counts are the asker's.
    """

    to: Recipient
    assented: bool
    held: HeldUpTo | None
    items: tuple[KnownItem, ...]
    next: str | None


class SpokenAnswer(Envelope, frozen=True, kw_only=True):
    """A notice as text messages of at most 160 signs, and line by line as it is read out."""

    id: str
    parts: tuple[str, ...]
    radio: tuple[str, ...]


class MapItem(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as it is drawn. `verdict`: of one's own activities; `cover`: it lies somewhere in what is drawn.

    `words`: what must be read with it, as with the notice itself.
    """

    id: str
    notice: NoticeClass
    kind: str
    name: str
    author: str
    status: Status
    verdict: Verdict | None
    cover: bool
    words: tuple[str, ...]
    volumes: tuple[Volume, ...]


class MapCell(msgspec.Struct, frozen=True, kw_only=True):
    """Sites counted together, and about where the middle of them lies."""

    middle: Position
    sites: int


class MapAnswer(Envelope, frozen=True, kw_only=True):
    """What lies in a box; `more`: how many that are not sites are left out."""

    items: tuple[MapItem, ...]
    cells: tuple[MapCell, ...]
    more: int


class WatchAnswer(Envelope, frozen=True, kw_only=True):
    """What is open for the reader, what is due first, first; `more`: how many stand behind the last that is named."""

    items: tuple[OpenItem, ...]
    more: int
    measured: tuple[MeasuredItem, ...]


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the centre takes commands, and how far its log has come."""

    up: bool
    origin: str
    exercise: bool
    size: int
    as_of: AsOf
    version: str


def read_body(kind: type[T], raw: bytes | msgspec.Raw, where: str) -> T:
    """Read JSON of any spelling.

    Raises:
        Malformed: says which field and why.
    """
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        fault, _, path = str(error).partition(" - at ")
        raise Malformed(fault, where=path.strip("`").replace("$", where, 1) or where) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(f"not readable as JSON: {error}", where=where, expected="JSON") from None


def answered(value: msgspec.Struct, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer in canonical JSON."""
    return Response(encode(value), status, headers, "application/json")
