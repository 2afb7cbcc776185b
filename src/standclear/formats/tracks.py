# SPDX-License-Identifier: Apache-2.0
"""Rows of tracks: who was where, when and how high; a bad row is named by file, row and field (law 11).

Five columns are read, whatever the format: `track`, `time`, `lon`, `lat`, `altitude_m`. A fix is never
guessed: where one of the five is missing or means nothing, the row is refused and all others are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from standclear.errors import Malformed
from standclear.formats.fields import MOMENT_EXAMPLE
from standclear.formats.jsontext import printable, shown
from standclear.formats.tracks_cells import NO_TIME, Floats, Ints, is_text, moments, numbers, texts
from standclear.units import MM_PER_M

COLUMNS: Final = ("track", "time", "lon", "lat", "altitude_m")
MAX_TRACK: Final = 200
"""Characters of a track's name."""
NAMED: Final = 20
"""Bad rows told one by one; all are counted."""
LOWEST_M: Final = -12_000
HIGHEST_M: Final = 1_000_000
_TIME: Final = f"{MOMENT_EXAMPLE}, or seconds since 1970 UTC, as 1795327200.5"
_TORN: Final = '" '
"""What a name neither begins nor ends with: a space, or the rest of a quotation."""
_EXPECTED: Final = {
    "track": f"a name of 1 to {MAX_TRACK} printable characters, or a whole number",
    "time": _TIME,
    "lon": "degrees from -180 to 180 (west of the antimeridian as -179, not 181)",
    "lat": "degrees from -90 to 90; longitude stands in lon",
    "altitude_m": f"metres from {LOWEST_M:,} to {HIGHEST_M:,}",
}

Bools = npt.NDArray[np.bool_]


class Cells(NamedTuple):
    """Rows as a file states them: five columns by name, and the number of each row in the file."""

    columns: dict[str, Any]
    row: Ints


class Rows(NamedTuple):
    """Good rows, in the file's order. `name` is a pyarrow dictionary array of text, all others are of numpy."""

    name: Any
    time_us: Ints
    lon_deg: Floats
    lat_deg: Floats
    altitude_mm: Ints
    row: Ints


class Faults:
    """The bad rows of a file: all counted, the first told one by one. `place` says where a row is."""

    def __init__(self, file: str, place: Callable[[int], str] = "row {}".format) -> None:
        self.file = file
        self.count = 0
        self._told: list[tuple[int, str]] = []
        self._place = place

    @property
    def told(self) -> list[str]:
        """The sentences, in the order of their rows."""
        return [sentence for _, sentence in sorted(self._told)]

    def add(self, row: int, field: str, reason: str, expected: str = "") -> None:
        """Count a bad row, and keep its sentence if it is among the first."""
        self.count += 1
        if not self.full:
            fault = Malformed(reason, where=field, expected=expected)
            self._told.append((row, f"{self.file} {self._place(row)}: {fault.sentence()}"))

    def add_uncounted(self, count: int) -> None:
        """Count bad rows that are not told, as there were enough before them."""
        self.count += count

    @property
    def full(self) -> bool:
        """Whether further rows are only counted."""
        return len(self._told) >= NAMED


def usable(name: str, kind: Any) -> str:
    """Why a column of this type cannot be used, and what would be right; empty if it can."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if is_text(kind) or (pa.types.is_integer(kind)):
        return ""
    if name == "track":
        return f"is of type {kind}. Expected: text or whole numbers."
    if name == "time" and pa.types.is_timestamp(kind):
        return (
            "" if kind.tz else "is a timestamp without a zone. Expected: a timestamp in UTC or another zone."
        )
    if pa.types.is_float32(kind) or pa.types.is_float64(kind) or pa.types.is_decimal(kind):
        return ""
    return f"is of type {kind}. Expected: {'a timestamp with a zone, text or ' if name == 'time' else ''}numbers."


def rows_of(cells: Cells, faults: Faults) -> Rows:
    """Return the good rows; each bad one is added to the faults with its first bad field."""
    columns = {name: _decoded(column) for name, column in cells.columns.items()}
    raw_names = columns["track"]
    name = texts(raw_names) if is_text(raw_names.type) else raw_names.cast(pa.string())
    name = name.dictionary_encode()
    time_us = moments(columns["time"])
    lon, lat = numbers(columns["lon"]), numbers(columns["lat"])
    altitude = numbers(columns["altitude_m"])
    with np.errstate(invalid="ignore"):
        good = {
            "track": _good_names(name),
            "time": time_us != NO_TIME,
            "lon": np.abs(lon) <= 180,
            "lat": np.abs(lat) <= 90,
            "altitude_m": (altitude >= LOWEST_M) & (altitude <= HIGHEST_M),
        }
    kept: Bools = np.logical_and.reduce(list(good.values()))
    if kept.all():
        return Rows(name, time_us, lon, lat, _millimetres(altitude), cells.row)
    _tell(cells, good, kept, faults)
    return Rows(
        name.filter(pa.array(kept)),
        time_us[kept],
        lon[kept],
        lat[kept],
        _millimetres(altitude[kept]),
        cells.row[kept],
    )


def _decoded(column: Any) -> Any:
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _millimetres(metres: Floats) -> Ints:
    """To the nearest; what that loses is part of the accuracy that tracks are compared with."""
    return np.rint(metres * MM_PER_M).astype(np.int64)


def _good_names(name: Any) -> Bools:
    """Which names can be told to people: not empty, not long, nothing that steers a terminal or was torn."""
    fit = [_fit(text) for text in name.dictionary.to_pylist()]
    codes = name.indices.fill_null(len(fit)).to_numpy(zero_copy_only=False)
    good: Bools = np.array([*fit, False])[codes]
    return good


def _fit(text: str | None) -> bool:
    if not text or len(text) > MAX_TRACK or text[0] in _TORN or text[-1] in _TORN:
        return False
    return (text.isascii() and text.isprintable()) or printable(text) == text


def _tell(cells: Cells, good: dict[str, Bools], kept: Bools, faults: Faults) -> None:
    """Name the bad rows; a row without anything in it is no row."""
    bad = np.flatnonzero(~kept)
    if any(is_text(_decoded(column).type) for column in cells.columns.values()):
        bad = bad[~_blank(cells, bad)]
    for done, n in enumerate(bad.tolist()):
        if faults.full:
            faults.add_uncounted(len(bad) - done)
            return
        field = next(name for name in COLUMNS if not good[name][n])
        value = cells.columns[field][n].as_py()
        if value is None or value in ("", b""):
            faults.add(int(cells.row[n]), field, "is missing", _EXPECTED[field])
        else:
            faults.add(int(cells.row[n]), field, f"is {_shown(value, field)}", _EXPECTED[field])


def _blank(cells: Cells, rows: Ints) -> Bools:
    """Which of these rows hold no text at all, as an empty line does."""
    blank = np.ones(len(rows), dtype=bool)
    chosen = pa.array(rows)
    for column in cells.columns.values():
        part = _decoded(column).take(chosen)
        blank &= ~part.is_valid().to_numpy(zero_copy_only=False) if not is_text(part.type) else _empty(part)
    return blank


def _empty(column: Any) -> Bools:
    found: Bools = pc.equal(pc.binary_length(column), 0).fill_null(True).to_numpy(zero_copy_only=False)
    return found


def _shown(value: object, field: str) -> str:
    """A cell in a sentence; a number that looks like milliseconds is called so."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    text = shown(value) if isinstance(value, str) else str(value)
    try:
        seconds = float(str(value))
    except ValueError:
        return text
    hint = field == "time" and 1e11 < abs(seconds) < 1e20
    return f"{text}, which looks like milliseconds or less" if hint else text
