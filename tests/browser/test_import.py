# SPDX-License-Identifier: Apache-2.0
"""A file of notices in the browser: good rows go in, and bad ones are named with what would be right."""

import json
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.kit import AZURE, RELIEF, Desks
from tests.browser.test_two_parties import combo, go


def site(name: str, lon: float, **more: object) -> dict[str, object]:
    properties = {"kind": "hospital", "name": name, "radius_m": 100, "upper": 20, "datum": "AGL", **more}
    return {
        "type": "Feature",
        "id": name,
        "properties": properties,
        "geometry": {"type": "Point", "coordinates": [lon, 4.5]},
    }


def test_good_rows_are_given_one_by_one_and_a_bad_one_says_what_would_be_right(
    desks: Desks, tmp_path: Path
) -> None:
    rows = [site("Stone ward", 31.1), site("Odd ward", 31.2, kind="hospitall"), site("Reed ward", 31.3)]
    path = tmp_path / "wards.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    relief, azure = desks.sit(RELIEF), desks.sit(AZURE)
    go(relief, "Import")
    relief.get_by_label("File (GeoJSON)").set_input_files(path)
    expect(relief.get_by_role("status").filter(has_text="2 rows can be given")).to_contain_text(
        "1 row cannot"
    )
    bad = relief.get_by_role("table", name="Rows that cannot be given").get_by_role("row").last
    expect(bad).to_contain_text("2")
    expect(bad).to_contain_text("hospitall")
    send = relief.get_by_role("button", name="Sign and send 2 notices")
    expect(send).to_be_disabled()
    combo(relief, "Everyone").select_option("all of it")
    expect(relief.get_by_role("table", name=re.compile("^Who would"))).to_be_visible()
    send.click()
    given = relief.get_by_role("table", name="Rows to be given")
    expect(given.get_by_role("link", name=re.compile(r"^N\d+$"))).to_have_count(2)
    for name in ("Stone ward", "Reed ward"):
        expect(azure.get_by_role("row", name=re.compile(name))).to_be_visible()


def test_what_is_no_file_of_notices_is_refused_in_a_sentence(desks: Desks) -> None:
    relief = desks.sit(RELIEF)
    go(relief, "Import")
    relief.get_by_text("Paste GeoJSON").click()
    relief.get_by_role("textbox", name="Paste GeoJSON").fill("name;lat;lon\nStone ward;4.5;31.1")
    relief.get_by_role("button", name="Read it").click()
    expect(
        relief.get_by_role("table", name="Rows that cannot be given").or_(relief.get_by_role("alert"))
    ).to_be_visible()


def test_a_site_that_was_notified_before_is_named_before_it_is_given_again(
    desks: Desks, tmp_path: Path
) -> None:
    rows = [site("Fern ward", 31.4), site("Moss ward", 31.6)]
    path = tmp_path / "again.geojson"
    relief = desks.sit(RELIEF)
    go(relief, "Import")
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows[:1]}))
    relief.get_by_label("File (GeoJSON)").set_input_files(path)
    combo(relief, "Everyone").select_option("all of it")
    relief.get_by_role("button", name="Sign and send 1 notice").click()
    given = relief.get_by_role("table", name="Rows to be given")
    expect(given.get_by_role("link", name=re.compile(r"^N\d+$"))).to_have_count(1)
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    relief.get_by_label("File (GeoJSON)").set_input_files(path)
    relief.get_by_role("button", name="Look for sites notified before").click()
    again, new = (
        given.get_by_role("row", name=re.compile("Fern")),
        given.get_by_role("row", name=re.compile("Moss")),
    )
    expect(again).to_contain_text("It may be notified already. Look at both:")
    expect(again.get_by_role("link", name=re.compile(r"^N\d+$"))).to_be_visible()
    expect(again.get_by_role("checkbox")).not_to_be_checked()
    expect(new).to_contain_text("Nothing that this post was shown seems to be the same.")
    relief.get_by_role("button", name="Sign and send 1 notice").click()
    expect(new.get_by_role("link", name=re.compile(r"^N\d+$"))).to_be_visible()
