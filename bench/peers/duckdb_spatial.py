# SPDX-License-Identifier: Apache-2.0
"""DuckDB with its spatial extension: an R-tree over planar polygons for one plan, a spatial join in bulk.

`INSTALL spatial` downloads. The extension also comes as a Python package, the signed file as DuckDB's makers
publish it, for one version of DuckDB; bench/ pins both.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import numpy as np

from bench import workload
from bench.peers import FIXES, Missing, boxes, grown, package, polygons
from bench.workload import Tracks, Volumes

_TABLE = "CREATE TABLE zones AS SELECT id, ST_GeomFromWKB(shape) AS geom, lower_m, upper_m, start_s, end_s FROM made"
_ASK = (
    "SELECT id FROM zones WHERE ST_Intersects(geom, ST_MakeEnvelope(?, ?, ?, ?))"
    " AND lower_m <= ? AND upper_m >= ? AND start_s <= ? AND end_s >= ?"
)


def connected() -> Any:
    """Return an in-memory database with the extension.

    Raises:
        Missing: DuckDB or an extension for its version is not installed.
    """
    duckdb = package("duckdb")
    carrier = package("duckdb_extension_spatial")
    wanted = f"v{duckdb.__version__}"
    folder = files(carrier) / "extensions" / wanted
    found = [one for one in folder.iterdir() if one.name.startswith("spatial")] if folder.is_dir() else []
    if not found:
        raise Missing(f"the installed spatial extension is not for DuckDB {wanted}")
    connection = duckdb.connect(":memory:")
    try:
        connection.execute(f"LOAD '{found[0]}'")
    except duckdb.Error as error:
        raise Missing(f"DuckDB does not load its spatial extension: {error}") from None
    return connection


def take_in(connection: Any, of: Volumes, shapes: Any) -> None:
    """Make the table of zones."""
    arrow, shapely = package("pyarrow"), package("shapely")
    around = boxes(of)
    made = arrow.table(
        {
            "id": np.arange(of.rows),
            "shape": arrow.array(shapely.to_wkb(shapes), arrow.binary()),
            "lower_m": around.lower_m,
            "upper_m": around.upper_m,
            "start_s": around.start_s,
            "end_s": around.end_s,
        }
    )
    connection.register("made", made)
    connection.execute(_TABLE)
    connection.unregister("made")


class DuckdbSpatial:
    """A two-dimensional R-tree; height and time are filtered behind it."""

    name = "DuckDB spatial R-tree + filter"
    knows = "planar polygons against the plan's box, height, time"

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._connection: Any = None

    def set_up(self, of: Volumes) -> None:
        """Make the table and its index."""
        self._connection = connected()
        take_in(self._connection, of, polygons(of))
        self._connection.execute("CREATE INDEX near ON zones USING RTREE (geom)")

    def ready(self, of: Volumes) -> list[Any]:
        """Return the eight bounds of each plan."""
        around = grown(boxes(of))
        bounds = (*around[:4], around.upper_m, around.lower_m, around.end_s, around.start_s)
        return list(zip(*(column.tolist() for column in bounds), strict=True))

    def ask(self, question: Any) -> Any:
        """Return the zones that meet the plan's box."""
        return self._connection.execute(_ASK, question).fetchall()

    def numbers(self, answer: Any) -> list[int]:
        """Return the ids."""
        return [row[0] for row in answer]

    def stop(self) -> None:
        """Close the database."""
        if self._connection is not None:
            self._connection.close()


class DuckdbJoin:
    """A spatial join of fixes and zones in the plane, on all cores."""

    def __init__(self, predicate: str) -> None:
        self.name = f"DuckDB spatial join, {predicate}"
        self.knows = FIXES[predicate]
        self._test = {
            "dwithin": f"ST_DWithin(fixes.place, zones.geom, {workload.HORIZONTAL_M})",
            "intersects": "ST_Intersects(fixes.place, zones.geom)",
        }[predicate]
        self._connection: Any = None

    def set_up(self, of: Volumes, flat: Any) -> None:
        """Make the table of zones."""
        self._connection = connected()
        take_in(self._connection, of, flat)

    def ready(self, fixes: Any) -> Any:
        """Make the table of fixes."""
        of, places = fixes
        made = _table_of(of, places)
        self._connection.register("made", made)
        self._connection.execute(
            "CREATE OR REPLACE TABLE fixes AS"
            " SELECT track, ST_Point(x, y) AS place, height_m, second FROM made"
        )
        self._connection.unregister("made")
        return None

    def join(self, fixes: Any) -> set[tuple[int, int]]:
        """Return the pairs."""
        # A join on anything but the spatial test alone is a nested loop, so the rest is filtered behind it.
        found = self._connection.execute(
            "WITH met AS MATERIALIZED (SELECT track, id, height_m, second, lower_m, upper_m, start_s, end_s"
            f" FROM fixes JOIN zones ON {self._test}) SELECT DISTINCT track, id FROM met"
            f" WHERE height_m BETWEEN lower_m - {workload.VERTICAL_M} AND upper_m + {workload.VERTICAL_M}"
            f" AND second BETWEEN start_s - {workload.TIME_S} AND end_s + {workload.TIME_S}"
        ).fetchall()
        return set(found)

    def stop(self) -> None:
        """Close the database."""
        if self._connection is not None:
            self._connection.close()


def _table_of(of: Tracks, places: Any) -> Any:
    return package("pyarrow").table(
        {
            "track": of.track,
            "x": places[:, 0],
            "y": places[:, 1],
            "height_m": of.altitude_mm / 1e3,
            "second": (of.time_us - workload.DAY_US) / 1e6,
        }
    )
