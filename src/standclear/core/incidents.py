# SPDX-License-Identifier: Apache-2.0
"""Incidents: harm is reported, put to the party named, and each side's findings stand beside the other's.

reported -> shown to the party named at once -> deadline -> called again at each step -> its finding
a finding amended is a new version of it; nothing here is merged, weighed or refused for what it says

A report is shown to whoever made it and the party named. Its author may have others shown it, whole or as a cover.
Findings go to their giver, to whoever reported, and to the party named.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from msgspec.structs import replace

from standclear.core import holding
from standclear.core.commands.incidents import (
    Conclusion,
    GiveFinding,
    ReportIncident,
    ShareIncident,
)
from standclear.core.cover import cover_of
from standclear.core.events import Event
from standclear.core.events.centre import CommandRefused, Refusal
from standclear.core.events.incidents import (
    FindingGiven,
    Incident,
    IncidentCalled,
    IncidentReported,
    IncidentShared,
)
from standclear.core.following import AnswerWithin
from standclear.core.model import Movement, ReleaseLevel, Site
from standclear.core.received import Received
from standclear.core.state import BUCKET_US, Case, Due, Notice, State
from standclear.core.terms import DAY_US, Role, Terms
from standclear.geometry.volume import Band, Edges, Footprint, Shape, Volume, Window

Told: TypeAlias = IncidentReported | IncidentShared | FindingGiven | IncidentCalled
Signed: TypeAlias = ReportIncident | ShareIncident | GiveFinding
SEES_ALL: Final = (Role.DESK, Role.ARBITER)
BY_DEFAULT: Final = AnswerWithin(answer_us=DAY_US, steps_us=(DAY_US, 3 * DAY_US))
"""Where the terms have no section of their own: a day, and again a day and three days after that."""
NO_SUCH_INCIDENT: Final = CommandRefused(
    Refusal.NO_SUCH_INCIDENT, "No such incident was shown to you. Name one by its id: I and a number."
)
NO_SUCH_NOTICE: Final = CommandRefused(
    Refusal.NO_SUCH_NOTICE, "No such notice was shown to you. Name one by the id that your inbox has."
)


def on_incident(state: State, received: Received, command: Signed) -> Told | CommandRefused:
    """A report, one more reader of it, or a finding."""
    match command:
        case ReportIncident():
            return _report(state, received, command)
        case ShareIncident():
            return _share(state, received, command)
        case GiveFinding():
            return _find(state, received, command)


def _report(state: State, received: Received, command: ReportIncident) -> IncidentReported | CommandRefused:
    for name in command.notices:
        notice = state.notices.get(name)
        if notice is None or not may_see(state, notice, received.actor):
            return NO_SUCH_NOTICE
    if command.named == received.actor:
        detail = (
            "A report is put to another party; your own finding stands beside it. Name that party, or nobody."
        )
        return CommandRefused(Refusal.NOT_APPLICABLE, detail)
    circle = Footprint(
        shape=Shape.POINT,
        rings=((command.place,),),
        edges=Edges.GEODESIC,
        radius_mm=command.radius_mm,
        uncertainty_mm=0,
    )
    window = Window(start_us=command.from_us, end_us=command.until_us)
    content = Incident(
        (Volume(footprint=circle, band=Band(lower=None, upper=None), window=window),),
        tuple(dict.fromkeys(command.harm)),
        command.words,
        command.there,
        tuple(dict.fromkeys(command.notices)),
    )
    return IncidentReported(
        f"I{state.size}", content, command.named, received.actor, received.post, received.at_us
    )


def cover(content: Incident, terms: Terms) -> Incident:
    """An incident as coarse as the terms' covers: no words, no place, no exact time."""
    stands_for = Site(kind="", name="", volumes=content.where, placed=True, valid_until_us=None)
    coarse = cover_of(stands_for, terms)
    volumes = coarse.legs if isinstance(coarse, Movement) else coarse.volumes
    return Incident(volumes, content.harm, None, "", ())


def _share(state: State, received: Received, command: ShareIncident) -> IncidentShared | CommandRefused:
    case = state.incidents.get(command.incident)
    if case is None or case.said.actor != received.actor:
        return NO_SUCH_INCIDENT
    has_all = command.to in (case.said.actor, case.said.named) or (
        (command.to, ReleaseLevel.FULL) in case.shared
    )
    if has_all or (command.to, command.level) in case.shared:
        return CommandRefused(Refusal.ALREADY_DONE, f"{command.to} is shown {command.incident} already.")
    content, named, actor = case.said.content, case.said.named, case.said.actor
    if command.level is ReleaseLevel.COVER:
        content, named, actor = cover(content, state.terms), "", ""
    return IncidentShared(
        command.incident,
        command.to,
        command.level,
        _for(state, content, command.to),
        named,
        actor,
        case.said.at_us,
        received.at_us,
    )


def _find(state: State, received: Received, command: GiveFinding) -> FindingGiven | CommandRefused:
    case = state.incidents.get(command.incident)
    if case is None or not _has_all(state, case, received.actor):
        return NO_SUCH_INCIDENT
    version = 1 + sum(one.actor == received.actor for one in case.findings)
    said = (command.conclusion, command.words, received.actor, received.post, received.at_us)
    return FindingGiven(command.incident, version, *said)


def _has_all(state: State, case: Case, actor: str) -> bool:
    """Whether an actor is shown all of a report."""
    by = state.actors.get(actor)
    sees = by is not None and by.role in SEES_ALL
    return sees or actor in (case.said.actor, case.said.named) or (actor, ReleaseLevel.FULL) in case.shared


def _for(state: State, content: Incident, actor: str) -> Incident:
    """A report with those notices alone that an actor was shown."""
    seen = (name for name in content.notices if may_see(state, state.notices[name], actor))
    return replace(content, notices=tuple(seen))


def may_see(state: State, notice: Notice, actor: str) -> bool:
    """Whether an actor was ever shown a notice, where it is or its cover."""
    found = state.actors.get(actor)
    if found is None:
        return False
    shown = bool(notice.ever >> found.number & 1) or any(one.by == actor for one in notice.met)
    return found.role in SEES_ALL or notice.author == actor or shown


def kept(state: State, event: Told) -> State:
    """The state after it."""
    match event:
        case IncidentReported():
            number = state.number(event.named)
            state = holding.shown(state, event.actor, 1 << number if number >= 0 else 0)
            return _await(_put(state, Case(event)), event)
        case IncidentShared():
            return _put(state, _shared(state, event))
        case FindingGiven():
            case = state.incidents[event.incident]
            return _put(state, replace(case, findings=(*case.findings, event)))
        case IncidentCalled():
            return _put(state, replace(state.incidents[event.incident], calls=event.step + 1))


def _shared(state: State, event: IncidentShared) -> Case:
    """At the centre and its author's, one more reader; at that reader's, what it is shown."""
    known = state.incidents.get(event.incident)
    if known is not None and known.said.actor:
        return replace(known, shared=(*known.shared, (event.to, event.level)))
    said = IncidentReported(event.incident, event.content, event.named, event.actor, "", event.reported_us)
    return Case(said, shared=((event.to, event.level),))


def _put(state: State, case: Case) -> State:
    return replace(state, incidents=state.incidents.insert(case.said.incident, case))


def moments_us(state: State, said: IncidentReported) -> tuple[int, ...]:
    """By when a finding of the party named is asked for, and when it is called for after that."""
    if not said.named:
        return ()
    asked = state.terms.incidents or BY_DEFAULT
    by_us = said.at_us + asked.answer_us
    return (by_us, *(by_us + step_us for step_us in asked.steps_us))


def _await(state: State, said: IncidentReported) -> State:
    due = state.due
    for at_us in moments_us(state, said):
        item = Due(at_us, said.incident, 0, calls=True)
        due = due.insert(at_us // BUCKET_US, (*due.get(at_us // BUCKET_US, ()), item))
    return replace(state, due=due)


def held_us(state: State, said: IncidentReported) -> int | None:
    """When the machine of the party named signed that it holds the report, as far as this reader was told."""
    number = state.number(said.named)
    if number < 0:
        return None
    word = holding.holds(state, ((int(said.incident[1:]), 1 << number),), said.named)
    return word.at_us if word else None


def is_due(due: Due) -> bool:
    """Whether it is for an incident that something falls due."""
    return due.notice.startswith("I")


def called(state: State, due: Due) -> Iterator[IncidentCalled]:
    """The party named is called, unless it has given a finding."""
    case = state.incidents[due.notice]
    if is_open(case):
        step = sum(at_us < due.at_us for at_us in moments_us(state, case.said))
        yield IncidentCalled(case.said.incident, case.said.named, step, due.at_us)


def is_open(case: Case) -> bool:
    """Whether a finding of the party named is waited for; that it is still looking is none."""
    return bool(case.said.named) and not any(
        one.actor == case.said.named and one.conclusion is not Conclusion.STILL_LOOKING
        for one in case.findings
    )


def seen(before: State, after: State, event: Told, actor: str) -> Told | None:
    """It as one recipient is shown it."""
    match event:
        case IncidentReported():
            if actor == event.actor:
                return event
            return replace(event, content=_for(after, event.content, actor)) if actor == event.named else None
        case IncidentShared():
            return event if actor in (before.incidents[event.incident].said.actor, event.to) else None
        case FindingGiven():
            said = before.incidents[event.incident].said
            return event if actor in (event.actor, said.actor, said.named) else None
        case IncidentCalled():
            said = before.incidents[event.incident].said
            return event if actor in (said.actor, said.named) else None


def signed_for(state: State, received: Received, command: Signed, actor: str) -> bool:
    """Whether one may read the signed command: the party named a report; of a finding, whoever it goes to."""
    match command:
        case ReportIncident():
            case = state.incidents.get(f"I{state.size - 1}")
            if case is None or case.said.named != actor:
                return False
            return _for(state, case.said.content, actor) == case.said.content
        case GiveFinding():
            found = state.incidents.get(command.incident)
            given = found is not None and any(
                (one.actor, one.at_us) == (received.actor, received.at_us) for one in found.findings
            )
            return given and found is not None and actor in (found.said.actor, found.said.named)
        case ShareIncident():
            return False


def says_the_same(first: Event | None, received: Received, command: Signed) -> bool:
    """Whether a view's first event is what was signed."""
    match command, first:
        case ReportIncident(), IncidentReported():
            volume = first.content.where[0]
            span = (volume.window.start_us, volume.window.end_us)
            where = (volume.footprint.rings, volume.footprint.radius_mm)
            same = (((command.place,),), command.radius_mm) == where and span == (
                command.from_us,
                command.until_us,
            )
            said = (first.content.words, first.content.there, first.named, first.actor)
            same = same and said == (command.words, command.there, command.named, received.actor)
            # Whoever is shown the signed words is shown every notice in them.
            told = (first.content.harm, first.content.notices)
            return same and told == tuple(
                tuple(dict.fromkeys(one)) for one in (command.harm, command.notices)
            )
        case ShareIncident(), IncidentShared():
            return (first.incident, first.to, first.level) == (command.incident, command.to, command.level)
        case GiveFinding(), FindingGiven():
            shown = (first.incident, first.conclusion, first.words, first.actor)
            return shown == (command.incident, command.conclusion, command.words, received.actor)
        case _:
            return False
