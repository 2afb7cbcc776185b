# SPDX-License-Identifier: Apache-2.0
"""The index never misses what brute force finds, at any log size, for any asker, in any old version."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standclear.geometry import index as index_module
from standclear.geometry.edges import WGS84
from standclear.geometry.index import EMPTY, Index
from standclear.geometry.separation import closeness
from standclear.geometry.volume import NO_THEATRE, Datum, Edges, Level, Minima, Terrain, Theatre, Volume
from tests.geometry.shapes import SLOW, level, line, minima, point, polygon, star, star_footprints, volume

GROUND = Theatre(ground=Terrain(lower_mm=0, upper_mm=400_000), air=None)
ANY = st.sampled_from(list(Edges))
PLACES = [(9.0, 47.0), (180.0, 10.0), (20.0, 89.9), (-179.99, 10.05), (9.5, 47.1), (-160.0, 89.95)]


@dataclass
class Brute:
    """The same, the obvious way."""

    rows: list[tuple[Volume, str, int, int, list[int]]] = field(default_factory=list)

    def candidates(
        self, asked: list[Volume], least: Minima, size: int, asker: int | None, theatre: Theatre
    ) -> set[str]:
        """Return notices that are truly too close."""
        return {
            notice
            for row, notice, audience, since, until in self.rows
            if since < size <= (until[0] if until else size)
            and (asker is None or audience >> asker & 1)
            and any(closeness(one, row, least, theatre) is not None for one in asked)
        }

    def live(self, size: int, asker: int | None) -> set[str]:
        """Return all that could be asked."""
        return {
            notice
            for _, notice, audience, since, until in self.rows
            if since < size <= (until[0] if until else size) and (asker is None or audience >> asker & 1)
        }


levels = st.one_of(st.none(), st.builds(Level, st.integers(0, 3_000_000), st.sampled_from(list(Datum))))


@st.composite
def volumes(draw: st.DrawFn) -> Volume:
    """Draw volumes that are often near one another."""
    lon, lat = draw(st.sampled_from(PLACES))
    size = draw(st.sampled_from([100.0, 5_000.0, 60_000.0]))
    where = draw(star_footprints(lon, min(lat, 89.9), size, ANY))
    start = draw(st.one_of(st.none(), st.integers(0, 1000)))
    end = None if draw(st.booleans()) else (start or 0) + draw(st.integers(1, 500))
    return volume(where, lower=draw(levels), upper=draw(levels), start_s=start, end_s=end)


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_nothing_too_close_is_ever_missed_and_old_versions_go_on_answering(data: st.DataObject) -> None:
    now, brute, history = EMPTY, Brute(), []
    for seq in range(data.draw(st.integers(1, 10))):
        if seq and data.draw(st.booleans()):
            notice = f"n{data.draw(st.integers(0, seq))}"
            now = now.close(notice, seq)
            for row in brute.rows:
                if row[1] == notice and not row[4]:
                    row[4].append(seq)
        notice, audience = f"n{data.draw(st.integers(0, 4))}", data.draw(st.integers(0, 2**80))
        added = data.draw(st.lists(volumes(), max_size=3))
        now = now.insert(added, notice=notice, audience=audience, seq=seq, theatre=GROUND)
        brute.rows += [(one, notice, audience, seq, []) for one in added]
        history.append((now, seq))
    asked = [data.draw(volumes())]
    least = minima(data.draw(st.sampled_from([0, 500, 50_000])), data.draw(st.sampled_from([0, 100])), 60)
    theatre = data.draw(st.sampled_from([NO_THEATRE, GROUND]))
    asker = data.draw(st.sampled_from([None, 0, 1, 79]))
    for version, upto in history:
        for size in range(upto + 2):
            found = version.candidates(asked, least, size=size, asker=asker, theatre=theatre)
            assert list(found) == sorted(set(found))
            assert brute.candidates(asked, least, size, asker, theatre) <= set(found)
            if version is now:
                assert set(found) <= brute.live(size, asker)


def far_rows(start: Index, first: int, count: int) -> Index:
    """Insert rows one by one on a coarse grid."""
    for n in range(first, first + count):
        where = volume(point((n % 300) / 2 - 80, (n // 300) / 2 - 80, radius_m=100))
        start = start.insert([where], notice=f"n{n:05}", audience=1, seq=n, theatre=NO_THEATRE)
    return start


def found_all(version: Index, count: int) -> bool:
    """Say whether every tenth row is found at its place, and nothing else."""
    return all(
        version.candidates(
            [volume(point((n % 300) / 2 - 80, (n // 300) / 2 - 80))],
            minima(10),
            size=count,
            asker=0,
            theatre=NO_THEATRE,
        )
        == (f"n{n:05}",)
        for n in range(0, count, 10)
    )


def test_rows_outlive_full_tails_and_joined_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "TAIL_ROWS", 16)
    versions = [EMPTY]
    for part in range(12):
        versions.append(far_rows(versions[-1], part * 25, 25))
    assert all(len(version) == 25 * n for n, version in enumerate(versions))
    assert all(found_all(version, 25 * n) for n, version in enumerate(versions))


def test_two_successors_of_one_version_do_not_see_each_other() -> None:
    base = far_rows(EMPTY, 0, 10)
    left = base.insert([volume(point(100, 10))], notice="left", audience=1, seq=10, theatre=NO_THEATRE)
    right = base.insert([volume(point(100, 10))], notice="right", audience=1, seq=10, theatre=NO_THEATRE)
    again = right.insert([volume(point(100, 10))], notice="again", audience=1, seq=11, theatre=NO_THEATRE)
    asked = [volume(point(100, 10))]
    seen = [
        version.candidates(asked, minima(), size=99, asker=None, theatre=NO_THEATRE)
        for version in (base, left, right, again)
    ]
    assert seen == [(), ("left",), ("right",), ("again", "right")]


def test_an_amended_notice_is_found_in_each_version_s_time() -> None:
    here, there = [volume(point(9, 47))], [volume(point(19, 47))]
    now = EMPTY.insert(here, notice="n", audience=1, seq=3, theatre=NO_THEATRE)
    now = now.close("n", 5).insert(there, notice="n", audience=1, seq=5, theatre=NO_THEATRE).close("n", 8)

    def known(asked: list[Volume], size: int) -> bool:
        return now.candidates(asked, minima(), size=size, asker=None, theatre=NO_THEATRE) == ("n",)

    assert [known(here, size) for size in range(3, 10)] == [False, True, True, False, False, False, False]
    assert [known(there, size) for size in range(3, 10)] == [False, False, False, True, True, True, False]


def test_who_may_not_meet_a_row_does_not() -> None:
    wide = 1 << 700
    now = EMPTY.insert([volume(point(9, 47))], notice="n", audience=wide, seq=0, theatre=NO_THEATRE)
    for asker, seen in ((700, ("n",)), (699, ()), (0, ()), (None, ("n",))):
        assert (
            now.candidates([volume(point(9, 47))], minima(), size=1, asker=asker, theatre=NO_THEATRE) == seen
        )


def test_a_height_over_ground_follows_the_terrain_of_the_question() -> None:
    low = volume(point(9, 47), upper=level(100, Datum.AGL))
    now = EMPTY.insert([low], notice="n", audience=1, seq=0, theatre=GROUND)
    flight = [volume(point(9, 47), lower=level(1000))]
    high_ground = Theatre(ground=Terrain(lower_mm=0, upper_mm=950_000), air=None)
    for theatre, seen in ((GROUND, ()), (high_ground, ("n",)), (NO_THEATRE, ("n",))):
        assert now.candidates(flight, minima(), size=1, asker=None, theatre=theatre) == seen


def test_the_inside_of_a_large_polygon_is_found_though_no_edge_is_near() -> None:
    for lon, lat in ((0, 0), (33, -20), (180, 50), (0, 90)):
        now = EMPTY.insert(
            [volume(polygon(star(lon, lat, [3e6] * 8), edges=Edges.GEODESIC))],
            notice="n", audience=1, seq=0, theatre=NO_THEATRE,
        )  # fmt: skip
        asked = [volume(point(lon, lat))]
        assert now.candidates(asked, minima(), size=1, asker=None, theatre=NO_THEATRE) == ("n",)


def test_a_long_edge_is_found_at_its_middle() -> None:
    for edges in Edges:
        now = EMPTY.insert(
            [volume(line((0, 60), (60, 60), edges=edges))], notice="n", audience=1, seq=0, theatre=NO_THEATRE
        )
        middle = point(30, 60.0 if edges is Edges.LONLAT else 63.4349488)
        found = closeness(
            volume(middle), volume(line((0, 60), (60, 60), edges=edges)), minima(20_000), NO_THEATRE
        )
        assert found is not None
        assert now.candidates([volume(middle)], minima(20_000), size=1, asker=None, theatre=NO_THEATRE) == (
            "n",
        )


def test_a_wide_circle_is_found_at_its_rim() -> None:
    wide = volume(point(9, 47, radius_m=40_000, uncertainty_m=10_000))
    now = EMPTY.insert([wide], notice="n", audience=1, seq=0, theatre=NO_THEATRE)
    asked = [volume(point(9, 47.449))]
    assert closeness(wide, asked[0], minima(), NO_THEATRE) is not None
    for one, other in ((wide, asked[0]), (asked[0], wide)):
        now = EMPTY.insert([one], notice="n", audience=1, seq=0, theatre=NO_THEATRE)
        assert now.candidates([other], minima(), size=1, asker=None, theatre=NO_THEATRE) == ("n",)


@pytest.mark.parametrize("azimuth", range(0, 360, 30))
@pytest.mark.parametrize(("lon", "lat"), [(9.0, 47.0), (180.0, -10.0), (0.0, 90.0)])
def test_what_is_as_far_as_the_minimum_is_found(lon: float, lat: float, azimuth: int) -> None:
    there = WGS84.fwd(lon, lat, azimuth, 499.9)
    now = EMPTY.insert([volume(point(lon, lat))], notice="n", audience=1, seq=0, theatre=NO_THEATRE)
    asked = [volume(point(float(there[0]), float(there[1])))]
    assert now.candidates(asked, minima(500), size=1, asker=None, theatre=NO_THEATRE) == ("n",)
