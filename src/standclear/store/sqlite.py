# SPDX-License-Identifier: Apache-2.0
"""The log in one SQLite file: WAL, every commit synced, one owner process (design §4).

- One connection writes, under a lock; one reads, under another, a batch at a time, so that readers go on while the
  disk syncs an append.
- An append is one transaction whose first statement compares the head's size and sets it.
- Nothing checkpoints by itself: SQLite hides I/O errors of automatic checkpoints. It is done before an append, where
  an error can still be said.
- What a killed process left in the WAL is synced before it is read: it may never have been.
- After any I/O error every further write is refused: the kernel may have dropped pages that it reports as clean.
- What is erased is overwritten (secure_delete) and the WAL emptied. Copies below the file system (flash, snapshots,
  backups) are out of reach; docs/log-format.md says so.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias

import apsw

from standclear.errors import LogBroken, LogMoved, Malformed, Unavailable
from standclear.store.batch import already_used, check_batch, never_stood
from standclear.store.owner import Ownership, make_private_file
from standclear.store.reading import READ_BATCH, entries_of, fetch, reading_from, size_in
from standclear.store.rows import DAMAGED, kept_attachment, pack_filling
from standclear.store.schema import open_reader, open_writer
from standclear.tlog.entry import Entry, attachment_commitment, slot_named
from standclear.tlog.leaf import MAX_INTEGER
from standclear.tlog.merkle import leaf_hash
from standclear.tlog.slots import SLOTS

WAL_PAGES_MAX: Final = 1_000
"""Pages in the WAL after which the next append checkpoints first."""

_STANDS_ALREADY: Final = (
    apsw.SQLITE_CONSTRAINT_UNIQUE,
    apsw.SQLITE_CONSTRAINT_PRIMARYKEY,
    apsw.SQLITE_CONSTRAINT_ROWID,
)

_Rows: TypeAlias = list[tuple[Any, ...]]


class SqliteStore:
    """Keeps the contract of the Store port in one file, its WAL, and a lock file beside them."""

    def __init__(self, path: Path, *, vfs: str | None = None) -> None:
        """Open the log, or lay out a new one; become its owner.

        Args:
            path: the database file.
            vfs: a registered apsw VFS, for tests that make the disk fail; one connection then does everything.

        Raises:
            Unavailable: another process owns it, or the disk failed.
            Malformed: the file is something else.
            LogBroken: the database is damaged.
        """
        self._path = path.resolve()
        self._write_lock = threading.RLock()
        self._read_lock = threading.RLock() if vfs is None else self._write_lock
        self._failed = ""  # why no more is written; set under the write lock, never unset
        self._wal_pages = 0  # set by SQLite's hook after each commit
        self._owner = Ownership(self._path)
        try:
            make_private_file(self._path)
            self._writer = open_writer(self._path, vfs)
            self._writer.set_wal_hook(self._note_wal)
            self._reader = open_reader(self._path) if vfs is None else self._writer
        except DAMAGED as error:
            self._owner.release()
            raise LogBroken(f"the database is damaged: {error}", where=str(path)) from error
        except apsw.Error as error:
            self._owner.release()
            raise Unavailable(f"the log cannot be opened: {error}", where=str(path)) from error
        except BaseException:
            self._owner.release()
            raise

    def append(self, expected_size: int, entries: Sequence[Entry]) -> int:
        """Append all or none in one synced transaction and return the new size; see the port."""
        with self._writing():
            if self._wal_pages >= WAL_PAGES_MAX:
                self._checkpoint(apsw.SQLITE_CHECKPOINT_PASSIVE)
            execute = self._writer.execute
            execute("BEGIN IMMEDIATE")
            new_size = expected_size + len(entries)
            execute("UPDATE head SET size = ? WHERE size = ?", (new_size, expected_size))
            if not self._writer.changes():
                raise LogMoved(
                    f"the log has {size_in(self._writer, self._path)} entries, not {expected_size}"
                )
            check_batch(expected_size, entries)
            self._insert(entries)
            execute("COMMIT")
            return new_size

    def read(self, start: int) -> Iterator[Entry]:
        """Yield the entries from `start` to the size of now; see the port."""
        if start < 0:
            raise ValueError(f"entries are numbered from 0, not {start}")
        with self._reading() as connection:
            end = size_in(connection, self._path)
        return self._read_range(start, end)

    def find(self, command_key: str) -> int | None:
        """Return the number of the entry with this command key, if there is one."""
        with self._reading() as connection:
            found = connection.execute("SELECT seq FROM entry WHERE command_key = ?", (command_key,)).get
        return found if isinstance(found, int) else None

    def erase(self, seq: int, name: str) -> None:
        """Overwrite an attachment or part in the file and empty the WAL; see the port."""
        with self._writing():
            execute = self._writer.execute
            execute("BEGIN IMMEDIATE")
            self._forget(seq, name)
            execute("COMMIT")
            self._checkpoint(apsw.SQLITE_CHECKPOINT_TRUNCATE)

    def close(self) -> None:
        """Close the file and let go of it. Repeating it is harmless."""
        with self._write_lock, self._read_lock:
            self._failed = self._failed or "the log is closed"
            try:
                self._reader.close()
                self._writer.close()
            except apsw.Error as error:  # nothing recorded is lost: it stands in the WAL
                raise Unavailable(f"the disk failed while closing: {error}", where=str(self._path)) from error
            finally:
                self._owner.release()

    def _insert(self, entries: Sequence[Entry]) -> None:
        """Write the rows of a batch; runs inside the transaction of `append`."""
        rows = [(e.seq, e.leaf, leaf_hash(e.leaf), pack_filling(e.filling), e.command_key) for e in entries]
        try:
            self._writer.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", rows)
        except apsw.ConstraintError as error:
            query = "SELECT 1 FROM entry WHERE command_key = ? AND seq < ?"
            for entry in entries:
                if self._writer.execute(query, (entry.command_key, entries[0].seq)).get:
                    raise already_used(entry.command_key) from error
            raise
        parts: _Rows = [
            (e.seq * SLOTS + p.slot, p.salt, p.body, p.commitment) for e in entries for p in e.parts
        ]
        attached: _Rows = [
            (e.seq, a.name, a.salt, a.body, a.commitment) for e in entries for a in e.attachments
        ]
        self._writer.executemany("INSERT INTO part VALUES (?, ?, ?, ?)", parts)
        self._writer.executemany("INSERT INTO attachment VALUES (?, ?, ?, ?, ?)", attached)

    def _forget(self, seq: int, name: str) -> None:
        """Leave only the commitment of one row; runs inside the transaction of `erase`."""
        slot, execute = slot_named(name), self._writer.execute
        if slot is not None and 0 <= seq <= MAX_INTEGER:
            execute("UPDATE part SET salt = NULL, body = NULL WHERE place = ?", (seq * SLOTS + slot,))
            if self._writer.changes():
                return
        elif slot is None and 0 <= seq <= MAX_INTEGER:
            query = "SELECT name, salt, body, commitment FROM attachment WHERE seq = ? AND name = ?"
            row = execute(query, (seq, name)).fetchone()
            if row is not None:
                kept = attachment_commitment(kept_attachment(seq, *row))
                change = "UPDATE attachment SET salt = NULL, body = NULL, commitment = ? WHERE seq = ? AND name = ?"
                execute(change, (kept, seq, name))
                return
        raise never_stood(seq, name)

    def _read_range(self, start: int, end: int) -> Iterator[Entry]:
        first, many = start, 1
        while first < end:
            # Whoever wants one entry does not pay for a batch; whoever walks on soon reads whole ones.
            yield from self._read_batch(first, min(first + many, end))
            first, many = first + many, min(4 * many, READ_BATCH)

    def _read_batch(self, first: int, end: int) -> list[Entry]:
        """Read entries first..end-1 whole; nothing stays open, so readers never hold back a checkpoint."""
        with self._reading() as connection:
            rows = fetch(connection, first, end)
        return entries_of(rows, first, end, self._path)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the writer; roll back on any way out but success; turn disk errors into a final Unavailable."""
        with self._write_lock:
            if self._failed:
                raise Unavailable(f"nothing more is written: {self._failed}", where=str(self._path))
            try:
                yield
            except apsw.BusyError as error:
                self._roll_back()
                raise Unavailable(
                    "another program holds the database; try again", where=str(self._path)
                ) from error
            except apsw.ConstraintError as error:
                self._roll_back()
                # The batch itself has each key and number once. (apsw's type stubs leave the attribute out.)
                if getattr(error, "extendedresult", 0) in _STANDS_ALREADY:
                    self._failed = "the database is damaged: rows stand beyond the end of the log"
                    raise LogBroken(self._failed, where=str(self._path)) from error
                raise Malformed(f"the entries cannot be kept: {error}", where="append") from error
            except apsw.Error as error:
                self._failed = f"the disk failed ({error}); open the log anew to see what was recorded"
                self._roll_back()
                raise Unavailable(self._failed, where=str(self._path)) from error
            except BaseException:
                self._roll_back()
                raise

    @contextmanager
    def _reading(self) -> Iterator[apsw.Connection]:
        """Hold the reader; say what is damaged and what cannot be read."""
        with self._read_lock, reading_from(self._path):
            yield self._reader

    def _roll_back(self) -> None:
        try:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
        except apsw.Error as error:
            self._failed = (
                self._failed or f"the disk failed while undoing a batch ({error}); open the log anew"
            )

    def _checkpoint(self, mode: int) -> None:
        """Copy the WAL into the database; without readers, so that it always gets to the end."""
        with self._read_lock:
            self._writer.wal_checkpoint(mode=mode)
        self._wal_pages = 0

    def _note_wal(self, connection: apsw.Connection, name: str, pages: int) -> int:
        self._wal_pages = pages
        return apsw.SQLITE_OK
