# SPDX-License-Identifier: Apache-2.0
"""`GET /v1/coordinates`: said back before anything is signed, the same to everyone, and never logged."""

from collections.abc import Iterator

import pytest

from tests.web.kit import Served, serve


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    running = serve()
    yield running
    running.stop()


def test_a_place_is_said_back_in_three_notations(served: Served) -> None:
    answer = served.raw("hill-relief").get("/v1/coordinates", params={"text": "٣٣٫٥١٣٨ ش ٣٦٫٢٧٦٥ ق"})
    assert answer.status_code == 200
    assert answer.json() == {
        "decimal": "33.5138° N, 36.2765° E",
        "dms": "33°30'49.7\" N 036°16'35.4\" E ±15 m",
        "lat_e7": 335_138_000,
        "lon_e7": 362_765_000,
        "mgrs": "37S BT 4702 1157 ±15 m",
        "notation": "decimal degrees",
        "uncertainty_mm": 14_469,
        "warnings": [],
    }


def test_what_can_mean_two_places_is_refused_with_both(served: Served) -> None:
    http = served.raw("hill-relief")
    answer = http.get("/v1/coordinates", params={"text": "33.5138, 36.2765"})
    assert answer.status_code == 422
    assert "33.5138° N, 36.2765° E; or 36.2765° N, 33.5138° E" in answer.json()["detail"]
    stated = http.get("/v1/coordinates", params={"text": "33.5138, 36.2765", "order": "lon-lat"})
    assert stated.json()["lat_e7"] == 362_765_000


@pytest.mark.parametrize(
    "query", [{}, {"text": "3" * 201}, {"text": "1 N 1 E", "order": "up"}, {"text": "1 N 1 E", "x": "1"}]
)
def test_a_question_that_is_none_is_refused(served: Served, query: dict[str, str]) -> None:
    assert served.raw("hill-relief").get("/v1/coordinates", params=query).status_code == 422


def test_asking_leaves_no_trace_in_the_log(served: Served) -> None:
    answer = served.raw("hill-relief").get("/v1/coordinates", params={"text": "12.3456 N 65.4321 E"})
    assert answer.status_code == 200
    centre = served.keyed.centre
    recorded = "".join(str(centre.entry(seq)) for seq in range(centre.snapshot.size))
    assert recorded
    assert "12.3456" not in recorded
    assert "123456000" not in recorded
