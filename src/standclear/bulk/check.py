# SPDX-License-Identifier: Apache-2.0
"""The offline check: every plan of one file against every feature of others. Pure; no clock, no files.

Plans of one file are not compared with each other. What could not be read is counted, and keeps the verdict
from `no_conflict_found`. The document does not depend on the order of rows or files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from standclear.bulk.document import (
    CheckDocument,
    CheckFinding,
    PlanVerdict,
    UnreadableRow,
    in_degrees,
    in_metres,
    in_seconds,
)
from standclear.bulk.sides import Side, known_kind, side_of
from standclear.core.judge import SEVERITY, UNBOUNDED, judge
from standclear.core.judging import ENGINE, REACH_SLACK_MM
from standclear.core.model import Finding, Verdict, Why
from standclear.core.rules import TERMS_RULE, findings_alone, findings_between, lateness, not_assessed
from standclear.core.shapes import first_start_us
from standclear.core.terms import KeepClear, NoticeClass, Rule, Terms, widest_minima
from standclear.core.words import seconds, sentence
from standclear.errors import Malformed
from standclear.formats.content import content_of
from standclear.formats.jsontext import shown
from standclear.formats.rows import Reading, Row
from standclear.geometry.index import EMPTY, Index
from standclear.geometry.volume import NO_THEATRE, Band, Minima, Volume
from standclear.units import us_to_iso

MINIMA_RULE: Final = "minima"
"""The rule of findings where minima were given instead of terms."""
FEW: Final = 64
"""Below so many others an index is not worth making."""


class Source(msgspec.Struct, frozen=True):
    """A file and what was read of it."""

    name: str
    reading: Reading


class _Basis(msgspec.Struct, frozen=True):
    """By what is compared: terms, or one rule for every pair."""

    terms: Terms | None
    rule: KeepClear | None

    def named(self, rule_id: str) -> Rule | None:
        """The rule behind a finding."""
        return self.rule if self.terms is None else self.terms.rule(rule_id)

    def reach(self) -> Minima:
        """What a search for candidates must reach."""
        minima = self.rule.minima if self.rule else widest_minima(self.terms) if self.terms else None
        assert minima is not None, "a basis is one of the two"
        return msgspec.structs.replace(minima, horizontal_mm=minima.horizontal_mm + REACH_SLACK_MM)


class _Field(msgspec.Struct, frozen=True):
    """All that plans are compared with: what is ready for it, what has an unknown kind, and the index."""

    sides: tuple[Side, ...]
    unknown: tuple[tuple[Row, str], ...]
    areas: tuple[Side, ...]
    index: Index


def check(plans: Source, others: Sequence[Source], basis: Terms | Minima, as_of_us: int) -> CheckDocument:
    """Compare every plan with every other feature, under terms or under the same minima for all."""
    by = _basis(basis)
    bad = [
        UnreadableRow(source.name, row.number, row.id, row.reason)
        for source in (plans, *others)
        for row in source.reading.bad
    ]
    flags = [f"{source.name}: {odd}" for source in (plans, *others) for odd in source.reading.warnings]
    field = _field(others, by, bad)
    answers: list[PlanVerdict] = []
    findings: list[CheckFinding] = []
    for row in plans.reading.rows:
        try:
            found = _plan_findings(row, plans.name, field, by, as_of_us)
        except Malformed as error:
            bad.append(UnreadableRow(plans.name, row.numbers[0], row.id, error.sentence()))
            continue
        findings += found
        answers.append(PlanVerdict(row.id, _worst([finding.verdict for finding in found])))
        flags += _late(row, plans.name, by.terms, as_of_us)
    undecided = sum(finding.verdict is Verdict.NOT_ASSESSED for finding in findings)
    verdicts = [answer.verdict for answer in answers]
    if bad or not answers:
        verdicts.append(Verdict.NOT_ASSESSED)
    return CheckDocument(
        verdict=_worst(verdicts),
        as_of=us_to_iso(as_of_us),
        terms=by.terms.title if by.terms else "",
        compared=len(field.sides) + len(field.unknown),
        not_assessed=undecided + len(bad),
        plans=tuple(sorted(answers, key=lambda answer: answer.plan)),
        findings=tuple(sorted(findings, key=lambda f: (f.plan, f.rule, f.other, f.file, f.why))),
        unreadable=tuple(sorted(bad, key=lambda b: (b.file, b.row or 0, b.reason))),
        flags=tuple(sorted(flags)),
        engine=ENGINE,
    )


def _worst(verdicts: Sequence[Verdict]) -> Verdict:
    return max(verdicts, key=SEVERITY.index, default=Verdict.NO_CONFLICT_FOUND)


def _basis(basis: Terms | Minima) -> _Basis:
    if isinstance(basis, Terms):
        return _Basis(basis, None)
    every = tuple(notice.value for notice in NoticeClass)
    return _Basis(
        None, KeepClear(id=MINIMA_RULE, between=(NoticeClass.ACTIVITY.value,), and_=every, minima=basis)
    )


def _field(others: Sequence[Source], by: _Basis, bad: list[UnreadableRow]) -> _Field:
    """Make all others ready; what the terms have no place for joins the unreadable."""
    sides: list[Side] = []
    unknown: list[tuple[Row, str]] = []
    for source in others:
        for row in source.reading.rows:
            if known_kind(row, by.terms) is None:
                unknown.append((row, source.name))
                continue
            try:
                sides.append(side_of(row, source.name, by.terms, plan=False))
            except Malformed as error:
                bad.append(UnreadableRow(source.name, row.numbers[0], row.id, error.sentence()))
    sides.sort(key=lambda side: (side.subject.id, side.file))
    areas = tuple(side for side in sides if side.subject.notice is NoticeClass.ACTIVITY_AREA)
    return _Field(tuple(sides), tuple(unknown), areas, _indexed(sides, by.terms))


def _indexed(sides: Sequence[Side], terms: Terms | None) -> Index:
    """Index everything a side may be met at: as stated, down to the ground, and its own hazard."""
    index = EMPTY
    if len(sides) < FEW:
        return index
    for number, side in enumerate(sides):
        reached = tuple(_to_ground(volume) for volume in side.subject.volumes)
        index = index.insert(
            (*reached, *side.subject.hazard),
            notice=str(number),
            audience=1,
            seq=0,
            theatre=terms.theatre if terms else NO_THEATRE,
        )
    return index


def _to_ground(volume: Volume) -> Volume:
    return msgspec.structs.replace(volume, band=Band(lower=None, upper=volume.band.upper))


def _near(side: Side, field: _Field, by: _Basis) -> Iterator[Side]:
    """The others that may be within reach of a plan."""
    if len(field.sides) < FEW:
        yield from field.sides
        return
    theatre = by.terms.theatre if by.terms else NO_THEATRE
    own = (*side.subject.volumes, *side.subject.hazard)
    for key in field.index.candidates(own, by.reach(), size=1, asker=None, theatre=theatre):
        yield field.sides[int(key)]


def _plan_findings(row: Row, file: str, field: _Field, by: _Basis, as_of_us: int) -> list[CheckFinding]:
    """All findings of one plan."""
    terms = by.terms
    kind = known_kind(row, terms)
    name = f"Plan {row.id}"
    if kind is None or (terms is not None and kind.notice is not NoticeClass.ACTIVITY):
        fault = (
            "which the terms do not define"
            if kind is None
            else f"a {kind.notice}; only activities are judged"
        )
        why = "unknown_kind" if kind is None else "not_an_activity"
        return [
            _undecided(row.id, None, why, f"{name}: not assessed. Its kind is {shown(row.kind)}, {fault}.")
        ]
    own = side_of(row, file, terms, plan=True)
    found: list[CheckFinding] = []
    for other in _near(own, field, by):
        found += [_told(own, other, finding, by) for finding in _between(own, other, by)]
    for unknown in field.unknown:
        fault = f"The terms do not define the kind {shown(unknown[0].kind)}."
        text = f"{name} against {unknown[0].id}: not assessed. {fault}"
        found.append(_undecided(row.id, unknown, "unknown_kind", text))
    if terms is not None:
        areas = [side.subject for side in field.areas]
        for finding in findings_alone(terms, own.subject, areas):
            area = next((side for side in field.areas if side.subject.id == finding.other), None)
            found.append(_told(own, area, finding, by))
        if not _in_force(terms, as_of_us):
            found.append(_told(own, None, not_assessed(TERMS_RULE, Why.TERMS_NOT_IN_FORCE), by))
    return found


def _between(own: Side, other: Side, by: _Basis) -> Sequence[Finding]:
    if by.terms is not None:
        return findings_between(by.terms, own.subject, other.subject)
    assert by.rule is not None, "a basis is one of the two"
    finding = judge(by.rule, own.subject, other.subject, NO_THEATRE)
    return [finding] if finding else []


def _in_force(terms: Terms, as_of_us: int) -> bool:
    """By the terms' own dates; who assented, no file says."""
    begun = terms.in_force_from_us is None or terms.in_force_from_us <= as_of_us
    return begun and (terms.in_force_until_us is None or as_of_us <= terms.in_force_until_us)


def _told(own: Side, other: Side | None, finding: Finding, by: _Basis) -> CheckFinding:
    """Write a finding for people and machines."""
    return CheckFinding(
        plan=own.subject.id,
        other=finding.other,
        file=other.file if other else "",
        rule=finding.rule,
        verdict=finding.verdict,
        why=finding.why.value,
        horizontal_m=in_metres(finding.horizontal_mm),
        vertical_m=in_metres(finding.vertical_mm),
        time_s=in_seconds(finding.time_us),
        at=in_degrees(finding.at),
        sentence=sentence(
            finding,
            f"Plan {own.called()}",
            other.called() if other else finding.other,
            by.named(finding.rule),
        ),
    )


def _undecided(plan: str, other: tuple[Row, str] | None, why: str, text: str) -> CheckFinding:
    """A finding that the terms say nothing about a kind."""
    pair = in_metres(UNBOUNDED)
    return CheckFinding(
        plan=plan,
        other=other[0].id if other else "",
        file=other[1] if other else "",
        rule=TERMS_RULE,
        verdict=Verdict.NOT_ASSESSED,
        why=why,
        horizontal_m=pair,
        vertical_m=pair,
        time_s=pair,
        at=None,
        sentence=text,
    )


def _late(row: Row, file: str, terms: Terms | None, as_of_us: int) -> list[str]:
    """Flags for lead times that are missed already; lateness flags only."""
    kind = terms.kind(row.kind) if terms else None
    if terms is None or kind is None or kind.notice is not NoticeClass.ACTIVITY:
        return []
    first = first_start_us(content_of(row, terms))
    late = lateness(terms, kind.id, kind.notice, first, as_of_us, row.exception)
    return [
        f"{file}: {row.id} would come {seconds(by_us)} late (rule {rule})" for rule, by_us in late.items()
    ]
