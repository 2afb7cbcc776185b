# SPDX-License-Identifier: Apache-2.0
"""Law 7: whatever a power cut does to unsynced writes, nothing answered 201 is lost, and the log opens."""

from __future__ import annotations

import itertools
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from standclear.errors import StandclearError
from standclear.store import sqlite
from standclear.store.sqlite import SqliteStore
from tests import centre_kit
from tests.faults.power import Cut, Disk, PowerVfs, Step, Sync, replay
from tests.faults.workload import FIRST, WAIT_S, Answered, reopen, submission, work

SOAK = bool(os.environ.get("STANDCLEAR_SOAK"))
SEED = int(os.environ.get("STANDCLEAR_SEED", "4"))
RUNS = 40 if SOAK else 1
CUTS_EACH = 1_500 if SOAK else 480
KILLS = 360 if SOAK else 6
CONTROL_CUTS = 600 if SOAK else 60
SECOND_CUT_EVERY = 6
SESSIONS = ((1, 2, 3), (1, 4))
"""Commands by group, each group after the first command one batch; the centre is stopped and opened in between."""
names = itertools.count()


@pytest.fixture
def vfs(monkeypatch: pytest.MonkeyPatch) -> Iterator[PowerVfs]:
    monkeypatch.setattr(sqlite, "WAL_PAGES_MAX", 24)  # so that checkpoints come into the run
    made = PowerVfs(f"power-{next(names)}")
    yield made
    made.unregister()


@dataclass
class Run:
    """One run's steps on the disk, and how many of them were done when each answer came."""

    path: Path
    trace: list[Step] = field(default_factory=list)
    answers: list[tuple[int, Answered]] = field(default_factory=list)

    def answered(self, steps: int) -> list[Answered]:
        return [answer for done, answer in self.answers if done <= steps]

    def note_in(self, vfs: PowerVfs) -> Callable[[Answered], None]:
        """Take down an answer with the number of steps that the disk has done."""
        return lambda answer: self.answers.append((len(vfs.disk.trace), answer))


@dataclass
class Tally:
    """What became of the cuts."""

    cuts: int = 0
    losses: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        """One line."""
        return f"{self.cuts} cuts, {self.losses} with losses, {self.refused.total()} refused"


def record_run(vfs: PowerVfs, path: Path, groups: list[tuple[int, ...]], change: str = "") -> Run:
    run = Run(path)
    vfs.disk = Disk({str(path): b""})
    first = FIRST
    for session in groups:
        store = SqliteStore(path, vfs=vfs.name)
        store._writer.execute(change)
        work(store, session, run.note_in(vfs), first)
        first += sum(session)
    run.trace = vfs.disk.trace
    return run


def cut_and_reopen(
    vfs: PowerVfs, run: Run, cuts: dict[int, list[Cut]], chance: random.Random, *, twice: bool
) -> Tally:
    """Cut the power at these steps of a run, reopen what is left, and count; now and then cut the reopening too."""
    tally, disk = Tally(), Disk({str(run.path): b""})
    for done in range(len(run.trace) + 1):
        for how in cuts.get(done, ()):
            image, answers = disk.cut(how, chance), run.answered(done)
            reopening = _reopen(vfs, run.path, image, answers, tally)
            if twice and tally.cuts % SECOND_CUT_EVERY == 0:
                steps = chance.randint(0, len(reopening.trace))
                left = replay(image, reopening.trace[:steps]).cut(chance.choice(list(Cut)), chance)
                _reopen(vfs, run.path, left, answers + reopening.answered(steps), tally)
        if done < len(run.trace):
            disk.do(run.trace[done])
    return tally


def _reopen(vfs: PowerVfs, path: Path, image: dict[str, bytes], answers: list[Answered], tally: Tally) -> Run:
    reopening = Run(path)
    vfs.disk = Disk(image)
    tally.cuts += 1
    try:
        found = reopen(path, vfs.name, answers, reopening.note_in(vfs))
        tally.losses += bool(found.lost)
    except StandclearError as error:
        tally.refused[f"{type(error).__name__}: {error.detail[:40]}"] += 1
    reopening.trace = vfs.disk.trace
    return reopening


def spread(steps: int, cuts: int, chance: random.Random) -> dict[int, list[Cut]]:
    """So many cuts over a run: every step in turn, with the ways of cutting in a new order at each."""
    ways: dict[int, list[Cut]] = {}
    for done in itertools.islice(itertools.cycle(range(steps + 1)), cuts):
        if not ways.get(done):
            ways[done] = []
        left = [how for how in Cut if how not in ways[done]] or list(Cut)
        ways[done].append(chance.choice(left))
    return ways


@pytest.mark.parametrize("number", range(RUNS))
def test_no_power_cut_loses_what_was_answered(vfs: PowerVfs, tmp_path: Path, number: int) -> None:
    chance = random.Random(SEED + number)
    sessions = list(SESSIONS)
    if number:
        sessions = [tuple(chance.randint(1, 5) for _ in range(3)) for _ in range(2)]
    run = record_run(vfs, tmp_path / "log.sqlite", sessions)
    cuts = spread(len(run.trace), CUTS_EACH, chance)
    tally = cut_and_reopen(vfs, run, cuts, chance, twice=True)
    print(f"\npower, seed {SEED + number}, {len(run.trace)} steps, {len(run.answers)} answers: {tally}")
    assert len(cuts) == len(run.trace) + 1, "every step was cut"
    assert tally.cuts >= 400
    assert (tally.losses, tally.refused) == (0, Counter())


def test_what_is_answered_after_kill_9_outlives_a_power_cut_too(vfs: PowerVfs, tmp_path: Path) -> None:
    """A killed centre may leave a commit that was never synced; opened again, its log is read, and signed for."""
    chance = random.Random(SEED)
    path = tmp_path / "log.sqlite"
    run = record_run(vfs, path, list(SESSIONS))
    tally = Tally()
    before_sync = [done for done, step in enumerate(run.trace) if isinstance(step, Sync)]
    for kill in [*before_sync, *chance.sample(range(1, len(run.trace)), KILLS)]:
        vfs.disk = replay({str(path): b""}, run.trace[:kill])
        restarted = Run(path, answers=[(0, answer) for answer in run.answered(kill)])
        _repeat_what_was_not_answered(vfs, restarted)
        restarted.trace = vfs.disk.trace
        for steps, _ in restarted.answers[-3:]:
            disk = replay({str(path): b""}, restarted.trace[:steps])
            _reopen(vfs, path, disk.cut(chance.choice(list(Cut)), chance), restarted.answered(steps), tally)
    print(f"\nkill -9, then power, seed {SEED}: {tally}")
    assert (tally.losses, tally.refused) == (0, Counter())


def _repeat_what_was_not_answered(vfs: PowerVfs, run: Run) -> None:
    """Open the log that a killed centre left and hand in the next three commands, as their authors will."""
    disk = vfs.disk
    centre = centre_kit.start(SqliteStore(run.path, vfs=vfs.name)).centre
    first = max((answer.number + 1 for _, answer in run.answers), default=FIRST)
    for number in range(first, first + 3):
        receipt = centre.submit(submission(number)).result(WAIT_S)
        run.answers.append((len(disk.trace), Answered(number, receipt)))
    centre.close()


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_the_campaign_finds_the_losses_of_a_log_that_does_not_sync(
    vfs: PowerVfs, tmp_path: Path, synchronous: str
) -> None:
    chance = random.Random(SEED)
    run = record_run(vfs, tmp_path / "log.sqlite", list(SESSIONS), f"PRAGMA synchronous = {synchronous}")
    points = chance.sample(range(len(run.trace) // 3, len(run.trace)), min(CONTROL_CUTS, len(run.trace) // 2))
    cuts = {done: [chance.choice(list(Cut))] for done in points}
    tally = cut_and_reopen(vfs, run, cuts, chance, twice=False)
    print(f"\npower, control with synchronous={synchronous}: {tally}; {dict(tally.refused)}")
    assert tally.losses > len(points) // 20
    if synchronous == "OFF":
        assert tally.refused, "without any sync the file itself is damaged, and that is said"
        assert all(sentence.startswith("LogBroken: ") for sentence in tally.refused)
