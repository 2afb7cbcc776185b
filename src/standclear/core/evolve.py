# SPDX-License-Identifier: Apache-2.0
"""Fold events into state. Computes no separation and decides nothing; replay goes through here alone.

The same fold serves the centre, over all events, and each recipient, over the events of its views.
"""

from __future__ import annotations

from msgspec.structs import replace
from rpds import HashTrieMap

from standclear.core import (
    answering,
    beside,
    excepting,
    holding,
    meetings,
    positions,
    shapes,
    two_person,
    upkeep,
)
from standclear.core.agreeing import agreements_left, keep_agreement
from standclear.core.changing import now, past, put, wait
from standclear.core.commands import Erasable
from standclear.core.course import after_amendment, keep_against, keep_said
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
from standclear.core.evolve_activities import keep_heard, keep_judged
from standclear.core.foreseen import Foreseen
from standclear.core.judge import open_ended
from standclear.core.model import Activity, Release, ReleaseLevel, Status
from standclear.core.state import BUCKET_US, Invitation, Key, Notice, State
from standclear.geometry.index import NotKept

KEPT_MEETINGS = 16
"""So many of a party's last filings that met a cover are remembered, to tell those that repeat."""


def evolve(state: State, event: Event) -> State:
    """The state after one event of the entry numbered `state.size`."""
    if isinstance(event, beside.Beside):
        return beside.followed(state, event)
    match event:
        case CentreOpened() | TermsAssented() | TermsApplied():
            return _standing(state, event)
        case KeyInvited() | KeyEnrolled() | KeyRevoked():
            return _with_key(state, event)
        case NoticeRecorded() | NoticeAmended():
            return _said(state, event)
        case NoticeWithdrawn() | NoticeClosed() | NoticeExpired() | MovementBecameOverdue():
            return _aged(state, event)
        case AreaAssented():
            notice = state.notices[event.notice]
            return put(state, replace(notice, assented=(*notice.assented, event.actor)))
        case NoticeAnswered():
            notice = state.notices[event.notice]
            return put(state, replace(notice, answers=answering.with_answer(notice, event)))
        case StopReadBack() | RecallReported():
            return keep_heard(state, event)
        case ActivityFiled() | ActivityBlocked() | ActivityRecalled() | ActivityRejudged():
            return keep_judged(state, event)
        case ActivityStarted():
            return now(state, event.activity, Status.ACTIVE, event.at_us)
        case ActivityEnded():
            keys = shapes.due(state, event.activity, event.at_us, covered=event.covered)
            ended = past(state, event.activity, Status.ENDED, event.at_us)
            return shapes.hide(ended, ended.notices[event.activity], keys)
        case CoverMet():
            return _met(state, event)
        case TimePassed():
            return _time_passed(state, event.until_us)
        case DetailsErased() | ConsentErased():
            what = Erasable.DETAILS if isinstance(event, DetailsErased) else Erasable.CONSENT
            return replace(state, erased=state.erased.insert((event.notice, what.value), state.size))
        case FindingShared():
            return keep_against(state, event)
        case AgreementGiven():
            return keep_agreement(state, event)
        case MovementReported() | OutcomeReported() | LineCalled():
            return keep_said(state, event)
        case InboxHeld():
            return holding.held(state, event)
        case RecordingResumed():
            return replace(state, resumed=(*state.resumed, (event.size, event.root)))
        case TermsEnteredIntoForce() | AnswerOverdue() | WithheldMet() | CheckAnswered() | CommandRefused():
            return state


def after_entry(state: State, events: tuple[Event, ...]) -> State:
    """The state after a whole entry: its events in order, and one entry more."""
    left = events
    if isinstance(events, Foreseen) and events.before is state:
        state, left = events.after, events[events.folded :]
    for event in left:
        state = evolve(state, event)
    return replace(state, size=state.size + 1)


def _standing(
    state: State,
    event: CentreOpened | TermsAssented | TermsApplied,
) -> State:
    """Who takes part, by which terms."""
    match event:
        case CentreOpened():
            actors = HashTrieMap({actor.id: actor for actor in event.terms.actors})
            opened = replace(
                state,
                origin=event.origin,
                exercise=event.exercise,
                terms=event.terms,
                actors=actors,
            )
            return positions.with_ends(opened, event.terms)
        case TermsAssented():
            return replace(state, assents=(*state.assents, event.actor))
        case TermsApplied():
            if isinstance(state.index, NotKept):
                # What a recipient knows at the centre: nobody is called from it, and there are hundreds of them.
                return state
            asked = upkeep.reminded_anew(answering.asked_anew(state, event.at_us), event.at_us)
            return excepting.awaited_anew(asked, event.at_us)


def _with_key(state: State, event: KeyInvited | KeyEnrolled | KeyRevoked) -> State:
    """Which keys stand for whom."""
    match event:
        case KeyInvited():
            offered = Invitation(
                event.public, event.actor, event.post, event.expires_us, False, event.mandate, state.size
            )
            return replace(state, invitations=state.invitations.insert(event.key, offered))
        case KeyEnrolled():
            invitations = state.invitations
            offered_by = invitations.get(event.invitation)
            if offered_by is not None:
                invitations = invitations.insert(event.invitation, offered_by._replace(used=True))
            key = Key(event.public, event.use, event.actor, event.post, event.mandate, state.size)
            return replace(state, keys=state.keys.insert(event.key, key), invitations=invitations)
        case KeyRevoked():
            gone = state.keys[event.key]._replace(ended=(state.size, event))
            invitations = state.invitations
            for code, offered in state.invitations.items():
                # Whoever took the device may have written one for itself before.
                if offered.actor == event.actor and not offered.used:
                    invitations = invitations.insert(code, offered._replace(used=True))
            keys, revoked = state.keys.remove(event.key), state.revoked.insert(event.key, gone)
            return replace(state, keys=keys, revoked=revoked, invitations=invitations)


def _said(state: State, event: NoticeRecorded | NoticeAmended) -> State:
    """A notice says something new: its shape, its due time, and who is shown it."""
    notice = _with_words(state, event)
    ever = notice.ever | shapes.audience(state, notice, *shapes.EXACTLY)
    answers = answering.still_hold(state, notice) if notice.answers else ()
    notice = replace(notice, answers=answers, agreements=agreements_left(state, notice), ever=ever)
    state = holding.shown(state, event.author, answering.told_now(state, notice))
    state = shapes.show(state, notice, event.cover)
    state = wait(state, notice, shapes.falls_due(event.content, event.at_us))
    calls_us = answering.calls_after(state, state.notices[notice.id], event.at_us)
    state = wait(state, notice, calls_us, calls=True)
    state = _await_kept(state, notice)
    state = upkeep.reminded(state, state.notices[notice.id], event.at_us)
    state = excepting.awaiting(state, state.notices[notice.id], event.at_us)
    if event.cover is None:
        return state
    return wait(state, notice, shapes.falls_due(event.cover, event.at_us), covered=True)


def _with_words(state: State, event: NoticeRecorded | NoticeAmended) -> Notice:
    """A notice with its new words, and what of the old ones is left."""
    kind = state.terms.kind(event.content.kind)
    if kind is None:
        raise KeyError(f"{event.notice} is of kind {event.content.kind}, which the terms do not define")
    before = state.notices.get(event.notice)
    is_activity = isinstance(event.content, Activity)
    first = Notice(
        id=event.notice,
        notice_class=kind.notice,
        content=event.content,
        author=event.author,
        release=event.release,
        status=Status.FILED if is_activity else Status.CURRENT,
        version=1,
        flags=event.flags,
        recorded_us=event.at_us,
        since_us=event.at_us,
        checked_until_us=None,
        assented=(),
        judgement=None,
        because="",
        showings=(),
        told=answering.told_by(state, event),
        entries=(state.size,),
    )
    if before is None:
        return first
    said = ("notice_class", "content", "author", "release", "status", "flags", "since_us", "told")
    ended = ("checked_until_us", "assented", "because")
    return replace(
        before,
        **{name: getattr(first, name) for name in (*said, *ended)},
        version=before.version + 1,
        entries=(*before.entries, state.size),
        verified=upkeep.still_verified(before, event.content),
        course=after_amendment(before),
    )


def _await_kept(state: State, notice: Notice) -> State:
    """Older shapes that some are left with go on having their own times."""
    for key in notice.showings:
        kept = state.showings.get(key)
        ends_us = shapes.ends(kept.content) if kept and not kept.aged else None
        if kept is not None and ends_us is not None:
            state = wait(state, notice, (ends_us,), covered=kept.covered)
    return state


def _met(state: State, event: CoverMet) -> State:
    """A cover is released; in the view of the one who met it, the notice begins to stand with this."""
    known = state.notices.get(event.notice)
    if event.first:
        notice = known if known is not None and known.author else _covered(state, event, known)
        state = shapes.release_cover(state, notice, state.number(event.by), event.content)
    state = meetings.kept(state, event)
    if not event.alike:
        return state
    meeting = (event.notice, event.by)
    heard = (*state.meetings.get(meeting, ()), event.alike)[-KEPT_MEETINGS:]
    return replace(state, meetings=state.meetings.insert(meeting, heard))


def _covered(state: State, event: CoverMet, known: Notice | None) -> Notice:
    """A notice as one knows it who has just met its cover."""
    kind = state.terms.kind(event.content.kind)
    if kind is None:
        raise KeyError(f"{event.notice} is of kind {event.content.kind}, which the terms do not define")
    return Notice(
        id=event.notice,
        notice_class=kind.notice,
        content=event.content,
        author="",
        release=(Release(to=event.by, level=ReleaseLevel.COVER),),
        status=event.status,
        version=known.version + 1 if known else 1,
        flags=(),
        recorded_us=known.recorded_us if known else event.at_us,
        since_us=event.at_us,
        checked_until_us=event.checked_until_us,
        assented=(),
        judgement=None,
        because="",
        showings=known.showings if known else (),
    )


def _aged(
    state: State,
    event: NoticeWithdrawn | NoticeClosed | NoticeExpired | MovementBecameOverdue,
) -> State:
    """Withdrawal, expiry and being overdue never end the sparing; only closing does."""
    notice = state.notices[event.notice]
    match event:
        case NoticeWithdrawn():
            state = two_person.counted(state, event)
            withdrawn = replace(
                notice,
                pending=(),
                status=Status.WITHDRAWN,
                since_us=event.at_us,
                checked_until_us=event.checked_until_us,
            )
            if event.checked_until_us <= event.at_us:
                return shapes.hide(state, withdrawn)
            # A movement that nobody maintains any longer may be anywhere along its way.
            state = shapes.reshape(put(state, withdrawn), withdrawn.showings, open_ended)
            return wait(state, withdrawn, (event.checked_until_us,))
        case NoticeClosed():
            ended = Status.WITHDRAWN if notice.status is Status.WITHDRAWN else Status.CLOSED
            return shapes.hide(state, replace(notice, status=ended, since_us=event.at_us))
        case NoticeExpired():
            keys = shapes.due(state, event.notice, event.at_us, covered=event.covered)
            return shapes.age(past(state, event.notice, Status.EXPIRED, event.at_us), keys)
        case MovementBecameOverdue():
            keys = shapes.due(state, event.notice, event.at_us, covered=event.covered)
            return shapes.reshape(past(state, event.notice, Status.OVERDUE, event.at_us), keys, open_ended)


def _time_passed(state: State, until_us: int) -> State:
    """Forget what was due by then; `decide` has said what came of it."""
    due = state.due
    for minute in sorted({item.at_us // BUCKET_US for item in state.due_by(until_us)}):
        left = tuple(item for item in due[minute] if item.at_us > until_us)
        due = due.insert(minute, left) if left else due.remove(minute)
    return replace(state, due=due, ticked_us=until_us)
