# SPDX-License-Identifier: Apache-2.0
"""The stop line: a stop is called, rung at every echelon of every party, and read back; so is a recall, at its filer's.

called -> rung -> read back, typed from what was heard -> compared here -> right: heard; wrong: rung again
recalled -> rung at the filer's echelons -> heard -> reported clear; until then it may be airborne

A drill goes the same way and spares nothing. What it took each echelon is kept, and activities that begin sooner are
flagged. Nothing here is ever limited or refused for its merit.
"""

from __future__ import annotations

from collections.abc import Iterator

from standclear.core.answering import echelon_of
from standclear.core.commands import CallStop, ReadBack, RecallStep, ReportRecall
from standclear.core.events import (
    CommandRefused,
    Event,
    NoticeRecorded,
    RecallReported,
    Refusal,
    StopReadBack,
)
from standclear.core.model import Activity, Flag, FlagCode, Release, ReleaseLevel, Standing, Status, Stop
from standclear.core.received import Received
from standclear.core.shapes import first_start_us
from standclear.core.state import State
from standclear.core.terms import STOP_KIND, Role
from standclear.geometry.separation import Bracket, brackets
from standclear.geometry.volume import NO_THEATRE, Band, Edges, Footprint, Position, Shape, Volume, Window


def stop_recorded(state: State, received: Received, command: CallStop) -> NoticeRecorded:
    """Any post stops everything in a circle, at once; every recipient sees all of it."""
    footprint = _circle(command.place, command.radius_mm)
    always = Window(start_us=received.at_us, end_us=None)
    volume = Volume(footprint=footprint, band=Band(lower=None, upper=None), window=always)
    content = Stop(kind=STOP_KIND, name=command.reason, volumes=(volume,), drill=command.drill)
    everyone = tuple(Release(to=actor.id, level=ReleaseLevel.FULL) for actor in state.terms.actors)
    return NoticeRecorded(f"N{state.size}", content, received.actor, everyone, (), received.at_us)


def _circle(place: Position, radius_mm: int) -> Footprint:
    return Footprint(
        shape=Shape.POINT, rings=((place,),), edges=Edges.GEODESIC, radius_mm=radius_mm, uncertainty_mm=0
    )


def read_back(state: State, received: Received, command: ReadBack) -> tuple[Event, ...]:
    """A party repeats a stop; the centre says whether it is that place and that radius, and how far off."""
    refusal = _not_by(state, received, command.party, relayed=command.relayed is not None)
    if refusal is not None:
        return (refusal,)
    stop = state.notices.get(command.stop)
    if stop is None or not isinstance(stop.content, Stop):
        return (
            CommandRefused(Refusal.NO_SUCH_NOTICE, "There is no such stop. Name it by the id in the inbox."),
        )
    called = stop.content.volumes[0].footprint
    off_mm = _apart(called.rings[0][0], command.place)
    near = off_mm.upper is not None and off_mm.upper <= state.terms.stop.read_back_mm
    standing = _standing(received, command.echelon, relayed=command.relayed is not None)
    return (
        StopReadBack(
            stop.id,
            command.party,
            command.echelon,
            near and command.radius_mm == called.radius_mm,
            off_mm,
            command.radius_mm,
            standing,
            received.post,
            command.relayed,
            received.at_us - stop.recorded_us,
            received.at_us,
        ),
    )


def _apart(one: Position, other: Position) -> Bracket:
    """How far two points are apart, in mm, rounded outward."""
    always = Band(lower=None, upper=None), Window(start_us=None, end_us=None)
    spots = [Volume(_circle(place, 0), *always) for place in (one, other)]
    return brackets(spots[0], spots[1], NO_THEATRE)[0]


def report_recall(state: State, received: Received, command: ReportRecall) -> tuple[Event, ...]:
    """The filer says that an echelon heard a recall, or that the activity is clear; it stays recalled."""
    notice = state.notices.get(command.activity)
    if notice is None or notice.author != received.actor or not isinstance(notice.content, Activity):
        return (CommandRefused(Refusal.NO_SUCH_NOTICE, "There is no such activity of yours."),)
    if notice.recalled_us is None:
        return (CommandRefused(Refusal.NOT_APPLICABLE, f"{notice.id} was not recalled."),)
    standing = _standing(received, command.echelon, relayed=False)
    return (
        RecallReported(
            notice.id,
            received.actor,
            command.echelon,
            command.step,
            standing,
            received.post,
            received.at_us,
        ),
    )


def _not_by(state: State, received: Received, party: str, *, relayed: bool) -> CommandRefused | None:
    by = state.actors.get(received.actor)
    is_desk = by is not None and by.role is Role.DESK
    if (
        state.actors.get(party) is None
        or (relayed and not is_desk)
        or (not relayed and party != received.actor)
    ):
        detail = "Each actor reads back for itself; what is read back by telephone is taken down by the desk."
        return CommandRefused(Refusal.NOT_PERMITTED, detail)
    return None


def _standing(received: Received, echelon: str, *, relayed: bool) -> Standing:
    if relayed:
        return Standing.RELAYED
    return Standing.SIGNED if echelon_of(received.post) == echelon else Standing.SAID


def may_be_airborne(recalled_us: int | None, status: Status, heard: tuple[object, ...]) -> bool:
    """Whether an activity that was recalled has not been reported clear; one that was let go may be, too."""
    clear = any(isinstance(one, RecallReported) and one.step is RecallStep.CLEAR for one in heard)
    return recalled_us is not None and status is not Status.FILED and not clear


def sooner_than_stop(state: State, filer: str, content: object, now_us: int) -> Iterator[Flag]:
    """Whether an activity begins sooner than a stop was last heard at every echelon of its filer."""
    if not isinstance(content, Activity):
        return
    took = [found.took_us for (party, _), found in sorted(state.measured.items()) if party == filer]
    starts_us = first_start_us(content)
    slowest_us = max(took, default=0)
    if starts_us is not None and starts_us - now_us < slowest_us:
        yield Flag(code=FlagCode.SOONER_THAN_STOP, rule="", amount=slowest_us)
