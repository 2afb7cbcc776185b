# SPDX-License-Identifier: Apache-2.0
"""The picture of a screening: every zone, track and finding is in it, and brackets never grow narrower."""

import json
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tools.draw_screen import around, bracket, main, read_tracks, simplified, view_of

HEAD = "track,zone,horizontal_lower_m,horizontal_upper_m,vertical_lower_m,vertical_upper_m,lon,lat,time"
FOUND = "T001,Z&1,30.069,30.07,0.0,,0.5,51.5,2018-01-12T23:47:05Z"
TRACKS = "track,time,lon,lat,altitude_m\n" + "".join(
    f"T001,2018-01-12T23:4{minute}:00Z,0.{minute},51.{minute},900\n" for minute in range(3, 8)
)
SVG = "{http://www.w3.org/2000/svg}"


def feature(zone: str, geometry: dict[str, object], **properties: object) -> dict[str, object]:
    return {"type": "Feature", "id": zone, "properties": properties, "geometry": geometry}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    zones = [
        feature("Z&1", {"type": "Point", "coordinates": [0.5, 51.5]}, name="A & B", radius_m=3704),
        feature("Z2", {"type": "Polygon", "coordinates": [[[0, 51], [1, 51], [1, 52], [0, 51]]]}),
    ]
    values = dict(zip(HEAD.split(","), FOUND.split(","), strict=True))
    place = {"type": "Point", "coordinates": [float(values.pop("lon")), float(values.pop("lat"))]}
    row = {name: value or None for name, value in values.items()}
    texts = {
        "tracks.csv": TRACKS,
        "zones.geojson": json.dumps({"type": "FeatureCollection", "features": zones}),
        "result.csv": f"{HEAD}\n{FOUND}\n",
        "empty.csv": f"{HEAD}\n",
        "result.geojson": json.dumps({"features": [{"properties": row, "geometry": place}]}),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return {name: tmp_path / name for name in texts}


def drawn(files: dict[str, Path], result: str, monkeypatch: pytest.MonkeyPatch) -> str:
    target = files["tracks.csv"].with_name("picture.svg")
    options = ["--tracks", files["tracks.csv"], "--zones", files["zones.geojson"], "--result", files[result]]
    words = ["--minima", "500 m", "--credit", "Made by <nobody>"]
    monkeypatch.setattr(sys, "argv", ["tool", str(target), *map(str, options), *words])
    main()
    return target.read_text("utf-8")


def words_of(svg: str) -> str:
    return " | ".join(element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text"))


@pytest.mark.parametrize("result", ["result.csv", "result.geojson"])
def test_everything_is_in_the_picture(
    files: dict[str, Path], result: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    svg = drawn(files, result, monkeypatch)
    words = words_of(svg)
    for said in ("EXERCISE", "12 January 2018", "within 500 m", "Made by <nobody>", "5 km", "A & B"):
        assert said in words
    assert "1  T001 · A & B: [30.06, 30.07] m; [0, ...] m; 23:47:05" in words
    root = ET.fromstring(svg)
    assert [len(list(root.iter(SVG + tag))) for tag in ("polyline", "path")] == [1, 3]


def test_nothing_found_is_a_picture_too(files: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "T001 ·" not in words_of(drawn(files, "empty.csv", monkeypatch))


@pytest.mark.parametrize(
    ("lower", "upper", "said"),
    [
        ("0.0", "0.0", "0.00 m"),
        ("30.069", "30.071", "[30.06, 30.08] m"),
        (None, None, "unknown"),
        ("", "5", "[..., 5.00] m"),
        (12, None, "[12.00, ...] m"),
    ],
)
def test_a_bracket_is_rounded_outward(lower: object, upper: object, said: str) -> None:
    assert bracket(lower, upper, 100) == said


def test_a_map_is_as_tall_as_it_is_wide_on_the_ground(files: dict[str, Path]) -> None:
    view = view_of(read_tracks([files["tracks.csv"]]), (0.0, 59.5, 1.0, 60.5))
    assert view.down == pytest.approx(2 * view.across)
    assert view.pixel(0.0, 60.5) == (0, 0)


def test_a_straight_way_keeps_its_ends_only() -> None:
    assert simplified([(0, 0), (1, 0.1), (2, 0), (9, 0), (9, 5)]) == [(0, 0), (9, 0), (9, 5)]


def test_a_mark_goes_to_its_place_first() -> None:
    assert next(around(3, 4)) == (3, 4)
