# SPDX-License-Identifier: Apache-2.0
"""Rows of results: shown while they come, kept in results.json, printed as a table or as Markdown."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

RESULTS: Final = Path(__file__).parent / "results.json"
PARTS: Final = ("commands", "opening", "before", "check", "bulk", "cluster", "dynamics", "interface")
OURS: Final = "Standclear"
_VERSIONS: Final = ("numba", "numpy", "shapely", "apsw", "duckdb", "geopandas", "psycopg")
WIDTH: Final = 170
"""Columns of a table that goes to a file."""
_HEADS: Final = ("what", "who", "value", "rounds", "ratio", "note")
FOOTNOTES: Final = (
    "ratio: how many times as fast as the other ours is, formed within each round, median of the rounds;",
    "p99 and its ratio are of all rounds together, and grow with the load: who is interrupted waits for ms.",
    "one check: a peer is given its question ready-made; ours lays the plan out within the measured time.",
    "screening: peers are given fixes already projected to the plane; ours starts from degrees.",
    "before: the ratio is the processor time of now by that of the older commit, within each round.",
    "answers and pairs are compared one by one with ours, on the same plans and fixes.",
)
_STARTED: Final = time.monotonic()
_TELL: Final = Console(stderr=True, highlight=False)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `ratio`: how many times ours is faster, median over rounds; 1 for ours itself.

    `low` and `high` are the least and the greatest of the rounds. A peer that could not be had has no value
    and its reason as the note.
    """

    part: str
    name: str
    value: float | None
    unit: str
    peer: str = OURS
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""
    size: int = 0
    load_average: float = 0.0
    taken: str = field(default="")


def say(doing: str) -> None:
    """Tell what is being done, and when."""
    _TELL.print(f"[dim]{time.monotonic() - _STARTED:6.0f} s  load {os.getloadavg()[0]:4.1f}[/]  {doing}")


def stamped(row: Row) -> Row:
    """Add the load and the moment at which a row was measured."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ")
    return replace(row, load_average=round(os.getloadavg()[0], 2), taken=now)


def kept(path: Path = RESULTS) -> list[Row]:
    """Return the rows of the last runs."""
    if not path.exists():
        return []
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [Row(**row) for row in rows if "part" in row]


def keep(rows: Iterable[Row], path: Path = RESULTS) -> None:
    """Keep rows in place of older ones of the same part and size."""
    new = list(rows)
    replaced = {(row.part, row.size) for row in new}
    old = [row for row in kept(path) if (row.part, row.size) not in replaced]
    ordered = sorted([*old, *new], key=lambda row: (PARTS.index(row.part), row.size))
    lines = [json.dumps(asdict(row), ensure_ascii=False) for row in ordered]
    path.write_text("[\n " + ",\n ".join(lines) + "\n]\n", encoding="utf-8")


def machine() -> str:
    """Say on what was measured."""
    versions = []
    for name in _VERSIONS:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return (
        f"{os.cpu_count()} cores ({_processor()}), Python {platform.python_version()}, {', '.join(versions)}"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def cells(row: Row) -> tuple[str, ...]:
    """Return a row as text, in the order of the heads."""
    value = "not to be had" if row.value is None else f"{number(row.value)} {row.unit}"
    rounds = "" if row.low is None or row.high is None else f"{number(row.low)}-{number(row.high)}"
    ratio = "" if row.ratio is None else f"{row.ratio:.2g}" if row.ratio < 1 else f"{row.ratio:,.1f}"
    return row.name, row.peer, value, rounds, ratio, row.note


def number(value: float) -> str:
    """Return three digits, or all before the point."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def show(rows: Iterable[Row]) -> None:
    """Print the table."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    table = Table(title=machine(), title_justify="left")
    for head in _HEADS:
        right = head in ("value", "rounds", "ratio")
        table.add_column(head, justify="right" if right else "left", no_wrap=right, overflow="fold")
    above = ""
    for row in rows:
        name, *others = cells(row)
        if name != above:
            table.add_section()
        table.add_row("" if name == above else name, *others)
        above = name
    console.print(table)
    for line in FOOTNOTES:
        console.print(line, style="dim", highlight=False)


def markdown(rows: Iterable[Row]) -> str:
    """Return the table as Markdown, a part after the other, each with its date and load."""
    lines = [f"{machine()}."]
    part = ("", 0)
    for row in rows:
        if (row.part, row.size) != part:
            part = (row.part, row.size)
            about = f", {row.size:,} volumes" if row.size else ""
            lines += ["", f"**{row.part}**{about}: {row.taken}, load average {row.load_average}", ""]
            lines += ["| " + " | ".join(_HEADS) + " |", "| --- | --- | ---: | ---: | ---: | --- |"]
        lines.append("| " + " | ".join(cells(row)) + " |")
    return "\n".join([*lines, "", *(f"- {line}" for line in FOOTNOTES)])
