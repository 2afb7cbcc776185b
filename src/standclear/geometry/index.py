# SPDX-License-Identifier: Apache-2.0
"""Which notices are near, and how near? An immutable index over every volume ever recorded, at any log size.

Rows are never removed: a row inserted by log entry `seq` is live for log sizes above `seq`, one closed by
entry `seq` is gone for log sizes above that, so readers, the sequencer and as-known-at share one structure
(design §3). `insert` and `close` return a new index; old ones go on answering as before.

Rows lie in pages that versions share (`pages.py`), most of them under a few trees (`grove.py`), the latest in
an open page that is scanned. Where rows lie and how trees are joined never changes an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from rpds import HashTrieMap

from standclear.geometry.asking import OF_FILING, ROW, SAID, UNASKED, Held, Question, rows_close, rows_near
from standclear.geometry.boxes import UNDECIDED_M, filed, ground_mm
from standclear.geometry.columns import pack_many
from standclear.geometry.earth import Ints
from standclear.geometry.effort import Effort
from standclear.geometry.grove import Grove, plant
from standclear.geometry.pack import Columns, Pack, joined
from standclear.geometry.packing import pack_columns
from standclear.geometry.pages import CLOSED, OPEN, OpenPage, Page, Pages
from standclear.geometry.separation import (
    Closeness,
    close_rows,
    foreign_closeness,
    horizontal_limit_m,
    native_closeness,
)
from standclear.geometry.shelves import Register, Shelf
from standclear.geometry.volume import Minima, Theatre, Volume
from standclear.units import MM_PER_M

TAIL_ROWS: Final = 1_024
"""Loose rows that are scanned before they become a page under a tree; that takes about 2 µs."""
MANY_ROWS: Final = 2**15
"""Notices that `insert_many` lays out together."""
EDGES_A_ROW: Final = 16
"""Sub-edges an open page has room for, for each row."""
REGISTERED_ROWS: Final = 2**16
"""As many notices inserted at once are kept in a register, fewer in the map of open rows."""
EVERYONE: Final = -1
"""The audience with every bit set."""
if TYPE_CHECKING:
    _Ranges = HashTrieMap[str, tuple[int, ...]]
    _Closings = HashTrieMap[int, int]


class Close(NamedTuple):
    """A notice with a row that is not provably clear of what was asked, and how close it comes."""

    notice: str
    closeness: Closeness


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """One version of the index. Start from `EMPTY`.

    `_settled`: how many rows lie in pages; the rest is in the open page, at the places `_loose`. `_open`: the
    rows of each notice that nothing closed, as first, last + 1, first ...; `_closed`: by which entry.
    """

    _settled: int
    _pages: Pages
    _grove: Grove
    _tail: OpenPage
    _loose: Ints
    _open: _Ranges
    _registers: tuple[Register, ...]
    _closed: _Closings
    _shelf: Shelf | None

    def __len__(self) -> int:
        """How many rows, closed ones included."""
        return self._settled + len(self._loose)

    def insert(
        self, volumes: Sequence[Volume], *, notice: str, audience: int, seq: int, theatre: Theatre
    ) -> Index:
        """Return an index that also holds these volumes, inserted by log entry `seq`.

        `audience`: bit r is set if recipient r may meet these rows. `theatre` is for engines that pack
        heights when inserting; here heights over ground are resolved by each question's own theatre.
        """
        del theatre
        if not volumes:
            return self
        shelf = self._shelf or Shelf()
        filing = shelf.file((notice,), audience)
        life = np.array([(seq, OPEN, filing)] * len(volumes), dtype=np.int64)
        made = filed(volumes[0]) if len(volumes) == 1 else joined([filed(volume) for volume in volumes])
        first = len(self)
        rows = (*(self._open.get(notice) or ()), first, first + len(volumes))
        return self._with(shelf, made, life, self._open.insert(notice, rows), self._registers)

    def insert_columns(
        self, columns: Columns, notices: Sequence[str], *, audience: int = EVERYONE, seq: int
    ) -> Index:
        """Return an index that also holds these columns, one notice a row, inserted by log entry `seq`."""
        if not len(notices):
            return self
        shelf = self._shelf or Shelf()
        life = np.empty((len(notices), 3), dtype=np.int64)
        life[:, 0], life[:, 1] = seq, OPEN
        life[:, 2] = shelf.file(notices, audience) + np.arange(len(notices))
        open_, registers = self._open, self._registers
        if len(notices) >= REGISTERED_ROWS:
            registers = (*registers, Register(notices, len(self)))
        else:
            for row, notice in enumerate(notices, len(self)):
                open_ = open_.insert(notice, (*(open_.get(notice) or ()), row, row + 1))
        return self._with(shelf, pack_columns(columns), life, open_, registers)

    def insert_many(self, rows: Iterable[tuple[str, int, Sequence[Volume]]], *, seq: int) -> Index:
        """Return an index that also holds these: notice, audience and volumes, each notice once and not before.

        The same as one `insert` after the other, without a version for each.
        """
        shelf, index, rest = self._shelf or Shelf(), self, iter(rows)
        while some := list(islice(rest, MANY_ROWS)):
            open_, at, life = index._open, len(index), []
            for notice, audience, volumes in some:
                filing = shelf.file((notice,), audience)
                life += [(seq, OPEN, filing)] * len(volumes)
                open_ = open_.insert(notice, (at, at + len(volumes)))
                at += len(volumes)
            made = pack_many([volume for _, _, volumes in some for volume in volumes])
            index = index._with(shelf, made, np.array(life, dtype=np.int64), open_, index._registers)
        return index

    def close(self, notice: str, seq: int) -> Index:
        """Return an index in which the rows of this notice that are still open were closed by `seq`."""
        closed = self._closed
        for row in self._open_rows(notice):
            closed = closed.insert(row, seq)
            page, place = self._place(row)
            # A hint that spares the kernels a row; versions that are given up may leave theirs too.
            page.life[place, CLOSED] = seq
        # Faster than dataclasses.replace, which is felt at a hundred thousand changes a second.
        return Index(
            self._settled,
            self._pages,
            self._grove,
            self._tail,
            self._loose,
            self._open.discard(notice),
            self._registers,
            closed,
            self._shelf,
        )

    def settled(self) -> Index:
        """Return the same index, its trees joined: worth its while after a load."""
        if self._shelf is None:
            return self
        grove = self._shelf.gardener.tidied(self._pages, self._grove.trees, wait=True)
        return replace(self, _grove=grove)

    def candidates(
        self,
        volumes: Sequence[Volume],
        minima: Minima,
        *,
        size: int,
        asker: int | None,
        theatre: Theatre,
    ) -> tuple[str, ...]:
        """Return the notices, sorted, with a row live at log size `size` that may be within the minima.

        Never misses one that `closeness` would report; may name some that are clear. `asker`: only rows
        whose audience holds this recipient, None for all.
        """
        found: dict[str, None] = {}
        held = self._held()
        for volume in volumes:
            asked = _question(filed(volume), minima, size, theatre)
            for row, filing in rows_near(held, asked).tolist():
                notice = self._live(row, filing, size, asker)
                if notice is not None:
                    found[notice] = None
        return tuple(sorted(found))

    def check(
        self,
        volume: Volume,
        minima: Minima,
        *,
        size: int,
        asker: int | None,
        theatre: Theatre,
    ) -> tuple[Close, ...]:
        """Return every row live at log size `size` that is not provably clear of a volume, with its brackets.

        The same as asking `closeness` of every row, in the order they were inserted.
        """
        own = filed(volume)
        asked = _question(own, minima, size, theatre)
        least = minima.horizontal_mm, minima.vertical_mm, minima.time_us
        found, left = rows_close(self._held(), asked, least, horizontal_limit_m(minima))
        effort, close = Effort(int(left)), []
        for said in found.tolist():
            notice = self._live(said[ROW], said[OF_FILING], size, asker)
            if notice is None:
                continue
            closeness = None if said[SAID] == UNASKED else native_closeness(said[SAID:])
            if closeness is None:
                page, place = self._place(said[ROW])
                pack = Pack._make(page[:5])
                if said[SAID] == UNASKED:
                    closeness = close_rows(own, 0, pack, place, minima, theatre, effort)
                else:
                    closeness = foreign_closeness(said[SAID:], own, 0, pack, place, minima, theatre)
            if closeness is not None:
                close.append(Close(notice, closeness))
        return tuple(close)

    def _held(self) -> Held:
        """Return where rows lie, for kernels."""
        pages, tail = self._pages, self._tail
        return Held(
            pages.list, pages.firsts, self._grove.list, tail.page, tail.boxes, self._loose, self._settled
        )

    def _place(self, row: int) -> tuple[Page, int]:
        """Return the page in which a row lies, and its place there."""
        if row >= self._settled:
            return self._tail.page, int(self._loose[row - self._settled])
        return self._pages.place(row)

    def _live(self, row: int, filing: int, size: int, asker: int | None) -> str | None:
        """Return the notice of a row if it is live and the asker may meet it."""
        if self._closed.get(row, size) < size:
            return None
        assert self._shelf is not None
        notice, audience = self._shelf.filed(filing)
        return notice if asker is None or audience >> asker & 1 else None

    def _open_rows(self, notice: str) -> Iterator[int]:
        """Yield the rows of a notice that nothing closed."""
        ranges = self._open.get(notice) or ()
        for first, end in zip(ranges[::2], ranges[1::2], strict=True):
            yield from range(first, end)
        for register in self._registers:
            yield from (row for row in register.rows_of(notice) if row not in self._closed)

    def _with(
        self, shelf: Shelf, pack: Pack, life: Ints, open_: _Ranges, registers: tuple[Register, ...]
    ) -> Index:
        """Put rows behind all others."""
        settled, pages, grove, tail, loose = self._settled, self._pages, self._grove, self._tail, self._loose
        many = len(life) > TAIL_ROWS // 4 or len(pack.ends) > EDGES_A_ROW * TAIL_ROWS
        fits = len(loose) + len(life) <= TAIL_ROWS
        places = tail.write(pack, life) if fits and not many else None
        if places is None and len(loose):
            pages, grove = _settle(shelf, pages, grove, tail.taken(loose), settled)
            settled, loose = settled + len(loose), _NONE
        if many:
            pages, grove = _settle(shelf, pages, grove, Page(*pack, life), settled)
            settled += len(life)
        elif places is None:
            tail = OpenPage(2 * TAIL_ROWS, 2 * EDGES_A_ROW * TAIL_ROWS)
            places = tail.write(pack, life)
        if places is not None:
            loose = np.concatenate([loose, places])
        return Index(settled, pages, grove, tail, loose, open_, registers, self._closed, shelf)


class NotKept(Index):
    """For a state that is never asked what is near: nothing is laid out, and to ask is a fault."""

    __slots__ = ()

    def close(self, notice: str, seq: int) -> Index:
        """Nothing is open here."""
        return self

    def candidates(
        self,
        volumes: Sequence[Volume],
        minima: Minima,
        *,
        size: int,
        asker: int | None,
        theatre: Theatre,
    ) -> tuple[str, ...]:
        """Refuse: an empty answer would be a wrong one."""
        raise RuntimeError("this state's index is not kept, and was asked")


def _settle(shelf: Shelf, pages: Pages, grove: Grove, page: Page, first: int) -> tuple[Pages, Grove]:
    """Put a page behind the others, and its rows under a tree."""
    pages = pages.behind(page, first)
    tree = plant(pages, first, first + len(page.meta))
    return pages, shelf.gardener.tidied(pages, (*grove.trees, tree))


def _question(own: Pack, minima: Minima, size: int, theatre: Theatre) -> Question:
    """Ask about the one volume of a pack."""
    horizontal_m = minima.horizontal_mm / MM_PER_M + UNDECIDED_M
    return Question(own, horizontal_m, float(minima.vertical_mm), minima.time_us, *ground_mm(theatre), size)


_NONE: Final = np.empty(0, dtype=np.int64)
EMPTY: Final = Index(0, Pages(), Grove(()), OpenPage(0, 0), _NONE, HashTrieMap(), (), HashTrieMap(), None)
"""No rows."""
NOT_KEPT: Final = NotKept(
    0, Pages(), Grove(()), OpenPage(0, 0), _NONE, HashTrieMap(), (), HashTrieMap(), None
)
