# SPDX-License-Identifier: Apache-2.0
"""One recorded decision against the same decision taken again.

Equal events end it. Where they differ, judgements may, by as much as `core/recheck` allows: they are compared by what a
mirror compares with, as one who sees all. What is told to others of a judgement goes with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from msgspec.structs import replace

from standclear.audit.saying import difference, quoted
from standclear.core.comparing import Outcome
from standclear.core.decide import decide
from standclear.core.events import CheckAnswered, Event, FindingShared, Judged, WithheldMet
from standclear.core.evolve import after_entry, evolve
from standclear.core.judging import ENGINE, shared_with_others
from standclear.core.received import Received
from standclear.core.recheck import Recheck, compare_findings
from standclear.core.rejudging import rejudge
from standclear.core.state import State
from standclear.errors import LogBroken

JUDGEMENTS: Final = Judged | CheckAnswered
TOLD: Final = FindingShared | WithheldMet
"""What of a judgement is told to those whom it concerns."""
STANDS: Final = (Outcome.CONFIRMED, Outcome.CONSERVATIVE)


@dataclass(frozen=True, slots=True)
class Decided:
    """How the judgements of one decision came out."""

    confirmed: int
    conservative: int


def decided_again(state: State, received: Received, recorded: tuple[Event, ...], where: str) -> Decided:
    """Decide a command again, with the recorded time and consent.

    Raises:
        LogBroken: the rules do not give what was recorded; says what they give.
    """
    try:
        derived = decide(state, received)
        judged = sum(isinstance(event, JUDGEMENTS) for event in recorded)
        if derived == recorded:
            return Decided(judged, 0)
        _check_rest(recorded, derived, where)
        conservative = _rejudged(state, received, recorded, where)
        _check_shared(state, recorded, where)
        _check_withheld(after_entry(state, recorded), recorded, derived, where)
    except (KeyError, ValueError, TypeError) as error:
        raise LogBroken(f"its events speak of what never stood ({error})", where=where) from error
    return Decided(judged - conservative, conservative)


def _check_rest(recorded: tuple[Event, ...], derived: tuple[Event, ...], where: str) -> None:
    """All that no bracket can change: exactly, in order."""
    was, now = (
        [event for event in events if not isinstance(event, Judged | TOLD)] for events in (recorded, derived)
    )
    for one, other in zip_longest(was, now):
        if one != other and not (isinstance(one, CheckAnswered) and isinstance(other, CheckAnswered)):
            said, right = difference(one, other)
            wrong = f"the record says {said}, and that does not follow from the command"
            raise LogBroken(wrong, where=where, expected=right)


def _rejudged(state: State, received: Received, recorded: tuple[Event, ...], where: str) -> int:
    """Each recorded judgement against the one derived; how many of them are conservative."""
    kept = tuple(event for event in recorded if not isinstance(event, TOLD))
    found = list(rejudge(state, state.size, kept, received, None, received.at_us))
    for one in found:
        if one.outcome not in STANDS:
            place = f"{where}, {one.notice or 'a check'}"
            expected = "what the rules give for these notices"
            raise LogBroken(f"the decision is contradicted: {one.because}", where=place, expected=expected)
    return sum(one.outcome is Outcome.CONSERVATIVE for one in found)


def _check_shared(state: State, recorded: tuple[Event, ...], where: str) -> None:
    """What authors are told of a judgement is that judgement, to the last digit."""
    due: list[Event] = []
    before = state.notices
    for event in recorded:
        if isinstance(event, Judged):
            _check_none_left(due, where)
            stood = before.get(event.activity)
            if stood is not None:
                stood = replace(stood, judgement=state.notices[event.activity].judgement)
            due = list(shared_with_others(state, event.activity, event.judgement, stood))
        elif isinstance(event, FindingShared):
            expected = due.pop(0) if due else None
            if event != expected:
                told, right = difference(event, expected)
                wrong = f"an author is told {told}, and the judgement does not say so"
                raise LogBroken(wrong, where=where, expected=right)
        state = evolve(state, event)
    _check_none_left(due, where)


def _check_none_left(due: Sequence[Event], where: str) -> None:
    if due:
        wrong = "the author of a notice is not told how close an activity comes"
        raise LogBroken(wrong, where=where, expected=quoted(due[0]))


def _check_withheld(
    after: State, recorded: tuple[Event, ...], derived: tuple[Event, ...], where: str
) -> None:
    """What the desk is told of notices withheld from a filer, within the tolerance of its brackets."""
    was, now = (
        [event for event in events if isinstance(event, WithheldMet)] for events in (recorded, derived)
    )
    for one, other in zip_longest(was, now):
        if one is None or other is None or one.activity != other.activity:
            wrong = f"the desk is told {quoted(one)}"
            raise LogBroken(wrong, where=where, expected=quoted(other))
        judgement = after.notices[one.activity].judgement
        engine = judgement.engine if judgement else ENGINE
        for found, again in zip_longest(one.findings, other.findings):
            if found is None or again is None:
                wrong = f"the desk is told {quoted(one)}"
                raise LogBroken(wrong, where=where, expected=quoted(other))
            answer = compare_findings(found, again, engine)
            if answer.outcome is Recheck.CONTRADICTED:
                place = f"{where}, {one.activity}"
                raise LogBroken(answer.because, where=place, expected=quoted(other))
