# SPDX-License-Identifier: Apache-2.0
"""Draw what `standclear screen` found: zones, tracks, and where a track came within the minima.

    python tools/draw_screen.py OUT.svg --tracks TRACKS.csv... --zones ZONES.geojson... --result RESULT...
        --minima "500 m over ground and 150 m in height" --credit "line of attribution"...

TRACKS and ZONES are the files the command was given, TRACKS as CSV; RESULT is what it wrote, as CSV or GeoJSON.
Give `--bbox W S E N` to draw another part than the one around the tracks. The picture is a plain cylinder
projection that is true to scale in its middle latitude: good for looking, not for measuring. Brackets are
rounded outward. It needs shapely, which the development lock holds. examples/airspace/SOURCE.md says how the
picture in docs/ was made.
"""

from __future__ import annotations

import argparse
import csv
import html
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from shapely import LineString

WIDTH: Final = 1_000
LINE: Final = 19
TOP: Final = 56
TABLE_ROWS: Final = 24
M_PER_DEGREE: Final = 111_200
MARK_R: Final = 9.0
BAR_KM: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)
LIGHT: Final = """text{font:13px sans-serif;fill:#222}.small{font-size:11px;fill:#555}
.paper{fill:#fbfaf7}.frame{fill:none;stroke:#999}.mark{font-weight:bold;letter-spacing:3px}
.zone{fill:#2f6da3;fill-opacity:.05;stroke:#2f6da3}.atz{stroke-dasharray:6 3}
.danger{fill:#b03a2e;fill-opacity:.08;stroke:#b03a2e;stroke-dasharray:2 2}
.name{font-size:11px;fill:#24557f;text-anchor:middle;paint-order:stroke;stroke:#fbfaf7;stroke-width:3px}
.track{fill:none;stroke:#444;stroke-width:.8}.lead{stroke:#7a4b00}
.spot{fill:#f2b134;stroke:#7a4b00;stroke-width:1.4}
.number{font-size:11px;font-weight:bold;fill:#222;text-anchor:middle}.bar{stroke:#222;stroke-width:2}"""
DARK: Final = """text{fill:#ddd}.small{fill:#aaa}.paper{fill:#16191d}.frame{stroke:#666}
.zone{fill:#7db4e6;stroke:#7db4e6}.danger{fill:#ff8a7a;stroke:#ff8a7a}.name{fill:#a9d0f5;stroke:#16191d}
.track{stroke:#bbb}.lead{stroke:#f2b134}.number{fill:#222}.bar{stroke:#ddd}"""
KINDS: Final = {"ATZ": "zone atz", "D": "danger", "R": "danger", "P": "danger"}

Point = tuple[float, float]
Tracks = dict[str, list[tuple[datetime, Point]]]
"""By name: when it was where."""


class View(NamedTuple):
    """The part of the earth that is drawn, and pixels a degree of longitude and of latitude."""

    west: float
    north: float
    across: float
    down: float
    height: int

    def pixel(self, lon: float, lat: float) -> Point:
        """A position on the picture."""
        return (lon - self.west) * self.across, (self.north - lat) * self.down


def main() -> None:
    """Read the files and draw them."""
    parser = argparse.ArgumentParser(description="Draw the result of standclear screen.")
    parser.add_argument("target", type=Path)
    for name in ("--tracks", "--zones", "--result"):
        parser.add_argument(name, type=Path, nargs="+", required=True)
    parser.add_argument("--minima", required=True, help="the minima in words")
    parser.add_argument("--credit", action="append", default=[], help="whose data this is; repeatable")
    parser.add_argument("--bbox", type=float, nargs=4, metavar=("W", "S", "E", "N"))
    given = parser.parse_args()
    tracks = read_tracks(given.tracks)
    zones = [zone for path in given.zones for zone in json.loads(path.read_text("utf-8"))["features"]]
    found = [row for path in given.result for row in read_result(path)]
    found.sort(key=lambda row: (row["track"], row["time"], row["zone"]))
    svg = picture(view_of(tracks, given.bbox), tracks, zones, found, given.minima, given.credit)
    given.target.write_text("\n".join(svg) + "\n", encoding="utf-8")


def read_tracks(paths: Iterable[Path]) -> Tracks:
    """The tracks of CSV files, in their order."""
    tracks: Tracks = {}
    for path in paths:
        for row in csv.DictReader(path.read_text("utf-8").splitlines()):
            fix = moment(row["time"]), (float(row["lon"]), float(row["lat"]))
            tracks.setdefault(row["track"], []).append(fix)
    return tracks


def read_result(path: Path) -> list[dict[str, Any]]:
    """The rows of a result; a GeoJSON feature's properties, with its point as the place."""
    if path.suffix == ".csv":
        return list(csv.DictReader(path.read_text("utf-8").splitlines()))
    rows = []
    for feature in json.loads(path.read_text("utf-8"))["features"]:
        lon, lat, *_ = (feature["geometry"] or {"coordinates": (None, None)})["coordinates"]
        rows.append({"lon": lon, "lat": lat} | feature["properties"])
    return rows


def view_of(tracks: Tracks, bbox: Sequence[float] | None) -> View:
    """What to draw: what was asked for, or the tracks with a margin."""
    if bbox is None:
        lons, lats = zip(*(place for fixes in tracks.values() for _, place in fixes), strict=True)
        up = 0.04 * (max(lats) - min(lats)) + 0.02
        aside = 0.04 * (max(lons) - min(lons)) + 0.02
        bbox = (min(lons) - aside, min(lats) - up, max(lons) + aside, max(lats) + up)
    west, south, east, north = bbox
    across = WIDTH / (east - west)
    down = across / math.cos(math.radians((south + north) / 2))
    return View(west, north, across, down, round((north - south) * down))


def picture(
    view: View,
    tracks: Tracks,
    zones: Sequence[dict[str, Any]],
    found: Sequence[dict[str, Any]],
    minima: str,
    credits: Sequence[str],
) -> Iterator[str]:
    """The whole picture: title, map, legend, findings, attribution."""
    names = {str(zone["id"]): str(zone["properties"].get("name") or zone["id"]) for zone in zones}
    shown = math.ceil(min(len(found), TABLE_ROWS) / 2)
    height = TOP + view.height + 3 * LINE + (shown + 1) * LINE + (len(credits) + 3) * LINE
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        ' aria-label="Map of an exercise: zones, tracks and where they came within the minima">'
    )
    yield f"<style>{LIGHT}\n@media (prefers-color-scheme:dark){{{DARK}}}</style>"
    yield f'<rect class="paper" width="{WIDTH}" height="{height}"/>'
    yield from title(tracks, minima)
    yield f'<svg y="{TOP}" width="{WIDTH}" height="{view.height}" overflow="hidden">'
    yield from (outline(view, zone) for zone in zones)
    for name, fixes in tracks.items():
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in simplified([view.pixel(*place) for _, place in fixes]))
        yield f'<polyline class="track" points="{way}"><title>{html.escape(name)}</title></polyline>'
    places = spots(view, found)
    named = [zone for zone in zones if str(zone["id"]) in {str(row["zone"]) for row in found}]
    yield from labels(view, named, [at for _, at in places.values()])
    yield from marks(places)
    yield from scale_bar(view)
    yield "</svg>"
    yield f'<rect class="frame" x=".5" y="{TOP}" width="{WIDTH - 1}" height="{view.height}"/>'
    y = TOP + view.height + LINE
    yield from legend(y)
    yield from table(found, names, y + 2 * LINE)
    yield from foot(credits, y + (shown + 3) * LINE)
    yield "</svg>"


def title(tracks: Tracks, minima: str) -> Iterator[str]:
    """That it is an exercise, and of what days the tracks are."""
    days = sorted({when.date() for fixes in tracks.values() for when, _ in fixes})
    said = ", ".join(f"{day.day} {day:%B %Y}" for day in days)
    yield '<text class="mark" x="12" y="24">EXERCISE</text>'
    yield f'<text x="130" y="24">Recorded tracks against airspace: within {html.escape(minima)}</text>'
    yield f'<text class="small" x="12" y="44">Tracks of {said}</text>'


def outline(view: View, zone: dict[str, Any]) -> str:
    """A zone as a circle or a polygon, with its name for whoever points at it."""
    properties, geometry = zone["properties"], zone["geometry"]
    css = KINDS.get(properties.get("airspace", ""), "zone")
    told = f"<title>{html.escape(str(properties.get('name') or zone['id']))}</title>"
    if geometry["type"] == "Point":
        x, y = view.pixel(*geometry["coordinates"][:2])
        r = properties.get("radius_m", 0) / M_PER_DEGREE * view.down
        return f'<circle class="{css}" cx="{x:.1f}" cy="{y:.1f}" r="{max(1.5, r):.1f}">{told}</circle>'
    if geometry["type"] != "Polygon":
        raise ValueError(f"zone {zone['id']} is a {geometry['type']}; only Point and Polygon are drawn")
    way = "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (view.pixel(*p[:2]) for p in ring[:-1])) + "Z"
        for ring in geometry["coordinates"]
    )
    return f'<path class="{css}" fill-rule="evenodd" d="{way}">{told}</path>'


def spots(view: View, found: Sequence[dict[str, Any]]) -> dict[int, tuple[Point, Point]]:
    """For each finding's number its closest place, and where its mark goes: aside if another is there."""
    spots: dict[int, tuple[Point, Point]] = {}
    for number, row in enumerate(found, start=1):
        if row["lon"] not in (None, ""):
            place = view.pixel(float(row["lon"]), float(row["lat"]))
            taken = [at for _, at in spots.values()]
            free = (at for at in around(*place) if all(math.dist(at, other) > 20 for other in taken))
            spots[number] = (place, next(free))
    return spots


def labels(view: View, zones: Iterable[dict[str, Any]], avoid: Iterable[Point]) -> Iterator[str]:
    """Each zone's name over its northernmost edge, moved down where a mark or another name is already."""
    taken = [(x, MARK_R, y + 4) for x, y in avoid]
    for zone in zones:
        properties, geometry = zone["properties"], zone["geometry"]
        ring = [geometry["coordinates"]] if geometry["type"] == "Point" else geometry["coordinates"][0]
        xs, ys = zip(*(view.pixel(*position[:2]) for position in ring), strict=True)
        name = str(properties.get("name") or zone["id"])
        half = 4 * len(name)
        x = min(max((min(xs) + max(xs)) / 2, half), WIDTH - half)
        y = max(14.0, min(ys) - properties.get("radius_m", 0) / M_PER_DEGREE * view.down - 4)
        while any(abs(x - a) < half + b and abs(y - c) < 14 for a, b, c in taken):
            y += 4
        taken.append((x, half, y))
        yield f'<text class="name" x="{x:.0f}" y="{y:.0f}">{html.escape(name)}</text>'


def marks(places: dict[int, tuple[Point, Point]]) -> Iterator[str]:
    """A numbered mark for each finding, with a line to its place where it had to move."""
    for number, ((x, y), (a, b)) in places.items():
        yield f'<path class="lead" d="M{x:.1f} {y:.1f}L{a:.1f} {b:.1f}"/>'
        yield f'<circle class="spot" cx="{a:.1f}" cy="{b:.1f}" r="{MARK_R}"/>'
        yield f'<text class="number" x="{a:.1f}" y="{b + 4:.1f}">{number}</text>'


def around(x: float, y: float) -> Iterator[Point]:
    """The place itself, then places on wider and wider rings about it."""
    yield x, y
    for ring in range(1, 1_000):
        for turn in range(8):
            angle = math.pi * turn / 4
            yield x + 22 * ring * math.cos(angle), y + 22 * ring * math.sin(angle)


def scale_bar(view: View) -> Iterator[str]:
    """A bar of a round length, at most a fifth of the width, true in the middle latitude."""
    per_km = 1_000 / M_PER_DEGREE * view.down
    km = max(length for length in BAR_KM if length * per_km <= WIDTH / 5 or length == 1)
    x2, y, x1 = WIDTH - 20.0, view.height - 16, WIDTH - 20.0 - km * per_km
    yield f'<line class="bar" x1="{x1:.1f}" y1="{y}" x2="{x2:.1f}" y2="{y}"/>'
    yield f'<text x="{x1:.1f}" y="{y - 6}">{km} km</text>'


def legend(y: int) -> Iterator[str]:
    """What the lines and spots mean."""
    signs = [
        ("zone", "control zone or other"),
        ("zone atz", "aerodrome traffic zone"),
        ("danger", "danger or restricted area"),
    ]
    x = 12
    for css, words in signs:
        yield f'<rect class="{css}" x="{x}" y="{y - 10}" width="24" height="12"/>'
        yield f'<text class="small" x="{x + 30}" y="{y}">{words}</text>'
        x += 50 + 6 * len(words)
    yield f'<path class="track" d="M{x} {y - 4}h24"/><text class="small" x="{x + 30}" y="{y}">track</text>'
    yield f'<circle class="spot" cx="{x + 84}" cy="{y - 4}" r="6"/>'
    yield f'<text class="small" x="{x + 96}" y="{y}">closest place, numbered as below</text>'


def table(found: Sequence[dict[str, Any]], names: dict[str, str], y: int) -> Iterator[str]:
    """Each finding with its bracket, in two columns; how many more there are."""
    half = math.ceil(min(len(found), TABLE_ROWS) / 2)
    for number, row in enumerate(found[:TABLE_ROWS], start=1):
        column, line = divmod(number - 1, half)
        zone = names.get(str(row["zone"]), str(row["zone"]))
        apart = bracket(row["horizontal_lower_m"], row["horizontal_upper_m"], 100)
        height = bracket(row["vertical_lower_m"], row["vertical_upper_m"], 1)
        words = f"{number}  {row['track']} · {zone}: {apart}; {height}; {moment(row['time']):%H:%M:%S}"
        yield f'<text class="small" x="{12 + column * WIDTH // 2}" y="{y + line * LINE}">{html.escape(words)}</text>'
    if len(found) > TABLE_ROWS:
        yield f'<text class="small" x="12" y="{y + half * LINE}">and {len(found) - TABLE_ROWS} more</text>'


def bracket(lower: Any, upper: Any, parts: int) -> str:
    """Two bounds in metres, rounded outward to 1/parts of a metre; an absent one is unbounded."""
    if lower in (None, "") and upper in (None, ""):
        return "unknown"
    digits = len(str(parts)) - 1
    least = "..." if lower in (None, "") else f"{math.floor(float(lower) * parts) / parts:.{digits}f}"
    most = "..." if upper in (None, "") else f"{math.ceil(float(upper) * parts) / parts:.{digits}f}"
    return f"{least} m" if least == most else f"[{least}, {most}] m"


def foot(credits: Iterable[str], y: int) -> Iterator[str]:
    """Whose data it is, and what the picture does not say."""
    said = "Each finding: over ground; in height; time UTC. A bracket [least, most] holds the true distance."
    also = "Within the minima is not an infringement: clearances are unknown here."
    for line, words in enumerate([said, also, *credits]):
        yield f'<text class="small" x="12" y="{y + line * LINE}">{html.escape(words)}</text>'


def simplified(way: Sequence[Point]) -> list[Point]:
    """The way without vertices that lie within a sixth of a pixel of the line without them."""
    return [(float(x), float(y)) for x, y in LineString(way).simplify(1 / 6, preserve_topology=False).coords]


def moment(text: str) -> datetime:
    """A time with its offset, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


if __name__ == "__main__":
    main()
