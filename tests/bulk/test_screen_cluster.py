# SPDX-License-Identifier: Apache-2.0
"""A cluster that loses a worker in the middle comes to the same."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from distributed import Client, LocalCluster

from standclear.bulk import screen_cluster
from standclear.bulk.screen import Setting, accuracy_of, here
from standclear.bulk.screen_cluster import cluster
from standclear.bulk.screen_zones import zone_field
from standclear.errors import Unavailable
from standclear.geometry.tracks import Fixes, Hits, Zones
from standclear.geometry.volume import (
    NO_THEATRE,
    Band,
    Datum,
    Edges,
    Footprint,
    Level,
    Minima,
    Shape,
    Volume,
    Window,
)

BLOCKS = 12


def setting() -> Setting:
    spots = [(300_000_000 + n * 1_000_000, 10_000_000) for n in range(BLOCKS)]
    zones = [
        Volume(
            footprint=Footprint(Shape.POINT, ((spot,),), Edges.GEODESIC, radius_mm=0, uncertainty_mm=0),
            band=Band(lower=None, upper=Level(value_mm=50_000, datum=Datum.W84)),
            window=Window(start_us=None, end_us=None),
        )
        for spot in spots
    ]
    minima = Minima(horizontal_mm=500_000, vertical_mm=300_000, time_us=0)
    tracks: Any = type("Exact", (), {"coarse_mm": (0, 0)})
    accuracy = accuracy_of(tracks, Datum.W84, horizontal_mm=0, vertical_mm=0, time_us=0, max_gap_us=None)
    return Setting(Zones.of(zones), minima, NO_THEATRE, accuracy)


def block(number: int) -> Fixes:
    track = np.full(2, number, dtype=np.int64)
    lon = 30 + number / 10 + np.array([-0.05, 0.05])
    time_us = np.array([0, 60_000_000]) + 1_800_172_800_000_000
    return Fixes(track, time_us, lon, np.ones(2), np.full(2, 100_000, dtype=np.int64))


def told(answers: Iterator[Hits]) -> list[tuple[list[int], ...]]:
    return [tuple(column.tolist() for column in hits) for hits in answers]


def test_a_worker_that_dies_costs_nothing_but_time() -> None:
    local: Any = LocalCluster
    with local(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as workers:
        connect: Any = Client
        with connect(workers.scheduler_address, set_as_default=False) as client:
            pids = list(client.run(os.getpid).values())

        def blocks() -> Iterator[Fixes]:
            for number in range(BLOCKS):
                if number in (3, 7):
                    os.kill(pids.pop(), signal.SIGKILL)
                yield block(number)

        with cluster(workers.scheduler_address) as found:
            spread = told(found.runner(blocks(), setting()))
    assert spread == told(here()((block(number) for number in range(BLOCKS)), setting()))
    assert [len(hits[0]) for hits in spread] == [1] * BLOCKS


def test_no_files_are_no_zones() -> None:
    assert len(zone_field([], None).zones) == 0


def test_an_engine_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen_cluster, "ENGINE", "standclear-geometry/0")
    local: Any = LocalCluster
    with (
        local(n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as workers,
        cluster(workers.scheduler_address) as found,
        pytest.raises(Unavailable, match="the same version of standclear everywhere"),
    ):
        told(found.runner(iter([block(0)]), setting()))
