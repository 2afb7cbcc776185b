# SPDX-License-Identifier: Apache-2.0
"""Entries out of rows, for whoever owns a log and whoever only looks at one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias

import apsw

from standclear.errors import LogBroken, Unavailable
from standclear.store.rows import DAMAGED, kept_attachment, kept_entry, kept_part
from standclear.tlog.entry import Attachment, Entry
from standclear.tlog.slots import SLOTS, Part

READ_BATCH: Final = 64
"""Entries read at a time."""

_Rows: TypeAlias = list[tuple[Any, ...]]

_READ_ENTRIES: Final = (
    "SELECT seq, leaf, leaf_hash, filling, command_key FROM entry WHERE seq >= ? AND seq < ? ORDER BY seq"
)
_READ_PARTS: Final = (
    "SELECT place, salt, body, commitment FROM part WHERE place >= ? AND place < ? ORDER BY place"
)
_READ_ATTACHMENTS: Final = (
    "SELECT seq, name, salt, body, commitment FROM attachment WHERE seq >= ? AND seq < ? ORDER BY seq, name"
)


@contextmanager
def reading_from(path: Path) -> Iterator[None]:
    """Say what is damaged and what cannot be read."""
    try:
        yield
    except apsw.ConnectionClosedError as error:
        raise Unavailable("the log is closed", where=str(path)) from error
    except DAMAGED as error:
        raise LogBroken(f"the database is damaged: {error}", where=str(path)) from error
    except apsw.Error as error:
        raise Unavailable(f"the log cannot be read: {error}", where=str(path)) from error


def fetch(connection: apsw.Connection, first: int, end: int) -> tuple[_Rows, _Rows, _Rows]:
    """The rows of entries first..end-1, of their parts and attachments; no statement stays open behind it."""
    within = (first, end)
    # fetchall: a statement left open would hold back checkpoints.
    heads: _Rows = connection.execute(_READ_ENTRIES, within).fetchall()
    parts: _Rows = connection.execute(_READ_PARTS, (first * SLOTS, end * SLOTS)).fetchall()
    attachments: _Rows = connection.execute(_READ_ATTACHMENTS, within).fetchall()
    return heads, parts, attachments


def entries_of(rows: tuple[_Rows, _Rows, _Rows], first: int, end: int, path: Path) -> list[Entry]:
    """Entries first..end-1 whole.

    Raises:
        LogBroken: one is missing, or a column has another type.
    """
    heads, part_rows, attachment_rows = rows
    parts: defaultdict[int, list[Part]] = defaultdict(list)
    attached: defaultdict[int, list[Attachment]] = defaultdict(list)
    for place, salt, body, commitment in part_rows:
        parts[place // SLOTS].append(kept_part(place, salt, body, commitment))
    for seq, *columns in attachment_rows:
        attached[seq].append(kept_attachment(seq, *columns))
    if [row[0] for row in heads] != list(range(first, end)):
        raise LogBroken(f"entries are missing among {first}..{end - 1}", where=str(path))
    return [kept_entry(seq, columns, tuple(parts[seq]), tuple(attached[seq])) for seq, *columns in heads]


def size_in(connection: apsw.Connection, path: Path) -> int:
    """How many entries the head says there are."""
    size = connection.execute("SELECT size FROM head").get
    if not isinstance(size, int):
        raise LogBroken("the head is missing", where=str(path))
    return size
