# SPDX-License-Identifier: Apache-2.0
"""Cards in GeoJSON: what is written is read back the same, what is wrong is named in a sentence."""

from __future__ import annotations

import json

import pytest

from standclear.core.cards import AirCard, RoadCard, Stated
from standclear.core.model import Activity, Content, Movement
from standclear.formats.content import content_of
from standclear.formats.geojson import read_geojson
from standclear.formats.geojson_writer import to_collection, to_features
from standclear.formats.rows import Reading
from tests.core.test_cards import AIR, ROAD, carded
from tests.world import convoy, flight, terms

POINT = {"type": "Point", "coordinates": [30.0, 1.5]}
WHEN = {"start": "2027-01-17T08:00:00Z", "end": "2027-01-17T09:00:00Z"}


def read(**properties: object) -> Reading:
    said = {"kind": "survey-flight", "radius_m": 100, **WHEN, **properties}
    feature = {"type": "Feature", "id": "F1", "properties": said, "geometry": POINT}
    return read_geojson(json.dumps(feature).encode(), "plan")


def test_an_air_card_is_read_from_properties() -> None:
    (row,) = read(
        callsign="RESCUE 21", mode_s="4B1A2C", frequencies_mhz=[121.5, "118.005"], notam="A1234/26"
    ).rows
    assert row.air == AirCard(
        callsign="RESCUE 21", mode_s="4B1A2C", frequencies_khz=(121_500, 118_005), notam="A1234/26"
    )


def test_a_convoys_card_is_read_from_properties() -> None:
    said = {"armed_escort": "unknown", "night_marking": "yes", "vehicles": 7, "contact_lines": 3}
    (row,) = read(kind="convoy", **said).rows
    assert (row.road, row.lines) == (
        RoadCard(armed_escort=Stated.UNKNOWN, night_marking=Stated.YES, vehicles=7),
        3,
    )


@pytest.mark.parametrize(
    "content",
    [
        carded(convoy(), air=AIR, road=ROAD, lines=3),
        carded(flight(), air=AIR),
        carded(convoy(), exception="rescue"),
        carded(flight(), exception="rescue"),
    ],
)
def test_what_is_written_out_is_read_back_the_same(content: Content) -> None:
    text = json.dumps(to_collection(to_features("N3", content))).encode()
    (row,) = read_geojson(text, "export").rows
    back = content_of(row, terms())
    assert isinstance(back, Movement | Activity)
    assert back == content


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"mode_s": "4B1A2"}, "six hex digits"),
        ({"notam": "NOTAM 7"}, "A1234/26"),
        ({"frequencies_mhz": [121.52]}, "121.520 MHz is no channel"),
        ({"frequencies_mhz": "121.5"}, "a list of at most 8"),
        ({"frequencies_mhz": [121.5001]}, "has 121.5001 in it"),
        ({"frequencies_mhz": ["1e5"]}, "in it"),
        ({"armed_escort": True}, "yes or no or unknown"),
        ({"armed_escort": "maybe"}, "yes or no or unknown"),
        ({"vehicles": 501}, "501 vehicles"),
        ({"contact_lines": 51}, "at most 50"),
        ({"Callsign": "RESCUE"}, '"callsign", written so'),
    ],
)
def test_a_bad_card_is_refused_with_its_row_in_a_sentence(said: dict[str, object], fault: str) -> None:
    reading = read(**said)
    assert reading.rows == ()
    assert fault in reading.bad[0].reason


@pytest.mark.parametrize("said", [{"callsign": "RESCUE"}, {"armed_escort": "no"}, {"contact_lines": 2}])
def test_a_hospital_has_no_card(said: dict[str, object]) -> None:
    (row,) = read_geojson(
        json.dumps(
            {"type": "Feature", "id": "H", "properties": {"kind": "hospital", **said}, "geometry": POINT}
        ).encode(),
        "plan",
    ).rows
    with pytest.raises(Exception, match="stands with a"):
        content_of(row, terms())


def test_the_legs_of_one_convoy_state_one_card() -> None:
    features = to_features("N3", carded(convoy(), road=ROAD))
    features[1]["properties"]["vehicles"] = 8  # type: ignore[index]
    reading = read_geojson(json.dumps(to_collection(features)).encode(), "plan")
    assert "what is stated of the convoy: differs from row 1" in reading.bad[0].reason
