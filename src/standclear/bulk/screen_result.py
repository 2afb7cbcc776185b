# SPDX-License-Identifier: Apache-2.0
"""The result of a screening as a file: Parquet, CSV or GeoJSON, one row a track and zone, sorted by both.

Metres and seconds are the decimal numbers of whole millimetres and microseconds. The file appears whole or
not at all.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from standclear.bulk.screen import Screened
from standclear.bulk.sides import Side
from standclear.core.model import Verdict, Why
from standclear.errors import Malformed
from standclear.formats.jsontext import shown
from standclear.formats.tracks import Bools
from standclear.formats.tracks_cells import Ints
from standclear.geometry.tracks import Hits
from standclear.units import E7, MM_PER_M, US_PER_S, us_to_iso

ENDINGS: Final = (".parquet", ".csv", ".geojson")
ROWS_AT_ONCE: Final = 65_536
_MOMENT: Final = pa.timestamp("us", "UTC")
SCHEMA: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("track", "zone", "file", "verdict", "why")),
        *((f"{name}_m", pa.float64()) for name in ("horizontal_lower", "horizontal_upper")),
        *((f"{name}_m", pa.float64()) for name in ("vertical_lower", "vertical_upper")),
        *((f"{name}_s", pa.float64()) for name in ("time_lower", "time_upper")),
        *((name, pa.float64()) for name in ("lon", "lat")),
        *((name, _MOMENT) for name in ("time", "first", "last")),
    ]
)


@dataclass(frozen=True, slots=True)
class Result:
    """What was found, in the order of the file; `rows.track` is a place in `names`, `rows.zone` one in `sides`."""

    rows: Hits
    time_high_us: Ints
    names: tuple[str, ...]
    sides: tuple[Side, ...]

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.rows.zone)

    @property
    def undecided(self) -> Bools:
        """Which rows are not assessed: a height is unknown, or the zone only lies somewhere in its shape."""
        unplaced = np.array([not side.subject.placed for side in self.sides], dtype=bool)
        found: Bools = ~self.rows.known | _taken(unplaced, self.rows.zone)
        return found

    def verdict(self) -> Verdict:
        """The gravest of all rows."""
        if not len(self):
            return Verdict.NO_CONFLICT_FOUND
        return Verdict.NOT_ASSESSED if self.undecided.all() else Verdict.CONFLICT


def result_of(screened: Screened, sides: tuple[Side, ...]) -> Result:
    """Sort what was found by the names of tracks and zones."""
    hits = screened.hits
    found, place = np.unique(hits.track, return_inverse=True)
    names = _names(screened, found)
    by_name = sorted(range(len(names)), key=names.__getitem__)
    rank = np.zeros(len(names), dtype=np.int64)
    rank[by_name] = np.arange(len(names))
    order = np.lexsort((hits.zone, _taken(rank, place)))
    rows = Hits._make([column[order] for column in hits._replace(track=_taken(rank, place))])
    return Result(rows, screened.time_high_us[order], tuple(names[n] for n in by_name), sides)


def _names(screened: Screened, found: Ints) -> list[str]:
    """The names of these numbers."""
    every = list(screened.tally.numbers) if len(found) else []
    return [every[n] for n in found.tolist()]


def _taken(values: Any, places: Ints) -> Any:
    """Values at these places; numpy will not take nothing from nothing."""
    return values[places] if len(places) else values[:0]


def check_target(path: Path, *inputs: Path) -> None:
    """Refuse a result that could not be written in the end, before any work is done.

    Raises:
        Malformed: its ending is unknown, its directory is missing, or it would replace an input.
    """
    if path.suffix.lower() not in ENDINGS:
        raise Malformed(
            f"ends in {shown(path.suffix)}", where=str(path), expected=f"a file in {', '.join(ENDINGS)}"
        )
    if path.is_dir() or not path.parent.is_dir():
        fault = "is a directory" if path.is_dir() else "lies in a directory that does not exist"
        raise Malformed(fault, where=str(path), expected="a file in a directory that exists")
    if any(path.resolve() == other.resolve() for other in inputs):
        raise Malformed("is a file to be read", where=str(path), expected="another file for the result")


def write_result(result: Result, path: Path) -> None:
    """Write the file; until it is whole, what stood there before remains.

    Raises:
        Malformed: it cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        _WRITERS[path.suffix.lower()](result, part)
        part.replace(path)
    except OSError as error:
        raise Malformed(f"cannot be written: {error.strerror or error}", where=str(path)) from None
    finally:
        part.unlink(missing_ok=True)


def batches(result: Result) -> Iterator[Any]:
    """The rows as record batches of a bounded size."""
    undecided = result.undecided
    for first in range(0, len(result), ROWS_AT_ONCE):
        some = slice(first, first + ROWS_AT_ONCE)
        rows = Hits._make([column[some] for column in result.rows])
        yield _batch(result, rows, result.time_high_us[some], undecided[some])


def _batch(result: Result, rows: Hits, time_high_us: Ints, undecided: Bools) -> Any:
    sides = [result.sides[n] for n in rows.zone.tolist()]
    whys = [
        Why.TOO_CLOSE if not open_ else Why.UNPLACED if known else Why.VERTICAL_UNKNOWN
        for open_, known in zip(undecided.tolist(), rows.known.tolist(), strict=True)
    ]
    verdicts = [Verdict.NOT_ASSESSED if open_ else Verdict.CONFLICT for open_ in undecided.tolist()]
    columns = [
        pa.array([result.names[n] for n in rows.track.tolist()], pa.string()),
        pa.array([side.subject.id for side in sides], pa.string()),
        pa.array([side.file for side in sides], pa.string()),
        pa.array([verdict.value for verdict in verdicts], pa.string()),
        pa.array([why.value for why in whys], pa.string()),
        _scaled(rows.horizontal_low_mm, MM_PER_M),
        _scaled(rows.horizontal_high_mm, MM_PER_M),
        _scaled(rows.vertical_low_mm, MM_PER_M),
        _scaled(rows.vertical_high_mm, MM_PER_M),
        _scaled(rows.time_gap_us, US_PER_S),
        _scaled(time_high_us, US_PER_S),
        _scaled(rows.at_lon_e7, E7, bounded=False),
        _scaled(rows.at_lat_e7, E7, bounded=False),
        *(pa.array(times).cast(_MOMENT) for times in (rows.at_us, rows.first_us, rows.last_us)),
    ]
    return pa.record_batch(columns, schema=SCHEMA)


def _scaled(whole: Ints, by: int, *, bounded: bool = True) -> Any:
    """Whole numbers as decimals; -1 stands for no bound and becomes null."""
    return pa.array(whole / by, pa.float64(), mask=(whole == -1) & bounded)


def _write_parquet(result: Result, path: Path) -> None:
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for batch in batches(result):
            writer.write_batch(batch)


def _write_csv(result: Result, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(SCHEMA.names)
        for row in _plain(result):
            writer.writerow(row)


def _write_geojson(result: Result, path: Path) -> None:
    """One Point a row, where the track came closest; a row a line."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        for number, row in enumerate(_plain(result)):
            file.write("\n" if not number else ",\n")
            _write_feature(dict(zip(SCHEMA.names, row, strict=True)), file)
        file.write("\n]}\n")


def _write_feature(row: dict[str, object], file: IO[str]) -> None:
    place = [row.pop("lon"), row.pop("lat")]
    geometry = {"type": "Point", "coordinates": place}
    json.dump({"type": "Feature", "properties": row, "geometry": geometry}, file, ensure_ascii=False)


def _plain(result: Result) -> Iterator[tuple[object, ...]]:
    """The rows as text and numbers; times in ISO 8601."""
    for batch in batches(result):
        columns = []
        for column in batch.columns:
            if column.type == _MOMENT:
                columns.append([us_to_iso(us) for us in column.cast(pa.int64()).to_pylist()])
            else:
                columns.append(column.to_pylist())
        yield from zip(*columns, strict=True)


_WRITERS: Final = {".parquet": _write_parquet, ".csv": _write_csv, ".geojson": _write_geojson}
