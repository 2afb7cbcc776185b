# SPDX-License-Identifier: Apache-2.0
"""The exercise's outcome for people: word and shape for every verdict, readable without colour."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from standclear.core.model import Status, Verdict
from standclear.core.words import VERDICT_SHAPES, VERDICT_WORDS
from standclear.exercise.result import ActivityOutcome, ExerciseResult, Fact

NARROW = 110
"""Columns below which a table of five would be unreadable."""
TITLE = "EXERCISE  Activities and why they stand as they do"


def show(result: ExerciseResult, console: Console) -> None:
    """Print every activity with its state, verdict and reasons, and what else the story says."""
    if console.width >= NARROW:
        console.print(_table(result.activities))
    else:
        _list(result.activities, console)
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


def _list(activities: Sequence[ActivityOutcome], console: Console) -> None:
    """One paragraph an activity, for narrow screens."""
    console.print(Text(f"{TITLE}\n", style="bold"))
    for activity in activities:
        heading = (
            f"{_verdict(activity)}, {_state(activity)}: {activity.id} {activity.name} ({activity.author})"
        )
        console.print(Text(heading, style=_style(activity)))
        console.print(Padding(Text(_why(activity)), (0, 0, 1, 4)))


def _table(activities: Sequence[ActivityOutcome]) -> Table:
    table = Table(title=TITLE, box=box.SIMPLE_HEAD)
    table.add_column("Activity", max_width=34)
    for name in ("Filed by", "State", "Verdict"):
        table.add_column(name, no_wrap=True)
    table.add_column("Why", ratio=1)
    for activity in activities:
        cells = (
            f"{activity.id} {activity.name}",
            activity.author,
            _state(activity),
            _verdict(activity),
            _why(activity),
        )
        table.add_row(*(Text(cell) for cell in cells), style=_style(activity))
    return table


def _state(activity: ActivityOutcome) -> str:
    return activity.state.value if activity.state is Status.FILED else activity.state.value.upper()


def _verdict(activity: ActivityOutcome) -> str:
    return f"{VERDICT_SHAPES[activity.verdict]} {VERDICT_WORDS[activity.verdict]}"


def _style(activity: ActivityOutcome) -> str:
    return "bold" if activity.verdict is not Verdict.NO_CONFLICT_FOUND else ""


def _why(activity: ActivityOutcome) -> str:
    """The first reason, how many more, an alternative, and flags; first of all, what the story says otherwise."""
    said = (
        []
        if activity.as_told
        else [f"THE STORY SAYS {activity.expected_state}, {activity.expected_verdict}."]
    )
    said += activity.sentences[:1]
    if len(activity.sentences) > 1:
        said.append(f"And {len(activity.sentences) - 1} more.")
    said += [f"Alternative: {offer}" for offer in activity.alternatives[:1]]
    if activity.flags:
        said.append(f"Flagged: {', '.join(activity.flags)}.")
    return " ".join(said) or "Nothing that was compared is too close."
