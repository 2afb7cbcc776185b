# SPDX-License-Identifier: Apache-2.0
"""Turn sample trajectories of the Python package `traffic` into tracks for `standclear screen`.

    python tools/traffic_sample_to_tracks.py OUT.csv SAMPLE.json.gz... [--gap-s 60] [--bbox W S E N]

A sample is a JSON list of records with timestamp (milliseconds, UTC), icao24, longitude, latitude and altitude.
The columns written are track, time, lon, lat, altitude_m.

- `altitude_m` is the sample's altitude times 0.3048. What a transponder reports is pressure altitude, the
  height in the standard atmosphere: give its datum as FL. It is not a height over the sea; the two differ by
  about 8 m for each hPa between the day's pressure and 1013.25 hPa. Some providers write 0 on the ground.
- Call signs and addresses belong to real aircraft and are left out. Tracks are called T001, T002 ... in the
  order of the files and, within a file, of the first record.
- A track ends where no position came for longer than `--gap-s`, and the next one begins after the gap:
  nobody knows where the aircraft was in between.
- Records without a position, an altitude or a time are left out, and so is one at the very time of the one before.
  Pieces of a single record are left out too. How many is said on standard error.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

METRES_PER_FOOT: Final = 0.3048
GAP_S: Final = 60.0
COLUMNS: Final = ("track", "time", "lon", "lat", "altitude_m")


class Fix(NamedTuple):
    """Where an aircraft was: milliseconds since 1970, degrees, metres of pressure altitude."""

    time_ms: int
    lon: float
    lat: float
    altitude_m: float


def main() -> None:
    """Read the samples in the order given and write one file of tracks."""
    parser = argparse.ArgumentParser(description="Samples of the package traffic to tracks.")
    parser.add_argument("target", type=Path)
    parser.add_argument("samples", type=Path, nargs="+", metavar="SAMPLE.json.gz")
    parser.add_argument("--gap-s", type=float, default=GAP_S)
    parser.add_argument("--bbox", type=float, nargs=4, metavar=("W", "S", "E", "N"))
    given = parser.parse_args()
    tracks: list[list[Fix]] = []
    read = 0
    for sample in given.samples:
        records = json.loads(gzip.decompress(sample.read_bytes()))
        read += len(records)
        tracks += tracks_of(records, given.gap_s, given.bbox)
    with given.target.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n")
        write.writerow(COLUMNS)
        write.writerows(rows(tracks))
    kept = sum(map(len, tracks))
    print(f"{len(tracks)} tracks of {kept} fixes; {read - kept} records left out", file=sys.stderr)


def tracks_of(
    records: Iterable[dict[str, Any]], gap_s: float, bbox: Sequence[float] | None
) -> Iterator[list[Fix]]:
    """The tracks of one sample: one aircraft each, without gaps longer than `gap_s`."""
    aircraft: defaultdict[str, list[Fix]] = defaultdict(list)
    for record in records:
        found = fix(record)
        if found is not None:
            aircraft[str(record.get("icao24"))].append(found)
    for fixes in aircraft.values():
        piece: list[Fix] = []
        for one in sorted(fixes):
            if piece and one.time_ms == piece[-1].time_ms:
                continue
            outside = bbox is not None and not inside(one, bbox)
            if piece and (outside or one.time_ms - piece[-1].time_ms > gap_s * 1000):
                yield from [piece] if len(piece) > 1 else []
                piece = []
            if not outside:
                piece.append(one)
        yield from [piece] if len(piece) > 1 else []


def fix(record: dict[str, Any]) -> Fix | None:
    """A record's time and place, or None where one of them is missing."""
    values = [record.get(name) for name in ("timestamp", "longitude", "latitude", "altitude")]
    numbers = [
        float(value) for value in values if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    if len(numbers) < len(values) or not all(map(math.isfinite, numbers)):
        return None
    time_ms, lon, lat, feet = numbers
    return Fix(round(time_ms), lon, lat, round(feet * METRES_PER_FOOT, 2))


def inside(one: Fix, bbox: Sequence[float]) -> bool:
    """Whether a fix lies in the box west, south, east, north."""
    west, south, east, north = bbox
    return west <= one.lon <= east and south <= one.lat <= north


def rows(tracks: Iterable[Sequence[Fix]]) -> Iterator[tuple[str, str, float, float, float]]:
    """The lines of the file, with neutral names."""
    for number, fixes in enumerate(tracks, start=1):
        for one in fixes:
            time = datetime.fromtimestamp(one.time_ms / 1000, UTC).isoformat(timespec="milliseconds")
            yield f"T{number:03}", time.replace("+00:00", "Z"), one.lon, one.lat, one.altitude_m


if __name__ == "__main__":
    main()
