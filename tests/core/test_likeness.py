# SPDX-License-Identifier: Apache-2.0
"""Names across scripts: what is alike, what is not, and that it is bounded and the same both ways round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standclear.core.likeness import ALIKE, called, folded, likeness, skeleton

SAME = (
    ("Al-Shifa Hospital", "AL SHIFAA hospital"),
    ("Al-Shifa", "الشفاء"),
    ("Аш-Шифа", "Al-Shifa"),
    ("Kharkiv", "Харків"),
    ("Zaporizhzhia", "Запоріжжя"),
    ("Kunduz", "کندز"),
    ("Deir ez-Zor", "دير الزور"),
    ("Hill Hospital", "Hospital on the hill"),
    ("Clinic 3", "Clinic ٣"),
    ("Mekelle", "Mekele"),
    ("مدرسة النور", "مدرســة النور"),
    ("Ｈｉｌｌ", "hill"),
)
OTHER = (
    ("School 12", "School 21"),
    ("Hill Hospital", "River Hospital"),
    ("Aleppo", "Homs"),
    ("Харків", "Kyiv"),
    ("الشفاء", "القدس"),
    ("", "Hill"),
)


def alike(one: str, other: str) -> int:
    return likeness(called(one), called(other))


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_of_the_same_place_are_alike(one: str, other: str) -> None:
    assert alike(one, other) >= ALIKE


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_names_of_other_places_are_not(one: str, other: str) -> None:
    assert alike(one, other) < ALIKE


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_two_names_are_compared_alike_both_ways_within_bounds(one: str, other: str) -> None:
    found = alike(one, other)
    assert found == alike(other, one)
    assert 0 <= found <= 1_000


@given(st.text(max_size=300))
def test_a_name_that_has_any_letter_is_most_alike_to_itself(name: str) -> None:
    assert alike(name, name) == (1_000 if folded(name) else 0)
    assert len(skeleton(name)) <= 2 * 200
