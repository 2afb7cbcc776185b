# SPDX-License-Identifier: Apache-2.0
"""How the log lies in SQLite, and how a connection to it is set up.

head        one row: the size, compared and set by every append
entry       seq, leaf bytes, hash of the leaf in the log's tree, filling (35 bytes a node: height, index, value),
            command key
part        seq * 1024 + slot, salt, body; of an erased one only the commitment
attachment  seq, name, salt, body; of an erased one only the commitment
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import apsw

from standclear.errors import LogBroken, Malformed, Unavailable

APPLICATION_ID: Final = 0x53434C47
"""The bytes SCLG at offset 68 of the file, by which `file` and we know it."""
SCHEMA_VERSION: Final = 2
BUSY_MS: Final = 5_000
# Below it, two connections checkpointing at once can corrupt a WAL database (field/log.md §4).
_OLDEST_SQLITE: Final = 3_051_003

_SCHEMA: Final = f"""
CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL) STRICT;
CREATE TABLE entry (
    seq INTEGER PRIMARY KEY, leaf BLOB NOT NULL, leaf_hash BLOB NOT NULL, filling BLOB NOT NULL,
    command_key TEXT NOT NULL UNIQUE
) STRICT;
-- place = seq * 1024 + slot: rows are only ever added at the end, and one range is one entry.
CREATE TABLE part (
    place INTEGER PRIMARY KEY, salt BLOB, body BLOB, commitment BLOB NOT NULL,
    CHECK ((salt IS NULL) = (body IS NULL))
) STRICT;
CREATE TABLE attachment (
    seq INTEGER NOT NULL, name TEXT NOT NULL, salt BLOB, body BLOB, commitment BLOB, UNIQUE (seq, name),
    CHECK ((salt IS NULL) = (body IS NULL) AND (salt IS NULL) = (commitment IS NOT NULL))
) STRICT;
INSERT INTO head VALUES (1, 0);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
"""


def open_writer(path: Path, vfs: str | None) -> apsw.Connection:
    """Open the database for writing, checked or newly laid out, in WAL with every commit synced.

    Raises:
        Malformed: not a database of ours, or of another schema version.
        Unavailable: it cannot be put into that state.
        apsw.Error: the disk failed.
    """
    if apsw.SQLITE_VERSION_NUMBER < _OLDEST_SQLITE:
        raise Unavailable(f"SQLite {apsw.sqlite_lib_version()} can lose a log; 3.51.3 or newer is needed")
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE, vfs=vfs)
    try:
        _prepare(connection, path, shared=vfs is None)
    except apsw.NotADBError as error:
        connection.close()
        raise Malformed("this file is no SQLite database", where=str(path)) from error
    except BaseException:
        connection.close()
        raise
    return connection


def open_reader(path: Path) -> apsw.Connection:
    """Open a second connection that only reads."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    connection.set_busy_timeout(BUSY_MS)
    connection.execute("PRAGMA mmap_size = 0; PRAGMA trusted_schema = OFF")
    return connection


def _prepare(connection: apsw.Connection, path: Path, *, shared: bool) -> None:
    connection.set_busy_timeout(BUSY_MS)
    connection.execute("PRAGMA mmap_size = 0; PRAGMA trusted_schema = OFF")
    if not shared:  # a file system of the tests' own has no shared memory
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    fresh = check_ours(connection, path)
    if connection.pragma("journal_mode", "WAL") != "wal":
        raise Unavailable("this file system cannot hold a log in WAL mode", where=str(path))
    connection.execute("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON")
    if fresh:
        with connection:
            connection.execute(_SCHEMA)
    # A killed process may have left commits in the WAL that were written and never synced. They are read from now on,
    # answered and signed for: sync them first, and begin with an empty WAL.
    connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    size = connection.execute("SELECT size FROM head").get
    newest = connection.execute("SELECT coalesce(max(seq) + 1, 0) FROM entry").get
    if size != newest:
        raise LogBroken(f"the head says {size} entries, the last one says {newest}", where=str(path))


def check_ours(connection: apsw.Connection, path: Path) -> bool:
    """Return whether the file is still empty; refuse what is not a log of this version."""
    application, version = connection.pragma("application_id"), connection.pragma("user_version")
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").get
    if not tables and not application and not version:
        return True
    if application != APPLICATION_ID:
        raise Malformed("this SQLite database is not a log of Standclear", where=str(path))
    if version != SCHEMA_VERSION:
        raise Malformed(
            f"the log has schema {version}; use the Standclear that wrote it",
            where=str(path),
            expected=f"schema {SCHEMA_VERSION}",
        )
    return False
