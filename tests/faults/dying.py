# SPDX-License-Identifier: Apache-2.0
"""A process whose children each run a real centre on the real disk and kill themselves (-9) at a given step.

    python -m tests.faults.dying DIRECTORY steps|calls N,N,...

Child N works in DIRECTORY/N and dies at its Nth step; 0 lives on to the end. It leaves there `log.sqlite`, the steps
that it took in `steps`, a line each, and its answers, pickled one after the other, in `answers`. Forking, so that
the imports and kernels are paid for once.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import apsw

from standclear.store import sqlite
from standclear.store.memory import MemoryStore
from standclear.store.sqlite import SqliteStore
from standclear.tlog.entry import Entry
from tests.faults.workload import Answered, work

GROUPS = (1, 3, 2)


class Reaper:
    """Counts steps, notes each, and kills its own process at the one it waits for."""

    def __init__(self, directory: Path, fatal: int) -> None:
        """Note the steps, and the answers, in files of this directory."""
        self._fatal, self._taken, self._lock = fatal, 0, threading.Lock()
        self._steps = os.open(directory / "steps", os.O_WRONLY | os.O_CREAT)
        self._answers = os.open(directory / "answers", os.O_WRONLY | os.O_CREAT)

    def step(self, name: str) -> None:
        """Take a step, the last one perhaps."""
        with self._lock:  # the sequencer's steps and those of whoever waits for its answers
            self._taken += 1
            os.write(self._steps, f"{name}\n".encode())
            if self._taken == self._fatal:
                os.kill(os.getpid(), signal.SIGKILL)

    def answered(self, answer: Answered) -> None:
        """Keep an answer: from here on it has left the house."""
        os.write(self._answers, pickle.dumps(answer))
        self.step("answered")


class SteppingStore:
    """The store that runs in production, with a step before and after whatever the sequencer asks of it."""

    def __init__(self, path: Path, reaper: Reaper) -> None:
        """Open the log."""
        self._reaper = reaper
        reaper.step("before opening")
        self._store = SqliteStore(path)
        reaper.step("opened")
        self._store._writer.set_commit_hook(self._before_commit)

    def append(self, expected_size: int, entries: Sequence[Entry]) -> int:
        self._reaper.step("before append")
        size = self._store.append(expected_size, entries)
        self._reaper.step("committed, before re-reading")
        return size

    def read(self, start: int) -> Iterator[Entry]:
        for entry in self._store.read(start):
            self._reaper.step("re-reading")
            yield entry
        self._reaper.step("re-read, before publishing and answering")

    def find(self, command_key: str) -> int | None:
        self._reaper.step("before deciding")
        return self._store.find(command_key)

    def erase(self, seq: int, name: str) -> None:
        self._reaper.step("ordered, before erasing")
        self._store.erase(seq, name)
        self._reaper.step("erased")

    def close(self) -> None:
        self._reaper.step("before closing")
        self._store.close()
        self._reaper.step("closed")

    def _before_commit(self) -> bool:
        self._reaper.step("rows written, before the commit")
        return False


class CountedDisk(apsw.VFS):
    """The real disk; each call that changes it is a step."""

    def __init__(self, name: str, reaper: Reaper) -> None:
        """Register under a name."""
        self.reaper = reaper
        super().__init__(name, base="")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        return _CountedFile(self.reaper, name, flags)

    def xDelete(self, name: str, sync_directory: bool) -> None:
        self.reaper.step("delete")
        super().xDelete(name, sync_directory)


class _CountedFile(apsw.VFSFile):
    def __init__(self, reaper: Reaper, name: Any, flags: list[int]) -> None:
        self._reaper = reaper
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self._reaper.step("write")
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:
        self._reaper.step("sync")
        super().xSync(flags)

    def xTruncate(self, size: int) -> None:
        self._reaper.step("truncate")
        super().xTruncate(size)


def _live_and_die(directory: Path, kind: str, fatal: int) -> None:
    directory.mkdir()
    reaper, path = Reaper(directory, fatal), directory / "log.sqlite"
    if kind == "steps":
        work(SteppingStore(path, reaper), GROUPS, reaper.answered)
    else:
        disk = CountedDisk("counted", reaper)
        work(SqliteStore(path, vfs="counted"), GROUPS, reaper.answered)
        disk.unregister()


def main(directory: Path, kind: str, numbers: list[int]) -> None:
    """Fork the children one after the other."""
    sqlite.WAL_PAGES_MAX = 12  # type: ignore[misc]  # so that checkpoints come into the run
    work(MemoryStore(), GROUPS, lambda answer: None)
    for number in numbers:
        child = os.fork()
        if child == 0:
            try:
                _live_and_die(directory / str(number), kind, number)
            except BaseException as error:
                os.write(2, f"child {number}: {error!r}\n".encode())
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(number, os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], [int(number) for number in sys.argv[3].split(",")])
