# SPDX-License-Identifier: Apache-2.0
"""What each recipient is shown of an entry: a pure function of the state and the events (design §4, §5).

A view holds the events its recipient may see, with what it may not know left empty, and says whether the
signed command itself is released to it. A recipient's knowledge is the fold of its views (law 8).
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from standclear.core import beside, challenging, holding, incidents, shapes, talking
from standclear.core.commands import (
    Amend,
    AnswerChallenge,
    AnswerNotice,
    AssentToArea,
    AssentToTerms,
    Attest,
    CallLine,
    CallStop,
    Challenge,
    EnrolKeys,
    GiveAgreement,
    GiveFinding,
    InviteKey,
    Notify,
    ObjectToKeys,
    OpenCentre,
    PassTime,
    ProposeTerms,
    ReportAfter,
    ReportDeletion,
    ReportIncident,
    ReportMovement,
    ReportOutcome,
    ResumeRecording,
    RevokeKey,
    Say,
    ShareIncident,
    TakePosition,
    VerifyNotice,
    VouchForPost,
    Withdraw,
)
from standclear.core.events import (
    ActivityBlocked,
    ActivityEnded,
    ActivityFiled,
    ActivityRecalled,
    ActivityRejudged,
    ActivityStarted,
    AgreementGiven,
    AnswerOverdue,
    AreaAssented,
    CentreOpened,
    CheckAnswered,
    CommandRefused,
    ConsentErased,
    CoverMet,
    DetailsErased,
    Event,
    FindingShared,
    InboxHeld,
    KeyEnrolled,
    KeyInvited,
    KeyRevoked,
    LineCalled,
    MovementBecameOverdue,
    MovementReported,
    NoticeAmended,
    NoticeAnswered,
    NoticeClosed,
    NoticeExpired,
    NoticeRecorded,
    NoticeWithdrawn,
    OutcomeReported,
    RecallReported,
    RecordingResumed,
    StopReadBack,
    TermsApplied,
    TermsAssented,
    TermsEnteredIntoForce,
    TimePassed,
    WithheldMet,
)
from standclear.core.model import FlagCode, Release, ReleaseLevel, Status, nameless
from standclear.core.received import Received
from standclear.core.release_answers import (
    seen_agreement,
    seen_answer,
    seen_call,
    seen_read_back,
    told_of_recall,
)
from standclear.core.shapes import EXACTLY, cover_for, released
from standclear.core.state import State
from standclear.core.terms import Role

SEES_ALL = (Role.DESK, Role.ARBITER)
"""They read slot 1, all events, and have no view of their own."""
FOR_EVERYONE = (
    OpenCentre,
    AssentToTerms,
    ProposeTerms,
    InviteKey,
    EnrolKeys,
    CallStop,
    AssentToArea,
    ResumeRecording,
    RevokeKey,
    TakePosition,
    VouchForPost,
    ObjectToKeys,
)
"""Commands released whole to every recipient: terms, keys, stops, assents, resumptions."""
AGES = (NoticeExpired, MovementBecameOverdue, ActivityEnded)
"""What comes of a shape's own time, and is shown to those who have that shape."""

FLAGS_OF_AUTHORS = (
    FlagCode.RELEASE_KEPT,
    FlagCode.SOONER_THAN_STOP,
    FlagCode.POSSIBLE_DUPLICATE,
    FlagCode.OVERLAPS_CLAIM,
)
"""Read by its author alone: to whom else a notice is, or was, released; what a stop took the author's echelons;
which sites it knows."""

REPEATED = 3
"""From so many filings alike that met a cover on, among the last that did, its notifier is alerted each time."""


class View(msgspec.Struct, frozen=True):
    """One recipient's part of an entry; `command` says whether slot 0 is released to it."""

    command: bool
    events: tuple[Event, ...]


def views(before: State, after: State, received: Received, events: tuple[Event, ...]) -> dict[int, View]:
    """The views of an entry by recipient number, none for those it does not concern."""
    found, aged = {}, _aged_by(before, events)
    for actor in after.terms.actors:
        if actor.role in SEES_ALL:
            continue
        seen = tuple(_seen_by(before, after, received, events, aged, actor.id))
        is_author = actor.id == received.actor
        if seen or is_author:
            whole = is_author or _command_released(after, received, actor.id)
            found[actor.number] = View(command=whole, events=seen)
    return found


def _seen_by(
    before: State,
    after: State,
    received: Received,
    events: tuple[Event, ...],
    aged: tuple[tuple[str, ...], ...],
    actor: str,
) -> Iterator[Event]:
    """The events as one recipient is shown them; what a cover met here goes through later is shown with it."""
    met: list[str] = []
    for event, keys in zip(events, aged, strict=True):
        shown = _shown_to(before, after, received, event, actor, met)
        if isinstance(event, AGES):
            shown = event if _is_shown(before, keys, actor, met) else None
        if shown is not None:
            yield shown
        if isinstance(event, CoverMet) and event.first and event.by == actor:
            met.append(event.notice)


def _aged_by(before: State, events: tuple[Event, ...]) -> tuple[tuple[str, ...], ...]:
    """The shapes that each event ages, by their keys; each shape ages once."""
    found, past = [], set[str]()
    for event in events:
        keys: tuple[str, ...] = ()
        if isinstance(event, AGES):
            notice = event.activity if isinstance(event, ActivityEnded) else event.notice
            due = shapes.due(before, notice, event.at_us, covered=event.covered)
            keys = tuple(key for key in due if key not in past)
            past.update(keys)
        found.append(keys)
    return tuple(found)


def _command_released(after: State, received: Received, actor: str) -> bool:
    """Whether a recipient that is not its author may read the signed command."""
    command = received.command
    if isinstance(command, FOR_EVERYONE):
        return True
    match command:
        case PassTime():
            # The clock's key brings agreed terms into force, which is for everyone to see.
            return after.terms_entry == after.size - 1
        case Notify():
            notice = f"N{after.size - 1}"
        case Amend():
            notice = command.amends
        case Withdraw():
            notice = command.withdraws
        case CallLine() | ReportAfter():
            notice = command.notice
        case ReportMovement() | ReportOutcome():
            notice = command.movement
        case Attest():
            notice = command.attests
        case VerifyNotice():
            known = after.notices.get(command.verifies)
            notice = command.verifies if known is not None and known.author == received.actor else ""
        case ReportDeletion():
            known = after.notices.get(command.deletes)
            said = known is not None and any(one.actor == received.actor for one in known.deleted)
            return said and known is not None and known.author == actor
        case AnswerNotice() if command.relayed is None:
            # Its author holds what was signed, and need not believe the desk.
            answered = after.notices.get(command.notice)
            return answered is not None and answered.author == actor and bool(answered.answers)
        case Challenge() | AnswerChallenge():
            return challenging.signed_for(after, received, command, actor)
        case ReportIncident() | ShareIncident() | GiveFinding():
            return incidents.signed_for(after, received, command, actor)
        case Say():
            return talking.signed_for(after, received, actor)
        case GiveAgreement():
            return _agreed_to(after, received, command.notice, actor)
        case _:
            return False
    return level_of(after, notice, actor) is ReleaseLevel.FULL


def _agreed_to(after: State, received: Received, notice_id: str, actor: str) -> bool:
    """Whether a notice's author may read what a party signed of it; what was refused it may not."""
    notice = after.notices.get(notice_id)
    if notice is None or notice.author != actor:
        return False
    return any(one.at_us == received.at_us for one in notice.agreements)


def level_of(state: State, notice_id: str, actor: str) -> ReleaseLevel:
    """How much of a notice an actor is shown, as it stands in the state."""
    notice = state.notices.get(notice_id)
    return _level(notice.release, actor) if notice else ReleaseLevel.WITHHELD


def _level(release: tuple[Release, ...], actor: str) -> ReleaseLevel:
    return next((r.level for r in release if r.to == actor), ReleaseLevel.WITHHELD)


def _shown_to(
    before: State, after: State, received: Received, event: Event, actor: str, met: list[str]
) -> Event | None:
    """An event as one recipient is shown it, or nothing; `met`: notices whose covers this entry released to it."""
    if isinstance(event, beside.Beside):
        return beside.seen(before, after, event, actor)
    match event:
        case (
            CentreOpened()
            | TermsAssented()
            | TermsEnteredIntoForce()
            | TermsApplied()
            | KeyInvited()
            | KeyEnrolled()
            | KeyRevoked()
            | RecordingResumed()
        ):
            return event
        case NoticeRecorded() | NoticeAmended():
            return None if changes_nothing_for(before, event, actor) else _words(before, after, event, actor)
        case CoverMet():
            return _meeting(after, event, actor)
        case NoticeWithdrawn() | NoticeClosed() | AreaAssented():
            shown = event.notice in met or released(before, event.notice) >> before.number(actor) & 1
            return event if shown else None
        case MovementReported() | OutcomeReported() | LineCalled():
            return event if level_of(after, event.notice, actor) is ReleaseLevel.FULL else None
        case (
            ActivityFiled() | ActivityBlocked() | ActivityRecalled() | ActivityRejudged() | ActivityStarted()
        ):
            return event if after.notices[event.activity].author == actor else None
        case FindingShared():
            return event if after.notices[event.notice].author == actor else None
        case AgreementGiven():
            return seen_agreement(after.notices.get(event.notice), event, actor)
        case NoticeAnswered():
            return seen_answer(after.notices.get(event.notice), event, actor)
        case StopReadBack():
            return seen_read_back(after.notices.get(event.stop), event, actor)
        case RecallReported():
            return event if actor in told_of_recall(after, event.activity) else None
        case AnswerOverdue():
            return seen_call(after.notices.get(event.notice), event, actor)
        case InboxHeld():
            return _held_word(before, event, actor)
        case CheckAnswered() | CommandRefused():
            return event if received.actor == actor else None
        case DetailsErased():
            # Who is named in details stands in them alone, and no view is made of them: told is whoever could be.
            return event if after.notices[event.notice].ever >> after.number(actor) & 1 else None
        case ConsentErased():
            return event if after.notices[event.notice].author == actor else None
        case NoticeExpired() | MovementBecameOverdue() | ActivityEnded() | WithheldMet() | TimePassed():
            return None


def _held_word(before: State, event: InboxHeld, actor: str) -> Event | None:
    """A machine's word: whole to its own party; to an author if it covers something of its own, and no more of it."""
    if event.actor == actor:
        return event
    return msgspec.structs.replace(event, count=0, chain="") if holding.tells(before, actor, event) else None


def _is_shown(state: State, keys: tuple[str, ...], actor: str, met: list[str]) -> bool:
    """Whether one of these shapes is released to a recipient, before the entry or by a cover met in it."""
    number = state.number(actor)
    for key in keys:
        shown = state.showings[key]
        if shown.released >> number & 1 or (shown.notice in met and shown.audience >> number & 1):
            return True
    return False


def _meeting(after: State, event: CoverMet, actor: str) -> Event | None:
    """To the filer, the cover when it is released; to the author, who met it, and who keeps doing so."""
    if event.by == actor:
        return msgspec.structs.replace(event, alike="", times=0) if event.first else None
    if after.notices[event.notice].author == actor and (event.first or event.times >= REPEATED):
        return msgspec.structs.replace(event, activity="", alike="")
    return None


def changes_nothing_for(before: State, event: NoticeRecorded | NoticeAmended, actor: str) -> bool:
    """An amendment that leaves a recipient's view equal is invisible to it (design §5).

    Not to its author; nor where it ends a state that the recipient was told of (expired, overdue, assented).
    """
    if not isinstance(event, NoticeAmended) or event.author == actor:
        return False
    level = _level(event.release, actor)
    known = before.notices.get(event.notice)
    if known is None or level is not _level(known.release, actor) or level not in EXACTLY:
        return False
    if known.assented or known.status in (Status.EXPIRED, Status.OVERDUE):
        return False
    # Flags are of what was said when: an amendment for others must not show by being late.
    shown, same = (
        msgspec.structs.replace(event, content=content, flags=())
        for content in (event.content, known.content)
    )
    return _exactly(shown, actor, level) == _exactly(same, actor, level)


def _words(before: State, after: State, event: NoticeRecorded | NoticeAmended, actor: str) -> Event | None:
    """A notice's words: whole, or where and when without its name, author and flags, or a cover that changed."""
    level = _level(event.release, actor)
    match level:
        case ReleaseLevel.FULL | ReleaseLevel.VOLUME:
            return _exactly(event, actor, level)
        case ReleaseLevel.COVER:
            return _cover_again(before, after, event, actor)
        case ReleaseLevel.WITHHELD:
            return None


def _exactly(event: NoticeRecorded | NoticeAmended, actor: str, level: ReleaseLevel) -> Event:
    """The words of a notice to one who is shown where and when it is."""
    if event.author == actor:
        return event
    own = (Release(to=actor, level=level),)
    if level is ReleaseLevel.FULL:
        flags = tuple(flag for flag in event.flags if flag.code not in FLAGS_OF_AUTHORS)
        return msgspec.structs.replace(event, release=own, flags=flags, cover=None)
    content = nameless(event.content)
    return msgspec.structs.replace(event, content=content, author="", release=own, flags=(), cover=None)


def _cover_again(
    before: State, after: State, event: NoticeRecorded | NoticeAmended, actor: str
) -> Event | None:
    """The new cover, to one who has met the old one; nothing where it is the same, or was never met."""
    number = before.number(actor)
    was, now = cover_for(before, event.notice, number), cover_for(after, event.notice, number)
    if was is None or now is None or event.cover is None or not was.met >> number & 1:
        return None
    if was.content == event.cover and not was.aged:
        return None
    own = (Release(to=actor, level=ReleaseLevel.COVER),)
    return msgspec.structs.replace(event, content=event.cover, author="", release=own, flags=(), cover=None)
