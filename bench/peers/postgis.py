# SPDX-License-Identifier: Apache-2.0
"""PostGIS: boxes of four dimensions under a GiST index, then the distance of geographies on the spheroid.

The one peer that measures what we measure. Asked by a prepared statement over one loopback connection; the
round trip of `select 1` is told beside it.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

import numpy as np

from bench import workload
from bench.peers import Boxes, boxes, grown, package, polygons, scaled
from bench.peers.postgres import Server
from bench.workload import Volumes

_AT_ONCE = 50_000
_ASK = (
    "SELECT id FROM zones WHERE near &&& %b::geometry"
    f" AND ST_DWithin(footprint, %b::geography, {workload.HORIZONTAL_M})"
)


class Postgis:
    """`geometry(LineStringZM)` for the boxes, `geography(Polygon)` for the distance."""

    name = "PostGIS, nD GiST + ST_DWithin"
    knows = "distance on the spheroid, height, time; without bounds of its error"

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._server = Server()
        self._shapely: Any = None

    def set_up(self, of: Volumes) -> None:
        """Start the server, copy the volumes in, index them."""
        self._shapely = package("shapely")
        self._server.start()
        run = self._server.connection.execute
        run("CREATE EXTENSION postgis")
        run(
            "CREATE UNLOGGED TABLE zones (id integer, near geometry(LineStringZM), footprint geography(Polygon, 4326))"
        )
        for first in range(0, of.rows, _AT_ONCE):
            self._copy(workload.part(of, first, min(first + _AT_ONCE, of.rows)), first)
        run("CREATE INDEX ON zones USING gist (near gist_geometry_ops_nd)")
        run("VACUUM ANALYZE zones")
        self._server.connection.prepare_threshold = 0
        (version,) = run(
            "SELECT postgis_lib_version() || ' on PostgreSQL ' || current_setting('server_version')"
        ).fetchone()
        self.notes += [f"PostGIS {version}", f"select 1 takes {self._round_trip_us():.0f} µs"]

    def _copy(self, of: Volumes, first: int) -> None:
        shapes = self._wkb(polygons(of))
        near = _diagonals(self._shapely, scaled(boxes(of)))
        with self._server.connection.cursor().copy("COPY zones FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["int4", "bytea", "bytea"])
            for number, (line, shape) in enumerate(zip(near, shapes, strict=True), first):
                copy.write_row((number, line, shape))

    def _wkb(self, shapes: Any) -> Any:
        return self._shapely.to_wkb(self._shapely.set_srid(shapes, 4326), include_srid=True)

    def _round_trip_us(self) -> float:
        taken = []
        for _ in range(1_000):
            start = time.perf_counter()
            self._server.connection.execute("SELECT 1", prepare=True, binary=True).fetchall()
            taken.append(time.perf_counter() - start)
        return statistics.median(taken) * 1e6

    def ready(self, of: Volumes) -> list[Any]:
        """Return each plan's box and footprint in PostGIS' own binary form."""
        near = _diagonals(self._shapely, scaled(grown(boxes(of))))
        return list(zip(near, self._wkb(polygons(of)), strict=True))

    def ask(self, question: Any) -> Any:
        """Return the volumes within the minima."""
        return self._server.connection.execute(_ASK, question, prepare=True, binary=True).fetchall()

    def numbers(self, answer: Any) -> list[int]:
        """Return the ids."""
        return [row[0] for row in answer]

    def stop(self) -> None:
        """End the server."""
        self._server.stop()


def _diagonals(shapely: Any, around: Boxes) -> Any:
    """Return each box as a line from its least to its greatest corner, in extended WKB."""
    n = len(around.west)
    made = np.empty(n, dtype=[("order", "u1"), ("kind", "<u4"), ("points", "<u4"), ("at", "<f8", 8)])
    made["order"], made["kind"], made["points"] = 1, 2 | 0x80000000 | 0x40000000, 2
    corners = (
        *(around.west, around.south, around.lower_m, around.start_s),
        *(around.east, around.north, around.upper_m, around.end_s),
    )
    made["at"] = np.stack(corners, axis=1)
    return [one.tobytes() for one in made]
