# SPDX-License-Identifier: Apache-2.0
"""What a reader of the log knows after so many entries: immutable, so that a batch folds a private successor.

The centre holds one of these over all events, and one a recipient over that recipient's views; both are
made by `evolve` alone, so replay rebuilds them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple, TypeAlias

import msgspec
from rpds import HashTrieMap

from standclear.core.commands import Mandate, Signing, Use
from standclear.core.events import (
    AfterReported,
    AgreementGiven,
    ChallengeAnswered,
    Countersigned,
    DeletionReported,
    DeskUnmanned,
    FindingGiven,
    IncidentReported,
    KeyRevoked,
    LineCalled,
    MessageSaid,
    MovementReported,
    NoticeAnswered,
    NoticeAttested,
    NoticeChallenged,
    NoticeVerified,
    OutcomeReported,
    PositionTaken,
    PostVouched,
    RecallReported,
    ReplacementObjected,
    RosterSigned,
    StopReadBack,
    WaitsBecause,
    WatchHandedOver,
    WatchTaken,
)
from standclear.core.model import Content, Finding, Flag, Judgement, Release, ReleaseLevel, Status
from standclear.core.terms import DAY_US, Actor, CoverSteps, NoticeClass, StopLine, Terms
from standclear.geometry.index import EMPTY, Index
from standclear.geometry.volume import MAX_RADIUS_MM, NO_THEATRE
from standclear.units import US_PER_S

BUCKET_US: Final = 60 * US_PER_S
"""What falls due is kept by the minute."""

ALL: Final = -1
"""Stands for desk and arbiter among the recipient numbers: all notices that are compared at an exact shape."""

LIVE: Final = frozenset(Status) - {Status.CLOSED, Status.ENDED}
"""Notices of these states are compared; a withdrawn activity is closed at once, other notices after grace."""

NO_TERMS: Final = Terms(
    title="",
    version=0,
    in_force_from_us=None,
    in_force_until_us=None,
    actors=(),
    kinds=(),
    rules=(),
    forms=(),
    theatre=NO_THEATRE,
    hazard_margin_mm=0,
    withdrawal_grace_us=0,
    skew_us=0,
    oversize_mm=0,
    cover=CoverSteps(cell_e7=1_000_000, reaches_mm=(MAX_RADIUS_MM,), height_mm=1_000_000, time_us=DAY_US),
    stop=StopLine(echelons=("liaison",), steps_us=(30 * US_PER_S,), read_back_mm=100_000),
    outside=(),
)


class Key(NamedTuple):
    """An enrolled key: whose, for which post, for which one use, since which entry; and which one revoked it."""

    public: str
    use: Use
    actor: str
    post: str
    mandate: Mandate | None = None
    entry: int = 0
    ended: tuple[int, KeyRevoked] | None = None


class Invitation(NamedTuple):
    """A one-time key that may enrol keys for a post until it expires or is used."""

    public: str
    actor: str
    post: str
    expires_us: int
    used: bool
    mandate: Mandate | None = None
    entry: int = 0


class Showing(NamedTuple):
    """One shape of a notice as some recipients are judged against it; `audience` is a bit mask of numbers.

    `covered`: the shape is a cover. It is judged against for all of its audience, but released only to those in
    `met`. `aged`: expired or overdue, by the cover's own time.
    """

    notice: str
    content: Content
    audience: int
    covered: bool = False
    met: int = 0
    aged: bool = False

    @property
    def released(self) -> int:
        """To whom it is released, as a bit mask: a cover only to those who have met it."""
        return self.met if self.covered else self.audience


Steps: TypeAlias = "tuple[tuple[int, int], ...]"
"""Entries, each with recipients as a bit mask of their numbers; a recipient stands in one step at most."""


class Word(NamedTuple):
    """The newest word of a recipient's machine: it holds its inbox up to `size`; said in an entry, recorded then."""

    size: int
    entry: int
    at_us: int


class Unheld(NamedTuple):
    """What an author has released and no word shown to it covers: its first entry, and its newest."""

    first: Steps
    newest: Steps


class Due(NamedTuple):
    """Something that happens by itself at a time, unless the notice has changed since (`version`).

    `covered`: it happens to its cover, whose times are wider.
    `calls`: those who have not answered are called, and nothing happens to the notice itself.
    """

    at_us: int
    notice: str
    version: int
    covered: bool = False
    calls: bool = False


class Told(NamedTuple):
    """Since which entry some recipients have been shown a notice as it stands; a bit mask of their numbers."""

    audience: int
    seq: int
    at_us: int


class Measured(NamedTuple):
    """How long an echelon took to read a stop back, which stop, and when."""

    took_us: int
    stop: str
    at_us: int


class Pending(msgspec.Struct, frozen=True):
    """What of a notice waits for a second person: who signed it, in which entry."""

    what: Signing
    because: WaitsBecause
    post: str
    entry: int
    at_us: int


class Meeting(msgspec.Struct, frozen=True):
    """A party whose activity met a notice's cover: first in an entry, last in another; `times`: alike, of late."""

    by: str
    entry: int
    at_us: int
    last_entry: int
    last_us: int
    times: int


class Case(msgspec.Struct, frozen=True):
    """An incident: what was reported, whom its author had it shown, what each side found, how often it was called."""

    said: IncidentReported
    shared: tuple[tuple[str, ReleaseLevel], ...] = ()
    findings: tuple[FindingGiven, ...] = ()
    calls: int = 0


class Against(msgspec.Struct, frozen=True):
    """What its author was told of an activity that comes too close to a notice, and in which entry."""

    activity: str
    finding: Finding
    entry: int


Heard = StopReadBack | RecallReported
"""An echelon's word that a stop or a recall came through."""
OnItsWay = MovementReported | OutcomeReported | LineCalled
"""What was said of a movement or flight on its way."""


class Notice(msgspec.Struct, frozen=True):
    """A notice as it stands. `showings` are the keys of its shapes that are still compared, newest last.

    `told` says since when whom; `answers` has the newest of each party and echelon, to what it is shown now.
    `heard`: the newest word of each echelon on a stop or a recall. `recalled_us`: since when an
    activity has been recalled, until it is filed again.
    `entries`: in which it was said, as far as this reader was shown. `ever`: a bit mask of all who were
    ever shown where it is. `met`: who met its cover, as far as this reader was told.
    `verified`, `attested`: the newest word of each who looked at a site; when it was last said to be there.
    `course`: the newest of what was said of it on its way, newest last; lines called, of its newest words alone.
    `agreements`: the newest of each party, to what it is shown now. `against`: the newest told of each activity and
    rule; that one became no finding any more is never told.
    `reminded`: its author was reminded to say so again. `pending`, `countersigned`: what waits for a second person, and
    what those said, the newest eight. `deleted`: who said that it deleted its copies.
    `after`: its author's newest report on the exception that it claims.
    `challenges`, `challenge_answers`: the newest of each party, and to each the newest answer (`core/challenging`).
    """

    id: str
    notice_class: NoticeClass
    content: Content
    author: str
    release: tuple[Release, ...]
    status: Status
    version: int
    flags: tuple[Flag, ...]
    recorded_us: int
    since_us: int
    checked_until_us: int | None
    assented: tuple[str, ...]
    judgement: Judgement | None
    because: str
    showings: tuple[str, ...]
    told: tuple[Told, ...] = ()
    answers: tuple[NoticeAnswered, ...] = ()
    heard: tuple[Heard, ...] = ()
    recalled_us: int | None = None
    entries: tuple[int, ...] = ()
    ever: int = 0
    met: tuple[Meeting, ...] = ()
    course: tuple[OnItsWay, ...] = ()
    verified: tuple[NoticeVerified, ...] = ()
    attested: NoticeAttested | None = None
    reminded: bool = False
    agreements: tuple[AgreementGiven, ...] = ()
    against: tuple[Against, ...] = ()
    pending: tuple[Pending, ...] = ()
    countersigned: tuple[Countersigned, ...] = ()
    deleted: tuple[DeletionReported, ...] = ()
    after: AfterReported | None = None
    challenges: tuple[NoticeChallenged, ...] = ()
    challenge_answers: tuple[ChallengeAnswered, ...] = ()


class Proposal(msgspec.Struct, frozen=True):
    """Terms that a party proposed, in which entry, and who has assented since; `agreed_us`: when the last one had."""

    hash: str
    terms: Terms
    by: str
    post: str
    entry: int
    at_us: int
    assents: tuple[str, ...]
    agreed_us: int | None = None


class Watch(msgspec.Struct, frozen=True):
    """An actor's roster; who is on watch, one a desk; the newest handovers; alarms that a desk was unmanned."""

    roster: RosterSigned | None = None
    on: tuple[WatchTaken, ...] = ()
    handovers: tuple[WatchHandedOver, ...] = ()
    unmanned: tuple[DeskUnmanned, ...] = ()


class State(msgspec.Struct, frozen=True):
    """The fold of `size` entries. `visible` counts live notices by recipient number (law 13).

    `meetings`: by notice and party, digests of that party's last filings that met the notice's cover. `measured`: by
    party and echelon, the last stop that it read back rightly under its own signature.
    `held`: by actor, what its machine signed that it holds; `unheld`: by author, what it waits for (`core/holding`).
    `erased`: by notice and what of it, the newest entry that had it erased; versions before that entry lack it.
    `revoked`: keys that stand for nobody any more, by id. `replacements`: by one-time key (`core/replacing`).
    `resumed`: heads, by size and root, that this log's key had signed and that were given up (`core/resuming`).
    `positions`: the newest word of each party on the terms' text, and on taking part (`core/positions`).
    `proposals`: terms that are proposed and open, oldest first; `terms_entry`: where those that stand came into force.
    `messages`: by sender, the newest that were said on the hotline (`core/talking`).
    `incidents`: harm that was reported, by id (`core/incidents`).
    `watches`: by actor, its roster and who is on watch (`core/watching`).
    `withdrawals`: by author, when it last withdrew spared notices, as many as the terms count.
    """

    size: int
    origin: str
    exercise: bool
    terms: Terms
    assents: tuple[str, ...]
    actors: HashTrieMap[str, Actor]
    keys: HashTrieMap[str, Key]
    invitations: HashTrieMap[str, Invitation]
    notices: HashTrieMap[str, Notice]
    showings: HashTrieMap[str, Showing]
    visible: HashTrieMap[int, int]
    meetings: HashTrieMap[tuple[str, str], tuple[str, ...]]
    measured: HashTrieMap[tuple[str, str], Measured]
    index: Index
    due: HashTrieMap[int, tuple[Due, ...]]
    ticked_us: int
    held: HashTrieMap[str, Word]
    unheld: HashTrieMap[str, Unheld]
    erased: HashTrieMap[tuple[str, str], int]
    resumed: tuple[tuple[int, str], ...]
    revoked: HashTrieMap[str, Key]
    replacements: HashTrieMap[str, PostVouched | ReplacementObjected]
    withdrawals: HashTrieMap[str, tuple[int, ...]]
    positions: tuple[PositionTaken, ...]
    proposals: tuple[Proposal, ...]
    terms_entry: int
    messages: HashTrieMap[str, tuple[MessageSaid, ...]]
    incidents: HashTrieMap[str, Case]
    watches: HashTrieMap[str, Watch]

    def number(self, actor: str) -> int:
        """The recipient number of an actor; -1 for one the terms do not name."""
        found = self.actors.get(actor)
        return found.number if found else -1

    def in_force(self, at_us: int) -> bool:
        """Whether every party assented and the terms' own dates hold at this time."""
        terms = self.terms
        begun = terms.in_force_from_us is None or terms.in_force_from_us <= at_us
        lapsed = terms.in_force_until_us is not None and terms.in_force_until_us < at_us
        return begun and not lapsed and all(party.id in self.assents for party in terms.parties())

    def due_by(self, at_us: int) -> tuple[Due, ...]:
        """What falls due by then, in order of time, then notice."""
        first, last = self.ticked_us // BUCKET_US, at_us // BUCKET_US
        if last - first < len(self.due):
            minutes: Iterator[int] = iter(range(first, last + 1))
        else:
            minutes = iter(sorted(minute for minute in self.due if minute <= last))
        found = [due for minute in minutes for due in self.due.get(minute, ()) if due.at_us <= at_us]
        return tuple(sorted(found))


NOTHING: Final = State(
    size=0,
    origin="",
    exercise=False,
    terms=NO_TERMS,
    assents=(),
    actors=HashTrieMap(),
    keys=HashTrieMap(),
    invitations=HashTrieMap(),
    notices=HashTrieMap(),
    showings=HashTrieMap(),
    visible=HashTrieMap(),
    meetings=HashTrieMap(),
    measured=HashTrieMap(),
    index=EMPTY,
    due=HashTrieMap(),
    ticked_us=0,
    held=HashTrieMap(),
    unheld=HashTrieMap(),
    erased=HashTrieMap(),
    resumed=(),
    revoked=HashTrieMap(),
    replacements=HashTrieMap(),
    withdrawals=HashTrieMap(),
    positions=(),
    proposals=(),
    terms_entry=0,
    messages=HashTrieMap(),
    incidents=HashTrieMap(),
    watches=HashTrieMap(),
)
"""Before entry 0."""
