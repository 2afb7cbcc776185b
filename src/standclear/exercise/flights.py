# SPDX-License-Identifier: Apache-2.0
"""The flights of the exercise: what each is there to show stands in its name and in docs/exercise.md."""

from __future__ import annotations

from collections.abc import Mapping

from standclear.core.events import WithheldMet
from standclear.core.model import Activity, GroundHazard, ReleaseLevel, Site, Status, Verdict
from standclear.errors import NotFound
from standclear.exercise.shapes import at, band, circle, corridor, volume, window
from standclear.exercise.stage import (
    BLOCKED,
    CLEAR,
    DESK,
    GRANITE,
    INFORMED,
    JUNIPER,
    LANTERN,
    OPEN_HANDS,
    RECALLED,
    RIVER,
    UNDECIDED,
    Stage,
    moved,
)
from standclear.geometry.volume import Datum
from standclear.units import MM_PER_M

OVER_PINABA = circle(30.4770171, 3.0160468, 500)
"""Above one of the hospitals of the file."""
OVER_HITUFE = circle(27.5203744, 1.2234182, 500)


def fly(stage: Stage, notices: Mapping[str, str]) -> None:
    """File every flight, and let the story go on around them."""
    for part in (_over_hospitals, _two_at_once, _in_and_out_of_the_box, _beside_movements):
        part(stage)
    _what_is_not_seen(stage, notices)
    _late_hospital(stage)
    _stop(stage)
    _what_if(stage)


def _over_hospitals(stage: Stage) -> None:
    """Height clears what drops nothing, and never what might."""
    possible = GroundHazard.POSSIBLE
    high, low = band(6_000, 6_300), band(200, 300, Datum.AGL)
    over_jakogu = circle(28.5555692, 3.6109658, 1_000)
    stage.flight(
        JUNIPER, "Survey high over a hospital", over_jakogu, band(4_000, 4_300), 1, CLEAR, "survey-flight"
    )
    stage.flight(GRANITE, "Survey low over a hospital", OVER_HITUFE, low, 1, BLOCKED, "survey-flight")
    stage.flight(
        GRANITE,
        "At 6 km over a hospital, ground hazard unstated",
        OVER_PINABA,
        high,
        1,
        BLOCKED,
        hazard=possible,
    )
    stage.flight(GRANITE, "At 6 km over the same hospital, stating none", OVER_PINABA, high, 5, CLEAR)


def _two_at_once(stage: Stage) -> None:
    """Two parties want one place at one hour: the second adopts the alternative in time."""
    place, heights = circle(28.2, 2.1, 2_000), band(3_000, 3_500)
    stage.flight(GRANITE, "Patrol, filed first", place, heights, 2, CLEAR)
    second = stage.flight(RIVER, "Patrol, filed second, moved to the alternative", place, heights, 2, BLOCKED)
    item = stage.clients[RIVER].activity(second)
    offers = [a for a in item.judged.judgement.alternatives if a.shift_us] if item.judged else []
    stage.fact(
        "The second of two patrols at one place is blocked and offered another time.",
        item.status is Status.BLOCKED and len(offers) == 1,
    )
    if offers:
        later = moved(stage.activity(second), offers[0].shift_us)
        stage.clients[RIVER].amend(second, later, stage.released())
        stage.expect(second, CLEAR)
    shared = circle(28.4, 2.6, 2_000)
    # Whole to its partner, for a form of cooperation counts only where both names are shown.
    stage.flight(
        JUNIPER, "Patrol of a pair that informs", shared, heights, 4, CLEAR, river_guard=ReleaseLevel.FULL
    )
    stage.flight(RIVER, "Patrol of the same pair, told of the other", shared, heights, 4, INFORMED)


def _in_and_out_of_the_box(stage: Stage) -> None:
    """Flights with a hazard to the ground stay inside the area that all assented to."""
    kind, possible, heights = "ground-hazard-flight", GroundHazard.POSSIBLE, band(3_000, 4_000)
    inside, across = circle(29.3, 2.6, 2_000), circle(29.71, 2.6, 2_000)
    stage.flight(JUNIPER, "Ground hazard inside the agreed box", inside, heights, 2, CLEAR, kind, possible)
    stage.flight(GRANITE, "Ground hazard across the box's edge", across, heights, 6, BLOCKED, kind, possible)


def _beside_movements(stage: Stage) -> None:
    """Convoys at their halt, medical flights, the truce, and a clinic known only by its district."""
    halt, low = circle(27.9, 0.65, 1_000), band(300, 500, Datum.AGL)
    crossing = corridor((28.5, 1.3), (28.7, 1.0), half_width_m=1_000)
    stage.flight(JUNIPER, "Survey over the convoy's halt", halt, low, 4.2, BLOCKED, "survey-flight")
    stage.flight(JUNIPER, "Survey there two days later", halt, low, 52, CLEAR, "survey-flight")
    stage.flight(GRANITE, "Patrol across a medical flight", crossing, band(3_200, 3_600), 3, BLOCKED)
    stage.flight(RIVER, "Patrol low over the truce", circle(28.5, 1.7, 1_000), low, 7, BLOCKED)
    stage.flight(
        RIVER, "Patrol over a district with an unplaced clinic", circle(29.9, 3.3, 1_000), low, 3, UNDECIDED
    )


def _what_is_not_seen(stage: Stage, notices: Mapping[str, str]) -> None:
    """A shelter withheld from one party: it changes nothing for that party, and the desk knows."""
    low, place, shelter = band(300, 500, Datum.AGL), circle(29.0, 3.2, 800), notices["shelter"]
    unseen = stage.flight(
        GRANITE, "Survey over a shelter it is not shown", place, low, 8, CLEAR, "survey-flight"
    )
    stage.flight(JUNIPER, "Survey over the same shelter, shown", place, low, 12, BLOCKED, "survey-flight")
    try:
        stage.clients[GRANITE].notice(shelter)
        hidden = False
    except NotFound:
        hidden = True
    stage.fact("The party from which the shelter is withheld is answered as if it did not exist.", hidden)
    met = [e for view in stage.clients[DESK].inbox() for e in view.events if isinstance(e, WithheldMet)]
    stage.fact(
        "The desk knows that a flight meets a shelter its filer is not shown.",
        any(event.activity == unseen and event.findings[0].other == shelter for event in met),
    )


def _late_hospital(stage: Stage) -> None:
    """Both ways, at every change: a hospital notified after the flight recalls it."""
    place, heights = circle(29.1, 2.8, 1_000), band(3_000, 4_000)
    flight = stage.flight(
        GRANITE,
        "Ground hazard, then a hospital is notified there",
        place,
        heights,
        9,
        RECALLED,
        "ground-hazard-flight",
        GroundHazard.POSSIBLE,
    )
    stage.fact("Before the late hospital its flight stood as filed.", stage.status(flight) is Status.FILED)
    tents = volume(circle(29.12, 2.8, 200), band(None, 30, Datum.AGL))
    stage.notify(
        OPEN_HANDS,
        Site(kind="hospital", name="Tent hospital, late", volumes=(tents,), placed=True, valid_until_us=None),
    )
    others = stage.clients[RIVER].activity(flight)
    stage.fact("To the other parties the recalled flight reads as filed.", others.status is Status.FILED)
    late = circle(29.4, 3.4, 1_000)
    stage.flight(RIVER, "Filed too late for its lead time, flagged", late, band(4_000, 4_300), -22, CLEAR)


def _stop(stage: Stage) -> None:
    """A stop recalls at once; lifting it informs; only the filer's word revives."""
    place = circle(28.0, 1.9, 1_000)
    flight = stage.flight(GRANITE, "Patrol, stopped, then reconsidered", place, band(2_800, 3_000), 10, CLEAR)
    stop = stage.clients[LANTERN].stop(at(28.0, 1.9), 3_000 * MM_PER_M, "EXERCISE: people on the road")
    stage.fact("A stop recalls the flight at once.", stage.status(flight) is Status.RECALLED)
    if stop.notice is not None:
        stage.clients[LANTERN].withdraw(stop.notice)
    stage.fact("Lifting the stop does not revive it.", stage.status(flight) is Status.RECALLED)
    stage.clients[GRANITE].reconsider(flight)


def _what_if(stage: Stage) -> None:
    """A relief organisation asks before it plans; the question is logged."""
    flown = volume(OVER_HITUFE, band(200, 300, Datum.AGL), window(stage.hour(20), 1))
    asked = Activity(
        kind="survey-flight", name="What if", volumes=(flown,), ground_hazard=GroundHazard.NONE, hazard=()
    )
    answer = stage.clients[LANTERN].check(asked)
    found = answer.judged.judgement.verdict if answer.judged else None
    stage.fact("A what-if check low over a hospital finds a conflict.", found is Verdict.CONFLICT)
