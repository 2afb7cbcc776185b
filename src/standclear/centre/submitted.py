# SPDX-License-Identifier: Apache-2.0
"""A command on its way through the centre: waiting, decided, recorded; and what the outside world is to a centre."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from standclear.admission import Admitted
from standclear.tlog.entry import Entry
from standclear.tlog.merkle import Frontier
from standclear.tlog.slots import Draw


@dataclass(frozen=True, slots=True)
class Recorded:
    """The answer to a command that stands in the log: its entry, and the proof that it does."""

    entry: Entry
    actor: str
    sign: Callable[[], str] = field(compare=False, repr=False)
    path: tuple[bytes, ...]
    """Inclusion path of the entry's leaf in the tree that ends with it."""

    @property
    def checkpoint(self) -> str:
        """The signed head of the size that ends with this entry; the same text whenever it is asked for."""
        return self.sign()


@dataclass(frozen=True, slots=True)
class Waiting:
    """An admitted command in the queue, and who waits for its answer."""

    admitted: Admitted
    answer: Future[Recorded]


@dataclass(frozen=True, slots=True)
class Decided:
    """An entry sealed and not yet durable, the tree before it, and who waits for it, if anyone does."""

    entry: Entry
    before: Frontier
    waiting: Waiting | None


@dataclass(frozen=True, slots=True)
class Ports:
    """What the outside world is to a centre: time in µs UTC, random bytes, a new command id."""

    clock: Callable[[], int]
    draw: Draw
    new_id: Callable[[int], str]
