# SPDX-License-Identifier: Apache-2.0
"""Disk full and I/O errors at every call: 503 and no 201 for what is not there; reopened, every answer stands."""

from __future__ import annotations

import itertools
import logging
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import apsw
import pytest

from standclear.errors import StandclearError, Unavailable
from standclear.store import sqlite
from standclear.store.sqlite import SqliteStore
from tests.faults.power import Cut, Disk, PowerVfs
from tests.faults.workload import FIRST, Answered, reopen, work

SOAK = bool(os.environ.get("STANDCLEAR_SOAK"))
SEED = int(os.environ.get("STANDCLEAR_SEED", "4"))
EVERY = 1 if SOAK else 4
"""Of the calls of a run, each one fails in a soak; otherwise one in so many, by the seed, for each sort of error."""
GROUPS = (1, 3, 2)
names = itertools.count()


@pytest.fixture
def vfs(monkeypatch: pytest.MonkeyPatch) -> Iterator[PowerVfs]:
    monkeypatch.setattr(sqlite, "WAL_PAGES_MAX", 12)
    made = PowerVfs(f"errors-{next(names)}")
    yield made
    made.unregister()


@dataclass
class Failing:
    """Fails the nth of the calls it concerns, and if `lasting` every one after it."""

    vfs: PowerVfs
    error: type[apsw.Error]
    concerns: frozenset[str]
    nth: int
    lasting: bool
    chance: random.Random
    calls: int = 0
    hits: list[str] = field(default_factory=list)

    def __call__(self, call: str, file: int | None) -> None:
        if call not in self.concerns:
            return
        self.calls += 1
        if self.calls == self.nth or (self.lasting and self.calls > self.nth):
            self.hits.append(call)
            if call == "sync" and file is not None:
                # The worst that Linux does: the pages are lost, still seen, and the next sync reports success.
                self.vfs.disk.lose_unsynced(file, self.chance.choice(list(Cut)), self.chance)
            raise self.error("the disk failed")


ANY = frozenset(("open", "read", "write", "truncate", "sync", "filesize", "delete", "access"))
SORTS = {
    "I/O error once": (apsw.IOError, ANY, False),
    "I/O error from then on": (apsw.IOError, ANY, True),
    "disk full once": (apsw.FullError, frozenset(("write",)), False),
    "disk full from then on": (apsw.FullError, frozenset(("write",)), True),
    "failed sync": (apsw.IOError, frozenset(("sync",)), False),
}


@dataclass(frozen=True)
class Begun:
    """What a killed centre left: its WAL is still there, and the next opening has to read it."""

    path: Path
    files: dict[str, bytes]
    answers: list[Answered]


@pytest.fixture
def begun(vfs: PowerVfs, tmp_path: Path) -> Begun:
    path = tmp_path / "log.sqlite"
    vfs.disk = Disk({str(path): b""})
    answers: list[Answered] = []
    left: list[dict[str, bytes]] = []

    def note(answer: Answered) -> None:
        answers.append(answer)
        left.append(vfs.disk.seen())

    work(SqliteStore(path, vfs=vfs.name), (1, 2), note)
    assert f"{path}-wal" in left[-1]
    return Begun(path, left[-1], answers)


def run_until_failure(
    vfs: PowerVfs, begun: Begun, failing: Failing
) -> tuple[list[Answered], StandclearError | None]:
    """The answers that were given, and what was said of the failure."""
    answers = list(begun.answers)
    vfs.disk, vfs.before = Disk(begun.files), failing
    try:
        work(SqliteStore(begun.path, vfs=vfs.name), GROUPS, answers.append, FIRST + len(begun.answers))
    except StandclearError as error:
        return answers, error
    finally:
        vfs.before = lambda call, file: None
    assert len(answers) == len(begun.answers) + sum(GROUPS)
    return answers, None


@pytest.mark.parametrize("sort", SORTS)
def test_whichever_call_fails_nothing_answered_is_lost_and_nothing_more_is_taken(
    vfs: PowerVfs, begun: Begun, sort: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    error, concerns, lasting = SORTS[sort]
    chance = random.Random(f"{SEED} {sort}")
    counting = Failing(vfs, error, concerns, 0, False, chance)
    run_until_failure(vfs, begun, counting)
    step = EVERY if counting.calls > 100 else 1
    said = harmless = 0
    for nth in range(1 + chance.randrange(step), counting.calls + 1, step):
        failing = Failing(vfs, error, concerns, nth, lasting, chance)
        answers, failed = run_until_failure(vfs, begun, failing)
        assert failing.hits, "the call was made"
        if failed is None:
            harmless += 1
        else:
            said += 1
            assert isinstance(failed, Unavailable), failed
            assert "internal fault" not in failed.detail
        disk = vfs.disk
        for left in (disk.seen(), disk.cut(chance.choice(list(Cut)), chance)):
            vfs.disk = Disk(left)
            assert not reopen(begun.path, vfs.name, answers).lost, (nth, failing.hits)
    tried = said + harmless
    print(
        f"\n{sort}: {counting.calls} calls, {tried} made to fail: {said} said, {harmless} did no harm, 0 losses"
    )
    assert said > harmless
    assert not caplog.records, "a fault of the disk is no fault of the program"
