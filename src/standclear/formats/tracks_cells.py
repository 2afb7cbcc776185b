# SPDX-License-Identifier: Apache-2.0
"""Cells of a column of tracks as numbers and moments, a column at a time; a bad cell spoils no other.

What a cell means never depends on its neighbours: a whole column is tried first, because that is quick, then
its halves, down to single cells. Columns are pyarrow arrays of text, numbers or timestamps.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from standclear.errors import Malformed
from standclear.formats.fields import moment_us

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NO_TIME: Final = -(2**63)
"""Stands where a cell names no moment."""
FIRST_US: Final = -62_135_596_800_000_000
LAST_US: Final = 253_402_300_799_999_999
"""Years 1 to 9999, as everywhere."""
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_US_PER: Final = {"s": 1_000_000, "ms": 1_000, "us": 1}
_FEW: Final = 8


def is_text(kind: Any) -> bool:
    """Whether a column holds text, of whatever width."""
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_binary(kind)
    )


def texts(column: Any) -> Any:
    """Return a column as text; what is not text in UTF-8 becomes null."""
    return _tried(column, lambda part: part.cast(pa.string()), lambda cell: None, pa.string())


def numbers(column: Any) -> Floats:
    """Return a column as numbers; not finite where a cell is none."""
    if not is_text(column.type):
        return _plain(column.cast(pa.float64(), safe=False))
    trimmed = pc.ascii_trim_whitespace(texts(column))
    return _plain(_tried(trimmed, lambda part: part.cast(pa.float64()), _number, pa.float64()))


def moments(column: Any) -> Ints:
    """Return a column as µs since 1970 UTC, to the nearest; `NO_TIME` where a cell names no moment."""
    if pa.types.is_timestamp(column.type):
        return _within(_scaled(column))
    if pa.types.is_integer(column.type):
        seconds = _plain(column.cast(pa.float64(), safe=False))
        return _from_seconds(seconds)
    if not is_text(column.type):
        return _from_seconds(numbers(column))
    trimmed = pc.ascii_trim_whitespace(texts(column))
    told = _tried(trimmed, _all_moments, _moment, pa.int64())
    return _within(told.fill_null(NO_TIME).to_numpy(zero_copy_only=False))


def _plain(column: Any) -> Floats:
    found: Floats = column.fill_null(np.nan).to_numpy(zero_copy_only=False)
    return found


def _scaled(column: Any) -> Ints:
    """Timestamps of any unit in µs; nanoseconds go to the nearest."""
    counts: Ints = column.cast(pa.int64()).fill_null(NO_TIME).to_numpy(zero_copy_only=False)
    if column.type.unit == "ns":
        return np.where(counts == NO_TIME, NO_TIME, counts // 1_000 + (counts % 1_000 >= 500))
    scale = _US_PER[column.type.unit]
    fits = (counts >= FIRST_US // scale) & (counts <= LAST_US // scale)
    return np.where(fits, np.where(fits, counts, 0) * scale, NO_TIME)


def _from_seconds(seconds: Floats) -> Ints:
    """Seconds since 1970 in µs, to the nearest."""
    with np.errstate(invalid="ignore"):
        us = np.rint(seconds * 1e6)
        fits = (us >= FIRST_US) & (us <= LAST_US)
    return np.where(fits, np.where(fits, us, 0.0).astype(np.int64), NO_TIME)


def _within(us: Ints) -> Ints:
    return np.where((us >= FIRST_US) & (us <= LAST_US), us, NO_TIME)


def _tried(column: Any, quick: Callable[[Any], Any], single: Callable[[Any], Any], kind: Any) -> Any:
    """Convert a column at once, or else by halves; `single` reads what `quick` could not read alone."""
    try:
        return quick(column)
    except pa.ArrowInvalid:
        pass
    if len(column) > _FEW:
        middle = len(column) // 2
        halves = (column[:middle], column[middle:])
        return pa.concat_arrays([_tried(half, quick, single, kind) for half in halves])
    found = []
    for n in range(len(column)):
        try:
            found.append(quick(column[n : n + 1])[0].as_py())
        except pa.ArrowInvalid:
            found.append(single(column[n].as_py()))
    return pa.array(found, kind)


def _number(text: str) -> float | None:
    """What pyarrow does not take for a number; none of it is one here either, but what it cannot hold."""
    return float(text) if _NUMBER.fullmatch(text) else None


def _all_moments(column: Any) -> Any:
    """Moments as text, all of them written in the same way: with an offset, or as seconds since 1970."""
    try:
        return column.cast(pa.timestamp("us", "UTC")).cast(pa.int64())
    except pa.ArrowInvalid:
        return pa.array(_from_seconds(_plain(column.cast(pa.float64()))))


def _moment(text: str) -> int | None:
    """One moment in a form that only our own reader knows: more digits than microseconds have."""
    try:
        down, up = moment_us(text, "time", up=False), moment_us(text, "time", up=True)
    except Malformed:
        return None
    if down == up:
        return down
    fraction = text.partition(".")[2]
    return up if fraction[6:7] >= "5" else down
