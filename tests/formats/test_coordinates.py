# SPDX-License-Identifier: Apache-2.0
"""Places as people write them: one place with its uncertainty, or a refusal that names each reading."""

import math

import pytest
from pyproj import Transformer

from standclear.errors import Malformed
from standclear.formats.coordinates import Notation, Order, echo, read_coordinates
from standclear.formats.coordinates.grid import square_of
from standclear.formats.coordinates.mercator import central_meridian, from_utm, to_utm, zone_of
from standclear.units import E7


@pytest.mark.parametrize("zone", [1, 31, 37, 60])
@pytest.mark.parametrize("south", [False, True])
def test_the_grid_is_that_of_proj_within_a_tenth_of_a_micrometre(zone: int, south: bool) -> None:
    oracle = Transformer.from_crs(4326, 32_600 + zone + 100 * south, always_xy=True)
    for n in range(200):
        lat = (n * 0.42) * (-1 if south else 1)
        lon = (central_meridian(zone) + (n * 0.37) % 12 - 6 + 180) % 360 - 180
        expected = oracle.transform(lon, lat)
        assert math.dist(to_utm(lon, lat, zone, south), expected) < 1e-7
        back = from_utm(*expected, zone, south)
        turned = (back[0] - lon + 180) % 360 - 180
        assert math.hypot(turned, back[1] - lat) < 1e-11


def test_a_square_is_its_middle_and_reaches_its_corners() -> None:
    place = read_coordinates("37S BT 47 11")
    assert place.notation is Notation.MGRS
    assert 707_000 < place.uncertainty_mm < 708_000
    corner = read_coordinates("37S BT 47000 11000")
    assert place.lat_e7 > corner.lat_e7 + 44_000


def test_no_order_is_guessed() -> None:
    with pytest.raises(Malformed, match=r"33.5138° N, 36.2765° E; or 36.2765° N, 33.5138° E"):
        read_coordinates("33.5138, 36.2765")
    stated = read_coordinates("33.5138, 36.2765", order=Order.LAT_LON)
    assert (stated.lon_e7, stated.lat_e7) == (362_765_000, 335_138_000)
    other = read_coordinates("33.5138, 36.2765", order=Order.LON_LAT)
    assert (other.lon_e7, other.lat_e7) == (335_138_000, 362_765_000)


def test_the_echo_of_a_notation_is_what_was_typed() -> None:
    assert echo(read_coordinates("33,5138 с.ш. 36,2765 в.д.")).decimal == "33.5138° N, 36.2765° E"
    assert echo(read_coordinates("33 30 50 N 36 16 35 E")).dms == "33°30'50\" N 036°16'35\" E"
    assert echo(read_coordinates("37sbt4712311987")).mgrs == "37S BT 47123 11987"


@pytest.mark.parametrize(
    ("square", "crs", "easting", "northing"),
    [
        ("38SMB4488", 32_638, 444_500, 3_688_500),
        ("32VKM1234512345", 32_632, 212_345.5, 6_612_345.5),
        ("33XVG1234512345", 32_633, 412_345.5, 8_612_345.5),
        ("19HCC4496090500", 32_719, 344_960.5, 6_290_500.5),
    ],
)
def test_squares_lie_where_their_letters_put_them(
    square: str, crs: int, easting: float, northing: float
) -> None:
    lon, lat = Transformer.from_crs(crs, 4326, always_xy=True).transform(easting, northing)
    place = read_coordinates(square)
    assert abs(place.lat_e7 - lat * E7) <= 1
    assert abs(place.lon_e7 - lon * E7) <= 1


def test_a_square_is_where_the_manual_of_geographiclib_has_it() -> None:
    place = read_coordinates("38SMB4488")
    assert (round(place.lat_e7, -2), round(place.lon_e7, -2)) == (333_342_400, 444_036_300)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("60.0000 N 2.9900 E", "31V"), ("60.0000 N 3.0100 E", "32V"), ("78.0000 N 8.9900 E", "31X"),
        ("78.0000 N 9.0100 E", "33X"), ("78.0000 N 21.0100 E", "35X"), ("78.0000 N 33.0100 E", "37X"),
        ("55.0000 N 3.0100 E", "31U"), ("83.9999 N 179.9000 W", "1X"), ("79.9999 S 179.9000 E", "60C"),
        ("0.0001 S 0.1000 W", "30M"), ("0.0001 N 0.1000 W", "30N"),
    ],
)  # fmt: skip
def test_the_wider_zones_of_the_north_are_echoed_and_read(text: str, zone: str) -> None:
    square = str(echo(read_coordinates(text)).mgrs)
    assert square.startswith(f"{zone} ")
    assert echo(read_coordinates(square.partition(" ±")[0])).mgrs == square.partition(" ±")[0]


@pytest.mark.parametrize("lon", [35.9999, 36.0001])
@pytest.mark.parametrize("digits", range(6))
def test_a_square_that_the_edge_of_its_zone_cuts_is_named_as_it_was_typed(lon: float, digits: int) -> None:
    square = square_of(lon, 33.5138, zone_of(lon, 33.5138), digits)
    assert echo(read_coordinates(square)).mgrs == square


def test_too_much_text_is_refused_unread() -> None:
    with pytest.raises(Malformed, match="has 201 characters"):
        read_coordinates("3" * 201)


@pytest.mark.parametrize(
    "text",
    ["37sbt" + "1 " * 97, "1s" * 100, "1," * 100, "O1s" * 60, "n s e w " * 25, ";a=" * 60, "geo:1,1" + ";a" * 90,
     "{" + '"coordinates":' * 14, "1°" * 90, "-1" * 24, "1-1," * 12, "n 1 s " * 8],
)  # fmt: skip
def test_no_text_makes_the_reader_search_for_long(text: str) -> None:
    """Each is bounded by its tokens; a search that doubles with each character would not end here."""
    with pytest.raises(Malformed):
        read_coordinates(text[:200])


def test_an_echo_whose_core_is_rounded_elsewhere_still_covers_the_place() -> None:
    place = read_coordinates("0°0.00001' N 0°0.00007' E")
    again = read_coordinates(echo(place).dms)
    moved_mm = 11.2 * math.hypot(again.lat_e7 - place.lat_e7, again.lon_e7 - place.lon_e7)
    assert again.uncertainty_mm >= moved_mm + place.uncertainty_mm
