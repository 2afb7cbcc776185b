# SPDX-License-Identifier: Apache-2.0
"""Which rules apply to whom, what a form of cooperation makes of a finding, and how findings combine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from standclear.core.judge import SEVERITY, UNBOUNDED, Subject, judge, judge_inside
from standclear.core.model import Finding, Shown, Verdict, Why
from standclear.core.terms import (
    SPARED,
    Acknowledge,
    Consent,
    FormOfCooperation,
    Kind,
    LeadTime,
    NoticeClass,
    Rule,
    StayInside,
    Terms,
    keep_clear_rules,
    names_kind,
)
from standclear.geometry.effort import Effort

TERMS_RULE = "terms"
"""Stands as the rule of findings that come from the terms themselves."""


def findings_between(
    terms: Terms, own: Subject, other: Subject, effort: Effort | None = None
) -> tuple[Finding, ...]:
    """All keep-clear findings of an activity against one other notice, in the order of the rules.

    The other side is `own` itself never; activity areas are no obstacle and are never compared here.
    `effort`: what is left for the whole question of which this is a part.
    """
    if other.notice is not NoticeClass.ACTIVITY and other.notice not in SPARED:
        return ()
    found = []
    for rule in keep_clear_rules(terms, _kind(own), _kind(other)):
        finding = judge(rule, own, other, terms.theatre, effort)
        if finding is not None:
            found.append(_under_form(terms, own, other, finding))
    return tuple(found)


def _kind(subject: Subject) -> Kind:
    return Kind(id=subject.kind, notice=subject.notice, name="")


def _under_form(terms: Terms, own: Subject, other: Subject, finding: Finding) -> Finding:
    """`inform` between two parties keeps a conflict of their activities from blocking; nothing else does.

    No form cures a conflict with a humanitarian notice, nor what could not be assessed (design §5).
    """
    informs_only = (
        own.notice is NoticeClass.ACTIVITY
        and other.notice is NoticeClass.ACTIVITY
        and own.author != other.author
        and finding.verdict is Verdict.CONFLICT
        and terms.form(own.author, other.author) is FormOfCooperation.INFORM
    )
    return msgspec.structs.replace(finding, blocks=False) if informs_only else finding


def applies(rule: Rule, own: Subject) -> bool:
    """Whether a rule about one activity alone names its kind."""
    return isinstance(rule, StayInside | LeadTime | Consent | Acknowledge) and names_kind(
        rule.kinds, own.kind, own.notice
    )


def findings_alone(terms: Terms, own: Subject, areas: Sequence[Subject]) -> tuple[Finding, ...]:
    """Findings of one activity by itself: areas it must stay inside, and rules not evaluated yet.

    `areas`: activity areas in force near it, sorted by id.
    """
    found = []
    for rule in terms.rules:
        if not applies(rule, own):
            continue
        match rule:
            case StayInside():
                allowed = [a for a in areas if names_kind(rule.areas, a.kind, a.notice)]
                finding = judge_inside(rule, own, allowed, terms.theatre)
                found.extend([finding] if finding else [])
            case Consent() | Acknowledge():
                found.append(not_assessed(rule.id, Why.NOT_EVALUATED))
            case _:
                pass
    return tuple(found)


def not_assessed(rule: str, why: Why) -> Finding:
    """A finding that nothing could be compared, with the rule that asked for it."""
    return Finding(
        rule=rule,
        other="",
        verdict=Verdict.NOT_ASSESSED,
        why=why,
        horizontal_mm=UNBOUNDED,
        vertical_mm=UNBOUNDED,
        time_us=UNBOUNDED,
        at=None,
        own=Shown.EXACT,
        theirs=Shown.EXACT,
        blocks=True,
    )


def lateness(
    terms: Terms, kind: str, notice: NoticeClass, first_us: int | None, now_us: int
) -> dict[str, int]:
    """By which lead-time rules a notice comes late, and by how many µs; lateness flags only."""
    late = {}
    for rule in terms.rules:
        if isinstance(rule, LeadTime) and names_kind(rule.kinds, kind, notice) and first_us is not None:
            short_us = rule.lead_us - (first_us - now_us)
            if short_us > 0:
                late[rule.id] = short_us
    return late


def combined(findings: Iterable[Finding]) -> Verdict:
    """Conflict before not assessed before no conflict found."""
    return max(
        (f.verdict for f in findings),
        key=SEVERITY.index,
        default=Verdict.NO_CONFLICT_FOUND,
    )


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sorted by (rule, other), as the log keeps them."""
    return tuple(sorted(findings, key=lambda f: (f.rule, f.other)))
