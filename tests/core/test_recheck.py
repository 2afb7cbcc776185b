# SPDX-License-Identifier: Apache-2.0
"""What is derived again: confirmed, conservative or contradicted."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standclear.core.judge import Subject, judge_inside, subject_of
from standclear.core.judging import ENGINE
from standclear.core.model import Content, Finding, GroundHazard, Verdict, Why
from standclear.core.recheck import TOLERANCE_MM, Answer, Recheck, recheck, recheck_inside
from standclear.core.rules import findings_between
from standclear.core.terms import KeepClear, StayInside, Terms
from standclear.geometry.separation import Bracket, brackets
from standclear.geometry.volume import Band, Datum, Level, Volume
from tests import world
from tests.world import DAY, HOUR, area, circle, clear_of, convoy, flight, hospital

RULE = clear_of("rule", "activity", ("site", "movement"), 500, 300)
OLD = "standclear-geometry/0"
CONFIRMED, CONSERVATIVE, CONTRADICTED = Recheck.CONFIRMED, Recheck.CONSERVATIVE, Recheck.CONTRADICTED


def terms(horizontal_mm: int | None = None) -> Terms:
    rule = RULE
    if horizontal_mm is not None:
        rule = msgspec.structs.replace(
            RULE, minima=msgspec.structs.replace(RULE.minima, horizontal_mm=horizontal_mm)
        )
    return world.terms(rules=(rule,))


def subjects(own: Content, other: Content) -> tuple[Subject, Subject]:
    return subject_of("N1", own, "north", terms()), subject_of("N2", other, "hill", terms())


def found(own: Content, other: Content, under: Terms | None = None) -> Finding | None:
    return next(iter(findings_between(under or terms(), *subjects(own, other))), None)


def again(
    own: Content, other: Content, recorded: Finding | None, engine: str = ENGINE, under: Terms | None = None
) -> Answer:
    return recheck(under or terms(), "rule", *subjects(own, other), recorded, engine)


NEAR = flight(lon=30.005, lower_m=0, upper_m=100)
"""256 m from the hospital, at its height and in its hour."""


def finding() -> Finding:
    one = found(NEAR, hospital())
    assert one is not None
    return one


def moved(one: Finding, low: int | None, high: int | None) -> Finding:
    """The same finding with the ends of its bracket on the ground moved; None is unbounded."""
    was = one.horizontal_mm
    assert was.lower is not None
    assert was.upper is not None
    bracket = Bracket(
        None if low is None else was.lower + low,
        None if high is None else was.upper + high,
    )
    return msgspec.structs.replace(one, horizontal_mm=bracket)


# ---- findings -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", [ENGINE, OLD])
@pytest.mark.parametrize(("low", "high"), [(0, 0), (-1, 1), (1, -1), (2, 2), (-2, -2)])
def test_brackets_within_two_millimetres_are_the_same(low: int, high: int, engine: str) -> None:
    answer = again(NEAR, hospital(), moved(finding(), low, high), engine)
    assert answer.outcome is CONFIRMED
    assert str(finding().horizontal_mm.lower) in answer.because


@pytest.mark.parametrize(("low", "high"), [(-3, 0), (0, 3), (-50, 50), (None, None), (None, 3)])
def test_a_wider_bracket_is_conservative_of_an_older_engine_and_not_what_this_one_records(
    low: int | None, high: int | None
) -> None:
    wide = moved(finding(), low, high)
    assert again(NEAR, hospital(), wide, OLD).outcome is CONSERVATIVE
    assert again(NEAR, hospital(), wide, ENGINE).outcome is CONTRADICTED


@pytest.mark.parametrize("engine", [ENGINE, OLD])
@pytest.mark.parametrize(
    ("low", "high"), [(3, 0), (0, -3), (3, -3), (10, 10), (-10, -10), (-200_000, -200_000)]
)
def test_a_bracket_that_claims_more_than_can_be_derived_is_contradicted(
    low: int, high: int, engine: str
) -> None:
    answer = again(NEAR, hospital(), moved(finding(), low, high), engine)
    assert answer.outcome is CONTRADICTED
    assert engine in answer.because


@pytest.mark.parametrize("engine", [ENGINE, OLD])
@pytest.mark.parametrize(
    "change",
    [
        {"verdict": Verdict.NO_CONFLICT_FOUND},
        {"why": Why.HAZARD_TO_GROUND},
        {"blocks": False},
        {"other": "N3"},
        {"rule": "other"},
        {"time_us": Bracket(lower=1, upper=1)},
        {"vertical_mm": Bracket(lower=3, upper=3)},
    ],
)
def test_anything_else_is_compared_exactly(change: dict[str, object], engine: str) -> None:
    altered = msgspec.structs.replace(finding(), **change)
    assert again(NEAR, hospital(), altered, engine).outcome is CONTRADICTED


def test_a_place_named_for_people_is_not_compared() -> None:
    elsewhere = msgspec.structs.replace(finding(), at=(0, 0))
    assert again(NEAR, hospital(), elsewhere).outcome is CONFIRMED


def test_what_was_left_open_may_be_decided_by_another_engine_only() -> None:
    unbounded = Bracket(lower=None, upper=None)
    left_open = msgspec.structs.replace(
        finding(),
        verdict=Verdict.NOT_ASSESSED,
        why=Why.NOT_EVALUATED,
        horizontal_mm=unbounded,
        vertical_mm=unbounded,
        time_us=unbounded,
        at=None,
    )
    assert again(NEAR, hospital(), left_open, OLD).outcome is CONSERVATIVE
    assert again(NEAR, hospital(), left_open, ENGINE).outcome is CONTRADICTED
    far = flight(lon=30.1, lower_m=0, upper_m=100)
    assert again(far, hospital(), left_open, OLD).outcome is CONSERVATIVE
    assert again(far, hospital(), left_open, ENGINE).outcome is CONTRADICTED


def test_a_conflict_where_nothing_is_near_is_contradicted_unless_its_bracket_had_room() -> None:
    far = flight(lon=30.01, lower_m=0, upper_m=100)
    assert found(far, hospital()) is None
    assert again(far, hospital(), finding(), ENGINE).outcome is CONTRADICTED
    assert again(far, hospital(), finding(), OLD).outcome is CONTRADICTED
    vague = msgspec.structs.replace(finding(), horizontal_mm=Bracket(lower=400_000, upper=900_000))
    assert again(far, hospital(), vague, OLD).outcome is CONSERVATIVE
    assert again(far, hospital(), vague, ENGINE).outcome is CONTRADICTED
    boundless = msgspec.structs.replace(vague, horizontal_mm=Bracket(lower=0, upper=None))
    assert again(far, hospital(), boundless, OLD).outcome is CONSERVATIVE


def test_a_finding_whose_own_brackets_exceed_the_minima_was_decided_wrongly() -> None:
    beyond = msgspec.structs.replace(finding(), horizontal_mm=Bracket(lower=500_002, upper=900_000))
    assert again(flight(lon=30.01, lower_m=0, upper_m=100), hospital(), beyond, OLD).outcome is CONTRADICTED


# ---- a millimetre either way ----------------------------------------------------------------------------


def lowest() -> int:
    """The lower end of the bracket between NEAR and the hospital, in mm."""
    horizontal, *_ = brackets(NEAR.volumes[0], hospital().volumes[0], terms().theatre)
    assert horizontal.lower is not None
    return horizontal.lower


@pytest.mark.parametrize(
    ("less", "outcome"), [(3, CONFIRMED), (2, CONFIRMED), (1, CONFIRMED), (0, CONTRADICTED)]
)
def test_a_recorded_clear_needs_to_exceed_the_minimum_itself(less: int, outcome: Recheck) -> None:
    """At minimum + 2 mm it was clear; an auditor who derives 1 mm less still confirms it, and 2 mm not."""
    under = terms(lowest() - less)
    assert (found(NEAR, hospital(), under) is None) is (less >= 2)
    assert again(NEAR, hospital(), None, under=under).outcome is outcome


@pytest.mark.parametrize(
    ("less", "outcome"), [(1, CONFIRMED), (2, CONFIRMED), (3, CONFIRMED), (4, CONTRADICTED)]
)
def test_a_conflict_recorded_at_the_very_minimum_is_confirmed_by_who_derives_little_more(
    less: int, outcome: Recheck
) -> None:
    """Recorded at minimum + 1 mm, which is undecided and so a conflict; derived again up to 2 mm farther."""
    minimum = lowest() - less
    recorded = moved(finding(), minimum + 1 - lowest(), 0)
    assert again(NEAR, hospital(), recorded, under=terms(minimum)).outcome is outcome


def test_touching_is_told_from_a_millimetre_apart_at_a_minimum_of_nothing() -> None:
    apart = brackets(flight(lon=30.1).volumes[0], hospital(lon=30.1).volumes[0], terms().theatre)[0]
    assert apart.lower == 0
    over = flight(lower_m=0, upper_m=100)
    assert again(over, hospital(), None, under=terms(0)).outcome is CONTRADICTED
    assert again(NEAR, hospital(), None, under=terms(0)).outcome is CONFIRMED


def test_a_recorded_clear_that_is_a_conflict_or_cannot_be_told_is_contradicted() -> None:
    assert again(NEAR, hospital(), None, OLD).outcome is CONTRADICTED
    assert again(NEAR, hospital(placed=False), None).outcome is CONTRADICTED
    assert again(flight(lon=30.1), hospital(), None).outcome is CONFIRMED
    assert again(flight(lower_m=5_000, upper_m=5_100), hospital(), None).outcome is CONFIRMED
    falls = flight(lower_m=5_000, upper_m=5_100, hazard=GroundHazard.POSSIBLE)
    assert again(falls, hospital(), None).outcome is CONTRADICTED


def test_only_the_rule_asked_for_is_derived_again() -> None:
    both = world.terms(rules=(RULE, clear_of("wide", "activity", ("site",), 50_000, 300)))
    far = flight(lon=30.1, lower_m=0, upper_m=100)
    assert again(far, hospital(), None, under=both).outcome is CONFIRMED
    assert recheck(both, "wide", *subjects(far, hospital()), None, ENGINE).outcome is CONTRADICTED
    for unknown in ("none", "within-areas"):
        with pytest.raises(KeyError):
            recheck(world.terms(), unknown, *subjects(far, hospital()), None, ENGINE)


# ---- stay inside ----------------------------------------------------------------------------------------

INSIDE = next(rule for rule in world.RULES if isinstance(rule, StayInside))


def inside(
    radius_m: float, areas: tuple[Subject, ...], recorded: Finding | None, engine: str = ENGINE
) -> Recheck:
    own = subject_of("N1", flight(kind="bound-flight", radius_m=radius_m), "", world.terms())
    return recheck_inside(world.terms(), INSIDE.id, own, areas, recorded, engine).outcome


def outside(radius_m: float, areas: tuple[Subject, ...]) -> Finding | None:
    own = subject_of("N1", flight(kind="bound-flight", radius_m=radius_m), "", world.terms())
    return judge_inside(INSIDE, own, areas, world.terms().theatre)


def test_staying_inside_is_derived_again() -> None:
    areas = (subject_of("N2", area(radius_m=1_000), "", world.terms()),)
    beyond = outside(1_500, areas)
    assert beyond is not None
    for engine in (ENGINE, OLD):
        assert inside(500, areas, None, engine) is CONFIRMED
        assert inside(1_500, areas, None, engine) is CONTRADICTED
        assert inside(1_500, areas, beyond, engine) is CONFIRMED
        assert inside(1_500, (), beyond, engine) is (CONTRADICTED if engine == ENGINE else CONFIRMED)
    assert inside(500, areas, beyond, ENGINE) is CONTRADICTED
    assert inside(500, areas, beyond, OLD) is CONSERVATIVE
    own = subject_of("N1", flight(), "", world.terms())
    with pytest.raises(KeyError):
        recheck_inside(world.terms(), "clear-of-spared", own, areas, None, ENGINE)


def test_a_recorded_inside_is_asked_about_a_millimetre_smaller() -> None:
    areas = (subject_of("N2", area(radius_m=1_000), "", world.terms()),)
    assert inside(1_000.001, areas, None) is CONFIRMED
    assert inside(1_000.002, areas, None) is CONTRADICTED


# ---- whatever is judged ---------------------------------------------------------------------------------

levels = st.one_of(
    st.none(),
    st.builds(Level, value_mm=st.integers(0, 10).map(lambda n: n * 100_000), datum=st.sampled_from(Datum)),
)


@st.composite
def volumes(draw: st.DrawFn) -> Volume:
    start = draw(st.integers(0, 3)) * HOUR + 2 * DAY
    lon = 30.0 + draw(st.integers(-2_000, 2_000)) * 1e-5
    one = circle(lon, 1.5, draw(st.integers(1, 500)), start=start, end=start + HOUR)
    return msgspec.structs.replace(one, band=Band(lower=draw(levels), upper=draw(levels)))


@settings(max_examples=150)
@given(
    st.lists(volumes(), min_size=1, max_size=3).map(tuple),
    st.lists(volumes(), min_size=1, max_size=3).map(tuple),
    st.sampled_from(GroundHazard),
    st.booleans(),
    st.integers(0, 2_000_000),
)
def test_what_was_just_judged_is_confirmed(
    mine: tuple[Volume, ...], theirs: tuple[Volume, ...], hazard: GroundHazard, placed: bool, minimum: int
) -> None:
    own = msgspec.structs.replace(flight(hazard=hazard), volumes=mine)
    for other in (
        msgspec.structs.replace(hospital(placed=placed), volumes=theirs),
        msgspec.structs.replace(convoy(), legs=theirs),
    ):
        recorded = found(own, other, terms(minimum))
        answer = again(own, other, recorded, under=terms(minimum))
        assert answer.outcome is CONFIRMED, answer.because
        if recorded is not None:
            assert again(own, other, None, under=terms(minimum)).outcome is CONTRADICTED or (
                recorded.horizontal_mm.lower == minimum + 1
            )


def test_the_tolerance_is_the_design_s() -> None:
    assert TOLERANCE_MM == 2
    assert isinstance(RULE, KeepClear)
