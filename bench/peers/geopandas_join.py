# SPDX-License-Identifier: Apache-2.0
"""GeoPandas' spatial join of fixes and zones in the plane, on one core, then height and time by numpy."""

from __future__ import annotations

from typing import Any

from bench import workload
from bench.peers import FIXES, boxes, package
from bench.workload import Volumes


class GeopandasJoin:
    """`sjoin` with one of its predicates; its index of the zones is made before it is measured."""

    def __init__(self, predicate: str) -> None:
        self.name = f"GeoPandas sjoin, {predicate}"
        self.knows = FIXES[predicate]
        self._how: dict[str, Any] = {"predicate": predicate}
        if predicate == "dwithin":
            self._how["distance"] = workload.HORIZONTAL_M
        self._zones: Any = None
        self._geopandas: Any = None

    def set_up(self, of: Volumes, flat: Any) -> None:
        """Make the frame of zones and its index."""
        self._geopandas = package("geopandas")
        around = boxes(of)
        bounds = {name: getattr(around, name) for name in ("lower_m", "upper_m", "start_s", "end_s")}
        self._zones = self._geopandas.GeoDataFrame(bounds, geometry=flat)
        _ = self._zones.sindex

    def ready(self, fixes: Any) -> Any:
        """Return the frame of fixes."""
        of, places = fixes
        return self._geopandas.GeoDataFrame(
            {
                "track": of.track,
                "height_m": of.altitude_mm / 1e3,
                "second": (of.time_us - workload.DAY_US) / 1e6,
            },
            geometry=package("shapely").points(places),
        )

    def join(self, fixes: Any) -> set[tuple[int, int]]:
        """Return the pairs."""
        met = self._geopandas.sjoin(fixes, self._zones, **self._how)
        near = met.height_m.between(met.lower_m - workload.VERTICAL_M, met.upper_m + workload.VERTICAL_M)
        near &= met.second.between(met.start_s - workload.TIME_S, met.end_s + workload.TIME_S)
        pairs = met.loc[near, ["track", "index_right"]].drop_duplicates()
        return set(zip(pairs.track.tolist(), pairs.index_right.tolist(), strict=True))

    def stop(self) -> None:
        """Forget the zones."""
        self._zones = None
