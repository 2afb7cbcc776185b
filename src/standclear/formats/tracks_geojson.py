# SPDX-License-Identifier: Apache-2.0
"""Tracks in GeoJSON: lines whose properties give a time for each position, and whose third coordinate is height.

A feature is a LineString or MultiLineString with the property `track` (or an `id`) and a list `times` or
`coordTimes` as long as its positions. The lines of a MultiLineString are one track.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pyarrow as pa

from standclear.errors import Malformed, StandclearError
from standclear.formats.geojson import _features as features_of
from standclear.formats.jsontext import Members, Unusable, read_json, shown
from standclear.formats.tracks import COLUMNS, Cells, Faults

TIMES: Final = ("times", "coordTimes")
_FEATURE: Final = 'a line with the properties "track" and "times", a time for each position'


class TrackFeatures:
    """The positions of a file of tracks, as cells; their rows are numbered through all features."""

    def __init__(self, data: bytes, name: str) -> None:
        """Read a file's bytes; `name` names it in sentences.

        Raises:
            Malformed, TooLarge: the file as a whole is not GeoJSON that can be read.
        """
        self._features = features_of(read_json(data, name), name)
        self._starts: list[int] = []
        self.positions = 0

    def place(self, row: int) -> str:
        """Say where a position is: its feature and its number in it, both from 1."""
        feature = bisect_right(self._starts, row)
        return f"row {feature}, position {row - self._starts[feature - 1] + 1}"

    def cells(self, faults: Faults) -> Iterator[Cells]:
        """Give the positions of one feature after the other; one that is no track is added to the faults."""
        self._starts, self.positions = [], 0
        for feature in self._features:
            first = self.positions
            self._starts.append(first)
            try:
                rows = _positions(feature)
            except StandclearError as error:
                self.positions += 1
                faults.add(first, error.where, error.detail, error.expected)
                continue
            self.positions += len(rows)
            columns = zip(*rows, strict=True) if rows else ((),) * len(COLUMNS)
            texts = {
                name: pa.array(column, pa.string()) for name, column in zip(COLUMNS, columns, strict=True)
            }
            yield Cells(texts, np.arange(first, first + len(rows), dtype=np.int64))


def _positions(feature: object) -> list[tuple[str | None, ...]]:
    """The five cells of each position of a feature."""
    if not isinstance(feature, Members) or feature.get("type") != "Feature":
        raise Malformed(f"it is {shown(feature)}", where="feature", expected=_FEATURE)
    properties = feature.get("properties")
    geometry = feature.get("geometry")
    if not isinstance(properties, Members) or not isinstance(geometry, Members):
        raise Malformed("it has no properties or no geometry", where="feature", expected=_FEATURE)
    own = properties.get("track")
    name = _cell(feature.get("id") if own is None else own)
    lines, times = _parallel(geometry, properties)
    found: list[tuple[str | None, ...]] = []
    for position, time in zip(lines, times, strict=True):
        spot = position if isinstance(position, list) else []
        lon, lat, altitude, *_ = (*(_number(number) for number in spot), None, None, None)
        found.append((name, _cell(time), lon, lat, altitude))
    return found


def _parallel(geometry: Members, properties: Members) -> tuple[list[Any], list[Any]]:
    """Positions and times of all lines, one after the other and of one length."""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("LineString", "MultiLineString") or not isinstance(coordinates, list):
        raise Malformed(f"type is {shown(kind)}", where="geometry", expected=_FEATURE)
    field = next((name for name in TIMES if properties.get(name) is not None), TIMES[0])
    times = properties.get(field)
    if not isinstance(times, list):
        raise Malformed(f"is {shown(times)}", where=field, expected="a list with a time for each position")
    if kind == "MultiLineString":
        if not all(isinstance(line, list) for line in coordinates):
            raise Malformed("holds what is no line", where="coordinates", expected="a list of lines")
        if times and all(isinstance(part, list) for part in times):
            _same_length(field, [len(part) for part in times], [len(line) for line in coordinates])
            times = [time for part in times for time in part]
        coordinates = [position for line in coordinates for position in line]
    _same_length(field, [len(times)], [len(coordinates)])
    return coordinates, times


def _same_length(field: str, times: list[int], positions: list[int]) -> None:
    if times != positions:
        raise Malformed(
            f"holds {_counts(times)} times for {_counts(positions)} positions",
            where=field,
            expected="a time for each position",
        )


def _counts(counts: list[int]) -> str:
    text = ", ".join(str(count) for count in counts[:5])
    return f"{text}, ..." if len(counts) > 5 else text


def _cell(value: object) -> str | None:
    """A name or a time as a cell of text; a number in its own digits."""
    if value is None or isinstance(value, str):
        return value
    return str(value) if isinstance(value, Decimal) else shown(value)


def _number(value: object) -> str | None:
    """A number as a cell of text; a text that stands for one keeps its quotation marks and so is none."""
    if value is None:
        return None
    if isinstance(value, Unusable):
        return value.text
    return str(value) if isinstance(value, Decimal) else shown(value)
