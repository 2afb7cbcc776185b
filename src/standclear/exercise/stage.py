# SPDX-License-Identifier: Apache-2.0
"""Who sits at which desk, what was notified so far, and what the story expects of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import msgspec

from standclear.client import Answer, Client
from standclear.core.events import CommandRefused
from standclear.core.model import Activity, Area, GroundHazard, Movement, ReleaseLevel, Site, Status, Verdict
from standclear.core.terms import Terms
from standclear.errors import Malformed
from standclear.exercise.result import Fact
from standclear.exercise.shapes import volume, window
from standclear.geometry.volume import Band, Footprint
from standclear.units import US_PER_HOUR

JUNIPER, GRANITE, RIVER = "juniper-command", "granite-forces", "river-guard"
LANTERN, OPEN_HANDS = "lantern-relief", "open-hands"
DESK = "watch-desk"
PARTIES = (JUNIPER, GRANITE, RIVER)
Expected = tuple[Status, Verdict]
CLEAR: Expected = (Status.FILED, Verdict.NO_CONFLICT_FOUND)
BLOCKED: Expected = (Status.BLOCKED, Verdict.CONFLICT)
UNDECIDED: Expected = (Status.BLOCKED, Verdict.NOT_ASSESSED)
RECALLED: Expected = (Status.RECALLED, Verdict.CONFLICT)
INFORMED: Expected = (Status.FILED, Verdict.CONFLICT)
Progress = Callable[[str, int, int], None]
"""What is being done, how many are done, of how many."""


@dataclass
class Stage:
    """The exercise as it stands. Hours count from `start_us`, a full hour more than a day ahead."""

    clients: Mapping[str, Client]
    terms: Terms
    start_us: int
    progress: Progress
    expected: dict[str, tuple[str, Expected]] = field(default_factory=dict)
    """By notice: whose it is, and how it should stand at the end."""
    facts: list[Fact] = field(default_factory=list)

    def released(
        self, level: ReleaseLevel = ReleaseLevel.VOLUME, **others: ReleaseLevel
    ) -> dict[str, ReleaseLevel]:
        """Where and when, or more, to everyone in the terms, but for those named otherwise."""
        levels = {actor.id: level for actor in self.terms.actors}
        return levels | {actor.replace("_", "-"): level for actor, level in others.items()}

    def hour(self, hours: float) -> int:
        """So many hours after the exercise's first full hour, µs UTC."""
        return self.start_us + round(hours * US_PER_HOUR)

    def notify(self, actor: str, content: Site | Area | Movement | Activity, **others: ReleaseLevel) -> str:
        """Give notice and return its id."""
        details = {"telephone": "EXERCISE: none"} if isinstance(content, Site) else {}
        answer = self.clients[actor].notify(content, self.released(**others), details, (DESK,))
        return notice_of(answer)

    def flight(
        self,
        actor: str,
        name: str,
        where: Footprint,
        heights: Band,
        at_hour: float,
        expected: Expected,
        kind: str = "patrol-flight",
        hazard: GroundHazard = GroundHazard.NONE,
        **others: ReleaseLevel,
    ) -> str:
        """File an hour's activity and remember how it should stand at the end."""
        flown = volume(where, heights, window(self.hour(at_hour), 1))
        content = Activity(kind=kind, name=name, volumes=(flown,), ground_hazard=hazard, hazard=())
        notice = self.notify(actor, content, **others)
        self.expected[notice] = actor, expected
        return notice

    def expect(self, notice: str, expected: Expected) -> None:
        """The story has gone on: the activity should stand like this now."""
        self.expected[notice] = self.expected[notice][0], expected

    def fact(self, sentence: str, held: bool) -> None:
        """Something that the story says, and whether it holds."""
        self.facts.append(Fact(sentence=sentence, held=held))

    def activity(self, notice: str) -> Activity:
        """What an activity says now, to its filer."""
        content = self.clients[self.expected[notice][0]].activity(notice).content
        if not isinstance(content, Activity):
            raise Malformed(f"{notice} is no activity")
        return content

    def status(self, notice: str) -> Status:
        """Where an activity stands, to its filer."""
        return self.clients[self.expected[notice][0]].activity(notice).status


def notice_of(answer: Answer) -> str:
    """The notice that an answer recorded.

    Raises:
        Malformed: the command was refused; says why.
    """
    refused = [event.detail for event in answer.events if isinstance(event, CommandRefused)]
    if answer.notice is None:
        raise Malformed(f"entry {answer.entry} records no notice: {refused[0] if refused else ''}")
    return answer.notice


def moved(activity: Activity, shift_us: int) -> Activity:
    """An alternative in time, adopted: the same activity so much later."""
    volumes = []
    for flown in activity.volumes:
        begin, end = flown.window.start_us or 0, flown.window.end_us or 0
        when = msgspec.structs.replace(flown.window, start_us=begin + shift_us, end_us=end + shift_us)
        volumes.append(msgspec.structs.replace(flown, window=when))
    return msgspec.structs.replace(activity, volumes=tuple(volumes))
