# SPDX-License-Identifier: Apache-2.0
"""SQLite's R*Tree over four dimensions in comparable units, in memory. It does not measure a distance."""

from __future__ import annotations

from typing import Any

import apsw
import numpy as np

from bench.peers import boxes, grown, scaled
from bench.workload import Volumes

_ASK = (
    "SELECT id FROM near WHERE west <= ? AND east >= ? AND south <= ? AND north >= ?"
    " AND lower <= ? AND upper >= ? AND start <= ? AND stop >= ?"
)


class SqliteRtree:
    """One virtual table; float32 coordinates that SQLite rounds outward."""

    name = "SQLite R*Tree, 4-D, in memory"
    knows = "boxes of degrees, height, time; no distance"

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._connection = apsw.Connection(":memory:")
        self._cursor = self._connection.cursor()

    def set_up(self, of: Volumes) -> None:
        """Insert the boxes."""
        self._cursor.execute(
            "CREATE VIRTUAL TABLE near USING rtree(id, west, east, south, north, lower, upper, start, stop)"
        )
        around = scaled(boxes(of))
        pairs = (
            np.arange(of.rows),
            *(around.west, around.east, around.south, around.north),
            *(around.lower_m, around.upper_m, around.start_s, around.end_s),
        )
        rows = zip(*(column.tolist() for column in pairs), strict=True)
        with self._connection:
            self._cursor.executemany("INSERT INTO near VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def ready(self, of: Volumes) -> list[Any]:
        """Return the eight bounds of each plan."""
        around = scaled(grown(boxes(of)))
        bounds = (
            *(around.east, around.west, around.north, around.south),
            *(around.upper_m, around.lower_m, around.end_s, around.start_s),
        )
        return list(zip(*(column.tolist() for column in bounds), strict=True))

    def ask(self, question: Any) -> Any:
        """Return the rows whose boxes meet the plan's."""
        return self._cursor.execute(_ASK, question).fetchall()

    def numbers(self, answer: Any) -> list[int]:
        """Return the ids."""
        return [row[0] for row in answer]

    def stop(self) -> None:
        """Close the database."""
        self._connection.close()
