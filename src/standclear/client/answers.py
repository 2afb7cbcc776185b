# SPDX-License-Identifier: Apache-2.0
"""What a centre answers, as values. Fields that a later centre adds are read over."""

from __future__ import annotations

import msgspec

from standclear.core.commands import Signing, Verification
from standclear.core.events import (
    AgreementGiven,
    ChallengeAnswered,
    Event,
    NoticeAnswered,
    NoticeChallenged,
    NoticeRecorded,
    NoticeVerified,
    PositionTaken,
    WaitsBecause,
)
from standclear.core.model import Content, Flag, Judgement, Release, Status
from standclear.core.state import Heard, OnItsWay
from standclear.core.terms import NoticeClass, Terms
from standclear.geometry.separation import Bracket


class AsOf(msgspec.Struct, frozen=True):
    """Which log an answer was read from; `live` false where the question was what was known then."""

    size: int
    at: str
    at_us: int
    live: bool = True


class Recipient(msgspec.Struct, frozen=True):
    """An actor that was shown something of an entry."""

    id: str
    name: str


class SlotProof(msgspec.Struct, frozen=True):
    """Salt and path that prove what stands in a slot."""

    salt: str
    path: tuple[str, ...]


class Judged(msgspec.Struct, frozen=True):
    """A judgement, and each finding and alternative of it in a sentence."""

    judgement: Judgement
    findings: tuple[str, ...]
    alternatives: tuple[str, ...]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A command that stands in the log. Without a session of its author's party, the entry is all there is."""

    entry: int
    at: str = ""
    at_us: int = 0
    exercise: bool = False
    leaf: str = ""
    path: tuple[str, ...] = ()
    checkpoint: str = ""
    command: SlotProof | None = None
    recipients: tuple[Recipient, ...] = ()
    events: tuple[Event, ...] = ()
    outside: tuple[str, ...] = ()
    note: str = ""

    @property
    def has_receipt(self) -> bool:
        """Whether the proof came with it."""
        return bool(self.checkpoint)

    @property
    def notice(self) -> str | None:
        """The id of the notice that this entry recorded."""
        return next((event.notice for event in self.events if isinstance(event, NoticeRecorded)), None)


class CheckAnswer(Answer, frozen=True, kw_only=True):
    """A receipt, and what a check came to."""

    judged: Judged | None = None
    check_note: str = ""


class Problem(msgspec.Struct, frozen=True):
    """Problem Details (RFC 9457)."""

    type: str = "about:blank"
    title: str = ""
    status: int = 0
    detail: str = ""
    where: str = ""
    expected: str = ""


class BatchResult(msgspec.Struct, frozen=True):
    """What came of one command of a batch."""

    status: int
    answer: Answer | None = None
    problem: Problem | None = None


class BatchAnswer(msgspec.Struct, frozen=True):
    """The results, in the order of the commands."""

    results: tuple[BatchResult, ...]


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What every read says besides its answer (law 13)."""

    exercise: bool
    as_of: AsOf
    compared: int
    not_assessed: int
    outside: tuple[str, ...]
    note: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """To whom a notice is shown as it stands, in one entry."""

    entry: int
    at_us: int
    to: tuple[str, ...]


class Awaited(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that has not come: whose, by when, and how often it was called for since."""

    rule: str
    party: str
    echelon: str
    by_us: int
    calls: int


class Open(msgspec.Struct, frozen=True, kw_only=True):
    """Something that waits, and in words for what."""

    what: str
    notice: str
    waits_on: tuple[str, ...]
    echelon: str
    by_us: int | None
    since_us: int
    calls: int
    words: str


class HeldUpTo(msgspec.Struct, frozen=True, kw_only=True):
    """A machine signed that it holds its inbox up to a log size; `to` where a notice's recipient is meant."""

    size: int
    entry: int
    at: str
    at_us: int
    to: str = ""


class Upkeep(msgspec.Struct, frozen=True, kw_only=True):
    """How well a site is known, and when it was last said to be there; `words` says it."""

    verification: Verification | None
    verified: tuple[NoticeVerified, ...]
    attested_as_of_us: int | None
    attest_by_us: int | None
    overdue: bool
    words: str


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """What of one's own notice waits for a second post, as signed in an entry."""

    what: Signing
    because: WaitsBecause
    post: str
    entry: int
    at_us: int
    words: str


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as the reader knows it."""

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
    held: tuple[HeldUpTo, ...] = ()
    assented: tuple[str, ...]
    checked_until_us: int | None
    judged: Judged | None
    because: str
    may_be_airborne: bool
    words: tuple[str, ...]
    told: tuple[Told, ...]
    answers: tuple[NoticeAnswered, ...]
    heard: tuple[Heard, ...]
    course: tuple[OnItsWay, ...] = ()
    agreements: tuple[AgreementGiven, ...] = ()
    awaited: tuple[Awaited, ...]
    upkeep: Upkeep | None = None
    pending: tuple[Waiting, ...] = ()
    challenges: tuple[NoticeChallenged, ...] = ()
    challenge_answers: tuple[ChallengeAnswered, ...] = ()


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """How long an echelon took to read back the last stop or drill that it signed for, in µs."""

    party: str
    echelon: str
    stop: str
    took_us: int
    at_us: int


class Watch(Said, frozen=True, kw_only=True):
    """What is open, what is due first, first; and how many more there are."""

    items: tuple[Open, ...]
    more: int
    measured: tuple[Measured, ...]


class Page(Said, frozen=True, kw_only=True):
    """Some notices, and where to go on."""

    items: tuple[Item, ...]
    next: str | None


class One(Said, frozen=True, kw_only=True):
    """One notice."""

    item: Item


class Moment(msgspec.Struct, frozen=True):
    """An entry, and when it was recorded."""

    entry: int
    at: str
    at_us: int


class Details(Said, frozen=True, kw_only=True):
    """The details document of one version of a notice; once erased, when it was and nothing else."""

    entry: int
    commitment: str | None
    salt: str | None
    body: str | None
    erased: Moment | None


class KnownItem(msgspec.Struct, frozen=True, kw_only=True):
    """A notice as a recipient had been shown it; mm from the place asked about, rounded outward."""

    item: Item
    sent: Moment
    since: Moment
    held: bool = False
    assented: bool
    horizontal_mm: Bracket | None


class KnownPage(Said, frozen=True, kw_only=True):
    """What a recipient had been sent, held and assented to, and where to go on."""

    to: Recipient
    assented: bool
    held: HeldUpTo | None
    items: tuple[KnownItem, ...]
    next: str | None


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """Terms that are proposed and open; `changes`: what they change of those that stand, in sentences."""

    hash: str
    terms: Terms
    by: str
    post: str
    entry: int
    at_us: int
    assents: tuple[str, ...]
    waits_on: tuple[str, ...]
    agreed_us: int | None
    changes: tuple[str, ...]


class TermsAnswer(Said, frozen=True, kw_only=True):
    """The terms, the hash that a party assents to, and who has."""

    origin: str
    terms: Terms
    hash: str
    assents: tuple[str, ...]
    positions: tuple[PositionTaken, ...]
    suspended: tuple[str, ...]
    in_force: bool
    proposals: tuple[Proposed, ...]


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What the reader was shown of one entry, with its proof."""

    seq: int
    at: str
    at_us: int
    leaf: str
    slot: int
    command: bool
    events: tuple[Event, ...]
    salt: str
    path: tuple[str, ...]


class InboxPage(Said, frozen=True, kw_only=True):
    """Some views, and where to go on."""

    items: tuple[View, ...]
    next: int | None


class SignedText(msgspec.Struct, frozen=True, kw_only=True):
    """The exact text of a command, and its proof."""

    command: str
    key: str
    signature: str
    salt: str
    path: tuple[str, ...]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A document that was sent beside a command."""

    salt: str
    body: str


class Entry(Said, frozen=True, kw_only=True):
    """One entry as far as the reader was shown it."""

    item: View
    signed: SignedText | None
    consent: Document | None = None


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the centre takes commands, and how far its log has come."""

    up: bool
    origin: str
    exercise: bool
    size: int
    as_of: AsOf
    version: str


class Challenge(msgspec.Struct, frozen=True):
    """A nonce to sign."""

    nonce: str
    expires: str


class Session(msgspec.Struct, frozen=True):
    """A token, and for whom."""

    token: str
    expires: str
    actor: str
    post: str
