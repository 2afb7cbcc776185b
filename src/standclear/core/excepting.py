# SPDX-License-Identifier: Apache-2.0
"""Exceptions of the terms: rescue, medical, emergency. Shorter notice, no area, no consent; and a report afterwards.

claimed in the signed notice -> the rules that the terms name for it are lifted -> its end -> report due -> called for

An exception lifts rules of notice, areas and consent. It never touches how far anything keeps from what is spared, nor
who acknowledges (design §1); the terms cannot name such a rule for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from standclear.core import shapes
from standclear.core.changing import put, wait
from standclear.core.commands.excepting import ReportAfter
from standclear.core.events.centre import CommandRefused, Refusal
from standclear.core.events.excepting import AfterReported, AfterReportOverdue
from standclear.core.model import Content, ReleaseLevel, Status, exception_of
from standclear.core.received import Received
from standclear.core.state import Notice, State
from standclear.core.terms import DAY_US, Exempt, NoticeClass, Terms, names_kind
from standclear.errors import Malformed
from standclear.units import us_to_iso

AGAIN_US: Final = (0, DAY_US, 7 * DAY_US)
"""So long after it was due an after-report is called for."""


def claimed(terms: Terms, content: Content) -> Exempt | None:
    """The exception of the terms that a notice claims."""
    name = exception_of(content)
    return exempt(terms, name, content.kind) if name else None


def exempt(terms: Terms, name: str, kind: str) -> Exempt | None:
    """The exception of that name, if the terms have it for this kind."""
    found, known = terms.kind(kind), (one for one in terms.exceptions if one.id == name)
    notice = found.notice if found is not None else NoticeClass.STOP
    return next((one for one in known if names_kind(one.kinds, kind, notice)), None)


def check_exception(terms: Terms, content: Content, where: str) -> None:
    """Raise Malformed where a notice claims what the terms do not have for its kind."""
    name = exception_of(content)
    if name and claimed(terms, content) is None:
        known = ", ".join(one.id for one in terms.exceptions if exempt(terms, one.id, content.kind)) or "none"
        raise Malformed(
            f"`{name}` is no exception of these terms for `{content.kind}`",
            where=f"{where}.exception",
            expected=f"one of: {known}",
        )


def report_by_us(state: State, notice: Notice) -> int | None:
    """By when its author is to report on an exception; None where nothing is to be reported.

    What was withdrawn before it began was never done.
    """
    found = claimed(state.terms, notice.content)
    if found is None:
        return None
    start_us, end_us = shapes.first_start_us(notice.content), shapes.last_end_us(notice.content)
    if end_us is None:
        return None
    never = notice.status is Status.WITHDRAWN and (start_us is None or notice.since_us < start_us)
    return None if never else end_us + found.report_us


def owes(state: State, notice: Notice) -> int | None:
    """By when a report is due that has not come."""
    return None if notice.after is not None else report_by_us(state, notice)


def on_report(state: State, received: Received, command: ReportAfter) -> AfterReported | CommandRefused:
    """The author's report, once what it reports on has begun."""
    notice = state.notices.get(command.notice)
    if notice is None or notice.author != received.actor:
        detail = (
            "There is no such notice of yours. Nothing was changed; name a notice by the id in its receipt."
        )
        return CommandRefused(Refusal.NO_SUCH_NOTICE, detail)
    if report_by_us(state, notice) is None:
        return CommandRefused(
            Refusal.NOT_APPLICABLE, f"{notice.id} claims no exception; no report is asked for."
        )
    start_us = shapes.first_start_us(notice.content)
    if start_us is not None and start_us > received.at_us:
        return CommandRefused(Refusal.NOT_APPLICABLE, f"{notice.id} has not begun; report on it afterwards.")
    return AfterReported(notice.id, received.actor, received.post, command.text, received.at_us)


def reported(state: State, event: AfterReported) -> State:
    """The newest report stands with the notice."""
    return put(state, msgspec.structs.replace(state.notices[event.notice], after=event))


def awaited_anew(state: State, at_us: int) -> State:
    """Wait for the reports that the terms that stand now ask for."""
    for notice_id in sorted(state.notices) if state.terms.exceptions else ():
        state = awaiting(state, state.notices[notice_id], at_us)
    return state


def awaiting(state: State, notice: Notice, at_us: int) -> State:
    """Wait for the moments at which its report is called for."""
    by_us = report_by_us(state, notice)
    moments = () if by_us is None else tuple(by_us + later_us for later_us in AGAIN_US)
    return wait(state, notice, tuple(moment for moment in moments if moment > at_us), calls=True)


def calls(state: State, notice: Notice, at_us: int) -> Iterator[AfterReportOverdue]:
    """Whoever owes a report at this very moment is called."""
    by_us = owes(state, notice)
    if by_us is not None and at_us - by_us in AGAIN_US:
        named = exception_of(notice.content)
        yield AfterReportOverdue(notice.id, named, by_us, AGAIN_US.index(at_us - by_us), at_us)


def seen(
    after: State, event: AfterReported | AfterReportOverdue, actor: str
) -> AfterReported | AfterReportOverdue | None:
    """To the author, and to those who see all of the notice: they saw what was claimed."""
    notice = after.notices[event.notice]
    whole = any(one.to == actor and one.level is ReleaseLevel.FULL for one in notice.release)
    return event if whole or notice.author == actor else None


def words(state: State, notice: Notice, at_us: int, reader: str | None) -> Iterator[str]:
    """What must be read with a notice that claims an exception; its report, by those who are told of it (None: all)."""
    found = claimed(state.terms, notice.content)
    if found is None:
        return
    yield f"It claims the exception {found.id} ({found.name}). No distance is lifted by it."
    full = any(one.to == reader and one.level is ReleaseLevel.FULL for one in notice.release)
    by_us = owes(state, notice)
    if not (reader is None or full or notice.author == reader):
        return
    if notice.after is not None:
        yield f"Its author reports on that: {notice.after.text}"
    elif by_us is not None and at_us >= by_us:
        yield f"The report on that was due by {us_to_iso(by_us)} and has not come."
