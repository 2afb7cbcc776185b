# SPDX-License-Identifier: Apache-2.0
"""Rows in no order, put in order on disk: one pass spreads them over temporary files by a hash of the track,
another sorts one of these files after the other in memory.
"""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from standclear.errors import Unavailable
from standclear.formats.tracks import Rows

MOST_FILES: Final = 256
ROWS_A_FILE: Final = 2_000_000
"""What is sorted in memory at once, if the tracks are of similar length: some 200 MB."""
_SCHEMA: Final = pa.schema(
    [
        ("track", pa.string()),
        ("time_us", pa.int64()),
        ("lon_deg", pa.float64()),
        ("lat_deg", pa.float64()),
        ("altitude_mm", pa.int64()),
        ("row", pa.int64()),
    ]
)


def files_for(rows: int) -> int:
    """Over how many files so many rows are spread."""
    return min(MOST_FILES, 1 + rows // ROWS_A_FILE)


def in_order(batches: Iterable[Rows], files: int) -> Iterator[Rows]:
    """Give all rows grouped by track, each track in the order of time and of rows.

    Raises:
        Unavailable: the disk for temporary files is full, or cannot be written.
    """
    with ExitStack() as stack:
        try:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="standclear-")))
            paths = [folder / f"{n}.arrow" for n in range(files)]
            _spread(batches, paths)
        except OSError as error:
            raise Unavailable(
                f"rows in no order need room for temporary files: {error.strerror or error}",
                where=tempfile.gettempdir(),
                expected="room for twice the tracks, or TMPDIR at another place, or rows sorted by track and time",
            ) from None
        for path in paths:
            with pa.OSFile(str(path)) as file, pa.ipc.open_stream(file) as reader:
                table = reader.read_all()
            path.unlink()
            if len(table):
                yield _sorted(table)


def _spread(batches: Iterable[Rows], paths: list[Path]) -> None:
    with ExitStack() as stack:
        writers = []
        for path in paths:
            file = stack.enter_context(pa.OSFile(str(path), "wb"))
            writers.append(stack.enter_context(pa.ipc.new_stream(file, _SCHEMA)))
        for rows in batches:
            for n, part in _parts(rows, len(paths)):
                writers[n].write_batch(part)


def _parts(rows: Rows, files: int) -> Iterator[tuple[int, Any]]:
    """The rows of a batch for each file that gets any."""
    hashes = [zlib.crc32(name.encode()) % files for name in rows.name.dictionary.to_pylist()]
    codes = rows.name.indices.to_numpy(zero_copy_only=False)
    file = np.array(hashes, dtype=np.int64)[codes] if len(codes) else np.zeros(0, dtype=np.int64)
    order = np.argsort(file, kind="stable")
    columns = [rows.name.cast(pa.string()), *(pa.array(column) for column in rows[1:])]
    whole = pa.record_batch(columns, schema=_SCHEMA).take(pa.array(order))
    ends = np.searchsorted(file[order], np.arange(files + 1))
    for n in np.flatnonzero(np.diff(ends)).tolist():
        yield n, whole.slice(ends[n], ends[n + 1] - ends[n])


def _sorted(table: Any) -> Rows:
    name = table.column("track").combine_chunks().dictionary_encode()
    columns = {field: table.column(field).to_numpy() for field in _SCHEMA.names[1:]}
    codes = name.indices.to_numpy(zero_copy_only=False)
    order = np.lexsort((columns["row"], columns["time_us"], codes))
    ordered = pa.DictionaryArray.from_arrays(pa.array(codes[order]), name.dictionary)
    return Rows(ordered, *(column[order] for column in columns.values()))
