# SPDX-License-Identifier: Apache-2.0
"""Files of tracks: whatever is wrong on one line, no other line is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from standclear.bulk.tracks_csv import CsvTracks
from standclear.bulk.tracks_files import (
    COARSE_HEIGHT_MM,
    COARSE_PLACE_MM,
    ParquetTracks,
    TrackFile,
    open_tracks,
)
from standclear.errors import Malformed, TooLarge
from standclear.formats.tracks import Faults

HEADER = "track,time,lon,lat,altitude_m"
GOOD = "A,1800172800,30,1,100"


def csv(folder: Path, *lines: str | bytes, header: str | bytes = HEADER, end: bytes = b"\n") -> Path:
    path = folder / "tracks.csv"
    texts = [line if isinstance(line, bytes) else line.encode() for line in (header, *lines)]
    path.write_bytes(end.join(texts) + end)
    return path


def read(tracks: TrackFile) -> tuple[list[int], Faults]:
    faults = tracks.faults()
    return [row for rows in tracks.rows(faults) for row in rows.row.tolist()], faults


def names(tracks: TrackFile) -> list[str]:
    return [name for rows in tracks.rows(tracks.faults()) for name in rows.name.to_pylist()]


def table(**columns: Any) -> Any:
    usual = {
        "track": ["A", "A"],
        "time": pa.array([1_800_172_800, 1_800_172_801]).cast(pa.timestamp("s", "UTC")),
        "lon": [30.0, 31.0],
        "lat": [1.0, 1.0],
        "altitude_m": [100.0, 100.0],
    }
    return pa.table(usual | columns)


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("block_bytes", [100, 4_000_000])
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('"A,1800172801,30,1,100', 'track: is ""A"'),
        ('A,1800172801,30,1,"100', "altitude_m: is"),
        ("A,1800172801,30,1", "columns: there are 4. Expected: 5 columns on one line"),
        ("A,1800172801,30,1,100,", "columns: there are 6"),
        ('"A,1800172801,30,1', "columns: there are 4"),
        ("nothing", "columns: there are 1"),
        (b"\xff\xfe,1800172801,30,1,100", "track: is "),
        (b"\xff\xfe,1800172801", "columns: there are 2"),
    ],
)
def test_a_torn_line_swallows_no_other(
    tmp_path: Path, line: str | bytes, said: str, block_bytes: int, end: bytes
) -> None:
    path = csv(tmp_path, *[GOOD] * 9, line, *[GOOD] * 9, line, GOOD, line, end=end)
    found, faults = read(CsvTracks(path, block_bytes))
    assert found == [*range(2, 11), *range(12, 21), 22]
    assert [told.partition(": ")[0].rpartition("row ")[2] for told in faults.told] == ["11", "21", "23"]
    assert said in faults.told[0]


def test_quotation_marks_and_commas_inside_them_are_undone_in_their_place(tmp_path: Path) -> None:
    lines = (
        'x,"B, the second",1800172800,30,1,100',
        f'"a, remark",{GOOD}',
        '"x ""y""","A","1800172801",30,1,100',
    )
    path = csv(tmp_path, f"x,{GOOD}", *lines, f"x,{GOOD}", header=f"remark,{HEADER}")
    tracks = CsvTracks(path)
    found, faults = read(tracks)
    assert (found, faults.count) == ([2, 3, 4, 5, 6], 0)
    assert names(tracks) == ["A", "B, the second", "A", "A", "A"]


def test_empty_lines_and_a_byte_order_mark_are_nothing(tmp_path: Path) -> None:
    path = csv(tmp_path, GOOD, "", GOOD, ",,,,", "", header=b"\xef\xbb\xbf" + HEADER.encode())
    found, faults = read(CsvTracks(path))
    assert (found, faults.count) == ([2, 4], 0)


def test_names_keep_their_script_and_their_zeros(tmp_path: Path) -> None:
    path = csv(tmp_path, "طائرة,1800172800,30,1,100", "007,1800172800,30,1,100")
    assert names(CsvTracks(path)) == ["طائرة", "007"]


def test_columns_may_stand_in_any_order_among_others(tmp_path: Path) -> None:
    path = csv(tmp_path, "1,x,100,1800172800,A,30", header="lat,note,altitude_m, time ,track,lon")
    found, faults = read(CsvTracks(path))
    assert (found, faults.count) == ([2], 0)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("", "has no column track and no column time"),
        ("track;time;lon;lat;altitude_m", "separated by commas"),
        ("track,time,lon,lat", "has no column altitude_m; its first line names"),
        ("track,time,lon,lat,altitude_m,lon", "has the column lon more than once"),
        (b"\x89PNG\r\n", "not text in UTF-8"),
    ],
)
def test_a_csv_file_without_the_columns_is_refused(tmp_path: Path, header: str | bytes, said: str) -> None:
    path = csv(tmp_path, GOOD, header=header)
    with pytest.raises(Malformed, match=said):
        CsvTracks(path)


def test_a_file_without_rows_holds_none(tmp_path: Path) -> None:
    path = tmp_path / "tracks.csv"
    for text in (HEADER, f"{HEADER}\n", f"{HEADER}\r\n\r\n"):
        path.write_text(text)
        assert read(CsvTracks(path))[0] == []


def test_a_line_longer_than_a_block_is_said(tmp_path: Path) -> None:
    path = csv(tmp_path, GOOD, "A" * 500 + GOOD, GOOD)
    with pytest.raises(Malformed, match="lines of at most 100 bytes"):
        read(CsvTracks(path, block_bytes=100))


def test_parquet_rows_are_numbered_across_batches(tmp_path: Path) -> None:
    path = tmp_path / "tracks.parquet"
    pq.write_table(pa.concat_tables([table(), table(lat=[1.0, None]), table()]), path)
    tracks = ParquetTracks(path, batch_rows=1)
    found, faults = read(tracks)
    assert (found, tracks.done()) == ([1, 2, 3, 5, 6], 1.0)
    assert faults.told == [
        f"{path} row 4: lat: is missing. Expected: degrees from -90 to 90; longitude stands in lon."
    ]


def test_parquet_of_other_types_is_read_where_they_mean_something(tmp_path: Path) -> None:
    path = tmp_path / "tracks.parquet"
    whole = table(
        track=pa.array(["A", "A"]).dictionary_encode(),
        time=["2027-01-17T08:00:00Z", "1800172801"],
        lon=pa.array(["30.0", "31.0"]).cast(pa.decimal128(10, 7)),
        lat=pa.array([1, 1], pa.int32()),
    )
    pq.write_table(whole, path)
    found, faults = read(ParquetTracks(path))
    assert (found, faults.told) == ([1, 2], [])


def test_coarse_numbers_are_allowed_for(tmp_path: Path) -> None:
    path = tmp_path / "tracks.parquet"
    pq.write_table(table(), path)
    assert ParquetTracks(path).coarse_mm == (0, 0)
    pq.write_table(table(lat=pa.array([1, 1], pa.float32())), path)
    assert ParquetTracks(path).coarse_mm == (COARSE_PLACE_MM, 0)
    pq.write_table(table(altitude_m=pa.array([1, 1], pa.float32())), path)
    assert ParquetTracks(path).coarse_mm == (0, COARSE_HEIGHT_MM)


@pytest.mark.parametrize(
    ("whole", "said"),
    [
        (table().drop_columns("lat"), "the column lat is not among"),
        (table(time=pa.array([1, 2], pa.timestamp("us"))), "time: is a timestamp without a zone"),
        (table(lon=[True, False]), "lon: is of type bool"),
        (pa.table([[1.0]] * 2, names=["lon", "lon"]), "the column track is not among"),
    ],
)
def test_parquet_without_the_columns_is_refused(tmp_path: Path, whole: Any, said: str) -> None:
    path = tmp_path / "tracks.parquet"
    pq.write_table(whole, path)
    with pytest.raises(Malformed, match=said):
        ParquetTracks(path)


def test_a_damaged_parquet_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "tracks.parquet"
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(Malformed, match="not Parquet"):
        open_tracks(path)
    pq.write_table(pa.concat_tables([table()] * 5_000), path)
    data = bytearray(path.read_bytes())
    data[4:200] = b"\xff" * 196
    path.write_bytes(bytes(data))
    with pytest.raises(Malformed, match="cannot be read on"):
        read(ParquetTracks(path))


def test_files_are_known_by_their_endings(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match=r"Expected: a file in \.csv, \.parquet"):
        open_tracks(tmp_path / "tracks.kml")
    with pytest.raises(Malformed, match="no such file"):
        open_tracks(tmp_path / "tracks.CSV")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(Malformed, match="is a directory"):
        open_tracks(tmp_path / "folder.csv")


def test_geojson_too_large_to_be_read_whole_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tracks.geojson"
    with path.open("wb") as file:
        file.truncate(100_000_001)
    with pytest.raises(TooLarge, match="CSV or Parquet, which are read in pieces"):
        open_tracks(path)
