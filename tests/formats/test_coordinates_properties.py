# SPDX-License-Identifier: Apache-2.0
"""Whatever is written in whatever notation: the place meant lies within the uncertainty stated, or it is refused."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from standclear.errors import Malformed
from standclear.formats.coordinates import Order, Place, echo, read_coordinates
from standclear.formats.coordinates.grid import square_of
from standclear.formats.coordinates.mercator import to_utm, zone_of
from standclear.units import E7

GEOD = Geod(ellps="WGS84")
E9 = 10**9
LATITUDES = st.integers(-90 * E9, 90 * E9)
LONGITUDES = st.integers(-180 * E9, 180 * E9)
PLACES = st.tuples(LATITUDES, LONGITUDES)
ASIDE = st.tuples(
    st.integers(E9, 89 * E9) | st.integers(-89 * E9, -E9),
    st.integers(E9, 179 * E9) | st.integers(-179 * E9, -E9),
)
"""Off the equator and off Greenwich."""
LETTERS = st.sampled_from(
    (("N", "S", "E", "W"), ("с.ш.", "ю.ш.", "в.д.", "з.д."), ("пн. ш.", "пд. ш.", "сх. д.", "зх. д."),
     ("ش", "ج", "ق", "غ"), ("شمالاً", "جنوباً", "شرقاً", "غرباً"), ("Nord", "Süd", "Ost", "West"),
     ("nord", "sud", "est", "ouest"), ("north", "south", "east", "west"))
)  # fmt: skip
DIGITS = st.sampled_from(("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"))
MARKS = st.sampled_from((("°", "'", '"'), ("º", "’", "”"), ("˚", "′", "″"), ("d", "m", "s"), (" ", " ", " ")))


def far_mm(place: Place, lon: float, lat: float) -> float:
    """From the core to a place, by GeographicLib."""
    _, _, metres = GEOD.inv(place.lon_e7 / E7, place.lat_e7 / E7, lon, lat)
    return float(metres) * 1_000


def counted(value: int, scale: int, cut: bool) -> int:
    """How many parts of a degree a magnitude has, rounded or cut off."""
    exact = Fraction(abs(value), E9) * scale
    return int(exact) if cut else round(exact)


def sexagesimal(value: int, parts: int, digits: int, cut: bool, marks: tuple[str, str, str]) -> str:
    """Degrees, minutes and seconds as far as `parts`, the last with so many decimals."""
    unit, fine = 60 ** (parts - 1), 10**digits
    whole, frac = divmod(counted(value, unit * fine, cut), fine)
    numbers = [whole // unit] + [whole // 60**n % 60 for n in range(parts - 2, -1, -1)]
    decimals = f".{frac:0{digits}d}" if digits else ""
    return "".join(f"{n}{'' if k < parts - 1 else decimals}{marks[k]}" for k, n in enumerate(numbers))


@given(PLACES, st.integers(1, 3), st.integers(0, 7), st.booleans(), LETTERS, MARKS, DIGITS, st.booleans())
def test_the_place_meant_lies_within_the_uncertainty_in_degrees(
    place: tuple[int, int],
    parts: int,
    digits: int,
    cut: bool,
    letters: tuple[str, str, str, str],
    marks: tuple[str, str, str],
    system: str,
    before: bool,
) -> None:
    lat, lon = place
    sides = (letters[lat < 0], letters[2 + (lon < 0)])
    angles = (sexagesimal(value, parts, digits, cut, marks) for value in place)
    pairs = zip(sides, angles, strict=True)
    text = ", ".join(f"{side} {angle}" if before else f"{angle} {side}" for side, angle in pairs)
    text = "".join(system[int(c)] if c in "0123456789" else c for c in text)
    read = read_coordinates(text)
    assert far_mm(read, lon / E9, lat / E9) <= read.uncertainty_mm


@given(PLACES, st.integers(0, 9), st.booleans(), st.sampled_from(Order))
def test_the_place_meant_lies_within_the_uncertainty_in_signed_decimals(
    place: tuple[int, int], digits: int, cut: bool, order: Order
) -> None:
    numbers = [f"{'-' * (v < 0)}{sexagesimal(v, 1, digits, cut, ('', '', ''))}" for v in place]
    text = ", ".join(numbers if order is Order.LAT_LON else reversed(numbers))
    read = read_coordinates(text, order=order)
    assert far_mm(read, place[1] / E9, place[0] / E9) <= read.uncertainty_mm
    uri = read_coordinates(f"geo:{numbers[0]},{numbers[1]}")
    assert (uri.lat_e7, uri.lon_e7, uri.uncertainty_mm) == (read.lat_e7, read.lon_e7, read.uncertainty_mm)


@given(st.integers(-80 * E9, 84 * E9 - 1), LONGITUDES, st.integers(0, 5), st.booleans())
def test_the_place_meant_lies_within_the_square_of_any_size(
    lat: int, lon: int, digits: int, spaced: bool
) -> None:
    degrees = (lon / E9, lat / E9)
    square = square_of(*degrees, zone_of(*degrees), digits)
    read = read_coordinates(square if spaced else square.replace(" ", "").lower())
    assert far_mm(read, *degrees) <= read.uncertainty_mm
    assert echo(read).mgrs == square


@given(st.integers(-80 * E9, 84 * E9 - 1), LONGITUDES, st.integers(0, 3), st.booleans())
def test_the_place_meant_lies_within_the_uncertainty_in_utm(
    lat: int, lon: int, digits: int, cut: bool
) -> None:
    degrees = (lon / E9, lat / E9)
    zone = zone_of(*degrees)
    metres = [counted(round(m * E9), 10**digits, cut) / 10**digits for m in to_utm(*degrees, zone, lat < 0)]
    east, north = (
        f"{m:0{width + bool(digits) + digits}.{digits}f}" for m, width in zip(metres, (6, 7), strict=True)
    )
    read = read_coordinates(f"{zone} {'south' if lat < 0 else 'north'} {east} {north}")
    assert far_mm(read, *degrees) <= read.uncertainty_mm


@given(PLACES, st.integers(1, 3), st.integers(0, 7))
def test_every_echo_read_again_covers_what_was_understood(
    place: tuple[int, int], parts: int, digits: int
) -> None:
    letters = ("NS"[place[0] < 0], "EW"[place[1] < 0])
    text = " ".join(
        f"{sexagesimal(value, parts, digits, False, ('°', chr(39), chr(34)))} {letter}"
        for value, letter in zip(place, letters, strict=True)
    )
    read = read_coordinates(text)
    said = echo(read)
    for notation in (said.decimal, said.dms, said.mgrs):
        if notation is not None:
            again = read_coordinates(notation)
            moved = far_mm(again, read.lon_e7 / E7, read.lat_e7 / E7)
            assert again.uncertainty_mm >= read.uncertainty_mm
            assert moved + read.uncertainty_mm <= again.uncertainty_mm + 1e-3


@given(ASIDE, LETTERS, st.integers(0, 7), st.integers(0, 1))
def test_another_hemisphere_is_never_the_same_place(
    place: tuple[int, int], letters: tuple[str, str, str, str], digits: int, axis: int
) -> None:
    numbers = [sexagesimal(value, 1, digits, True, ("°", "", "")) for value in place]
    sides = [letters[place[0] < 0], letters[2 + (place[1] < 0)]]
    one = read_coordinates(f"{numbers[0]} {sides[0]} {numbers[1]} {sides[1]}")
    sides[axis] = letters[2 * axis + (place[axis] >= 0)]
    other = read_coordinates(f"{numbers[0]} {sides[0]} {numbers[1]} {sides[1]}")
    assert (one.lat_e7, one.lon_e7) != (other.lat_e7, other.lon_e7)
    sides[axis] = sides[1 - axis]
    with pytest.raises(Malformed, match="twice"):
        read_coordinates(f"{numbers[0]} {sides[0]} {numbers[1]} {sides[1]}")


def outcome(text: str, order: Order | None) -> Place | Malformed:
    try:
        return read_coordinates(text, order=order)
    except Malformed as refusal:
        return refusal


PIECES = st.sampled_from(
    [
        *"0123456789.,،٫-+NSEWOnsewdm°'\" :;/()[]{}±\u200f\u202e\n٣۴شС",
        "33",
        "36.5",
        "37S",
        "BT",
        "4712",
        "geo:",
        "lat",
        "UTM",
        "с.ш.",
    ]
)


@given(
    st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=250)),
    st.sampled_from([None, *Order]),
)
def test_whatever_is_typed_it_is_one_place_or_a_refusal_in_words(text: str, order: Order | None) -> None:
    read = outcome(text, order)
    if isinstance(read, Malformed):
        assert read.where
        assert read.expected
        return
    assert abs(read.lat_e7) <= 90 * E7
    assert abs(read.lon_e7) <= 180 * E7
    assert read_coordinates(echo(read).decimal).uncertainty_mm >= read.uncertainty_mm
