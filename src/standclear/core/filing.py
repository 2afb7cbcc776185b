# SPDX-License-Identifier: Apache-2.0
"""What follows when a notice is given, amended, withdrawn or reported on. A notice informs; it asks for nothing.

given      -> recorded -> an activity: judged        -> filed | blocked (+ alternatives)
                          anything spared: activities near it are judged anew -> recalled | rejudged
                          (one that may be airborne: recalled where another is blocked)
amended    -> the same, over its old and its new shape
withdrawn  -> checked until the grace ends -> closed -> activities it stood against are told
"""

from __future__ import annotations

import msgspec

from standclear.core.alternatives import alternatives
from standclear.core.claims import overlap_flag, too_large
from standclear.core.commands import (
    Amend,
    CallStop,
    MovementReport,
    Notify,
    ReportMovement,
    Signing,
    Withdraw,
)
from standclear.core.course import no_test_call
from standclear.core.cover import cover_of
from standclear.core.duplicates import duplicate_flag
from standclear.core.events import (
    ActivityBlocked,
    ActivityFiled,
    ActivityRecalled,
    CommandRefused,
    CountersignatureAsked,
    Event,
    MovementReported,
    NoticeAmended,
    NoticeClosed,
    NoticeRecorded,
    NoticeWithdrawn,
    Refusal,
)
from standclear.core.evolve import evolve
from standclear.core.flags import flags_for
from standclear.core.foreseen import foreseen
from standclear.core.judging import (
    blocks,
    judge_filing,
    own_subject,
    rejudge_near,
    shared_with_others,
    withheld_from,
)
from standclear.core.model import (
    Activity,
    Area,
    Content,
    Flag,
    FlagCode,
    Judgement,
    Movement,
    Release,
    ReleaseLevel,
    Status,
    Stop,
)
from standclear.core.received import Received
from standclear.core.shapes import EXACTLY, released
from standclear.core.state import Notice, State
from standclear.core.stopline import sooner_than_stop, stop_recorded
from standclear.core.terms import NoticeClass, Role
from standclear.core.two_person import filing_waits, removal_waits, takes_away

LEVELS = tuple(ReleaseLevel)
CLOSING_REPORTS = (MovementReport.ARRIVED, MovementReport.ABORTED)
MAY_BE_AIRBORNE = (Status.ACTIVE, Status.RECALLED)
"""An activity that stood so is recalled, not merely blocked, by whatever comes to block it."""
GONE = (Status.CLOSED, Status.ENDED, Status.WITHDRAWN)


def refused(refusal: Refusal, detail: str) -> tuple[Event, ...]:
    """The one event of a command that changes nothing."""
    return (CommandRefused(refusal, detail),)


NO_SUCH_NOTICE = refused(
    Refusal.NO_SUCH_NOTICE,
    "There is no such notice of yours. Nothing was changed; name a notice by the id in its receipt.",
)
"""The same for what does not exist and for what was not released to the asker (design §8)."""


def on_notify(state: State, received: Received, command: Notify) -> tuple[Event, ...]:
    """A notice is given: recorded first, then judged or judged against."""
    notice_id = f"N{state.size}"
    large = too_large(state.terms, command.notice)
    if large:
        return refused(Refusal.NOT_APPLICABLE, large)
    release = effective_release(state, received, command.notice)
    flags = _flags(state, received, command)
    cover = _cover(state, command.notice, release, None)
    recorded = NoticeRecorded(
        notice_id, command.notice, received.actor, release, flags, received.at_us, cover
    )
    waits = filing_waits(state, received, notice_id, command.notice)
    return _follow(state, recorded, received.at_us, *waits)


def on_stop(state: State, received: Received, command: CallStop) -> tuple[Event, ...]:
    """Any post stops everything in a circle, at once; every recipient sees all of it."""
    return _follow(state, stop_recorded(state, received, command), received.at_us)


def on_amend(state: State, received: Received, command: Amend) -> tuple[Event, ...]:
    """A notice says something else: the old and the new shape are looked at."""
    notice = state.notices.get(command.amends)
    if notice is None or notice.author != received.actor:
        return NO_SUCH_NOTICE
    if notice.status in GONE or not notice.showings:
        return refused(Refusal.NOT_APPLICABLE, f"{notice.id} has ended; notify it anew.")
    kind = state.terms.kind(command.notice.kind)
    if kind is None or kind.notice is not notice.notice_class:
        named = notice.notice_class.value.replace("_", " ")
        return refused(
            Refusal.NOT_APPLICABLE,
            f"{notice.id} is a {named} and can only be amended as one.",
        )
    large = too_large(state.terms, command.notice)
    if large:
        return refused(Refusal.NOT_APPLICABLE, large)
    if takes_away(state, notice, command.notice):
        detail = (
            f"{notice.id} is removed by two persons, and this would leave out where it was, or make another kind of"
            " it. Notify what is new as a notice of its own, which is spared at once; then withdraw this one."
        )
        return refused(Refusal.NOT_PERMITTED, detail)
    release = effective_release(state, received, command.notice)
    flags = _flags(state, received, command)
    if _narrows(state, notice, release):
        flags = (*flags, Flag(code=FlagCode.RELEASE_KEPT, rule="", amount=0))
    cover = _cover(state, command.notice, release, notice)
    amended = NoticeAmended(notice.id, command.notice, received.actor, release, flags, received.at_us, cover)
    waits = filing_waits(state, received, notice.id, command.notice)
    return _follow(state, amended, received.at_us, *waits)


def _flags(state: State, received: Received, command: Notify | Amend) -> tuple[Flag, ...]:
    own_id = command.amends if isinstance(command, Amend) else ""
    return (
        *flags_for(state.terms, command.notice, command.at_us, received.at_us),
        *sooner_than_stop(state, received.actor, command.notice, received.at_us),
        *duplicate_flag(state, received.actor, command.notice, own_id),
        *overlap_flag(state, received.actor, command.notice, own_id),
    )


def _narrows(state: State, notice: Notice, after: tuple[Release, ...]) -> bool:
    """Whether someone is left with an older shape, or with words it may no longer read."""
    now = {release.to: LEVELS.index(release.level) for release in after}
    shown = released(state, notice.id)
    left_out = any(
        shown >> state.number(actor.id) & 1 and actor.id not in now for actor in state.terms.actors
    )
    exactly = (r for r in notice.release if r.level in EXACTLY)
    return left_out or any(now.get(r.to, 0) < LEVELS.index(r.level) for r in exactly)


def _cover(
    state: State, content: Content, release: tuple[Release, ...], before: Notice | None
) -> Content | None:
    """The cover of a notice where anyone is released no more than that, or is left with one from before."""
    kept = any(state.showings[key].covered for key in before.showings) if before else False
    if isinstance(content, Area | Stop) or not (kept or any(r.level is ReleaseLevel.COVER for r in release)):
        return None
    return cover_of(content, state.terms)


def _follow(
    state: State, said: NoticeRecorded | NoticeAmended, at_us: int, *waits: CountersignatureAsked
) -> tuple[Event, ...]:
    """What follows from a notice's new words, in the state in which they stand; and who else must sign them."""
    after = evolve(state, said)
    events: list[Event] = [said]
    if isinstance(said.content, Activity):
        events += judged(after, said.notice, at_us, state.notices.get(said.notice))
        for event in events[1:]:
            after = evolve(after, event)
    follows = rejudge_near(state, after, said.notice, at_us)
    return foreseen(state, after, len(events), (*events, *follows, *waits))


def judged(state: State, activity_id: str, at_us: int, stood: Notice | None) -> tuple[Event, ...]:
    """Judge an activity that stands in the state, and say where that puts it; `stood`: as it was before."""
    notice = state.notices[activity_id]
    content = notice.content
    if not isinstance(content, Activity):
        raise TypeError(f"{activity_id} is no activity")
    own = own_subject(state, activity_id, content, notice.author)
    state, judgement, met = judge_filing(state, own, notice.author, at_us)
    shared = shared_with_others(state, activity_id, judgement, stood)
    hidden = withheld_from(state, own, state.number(notice.author))
    if not blocks(judgement):
        return (*met, ActivityFiled(activity_id, judgement, at_us), *shared, *hidden)
    judgement = _with_alternatives(state, activity_id, content, notice.author, judgement, at_us)
    if stood is not None and stood.status in MAY_BE_AIRBORNE:
        because = _because(judgement, stood)
        return (*met, ActivityRecalled(activity_id, because, judgement, at_us), *shared, *hidden)
    return (*met, ActivityBlocked(activity_id, judgement, at_us), *shared, *hidden)


def _because(judgement: Judgement, stood: Notice) -> str:
    """What a recall rests on: what it rested on before if that still blocks, or the first that does."""
    blocking = [finding.other for finding in judgement.findings if finding.blocks]
    return stood.because if stood.because in blocking else blocking[0] or stood.id


def _with_alternatives(
    state: State,
    activity_id: str,
    activity: Activity,
    author: str,
    judgement: Judgement,
    at_us: int,
) -> Judgement:
    blocking = tuple(finding for finding in judgement.findings if finding.blocks)
    offers = alternatives(state, activity_id, activity, author, blocking, at_us)
    return msgspec.structs.replace(judgement, alternatives=offers)


def on_withdraw(state: State, received: Received, command: Withdraw) -> tuple[Event, ...]:
    """No longer maintained. Spared notices are still compared for the terms' grace (design §5)."""
    notice = state.notices.get(command.withdraws)
    if notice is None or not _may_withdraw(state, notice, received.actor):
        return NO_SUCH_NOTICE
    if notice.status in GONE:
        return refused(Refusal.ALREADY_DONE, f"{notice.id} was withdrawn or has ended.")
    if any(one.what is Signing.REMOVAL for one in notice.pending):
        detail = f"The withdrawal of {notice.id} waits for a second post to countersign it; it is spared until then."
        return refused(Refusal.ALREADY_DONE, detail)
    waits = removal_waits(state, received, notice)
    return (waits,) if waits is not None else withdrawn(state, notice, received.at_us)


def withdrawn(state: State, notice: Notice, at_us: int) -> tuple[Event, ...]:
    """A withdrawal takes effect: spared notices are compared for the grace, and activities near are judged anew."""
    at_once = notice.notice_class in (
        NoticeClass.ACTIVITY,
        NoticeClass.STOP,
        NoticeClass.ACTIVITY_AREA,
    )
    until_us = at_us if at_once else at_us + state.terms.withdrawal_grace_us
    gone = NoticeWithdrawn(notice.id, until_us, at_us)
    after = evolve(state, gone)
    return (gone, *rejudge_near(state, after, notice.id, at_us))


def _may_withdraw(state: State, notice: Notice, actor: str) -> bool:
    """Its author; a stop also by the desk, which hears all that is said of it."""
    by = state.actors.get(actor)
    lifts = notice.notice_class is NoticeClass.STOP and by is not None and by.role is Role.DESK
    return notice.author == actor or lifts


def on_report(state: State, received: Received, command: ReportMovement) -> tuple[Event, ...]:
    """A movement's own word of where it stands; arriving or aborting ends the sparing of its way."""
    notice = state.notices.get(command.movement)
    if notice is None or notice.author != received.actor or not isinstance(notice.content, Movement):
        return NO_SUCH_NOTICE
    if not notice.showings:
        return refused(Refusal.ALREADY_DONE, f"{notice.id} is closed.")
    flags = no_test_call(state, notice, received.at_us) if command.report is MovementReport.DEPARTED else ()
    reported = MovementReported(notice.id, command.report, received.at_us, flags)
    if command.report not in CLOSING_REPORTS:
        return (reported,)
    closed = NoticeClosed(notice.id, received.at_us)
    after = evolve(state, closed)
    return (reported, closed, *rejudge_near(state, after, notice.id, received.at_us))


def effective_release(state: State, received: Received, content: Content) -> tuple[Release, ...]:
    """Who is shown what, in the order of the terms. The author sees all of its own; areas are always full.

    Activities are at least a cover to everyone; of sites and movements those not named see nothing.
    """
    if isinstance(content, Area | Stop):
        return _everyone(state)
    named = {r.to: r.level for r in received.consent.release} if received.consent else {}
    least = ReleaseLevel.COVER if isinstance(content, Activity) else ReleaseLevel.WITHHELD
    effective = []
    for actor in state.terms.actors:
        level = max(named.get(actor.id, least), least, key=LEVELS.index)
        if actor.id == received.actor:
            level = ReleaseLevel.FULL
        if level is not ReleaseLevel.WITHHELD:
            effective.append(Release(to=actor.id, level=level))
    return tuple(effective)


def _everyone(state: State) -> tuple[Release, ...]:
    return tuple(Release(to=actor.id, level=ReleaseLevel.FULL) for actor in state.terms.actors)
