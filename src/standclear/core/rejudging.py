# SPDX-License-Identifier: Apache-2.0
"""Decide again, from what a party was shown, all that the centre decided about its own activities.

Filing and re-judging look at nothing but what was released to the filer (design §5), so the party's own knowledge is
enough to derive them whole: the very functions that decide are asked again, with the party's state in place of the
centre's. What a view says of one notice is its cause; what must follow from it is compared with what the view says
follows. Of another's activity the party is shown the findings against its own notices, and derives those.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

import msgspec
from msgspec.structs import replace

from standclear.core.applying import judged_anew
from standclear.core.commands import Check, Reconsider
from standclear.core.comparing import Compared, Outcome, compare, compare_shared, contradicted
from standclear.core.events import (
    ActivityBlocked,
    ActivityEnded,
    ActivityFiled,
    ActivityRecalled,
    ActivityRejudged,
    ActivityStarted,
    AreaAssented,
    CheckAnswered,
    CoverMet,
    Event,
    FindingShared,
    Judged,
    MovementBecameOverdue,
    NoticeAmended,
    NoticeAnswered,
    NoticeClosed,
    NoticeExpired,
    NoticeRecorded,
    NoticeWithdrawn,
    PositionTaken,
    TermsApplied,
    TermsLapsed,
)
from standclear.core.evolve import evolve
from standclear.core.filing import judged
from standclear.core.judging import judge_activity, own_subject, rejudge_near
from standclear.core.model import Activity
from standclear.core.positions import TO_STAY
from standclear.core.received import Received
from standclear.core.state import State
from standclear.core.turning import rejudge_all, rejudge_answered

CAUSES = (
    NoticeRecorded
    | NoticeAmended
    | NoticeWithdrawn
    | NoticeClosed
    | NoticeExpired
    | MovementBecameOverdue
    | AreaAssented
    | NoticeAnswered
    | ActivityStarted
    | ActivityEnded
    | PositionTaken
    | TermsApplied
    | TermsLapsed
)
JUDGED = ActivityFiled | ActivityBlocked | ActivityRecalled | ActivityRejudged


def rejudge(
    known: State, seq: int, events: tuple[Event, ...], received: Received | None, me: str | None, at_us: int
) -> Iterator[Compared]:
    """Compare what one view says was decided with what follows from the rules.

    `known`: the state before it, of the party `me` or, with None, of one who sees all and derives everyone's.
    `received`: the signed command, where it was released and is of `me` or anyone.
    """
    before = replace(known, size=seq)
    # A cover that a judgement meets here is released with it: what is derived again is judged against it too.
    state = _with_covers(before, events, me)
    due: dict[str, Judged] = {}
    command = received.command if received else None
    if isinstance(command, Reconsider):
        due = _reconsidered(state, command, me, at_us)
    for event in events:
        if isinstance(event, JUDGED):
            yield _one(state, due.pop(event.activity, None), event, me)
        elif isinstance(event, FindingShared):
            yield compare_shared(state, event, me)
        elif isinstance(event, CheckAnswered) and received and isinstance(command, Check):
            yield _check(state, command, event, received.actor, at_us)
        elif isinstance(event, CAUSES):
            yield from _missing(state, due)
            due = _follows(state, event, me, at_us)
        elif _is_met_by(event, me):
            due = _came_near(before, state, event, me, at_us) | due
            continue
        state = evolve(state, event)
    yield from _missing(state, due)


def _is_met_by(event: Event, me: str | None) -> TypeGuard[CoverMet]:
    """Whether a party is released a cover by an event; one who sees all knew of it before."""
    return me is not None and isinstance(event, CoverMet) and event.first and event.by == me


def _with_covers(state: State, events: tuple[Event, ...], me: str | None) -> State:
    for event in events:
        if _is_met_by(event, me):
            state = evolve(state, event)
    return state


def _came_near(before: State, state: State, event: CoverMet, me: str | None, at_us: int) -> dict[str, Judged]:
    """What must be decided of the activity that a cover came near to, where the party filed nothing itself."""
    follows = _own(rejudge_near(before, state, event.notice, at_us), state, me)
    return {activity: one for activity, one in follows.items() if activity == event.activity}


def _reconsidered(state: State, command: Reconsider, me: str | None, at_us: int) -> dict[str, Judged]:
    notice = state.notices.get(command.activity)
    if notice is None or not _concerns(notice.author, me):
        return {}
    if not isinstance(notice.content, Activity):
        return {}
    if notice.status.value not in ("blocked", "recalled"):
        return {}
    return _own(judged(state, notice.id, at_us, notice), state, me)


def _follows(state: State, cause: CAUSES, me: str | None, at_us: int) -> dict[str, Judged]:
    """What must be decided about the party's own activities once a notice says or is this."""
    if isinstance(cause, TermsApplied):
        after = evolve(state, cause)
        return _own(judged_anew(after, at_us), after, me)
    if isinstance(cause, PositionTaken | TermsLapsed):
        turns = isinstance(cause, TermsLapsed) or cause.stance in TO_STAY
        after = evolve(state, cause)
        return _own(rejudge_all(after, at_us), after, me) if turns else {}
    notice_id = cause.activity if isinstance(cause, ActivityStarted | ActivityEnded) else cause.notice
    stood = state.notices.get(notice_id)
    after = evolve(state, cause)
    if isinstance(cause, NoticeAnswered):
        return _own(rejudge_answered(state, after, notice_id, at_us), after, me)
    now = after.notices[notice_id]
    events: tuple[Event, ...] = ()
    filed = isinstance(cause, NoticeRecorded | NoticeAmended) and isinstance(now.content, Activity)
    if filed and _concerns(now.author, me):
        events = judged(after, notice_id, at_us, stood)
        for event in events:
            after = evolve(after, event)
    events += rejudge_near(state, after, notice_id, at_us)
    return _own(events, after, me)


def _concerns(author: str, me: str | None) -> bool:
    return me is None or author == me


def _own(events: tuple[Event, ...], state: State, me: str | None) -> dict[str, Judged]:
    return {
        event.activity: event
        for event in events
        if isinstance(event, JUDGED) and _concerns(state.notices[event.activity].author, me)
    }


def _missing(state: State, due: dict[str, Judged]) -> Iterator[Compared]:
    """What follows from the rules and was not decided; not what the brackets of another machine alone make new."""
    for activity, event in sorted(due.items()):
        if isinstance(event, ActivityRejudged) and _stands(state, event):
            continue
        found = "; ".join(
            f"{f.verdict.value} with {f.other or 'no area'} by {f.rule}" for f in event.judgement.findings
        )
        yield contradicted(
            activity,
            f"by its own rules the centre must say {_named(event)} ({found or 'nothing too close'}), and says nothing",
        )


def _stands(state: State, derived: ActivityRejudged) -> bool:
    """Whether the judgement that was recorded before holds within the tolerance, so that nothing was to be said."""
    notice = state.notices[derived.activity]
    if notice.judgement is None or not isinstance(notice.content, Activity):
        return False
    own = own_subject(state, notice.id, notice.content, notice.author)
    outcome = compare(state, own, notice.judgement, derived.judgement, notice.author).outcome
    return outcome is not Outcome.CONTRADICTED


def _one(state: State, derived: Judged | None, recorded: Judged, me: str | None) -> Compared:
    """One decision about the party's own activity."""
    activity = recorded.activity
    notice = state.notices.get(activity)
    if notice is None or not _concerns(notice.author, me) or not isinstance(notice.content, Activity):
        return contradicted(activity, f"{_named(recorded)}, of an activity that is not this party's")
    if derived is None:
        return contradicted(activity, f"{_named(recorded)}, and by its own rules nothing calls for that")
    own = own_subject(state, activity, notice.content, notice.author)
    outcome = compare(state, own, recorded.judgement, derived.judgement, notice.author)
    if outcome.outcome is Outcome.CONTRADICTED:
        return outcome
    plain = [msgspec.structs.replace(event, judgement=derived.judgement) for event in (recorded, derived)]
    if plain[0] != plain[1] and outcome.outcome is Outcome.CONFIRMED:
        return contradicted(
            activity, f"recorded as {_named(recorded)}; derived again it is {_named(derived)}"
        )
    return outcome


def _check(state: State, command: Check, recorded: CheckAnswered, asker: str, at_us: int) -> Compared:
    own = own_subject(state, "", command.activity, asker)
    derived = judge_activity(state, own, state.number(asker), at_us)
    return compare(state, own, recorded.judgement, derived, asker)


def _named(event: Judged) -> str:
    """A decision in words."""
    stands = {
        ActivityFiled: "filed",
        ActivityBlocked: "blocked",
        ActivityRecalled: "recalled",
        ActivityRejudged: "judged anew",
    }[type(event)]
    because = f" because of {event.because}" if isinstance(event, ActivityRecalled | ActivityRejudged) else ""
    return f"{stands}{because}, {event.judgement.verdict.value}"
