# SPDX-License-Identifier: Apache-2.0
"""The same checks on the sources of an older commit and on these, in turns within the same minutes (issue 5)."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.report import Row, say

ROOT: Final = Path(__file__).parent.parent
COMMIT: Final = "24f59ce"
"""What checks are held against where no other commit is named."""
ROUNDS: Final = 5
SIZE: Final = 100_000
NAMED: Final = {
    "check": f"one check, {SIZE:,} volumes, median",
    "judge": "one activity judged against 2,000 sites, median",
}


def measure(commit: str = COMMIT) -> Iterator[Row]:
    """Yield what a check takes there and here; the ratio is of processor time, formed within each round."""
    with tempfile.TemporaryDirectory() as folder:
        old = Path(folder) / "old"
        subprocess.run(
            ["git", "-C", str(ROOT), "worktree", "add", "-q", "--detach", str(old), commit], check=True
        )
        try:
            yield from compared(commit, old)
        finally:
            subprocess.run(["git", "-C", str(ROOT), "worktree", "remove", "--force", str(old)], check=True)


def compared(commit: str, old: Path) -> Iterator[Row]:
    """Yield the rows of both."""
    taken: dict[Path, list[dict[str, dict[str, float]]]] = {old: [], ROOT: []}
    for tree in taken:
        say(f"kernels of {tree}, compiled if need be")
        run(tree, 2_000)
    for number in range(ROUNDS):
        say(f"round {number + 1} of {ROUNDS}")
        for tree in (old, ROOT) if number % 2 else (ROOT, old):
            taken[tree].append(run(tree, SIZE))
    for what, name in NAMED.items():
        for tree, peer in ((old, f"Standclear at {commit}"), (ROOT, "Standclear now")):
            walls = [one[what]["wall_us"] for one in taken[tree]]
            ratios = [
                now[what]["cpu_us"] / then[what]["cpu_us"]
                for now, then in zip(taken[tree], taken[old], strict=True)
            ]
            used = statistics.median(one[what]["cpu_us"] for one in taken[tree])
            yield Row(
                "before",
                name,
                statistics.median(walls),
                "µs",
                peer=peer,
                ratio=statistics.median(ratios),
                low=min(walls),
                high=max(walls),
                note=f"{used:.1f} µs of processor",
            )


def run(tree: Path, size: int) -> dict[str, dict[str, float]]:
    """One measurement, in a process of its own, on the sources of a tree."""
    child = Path(__file__).parent / "children" / "checking.py"
    paths = os.environ | {"PYTHONPATH": f"{tree / 'src'}:{tree}"}
    command = [sys.executable, str(child), str(size)]
    said = subprocess.run(command, cwd=tree, env=paths, stdout=subprocess.PIPE, check=True).stdout
    found: dict[str, dict[str, float]] = json.loads(said)
    return found
