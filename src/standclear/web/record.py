# SPDX-License-Identifier: Apache-2.0
"""What the reads need of whoever answers them: the centre, or a party's mirror with its own copy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from standclear.bell import Bell
from standclear.core.knowledge import Knowledge
from standclear.core.state import State
from standclear.errors import StandclearError
from standclear.tlog.entry import Attachment
from standclear.tlog.proved import Proved
from standclear.tlog.tiles import Tile


class Seen(Protocol):
    """What is known after so many entries. Immutable: a reader holds one and is never disturbed."""

    @property
    def state(self) -> State:
        """All of it; at a mirror, what its own party knows."""
        ...

    @property
    def knowledge(self) -> Knowledge:
        """What each recipient knows; at a mirror, its own party alone."""
        ...

    @property
    def at_us(self) -> int:
        """When the last entry was recorded."""
        ...

    @property
    def size(self) -> int:
        """How many entries the log has."""
        ...


class Record(Protocol):
    """A log as far as it is held here, to be read."""

    @property
    def snapshot(self) -> Seen:
        """What is known now."""
        ...

    @property
    def failure(self) -> StandclearError | None:
        """Why it goes on no longer, if it does not."""
        ...

    @property
    def bell(self) -> Bell:
        """Rings when the log has grown."""
        ...

    def admits(self, actor: str) -> bool:
        """Whether this actor can be answered here: a mirror knows what one party knows."""
        ...

    def now_us(self) -> int:
        """The clock, never behind the last entry."""
        ...

    def checkpoint(self) -> str:
        """The signed head of the log."""
        ...

    def witnessed(self) -> str:
        """The newest signed head that bears the quorum of cosignatures; raises NotFound where there is none."""
        ...

    def known_at(self, slot: int, size: int) -> State:
        """What the reader of a slot knew when the log had this size; its index holds less than it knew."""
        ...

    def recorded_us(self, seq: int) -> int:
        """When an entry was recorded."""
        ...

    def size_at(self, at_us: int) -> int:
        """How many entries were recorded by a time."""
        ...

    def tile(self, tile: Tile) -> bytes:
        """A tile of the log; raises NotFound where the log does not reach so far."""
        ...

    def parts(self, slot: int, start: int, size: int) -> Iterator[Proved]:
        """What stands in a slot, entry by entry, from number `start` on, up to a log size."""
        ...

    def views(self, seq: int) -> tuple[Proved, ...]:
        """Every recipient's view of one entry; raises NotFound at a mirror, which holds its own party's alone."""
        ...

    def consent(self, seq: int) -> Attachment | None:
        """The consent document sent with a command, where there is one and it is held here."""
        ...

    def checkpoint_at(self, size: int) -> str:
        """The signed head of an earlier size; raises NotFound at a mirror that was never shown it."""
        ...

    def details(self, seq: int) -> Attachment | None:
        """The details document sent beside the command of an entry; None where there is none, or it is erased."""
        ...

    def part(self, seq: int, slot: int) -> Proved | None:
        """What stands in a slot of one entry; None where it is empty, erased or not held here."""
        ...
