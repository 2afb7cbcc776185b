# SPDX-License-Identifier: Apache-2.0
"""Was this finding, or the absence of one, rightly recorded? Derived again from the same two subjects.

- **confirmed**: derived again; brackets within 2 mm, which covers the last bits of other machines and what one
  version may do in another order, and all else exactly.
- **conservative**: another engine than the one that recorded it is tighter: what it finds lies within what was
  recorded, or it finds nothing where the recorded bracket had room for that.
- **contradicted**: neither. Also where the record claims more than can be derived again: whoever records a
  bracket has derived it, and no later engine is less tight by more than 2 mm.

A recorded clear is confirmed if all that was compared exceeds the minimum itself; recording it took a millimetre
more (design §6), so no last bit makes a false accusation, and none hides a conflict. `at` is not compared: of two
parallel edges every place is the nearest, and the last bits choose which is named. `own` and `theirs` are the
caller's to keep: it hands in the shapes that were compared. See docs/recheck.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import msgspec

from standclear.core.judge import Subject, judge_inside
from standclear.core.judging import ENGINE
from standclear.core.model import Finding, Verdict
from standclear.core.rules import findings_between
from standclear.core.terms import KeepClear, StayInside, Terms
from standclear.geometry.separation import UNDECIDED_MM, Bracket
from standclear.geometry.volume import Footprint, Minima, Volume

TOLERANCE_MM: Final = 2
"""Within this, brackets of two machines or versions are the same (design §6)."""
_MOST_MM: Final = 40_000_000_000
"""More than any two places on earth, or any two heights, are apart."""
_MOST_US: Final = 2**60


class Recheck(StrEnum):
    """What came of deriving a finding again."""

    CONFIRMED = "confirmed"
    CONSERVATIVE = "conservative"
    CONTRADICTED = "contradicted"


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The outcome, and a sentence that says why."""

    outcome: Recheck
    because: str


def recheck(
    terms: Terms, rule_id: str, own: Subject, other: Subject, recorded: Finding | None, engine: str
) -> Answer:
    """Derive again what one keep-clear rule says about two subjects; `recorded` None is a recorded clear.

    `engine`: which one recorded it.

    Raises:
        KeyError: the terms have no such keep-clear rule.
    """
    rule = terms.rule(rule_id)
    if not isinstance(rule, KeepClear):
        raise KeyError(rule_id)
    exact = _anew(terms, rule, own, other, rule.minima)
    if recorded is None:
        if exact is None or _anew(terms, rule, own, other, _widened(rule.minima, -UNDECIDED_MM, 0)) is None:
            return _answer(Recheck.CONFIRMED, "Everything compared exceeds a minimum.")
        return _contradicted("It was recorded as clear; derived again it is", exact, engine)
    if _exceeds(recorded, rule.minima):
        return _answer(
            Recheck.CONTRADICTED, f"The record's own brackets exceed a minimum: {_said(recorded)}."
        )
    exact = exact or _anew(terms, rule, own, other, _widened(rule.minima, TOLERANCE_MM, TOLERANCE_MM))
    if exact is not None:
        return compare_findings(recorded, exact, engine)
    within = _anew(terms, rule, own, other, _recorded_reach(recorded))
    return _cleared(recorded, within, engine)


def recheck_inside(
    terms: Terms, rule_id: str, own: Subject, areas: Sequence[Subject], recorded: Finding | None, engine: str
) -> Answer:
    """Derive again whether an activity stays inside areas; `recorded` None says that it does.

    Inside is decided before anything is rounded, so the activity is asked about once more a millimetre
    smaller, as far as it has radii, before an answer of inside is contradicted.

    Raises:
        KeyError: the terms have no such stay-inside rule.
    """
    rule = terms.rule(rule_id)
    if not isinstance(rule, StayInside):
        raise KeyError(rule_id)
    exact = judge_inside(rule, own, areas, terms.theatre)
    if recorded is not None:
        return _compared_outside(recorded, exact, engine)
    if exact is None or judge_inside(rule, _shrunk(own), areas, terms.theatre) is None:
        return _answer(Recheck.CONFIRMED, "Everything lies within the areas.")
    return _contradicted("It was recorded as inside; derived again it is", exact, engine)


def _compared_outside(recorded: Finding, derived: Finding | None, engine: str) -> Answer:
    """Outside means not provably inside, so that a tighter engine may find it inside.

    The area named, and how far it is reached beyond, are for people; another engine may name another.
    """
    if engine != ENGINE and derived is None:
        return _answer(Recheck.CONSERVATIVE, f"{ENGINE} proves inside what {engine} did not.")
    if derived is None:
        return _contradicted(f"The record says {_said(recorded)}; derived again it is", None, engine)
    if engine != ENGINE:
        derived = msgspec.structs.replace(
            derived, other=recorded.other, horizontal_mm=recorded.horizontal_mm, at=recorded.at
        )
    return compare_findings(recorded, derived, engine)


def _anew(terms: Terms, rule: KeepClear, own: Subject, other: Subject, minima: Minima) -> Finding | None:
    """What one rule finds under these minima, the form of cooperation included."""
    only = msgspec.structs.replace(terms, rules=(msgspec.structs.replace(rule, minima=minima),))
    return next(iter(findings_between(only, own, other)), None)


def _widened(minima: Minima, horizontal_mm: int, vertical_mm: int) -> Minima:
    """Change minima by some millimetres; below zero is less than touching."""
    return msgspec.structs.replace(
        minima,
        horizontal_mm=minima.horizontal_mm + horizontal_mm,
        vertical_mm=minima.vertical_mm + vertical_mm,
    )


def _recorded_reach(recorded: Finding) -> Minima:
    """Minima so wide that whatever lies within the recorded brackets is found."""
    most = (recorded.horizontal_mm.upper, recorded.vertical_mm.upper, recorded.time_us.upper)
    horizontal_mm, vertical_mm, time_us = most
    return Minima(
        horizontal_mm=_MOST_MM if horizontal_mm is None else horizontal_mm + TOLERANCE_MM,
        vertical_mm=_MOST_MM if vertical_mm is None else vertical_mm + TOLERANCE_MM,
        time_us=_MOST_US if time_us is None else time_us,
    )


def _exceeds(recorded: Finding, minima: Minima) -> bool:
    """Whether a finding's own brackets are clear of a minimum: whoever decided it from them decided wrongly."""
    return (
        (recorded.horizontal_mm.lower or 0) > minima.horizontal_mm + UNDECIDED_MM
        or (recorded.vertical_mm.lower or 0) > minima.vertical_mm
        or (recorded.time_us.lower or 0) > minima.time_us
    )


def compare_findings(recorded: Finding, derived: Finding, engine: str) -> Answer:
    """Compare two findings of one rule about one other notice; `engine` recorded the first."""
    if (recorded.rule, recorded.other) != (derived.rule, derived.other):
        return _contradicted("The record names another rule or notice; derived again it is", derived, engine)
    alike = (recorded.verdict, recorded.why, recorded.blocks) == (
        derived.verdict,
        derived.why,
        derived.blocks,
    )
    if alike and all(_same(a, b, slack) for a, b, slack in _pairs(recorded, derived)):
        return _answer(Recheck.CONFIRMED, f"Derived again: {_said(derived)}.")
    open_before = recorded.verdict is Verdict.NOT_ASSESSED and recorded.blocks
    if engine == ENGINE or not (alike or open_before):
        return _contradicted(f"The record says {_said(recorded)}; derived again it is", derived, engine)
    if all(_within(b, a, slack) for a, b, slack in _pairs(recorded, derived)):
        return _answer(
            Recheck.CONSERVATIVE,
            f"{ENGINE} is tighter than {engine}, which recorded {_said(recorded)}: {_said(derived)}.",
        )
    return _contradicted(f"The record says {_said(recorded)}; derived again it is", derived, engine)


def _cleared(recorded: Finding, within: Finding | None, engine: str) -> Answer:
    """Nothing is found any more. That is no contradiction where the recorded brackets had room for it."""
    held = recorded.verdict is Verdict.NOT_ASSESSED or (
        within is not None and all(_within(b, a, slack) for a, b, slack in _pairs(recorded, within))
    )
    if engine != ENGINE and held:
        return _answer(
            Recheck.CONSERVATIVE,
            f"{engine} recorded {_said(recorded)}, which leaves room for what {ENGINE} derives: "
            f"{Verdict.NO_CONFLICT_FOUND}.",
        )
    return _contradicted(f"The record says {_said(recorded)}; derived again it is", None, engine)


def _pairs(recorded: Finding, derived: Finding) -> tuple[tuple[Bracket, Bracket, int], ...]:
    """The brackets of two findings, and within how much they are the same; time is exact."""
    return (
        (recorded.horizontal_mm, derived.horizontal_mm, TOLERANCE_MM),
        (recorded.vertical_mm, derived.vertical_mm, TOLERANCE_MM),
        (recorded.time_us, derived.time_us, 0),
    )


def _same(one: Bracket, other: Bracket, slack: int) -> bool:
    """Whether both ends agree; unbounded only with unbounded."""
    return _within(one, other, slack) and _within(other, one, slack)


def _within(inner: Bracket, outer: Bracket, slack: int) -> bool:
    """Whether one bracket lies within another, or beyond it by no more than a slack."""
    low = outer.lower is None or (inner.lower is not None and inner.lower >= outer.lower - slack)
    high = outer.upper is None or (inner.upper is not None and inner.upper <= outer.upper + slack)
    return low and high


def _shrunk(own: Subject) -> Subject:
    """An activity a millimetre smaller wherever it has a radius or an uncertainty."""
    volumes = tuple(
        Volume(footprint=_less(volume.footprint), band=volume.band, window=volume.window)
        for volume in own.volumes
    )
    return msgspec.structs.replace(own, volumes=volumes)


def _less(footprint: Footprint) -> Footprint:
    if footprint.radius_mm:
        return msgspec.structs.replace(footprint, radius_mm=footprint.radius_mm - 1)
    return msgspec.structs.replace(footprint, uncertainty_mm=max(0, footprint.uncertainty_mm - 1))


def _said(finding: Finding) -> str:
    """A finding in words."""
    spans = (
        f"{_span(finding.horizontal_mm)} mm apart on the ground",
        f"{_span(finding.vertical_mm)} mm in height",
        f"{_span(finding.time_us)} µs in time",
    )
    return f"{finding.verdict} ({finding.why}): {', '.join(spans)}"


def _span(bracket: Bracket) -> str:
    low, high = ("unbounded" if end is None else str(end) for end in (bracket.lower, bracket.upper))
    return f"{low} to {high}"


def _contradicted(before: str, derived: Finding | None, engine: str) -> Answer:
    found = Verdict.NO_CONFLICT_FOUND if derived is None else _said(derived)
    return _answer(
        Recheck.CONTRADICTED, f"{before} {found}. Recorded by {engine}, derived again by {ENGINE}."
    )


def _answer(outcome: Recheck, because: str) -> Answer:
    return Answer(outcome=outcome, because=because)
