# SPDX-License-Identifier: Apache-2.0
"""Short ways to write GeoJSON files and to run `standclear check` on them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from standclear.cli import app

Json = dict[str, Any]
MINIMA = ("--horizontal-m", "500", "--vertical-m", "300", "--time-s", "600")
MORNING = {"start": "2027-01-17T08:00:00Z", "end": "2027-01-17T09:00:00Z"}
LATER = {"start": "2027-01-17T12:00:00Z", "end": "2027-01-17T13:00:00Z"}


def feature(name: str, geometry: Json, /, **properties: object) -> Json:
    """One feature with its id."""
    return {"type": "Feature", "id": name, "properties": properties, "geometry": geometry}


def point(lon: float, lat: float) -> Json:
    """A Point."""
    return {"type": "Point", "coordinates": [lon, lat]}


def line(*spots: tuple[float, float]) -> Json:
    """A LineString."""
    return {"type": "LineString", "coordinates": [list(spot) for spot in spots]}


def polygon(*spots: tuple[float, float]) -> Json:
    """A Polygon without holes; the first position is repeated here."""
    return {"type": "Polygon", "coordinates": [[list(spot) for spot in (*spots, spots[0])]]}


def box(west: float, south: float, east: float, north: float) -> Json:
    """A box."""
    return polygon((west, south), (east, south), (east, north), (west, north))


def flight(name: str, geometry: Json, /, **properties: object) -> Json:
    """A morning's flight from 100 to 200 m that drops nothing, unless said otherwise."""
    usual = {"kind": "survey-flight", "lower": 100, "upper": 200, "ground_hazard": "none", **MORNING}
    return feature(name, geometry, **(usual | properties))


def collection(*features: Json) -> Json:
    """A FeatureCollection."""
    return {"type": "FeatureCollection", "features": list(features)}


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    exit: int
    document: Json
    stderr: str


def write(folder: Path, name: str, content: object) -> Path:
    """Write a file: bytes as they are, text, or JSON."""
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def invoke(*args: object) -> Any:
    """Run the command line in this process."""
    return CliRunner().invoke(app, [str(arg) for arg in args])


def check(
    folder: Path, plan: object, *others: object, basis: Sequence[object] = MINIMA, name: str = "other"
) -> Ran:
    """Run a check on a plan file and other files; a feature stands for a file of its own."""
    plan_path = write(folder, "plan.geojson", plan)
    paths = [write(folder, f"{name}{n}.geojson", other) for n, other in enumerate(others)]
    result = invoke("check", plan_path, "--against", *paths, *basis, "--json")
    return Ran(result.exit_code, json.loads(result.stdout), result.stderr)


def minima(horizontal_m: object, vertical_m: object = 0, time_s: object = 0) -> tuple[object, ...]:
    """The three options."""
    return ("--horizontal-m", horizontal_m, "--vertical-m", vertical_m, "--time-s", time_s)
