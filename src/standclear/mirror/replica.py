# SPDX-License-Identifier: Apache-2.0
"""What a mirror holds and knows: leaves, its own views and commands, and the fold of the views. Answers reads.

The bytes were proven before they came here (`proving.py`); the same fold as the centre's makes the same knowledge of
them (law 8), so that the answers are the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import msgspec
from rpds import HashTrieMap

from standclear.bell import Bell
from standclear.bundle.making import view_in
from standclear.core.events import Event, InboxHeld
from standclear.core.evolve import after_entry
from standclear.core.holding import NO_VIEWS, linked
from standclear.core.knowledge import Knowledge, learn
from standclear.core.release import SEES_ALL, View
from standclear.core.state import NOTHING, State
from standclear.errors import NotFound, StandclearError, Unavailable
from standclear.grades import NO_QUORUM
from standclear.past import Past
from standclear.tlog.entry import Attachment
from standclear.tlog.leaf import decode_leaf
from standclear.tlog.log_tree import LogTree
from standclear.tlog.proved import Proved
from standclear.tlog.slots import COMMAND_SLOT, EVENTS_SLOT, FIRST_VIEW_SLOT
from standclear.tlog.tiles import Tile


@dataclass(frozen=True, slots=True)
class Known:
    """What the mirror's own party knows after so many entries."""

    state: State = NOTHING
    knowledge: Knowledge = field(default_factory=HashTrieMap)
    at_us: int = 0
    size: int = 0
    news: int = -1
    """The newest entry that brought more than words of what is held."""


def learned(known: Known, part: Proved, view: View) -> Known:
    """What is known once a view has been folded in."""
    if part.slot == EVENTS_SLOT:
        state, knowledge = (
            after_entry(msgspec.structs.replace(known.state, size=part.seq), view.events),
            known.knowledge,
        )
    else:
        number = part.slot - FIRST_VIEW_SLOT
        knowledge = learn(known.knowledge, part.seq, {number: view})
        state = knowledge[number]
    only_words = view.events and all(isinstance(event, InboxHeld) for event in view.events)
    news = known.news if only_words else part.seq
    return replace(known, state=state, knowledge=knowledge, news=news)


def slot_of(state: State, actor: str) -> int:
    """Where in every entry an actor's part stands; -1 if the terms do not name it."""
    known = state.actors.get(actor)
    if known is None:
        return -1
    return EVENTS_SLOT if known.role in SEES_ALL else FIRST_VIEW_SLOT + known.number


class Replica:
    """One thread adds; any may read what was published."""

    def __init__(self, actor: str, clock: Callable[[], int]) -> None:
        """Start with nothing; `clock` in µs UTC."""
        self.actor = actor
        self._clock = clock
        self.tree = LogTree()
        self.leaves: list[bytes] = []
        self.note = ""
        self.quorum_note = ""
        """The newest head that came with the terms' quorum of cosignatures."""
        self.bell = Bell()
        self._views: list[Proved] = []
        self._numbers: list[int] = []
        self._chains: list[bytes] = []
        self._commands: dict[int, Proved] = {}
        self._consents: dict[int, Attachment] = {}
        self._notes: dict[int, str] = {}
        self.documents: dict[int, Attachment] = {}
        """Details that this party may read, by entry."""
        self._known = Known()
        self._past = Past(self._shown, lambda slot: len(self._views) if slot == self.slot else 0)
        self.failure: StandclearError | None = None

    @property
    def snapshot(self) -> Known:
        """What is known as of the newest checkpoint taken."""
        return self._known

    @property
    def slot(self) -> int:
        """Where in every entry this party's part stands; -1 before entry 0 has told."""
        return slot_of(self._known.state, self.actor)

    @property
    def last_view(self) -> int:
        """Number of the newest entry of which a view is held; -1 before the first."""
        return self._numbers[-1] if self._numbers else -1

    def inbox_chain(self, size: int) -> tuple[int, str]:
        """Count and chain of the views below a log size."""
        count = bisect_left(self._numbers, size)
        return count, (self._chains[count - 1] if count else NO_VIEWS).hex()

    def root(self, size: int) -> str:
        """Root of the log at a size that is held, in hex."""
        return self.tree.subtrees.frontier(size).root().hex()

    def add(
        self,
        leaves: list[bytes],
        parts: list[Proved],
        known: Known,
        note: str,
        consents: Mapping[int, Attachment],
    ) -> None:
        """Take what was proven up to a checkpoint, and publish it."""
        for leaf in leaves:
            self.tree.add(leaf)
        self.leaves += leaves
        for part in parts:
            if part.slot == COMMAND_SLOT:
                self._commands[part.seq] = part
            else:
                self._views.append(part)
                self._numbers.append(part.seq)
                before = self._chains[-1] if self._chains else NO_VIEWS
                self._chains.append(linked(before, part.seq, part.body))
        self._consents |= consents
        self.note = self._notes[len(self.leaves)] = note
        at_us = decode_leaf(self.leaves[-1]).at if self.leaves else 0
        self._known = replace(known, at_us=at_us, size=len(self.leaves))
        self._past.note(self._known)
        self.bell.ring()

    def admits(self, actor: str) -> bool:
        """Only its own party can be answered: of the others it knows nothing."""
        return actor == self.actor

    def now_us(self) -> int:
        """This machine's clock, never behind the last entry."""
        return max(self._clock(), self._known.at_us)

    def checkpoint(self) -> str:
        """The newest signed head that was proven here.

        Raises:
            Unavailable: there is none yet.
        """
        if not self.note:
            raise Unavailable("this mirror has pulled nothing yet")
        return self.note

    def witnessed(self) -> str:
        """The newest head that bears the terms' quorum, as it was proven here.

        Raises:
            NotFound: none came.
        """
        if not self.quorum_note:
            raise NotFound(NO_QUORUM)
        return self.quorum_note

    def known_at(self, slot: int, size: int) -> State:
        """What the party knew when the log had this size.

        Raises:
            NotFound: of another party, which only the centre can tell.
        """
        if slot != self.slot:
            raise NotFound(
                "a mirror knows what its own party was sent, and of others nothing",
                expected="the centre's own address",
            )
        return self._past.known(slot, size)

    def recorded_us(self, seq: int) -> int:
        """When an entry was recorded."""
        return self.tree.leaves.at_us(seq)

    def size_at(self, at_us: int) -> int:
        """How many entries were recorded by a time."""
        return self.tree.leaves.recorded_by(at_us, self._known.size)

    def _shown(self, slot: int, start: int, size: int) -> Iterator[tuple[int, tuple[Event, ...] | None]]:
        for part in self.parts(slot, start, size):
            yield part.seq, view_in(part).events

    def tile(self, tile: Tile) -> bytes:
        """A tile of the log as far as it was proven here."""
        return self.tree.tile(tile, self._known.size)

    def parts(self, slot: int, start: int, size: int) -> Iterator[Proved]:
        """What stands in the party's slot, entry by entry."""
        if slot == self.slot:
            for place in range(bisect_left(self._numbers, start), len(self._numbers)):
                if self._numbers[place] >= size:
                    return
                yield self._views[place]

    def views(self, seq: int) -> tuple[Proved, ...]:
        """Nobody else's views are held here.

        Raises:
            NotFound: always.
        """
        raise NotFound(
            "a mirror holds what its own party was sent, and of others nothing",
            expected="the centre's own address",
        )

    def consent(self, seq: int) -> Attachment | None:
        """The consent document sent with a command of the party's own, where the centre gave it."""
        return self._consents.get(seq)

    def checkpoint_at(self, size: int) -> str:
        """A head that was signed for this size and taken here.

        Raises:
            NotFound: none was.
        """
        if size not in self._notes:
            raise NotFound(
                f"this mirror was never shown the head of {size} entries",
                expected=f"one of those it took: {self._nearest(size)}",
            )
        return self._notes[size]

    def _nearest(self, size: int) -> str:
        """The sizes on both sides of one."""
        taken = sorted(self._notes)
        place = bisect_left(taken, size)
        return " or ".join(str(near) for near in taken[max(0, place - 1) : place + 1]) or "none yet"

    def details(self, seq: int) -> Attachment | None:
        """The details document of an entry, where this party may read it and it is not erased."""
        return self.documents.get(seq)

    def part(self, seq: int, slot: int) -> Proved | None:
        """What stands in the party's slot of one entry, or the command that was released to it."""
        if slot == COMMAND_SLOT:
            return self._commands.get(seq)
        return next(self.parts(slot, seq, seq + 1), None)
