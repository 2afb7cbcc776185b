# SPDX-License-Identifier: Apache-2.0
"""What each recipient is shown of an entry: a pure function of the state and the events (design §4, §5).

A view holds the events its recipient may see, with what it may not know left empty, and says whether the
signed command itself is released to it. A recipient's knowledge is the fold of its views (law 8).
"""

from __future__ import annotations

import msgspec

from standclear.core.commands import (
    Amend,
    AssentToArea,
    AssentToTerms,
    CallStop,
    EnrolKeys,
    InviteKey,
    Notify,
    OpenCentre,
    ReportMovement,
    Withdraw,
)
from standclear.core.events import (
    ActivityBlocked,
    ActivityEnded,
    ActivityFiled,
    ActivityRecalled,
    ActivityRejudged,
    ActivityStarted,
    AreaAssented,
    CentreOpened,
    CheckAnswered,
    CommandRefused,
    Event,
    FindingShared,
    KeyEnrolled,
    KeyInvited,
    MovementBecameOverdue,
    MovementReported,
    NoticeAmended,
    NoticeClosed,
    NoticeExpired,
    NoticeRecorded,
    NoticeWithdrawn,
    TermsAssented,
    TermsEnteredIntoForce,
    TimePassed,
    WithheldMet,
)
from standclear.core.model import FlagCode, Release, ReleaseLevel, Status
from standclear.core.received import Received
from standclear.core.state import State
from standclear.core.terms import Role

SEES_ALL = (Role.DESK, Role.ARBITER)
"""They read slot 1, all events, and have no view of their own."""
FOR_EVERYONE = (OpenCentre, AssentToTerms, InviteKey, EnrolKeys, CallStop, AssentToArea)
"""Commands released whole to every recipient: terms, keys, stops, assents."""


class View(msgspec.Struct, frozen=True):
    """One recipient's part of an entry; `command` says whether slot 0 is released to it."""

    command: bool
    events: tuple[Event, ...]


def views(before: State, after: State, received: Received, events: tuple[Event, ...]) -> dict[int, View]:
    """The views of an entry by recipient number, none for those it does not concern."""
    found = {}
    for actor in after.terms.actors:
        if actor.role in SEES_ALL:
            continue
        seen = tuple(
            shown
            for event in events
            if (shown := _shown_to(before, after, received, event, actor.id)) is not None
        )
        is_author = actor.id == received.actor
        if seen or is_author:
            whole = is_author or _command_released(after, received, actor.id)
            found[actor.number] = View(command=whole, events=seen)
    return found


def _command_released(after: State, received: Received, actor: str) -> bool:
    """Whether a recipient that is not its author may read the signed command."""
    command = received.command
    if isinstance(command, FOR_EVERYONE):
        return True
    match command:
        case Notify():
            notice = f"N{after.size - 1}"
        case Amend():
            notice = command.amends
        case Withdraw():
            notice = command.withdraws
        case ReportMovement():
            notice = command.movement
        case _:
            return False
    return level_of(after, notice, actor) is ReleaseLevel.FULL


def level_of(state: State, notice_id: str, actor: str) -> ReleaseLevel:
    """How much of a notice an actor is shown, as it stands in the state."""
    notice = state.notices.get(notice_id)
    return _level(notice.release, actor) if notice else ReleaseLevel.WITHHELD


def _level(release: tuple[Release, ...], actor: str) -> ReleaseLevel:
    return next((r.level for r in release if r.to == actor), ReleaseLevel.WITHHELD)


def _shown_to(before: State, after: State, received: Received, event: Event, actor: str) -> Event | None:
    """An event as one recipient is shown it, or nothing."""
    match event:
        case CentreOpened() | TermsAssented() | TermsEnteredIntoForce() | KeyInvited() | KeyEnrolled():
            return event
        case NoticeRecorded() | NoticeAmended():
            return None if _nothing_new(before, event, actor) else _words(event, actor)
        case NoticeWithdrawn() | NoticeClosed() | NoticeExpired() | MovementBecameOverdue() | AreaAssented():
            return event if _was_shown(before, event.notice, actor) else None
        case MovementReported():
            return event if level_of(after, event.notice, actor) is ReleaseLevel.FULL else None
        case (
            ActivityFiled() | ActivityBlocked() | ActivityRecalled() | ActivityRejudged() | ActivityStarted()
        ):
            return event if after.notices[event.activity].author == actor else None
        case ActivityEnded():
            return event if level_of(after, event.activity, actor) is not ReleaseLevel.WITHHELD else None
        case FindingShared():
            return event if after.notices[event.notice].author == actor else None
        case CheckAnswered() | CommandRefused():
            return event if received.actor == actor else None
        case WithheldMet() | TimePassed():
            return None


def _was_shown(before: State, notice_id: str, actor: str) -> bool:
    """Whether a recipient is shown a shape of a notice, be it an older one: release is never taken back."""
    notice, number = before.notices.get(notice_id), before.number(actor)
    keys = notice.showings if notice else ()
    return any(before.showings[key].audience >> number & 1 for key in keys)


def _nothing_new(before: State, event: Event, actor: str) -> bool:
    """An amendment that leaves a recipient's view equal is invisible to it (design §5).

    Not to its author; nor where it ends a state that the recipient was told of (expired, overdue, assented).
    """
    if not isinstance(event, NoticeAmended) or event.author == actor:
        return False
    known = before.notices.get(event.notice)
    if known is None or known.assented or known.status in (Status.EXPIRED, Status.OVERDUE):
        return False
    earlier = NoticeAmended(known.id, known.content, known.author, known.release, known.flags, event.at_us)
    return _words(earlier, actor) == _words(event, actor)


def _words(event: NoticeRecorded | NoticeAmended, actor: str) -> Event | None:
    """A notice's words: whole, or where and when without its name, author and flags."""
    level = _level(event.release, actor)
    own = (Release(to=actor, level=level),)
    match level:
        case ReleaseLevel.FULL:
            if event.author == actor:
                return event
            # Only its author sees to whom else it is, or was, released.
            flags = tuple(flag for flag in event.flags if flag.code is not FlagCode.RELEASE_KEPT)
            return msgspec.structs.replace(event, release=own, flags=flags)
        case ReleaseLevel.VOLUME:
            content = msgspec.structs.replace(event.content, name="")
            return msgspec.structs.replace(event, content=content, author="", release=own, flags=())
        case ReleaseLevel.COVER | ReleaseLevel.WITHHELD:
            return None
