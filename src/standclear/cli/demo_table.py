# SPDX-License-Identifier: Apache-2.0
"""The exercise's outcome for people: word and shape for every verdict, readable without colour."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from standclear.core.model import Verdict
from standclear.core.words import VERDICT_SHAPES, VERDICT_WORDS
from standclear.exercise.result import ActivityOutcome, ExerciseResult, Fact

NARROW = 100
"""Columns below which the reasons go under the table instead of into it."""


def show(result: ExerciseResult, console: Console) -> None:
    """Print every activity with its state, verdict and reasons, and what else the story says."""
    console.print(_table(result.activities, wide=console.width >= NARROW))
    for fact in result.facts:
        console.print(Text(f"{_held(fact)} {fact.sentence}"))
    entries, facilities = f"{result.entries:,}", f"{result.facilities:,}"
    console.print(
        Text(
            f"\n{result.exercise}  {facilities} facilities, {entries} entries in the log of {result.origin}."
        )
    )
    console.print(Text(result.note))
    if not result.as_told:
        console.print(Text("SOMETHING CAME OUT OTHERWISE THAN THE STORY SAYS.", style="bold"))


def _held(fact: Fact) -> str:
    return "as told:" if fact.held else "OTHERWISE THAN TOLD:"


def _table(activities: Sequence[ActivityOutcome], *, wide: bool) -> Table:
    table = Table(title="EXERCISE  Activities and why they stand as they do", box=box.SIMPLE_HEAD)
    table.add_column("Activity", max_width=34)
    table.add_column("Filed by", overflow="fold")
    table.add_column("State")
    table.add_column("Verdict")
    if wide:
        table.add_column("Why", ratio=1)
    for activity in activities:
        cells = [
            Text(f"{activity.id} {activity.name}"),
            Text(activity.author),
            Text(activity.state.value.upper() if activity.state.value != "filed" else "filed"),
            Text(f"{VERDICT_SHAPES[activity.verdict]} {VERDICT_WORDS[activity.verdict]}"),
        ]
        table.add_row(*cells, *([Text(_why(activity))] if wide else []), style=_style(activity))
        if not activity.as_told:
            told = f"the story says {activity.expected_state.value}, {activity.expected_verdict.value}"
            table.add_row(Text(told, style="bold reverse"))
        if not wide:
            table.add_row(Text(_why(activity)), end_section=True)
    return table


def _style(activity: ActivityOutcome) -> str:
    return "bold" if activity.verdict is not Verdict.NO_CONFLICT_FOUND else ""


def _why(activity: ActivityOutcome) -> str:
    """The first reason, how many more, an alternative, and flags."""
    said = list(activity.sentences[:1])
    if len(activity.sentences) > 1:
        said.append(f"And {len(activity.sentences) - 1} more.")
    said += [f"Alternative: {offer}" for offer in activity.alternatives[:1]]
    if activity.flags:
        said.append(f"Flagged: {', '.join(activity.flags)}.")
    return " ".join(said) or "Nothing that was compared is too close."
