# SPDX-License-Identifier: Apache-2.0
"""Tracks from CSV, a block at a time: every line is a row of its own, so that no stray quotation mark can
swallow the lines behind it.

Quotation marks are undone by us for the same reason: pyarrow would read on to the next one, lines later.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from standclear.errors import Malformed
from standclear.formats.jsontext import shown
from standclear.formats.tracks import COLUMNS, Cells, Faults, Rows, rows_of
from standclear.formats.tracks_cells import Ints

BLOCK_BYTES: Final = 4_000_000
"""Read at once; also more than any line may have."""
MAX_HEADER: Final = 1_000_000


class CsvTracks:
    """A CSV file of tracks. Its header must name the five columns; all others are left alone."""

    coarse_mm = (0, 0)

    def __init__(self, path: Path, block_bytes: int = BLOCK_BYTES) -> None:
        """Read the header.

        Raises:
            Malformed: it does not name the five columns, each once.
            OSError: the file cannot be read.
        """
        self._path, self._block_bytes = path, block_bytes
        self._size = path.stat().st_size
        self._file: IO[bytes] | None = None
        with path.open("rb") as file:
            first = file.readline(MAX_HEADER)
        self._start = len(first)
        self._header = _header(first, str(path))
        self.rows_hint = self._size // 40

    def faults(self) -> Faults:
        """A new list of this file's bad rows; rows are numbered as lines, the header being row 1."""
        return Faults(str(self._path))

    def done(self) -> float:
        """How much of the file was read, from 0 to 1."""
        return self._file.tell() / self._size if self._file and not self._file.closed else 1.0

    def rows(self, faults: Faults) -> Iterator[Rows]:
        """Give the good rows in the file's order, from its beginning.

        Raises:
            Malformed: a line is longer than a block.
        """
        if self._start >= self._size:
            return
        with self._path.open("rb") as self._file:
            self._file.seek(self._start)
            lines = _Lines(len(self._header), faults)
            try:
                for batch in self._reader(self._file, lines):
                    yield rows_of(self._cells(lines.around(batch)), faults)
                yield rows_of(self._cells(lines.left()), faults)
            except pa.ArrowInvalid as error:
                raise Malformed(
                    f"cannot be read on: {str(error).splitlines()[0]}",
                    where=str(self._path),
                    expected=f"lines of at most {self._block_bytes:,} bytes",
                ) from None

    def _reader(self, file: IO[bytes], lines: _Lines) -> Any:
        names = _places(len(self._header))
        return pacsv.open_csv(
            file,
            read_options=pacsv.ReadOptions(
                use_threads=False,
                block_size=self._block_bytes,
                column_names=names,
                encoding="latin1",  # any bytes at all; `_own_bytes` undoes it
            ),
            parse_options=pacsv.ParseOptions(
                quote_char=False, ignore_empty_lines=False, invalid_row_handler=lines.skip
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.binary()), strings_can_be_null=False
            ),
        )

    def _cells(self, numbered: tuple[Any, Ints]) -> Cells:
        batch, row = numbered
        places = {name: self._header.index(name) for name in COLUMNS}
        return Cells({name: _unquoted(_own_bytes(batch.column(n))) for name, n in places.items()}, row)


class _Lines:
    """Which line each row of a batch stands on, and the lines whose number of columns is not the header's."""

    def __init__(self, columns: int, faults: Faults) -> None:
        self._columns, self._faults = columns, faults
        self._skipped: list[tuple[int, str]] = []
        self._next = 2

    def skip(self, row: Any) -> str:
        """Keep a line that pyarrow cannot split into the header's columns."""
        self._skipped.append((row.number + 1, row.text))
        return "skip"

    def around(self, batch: Any) -> tuple[Any, Ints]:
        """A batch with its line numbers, and the lines left out before its end put back where they can be."""
        apart = np.array([line for line, _ in self._skipped], dtype=np.int64)
        lines = np.arange(self._next, self._next + len(batch) + len(apart), dtype=np.int64)
        lines = lines[~np.isin(lines, apart)][: len(batch)]
        if not len(lines):
            return batch, lines
        self._next = int(lines[-1]) + 1
        return self._with(batch, lines, self._next)

    def left(self) -> tuple[Any, Ints]:
        """What was left out behind the last batch."""
        names = _places(self._columns)
        empty = pa.record_batch([pa.array([], pa.binary())] * len(names), names=names)
        return self._with(empty, np.zeros(0, dtype=np.int64), 2**63 - 1)

    def _with(self, batch: Any, lines: Ints, end: int) -> tuple[Any, Ints]:
        mended: list[tuple[int, list[bytes]]] = []
        for line, text in self._skipped:
            if line < end and (cells := self._mended(line, text)) is not None:
                mended.append((line, [cell.encode() for cell in cells]))
        self._skipped = [skipped for skipped in self._skipped if skipped[0] >= end]
        if not mended:
            return batch, lines
        columns = zip(*(cells for _, cells in mended), strict=True)
        extra = [pa.array(column, pa.binary()) for column in columns]
        whole = [pa.concat_arrays([own, more]) for own, more in zip(batch.columns, extra, strict=True)]
        lines = np.concatenate([lines, np.array([line for line, _ in mended], dtype=np.int64)])
        order = np.argsort(lines, kind="stable")
        joined = pa.record_batch(whole, names=batch.schema.names).take(pa.array(order))
        return joined, lines[order]

    def _mended(self, line: int, text: str) -> list[str] | None:
        """The cells of a line with commas inside quotation marks; a line that stays odd is a bad row."""
        if '"' in text:
            try:
                cells = next(csv.reader([text], strict=True), [])
            except csv.Error:
                cells = []
            if len(cells) == self._columns:
                return cells
        count = text.count(",") + 1
        expected = f"{self._columns} columns on one line, as in the header"
        self._faults.add(line, "columns", f"there are {count}", expected)
        return None


def _places(columns: int) -> list[str]:
    """Names for columns by place: what the header calls them may stand there twice."""
    return [str(n) for n in range(columns)]


def _header(line: bytes, file: str) -> list[str]:
    try:
        text = line.decode("utf-8-sig")
        names = [name.strip() for name in next(csv.reader([text], strict=True), [])]
    except (UnicodeDecodeError, csv.Error):
        raise Malformed(
            "its first line is not text in UTF-8 that names columns", where=file, expected=_expected()
        ) from None
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        found = ", ".join(shown(name) for name in names[:20]) or "nothing"
        raise Malformed(
            f"has no column {' and no column '.join(missing)}; its first line names {found}",
            where=file,
            expected=_expected(),
        )
    twice = [name for name in COLUMNS if names.count(name) > 1]
    if twice:
        raise Malformed(f"has the column {twice[0]} more than once", where=file, expected=_expected())
    return names


def _expected() -> str:
    return f"a first line with {', '.join(COLUMNS)}, separated by commas"


def _own_bytes(column: Any) -> Any:
    """Cells in the bytes they have in the file: it is read as if each byte were a letter of Latin 1."""
    if pc.all(pc.string_is_ascii(column.cast(pa.string()))).as_py() is not False:
        return column
    return pa.array([cell.decode().encode("latin1") for cell in column.to_pylist()], pa.binary())


def _unquoted(column: Any) -> Any:
    """Cells without the quotation marks around them; a mark without its other stays, and makes a cell odd."""
    quoted = pc.match_substring(column, '"')
    if not pc.any(quoted).as_py():
        return column
    return pa.array([_bare(cell) for cell in column.to_pylist()], pa.binary())


def _bare(cell: bytes) -> bytes:
    stripped = cell.strip()
    if len(stripped) < 2 or not (stripped.startswith(b'"') and stripped.endswith(b'"')):
        return cell
    return stripped[1:-1].replace(b'""', b'"')
