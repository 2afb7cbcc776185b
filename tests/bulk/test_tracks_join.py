# SPDX-License-Identifier: Apache-2.0
"""Rows of tracks become blocks: every leg in exactly one block, whatever the rows came in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from standclear.bulk.tracks_join import Disordered, Tally, blocks
from standclear.bulk.tracks_spill import files_for, in_order
from standclear.errors import Unavailable
from standclear.formats.tracks import Faults, Rows
from standclear.geometry.tracks import Fixes

Fix = tuple[str, int, float]
"""Track, second, longitude; everything else follows from these."""
LONG: list[Fix] = [("A", n, 30 + n / 100) for n in range(7)]
FLIGHTS: list[Fix] = [*LONG, ("B", 3, 31.0), *(("C", n * 10, 32.0) for n in range(5)), ("D", 0, 33.0)]


def rows(fixes: Sequence[Fix], first: int = 1) -> Rows:
    names, seconds, lons = zip(*fixes, strict=True) if fixes else ((), (), ())
    count = len(fixes)
    return Rows(
        pa.array(names, pa.string()).dictionary_encode(),
        np.array(seconds, dtype=np.int64) * 1_000_000,
        np.array(lons, dtype=np.float64),
        np.ones(count),
        np.full(count, 3_000_000, dtype=np.int64),
        np.arange(first, first + count, dtype=np.int64),
    )


def batches(fixes: Sequence[Fix], size: int) -> Iterator[Rows]:
    for first in range(0, len(fixes), size):
        yield rows(fixes[first : first + size], first + 1)


def joined(
    fixes: Sequence[Fix], *, batch: int = 100, size: int = 100, gap_s: int | None = None
) -> tuple[list[list[Fix]], Tally, Faults]:
    tally, faults = Tally(), Faults("f.csv")
    gap_us = None if gap_s is None else gap_s * 1_000_000
    found = [_told(part, tally) for part in blocks(batches(fixes, batch), tally, faults, gap_us, size)]
    return found, tally, faults


def _told(part: Fixes, tally: Tally) -> list[Fix]:
    names = list(tally.numbers)
    seconds = (part.time_us // 1_000_000).tolist()
    return list(zip([names[n] for n in part.track.tolist()], seconds, part.lon_deg.tolist(), strict=True))


def legs(part: Sequence[Fix], gap_s: int | None) -> list[tuple[Fix, Fix]]:
    """The legs and the standing points (twice the same fix) of a block, as an engine takes them."""
    pieces: list[list[Fix]] = []
    for fix in part:
        before = pieces[-1][-1] if pieces else None
        if before and before[0] == fix[0] and (gap_s is None or fix[1] - before[1] <= gap_s):
            pieces[-1].append(fix)
        else:
            pieces.append([fix])
    return [leg for piece in pieces for leg in (pairwise(piece) if piece[1:] else [(piece[0], piece[0])])]


@pytest.mark.parametrize("gap_s", [None, 5])
def test_each_leg_and_each_standing_point_is_in_exactly_one_block(gap_s: int | None) -> None:
    for batch in range(1, 16):
        for size in range(2, 16):
            parts, tally, _ = joined(FLIGHTS, batch=batch, size=size, gap_s=gap_s)
            found = [leg for part in parts for leg in legs(part, gap_s)]
            assert found == legs(FLIGHTS, gap_s), (batch, size)
            assert all(len(part) <= size for part in parts)
            assert tally.fixes == len(FLIGHTS)


def test_blocks_end_at_the_same_fixes_whatever_the_rows_came_in() -> None:
    expected, _, _ = joined(FLIGHTS, size=4)
    assert all(joined(FLIGHTS, batch=batch, size=4)[0] == expected for batch in range(1, 15))


def test_gaps_are_counted_also_across_batches() -> None:
    assert [joined(FLIGHTS, batch=batch, gap_s=5)[1].unjoined for batch in (1, 2, 100)] == [4, 4, 4]
    assert joined(FLIGHTS)[1].unjoined == 0


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_a_moment_said_twice_is_kept_once_and_named_where_the_places_differ(batch: int) -> None:
    twice: list[Fix] = [("A", 1, 30.0), ("A", 1, 30.0), ("A", 1, 30.5), ("A", 1, 30.0), ("A", 2, 31.0)]
    parts, tally, faults = joined(twice, batch=batch)
    assert parts == [[("A", 1, 30.0), ("A", 2, 31.0)]]
    assert (tally.fixes, faults.count) == (2, 1)
    assert faults.told == [
        "f.csv row 3: time: is that of an earlier row of the same track, which is at another place."
        " Expected: one place for each moment; the first is kept."
    ]


@pytest.mark.parametrize("batch", [1, 2, 100])
@pytest.mark.parametrize(
    "fixes",
    [
        [("A", 2, 30.0), ("A", 1, 30.0)],
        [("A", 1, 30.0), ("B", 1, 30.0), ("A", 2, 30.0)],
    ],
)
def test_rows_in_no_order_are_noticed(fixes: list[Fix], batch: int) -> None:
    with pytest.raises(Disordered):
        joined(fixes, batch=batch)


@pytest.mark.parametrize("files", [1, 3, 16])
def test_rows_in_no_order_are_put_in_order_on_disk(files: int) -> None:
    shuffled = [FLIGHTS[n * 5 % len(FLIGHTS)] for n in range(len(FLIGHTS))]
    tally = Tally()
    ordered = in_order(batches(shuffled, 4), files)
    parts = [_told(part, tally) for part in blocks(ordered, tally, Faults("f.csv"), None, 100)]
    found = [fix for part in parts for fix in part]
    assert sorted(found) == sorted(FLIGHTS)
    assert [fix for fix in found if fix[0] == "A"] == LONG


def test_the_number_of_temporary_files_is_bounded() -> None:
    assert [files_for(rows) for rows in (0, 10, 10**7, 10**12)] == [1, 1, 6, 256]


def test_no_room_for_temporary_files_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(Unavailable, match="TMPDIR at another place"):
        list(in_order(batches(FLIGHTS, 4), 3))


def test_no_temporary_file_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert len(list(in_order(batches(FLIGHTS, 4), 1))) == 1
    assert list(tmp_path.iterdir()) == []
