# SPDX-License-Identifier: Apache-2.0
"""A file is read back row by row before anything is sent; nothing is recorded."""

import json

from tests.cli.files import collection, feature, point
from tests.web.kit import Served

GOOD = feature("H1", point(30.5, 1.5), kind="hospital", name="Hill", radius_m=60)


def test_good_rows_come_back_as_notices_and_bad_rows_with_reasons(served: Served) -> None:
    size = served.keyed.centre.snapshot.size
    wrong = feature("H2", point(30.5, 95.0), kind="hospital", name="Nowhere", radius_m=60)
    strange = feature("H3", point(30.6, 1.5), kind="castle", name="Castle", radius_m=60)
    with served.raw("hill-relief") as http:
        said = http.post("/v1/features", content=json.dumps(collection(GOOD, wrong, strange))).json()
    assert [(row["id"], row["content"]["kind"]) for row in said["rows"]] == [("H1", "hospital")]
    assert [(bad["number"], bad["id"]) for bad in said["bad"]] == [(2, "H2"), (3, "H3")]
    assert "latitude" in said["bad"][0]["reason"]
    assert "the terms do not define" in said["bad"][1]["reason"]
    assert served.keyed.centre.snapshot.size == size


def test_what_is_no_geojson_is_said_to_be_none(served: Served) -> None:
    with served.raw("hill-relief") as http:
        answer = http.post("/v1/features", content=b"name;lat;lon")
    assert answer.status_code == 422
    assert answer.json()["expected"] == "a GeoJSON FeatureCollection"


def test_a_file_that_is_too_long_is_refused_whole(served: Served) -> None:
    with served.raw("hill-relief") as http:
        assert http.post("/v1/features", content=b" " * (5 * 1_048_576 + 1)).status_code == 413
