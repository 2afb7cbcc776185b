# SPDX-License-Identifier: Apache-2.0
"""Terms that have just come into force, applied to what stands: judged anew whole, and who is overdue is called.

Worse recalls, better only informs, as at any other change. Two activities that are too close only by the new terms
are both recalled: neither was filed later than the rule.
"""

from __future__ import annotations

from collections.abc import Iterator

from standclear.core.answering import askable, awaited
from standclear.core.events import (
    ActivityRecalled,
    ActivityRejudged,
    AnswerOverdue,
    Event,
    TermsApplied,
    Waited,
)
from standclear.core.evolve import evolve
from standclear.core.judging import blocks, judge_filing, own_subject, shared_with_others, withheld_from
from standclear.core.model import Activity, Status
from standclear.core.state import Notice, State


def applied(state: State, at_us: int, terms: str) -> tuple[Event, ...]:
    """Everything that follows from the terms of this hash, which stand in the state."""
    first = TermsApplied(terms, at_us)
    state = evolve(state, first)
    return (first, *judged_anew(state, at_us), *_called(state, at_us))


def judged_anew(state: State, at_us: int) -> tuple[Event, ...]:
    """Every activity that is still compared, by the rules that stand."""
    events: list[Event] = []
    for notice_id in sorted(state.notices):
        state, follows = _judged(state, state.notices[notice_id], at_us)
        events += follows
    return tuple(events)


def _judged(state: State, notice: Notice, at_us: int) -> tuple[State, tuple[Event, ...]]:
    """One activity, and the state with the covers released that it met for the first time."""
    was = notice.judgement
    if was is None or not isinstance(notice.content, Activity) or not notice.showings:
        return state, ()
    own = own_subject(state, notice.id, notice.content, notice.author)
    hidden = withheld_from(state, own, state.number(notice.author))
    state, judged, met = judge_filing(state, own, notice.author, at_us, filed=False)
    if judged.findings == was.findings:
        return state, hidden
    worse = blocks(judged) and notice.status in (Status.FILED, Status.ACTIVE)
    said = ActivityRecalled if worse else ActivityRejudged
    shared = shared_with_others(state, notice.id, judged, notice)
    return state, (*met, said(notice.id, notice.id, judged, at_us), *shared, *hidden)


def _called(state: State, at_us: int) -> Iterator[AnswerOverdue]:
    """By the new terms some deadlines have passed that nobody was called at: whoever has not answered is called."""
    for notice in askable(state):
        calls: dict[tuple[str, int], list[Waited]] = {}
        for asked in awaited(state, notice):
            passed = sum(moment <= at_us for moment in (asked.by_us, *asked.steps_us))
            if passed and not asked.answered:
                calls.setdefault((asked.rule, passed - 1), []).append(Waited(asked.party, asked.echelon))
        for (rule, step), waiting in calls.items():
            yield AnswerOverdue(notice.id, rule, step, tuple(waiting), at_us)
