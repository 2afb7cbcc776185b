# SPDX-License-Identifier: Apache-2.0
"""Harm reported and followed up, in any world that has a time, an author's claim and an act."""

from __future__ import annotations

from standclear.core.commands import GiveFinding, ReportIncident, ShareIncident
from standclear.core.commands.incidents import Conclusion, Harm, InWords
from standclear.core.events import Event
from standclear.core.model import ReleaseLevel
from tests.notifying import Acting
from tests.world import HOUR, T0

WORDS = InWords("uk", "Влучання у двір лікарні, двоє поранених.")
FOUND = InWords("en", "Our log shows no flight within 10 km.")


def report(
    small: Acting,
    actor: str,
    named: str = "",
    notices: tuple[str, ...] = (),
    *,
    lon: float = 30.0,
    lat: float = 1.5,
    ago: int = HOUR,
) -> tuple[Event, ...]:
    """Report harm at a place, some time ago."""
    at_us = T0 + max(0, small.now - ago)
    command = ReportIncident(
        **small.who(),
        place=(round(lon * 1e7), round(lat * 1e7)),
        radius_mm=100_000,
        from_us=at_us,
        until_us=at_us,
        harm=(Harm.INJURED, Harm.DAMAGED),
        words=WORDS,
        there="A yard with two ambulances",
        notices=notices,
        named=named,
    )
    return small.act(actor, command)


def share(
    small: Acting, actor: str, incident: str, to: str, level: ReleaseLevel = ReleaseLevel.FULL
) -> tuple[Event, ...]:
    """Have one more actor shown it."""
    return small.act(actor, ShareIncident(**small.who(), incident=incident, to=to, level=level))


def find(
    small: Acting,
    actor: str,
    incident: str,
    conclusion: Conclusion = Conclusion.OTHERWISE,
    words: InWords = FOUND,
) -> tuple[Event, ...]:
    """Say what one side finds."""
    return small.act(actor, GiveFinding(**small.who(), incident=incident, conclusion=conclusion, words=words))
