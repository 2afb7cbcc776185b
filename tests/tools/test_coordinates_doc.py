# SPDX-License-Identifier: Apache-2.0
"""The published table of spellings: the parser gives what it says, and the page says what it gives."""

from typing import Any

import pytest

from standclear.errors import Malformed
from standclear.formats.coordinates import Order, answer_of, read_coordinates
from tools.make_coordinates_doc import PAGE, page, sections

ROWS: list[dict[str, Any]] = [row for section in sections() for row in section["spellings"]]


@pytest.mark.parametrize("row", ROWS, ids=[f"{n} {row['text']!a}" for n, row in enumerate(ROWS)])
def test_a_spelling_gives_what_the_table_says(row: dict[str, Any]) -> None:
    order = Order(row["order"]) if "order" in row else None
    if "refused" in row:
        with pytest.raises(Malformed) as refusal:
            read_coordinates(row["text"], order=order)
        assert refusal.value.detail == row["refused"]
        return
    answer = answer_of(read_coordinates(row["text"], order=order))
    assert [answer.decimal, answer.dms, answer.mgrs] == [row["decimal"], row["dms"], row["mgrs"]]
    assert answer.uncertainty_mm == row["uncertainty_mm"]
    assert list(answer.warnings) == row.get("warnings", [])


def test_the_table_has_two_hundred_spellings_and_more() -> None:
    assert len(ROWS) >= 200
    assert len({(row["text"], row.get("order")) for row in ROWS}) == len(ROWS)


def test_the_page_is_what_the_tool_makes() -> None:
    assert PAGE.read_text("utf-8") == page()
