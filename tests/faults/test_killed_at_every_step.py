# SPDX-License-Identifier: Apache-2.0
"""Law 7: killed (-9) at whichever step of the sequencer or of SQLite, a centre loses nothing that it answered."""

from __future__ import annotations

import io
import os
import pickle
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.workload import Answered, reopen

ROOT = Path(__file__).parents[2]
SEED = int(os.environ.get("STANDCLEAR_SEED", "4"))
KILLS = 100_000 if os.environ.get("STANDCLEAR_SOAK") else 40
"""At most so many of the steps of a run, chosen by the seed; beside one of each name."""
STEPS = {
    "before opening",
    "opened",
    "before deciding",
    "before append",
    "rows written, before the commit",
    "committed, before re-reading",
    "re-reading",
    "re-read, before publishing and answering",
    "answered",
    "ordered, before erasing",
    "erased",
    "before closing",
    "closed",
}
CALLS = {"write", "sync", "truncate", "delete", "answered"}


def run_children(directory: Path, kind: str, numbers: list[int]) -> dict[int, int]:
    """Run a centre for each number, to die at that step; their exit codes."""
    said = subprocess.run(
        [sys.executable, "-m", "tests.faults.dying", str(directory), kind, ",".join(map(str, numbers))],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    return {int(number): int(code) for number, code in (line.split() for line in said.splitlines())}


def steps_of(directory: Path) -> list[str]:
    return (directory / "steps").read_text("utf-8").splitlines()


def answers_of(directory: Path) -> list[Answered]:
    file = io.BytesIO((directory / "answers").read_bytes())
    answers: list[Answered] = []
    while file.tell() < len(file.getvalue()):
        answers.append(pickle.load(file))
    return answers


@pytest.mark.parametrize(("kind", "named"), [("steps", STEPS), ("calls", CALLS)])
def test_killed_at_any_step_a_centre_loses_nothing_that_it_answered(
    tmp_path: Path, kind: str, named: set[str]
) -> None:
    chance = random.Random(f"{SEED} {kind}")
    assert run_children(tmp_path, kind, [0]) == {0: 0}
    steps = steps_of(tmp_path / "0")
    assert set(steps) == named
    assert not reopen(tmp_path / "0" / "log.sqlite", None, answers_of(tmp_path / "0")).lost
    one_of_each = {
        chance.choice([n for n, step in enumerate(steps, 1) if step == name]) for name in sorted(named)
    }
    numbers = sorted(one_of_each | set(chance.sample(range(1, len(steps) + 1), min(KILLS, len(steps)))))
    codes = run_children(tmp_path, kind, numbers)
    assert codes == dict.fromkeys(numbers, -signal.SIGKILL)
    answered = 0
    for number in numbers:
        directory = tmp_path / str(number)
        assert len(steps_of(directory)) == number
        answers = answers_of(directory)
        assert not reopen(directory / "log.sqlite", None, answers).lost, (number, steps[number - 1])
        answered += len(answers)
    print(
        f"\nkill -9 at {kind}, seed {SEED}: {len(numbers)} of {len(steps)}, {answered} answers, 0 losses, 0 refused"
    )
