# SPDX-License-Identifier: Apache-2.0
"""Incidents as they are read: the report, and the findings of each side beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Response

from standclear.core.events.incidents import Incident
from standclear.core.incidents import held_us, is_open, moments_us
from standclear.core.model import ReleaseLevel
from standclear.core.state import Case, State
from standclear.errors import NotFound
from standclear.units import E7, MM_PER_M, us_to_iso
from standclear.web.held import HeldDep, ReaderDep
from standclear.web.openapi import answers
from standclear.web.reads import KnownThen, sight_of
from standclear.web.shelf import Sight
from standclear.web.waiting import OpenItem
from standclear.web.wire import answered
from standclear.web.wire_incidents import IncidentAnswer, IncidentItem, IncidentsPage, SharedItem, SideItem

router = APIRouter()
MOST: Final = 500
"""Incidents in one answer: the newest."""
AROUND_MM: Final = 2_000_000
"""How far round an incident its dossier looks, beyond the incident's own circle."""


@router.get("/v1/incidents", responses=answers({200: IncidentsPage}))
def get_incidents(held: HeldDep, reader: ReaderDep, query: Annotated[KnownThen, Query()]) -> Response:
    """What the reader reported, is named in, or was shown; for desk and arbiter all."""
    sight = sight_of(held, reader, query)
    cases = cases_in(sight.state)[::-1]
    items = tuple(incident_item(sight.state, case) for case in cases[:MOST])
    return answered(IncidentsPage(**sight.said(), items=items, more=max(0, len(cases) - MOST)))  # type: ignore[arg-type]


@router.get("/v1/incidents/{id}", responses=answers({200: IncidentAnswer}))
def get_incident(
    held: HeldDep,
    reader: ReaderDep,
    incident: Annotated[str, Path(alias="id", max_length=64)],
    query: Annotated[KnownThen, Query()],
) -> Response:
    """One incident."""
    sight = sight_of(held, reader, query)
    case = sight.state.incidents.get(incident)
    if case is None:
        raise NotFound
    return answered(IncidentAnswer(**sight.said(), item=incident_item(sight.state, case)))  # type: ignore[arg-type]


def cases_in(state: State) -> list[Case]:
    """Every incident that a reader knows, in the order of the record."""
    return sorted(state.incidents.values(), key=lambda case: int(case.said.incident[1:]))


def incident_item(state: State, case: Case) -> IncidentItem:
    """One incident as its reader knows it."""
    said = case.said
    sides = tuple(dict.fromkeys(one.actor for one in case.findings))
    return IncidentItem(
        incident=said.incident,
        content=said.content,
        named=said.named,
        actor=said.actor,
        post=said.post,
        recorded_us=said.at_us,
        level=ReleaseLevel.COVER if said.content.words is None else ReleaseLevel.FULL,
        shared=tuple(SharedItem(to=to, level=level) for to, level in case.shared),
        sides=tuple(
            SideItem(actor=side, versions=tuple(one for one in case.findings if one.actor == side))
            for side in sides
        ),
        held_us=held_us(state, said),
        by_us=next(iter(moments_us(state, said)), None),
        calls=case.calls,
        open=is_open(case),
        dossier=_dossier(said.content),
    )


def _dossier(content: Incident) -> str:
    if content.words is None:
        return ""
    volume = content.where[0]
    ((longitude, latitude),) = volume.footprint.rings[0]
    radius_m = -(-(volume.footprint.radius_mm + AROUND_MM) // MM_PER_M)
    window = volume.window
    return urlencode(
        {
            "near": f"{_degrees(latitude)},{_degrees(longitude)}",
            "radius_m": radius_m,
            "from": us_to_iso(window.start_us or 0),
            "at": us_to_iso(window.end_us or 0),
        },
        safe=",:",
    )


def _degrees(value_e7: int) -> str:
    whole, rest = divmod(abs(value_e7), E7)
    return f"{'-' if value_e7 < 0 else ''}{whole}.{rest:07d}"


def open_incidents(sight: Sight) -> Iterator[OpenItem]:
    """Reports to which the party named has given no finding: to that party, and to whoever reported."""
    for case in sight.state.incidents.values():
        if not is_open(case) or not _concerns(sight, case):
            continue
        by_us = moments_us(sight.state, case.said)[0]
        late = f" It was called for {case.calls} times." if case.calls else ""
        words = (
            f"{case.said.incident} waits for what {case.said.named} finds, until {us_to_iso(by_us)}.{late}"
        )
        yield OpenItem(
            what="finding",
            notice="",
            waits_on=(case.said.named,),
            echelon="",
            by_us=by_us,
            since_us=case.said.at_us,
            calls=case.calls,
            words=words,
        )


def _concerns(sight: Sight, case: Case) -> bool:
    return sight.reader.sees_all or sight.reader.actor in (case.said.actor, case.said.named)
