# SPDX-License-Identifier: Apache-2.0
"""The offline check as a function: under terms, without them, and whatever the order of rows and files."""

from __future__ import annotations

import json
import random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standclear.bulk import check as module
from standclear.bulk.check import Source, check
from standclear.bulk.document import CheckDocument
from standclear.core.model import Verdict
from standclear.core.terms import Consent, Terms
from standclear.formats.geojson import read_geojson
from standclear.geometry.volume import Minima
from tests.cli.files import Json, box, collection, feature, flight, point
from tests.world import DAY, RULES, T0, terms

MINIMA = Minima(horizontal_mm=500_000, vertical_mm=300_000, time_us=60_000_000)


def source(*features: Json, name: str = "f.geojson") -> Source:
    return Source(name, read_geojson(json.dumps(collection(*features)).encode(), name))


def compared(
    plan: Json, *others: Json, basis: Terms | Minima | None = None, as_of_us: int = T0
) -> CheckDocument:
    return check(source(plan, name="plan"), [source(*others)], basis or terms(), as_of_us)


def whys(document: CheckDocument) -> list[tuple[str, str, str]]:
    return [(found.rule, found.other, found.why) for found in document.findings]


def test_each_pair_is_judged_by_the_rules_of_its_kinds() -> None:
    plan = flight("F1", point(30, 1), radius_m=100)
    hospital = feature("H1", point(30.006, 1), kind="hospital")
    other = flight("F2", point(30.006, 1))
    document = compared(plan, hospital, other)
    assert whys(document) == [("clear-of-flights", "F2", "too_close")]
    assert document.terms == "Terms of the river valley exercise"
    assert "(rule clear-of-flights: 1,000 m)" in document.findings[0].sentence


def test_a_hazard_to_the_ground_reaches_the_terms_margin_beyond_the_activity() -> None:
    hospital = feature("H1", point(30.012, 1), kind="hospital", upper=20)
    plan = flight("F1", point(30, 1), lower=6000, upper=6100, ground_hazard=None)
    document = compared(plan, hospital)
    assert whys(document) == [("clear-of-spared", "H1", "hazard_to_ground")]
    assert "no altitude clears it" in document.findings[0].sentence
    assert compared(plan, hospital, basis=terms(hazard_margin_mm=0)).findings == ()
    assert compared(flight("F1", point(30, 1), lower=6000, upper=6100), hospital).findings == ()


def test_a_declared_hazard_replaces_the_margin() -> None:
    hospital = feature("H1", point(30.012, 1), kind="hospital", upper=20)
    declared = {"geometry": point(30, 1), "radius_m": 100}
    plan = flight("F1", point(30, 1), lower=6000, upper=6100, ground_hazard="possible", hazard=declared)
    assert compared(plan, hospital).verdict is Verdict.NO_CONFLICT_FOUND


def test_an_unknown_kind_is_not_assessed_and_never_passed_over() -> None:
    plan = flight("F1", point(30, 1))
    document = compared(plan, feature("H1", point(50, 1), kind="mosque"), feature("H2", point(50, 1)))
    assert whys(document) == [("terms", "H1", "unknown_kind"), ("terms", "H2", "unknown_kind")]
    assert (document.verdict, document.compared, document.not_assessed) == (Verdict.NOT_ASSESSED, 2, 2)
    document = compared(flight("F1", point(30, 1), kind="joy-ride"))
    assert whys(document) == [("terms", "", "unknown_kind")]
    assert document.verdict is Verdict.NOT_ASSESSED


def test_a_plan_that_is_no_activity_is_not_assessed() -> None:
    document = compared(
        feature("C1", point(30, 1), kind="convoy"), feature("H1", point(30, 1), kind="hospital")
    )
    assert whys(document) == [("terms", "", "not_an_activity")]
    assert document.findings[0].sentence == (
        'Plan C1: not assessed. Its kind is "convoy", a movement; only activities are judged.'
    )


def test_a_row_its_kind_has_no_place_for_is_unreadable() -> None:
    convoy = feature("C1", point(50, 1), kind="convoy", placed=False)
    document = compared(flight("F1", point(30, 1)), convoy)
    assert [(bad.file, bad.row, bad.id) for bad in document.unreadable] == [("f.geojson", 1, "C1")]
    assert document.verdict is Verdict.NOT_ASSESSED
    document = compared(flight("F1", point(30, 1), placed=False))
    assert (document.plans, document.unreadable[0].id) == ((), "F1")
    assert document.verdict is Verdict.NOT_ASSESSED


def test_an_activity_bound_to_an_area_stays_inside_one() -> None:
    plan = flight("F1", point(30, 1), kind="bound-flight", radius_m=100)
    area = feature("A1", box(29, 0, 31, 2), kind="work-area", name="River")
    assert compared(plan, area).verdict is Verdict.NO_CONFLICT_FOUND
    document = compared(plan, feature("A2", box(40, 0, 41, 2), kind="work-area", name="Hills"))
    assert whys(document) == [("within-areas", "A2", "outside_area")]
    assert "the nearest is A2 (Hills)" in document.findings[0].sentence
    assert (document.verdict, document.findings[0].file) == (Verdict.CONFLICT, "f.geojson")
    assert "as there is none" in compared(plan).findings[0].sentence


def test_an_activity_that_needs_consent_is_not_assessed() -> None:
    rule = Consent(id="river-consents", kinds=("activity",), parties=("river-alliance",), deadline_us=DAY)
    document = compared(flight("F1", point(30, 1)), basis=terms(rules=(*RULES, rule)))
    assert whys(document) == [("river-consents", "", "awaits_consent")]


@pytest.mark.parametrize("dates", [{"in_force_from_us": T0 + 1}, {"in_force_until_us": T0 - 1}])
def test_terms_not_in_force_assess_nothing(dates: dict[str, int]) -> None:
    document = compared(flight("F1", point(30, 1)), basis=terms(**dates))
    assert whys(document) == [("terms", "", "terms_not_in_force")]


def test_lateness_flags_only() -> None:
    document = compared(flight("F1", point(30, 1)), as_of_us=T0 + DAY + DAY // 2)
    assert document.verdict is Verdict.NO_CONFLICT_FOUND
    assert (
        document.flags
        == ("plan: F1 would come 12 h late (rule day-before)", "f.geojson: it holds no features")[::-1]
    )


def test_files_with_the_same_ids_are_told_apart() -> None:
    plan = source(flight("F1", point(30, 1)), name="plan")
    hospital = feature("H1", point(30, 1), kind="hospital")
    document = check(plan, [source(hospital, name="b"), source(hospital, name="a")], MINIMA, T0)
    assert [(found.other, found.file) for found in document.findings] == [("H1", "a"), ("H1", "b")]


def test_a_sentence_says_what_keeps_two_apart_and_by_how_much() -> None:
    plan = flight("F1", point(30, 1), lower=100, upper=200)
    window = {"start": "2027-01-17T09:00:30Z", "end": "2027-01-17T10:00:00Z"}
    high = feature("H1", point(30, 1), kind="hospital", lower=300, upper=400, **window)
    assert compared(plan, high, basis=MINIMA).findings[0].sentence == (
        "Plan F1 reaches H1 (rule minima: 500 m); 100 m apart in height (minimum 300 m), 30 s apart in time"
        " (minimum 60 s)."
    )
    sea = feature("H1", point(30, 1), kind="hospital", lower=210, upper=400, datum="AMSL")
    assert "their heights may overlap (minimum 300 m), at the same time" in (
        compared(plan, sea, basis=MINIMA).findings[0].sentence
    )


KINDS = ("hospital", "convoy", "survey-flight", "work-area", "mosque", "leaflet-run", "truce")


@st.composite
def somewhere(draw: st.DrawFn, name: str) -> Json:
    lon, lat = (30 + draw(st.integers(0, 30)) / 1000 for _ in "xy")
    shape = point(lon, lat - 29) if draw(st.booleans()) else box(lon, lat - 29, lon + 0.004, lat - 28.996)
    properties: dict[str, Any] = {"kind": draw(st.sampled_from(KINDS)), "radius_m": draw(st.integers(0, 600))}
    if draw(st.booleans()):
        lower = draw(st.integers(0, 900))
        properties |= {
            "lower": lower,
            "upper": lower + 100,
            "datum": draw(st.sampled_from(["W84", "AMSL", "AGL"])),
        }
    if draw(st.booleans()):
        hour = draw(st.integers(6, 20))
        properties |= {"start": f"2027-01-17T{hour:02}:00:00Z", "end": f"2027-01-17T{hour + 1:02}:00:00Z"}
    properties["ground_hazard"] = draw(st.sampled_from([None, "none", "possible"]))
    if draw(st.integers(0, 9)) == 0:
        properties["radius_m"] = "wide"
    return feature(name, shape, **properties)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Json], list[list[Json]]]:
    plans = [draw(somewhere(f"F{n}")) for n in range(draw(st.integers(1, 3)))]
    files = [[draw(somewhere(f"X{n}")) for n in range(draw(st.integers(0, 4)))] for _ in range(2)]
    return plans, files


def answer(plans: list[Json], files: dict[str, list[Json]], basis: Terms | Minima) -> Any:
    others = [source(*rows, name=name) for name, rows in files.items()]
    document = check(source(*plans, name="plan"), others, basis, T0)
    built = msgspec.to_builtins(document)
    for bad in built["unreadable"]:
        bad["row"] = None
    built["unreadable"] = sorted(built["unreadable"], key=lambda bad: (bad["file"], bad["id"]))
    return built


@given(worlds(), st.sampled_from([MINIMA, terms()]), st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_the_order_of_rows_and_files_changes_nothing_but_row_numbers(
    world: tuple[list[Json], list[list[Json]]], basis: Terms | Minima, chance: random.Random
) -> None:
    plans, (one, two) = world
    before = answer(plans, {"a": one, "b": two}, basis)
    for rows in (plans, one, two):
        chance.shuffle(rows)
    assert answer(plans, {"b": two, "a": one}, basis) == before


@given(worlds(), st.sampled_from([MINIMA, terms()]))
@settings(max_examples=100)
def test_the_index_changes_nothing(world: tuple[list[Json], list[list[Json]]], basis: Terms | Minima) -> None:
    plans, (one, two) = world
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FEW", 10_000)
        without = answer(plans, {"a": one, "b": two}, basis)
        patch.setattr(module, "FEW", 0)
        assert answer(plans, {"a": one, "b": two}, basis) == without


@given(worlds(), st.sampled_from([MINIMA, terms()]))
@settings(max_examples=100)
def test_the_verdict_follows_from_findings_and_what_could_not_be_read(
    world: tuple[list[Json], list[list[Json]]], basis: Terms | Minima
) -> None:
    plans, (one, two) = world
    document = check(source(*plans, name="plan"), [source(*one, name="a"), source(*two, name="b")], basis, T0)
    verdicts = {found.verdict for found in document.findings}
    undecided = sum(found.verdict is Verdict.NOT_ASSESSED for found in document.findings)
    assert document.not_assessed == undecided + len(document.unreadable)
    if Verdict.CONFLICT in verdicts:
        assert document.verdict is Verdict.CONFLICT
    elif document.not_assessed or not document.plans:
        assert document.verdict is Verdict.NOT_ASSESSED
    else:
        assert document.verdict is Verdict.NO_CONFLICT_FOUND
