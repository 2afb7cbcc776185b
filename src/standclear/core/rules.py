# SPDX-License-Identifier: Apache-2.0
"""Which rules apply to whom, what a form of cooperation makes of a finding, and how findings combine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from standclear.core.deadlines import latest_us
from standclear.core.excepting import exempt
from standclear.core.judge import SEVERITY, UNBOUNDED, Subject, judge, judge_inside
from standclear.core.model import Finding, Shown, Verdict, Why
from standclear.core.terms import (
    SPARED,
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

BY_CONSENT = (Why.AWAITS_CONSENT, Why.OBJECTED)
"""Why a finding stands that only an answer changes."""
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
    """`inform`, or `consent` once given, keeps a conflict of two parties' activities from blocking; nothing else does.

    No form cures a conflict with a humanitarian notice, nor what could not be assessed (design §5).
    """
    if (
        own.notice is not NoticeClass.ACTIVITY
        or other.notice is not NoticeClass.ACTIVITY
        or own.author == other.author
        or finding.verdict is not Verdict.CONFLICT
    ):
        return finding
    match terms.form(own.author, other.author):
        case FormOfCooperation.INFORM:
            return msgspec.structs.replace(finding, blocks=False)
        case FormOfCooperation.CONSENT if other.author in own.consents:
            return msgspec.structs.replace(finding, blocks=False)
        case FormOfCooperation.CONSENT:
            return msgspec.structs.replace(finding, waits_on=(other.author,))
        case _:
            return finding


def applies(rule: Rule, own: Subject) -> bool:
    """Whether a rule about one activity alone names its kind."""
    return isinstance(rule, StayInside | LeadTime | Consent) and names_kind(rule.kinds, own.kind, own.notice)


def _lifted(terms: Terms, rule: Rule, own: Subject) -> bool:
    """Whether an exception that an activity claims lifts a rule of areas or of consent."""
    found = exempt(terms, own.exception, own.kind) if own.exception else None
    return found is not None and rule.id in found.rules


def findings_alone(terms: Terms, own: Subject, areas: Sequence[Subject]) -> tuple[Finding, ...]:
    """Findings of one activity by itself: areas it must stay inside, and consent that it waits for.

    `areas`: activity areas in force near it, sorted by id.
    """
    found = []
    for rule in terms.rules:
        if not applies(rule, own) or _lifted(terms, rule, own):
            continue
        match rule:
            case StayInside():
                allowed = [a for a in areas if names_kind(rule.areas, a.kind, a.notice)]
                finding = judge_inside(rule, own, allowed, terms.theatre)
                found.extend([finding] if finding else [])
            case _:
                pass
    return (*found, *consent_findings(terms, own))


def consent_findings(terms: Terms, own: Subject) -> tuple[Finding, ...]:
    """What still stands between an activity and the consent that rules ask for: a refusal, or no answer yet."""
    found = []
    for rule in terms.rules:
        if not (isinstance(rule, Consent) and applies(rule, own)) or _lifted(terms, rule, own):
            continue
        waits_on = tuple(p for p in rule.parties if p != own.author and p not in own.consents)
        refused = any(party in own.refuses for party in waits_on)
        if waits_on:
            finding = not_assessed(rule.id, Why.OBJECTED if refused else Why.AWAITS_CONSENT)
            verdict = Verdict.CONFLICT if refused else Verdict.NOT_ASSESSED
            found.append(msgspec.structs.replace(finding, verdict=verdict, waits_on=waits_on))
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
    terms: Terms, kind: str, notice: NoticeClass, first_us: int | None, now_us: int, exception: str = ""
) -> dict[str, int]:
    """By which lead-time rules a notice comes late, and by how many µs; lateness flags only.

    Where an exception is claimed that lifts a rule, that much notice is asked for which the exception still asks for.
    """
    late = {}
    claims = exempt(terms, exception, kind) if exception else None
    for rule in terms.rules:
        if isinstance(rule, LeadTime) and names_kind(rule.kinds, kind, notice) and first_us is not None:
            lifted = claims is not None and rule.id in claims.rules
            latest = first_us - claims.lead_us if claims and lifted else latest_us(terms, rule, first_us)
            short_us = now_us - latest
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
    """Sorted by (rule, other), as the log keeps them; a cover before an older shape of the same notice."""
    return tuple(sorted(findings, key=lambda f: (f.rule, f.other, f.theirs)))
