# SPDX-License-Identifier: Apache-2.0
"""What the centre needs of a disk: four calls, kept by every store under one contract suite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from standclear.tlog.entry import Entry


class Store(Protocol):
    """The log on disk. All or nothing, and durable on return (law 7)."""

    def append(self, expected_size: int, entries: Sequence[Entry]) -> int:
        """Add entries after exactly `expected_size` others and return the new size.

        Raises:
            LogMoved: the log has another size; nothing was added.
            Unavailable: the disk failed; the store takes nothing more until it is opened anew.
        """
        ...

    def read(self, start: int) -> Iterator[Entry]:
        """The entries from number `start` on, in order."""
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
