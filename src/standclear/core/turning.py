# SPDX-License-Identifier: Apache-2.0
"""Judge anew what turns on who answered, who takes part and whether the terms hold; places are not measured again."""

from __future__ import annotations

from collections.abc import Iterable

from standclear.core.answering import consenting
from standclear.core.events import ActivityRecalled, ActivityRejudged, Event
from standclear.core.judging import against, blocks, judgement_of, own_subject, standing_findings
from standclear.core.model import Activity, Finding, Status
from standclear.core.rules import BY_CONSENT, TERMS_RULE, consent_findings
from standclear.core.state import Notice, State
from standclear.core.terms import NoticeClass
from standclear.geometry.effort import Effort


def rejudge_answered(before: State, after: State, activity_id: str, at_us: int) -> tuple[Event, ...]:
    """What an answer does to an activity: only findings that turn on consent are made anew."""
    if consenting(before.notices[activity_id]) == consenting(after.notices[activity_id]):
        return ()
    return _turned(after, after.notices[activity_id], at_us)


def rejudge_all(after: State, at_us: int) -> tuple[Event, ...]:
    """What it does to every activity that a party suspends or resumes its part, or that the terms have lapsed."""
    events: list[Event] = []
    for notice_id in sorted(after.notices):
        notice = after.notices[notice_id]
        if isinstance(notice.content, Activity):
            events += _turned(after, notice, at_us)
    return tuple(events)


def _turned(state: State, notice: Notice, at_us: int) -> tuple[Event, ...]:
    """One activity: worse recalls, better only informs."""
    was = notice.judgement
    if was is None or not isinstance(notice.content, Activity) or not notice.showings:
        return ()
    own = own_subject(state, notice.id, notice.content, notice.author)
    asker = state.number(notice.author)
    others = [state.notices[key] for key in sorted({f.other for f in was.findings if f.other})]
    turning = [other for other in others if other.notice_class is NoticeClass.ACTIVITY]
    found = _kept(was.findings, {other.id for other in turning}) + consent_findings(state.terms, own)
    for other in turning:
        found += against(state, own, other, asker, Effort())
    found += standing_findings(state, own, found, at_us)
    judged = judgement_of(state, own, asker, found)
    if judged.findings == was.findings:
        return ()
    if blocks(judged) and notice.status in (Status.FILED, Status.ACTIVE):
        return (ActivityRecalled(notice.id, notice.id, judged, at_us),)
    return (ActivityRejudged(notice.id, notice.id, judged, at_us),)


def _kept(findings: Iterable[Finding], turning: set[str]) -> tuple[Finding, ...]:
    """Those that turn on nothing but places."""
    return tuple(
        f for f in findings if f.rule != TERMS_RULE and f.why not in BY_CONSENT and f.other not in turning
    )
