# SPDX-License-Identifier: Apache-2.0
"""A place against the district it was declared for: a slip is asked about, and never corrected."""

import pytest

from standclear.errors import Malformed
from standclear.formats.coordinates import Held, Order, Standing, district_of, held_against, read_coordinates
from standclear.geometry.volume import Footprint

Box = tuple[float, float, float, float]
VALLEY: Box = (36.1, 33.3, 36.6, 33.7)
HILLS: Box = (35.5, 35.2, 37.2, 37.1)
"""Holds places whose latitude and longitude may be swapped and still lie in it."""


def box(west: float, south: float, east: float, north: float) -> Footprint:
    corners = ((west, south), (east, south), (east, north), (west, north))
    return district_of([(round(lon * 1e7), round(lat * 1e7)) for lon, lat in corners])


def held(text: str, district: Box = VALLEY, order: Order | None = None) -> Held:
    return held_against(read_coordinates(text, order=order), [box(*district)])


def test_a_place_inside_needs_no_word() -> None:
    assert held("33.5138 N 36.2765 E") == (Standing.INSIDE, ())
    assert held("37S BT 47123 11987") == (Standing.INSIDE, ())


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("36.2765 N 33.5138 E", "33.5138° N, 36.2765° E: latitude and longitude swapped."),
        ("33.5138 S 36.2765 E", "33.5138° N, 36.2765° E: the other side of the equator."),
        ("33.5138 N 36.2765 W", "33.5138° N, 36.2765° E: the other side of Greenwich."),
        ("33.5138 S 36.2765 W", "33.5138° N, 36.2765° E: the other side of both."),
        (
            "36.2765 S 33.5138 E",
            "33.5138° N, 36.2765° E: latitude and longitude swapped, and the other side of Greenwich.",
        ),
    ],
)
def test_a_slip_that_would_put_it_inside_is_named(text: str, slip: str) -> None:
    standing, warnings = held(text)
    assert standing is Standing.OUTSIDE
    assert warnings[0].startswith("The place lies outside the district, ")
    assert warnings[1:] == (f"Inside would be {slip}",)


def test_minutes_and_seconds_typed_as_decimals_are_named() -> None:
    around = (36.26, 33.505, 36.28, 33.52)
    _, warnings = held("33.3030 N 36.1635 E", around)
    assert warnings[1] == (
        "Inside would be 33.5083° N, 36.2764° E ±41 m: the decimals meant as minutes and seconds."
    )
    _, warnings = held("33.30828 N 36.16590 E", around)
    assert "Inside would be 33.51380° N, 36.27650° E ±2.42 m: the decimals meant as minutes." in warnings
    _, warnings = held("33.75 N 36.16 E", around)
    assert len(warnings) == 1


def test_far_from_every_slip_only_the_distance_is_said() -> None:
    assert held("10.5 N 10.5 E") == (
        Standing.OUTSIDE,
        ("The place lies outside the district, 3620 km away at least.",),
    )


def test_what_is_not_known_well_enough_is_said() -> None:
    standing, warnings = held("33.5 N 36.2 E")
    assert standing is Standing.PARTLY
    assert warnings == ("The place is not known well enough to say that it lies inside the district.",)


def test_a_swap_within_the_district_is_not_hidden_by_it() -> None:
    stated = held("35.9333, 36.6333", HILLS, Order.LAT_LON)
    assert stated.standing is Standing.INSIDE
    (said,) = stated.warnings
    assert said == (
        "The district cannot tell: 36.6333° N, 35.9333° E lies inside as well (latitude and longitude swapped)."
    )
    assert held("35.9333 N 36.6333 E", HILLS).warnings == ()


def test_a_district_of_several_parts_holds_what_one_of_them_holds() -> None:
    place = read_coordinates("33.5138 N 36.2765 E")
    parts = [box(10, 10, 11, 11), box(*VALLEY)]
    assert held_against(place, parts).standing is Standing.INSIDE
    with pytest.raises(Malformed, match="holds no area"):
        held_against(place, [])
