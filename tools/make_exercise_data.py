# SPDX-License-Identifier: Apache-2.0
"""Make the exercise's facilities from a healthsites.io file: places kept, people and names taken out.

    python tools/make_exercise_data.py IN.geojson OUT.geojson

Positions are rounded to 1e-7 degrees. Every property of the source is dropped except whether it is a
hospital; names are invented, one for each facility, from its place in the sorted file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

SYLLABLES = [
    "ba",
    "do",
    "fe",
    "gu",
    "hi",
    "ja",
    "ko",
    "le",
    "mu",
    "na",
    "pi",
    "ro",
    "sa",
    "tu",
    "ve",
    "wi",
    "yo",
    "ze",
]
GRID = 7
HOSPITAL = {"kind": "hospital", "radius_m": 150}
FACILITY = {"kind": "health-facility", "radius_m": 75}
COMMON = {"upper": 50, "unit": "m", "datum": "AGL", "uncertainty_m": 50}


def main(source: str, target: str) -> None:
    """Read, strip, name and write."""
    features = json.loads(Path(source).read_text(encoding="utf-8"))["features"]
    features.sort(key=lambda feature: str(feature["properties"]["uuid"]))
    made = [facility(number, feature) for number, feature in enumerate(features)]
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in made)
    Path(target).write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8")


def facility(number: int, feature: dict[str, Any]) -> dict[str, Any]:
    """One facility: its place, an invented name, and nothing of who mapped or runs it."""
    is_hospital = feature["properties"].get("amenity") == "hospital"
    stated = dict(HOSPITAL if is_hospital else FACILITY)
    geometry = feature["geometry"]
    if geometry["type"] != "Point":
        del stated["radius_m"]
    sort = "hospital" if is_hospital else "health post"
    return {
        "type": "Feature",
        "id": f"ituri-{number + 1:04d}",
        "properties": {"name": f"{invented(number)} {sort}", **stated, **COMMON},
        "geometry": {"type": geometry["type"], "coordinates": rounded(geometry["coordinates"])},
    }


def invented(number: int) -> str:
    """A name of three syllables that no two facilities share."""
    base = len(SYLLABLES)
    return "".join(SYLLABLES[number // base**place % base] for place in range(3)).capitalize()


def rounded(coordinates: Any) -> Any:
    """Every number to the grid of the log."""
    if isinstance(coordinates, list):
        return [rounded(part) for part in coordinates]
    return round(coordinates, GRID)


if __name__ == "__main__":
    main(*sys.argv[1:3])
