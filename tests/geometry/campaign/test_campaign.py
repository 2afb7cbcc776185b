# SPDX-License-Identifier: Apache-2.0
"""The engine never clears what is not clear: constructed cases and arbitrary shapes, by the hundred thousand.

`make test` tries 10^5 constructed cases and 300 arbitrary pairs, `make soak` 10^7 and 10^5. Two variables
ask for another number: STANDCLEAR_CAMPAIGN_CASES, STANDCLEAR_CAMPAIGN_SHAPES.
"""

from __future__ import annotations

import os

import numpy as np
import pytest

from standclear.geometry import volume
from standclear.geometry.separation import Bracket, brackets, closeness
from standclear.geometry.validity import check_volume
from standclear.geometry.volume import NO_THEATRE, Minima, Volume
from tests.geometry import oracle
from tests.geometry.campaign import judge as judging
from tests.geometry.campaign.batch import Case, expression
from tests.geometry.campaign.campaign import Plan, run
from tests.geometry.campaign.constructed import batch_of, cases_of
from tests.geometry.campaign.judge import Tally, judge, report
from tests.geometry.campaign.search import core_m

SOAK = os.environ.get("STANDCLEAR_SOAK") == "1"
CASES = int(os.environ.get("STANDCLEAR_CAMPAIGN_CASES", "10000000" if SOAK else "100000"))
SHAPES = int(os.environ.get("STANDCLEAR_CAMPAIGN_SHAPES", "100000" if SOAK else "300"))
WORKERS = 2 if SOAK else 1
LONG = pytest.mark.timeout(12 * 3600 if SOAK else 600)


def tried(cases: int, shapes: int, capsys: pytest.CaptureFixture[str]) -> Tally:
    """Run one half of the campaign; at length, show how far it is and what was found."""

    def say(line: str) -> None:
        if SOAK:
            with capsys.disabled():
                print(line, flush=True)

    both = run(Plan(cases, shapes, workers=WORKERS), say)
    tally = both[0] if cases else both[1]
    say(f"\n{report(tally)}\n")
    return tally


def a_few(batches: int, each: int) -> list[Case]:
    """Return the first cases of the first batches."""
    found = []
    for number in range(batches):
        batch, rng = batch_of(7, number, 40)
        found += list(cases_of(batch, rng))[:each]
    return found


@LONG
def test_no_constructed_case_is_cleared_falsely_and_every_bracket_holds_the_truth(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tally = tried(CASES, 0, capsys)
    total = tally.total()
    assert (total.false_clear, total.broken) == (0, 0), "\n" + report(tally)
    assert CASES < 100_000 or len(tally.kinds) > 30, sorted(tally.kinds)
    # An engine that called everything a conflict would pass the line above.
    assert total.clear > 0.2 * total.cases, "\n" + report(tally)
    # One in a million, and one more for a small sample.
    assert total.open_random <= 1 + total.random_cases / 1_000_000, "\n" + report(tally)


@LONG
def test_no_arbitrary_pair_of_shapes_is_cleared_falsely_and_every_bracket_holds_the_truth(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tally = tried(0, SHAPES, capsys)
    total = tally.total()
    assert (total.false_clear, total.broken) == (0, 0), "\n" + report(tally)
    assert total.clear > 0.1 * total.cases, "\n" + report(tally)


def test_constructed_volumes_are_ones_that_people_may_notify() -> None:
    for case in a_few(120, 3):
        check_volume(case.a)
        check_volume(case.b)


def test_the_constructed_truth_is_what_a_search_that_knows_nothing_of_the_construction_finds() -> None:
    for case in a_few(60, 3):
        assert abs(core_m(case.a.footprint, case.b.footprint) - case.core_m) < 1e-6, expression(case)


def test_the_search_agrees_with_the_slow_oracle() -> None:
    for case in a_few(25, 1):
        one, other = case.a.footprint, case.b.footprint
        if len(oracle.edges_of(one)) * len(oracle.edges_of(other)) > 30:
            continue
        if case.core_m > 0 and "unknown" not in case.kind:
            slow = oracle.edge_distance_m(oracle.edges_of(one), oracle.edges_of(other))
            # The oracle's sphere may point its zoom beside the foot of a short edge far away; then it is above.
            assert -1e-6 < slow - case.core_m < 1e-4 + 1e-5 * case.core_m, expression(case)


def test_seed_and_number_decide_what_is_tried() -> None:
    assert [expression(case) for case in a_few(3, 2)] == [expression(case) for case in a_few(3, 2)]


def test_a_failing_case_prints_as_python_that_can_be_pasted() -> None:
    [case] = a_few(1, 1)
    names = {**vars(volume), "closeness": closeness}
    assert eval(expression(case), names) == closeness(
        case.a, case.b, Minima(case.minimum_mm, 0, 0), NO_THEATRE
    )


def test_the_judge_sees_a_false_clear_and_a_bracket_beside_the_truth(monkeypatch: pytest.MonkeyPatch) -> None:
    case = next(case for case in a_few(20, 5) if case.true_mm > 10 and case.true_mm < case.minimum_mm)

    def shifted(a: Volume, b: Volume, theatre: volume.Theatre) -> tuple[Bracket]:
        horizontal = brackets(a, b, theatre)[0]
        assert horizontal.lower is not None
        assert horizontal.upper is not None
        return (Bracket(horizontal.upper + 1, horizontal.upper + 2),)

    tally = Tally()
    monkeypatch.setattr(judging, "brackets", shifted)
    judge(case, tally)
    monkeypatch.undo()
    monkeypatch.setattr(judging, "closeness", lambda *_: None)
    judge(case, tally)
    assert (tally.total().broken, tally.total().false_clear) == (1, 1)
    assert len(tally.failures) == 2
    assert "FALSE CLEAR" in report(tally)


def test_places_reach_the_poles_and_the_antimeridian() -> None:
    found = np.array([case.a.footprint.rings[0][0] for case in a_few(200, 10)])
    assert np.abs(found[:, 1]).max() == 900_000_000
    assert np.abs(found[:, 0]).max() > 1_799_999_000
