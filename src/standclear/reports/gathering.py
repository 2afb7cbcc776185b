# SPDX-License-Identifier: Apache-2.0
"""Which of the entries that a reader was shown speak of a place and a time: the account of a dossier, and its bundle.

A pure function of the reader's parts up to a log size, so whoever holds them makes the same account: the centre, the
reader's mirror, and an auditor with the whole bundle (docs/dossier.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec

from standclear.bundle.account import fact_of
from standclear.bundle.lines import Account, Cites, Fact
from standclear.bundle.making import Sight, selection
from standclear.core.codec import encode
from standclear.core.judge import hazard_volumes, occupied
from standclear.core.model import Activity, Content
from standclear.errors import LogBroken, Malformed, TooLarge
from standclear.geometry.separation import closeness
from standclear.geometry.volume import (
    NO_THEATRE,
    Band,
    Edges,
    Footprint,
    Minima,
    Position,
    Shape,
    Volume,
    Window,
)
from standclear.tlog.leaf import decode_leaf
from standclear.tlog.proved import Proved

NOTICE_MEMBERS: Final = ("notice", "activity", "because")
"""Members of events that name a notice. An event belongs to the first two; the third says why."""
SAYS: Final = ("notice_recorded", "notice_amended")
ENDS: Final = ("notice_closed", "activity_ended")
GOES_ON: Final = ("notice_expired", "movement_overdue")
MOST_BYTES: Final = 50_000_000
"""Of an account: it stands in one line."""
MAX_FACTS: Final = 20_000
"""More makes no document that anyone reads; ask for less ground or time."""


class Question(NamedTuple):
    """Where and when: 1e-7 degrees, mm, µs UTC; `from_us` None asks about one moment."""

    near: Position
    radius_mm: int
    from_us: int | None
    at_us: int


class _Story:
    """What is needed of a notice to know whether it belongs here."""

    def __init__(self) -> None:
        self.windows: list[Window] = []
        """Of the versions that were near."""
        self.goes_on = False
        self.ended_us: int | None = None
        self.cited: list[tuple[int, int]] = []

    def holds(self, from_us: int, at_us: int) -> bool:
        """Whether any version that was near holds within a span of time, closed."""
        if self.ended_us is not None and self.ended_us < from_us:
            return False
        return any(
            (window.start_us is None or window.start_us <= at_us)
            and (self.goes_on or window.end_us is None or window.end_us >= from_us)
            for window in self.windows
        )


def dossier(sight: Sight, question: Question) -> Iterator[bytes]:
    """The selection bundle that answers a question, with its account, line by line.

    Raises:
        TooLarge: more facts than a dossier holds.
        LogBroken: a part cannot be read.
    """
    account = account_of(sight, question)
    if len(encode(account)) > MOST_BYTES:
        raise TooLarge(
            f"the account of it has more than {MOST_BYTES} bytes",
            where="dossier",
            expected="a smaller radius or a shorter time",
        )
    return selection(sight, [fact.cites.entry for fact in account.facts], account)


def account_of(sight: Sight, question: Question) -> Account:
    """What the reader's parts say of the notices near a place that hold at a time."""
    stories = _stories(sight, question)
    from_us = question.at_us if question.from_us is None else question.from_us
    wanted = {notice: story for notice, story in stories.items() if story.holds(from_us, question.at_us)}
    return Account(
        near=question.near,
        radius_mm=question.radius_mm,
        from_us=question.from_us,
        at_us=question.at_us,
        size=sight.size,
        facts=tuple(_facts(sight, wanted)),
    )


def question_of(place: Footprint, radius_mm: int, from_us: int | None, at_us: int) -> Question:
    """A question as it stands in an account: a place off the grid is asked about that much wider.

    Raises:
        Malformed: the end comes before the beginning.
    """
    if from_us is not None and from_us > at_us:
        raise Malformed("the end comes before the beginning", where="from, at", expected="from before at")
    return Question(place.rings[0][0], radius_mm + place.uncertainty_mm, from_us, at_us)


def is_near(content: Content, question: Question, margin_mm: int) -> bool:
    """Whether what a notice occupies, hazards to the ground too, is not provably farther than the radius."""
    volumes = occupied(content)
    if isinstance(content, Activity):
        volumes += hazard_volumes(content, margin_mm)
    minima = Minima(horizontal_mm=question.radius_mm, vertical_mm=0, time_us=0)
    spot = place_of(question.near)
    return any(closeness(spot, volume, minima, NO_THEATRE) is not None for volume in volumes)


def place_of(near: Position) -> Volume:
    """A place, at any height and time."""
    point = Footprint(
        shape=Shape.POINT, rings=((near,),), edges=Edges.GEODESIC, radius_mm=0, uncertainty_mm=0
    )
    return Volume(point, Band(lower=None, upper=None), Window(start_us=None, end_us=None))


def events_of(part: Proved) -> list[dict[str, Any]]:
    """The events of a part in plain values: what a later version adds is kept as it is.

    Raises:
        LogBroken: it lists none.
    """
    try:
        return msgspec.json.decode(part.body, type=_Events).events
    except msgspec.DecodeError as error:
        raise LogBroken(f"a view cannot be read: {error}", where=f"entry {part.seq}") from None


def content_in(event: dict[str, Any]) -> Content:
    """What a notice says.

    Raises:
        LogBroken: it cannot be read.
    """
    try:
        return msgspec.convert(event.get("content"), Content)  # type: ignore[no-any-return]
    except msgspec.ValidationError as error:
        raise LogBroken(f"{event.get('notice')} cannot be read: {error}") from None


class _Events(msgspec.Struct):
    events: list[dict[str, Any]]


def _stories(sight: Sight, question: Question) -> dict[str, _Story]:
    stories: dict[str, _Story] = {}
    margin_mm = 0
    for part in sight.held.parts(sight.whom.slot, 0, sight.size):
        at_us = decode_leaf(part.leaf).at
        for number, event in enumerate(events_of(part)):
            if event["event"] == "centre_opened":
                margin_mm = event["terms"]["hazard_margin_mm"]
            for notice in named_in(event):
                story = stories.setdefault(notice, _Story())
                story.cited.append((part.seq, number))
                _learn(story, event, at_us, question, margin_mm)
    return stories


def _learn(story: _Story, event: dict[str, Any], at_us: int, question: Question, margin_mm: int) -> None:
    """What one event says of where and when a notice holds."""
    if event["event"] in SAYS:
        content = content_in(event)
        if is_near(content, question, margin_mm):
            story.windows += [volume.window for volume in occupied(content)]
    elif event["event"] in GOES_ON:
        story.goes_on = True
    elif event["event"] in ENDS or (event["event"] == "notice_withdrawn" and _at_once(event)):
        story.ended_us = at_us


def _at_once(event: dict[str, Any]) -> bool:
    """Whether a withdrawn notice is no longer compared from then on."""
    return bool(event["checked_until_us"] <= event["at_us"])


def named_in(event: dict[str, Any]) -> tuple[str, ...]:
    """The notices that an event is about."""
    found = (event.get(member) for member in NOTICE_MEMBERS[:2])
    return tuple(dict.fromkeys(notice for notice in found if isinstance(notice, str)))


def _facts(sight: Sight, wanted: dict[str, _Story]) -> Iterator[Fact]:
    """Every event about these notices, in the reader's own parts and, where they are at hand, in others' views."""
    cited = sorted({place for story in wanted.values() for place in story.cited})
    if len(cited) > MAX_FACTS:
        raise TooLarge(
            f"{len(cited)} events are about this place and time",
            where="dossier",
            expected=f"at most {MAX_FACTS}; a smaller radius or a shorter time",
        )
    whose = sight.recipients()
    for seq in sorted({seq for seq, _ in cited}):
        own = sight.held.part(seq, sight.whom.slot)
        parts = [own] if own is not None else []
        parts += sight.held.views(seq) if sight.views else ()
        for part in parts:
            yield from _facts_in(part, wanted, whose)


def _facts_in(part: Proved, wanted: dict[str, _Story], whose: dict[int, str]) -> Iterator[Fact]:
    at_us, to = decode_leaf(part.leaf).at, whose.get(part.slot)
    for number, event in enumerate(events_of(part)):
        if any(notice in wanted for notice in named_in(event)):
            cites = Cites(entry=part.seq, event=number, slot=part.slot)
            yield fact_of(cites, event, tuple(sorted(event)), at_us, to)
