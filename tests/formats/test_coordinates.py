# SPDX-License-Identifier: Apache-2.0
"""Places as people write them: one place with its uncertainty, or a refusal that names each reading."""

import math

import pytest
from pyproj import Transformer

from standclear.errors import Malformed
from standclear.formats.coordinates import Notation, Order, echo, read_coordinates
from standclear.formats.coordinates.mercator import central_meridian, from_utm, to_utm


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
