# SPDX-License-Identifier: Apache-2.0
"""The pairwise heart: one rule, two subjects, a finding or nothing.

Anyone who sees both sides can repeat it: it knows no state, no author and no clock. `rules` says which
rules apply to whom and adds the forms of cooperation; `decide` aggregates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from standclear.core.model import (
    Activity,
    Content,
    Drill,
    Finding,
    GroundHazard,
    Movement,
    Shown,
    Site,
    Stop,
    Verdict,
    Why,
    exception_of,
)
from standclear.core.terms import KeepClear, NoticeClass, StayInside, Terms
from standclear.geometry.boxes import meeting_pairs
from standclear.geometry.containment import Containment, containment
from standclear.geometry.effort import Effort
from standclear.geometry.separation import Bracket, Closeness, Outcome, closeness
from standclear.geometry.union import inside_union
from standclear.geometry.volume import Band, Minima, Shape, Theatre, Volume, Window

UNBOUNDED = Bracket(lower=None, upper=None)
GROUND_CLASSES = (NoticeClass.SITE, NoticeClass.TRUCE_AREA, NoticeClass.STOP)
"""Classes that reach down to the ground whatever lower level they state, where a hazard falls (law 14)."""
MAX_COMPARISONS = 2_000
"""Pairs of volumes looked at for one finding; more would let one party hold up everyone (and every stop)."""
PAIR_EFFORT = 200
"""What one pair of volumes costs besides its evaluations."""
CLOSEST = (0, 0, 0, 0)
"""The rank of two volumes that share a place, a time and a height."""
SEVERITY = (Verdict.NO_CONFLICT_FOUND, Verdict.NOT_ASSESSED, Verdict.CONFLICT)


class Subject(msgspec.Struct, frozen=True):
    """One side of a comparison: the volumes it occupies and those its hazard to the ground reaches.

    `author` is empty where the reader may not know it. `placed` false: it lies somewhere in its volumes.
    `shown`: whether these are its volumes or its cover.
    `consents` and `refuses`: parties, by what they answered to this activity. `exception`: of the terms, if claimed.
    """

    id: str
    notice: NoticeClass
    kind: str
    author: str
    volumes: tuple[Volume, ...]
    hazard: tuple[Volume, ...]
    placed: bool
    shown: Shown = Shown.EXACT
    consents: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()
    exception: str = ""


def subject_of(
    notice_id: str, content: Content, author: str, terms: Terms, shown: Shown = Shown.EXACT
) -> Subject:
    """What a notice occupies under these terms.

    Raises:
        KeyError: the terms do not define its kind.
    """
    kind = terms.kind(content.kind)
    if kind is None:
        raise KeyError(content.kind)
    return Subject(
        id=notice_id,
        notice=kind.notice,
        kind=kind.id,
        author=author,
        volumes=occupied(content),
        hazard=hazard_volumes(content, terms.hazard_margin_mm) if isinstance(content, Activity) else (),
        placed=content.placed if isinstance(content, Site) else True,
        shown=shown,
        exception=exception_of(content),
    )


def occupied(content: Content) -> tuple[Volume, ...]:
    """The volumes a notice occupies; a movement's gaps occupy the point that joins its legs, a drill nothing."""
    if isinstance(content, Stop) and content.drill is not Drill.LIVE:
        return ()
    if not isinstance(content, Movement):
        return content.volumes
    return (*content.legs, *_joints(content.legs))


def _joints(legs: Sequence[Volume]) -> Iterator[Volume]:
    """Where a movement waits between two legs: the last point of one, from its end to the next start.

    Both neighbours' joining points are kept when they differ: nothing says at which of them it waits.
    """
    for before, after in pairwise(legs):
        gap = Window(start_us=before.window.end_us, end_us=after.window.start_us)
        if gap.start_us is None or gap.end_us is None or gap.start_us >= gap.end_us:
            continue
        yield _held_at(before, -1, gap)
        yield _held_at(after, 0, gap)


def _held_at(leg: Volume, end: int, gap: Window) -> Volume:
    """The leg's own end as a point core with the leg's radii; a polygon leg holds its whole footprint."""
    footprint = leg.footprint
    if footprint.shape is Shape.LINE:
        point = footprint.rings[0][end]
        footprint = msgspec.structs.replace(footprint, shape=Shape.POINT, rings=((point,),))
    return Volume(footprint=footprint, band=leg.band, window=gap)


def open_ended(content: Content) -> Content:
    """A movement that did not arrive may be anywhere along its way from its first start on."""
    if not isinstance(content, Movement):
        return content
    starts = [leg.window.start_us for leg in content.legs if leg.window.start_us is not None]
    window = Window(start_us=min(starts, default=None), end_us=None)
    return msgspec.structs.replace(
        content,
        legs=tuple(msgspec.structs.replace(leg, window=window) for leg in content.legs),
    )


def hazard_volumes(activity: Activity, margin_mm: int) -> tuple[Volume, ...]:
    """From the ground to the activity's upper level: declared footprints, or its own plus the margin.

    What is straight below is always among them: no declaration moves a hazard away from there (law 14).
    """
    if activity.ground_hazard is GroundHazard.NONE:
        return ()
    columns = []
    for number, volume in enumerate(activity.volumes):
        own = volume.footprint
        reach = [msgspec.structs.replace(own, radius_mm=own.radius_mm + margin_mm)]
        if number < len(activity.hazard):
            reach = [own, activity.hazard[number]]
        band = Band(lower=None, upper=volume.band.upper)
        columns += [Volume(footprint=footprint, band=band, window=volume.window) for footprint in reach]
    return tuple(columns)


def judge(
    rule: KeepClear, own: Subject, other: Subject, theatre: Theatre, effort: Effort | None = None
) -> Finding | None:
    """Compare two subjects under one rule; None when they are provably further apart than its minima.

    The finding is the closest pair of volumes. Looking ends early where nothing can be closer, after
    MAX_COMPARISONS, and when the effort of the whole question is used up: with the conflict found by then, or
    not assessed where there is none.
    """
    effort = effort or Effort()
    worst: tuple[tuple[int, ...], Closeness, Why] | None = None
    for number, (mine, theirs, why) in enumerate(_pairs(own, other, rule.minima, theatre)):
        if number == MAX_COMPARISONS or not effort.spend(PAIR_EFFORT):
            if worst is None or worst[1].outcome is not Outcome.CONFLICT:
                return _finding(rule, own, other, Verdict.NOT_ASSESSED, Why.NOT_EVALUATED, None)
            break
        close = closeness(mine, theirs, rule.minima, theatre, effort)
        if close is None:
            continue
        found = (_rank(close), close, why)
        if worst is None or found[0] < worst[0]:
            worst = found
        if worst[0] == CLOSEST:
            break
    if worst is None:
        return None
    _, close, why = worst
    verdict = Verdict.CONFLICT
    if close.outcome is Outcome.VERTICAL_UNKNOWN:
        verdict, why = Verdict.NOT_ASSESSED, Why.VERTICAL_UNKNOWN
    if not (own.placed and other.placed):
        verdict, why = Verdict.NOT_ASSESSED, Why.UNPLACED
    return _finding(rule, own, other, verdict, why, close)


def _finding(
    rule: KeepClear, own: Subject, other: Subject, verdict: Verdict, why: Why, close: Closeness | None
) -> Finding:
    """A finding of two subjects; against a cover there are no brackets, for a cover has no place (design §5)."""
    if Shown.COVER in (own.shown, other.shown):
        close = None
    return Finding(
        rule=rule.id,
        other=other.id,
        verdict=verdict,
        why=why,
        horizontal_mm=close.horizontal_mm if close else UNBOUNDED,
        vertical_mm=close.vertical_mm if close else UNBOUNDED,
        time_us=close.time_us if close else UNBOUNDED,
        at=close.at if close else None,
        own=own.shown,
        theirs=other.shown,
        blocks=True,
    )


def _pairs(
    own: Subject, other: Subject, minima: Minima, theatre: Theatre
) -> Iterator[tuple[Volume, Volume, Why]]:
    """Every pair of volumes that may be too close: as flown first, then each side's hazard to the ground."""
    grounded = [_reaching_ground(volume, other.notice) for volume in other.volumes]
    own_grounded = [_reaching_ground(volume, own.notice) for volume in own.volumes]
    for mine, theirs, why in (
        (own.volumes, other.volumes, Why.TOO_CLOSE),
        (own.hazard, grounded, Why.HAZARD_TO_GROUND),
        (own_grounded, other.hazard, Why.HAZARD_TO_GROUND),
    ):
        for one, two in meeting_pairs(mine, theirs, minima, theatre):
            yield mine[one], theirs[two], why


def _reaching_ground(volume: Volume, notice: NoticeClass) -> Volume:
    """A place on the ground is hit whatever lower level its notice states."""
    if notice not in GROUND_CLASSES or volume.band.lower is None:
        return volume
    return Volume(
        footprint=volume.footprint,
        band=Band(lower=None, upper=volume.band.upper),
        window=volume.window,
    )


def reached(subject: Subject) -> tuple[Volume, ...]:
    """Every volume in which anything may be compared with a subject: what an index must find it by."""
    return (*(_reaching_ground(volume, subject.notice) for volume in subject.volumes), *subject.hazard)


def _rank(close: Closeness) -> tuple[int, ...]:
    """Conflicts before undecided ones, then the closest in ground distance, time and height."""
    return (
        0 if close.outcome is Outcome.CONFLICT else 1,
        close.horizontal_mm.lower or 0,
        close.time_us.lower or 0,
        close.vertical_mm.lower or 0,
    )


def judge_inside(
    rule: StayInside, own: Subject, areas: Sequence[Subject], theatre: Theatre
) -> Finding | None:
    """Whether each volume of an activity lies within these areas together; None when all provably do.

    `areas` are those in force, sorted by id. The finding names the area that by itself came nearest to
    holding the first volume that they do not hold, or nothing where there is no area. More areas than
    MAX_COMPARISONS, or more work than MAX_EFFORT, is not assessed.
    """
    parts = [(part, area.id) for area in areas for part in area.volumes]
    if len(parts) > MAX_COMPARISONS:
        return _outside(rule, None, Why.NOT_EVALUATED)
    effort = Effort()
    for volume in own.volumes:
        if inside_union(volume, [part for part, _ in parts], theatre, effort):
            continue
        if effort.left < 0:
            return _outside(rule, None, Why.NOT_EVALUATED)
        tries = [(containment(volume, part, theatre), area) for part, area in parts]
        return _outside(rule, min(tries, key=_beyond, default=None))
    return None


def _beyond(tried: tuple[Containment, str]) -> tuple[int, int]:
    """Undecided before outside; then by how far it reaches beyond."""
    held = tried[0]
    return 0 if held.outcome is Outcome.VERTICAL_UNKNOWN else 1, held.horizontal_mm.lower or 0


def _outside(
    rule: StayInside, nearest: tuple[Containment, str] | None, why: Why = Why.OUTSIDE_AREA
) -> Finding:
    held = nearest[0] if nearest else None
    if held is not None and held.outcome is Outcome.VERTICAL_UNKNOWN:
        why = Why.VERTICAL_UNKNOWN
    return Finding(
        rule=rule.id,
        other=nearest[1] if nearest else "",
        verdict=Verdict.CONFLICT if why is Why.OUTSIDE_AREA else Verdict.NOT_ASSESSED,
        why=why,
        horizontal_mm=held.horizontal_mm if held else UNBOUNDED,
        vertical_mm=UNBOUNDED,
        time_us=UNBOUNDED,
        at=held.at if held else None,
        own=Shown.EXACT,
        theirs=Shown.EXACT,
        blocks=True,
    )
