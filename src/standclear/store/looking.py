# SPDX-License-Identifier: Apache-2.0
"""A log looked at by somebody who does not own it: no byte of the directory changes, whether its centre runs or not.

SQLite lays files beside a database in WAL even to read it. So, by what lies there:

- `-shm`: a centre runs, or was killed: its shared memory is mapped for reading only; where nobody runs, SQLite makes
  its own in memory.
- `-wal` alone, not empty: a copy of a killed centre's files: database and WAL are copied aside and opened there.
- neither: nothing can stand outside the database; it is opened as immutable.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias
from urllib.parse import quote

import apsw

from standclear.errors import Malformed
from standclear.store.reading import READ_BATCH, entries_of, fetch, reading_from, size_in
from standclear.store.schema import BUSY_MS, check_ours
from standclear.tlog.entry import Entry


class LookedAt:
    """The entries that a log had when it was opened; what is appended later is not looked at."""

    def __init__(self, connection: apsw.Connection, path: Path, again: Again) -> None:
        """Take the connection; `path` is what sentences name."""
        self._connection, self._path = connection, path
        self.again = again
        """Opens the same log once more, in another process too, while this one is open."""
        with reading_from(path):
            self.size = size_in(connection, path)

    def read(self, start: int = 0, end: int | None = None) -> Iterator[Entry]:
        """Yield the entries from number `start` up to before `end`, or to the last, a batch at a time.

        Raises:
            LogBroken: the database is damaged; says where.
            Unavailable: the disk does not give it.
        """
        for first in range(start, self.size if end is None else end, READ_BATCH):
            last = min(first + READ_BATCH, self.size if end is None else end)
            with reading_from(self._path):
                rows = fetch(self._connection, first, last)
            yield from entries_of(rows, first, last, self._path)

    def entry(self, seq: int) -> Entry:
        """One entry; raises as `read` does."""
        with reading_from(self._path):
            rows = fetch(self._connection, seq, seq + 1)
        return entries_of(rows, seq, seq + 1, self._path)[0]


Again: TypeAlias = Callable[[], AbstractContextManager[LookedAt]]


@contextmanager
def look_at(path: Path) -> Iterator[LookedAt]:
    """Open the log in a file for as long as the block lasts.

    Raises:
        Malformed: no log is there, or it is of another version.
        LogBroken, Unavailable: it is damaged, or cannot be read.
    """
    if not path.is_file():
        raise Malformed(
            "no log is here", where=str(path), expected="the directory of a centre that was served"
        )
    with ExitStack() as stack, reading_from(path):
        real, how = _found(path.resolve(), stack)
        yield stack.enter_context(_look(path, real, how))


@contextmanager
def _look(path: Path, real: Path, how: str) -> Iterator[LookedAt]:
    with reading_from(path), ExitStack() as stack:
        connection = _connect(real, how)
        stack.callback(connection.close)
        connection.set_busy_timeout(BUSY_MS)
        connection.execute("PRAGMA mmap_size = 0; PRAGMA trusted_schema = OFF; PRAGMA query_only = ON")
        if check_ours(connection, path):
            raise Malformed("the log is empty", where=str(path), expected="a centre that was served once")
        yield LookedAt(connection, path, partial(_look, path, real, how))


def _found(path: Path, stack: ExitStack) -> tuple[Path, str]:
    """Where to look, and how SQLite is to open it."""
    wal, shared = (path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))
    if shared.exists():
        return path, "mode=ro&readonly_shm=1"
    if not (wal.exists() and wal.stat().st_size):
        return path, "mode=ro&immutable=1"
    aside = Path(stack.enter_context(TemporaryDirectory(prefix="standclear-")))
    for file in (path, wal):
        shutil.copyfile(file, aside / file.name)
    return aside / path.name, "mode=rw"


def _connect(path: Path, how: str) -> apsw.Connection:
    flags = apsw.SQLITE_OPEN_READWRITE if how == "mode=rw" else apsw.SQLITE_OPEN_READONLY
    return apsw.Connection(f"file:{quote(str(path))}?{how}", flags=flags | apsw.SQLITE_OPEN_URI)
