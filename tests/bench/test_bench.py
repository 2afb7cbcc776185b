# SPDX-License-Identifier: Apache-2.0
"""The benchmark itself: the same workload every time, and peers that miss nothing that we report."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from bench import engine, opening, report, workload
from bench.bulk import PEERS as BULK_PEERS
from bench.latency import PEERS, compared
from bench.peers import Bulk, Missing, Peer, flat, polygons
from bench.peers.postgis import Postgis
from bench.peers.strtree import Strtree
from bench.report import Row
from bench.workload import Volumes

COUNT = 20_000
PLANS = 200
NEEDS_A_SERVER = (Postgis,)


@cache
def many() -> Volumes:
    return workload.volumes(0, COUNT)


@cache
def found() -> tuple[frozenset[int], ...]:
    own = engine.loaded(COUNT, recent=0)
    return tuple(frozenset(engine.numbers(own.check(plan))) for plan in engine.values(workload.plans(PLANS)))


def test_a_volume_is_the_same_however_many_are_asked_for() -> None:
    across = workload.volumes(workload.CHUNK - 3, 6)
    after = workload.volumes(workload.CHUNK, 2)
    middle = workload.part(across, 3, 5)
    assert all(np.array_equal(a, b) for a, b in zip(middle, after, strict=True))


def test_volumes_are_as_the_field_guide_describes_them() -> None:
    some = many()
    sizes = np.diff(some.ring_start)
    permanent = some.start_us == workload.OPEN_START_US
    assert (sizes.min(), sizes.max()) == (5, 19)
    assert 0.18 < permanent.mean() < 0.22
    assert np.array_equal(permanent, some.end_us == workload.OPEN_END_US)
    assert polygons(some).size == COUNT


def test_shuffled_tracks_hold_the_same_fixes() -> None:
    ordered = workload.tracks(3)
    mixed = workload.shuffled(ordered)
    back = np.lexsort((mixed.time_us, mixed.track))
    assert not np.array_equal(mixed.track, ordered.track)
    assert all(np.array_equal(a[back], b) for a, b in zip(mixed, ordered, strict=True))


def test_recent_changes_leave_exactly_the_first_volumes_live() -> None:
    changed, plans = engine.loaded(COUNT, recent=300), engine.values(workload.plans(PLANS))
    assert [frozenset(engine.numbers(changed.check(plan))) for plan in plans] == list(found())


@pytest.mark.parametrize("make", [p for p in PEERS if p not in NEEDS_A_SERVER])
def test_no_peer_misses_what_we_report(make: Callable[[], Peer]) -> None:
    asked, peer = workload.plans(PLANS), make()
    try:
        peer.set_up(many())
        theirs = [frozenset(peer.numbers(peer.ask(question))) for question in peer.ready(asked)]
    except Missing as reason:
        pytest.skip(str(reason))
    finally:
        peer.stop()
    assert sum(map(len, found()))
    assert "0 of ours missing" in compared(list(found()), theirs)


@pytest.mark.parametrize("make", BULK_PEERS, ids=lambda make: make().name)
def test_no_peer_finds_a_pair_that_we_do_not(make: Callable[[], Bulk]) -> None:
    volumes, tracks, peer = many(), workload.tracks(40), make()
    try:
        peer.set_up(volumes, polygons(volumes, flat(volumes.lon_e7, volumes.lat_e7)))
        theirs = peer.join(peer.ready((tracks, flat(tracks.lon_e7, tracks.lat_e7))))
    except Missing as reason:
        pytest.skip(str(reason))
    finally:
        peer.stop()
    track, zone = engine.screen(tracks, engine.zones(volumes), ordered=True, workers=1)
    assert theirs <= set(zip(track.tolist(), zone.tolist(), strict=True))


def test_new_rows_replace_those_of_their_part_and_size(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    report.keep([Row("check", "old", 1.0, "µs", size=1), Row("bulk", "other", 2.0, "fixes/s", size=1)], path)
    report.keep([Row("check", "new", 3.0, "µs", size=1), Row("check", "large", 4.0, "µs", size=2)], path)
    assert [row.name for row in report.kept(path)] == ["new", "large", "other"]


def test_a_peer_that_is_not_to_be_had_is_a_line_of_the_table() -> None:
    absent = Row("check", "one check", None, "", peer=Strtree.name, note="it is not installed")
    assert "not to be had" in report.markdown([absent])


def test_a_long_log_opens_from_what_was_kept_and_says_what_was_known() -> None:
    rows = {row.name: row for row in opening.measure(1_500)}
    assert set(rows) == {
        "opening, folding all",
        "opening from a kept state",
        "memory a centre holds",
        "as known at",
        "the log on the disk",
        "an inclusion proof",
        "a consistency proof",
    }
    assert all(row.value for row in rows.values())
