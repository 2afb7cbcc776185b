# SPDX-License-Identifier: Apache-2.0
"""What describes no place, height or time is sent back; what is merely odd, late or large is not (laws 2 and 11)."""

from __future__ import annotations

import msgspec
import pytest

from standclear.core.commands import Amend, CallStop, Check, Notify
from standclear.core.model import Activity, Content, GroundHazard, Movement
from standclear.core.state import State
from standclear.core.wellformed import check_command, check_content
from standclear.errors import Malformed, StandclearError
from standclear.geometry.volume import Band, Edges, Footprint, Shape, Volume, Window
from tests import world
from tests.world import DAY, HOUR, ORIGIN, T0, World, area, circle, convoy, flight, hospital, uuid

TERMS = world.terms()


def legs(*windows: tuple[int, int]) -> Movement:
    made = tuple(circle(30, 1, 10, start=start, end=end) for start, end in windows)
    return Movement(kind="convoy", name="", legs=made)


def ring(*corners: tuple[float, float]) -> Content:
    positions = tuple((round(lon * 1e7), round(lat * 1e7)) for lon, lat in corners)
    footprint = Footprint(
        shape=Shape.POLYGON, rings=(positions,), edges=Edges.GEODESIC, radius_mm=0, uncertainty_mm=0
    )
    volume = Volume(
        footprint=footprint, band=Band(lower=None, upper=None), window=Window(start_us=None, end_us=None)
    )
    return msgspec.structs.replace(hospital(), volumes=(volume,))


REFUSED: dict[str, tuple[Content, str]] = {
    "a kind the terms do not know": (msgspec.structs.replace(hospital(), kind="depot"), "kind"),
    "a flight's kind for a site": (msgspec.structs.replace(hospital(), kind="survey-flight"), "kind"),
    "a site that calls itself a stop": (msgspec.structs.replace(hospital(), kind="stop"), "kind"),
    "a bell in the name": (msgspec.structs.replace(hospital(), name="ring\a"), "name"),
    "a line break in the name": (msgspec.structs.replace(hospital(), name="two\nlines"), "name"),
    "an escape from another alphabet": (msgspec.structs.replace(hospital(), name="x\x9by"), "name"),
    "a bow tie": (ring((30, 1), (31, 2), (31, 1), (30, 2)), "volumes[0]"),
    "a ring with no area": (ring((30, 1), (31, 1), (30, 1)), "volumes[0]"),
    "legs out of order": (legs((2 * HOUR, 3 * HOUR), (0, HOUR)), "legs[1]"),
    "a leg that never ends": (
        msgspec.structs.replace(convoy(), legs=(circle(30, 1, 10, start=0),)),
        "legs[0].window",
    ),
    "a flight that never starts": (
        msgspec.structs.replace(flight(), volumes=(circle(30, 1, 10, end=HOUR),)),
        "volumes[0].window",
    ),
    "two hazards for one volume": (
        msgspec.structs.replace(
            flight(hazard=GroundHazard.POSSIBLE), hazard=(circle(30, 1, 10).footprint,) * 2
        ),
        "hazard",
    ),
    "an area agreed by nobody": (area(parties=()), "parties"),
    "an area agreed by one who is no party": (area(parties=("hill-relief",)), "parties[0]"),
    "an area agreed by a stranger": (area(parties=("north-command", "nobody")), "parties[1]"),
}


@pytest.mark.parametrize(("content", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_mean_anything_is_sent_back_with_its_field(content: Content, field: str) -> None:
    with pytest.raises(Malformed) as caught:
        check_content(TERMS, content, "here")
    assert caught.value.where.startswith(f"here.{field}")


KEPT: dict[str, Content] = {
    "a hospital as large as a country": hospital(radius_m=900_000),
    "a site with no name": msgspec.structs.replace(hospital(), name=""),
    "a name in Arabic": msgspec.structs.replace(hospital(), name="مستشفى التل"),
    "a name with marks that join": msgspec.structs.replace(hospital(), name="e\u0301 \u200d क्ष"),
    "a site at the pole": hospital(lon=0, lat=90),
    "a site on the antimeridian": hospital(lon=180),
    "a convoy that has arrived long ago": convoy(start=-9 * DAY),
    "legs that overlap": legs((0, 2 * HOUR), (HOUR, 3 * HOUR)),
    "a site valid until yesterday": msgspec.structs.replace(hospital(), valid_until_us=T0 - DAY),
    "a truce that nobody signed": area("truce", parties=()),
    "a place of no width": hospital(radius_m=0),
}


@pytest.mark.parametrize("content", KEPT.values(), ids=KEPT.keys())
def test_what_is_merely_odd_is_kept(content: Content) -> None:
    check_content(TERMS, content, "here")


@pytest.fixture(scope="module")
def state() -> State:
    return World().state


def test_an_amendment_and_a_check_are_looked_at_as_a_notice_is(state: State) -> None:
    depot = msgspec.structs.replace(flight(), kind="depot")
    who = {"centre": ORIGIN, "id": uuid(9), "at_us": T0}
    assert isinstance(depot, Activity)
    for command in (
        Notify(**who, notice=depot, consent="0" * 64, details="0" * 64),  # type: ignore[arg-type]
        Amend(**who, amends="N3", notice=depot, consent="0" * 64, details="0" * 64),  # type: ignore[arg-type]
        Check(**who, activity=depot),  # type: ignore[arg-type]
    ):
        with pytest.raises(StandclearError):
            check_command(state, command)


@pytest.mark.parametrize(("radius_mm", "stands"), [(0, False), (1, True)])
def test_a_stop_has_a_radius(state: State, radius_mm: int, stands: bool) -> None:
    stop = CallStop(centre=ORIGIN, id=uuid(9), at_us=T0, place=(0, 0), radius_mm=radius_mm, reason="children")
    if stands:
        check_command(state, stop)
    else:
        with pytest.raises(Malformed):
            check_command(state, stop)


def test_area_is_a_word_for_three_classes_and_no_other() -> None:
    for kind in ("truce", "work-area", "airspace"):
        check_content(TERMS, area(kind), "here")
    with pytest.raises(Malformed):
        check_content(TERMS, msgspec.structs.replace(area(), kind="hospital"), "here")
