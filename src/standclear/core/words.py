# SPDX-License-Identifier: Apache-2.0
"""Findings in sentences for people: who, which rule, how close, and why. Nothing here says that a place is fine.

A distance is the far end of its bracket, which the truth cannot pass; where the bracket is wide, both ends
are said.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal
from typing import Final

from standclear.core.model import Finding, Shown, Verdict, Why
from standclear.core.terms import KeepClear, Rule
from standclear.geometry.separation import Bracket
from standclear.units import MM_PER_M, US_PER_S

REMINDER: Final = (
    "No conflict found means only: nothing that was compared is too close. Notices that were withheld or never"
    " listed may exist, whether or not any are shown here; the law protects people, listed or not."
)
"""Said with every answer, in the same words whether or not anything is withheld (law 1)."""

VERDICT_WORDS: Final = {
    Verdict.CONFLICT: "conflict",
    Verdict.NOT_ASSESSED: "not assessed",
    Verdict.NO_CONFLICT_FOUND: "no conflict found",
}
VERDICT_SHAPES: Final = {
    Verdict.CONFLICT: "■",
    Verdict.NOT_ASSESSED: "▲",
    Verdict.NO_CONFLICT_FOUND: "○",
}
"""A shape beside the word, so that no verdict is told by colour alone."""
_NARROW_MM: Final = 100


def sentence(finding: Finding, own: str, other: str, rule: Rule | None) -> str:
    """Say one finding in a sentence; `own` and `other` name the two, as 'Plan F1' and 'H7 (St Anne)'."""
    called = _called(finding, rule)
    if Shown.COVER in (finding.own, finding.theirs):
        return _covered(finding, own, other, called)
    match finding.why:
        case Why.TOO_CLOSE:
            return (
                f"{own} {_near(finding, other)} ({called}); {_height(finding, rule)}, {_time(finding, rule)}."
            )
        case Why.HAZARD_TO_GROUND:
            return (
                f"{own} does not rule out a hazard to the ground, and that {_near(finding, other)} ({called});"
                f" no altitude clears it, {_time(finding, rule)}."
            )
        case Why.VERTICAL_UNKNOWN:
            return f"{own} against {other}: not assessed ({called}). {_UNKNOWN_HEIGHT}"
        case Why.UNPLACED:
            return (
                f"{own} against {other}: not assessed ({called}). One of them is known only to lie somewhere in a"
                f" region that {_near(finding, 'the other')}."
            )
        case Why.OUTSIDE_AREA:
            return f"{own} does not lie wholly {_inside(finding, other)} ({called})."
        case Why.NOT_EVALUATED:
            return f"{own}: not assessed ({called}). This version cannot evaluate that rule."
        case Why.AWAITS_CONSENT:
            return f"{own}: not assessed ({called}). It waits for the consent of {listed(finding.waits_on)}."
        case Why.OBJECTED:
            return f"{own} waits for the consent of {listed(finding.waits_on)}, and one of them refuses ({called})."
        case Why.TERMS_NOT_IN_FORCE:
            return f"{own}: not assessed. The terms are not in force."
        case Why.PARTY_SUSPENDED:
            return f"{own}: not assessed. It rests on {listed(finding.waits_on)}, who suspended its part in the terms."


def _covered(finding: Finding, own: str, other: str, called: str) -> str:
    """Of a cover no distance is said, for it has no place."""
    said = "too close" if finding.verdict is Verdict.CONFLICT else "not assessed"
    whose = f"{other} was" if finding.theirs is Shown.COVER else f"{own} was"
    return (
        f"{own} against {other}: {said} ({called}). {whose} compared at its cover, the region and hours in which it"
        " lies somewhere; how near it is stays unsaid."
    )


_UNKNOWN_HEIGHT: Final = (
    "The heights cannot be compared: a height over ground (AGL) needs the terrain of the terms, or a datum that"
    " is known."
)


def _called(finding: Finding, rule: Rule | None) -> str:
    """The rule, with its distance if it has one."""
    if isinstance(rule, KeepClear):
        return f"rule {finding.rule}: {metres(rule.minima.horizontal_mm)}"
    return f"rule {finding.rule}"


def listed(names: tuple[str, ...]) -> str:
    """Write names one after another."""
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"


def _near(finding: Finding, other: str) -> str:
    lower, upper = finding.horizontal_mm.lower or 0, finding.horizontal_mm.upper
    if not lower and upper is not None and upper <= _NARROW_MM:
        return f"reaches {other}"
    if upper is None or upper - lower <= _NARROW_MM:
        return f"comes within {metres(lower if upper is None else upper)} of {other}"
    return f"comes within {metres(lower)} to {metres(upper)} of {other}"


def _height(finding: Finding, rule: Rule | None) -> str:
    gap = finding.vertical_mm
    if gap.upper == 0:
        return "their heights overlap"
    minimum = f" (minimum {metres(rule.minima.vertical_mm)})" if isinstance(rule, KeepClear) else ""
    if not gap.lower:
        return f"their heights may overlap{minimum}"
    return f"{_between(gap, metres)} apart in height{minimum}"


def _time(finding: Finding, rule: Rule | None) -> str:
    gap = finding.time_us
    if gap.upper == 0:
        return "at the same time"
    minimum = f" (minimum {seconds(rule.minima.time_us)})" if isinstance(rule, KeepClear) else ""
    return f"{_between(gap, seconds)} apart in time{minimum}"


def _between(gap: Bracket, written: Callable[[int], str]) -> str:
    low = written(gap.lower or 0)
    if gap.upper is None:
        return f"at least {low}"
    high = written(gap.upper)
    return low if low == high else f"{low} to {high}"


def _inside(finding: Finding, other: str) -> str:
    if not finding.other:
        return "inside an area agreed for it, as there is none"
    lower = finding.horizontal_mm.lower
    beyond = f", which it leaves by {metres(lower)} or more" if lower else ""
    return f"inside one area agreed for it; the nearest is {other}{beyond}"


def metres(length_mm: int) -> str:
    """Write a length: metres with up to three decimals, kilometres from ten kilometres on."""
    if abs(length_mm) >= 10_000 * MM_PER_M:
        kilometres = (Decimal(length_mm) / 1_000_000).quantize(Decimal("0.1"), ROUND_FLOOR)
        return f"{_plain(kilometres)} km"
    return f"{_plain(Decimal(length_mm) / MM_PER_M)} m"


def seconds(time_us: int) -> str:
    """Write a span of time: seconds below two minutes, then minutes, hours, days and what is left."""
    whole, rest = divmod(time_us, US_PER_S)
    if whole < 120:
        return f"{_plain(Decimal(time_us) / US_PER_S)} s"
    days, whole = divmod(whole, 86_400)
    hours, whole = divmod(whole, 3_600)
    minutes, left = divmod(whole, 60)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (left + (1 if rest else 0), "s")]
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount)


def _plain(number: Decimal) -> str:
    """Write a decimal without an exponent or needless zeros, thousands apart."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
