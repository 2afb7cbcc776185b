# SPDX-License-Identifier: Apache-2.0
"""What the centre needs of a disk: four calls, kept by every store under one contract suite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from standclear.tlog.entry import Entry


class Reads(Protocol):
    """As much of a disk as reading takes."""

    def read(self, start: int) -> Iterator[Entry]:
        """The entries from number `start` on, in order."""
        ...


class Store(Reads, Protocol):
    """The log on disk. All or nothing, and durable on return (law 7)."""

    def append(self, expected_size: int, entries: Sequence[Entry]) -> int:
        """Add entries after exactly `expected_size` others and return the new size.

        Raises:
            LogMoved: the log has another size; nothing was added.
            Unavailable: the disk failed; the store takes nothing more until it is opened anew.
        """
        ...

    def find(self, command_key: str) -> int | None:
        """The number of the entry of a command (`actor/id`), if it was recorded."""
        ...

    def erase(self, seq: int, name: str) -> None:
        """Forget an attachment's bytes and salt; its commitment stays. Repeating it is harmless."""
        ...

    def close(self) -> None:
        """Let go of the disk."""
        ...


class Cache(Protocol):
    """Where the state is kept between two runs. Losing it costs time and nothing else."""

    def read(self) -> bytes | None:
        """What was kept last, if it can be had."""
        ...

    def write(self, pieces: Iterable[bytes]) -> None:
        """Lay the next one down beside what is kept, durably.

        Raises:
            OSError: the disk failed.
        """
        ...

    def accept(self) -> None:
        """Let what was laid down take the place of what is kept: the log has its digest now.

        Raises:
            OSError: the disk failed.
        """
        ...
