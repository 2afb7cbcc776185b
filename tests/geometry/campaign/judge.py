# SPDX-License-Identifier: Apache-2.0
"""Hold the engine against the truth, count, and print what was found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from standclear.geometry.separation import Bracket, brackets, closeness
from standclear.geometry.volume import NO_THEATRE, Minima
from tests.geometry.campaign.batch import Case, expression

EXACT_MM: Final = 1e-4
"""GeographicLib is good to 15 nm, the search for a foot to 10 nm."""
UNDECIDED_MM: Final = 2
"""Clear needs more than the minimum and a millimetre in whole numbers rounded down: two more, or nothing."""
DECADES: Final = 8
"""Distances of the cores under 1 m, under 10 m ... under 1,000 km, and more."""
SHOWN: Final = 20
"""So many failing cases are kept of each part of a run."""


@dataclass
class Count:
    """What was found of one kind of case."""

    cases: int = 0
    dropped: int = 0
    clear: int = 0
    false_clear: int = 0
    broken: int = 0
    open_chosen: int = 0
    random_cases: int = 0
    open_random: int = 0
    widest_mm: list[int] = field(default_factory=lambda: [-1] * DECADES)

    def add(self, other: Count) -> None:
        """Add what another part of the run found."""
        for name in (
            "cases",
            "dropped",
            "clear",
            "false_clear",
            "broken",
            "open_chosen",
            "random_cases",
            "open_random",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.widest_mm = [max(pair) for pair in zip(self.widest_mm, other.widest_mm, strict=True)]


@dataclass
class Tally:
    """What was found of every kind, and the cases that failed, each as an expression."""

    kinds: dict[str, Count] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def of(self, kind: str) -> Count:
        """Return the count of a kind."""
        return self.kinds.setdefault(kind, Count())

    def add(self, other: Tally) -> None:
        """Add what another part of the run found."""
        for kind, count in other.kinds.items():
            self.of(kind).add(count)
        self.failures += other.failures[: SHOWN - len(self.failures)]

    def total(self) -> Count:
        """Return the sum over all kinds."""
        total = Count()
        for count in self.kinds.values():
            total.add(count)
        return total


def judge(case: Case, tally: Tally, above_mm: float = EXACT_MM) -> None:
    """Ask the engine about one case and count the answers.

    `above_mm`: the truth may be so much less than what the case says.
    """
    minima = Minima(case.minimum_mm, 0, 0)
    close = closeness(case.a, case.b, minima, NO_THEATRE)
    full = brackets(case.a, case.b, NO_THEATRE)[0]
    count = tally.of(case.kind)
    count.cases += 1
    wrong = _broken(full, case.true_mm, above_mm)
    margin_mm = case.true_mm - case.minimum_mm
    if close is None:
        count.clear += 1
        if margin_mm <= 0:
            count.false_clear += 1
            wrong = "FALSE CLEAR"
        elif margin_mm < UNDECIDED_MM - EXACT_MM:
            wrong = wrong or "cleared within two millimetres of the minimum"
    else:
        wrong = wrong or _broken(close.horizontal_mm, case.true_mm, above_mm)
    _count_open(count, case, margin_mm > UNDECIDED_MM and close is not None)
    if full.lower is not None and full.upper is not None:
        decade = min(DECADES - 1, max(0, math.floor(math.log10(max(case.core_m, 0.1))) + 1))
        count.widest_mm[decade] = max(count.widest_mm[decade], full.upper - full.lower)
    if wrong:
        count.broken += wrong != "FALSE CLEAR"
        if len(tally.failures) < SHOWN:
            tally.failures.append(f"{expression(case)}; {full}; {wrong}")


def _broken(found: Bracket, true_mm: float, above_mm: float) -> str:
    """Say what is wrong with a bracket, if anything."""
    if found.lower is None or found.upper is None:
        return "a bracket without an end"
    if found.lower > found.upper:
        return "a bracket whose ends are out of order"
    if found.lower > true_mm + EXACT_MM:
        return f"the bracket's lower end is {found.lower - true_mm:.4f} mm above the truth"
    if found.upper < true_mm - above_mm:
        return f"the bracket's upper end is {true_mm - found.upper:.4f} mm below the truth"
    return ""


def _count_open(count: Count, case: Case, is_open: bool) -> None:
    """Count conflicts that are none: undecided, so not cleared."""
    if case.chosen:
        count.open_chosen += is_open
    else:
        count.random_cases += 1
        count.open_random += is_open


_HEADS: Final = (
    "cases",
    "dropped",
    "clear",
    "false clear",
    "broken",
    "open chosen",
    "random",
    "open",
    "rate",
)
_LEGEND: Final = (
    "dropped: drawn, but the truth is not proven or the volume refused. open: a conflict, though the truth",
    "exceeds the minimum by more than 2 mm. chosen: the minimum was put near the truth or made of its size;",
    "random: it was drawn evenly up to 50 km, whatever the truth is.",
)
_SPANS: Final = ("<1m", "<10m", "<100m", "<1km", "<10km", "<100km", "<1000km", "more")


def report(tally: Tally) -> str:
    """Write the counts as two tables, the widest brackets by the distance of the cores, and what failed."""
    rows: list[Sequence[str]] = [("kind", *_HEADS)]
    spans: list[Sequence[str]] = [("widest, mm", *_SPANS)]
    for kind, count in [*sorted(tally.kinds.items()), ("all", tally.total())]:
        rate = f"{count.open_random / max(1, count.random_cases):.1e}"
        numbers = (count.cases, count.dropped, count.clear, count.false_clear, count.broken)
        later = (count.open_chosen, count.random_cases, count.open_random)
        rows.append((kind, *(f"{number:,}" for number in (*numbers, *later)), rate))
        spans.append((kind, *("-" if width < 0 else f"{width:,}" for width in count.widest_mm)))
    return "\n".join([*_table(rows), *_LEGEND, "", *_table(spans), *_listed(tally)])


def _table(rows: list[Sequence[str]]) -> list[str]:
    """Set rows in columns, the first to the left."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]


def _listed(tally: Tally) -> list[str]:
    """List failing cases for pasting."""
    if not tally.failures:
        return []
    imports = ("separation import brackets, closeness", "volume import *")
    return ["", *(f"from standclear.geometry.{one}" for one in imports), *tally.failures]
