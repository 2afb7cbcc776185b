# SPDX-License-Identifier: Apache-2.0
"""What a child with a pencil would expect of a centre: places that are far apart, days, and who was told what.

Places lie 55 km apart, so that two things are at one place or nowhere near each other; every flight and every leg
takes the first hours of its day. Between what must be a conflict and what cannot be one the child says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SITE, CONVOY, FLIGHT, STOP = "site", "convoy", "flight", "stop"
SHOWN_AS_IT_IS = ("full", "volume")
SHOWN = (*SHOWN_AS_IT_IS, "cover")


@dataclass
class Known:
    """A notice as the child remembers it."""

    sort: str
    author: str
    place: int
    day: int = 0
    high: bool = False
    hazard: bool = False
    release: Mapping[str, str] = field(default_factory=dict)
    gone: bool = False
    """Withdrawn, lifted, or reported arrived: it need not be compared any more, and may be."""
    ever: dict[str, set[int]] = field(default_factory=dict)
    """The places at which each recipient was ever shown it."""
    told: set[str] = field(default_factory=set)
    """To whom it was ever released, be it as a cover."""

    def show(self) -> None:
        """Tell everyone whom the release names where it is now."""
        for recipient, level in self.release.items():
            if level in SHOWN:
                self.ever.setdefault(recipient, set()).add(self.place)
                self.told.add(recipient)


def must_conflict(flight: Known, other: Known, day: int) -> bool:
    """Whether the filer of a flight, for all that it was told, must be told that these two are too close."""
    if other is flight or other.gone or other.place != flight.place:
        return False
    match other.sort:
        case "flight":
            # Every activity is at least a cover to everyone, and covers are as high as steps of 500 m.
            return other.day == flight.day and other.high == flight.high
        case "stop":
            return flight.day > day
        case "convoy":
            told = other.release.get(flight.author) in SHOWN or other.author == flight.author
            return told and flight.day == other.day and reaches_down(flight)
        case _:
            told = other.release.get(flight.author) in SHOWN or other.author == flight.author
            return told and reaches_down(flight)


def cannot_conflict(flight: Known, other: Known) -> bool:
    """Whether nothing that the filer was ever told of the other could be near its flight."""
    if other is flight:
        return True
    if other.sort == FLIGHT:
        apart = other.day != flight.day or (
            other.high != flight.high and not (reaches_down(other) and reaches_down(flight))
        )
        return other.place != flight.place or apart
    if other.sort == STOP:
        return other.place != flight.place
    places = other.ever.get(flight.author, set()) | (
        {other.place} if other.author == flight.author else set()
    )
    if flight.place not in places:
        return True
    return not reaches_down(flight) or (other.sort == CONVOY and flight.day < other.day)


def reaches_down(flight: Known) -> bool:
    """Whether something of it may come down to the ground."""
    return flight.hazard or not flight.high
