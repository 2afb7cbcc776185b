# SPDX-License-Identifier: Apache-2.0
"""What is kept between the reads of one reader, and changed entry by entry as its inbox grows.

    read -> its shelf of before -> entries of its inbox since then -> the notices that they name, looked at again

A shelf is a function of what the reader knows (law 8): what is kept here can be thrown away at any time. Each is
immutable but for what it has not been asked yet, so that readers of an older one are never disturbed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from standclear.core.codec import decode_value
from standclear.core.events import CentreOpened, Event, TermsApplied, TermsReplaced
from standclear.core.judge import occupied
from standclear.core.model import Activity, Content, Site, Status, Verdict
from standclear.core.parts import EventsPart
from standclear.core.release import View
from standclear.core.state import Notice, State
from standclear.tlog.proved import Proved
from standclear.tlog.slots import EVENTS_SLOT
from standclear.web.box import Box, box_around

Floats: TypeAlias = "npt.NDArray[np.float64]"
Holds: TypeAlias = "Callable[[State, Notice], bool]"
MOST_AT_ONCE: Final = 2_000
"""Entries after which looking at all notices anew is no slower."""
ALL_ROUND: Final = 360.0
SORT: Final = 4
"""Where in a line it stands of what sort a notice is."""
OTHER, PLAIN, GONE = 0.0, 1.0, 2.0


class Row:
    """Notices in the order of their numbers, and, once asked for, what lies where of them."""

    def __init__(self, numbers: tuple[int, ...], around: Floats | None = None) -> None:
        """`around`: west, south, width and north in degrees, and of what sort; a line for each number."""
        self.numbers, self._around = numbers, around

    def meeting(self, state: State, box: Box) -> tuple[int, ...]:
        """The numbers of those that may reach into a box; none that does is left out."""
        return self._of(self._meeting(state, box))

    def parted(self, state: State, box: Box) -> tuple[Floats, tuple[int, ...]]:
        """Of those, what is drawn, in two parts: plain sites, which do reach into it, and what is to be looked at.

        Returns:
            The plain sites' boxes as lines of west, south, width and north in degrees; the others' numbers.
        """
        found = self._meeting(state, box)
        around = self._lines(state)[found]
        return around[around[:, SORT] == PLAIN, :SORT], self._of(found[around[:, SORT] == OTHER])

    def _of(self, places: npt.NDArray[np.intp]) -> tuple[int, ...]:
        return tuple(self.numbers[at] for at in places.tolist())

    def _meeting(self, state: State, box: Box) -> npt.NDArray[np.intp]:
        west, south, width, north, _ = self._lines(state).T
        its_width = (box.east - box.west) % ALL_ROUND if box.east - box.west < ALL_ROUND else ALL_ROUND
        abreast = ((west - box.west) % ALL_ROUND <= its_width) | ((box.west - west) % ALL_ROUND <= width)
        return np.flatnonzero(abreast & (south <= box.north) & (north >= box.south))

    def _lines(self, state: State) -> Floats:
        if self._around is None:
            lines = [_line(state.notices[f"N{number}"]) for number in self.numbers]
            self._around = np.array(lines, dtype=np.float64).reshape(-1, SORT + 1)
        return self._around

    def changed(self, state: State, touched: list[int]) -> Row:
        """The same after these notices, in the order of their numbers, came or changed."""
        last = self.numbers[-1] if self.numbers else -1
        new = [number for number in touched if number > last or not self._has(number)]
        places = [bisect_left(self.numbers, number) for number in new]
        if new and places[0] < len(self.numbers):
            numbers = tuple(sorted((*self.numbers, *new)))
        else:
            numbers = (*self.numbers, *new)
        if self._around is None or not touched:
            return Row(numbers, self._around)
        around = np.insert(self._around, places, 0.0, axis=0)
        for number in touched:
            around[bisect_left(numbers, number)] = _line(state.notices[f"N{number}"])
        return Row(numbers, around)

    def _has(self, number: int) -> bool:
        at = bisect_left(self.numbers, number)
        return at < len(self.numbers) and self.numbers[at] == number


def _line(notice: Notice) -> tuple[float, ...]:
    """Of a plain site, live and of one volume, the box says all; what is no longer compared nor in the air is gone."""
    content, live = notice.content, bool(notice.showings)
    plain = isinstance(content, Site) and len(content.volumes) == 1 and live
    gone = not live and notice.recalled_us is None
    return (*box_of(content), PLAIN if plain else GONE if gone else OTHER)


def box_of(content: Content) -> tuple[float, float, float, float]:
    """West, south, width and north of a box around all that a notice occupies; a drill occupies nothing, anywhere."""
    boxes = [box_around(volume.footprint) for volume in occupied(content)]
    if not boxes:
        return 0.0, np.inf, 0.0, -np.inf
    south, north = min(box.south for box in boxes), max(box.north for box in boxes)
    if len(boxes) > 1 and any(box.east < box.west or box.east > 180 or box.west < -180 for box in boxes):
        return -180.0, south, ALL_ROUND, north
    west, east = min(box.west for box in boxes), max(box.east for box in boxes)
    wide = (east - west) % ALL_ROUND if east - west < ALL_ROUND else ALL_ROUND
    return west, south, wide, north


class Shelf:
    """The notices that a reader knows, in rows, how many of them are not assessed, and which hold what was asked."""

    def __init__(self, notices: Row, activities: Row, unassessed: frozenset[int]) -> None:
        """Nothing has been asked of it yet."""
        self.notices, self.activities, self._unassessed = notices, activities, unassessed
        self._those: dict[str, tuple[Holds, frozenset[int]]] = {}

    @property
    def not_assessed(self) -> int:
        """Live sites that are not placed, and live activities of the reader's whose verdict is not assessed."""
        return len(self._unassessed)

    def those(self, state: State, name: str, holds: Holds) -> tuple[int, ...]:
        """The numbers of the notices for which something holds; `name` stands for it when it is asked again."""
        if name not in self._those:
            numbers = (number_of(notice.id) for notice in state.notices.values() if holds(state, notice))
            self._those[name] = holds, frozenset(numbers)
        return tuple(sorted(self._those[name][1]))

    def changed(self, state: State, touched: frozenset[int], mine: str | None) -> Shelf:
        """The same after these notices came or changed; `mine`: see `shelved`."""
        notices = {number: state.notices[f"N{number}"] for number in sorted(touched)}
        acts = {number for number, notice in notices.items() if isinstance(notice.content, Activity)}
        shelf = Shelf(
            self.notices.changed(state, sorted(touched - acts)),
            self.activities.changed(state, sorted(acts)),
            self._unassessed - touched | {n for n, one in notices.items() if _is_not_assessed(one, mine)},
        )
        for name, (holds, numbers) in self._those.items():
            held = {number for number, notice in notices.items() if holds(state, notice)}
            shelf._those[name] = holds, numbers - touched | held
        return shelf


def shelved(state: State, mine: str | None) -> Shelf:
    """All that is known, looked at once. `mine`: whose judgements are read; None where everyone's are."""
    notices: list[int] = []
    activities: list[int] = []
    unassessed: set[int] = set()
    for notice in state.notices.values():
        number = number_of(notice.id)
        (activities if isinstance(notice.content, Activity) else notices).append(number)
        if _is_not_assessed(notice, mine):
            unassessed.add(number)
    return Shelf(Row(tuple(sorted(notices))), Row(tuple(sorted(activities))), frozenset(unassessed))


def touched_by(parts: Iterable[Proved], state: State) -> frozenset[int] | None:
    """The notices of a state that entries of an inbox name; None where all are to be looked at anew."""
    touched: set[int] = set()
    for count, part in enumerate(parts):
        for event in _events(part):
            if count == MOST_AT_ONCE or isinstance(event, OF_ALL):
                return None
            touched.update(number_of(name) for name in _named(event) if name in state.notices)
    return frozenset(touched)


OF_ALL: Final = (CentreOpened, TermsReplaced, TermsApplied)
"""Events that may change how any notice stands."""


def _events(part: Proved) -> tuple[Event, ...]:
    if part.slot == EVENTS_SLOT:
        return decode_value(EventsPart, part.body, "events").events
    return decode_value(View, part.body, "view").events


def _named(event: Event) -> Iterable[str]:
    values = (getattr(event, name) for name in event.__struct_fields__)
    return [value for value in values if isinstance(value, str) and value[:1] == "N"]


def _is_not_assessed(notice: Notice, mine: str | None) -> bool:
    if not notice.showings or notice.status is Status.ENDED:
        return False
    if isinstance(notice.content, Site):
        return not notice.content.placed
    read = mine is None or notice.author == mine
    return read and notice.judgement is not None and notice.judgement.verdict is Verdict.NOT_ASSESSED


def number_of(notice_id: str) -> int:
    """The number in a notice's id."""
    return int(notice_id[1:])
