# SPDX-License-Identifier: Apache-2.0
"""`standclear coordinates` on the command line: three notations, or a refusal in a sentence."""

import json
import re
import shlex
from pathlib import Path

from typer.testing import CliRunner, Result

from standclear.cli import app

DOC = Path(__file__).parent.parent.parent / "docs" / "coordinates.md"


def ran(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["coordinates", *arguments])


def district(folder: Path, *corners: tuple[float, float]) -> str:
    geometry = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
    path = folder / "district.geojson"
    path.write_text(
        json.dumps({"type": "Feature", "id": "d", "properties": {}, "geometry": geometry}), "utf-8"
    )
    return str(path)


VALLEY = ((36.1, 33.3), (36.6, 33.3), (36.6, 33.7), (36.1, 33.7))


def test_the_example_of_the_page_is_what_it_prints() -> None:
    match = re.search(r"```\n\$ standclear coordinates (.*)\n((?:.*\n)*?)```", DOC.read_text("utf-8"))
    assert match is not None
    result = ran(*shlex.split(match[1]))
    assert (result.exit_code, result.output) == (0, match[2])


def test_a_refusal_ends_with_one_and_says_each_reading() -> None:
    result = ran("33.5138, 36.2765")
    assert result.exit_code == 1
    assert "33.5138° N, 36.2765° E; or 36.2765° N, 33.5138° E" in result.output


def test_a_minus_is_no_option() -> None:
    result = ran("-33.5138, 36.2765", "--order", "lat-lon")
    assert result.exit_code == 0
    assert "33.5138° S, 36.2765° E" in result.output


def test_outside_the_district_it_ends_with_two_and_a_warning(tmp_path: Path) -> None:
    file = district(tmp_path, *VALLEY)
    assert ran("33.5138 N 36.2765 E", "--district", file).exit_code == 0
    outside = ran("36.2765 N 33.5138 E", "--district", file)
    assert outside.exit_code == 2
    assert "Inside would be 33.5138° N, 36.2765° E: latitude and longitude swapped." in outside.output


def test_programs_get_one_document(tmp_path: Path) -> None:
    file = district(tmp_path, *VALLEY)
    read = json.loads(ran("37S BT 47123 11987", "--district", file, "--json").output)
    assert read["place"]["mgrs"] == "37S BT 47123 11987"
    assert (read["refused"], read["district"]) == (None, "inside")
    refused = json.loads(ran("91 N 20 E", "--json").output)
    assert refused["place"] is None
    assert refused["refused"]["detail"] == "latitude 91 is out of range"


def test_a_district_that_cannot_be_read_whole_is_a_mistake(tmp_path: Path) -> None:
    file = district(tmp_path, (36.1, 33.3), (136.6, 133.3), (36.6, 33.7))
    result = ran("33.5138 N 36.2765 E", "--district", file)
    assert result.exit_code not in (0, 1, 2) or result.exception is not None
    assert "row 1" in str(result.exception)
