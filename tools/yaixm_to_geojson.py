# SPDX-License-Identifier: Apache-2.0
"""Turn airspace in YAIXM (YAML) into the GeoJSON of docs/geojson.md, one feature a volume.

    python tools/yaixm_to_geojson.py IN.yaml OUT.geojson [--bbox W S E N] [--types CTR,ATZ,D] [--sagitta-m 10]

It needs PyYAML and pyproj, which the development lock holds.

- A circle stays a Point with `radius_m`: no polygon stands for it.
- Anything else becomes a Polygon. Its edges are `geodesic`: the charts say "straight line" between published
  positions, and AIXM, the exchange model that YAIXM simplifies, writes these as geodesics (GeodesicString).
- An arc of radius r is cut into steps of angle t with r (1 - cos(t/2)) of at most `--sagitta-m`. This is the
  gap between the arc and the chord of a step (its sagitta). The two ends of an arc are published to whole
  seconds and so do not lie exactly at r from its centre. `uncertainty_m` is the largest sagitta and the
  largest such mismatch of the volume, added, so that the true arc lies inside what is stated.
- Positions are rounded to 1e-7 degrees, so every `uncertainty_m` has 8 mm more.
- Heights are written in feet because one feature has one unit: `FL195` is 19500 with datum FL (pressure),
  `4500 ft` is 4500 with datum AMSL, `500 ft SFC` is 500 with datum AGL, and `SFC` as a floor is absent.
- Names are kept; volumes of one airspace are told apart by their number or their place in it.
- Types, classes and rules (as NOTAM: active only by notice) are kept as `airspace`, `airspace_class` and
  `airspace_rules` for people. No hours are in the file: every volume counts as always active.
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped]
from pyproj import Geod

EARTH: Final = Geod(ellps="WGS84")
METRES: Final = {"nm": 1852.0, "km": 1000.0, "m": 1.0}
SAGITTA_M: Final = 10.0
MOST_MISMATCH_M: Final = 250.0
"""An arc whose ends are farther than this from its radius is a mistake in the file, not a rounding."""
ROUNDING_M: Final = 0.008
"""Half a step of 1e-7 degrees both ways."""
CURVED: Final = 1.001
"""A chord and an arc up to 100 km wide differ from their plane picture by less than this factor."""
PLACE: Final = re.compile(r"(\d{2})(\d{2})(\d{2}(?:\.\d+)?)([NS]) (\d{3})(\d{2})(\d{2}(?:\.\d+)?)([EW])")
LEVEL: Final = re.compile(r"(\d+) ?ft(?: (ALT|AMSL|MSL|SFC|AGL))?")

Position = tuple[float, float]


def main() -> None:
    """Read, keep what was asked for, write."""
    parser = argparse.ArgumentParser(description="YAIXM airspace to GeoJSON.")
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--bbox", type=float, nargs=4, metavar=("W", "S", "E", "N"))
    parser.add_argument("--types", help="types or local types to keep, parted by commas")
    parser.add_argument("--sagitta-m", type=float, default=SAGITTA_M)
    given = parser.parse_args()
    document = yaml.safe_load(given.source.read_text(encoding="utf-8"))
    kept = given.types.split(",") if given.types else None
    features = [
        feature
        for feature in features_of(document["airspace"], given.sagitta_m)
        if (given.bbox is None or touches(feature, given.bbox))
        and (kept is None or feature["properties"]["airspace"] in kept)
    ]
    given.target.write_text(to_text(features), encoding="utf-8")
    print(f"{len(features)} volumes")


def to_text(features: Iterable[dict[str, Any]]) -> str:
    """A collection with one line for each feature."""
    lines = (json.dumps(feature, separators=(",", ":"), ensure_ascii=False) for feature in features)
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def features_of(airspaces: Sequence[dict[str, Any]], sagitta_m: float) -> Iterator[dict[str, Any]]:
    """One feature for each volume of each airspace, each with an id of its own."""
    used: Counter[str] = Counter()
    for airspace in airspaces:
        sort = airspace.get("localtype") or airspace["type"]
        stem = airspace.get("id") or slug(f"{airspace['name']}-{sort}")
        for number, volume in enumerate(airspace["geometry"], start=1):
            part = str(volume.get("seq") or (number if len(airspace["geometry"]) > 1 else ""))
            plain = f"{stem}-{slug(part)}" if part else stem
            used[plain] += 1
            feature_id = plain if used[plain] == 1 else f"{plain}~{used[plain]}"
            name = str(volume.get("name") or f"{airspace['name']} {part}".strip())
            yield feature_of(feature_id, name, airspace, volume, sagitta_m)


def feature_of(
    feature_id: str, name: str, airspace: dict[str, Any], volume: dict[str, Any], sagitta_m: float
) -> dict[str, Any]:
    """One volume as a feature; its type, class and rules are kept for people."""
    properties: dict[str, Any] = {"kind": "airspace", "name": name}
    properties["airspace"] = airspace.get("localtype") or airspace["type"]
    if airspace_class := volume.get("class") or airspace.get("class"):
        properties["airspace_class"] = airspace_class
    if rules := [*airspace.get("rules", ()), *volume.get("rules", ())]:
        properties["airspace_rules"] = rules
    properties |= {"unit": "ft"} | level("lower", volume["lower"]) | level("upper", volume["upper"])
    geometry, stated = shape(volume["boundary"], sagitta_m)
    return {
        "type": "Feature",
        "id": feature_id,
        "properties": properties | stated,
        "geometry": geometry,
    }


def level(name: str, text: str) -> dict[str, Any]:
    """A height in feet with its datum; the surface as a floor is no bound at all."""
    if text == "SFC" and name == "lower":
        return {}
    if found := re.fullmatch(r"FL ?(\d+)", text):
        return {name: int(found[1]) * 100, f"{name}_datum": "FL"}
    if found := LEVEL.fullmatch(text):
        return {name: int(found[1]), f"{name}_datum": "AGL" if found[2] in ("SFC", "AGL") else "AMSL"}
    raise ValueError(f"{name} is {text!r}; expected FL195, 4500 ft, 500 ft SFC, or SFC as a floor")


def shape(boundary: Sequence[dict[str, Any]], sagitta_m: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """The geometry of a boundary, and the widths and edges that belong to it."""
    if "circle" in boundary[0]:
        if len(boundary) > 1:
            raise ValueError("a circle is not alone in its boundary")
        circle = boundary[0]["circle"]
        widths = {"radius_m": round(metres(circle["radius"]), 3)}
        point = {"type": "Point", "coordinates": rounded(place(circle["centre"]))}
        return point, widths | {"uncertainty_m": ROUNDING_M, "edges": "geodesic"}
    ring, uncertainty_m = ring_of(boundary, sagitta_m)
    polygon = {"type": "Polygon", "coordinates": [[rounded(position) for position in (*ring, ring[0])]]}
    return polygon, {"uncertainty_m": millimetres_up(uncertainty_m + ROUNDING_M), "edges": "geodesic"}


def ring_of(boundary: Sequence[dict[str, Any]], sagitta_m: float) -> tuple[list[Position], float]:
    """The vertices of a boundary of lines and arcs, open, and how far the true line may be off, in metres."""
    ring: list[Position] = []
    off = [(0.0, 0.0)]
    for number, piece in enumerate(boundary):
        if "line" in piece:
            ring += [place(text) for text in piece["line"]]
            continue
        begin = ring[-1] if ring else end_of(boundary[number - 1])
        points, sagitta, mismatch = arc(begin, piece["arc"], sagitta_m)
        ring += points
        off.append((sagitta, mismatch))
    ring = [position for number, position in enumerate(ring) if position != ring[number - 1]]
    return ring, max(sagitta for sagitta, _ in off) + max(mismatch for _, mismatch in off)


def end_of(piece: dict[str, Any]) -> Position:
    """Where a piece of a boundary ends."""
    return place(piece["line"][-1] if "line" in piece else piece["arc"]["to"])


def arc(begin: Position, given: dict[str, Any], sagitta_m: float) -> tuple[list[Position], float, float]:
    """The vertices after `begin` up to the arc's end, their sagitta and the ends' mismatch, in metres."""
    centre, end, radius = place(given["centre"]), place(given["to"]), metres(given["radius"])
    first, _, begin_m = EARTH.inv(*centre, *begin)
    last, _, end_m = EARTH.inv(*centre, *end)
    mismatch = max(abs(begin_m - radius), abs(end_m - radius))
    if mismatch > MOST_MISMATCH_M:
        raise ValueError(f"an arc around {given['centre']} begins or ends {mismatch:.0f} m off its radius")
    turn = {"cw": 1, "ccw": -1}[given["dir"]]
    sweep = (turn * (last - first)) % 360 or 360.0
    widest = 2 * math.degrees(math.acos(1 - min(1.0, sagitta_m / CURVED / radius)))
    steps = max(1, math.ceil(sweep / widest))
    points = []
    for step in range(1, steps):
        lon, lat, _ = EARTH.fwd(*centre, first + turn * sweep * step / steps, radius)
        points.append((lon, lat))
    return [*points, end], radius * (1 - math.cos(math.radians(sweep / steps / 2))) * CURVED, mismatch


def metres(text: str) -> float:
    """A radius such as `10 nm`, in metres."""
    number, unit = text.split()
    return float(number) * METRES[unit]


def place(text: str) -> Position:
    """A position such as `572153N 0015835W`: longitude and latitude in degrees."""
    found = PLACE.fullmatch(text)
    if found is None:
        raise ValueError(f"a position is {text!r}; expected 572153N 0015835W")
    lat = int(found[1]) + int(found[2]) / 60 + float(found[3]) / 3600
    lon = int(found[5]) + int(found[6]) / 60 + float(found[7]) / 3600
    return (-lon if found[8] == "W" else lon), (-lat if found[4] == "S" else lat)


def rounded(position: Position) -> list[float]:
    """Seven decimals, the finest the product keeps."""
    return [round(position[0], 7), round(position[1], 7)]


def millimetres_up(length_m: float) -> float:
    """A length in metres, rounded up to whole millimetres but for the noise of the sum."""
    return math.ceil(length_m * 1_000 - 1e-6) / 1_000


def slug(text: str) -> str:
    """Letters, digits and hyphens only."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def touches(feature: dict[str, Any], bbox: Sequence[float]) -> bool:
    """Whether the box around a feature meets the box asked for."""
    coordinates = feature["geometry"]["coordinates"]
    ring = [coordinates] if feature["geometry"]["type"] == "Point" else coordinates[0]
    up = feature["properties"].get("radius_m", 0) / 110_000
    aside = up / math.cos(math.radians(min(80.0, abs(ring[0][1]))))
    west, south, east, north = bbox
    return bool(
        min(lon for lon, _ in ring) - aside <= east
        and max(lon for lon, _ in ring) + aside >= west
        and min(lat for _, lat in ring) - up <= north
        and max(lat for _, lat in ring) + up >= south
    )


if __name__ == "__main__":
    main()
