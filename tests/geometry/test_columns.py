# SPDX-License-Identifier: Apache-2.0
"""Many at once and one by one: the same rows, and the same answers."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from standclear.geometry.columns import pack_many
from standclear.geometry.index import EMPTY
from standclear.geometry.packing import pack
from standclear.geometry.volume import NO_THEATRE, Volume
from tests.geometry.shapes import minima, point, volume
from tests.geometry.test_index import volumes


@settings(max_examples=60, deadline=None)
@given(st.lists(volumes(), min_size=1, max_size=8))
def test_many_volumes_are_packed_as_each_is_alone(rows: list[Volume]) -> None:
    for one, other in zip(pack_many(rows), pack(rows), strict=True):
        np.testing.assert_array_equal(one, other)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(volumes(), min_size=1, max_size=3), min_size=1, max_size=6), volumes())
def test_notices_inserted_together_are_found_as_if_inserted_one_by_one(
    notices: list[list[Volume]], asked: Volume
) -> None:
    rows = [(f"n{number}", 1 << number % 3, shapes) for number, shapes in enumerate(notices)]
    together, single = EMPTY.insert_many(rows, seq=4), EMPTY
    for notice, audience, shapes in rows:
        single = single.insert(shapes, notice=notice, audience=audience, seq=4, theatre=NO_THEATRE)
    least = minima(1_000, 10, 60)
    for index, other in ((together, single), (together.close("n0", 5), single.close("n0", 5))):
        for size in (4, 5, 6):
            for asker in (None, 0, 1):
                said = [
                    one.check(asked, least, size=size, asker=asker, theatre=NO_THEATRE)
                    for one in (index, other)
                ]
                assert said[0] == said[1]


def test_what_is_inserted_later_lies_behind() -> None:
    rows = [(f"n{number}", 1, [volume(point(9 + number / 100, 47))]) for number in range(2_000)]
    index = EMPTY.insert_many(rows, seq=1)
    index = index.insert([volume(point(9, 47))], notice="later", audience=1, seq=2, theatre=NO_THEATRE)
    asked = volume(point(9, 47))
    found = index.candidates([asked], minima(1), size=3, asker=0, theatre=NO_THEATRE)
    assert found == ("later", "n0")
    assert index.candidates([asked], minima(1), size=2, asker=0, theatre=NO_THEATRE) == ("n0",)
