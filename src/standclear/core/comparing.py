# SPDX-License-Identifier: Apache-2.0
"""A recorded judgement against the one derived again: finding by finding, within what `core/recheck` allows."""

from __future__ import annotations

from enum import StrEnum
from itertools import product

import msgspec

from standclear.core.alternatives import raised, shifted
from standclear.core.events import FindingShared
from standclear.core.judge import Subject, subject_of
from standclear.core.judging import (
    ENGINE,
    areas_in_force,
    clear_but_for_consent,
    judge_activity,
    near,
    own_subject,
)
from standclear.core.model import Activity, Alternative, Finding, Judgement
from standclear.core.recheck import Answer, Recheck, recheck, recheck_inside
from standclear.core.rules import combined
from standclear.core.state import State
from standclear.core.terms import KeepClear, NoticeClass, StayInside


class Outcome(StrEnum):
    """What a mirror can say of a decision (design §4)."""

    CONFIRMED = "confirmed"
    CONSERVATIVE = "conservative"
    """Another engine recorded it; ours is tighter."""
    PARTLY_SEALED = "partly sealed"
    """It fits what was released, and rests on more than that."""
    CONTRADICTED = "contradicted"


class Compared(msgspec.Struct, frozen=True):
    """One decision derived again: about which notice, how it came out, and why."""

    notice: str
    outcome: Outcome
    because: str


def contradicted(notice: str, because: str) -> Compared:
    """A decision that the rules do not give."""
    return Compared(notice, Outcome.CONTRADICTED, because)


def compare(state: State, own: Subject, recorded: Judgement, derived: Judgement, me: str) -> Compared:
    """Compare two judgements of one activity among what `me` was shown."""
    outcome = Outcome.CONFIRMED
    for key in sorted({(f.rule, f.other) for f in (*recorded.findings, *derived.findings)}):
        answer = _finding(state, own, key, recorded, derived, me)
        if answer.outcome is Recheck.CONTRADICTED:
            return contradicted(own.id, f"{key[0]} and {key[1] or 'no notice'}: {answer.because}")
        if answer.outcome is Recheck.CONSERVATIVE:
            outcome = Outcome.CONSERVATIVE
    if recorded.verdict is not combined(recorded.findings):
        return contradicted(own.id, f"the verdict {recorded.verdict.value} is not that of its own findings")
    counts = (recorded.compared, recorded.not_assessed)
    if outcome is Outcome.CONFIRMED and counts != (derived.compared, derived.not_assessed):
        return contradicted(
            own.id,
            f"it was compared with {derived.compared} notices, and the record says {recorded.compared}",
        )
    bad = _bad_alternative(state, own, recorded.alternatives, me)
    if bad:
        return contradicted(own.id, f"the alternative offered is not clear: {bad}")
    return Compared(own.id, outcome, f"{recorded.verdict.value}, {len(recorded.findings)} findings")


def _finding(
    state: State, own: Subject, key: tuple[str, str], recorded: Judgement, derived: Judgement, me: str
) -> Answer:
    """One rule about one other notice."""
    was, now = (
        [f for f in judgement.findings if (f.rule, f.other) == key] for judgement in (recorded, derived)
    )
    if was == now:
        return Answer(outcome=Recheck.CONFIRMED, because="")
    rule = state.terms.rule(key[0])
    if len(was) <= 1 and len(now) <= 1 and isinstance(rule, KeepClear) and key[1] in state.notices:
        other = _shapes(state, key[1], state.number(me))[0]
        return recheck(state.terms, rule.id, own, other, next(iter(was), None), recorded.engine)
    if len(was) <= 1 and isinstance(rule, StayInside):
        areas = areas_in_force(state, list(near(state, own, state.number(me))))
        return recheck_inside(state.terms, rule.id, own, areas, next(iter(was), None), recorded.engine)
    said = [", ".join(f.verdict.value for f in found) or "nothing" for found in (was, now)]
    return Answer(
        outcome=Recheck.CONTRADICTED, because=f"the record says {said[0]}; derived again it is {said[1]}"
    )


def _shapes(state: State, notice_id: str, asker: int | None = None) -> list[Subject]:
    """A notice at the shapes that are still compared, of all or of one asker, the newest first."""
    notice = state.notices[notice_id]
    shown = [state.showings[key] for key in reversed(notice.showings)]
    contents = [one.content for one in shown if asker is None or one.audience >> asker & 1]
    return [
        subject_of(notice_id, content, notice.author, state.terms) for content in contents or [notice.content]
    ]


def _bad_alternative(state: State, own: Subject, offers: tuple[Alternative, ...], me: str) -> str:
    """What is wrong with an offered alternative: each must be clear when judged (design §5)."""
    notice = state.notices.get(own.id)
    if notice is None or not isinstance(notice.content, Activity):
        return ""
    for offer in offers:
        changed = shifted(notice.content, offer.shift_us) if offer.shift_us else notice.content
        higher = raised(changed, offer.raise_mm) if offer.raise_mm else changed
        if higher is None:
            return f"{offer.raise_mm} mm higher is no height"
        tried = own_subject(state, own.id, higher, me)
        if not clear_but_for_consent(judge_activity(state, tried, state.number(me), notice.since_us)):
            return f"{offer.shift_us} µs later, {offer.raise_mm} mm higher"
    return ""


def compare_shared(state: State, event: FindingShared, me: str | None) -> Compared:
    """A finding of another's activity against this party's own notice.

    The filer was judged against the shape of the notice that it was shown, which may be an older one; and where the
    activity's author was not released, the form of cooperation between the two is sealed.
    """
    activity, notice = state.notices.get(event.activity), state.notices.get(event.notice)
    if notice is None or (me is not None and notice.author != me):
        return contradicted(event.activity, f"a finding about {event.notice}, which is not this party's")
    if activity is None or not isinstance(activity.content, Activity):
        return contradicted(
            event.activity, "a finding about an activity that was never released to this party"
        )
    rule = state.terms.rule(event.finding.rule)
    found = event.finding
    filed = msgspec.structs.replace(found, other=event.notice, own=found.theirs, theirs=found.own)
    if not isinstance(rule, KeepClear):
        return Compared(
            event.activity, Outcome.PARTLY_SEALED, f"{found.rule} rests on more than was released"
        )
    last = Answer(outcome=Recheck.CONTRADICTED, because="")
    for own, other in product(_shapes(state, event.activity), _shapes(state, event.notice)):
        last = recheck(state.terms, rule.id, own, other, filed, ENGINE)
        if last.outcome is Recheck.CONFIRMED:
            return Compared(event.activity, Outcome.CONFIRMED, last.because)
        if _but_for_blocking(state, rule.id, own, other, filed):
            return Compared(
                event.activity,
                Outcome.PARTLY_SEALED,
                "whether it blocks rests on who filed it, which was not released",
            )
    return contradicted(event.activity, last.because)


def _but_for_blocking(state: State, rule: str, own: Subject, other: Subject, filed: Finding) -> bool:
    """Whether a finding between two activities differs only in what the form of cooperation says."""
    if other.notice is not NoticeClass.ACTIVITY or (own.author and other.author):
        return False
    turned = msgspec.structs.replace(filed, blocks=not filed.blocks)
    return recheck(state.terms, rule, own, other, turned, ENGINE).outcome is Recheck.CONFIRMED
