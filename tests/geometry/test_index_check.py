# SPDX-License-Identifier: Apache-2.0
"""Asking the index is asking every row: against brute force, and against SQLite's R*Tree as a second opinion."""

from __future__ import annotations

from collections.abc import Iterator

import apsw
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standclear.geometry import grove as grove_module
from standclear.geometry import index as index_module
from standclear.geometry.boxes import filed, grown
from standclear.geometry.index import EMPTY, Index
from standclear.geometry.pack import DATUMS, EDGES, FOREVER_US, MISSING, SHAPES, Columns
from standclear.geometry.packing import pack, pack_columns
from standclear.geometry.separation import Closeness, closeness
from standclear.geometry.volume import NO_THEATRE, Footprint, Minima, Shape, Terrain, Theatre, Volume
from tests.geometry.shapes import SLOW, minima, point, volume
from tests.geometry.test_index import GROUND, volumes

LEAST = st.builds(
    minima, st.sampled_from([0.0, 100.0, 20_000.0]), st.sampled_from([0.0, 50.0]), st.just(60.0)
)
THEATRES = st.sampled_from([NO_THEATRE, GROUND, Theatre(ground=Terrain(-100_000, 9_000_000), air=None)])


@pytest.fixture(params=[2, 5, 2_048])
def _tails(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows in many small segments, in a few, and in the tail alone."""
    monkeypatch.setattr(index_module, "TAIL_ROWS", request.param)


def _filled(rows: list[Volume]) -> Index:
    index = EMPTY
    for number, row in enumerate(rows):
        index = index.insert([row], notice=f"n{number:03}", audience=-1, seq=number, theatre=NO_THEATRE)
    return index


def _all_of(rows: list[Volume], asked: Volume, least: Minima, theatre: Theatre) -> dict[str, Closeness]:
    found = {f"n{number:03}": closeness(asked, row, least, theatre) for number, row in enumerate(rows)}
    return {notice: close for notice, close in found.items() if close is not None}


@pytest.mark.usefixtures("_tails")
@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(st.lists(volumes(), min_size=1, max_size=12), volumes(), LEAST, THEATRES)
def test_a_check_says_of_every_row_what_closeness_says(
    rows: list[Volume], asked: Volume, least: Minima, theatre: Theatre
) -> None:
    found = _filled(rows).check(asked, least, size=len(rows), asker=None, theatre=theatre)
    assert dict(found) == _all_of(rows, asked, least, theatre)
    assert [close.notice for close in found] == sorted(close.notice for close in found)


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(st.lists(volumes(), min_size=1, max_size=12), volumes(), LEAST, THEATRES)
def test_sqlite_s_tree_leads_to_the_same_findings(
    rows: list[Volume], asked: Volume, least: Minima, theatre: Theatre
) -> None:
    found = _filled(rows).check(asked, least, size=len(rows), asker=None, theatre=theatre)
    judged = {
        f"n{n:03}": closeness(asked, rows[n], least, theatre) for n in _rtree(rows, asked, least, theatre)
    }
    assert dict(found) == {notice: close for notice, close in judged.items() if close is not None}


def _rtree(rows: list[Volume], asked: Volume, least: Minima, theatre: Theatre) -> Iterator[int]:
    """The rows whose boxes meet the question's in SQLite's own R*Tree, units scaled to be comparable."""
    base = apsw.Connection(":memory:")
    axes = ", ".join(f"low{n}, high{n}" for n in range(5))
    base.execute(f"CREATE VIRTUAL TABLE boxes USING rtree(id, {axes})")
    for number, row in enumerate(rows):
        base.execute(
            f"INSERT INTO boxes VALUES ({number}, {', '.join(map(str, _scaled(row, minima(), theatre)))})"
        )
    box = _scaled(asked, least, theatre)
    meets = " AND ".join(f"low{n} <= {box[2 * n + 1]} AND high{n} >= {box[2 * n]}" for n in range(5))
    for (number,) in base.execute(f"SELECT id FROM boxes WHERE {meets}"):
        yield int(number)


def _scaled(one: Volume, least: Minima, theatre: Theatre) -> list[float]:
    """Low and high of x, y, z in metres, altitude and time in units of about the same size, all finite."""
    spans, times = grown([one], least, theatre)
    low, high = (
        [*spans[0, :3], spans[0, 6] / 1e3, times[0, 0] / 1e6],
        [*spans[0, 3:6], spans[0, 7] / 1e3, times[0, 1] / 1e6],
    )
    # A band drawn upside down meets nothing in SQLite's eyes; it reaches both its bounds here.
    both = np.stack([np.minimum(low, high), np.maximum(low, high)], axis=1)
    clipped = np.clip(both.ravel(), -1e12, 1e12)
    return [float(value) for value in clipped]


def test_a_version_that_was_given_up_hides_nothing_from_its_siblings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "TAIL_ROWS", 2)
    here = volume(point(9, 47))
    base = _filled([here] * 9)
    given_up = base.close("n003", 9)
    kept = base.close("n005", 9)

    def asked(index: Index) -> set[str]:
        found = index.check(here, minima(), size=10, asker=None, theatre=NO_THEATRE)
        return {close.notice for close in found}

    everyone = {f"n{n:03}" for n in range(9)}
    assert asked(given_up) == everyone - {"n003"}
    assert asked(kept) == everyone - {"n005"}
    assert asked(base) == everyone
    assert set(kept.candidates([here], minima(), size=10, asker=None, theatre=NO_THEATRE)) == everyone - {
        "n005"
    }


def test_joining_segments_changes_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "TAIL_ROWS", 4)
    index, here = EMPTY, volume(point(9, 47), start_s=0, end_s=10)
    for number in range(400):
        where = volume(point(9 + number % 7 * 0.01, 47), start_s=number % 11, end_s=number % 11 + 5)
        index = index.insert([where], notice=f"n{number:03}", audience=-1, seq=number, theatre=NO_THEATRE)
        if number % 5 == 4:
            index = index.close(f"n{number - 2:03}", number)
    found = {c.notice for c in index.check(here, minima(), size=400, asker=None, theatre=NO_THEATRE)}
    open_ = {n for n in range(400) if n % 5 != 2 or n + 2 >= 400}
    assert found == {f"n{n:03}" for n in open_ if n % 7 == 0 and n % 11 <= 10}
    assert len(index) == 400


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(st.lists(volumes().filter(lambda one: len(one.footprint.rings) == 1), min_size=1, max_size=6))
def test_columns_are_packed_as_volumes_are(rows: list[Volume]) -> None:
    one, other = pack(rows), pack_columns(_columns(rows))
    for left, right in zip(one, other, strict=True):
        np.testing.assert_array_equal(left, right)


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(
    st.lists(volumes().filter(lambda one: len(one.footprint.rings) == 1), min_size=1, max_size=6), volumes()
)
def test_rows_inserted_as_columns_are_found_like_others(rows: list[Volume], asked: Volume) -> None:
    names = [f"n{number:03}" for number in range(len(rows))]
    index = EMPTY.insert_columns(_columns(rows), names, seq=0)
    least = minima(1_000, 10, 60)
    found = index.check(asked, least, size=1, asker=3, theatre=NO_THEATRE)
    assert dict(found) == _all_of(rows, asked, least, NO_THEATRE)
    closed = index.close("n000", 1)
    left = closed.check(asked, least, size=2, asker=3, theatre=NO_THEATRE)
    assert dict(left) == {n: c for n, c in dict(found).items() if n != "n000"}


def _columns(rows: list[Volume]) -> Columns:
    rings = [row.footprint.rings[0] for row in rows]
    spots = np.array([spot for ring in rings for spot in ring], dtype=np.int64)
    levels = [
        (MISSING, 0) if one is None else (DATUMS.index(one.datum), one.value_mm)
        for row in rows
        for one in (row.band.lower, row.band.upper)
    ]
    datum, value = np.array(levels, dtype=np.int64).reshape(-1, 2, 2).transpose(2, 1, 0)
    footprints: list[Footprint] = [row.footprint for row in rows]
    return Columns(
        ring_start=np.cumsum([0, *map(len, rings)]),
        lon_e7=spots[:, 0],
        lat_e7=spots[:, 1],
        shape=np.array([SHAPES.index(f.shape) for f in footprints]),
        edges=np.array([EDGES.index(f.edges) for f in footprints]),
        radius_mm=np.array([f.radius_mm for f in footprints]),
        uncertainty_mm=np.array([f.uncertainty_mm for f in footprints]),
        lower_datum=datum[0],
        lower_mm=value[0],
        upper_datum=datum[1],
        upper_mm=value[1],
        start_us=np.array([-FOREVER_US if r.window.start_us is None else r.window.start_us for r in rows]),
        end_us=np.array([FOREVER_US if r.window.end_us is None else r.window.end_us for r in rows]),
    )


def test_one_volume_alone_is_packed_as_among_others() -> None:
    rows = [volume(point(9, 47, radius_m=5)), volume(point(10, 48), start_s=1, end_s=2)]
    together = pack(rows)
    for number, row in enumerate(rows):
        np.testing.assert_array_equal(filed(row).frame[0], together.frame[number])
    assert Shape.POINT in SHAPES


def test_notices_inserted_by_the_million_are_closed_and_named_anew_like_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(index_module, "REGISTERED_ROWS", 2)
    here = volume(point(9, 47))
    names = ["b", "a", "b", "c"]
    base = EMPTY.insert_columns(_columns([here] * 4), names, seq=0)
    closed = base.close("b", 1)
    again = closed.insert([here], notice="b", audience=-1, seq=2, theatre=NO_THEATRE)
    gone = again.close("b", 3).close("nobody", 3)

    def seen(index: Index, size: int) -> list[str]:
        return [
            close.notice for close in index.check(here, minima(), size=size, asker=None, theatre=NO_THEATRE)
        ]

    assert seen(base, 4) == names
    assert seen(closed, 4) == ["a", "c"]
    assert seen(again, 4) == ["a", "c", "b"]
    assert [seen(gone, size) for size in (1, 2, 3, 4)] == [names, ["a", "c"], ["a", "c", "b"], ["a", "c"]]


def test_trees_joined_in_another_thread_answer_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "TAIL_ROWS", 4)
    monkeypatch.setattr(grove_module, "AT_ONCE_ROWS", 0)
    rows = [volume(point(9 + number % 7 * 0.01, 47, radius_m=number % 5)) for number in range(60)]
    index = _filled(rows)
    asked = volume(point(9.01, 47.0))

    def found(version: Index) -> list[tuple[str, Closeness]]:
        answers = version.check(asked, minima(500), size=60, asker=None, theatre=NO_THEATRE)
        return [(close.notice, close.closeness) for close in answers]

    settled = index.settled()
    assert len(settled._grove.trees) < 8
    assert found(index) == found(settled) == list(_all_of(rows, asked, minima(500), NO_THEATRE).items())
    assert EMPTY.settled() is EMPTY
