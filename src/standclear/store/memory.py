# SPDX-License-Identifier: Apache-2.0
"""The log in memory: for tests, what-if centres and mirrors that keep nothing. Gone with the process."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

from standclear.errors import LogMoved, Unavailable
from standclear.store.batch import already_used, check_batch, erase_from, never_stood
from standclear.tlog.entry import Entry


class MemoryStore:
    """Keeps the contract of the Store port, durability apart."""

    def __init__(self) -> None:
        """Start with an empty log."""
        self._entries: list[Entry] = []
        self._by_key: dict[str, int] = {}
        self._lock = threading.Lock()  # every call holds it; entries themselves never change
        self._closed = False

    def append(self, expected_size: int, entries: Sequence[Entry]) -> int:
        """Append all or none and return the new size; see the port."""
        with self._lock:
            self._check_open()
            if expected_size != len(self._entries):
                raise LogMoved(f"the log has {len(self._entries)} entries, not {expected_size}")
            check_batch(expected_size, entries)
            for entry in entries:
                if entry.command_key in self._by_key:
                    raise already_used(entry.command_key)
            for entry in entries:
                self._entries.append(entry)
                self._by_key[entry.command_key] = entry.seq
            return len(self._entries)

    def read(self, start: int) -> Iterator[Entry]:
        """Yield the entries from `start` to the size of now; see the port."""
        if start < 0:
            raise ValueError(f"entries are numbered from 0, not {start}")
        with self._lock:
            self._check_open()
            end = len(self._entries)
        return (self._entries[seq] for seq in range(start, end))

    def find(self, command_key: str) -> int | None:
        """Return the number of the entry with this command key, if there is one."""
        with self._lock:
            self._check_open()
            return self._by_key.get(command_key)

    def erase(self, seq: int, name: str) -> None:
        """Keep only the commitment of an attachment or part; see the port."""
        with self._lock:
            self._check_open()
            if not 0 <= seq < len(self._entries):
                raise never_stood(seq, name)
            self._entries[seq] = erase_from(self._entries[seq], name)

    def close(self) -> None:
        """Take no further calls."""
        with self._lock:
            self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise Unavailable("the log is closed")
