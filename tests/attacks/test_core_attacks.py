# SPDX-License-Identifier: Apache-2.0
"""What a hostile party tried on the decision, and no longer gets."""

from __future__ import annotations

import msgspec
import pytest

from standclear.core.codec import decode_command, encode
from standclear.core.commands import CallStop, InviteKey
from standclear.core.events import ActivityBlocked, CommandRefused, Event, KeyInvited
from standclear.core.judging import judge_activity, own_subject
from standclear.core.model import Activity, GroundHazard, ReleaseLevel, Status, Verdict, Why
from standclear.core.terms import Actor, Form, FormOfCooperation, Role
from standclear.core.wellformed import check_command, check_content
from standclear.errors import StandclearError
from standclear.geometry.volume import Shape
from tests import world
from tests.world import DAY, HOUR, MINUTE, T0, World, circle, convoy, flight, hospital, of_type

LOW = {"lower_m": 10, "upper_m": 100}


@pytest.fixture
def small() -> World:
    return World()


def crowded(apart_m: float, lat: float = 1.5) -> Activity:
    """As many volumes as a notice takes, all at one time."""
    volumes = tuple(
        circle(
            30 + i * apart_m / 111_000,
            lat,
            50,
            lower_m=1_000,
            upper_m=1_200,
            start=2 * DAY,
            end=2 * DAY + HOUR,
        )
        for i in range(200)
    )
    return msgspec.structs.replace(flight(), volumes=volumes)


@pytest.mark.parametrize(
    ("offset_m", "verdict"),
    [(0, Verdict.CONFLICT), (300, Verdict.CONFLICT), (1_200, Verdict.NO_CONFLICT_FOUND)],
)
def test_crowds_of_volumes_are_judged_like_any_others(
    small: World, offset_m: float, verdict: Verdict
) -> None:
    """Of 40,000 pairs only so many are compared exactly that nobody waits."""
    small.notify("north-command", crowded(1))
    small.notify("river-alliance", crowded(1, lat=1.5 + offset_m / 110_600))
    judgement = small.notice(small.last()).judgement
    assert judgement is not None
    assert judgement.verdict is verdict


def test_more_pairs_than_are_compared_without_a_conflict_among_them_are_not_assessed(small: World) -> None:
    # Each corridor's box reaches over the other's; the corridors themselves lie far apart.
    def slanted(west: float) -> Activity:
        plain = crowded(0).volumes
        line = tuple((round((west + i) * 1e7), round((1.5 + i) * 1e7)) for i in (0.0, 0.5))
        footprint = msgspec.structs.replace(plain[0].footprint, shape=Shape.LINE, rings=(line,))
        return msgspec.structs.replace(
            flight(), volumes=tuple(msgspec.structs.replace(v, footprint=footprint) for v in plain)
        )

    small.notify("north-command", slanted(30.0))
    small.notify("river-alliance", slanted(30.2))
    judgement = small.notice(small.last()).judgement
    assert judgement is not None
    assert [finding.why for finding in judgement.findings] == [Why.NOT_EVALUATED]
    assert small.status(small.last()) is Status.BLOCKED


def test_a_declared_hazard_elsewhere_does_not_clear_the_ground_below(small: World) -> None:
    small.notify("hill-relief", hospital())
    above = flight(hazard=GroundHazard.POSSIBLE, lower_m=6_000, upper_m=6_100)
    elsewhere = msgspec.structs.replace(above, hazard=(circle(40, 40, 1).footprint,))
    assert of_type(small.notify("north-command", elsewhere), ActivityBlocked)


@pytest.mark.parametrize("start", [2 * DAY, 23 * HOUR])
def test_a_flight_that_outlasts_the_terms_is_not_filed(start: int) -> None:
    small = World(terms=world.terms(in_force_until_us=T0 + DAY))
    (blocked,) = of_type(small.notify("north-command", flight(start=start, hours=3)), ActivityBlocked)
    assert [finding.why for finding in blocked.judgement.findings] == [Why.TERMS_NOT_IN_FORCE]


def test_a_movement_withdrawn_on_its_way_is_spared_along_all_of_it_through_the_grace(small: World) -> None:
    small.notify("hill-relief", convoy())
    movement = small.last()
    small.wait_until(2 * DAY + HOUR)
    small.withdraw("hill-relief", movement)
    small.notify("north-command", flight(start=2 * DAY + 5 * HOUR, **LOW))  # type: ignore[arg-type]
    assert small.status(small.last()) is Status.BLOCKED


def test_a_form_tells_nobody_who_filed_what_was_shown_without_its_author() -> None:
    informs = Form(between=("north-command", "river-alliance"), form=FormOfCooperation.INFORM)
    small = World(terms=world.terms(forms=(informs,)))
    small.notify("river-alliance", flight())
    small.notify("north-command", flight())
    own, known = small.last(), small.known("north-command")
    subject = own_subject(known, own, flight(), "north-command")
    mirrored = judge_activity(known, subject, known.number("north-command"), T0 + small.now)
    judgement = small.notice(own).judgement
    assert judgement is not None
    assert mirrored.findings == judgement.findings
    assert mirrored.verdict is Verdict.CONFLICT


def test_readers_do_not_learn_that_someone_else_was_left_out(small: World) -> None:
    shown = {"river-alliance": ReleaseLevel.FULL}
    small.notify("hill-relief", hospital(), shown | {"north-command": ReleaseLevel.VOLUME})
    site = small.last()
    small.amend("hill-relief", site, hospital(), shown)
    assert small.known("river-alliance").notices[site].flags == ()


def test_an_airborne_flight_amended_into_a_conflict_is_recalled_and_not_merely_blocked(small: World) -> None:
    small.notify("north-command", flight(**LOW))  # type: ignore[arg-type]
    activity = small.last()
    small.wait_until(2 * DAY + MINUTE)
    small.notify("hill-relief", hospital(30.5))
    small.amend("north-command", activity, flight(30.5, **LOW))  # type: ignore[arg-type]
    assert small.status(activity) is Status.RECALLED


def stop(**changes: object) -> CallStop:
    values = {"id": world.uuid(9), "at_us": T0, "place": (0, 0), "radius_mm": 1, "reason": ""} | changes
    return CallStop(centre=world.ORIGIN, **values)  # type: ignore[arg-type]


def test_a_line_end_is_no_part_of_an_id() -> None:
    with pytest.raises(StandclearError):
        decode_command(encode(stop(id=world.uuid(9) + "\n")))


@pytest.mark.parametrize("text", ["\x1b[2J", "\x9b2J", "two\nlines"])
def test_nothing_that_people_read_repaints_their_screen(small: World, text: str) -> None:
    with pytest.raises(StandclearError):
        check_command(small.state, stop(reason=text))
    with pytest.raises(StandclearError):
        check_content(small.terms, msgspec.structs.replace(hospital(), name=text), "notice")


def test_the_desk_keeps_no_second_invitation_for_an_actor_without_keys() -> None:
    clinic = Actor(id="far-clinic", number=6, name="", role=Role.NOTIFIER)
    small = World(terms=world.terms(actors=(*world.ACTORS, clinic)))
    outcomes: list[Event] = []
    for number, name in enumerate(("one", "two"), start=900):
        command = InviteKey(
            centre=world.ORIGIN,
            id=world.uuid(number),
            at_us=T0,
            public=world.signing_key(name).public.hex(),
            actor="far-clinic",
            post="watch",
            expires_us=T0 + DAY,
        )
        outcomes += small.act("watch-desk", command)
    assert [type(event) for event in outcomes] == [KeyInvited, CommandRefused]
