# SPDX-License-Identifier: Apache-2.0
"""What is written reads back to the very same content, and a row becomes the notice that its kind's class says."""

from __future__ import annotations

import json
from dataclasses import dataclass

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standclear.core.model import Activity, Area, Content, GroundHazard, Movement, Site, Stop
from standclear.errors import Malformed
from standclear.formats.content import content_of
from standclear.formats.geojson import read_geojson
from standclear.formats.geojson_writer import to_collection, to_features
from standclear.formats.jsontext import printable
from standclear.formats.rows import Row
from standclear.geometry.volume import Band, Datum, Edges, Footprint, Level, Shape, Volume, Window
from tests.world import circle, terms

LON = st.integers(-1_799_000_000, 1_799_000_000)
LAT = st.integers(-899_000_000, 899_000_000)
LENGTH = st.integers(0, 1_000_000_000)
LEVEL = st.none() | st.builds(Level, st.integers(-12_000_000, 500_000_000), st.sampled_from(Datum))
TIME = st.none() | st.integers(-62_135_596_800_000_000, 253_402_300_799_999_998)


@st.composite
def footprints(draw: st.DrawFn) -> Footprint:
    shape = draw(st.sampled_from(Shape))
    lon, lat = draw(LON), draw(LAT)
    step = draw(st.integers(1, 1_000_000))
    square = ((lon, lat), (lon + step, lat), (lon + step, lat + step), (lon, lat + step))
    corners = {Shape.POINT: 1, Shape.LINE: draw(st.integers(2, 4)), Shape.POLYGON: 4}[shape]
    return Footprint(
        shape=shape,
        rings=(square[:corners],),
        edges=draw(st.sampled_from(Edges)),
        radius_mm=draw(LENGTH),
        uncertainty_mm=draw(LENGTH),
    )


@st.composite
def volumes(draw: st.DrawFn) -> Volume:
    lower, upper = draw(LEVEL), draw(LEVEL)
    if lower is not None and upper is not None:
        upper = Level(max(lower.value_mm, upper.value_mm), lower.datum)
    start, end = draw(TIME), draw(TIME)
    if start is not None and end is not None:
        start, end = min(start, end), max(start, end) + 1
    return Volume(draw(footprints()), Band(lower, upper), Window(start, end))


NAME = st.text(st.characters(codec="utf-8"), max_size=200).map(printable)
SOME = st.lists(volumes(), min_size=1, max_size=4).map(tuple)
UNTIL = st.none() | st.integers(0, 253_402_300_799_999_999)
CONTENTS = st.one_of(
    st.builds(Site, st.just("hospital"), NAME, SOME, st.booleans(), UNTIL),
    st.builds(
        Area,
        st.sampled_from(["truce", "work-area", "airspace"]),
        NAME,
        SOME,
        st.sampled_from([(), ("north",)]),
        UNTIL,
    ),
    st.builds(Movement, st.just("convoy"), NAME, SOME),
    st.builds(Stop, st.just("stop"), NAME, SOME),
    SOME.flatmap(
        lambda parts: st.builds(
            Activity,
            st.just("survey-flight"),
            NAME,
            st.just(parts),
            st.sampled_from(GroundHazard),
            st.just(()) | st.tuples(*(footprints() for _ in parts)),
        )
    ),
)


@given(CONTENTS)
def test_content_survives_the_way_out_and_in(content: Content) -> None:
    text = json.dumps(to_collection(to_features("N17", content)))
    reading = read_geojson(text.encode(), "f.geojson")
    assert (reading.bad, reading.warnings) == ((), ())
    (row,) = reading.rows
    assert (row.id, content_of(row, terms())) == ("N17", content)


@dataclass(frozen=True)
class Misplaced:
    field: str
    value: object
    kind: str
    reason: str


ROW = Row(
    numbers=(1,),
    id="A",
    kind="hospital",
    name="",
    volumes=(circle(30, 1, 5),),
    ground_hazard=None,
    placed=True,
    valid_until_us=None,
    parties=(),
    hazard=(),
)
STANDS = "{}: stands with a {}, whose class is {}. Expected: {}."


@pytest.mark.parametrize(
    "case",
    [
        Misplaced("placed", False, "convoy", "movement. Expected: a place; only sites may be unplaced."),
        Misplaced("valid_until_us", 5, "survey-flight", "activity. Expected: the end of its time window."),
        Misplaced("parties", ("north",), "hospital", "site. Expected: no parties; only areas have them."),
        Misplaced(
            "hazard",
            (circle(30, 1, 5).footprint,),
            "truce",
            "truce_area. Expected: no hazard; only activities have one.",
        ),
    ],
)
def test_what_a_kind_has_no_place_for_is_refused_and_not_lost(case: Misplaced) -> None:
    row = msgspec.structs.replace(ROW, **{"kind": case.kind, case.field: case.value})
    with pytest.raises(Malformed) as caught:
        content_of(row, terms())
    field = case.field.removesuffix("_us")
    assert str(caught.value) == f'{field}: stands with a "{case.kind}", whose class is {case.reason}'


def test_a_kind_the_terms_do_not_define_is_refused() -> None:
    with pytest.raises(
        Malformed, match=r'kind: is "mosque", which the terms do not define\. Expected: one of hospital,'
    ):
        content_of(msgspec.structs.replace(ROW, kind="mosque"), terms())


def test_an_unstated_hazard_of_an_activity_is_possible() -> None:
    activity = content_of(msgspec.structs.replace(ROW, kind="survey-flight"), terms())
    assert isinstance(activity, Activity)
    assert activity.ground_hazard is GroundHazard.POSSIBLE
