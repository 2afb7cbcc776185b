# SPDX-License-Identifier: Apache-2.0
"""Incidents for a client: report, share, find; and read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from standclear.client.answers import Answer, Said
from standclear.core.commands import GiveFinding, ReportIncident, ShareIncident
from standclear.core.commands.incidents import Conclusion, Harm, InWords
from standclear.core.events import FindingGiven
from standclear.core.events.incidents import Incident
from standclear.core.model import ReleaseLevel
from standclear.geometry.volume import Position

if TYPE_CHECKING:
    from standclear.client.client import Client


class Side(msgspec.Struct, frozen=True):
    """What one side found: every version, the newest last."""

    actor: str
    versions: tuple[FindingGiven, ...]


class Shared(msgspec.Struct, frozen=True):
    """To whom it was shown, and how much."""

    to: str
    level: ReleaseLevel


class IncidentLine(msgspec.Struct, frozen=True, kw_only=True):
    """One incident as far as the reader is shown it (docs/incidents.md)."""

    incident: str
    content: Incident
    named: str
    actor: str
    post: str
    recorded_us: int
    level: ReleaseLevel
    shared: tuple[Shared, ...]
    sides: tuple[Side, ...]
    held_us: int | None
    by_us: int | None
    calls: int
    open: bool
    dossier: str


class Incidents(Said, frozen=True, kw_only=True):
    """Incidents, the newest first."""

    items: tuple[IncidentLine, ...]
    more: int


class OneIncident(Said, frozen=True, kw_only=True):
    """One incident."""

    item: IncidentLine


def report_incident(
    client: Client,
    place: Position,
    radius_mm: int,
    span_us: tuple[int, int],
    harm: tuple[Harm, ...],
    words: InWords,
    *,
    there: str = "",
    notices: tuple[str, ...] = (),
    named: str = "",
) -> Answer:
    """Report harm within a circle and a span of time, and put it to a party if one is named."""
    command = ReportIncident(
        **client.who(),
        place=place,
        radius_mm=radius_mm,
        from_us=span_us[0],
        until_us=span_us[1],
        harm=harm,
        words=words,
        there=there,
        notices=notices,
        named=named,
    )
    return client.act(command)


def share_incident(client: Client, incident: str, to: str, level: ReleaseLevel | str) -> Answer:
    """Have one more actor shown a report of this actor's: `full`, or `cover`."""
    return client.act(ShareIncident(**client.who(), incident=incident, to=to, level=ReleaseLevel(level)))


def give_finding(client: Client, incident: str, conclusion: Conclusion | str, words: InWords) -> Answer:
    """Say what this side finds; a later word is its next version."""
    said = Conclusion(conclusion)
    return client.act(GiveFinding(**client.who(), incident=incident, conclusion=said, words=words))


def incidents(client: Client, **query: str) -> Incidents:
    """What this actor reported, is named in, or was shown."""
    return client.look(Incidents, "/v1/incidents", query)


def incident(client: Client, name: str, **query: str) -> IncidentLine:
    """One incident."""
    return client.look(OneIncident, f"/v1/incidents/{name}", query).item
