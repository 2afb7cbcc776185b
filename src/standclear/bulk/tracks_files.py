# SPDX-License-Identifier: Apache-2.0
"""Files of tracks, by their endings: CSV and Parquet in pieces however large they are, GeoJSON whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from standclear.bulk.tracks_csv import CsvTracks
from standclear.errors import Malformed, TooLarge
from standclear.formats.jsontext import MAX_FILE_BYTES, shown
from standclear.formats.tracks import COLUMNS, Cells, Faults, Rows, rows_of, usable
from standclear.formats.tracks_geojson import TrackFeatures

BATCH_ROWS: Final = 131_072
COARSE_PLACE_MM: Final = 1_000
"""Half a step of a 32-bit longitude is up to 0.85 m, of a latitude 0.43 m; both together less than this."""
COARSE_HEIGHT_MM: Final = 32
"""Half a step of a 32-bit height below 1,000 km."""


class TrackFile(Protocol):
    """A file of tracks that can be read from its beginning as often as needed.

    `coarse_mm`: how far its numbers may lie from what was meant, over ground and in height, because the file
    keeps too few digits. `rows_hint`: about how many rows it holds.
    """

    coarse_mm: tuple[int, int]
    rows_hint: int

    def faults(self) -> Faults:
        """A new list of this file's bad rows."""

    def done(self) -> float:
        """How much of the file was read, from 0 to 1."""

    def rows(self, faults: Faults) -> Iterator[Rows]:
        """Give the good rows in the file's order; bad ones are added to the faults."""


class ParquetTracks:
    """A Parquet file of tracks."""

    def __init__(self, path: Path, batch_rows: int = BATCH_ROWS) -> None:
        """Read the schema.

        Raises:
            Malformed: it is not Parquet, or its columns are not those of tracks.
        """
        self._path, self._batch_rows, self._read = path, batch_rows, 0
        with self._opened() as parquet:
            schema = parquet.schema_arrow
            self.rows_hint = int(parquet.metadata.num_rows)
        _check(schema, str(path))
        kinds = {name: schema.field(name).type for name in COLUMNS}
        places = any(pa.types.is_float32(kinds[name]) for name in ("lon", "lat"))
        heights = pa.types.is_float32(kinds["altitude_m"])
        self.coarse_mm = (COARSE_PLACE_MM if places else 0, COARSE_HEIGHT_MM if heights else 0)

    def _opened(self) -> Any:
        try:
            return pq.ParquetFile(self._path)
        except pa.ArrowException as error:
            raise Malformed(
                f"not Parquet: {_first_line(error)}", where=str(self._path), expected="a Parquet file"
            ) from None

    def faults(self) -> Faults:
        """A new list of this file's bad rows; rows are numbered from 1."""
        return Faults(str(self._path))

    def done(self) -> float:
        """How much of the file was read, from 0 to 1."""
        return self._read / self.rows_hint if self.rows_hint else 1.0

    def rows(self, faults: Faults) -> Iterator[Rows]:
        """Give the good rows in the file's order, from its beginning.

        Raises:
            Malformed: the file is damaged further on.
        """
        self._read = 0
        with self._opened() as parquet:
            batches = parquet.iter_batches(batch_size=self._batch_rows, columns=list(COLUMNS))
            while (batch := self._next(batches)) is not None:
                first = self._read + 1
                self._read += len(batch)
                row = np.arange(first, first + len(batch), dtype=np.int64)
                yield rows_of(Cells({name: batch.column(name) for name in COLUMNS}, row), faults)

    def _next(self, batches: Iterator[Any]) -> Any:
        try:
            return next(batches, None)
        except (pa.ArrowException, OSError) as error:
            place = f"{self._path} after row {self._read}"
            raise Malformed(f"cannot be read on: {_first_line(error)}", where=place) from None


class GeoJsonTracks:
    """A GeoJSON file of tracks, read whole."""

    coarse_mm = (0, 0)

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            Malformed: it is not GeoJSON.
            TooLarge: it passes the bound on GeoJSON files.
        """
        if path.stat().st_size > MAX_FILE_BYTES:
            raise TooLarge(
                f"the file is larger than {MAX_FILE_BYTES // 1_000_000} MB",
                where=str(path),
                expected="CSV or Parquet, which are read in pieces",
            )
        self._path = path
        self._features = TrackFeatures(path.read_bytes(), str(path))
        self.rows_hint = path.stat().st_size // 40

    def faults(self) -> Faults:
        """A new list of this file's bad positions."""
        return Faults(str(self._path), self._features.place)

    def done(self) -> float:
        """All of it was read."""
        return 1.0

    def rows(self, faults: Faults) -> Iterator[Rows]:
        """Give the good positions, one feature after the other."""
        for cells in self._features.cells(faults):
            yield rows_of(cells, faults)


FORMATS: Final[dict[str, Callable[[Path], TrackFile]]] = {
    ".csv": CsvTracks,
    ".parquet": ParquetTracks,
    ".pq": ParquetTracks,
    ".geojson": GeoJsonTracks,
    ".json": GeoJsonTracks,
}


def open_tracks(path: Path) -> TrackFile:
    """Open a file of tracks.

    Raises:
        Malformed, TooLarge: there is none, or it cannot be used.
    """
    opened = FORMATS.get(path.suffix.lower())
    if opened is None:
        raise Malformed(
            f"ends in {shown(path.suffix)}", where=str(path), expected=f"a file in {', '.join(FORMATS)}"
        )
    if path.is_dir():
        raise Malformed("is a directory", where=str(path), expected="a file")
    try:
        return opened(path)
    except FileNotFoundError:
        raise Malformed("no such file", where=str(path)) from None
    except OSError as error:
        raise Malformed(f"cannot be read: {error.strerror or error}", where=str(path)) from None


def _check(schema: Any, file: str) -> None:
    """Refuse a schema without the five columns, or with types that say nothing."""
    for name in COLUMNS:
        count = schema.names.count(name)
        if count != 1:
            fault = "more than once" if count else f"not among {', '.join(map(shown, schema.names[:20]))}"
            raise Malformed(f"the column {name} is {fault}", where=file, expected=", ".join(COLUMNS))
        fault = usable(name, schema.field(name).type)
        if fault:
            raise Malformed(fault, where=f"{file}: {name}")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
