# SPDX-License-Identifier: Apache-2.0
"""A cover holds all of what it covers, and tells nothing of where in its cell that lies (design §2)."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from standclear.core.cover import MAX_VOLUMES, cover_of
from standclear.core.judge import hazard_volumes, occupied
from standclear.core.model import Activity, Content, GroundHazard, Movement, Site
from standclear.core.terms import CoverSteps
from standclear.geometry.separation import Outcome, closeness
from standclear.geometry.volume import (
    NO_THEATRE,
    Band,
    Datum,
    Edges,
    Footprint,
    Level,
    Minima,
    Shape,
    Volume,
    Window,
)
from tests.geometry.oracle import GEOD, edges_of
from tests.world import COVER, DAY, HOUR, T0, area, convoy, flight, hospital, metres, terms

TERMS = terms()
TOUCHING = Minima(horizontal_mm=0, vertical_mm=0, time_us=0)
ALWAYS = Window(start_us=None, end_us=None)
EVERYWHERE = Band(lower=None, upper=None)


def site(*footprints: Footprint, band: Band = EVERYWHERE, window: Window = ALWAYS) -> Site:
    volumes = tuple(Volume(footprint=footprint, band=band, window=window) for footprint in footprints)
    return Site(kind="hospital", name="Clinic", volumes=volumes, placed=True, valid_until_us=None)


def shape(
    kind: Shape, *spots: tuple[float, float], edges: Edges = Edges.GEODESIC, radius_m: float = 0
) -> Footprint:
    ring = tuple((round(lon * 1e7), round(lat * 1e7)) for lon, lat in spots)
    return Footprint(
        shape=kind, rings=(ring,), edges=edges, radius_mm=round(radius_m * 1000), uncertainty_mm=0
    )


# ---- it holds everything --------------------------------------------------------------------------------


def rim(footprint: Footprint) -> list[tuple[float, float]]:
    """Points of a footprint: along its edges under every reading, and as far from them as it reaches."""
    readings = [False, True] if footprint.edges is Edges.UNKNOWN else [None]
    reach_m = (footprint.radius_mm + footprint.uncertainty_mm) / 1000
    found = []
    for reading in readings:
        for edge in edges_of(footprint, reading):
            lon, lat = edge.spots(np.linspace(0, 1, 7))
            for one, other in zip(lon.tolist(), lat.tolist(), strict=True):
                found.append((one, other))
                for azimuth in range(0, 360, 90) if reach_m else ():
                    there_lon, there_lat, _ = GEOD.fwd(one, other, azimuth, reach_m)
                    found.append((there_lon, there_lat))
    return found


def beyond_m(cover: Footprint, lon: float, lat: float, of: Footprint | None = None) -> float:
    """How far a point lies beyond a cover, at most: from the nearest of many places of its cell.

    Among them the vertices of what is covered, brought into the cell.
    """
    west, south = (value / 1e7 for value in cover.rings[0][0])
    east, north = (value / 1e7 for value in cover.rings[0][2])
    lon = west + (lon - west) % 360
    vertices = of.rings[0] if of else ()
    own = [west + (x / 1e7 - west) % 360 for x, _ in vertices]
    lons = np.clip(np.append(np.linspace(west, east, 5), [lon, lon - 360, *own]), west, east)
    lats = np.clip(
        np.append(np.linspace(south, north, 5), [lat, *(y / 1e7 for _, y in vertices)]), south, north
    )
    x, y = (grid.ravel() for grid in np.meshgrid(lons, lats))
    _, _, apart = GEOD.inv(x, y, np.full(len(x), lon), np.full(len(x), lat))
    return float(apart.min()) - (cover.radius_mm + cover.uncertainty_mm) / 1000


latitudes = st.one_of(st.floats(-89.99, 89.99), st.sampled_from([0.0, 89.999, -89.95, 45.0]))
longitudes = st.one_of(st.floats(-180, 180), st.sampled_from([-180.0, 180.0, 179.99, -179.95, 0.0]))


@st.composite
def footprints(draw: st.DrawFn) -> Footprint:
    """Points, lines and triangles of metres to a thousand kilometres, anywhere."""
    kind = draw(st.sampled_from(list(Shape)))
    lon, lat = draw(longitudes), draw(latitudes)
    spots = [(lon, lat)]
    count = {Shape.POINT: 1, Shape.LINE: draw(st.integers(2, 5)), Shape.POLYGON: 3}[kind]
    size_m = draw(st.sampled_from([10.0, 3_000.0, 60_000.0] + [700_000.0] * (kind is Shape.POLYGON)))
    for number in range(1, count):
        azimuth = draw(st.floats(0, 100)) + 120 * number
        x, y, _ = GEOD.fwd(*spots[0 if kind is Shape.POLYGON else -1], azimuth, size_m)
        spots.append((x, y))
    edges = draw(st.sampled_from(list(Edges)))
    assume(all(abs((a[0] - b[0] + 180) % 360 - 180) < 90 for a in spots for b in spots))
    return shape(kind, *spots, edges=edges, radius_m=draw(st.sampled_from([0, 1, 999.5, 5_000, 200_000])))


@settings(max_examples=60, deadline=None)
@given(footprints())
@example(shape(Shape.POINT, (30.0, 90.0), radius_m=100))
@example(shape(Shape.POINT, (-180.0, -90.0), radius_m=100))
@example(shape(Shape.LINE, (179.95, 0.0), (-178.0, 0.0), radius_m=100))
@example(shape(Shape.LINE, (30.0, 60.0), (31.0, 60.0), edges=Edges.UNKNOWN))
def test_every_point_of_a_footprint_lies_in_its_cover(footprint: Footprint) -> None:
    covers = [volume.footprint for volume in occupied(cover_of(site(footprint), TERMS))]
    for lon, lat in rim(footprint):
        assert any(beyond_m(cover, lon, lat, footprint) <= 0.001 for cover in covers), (lon, lat)


@settings(max_examples=40, deadline=None)
@given(footprints())
def test_the_engine_finds_every_place_and_its_cover_touching(footprint: Footprint) -> None:
    (volume,) = site(footprint).volumes
    found = [
        closeness(volume, cover, TOUCHING, NO_THEATRE) for cover in occupied(cover_of(site(footprint), TERMS))
    ]
    assert any(close is not None and close.outcome is Outcome.CONFLICT for close in found)


@pytest.mark.parametrize("spot", [(0, 0), (90, 0), (-180, 0), (13, 47), (-100, -33), (30, 90), (7, -90)])
def test_what_no_reach_holds_is_covered_by_the_whole_earth(spot: tuple[float, float]) -> None:
    huge = shape(Shape.POLYGON, (0, 0), (60, 0), (60, 60), edges=Edges.LONLAT, radius_m=900_000)
    anywhere = Volume(footprint=shape(Shape.POINT, spot), band=EVERYWHERE, window=ALWAYS)
    found = [
        closeness(anywhere, cover, TOUCHING, NO_THEATRE) for cover in occupied(cover_of(site(huge), TERMS))
    ]
    assert any(close is not None and close.horizontal_mm.upper is not None for close in found)


levels = st.builds(
    Level,
    value_mm=st.one_of(
        st.integers(-12_000_000, 30_000_000), st.sampled_from([-12_000_000, 0, 1_000_000_000])
    ),
    datum=st.sampled_from(list(Datum)),
)
moments = st.one_of(st.none(), st.integers(T0, T0 + 3 * DAY), st.just(253_402_300_799_999_999))


@given(st.one_of(st.none(), levels), st.one_of(st.none(), levels), moments, moments)
def test_heights_and_times_are_widened_to_the_steps_in_their_own_datum(
    lower: Level | None, upper: Level | None, start: int | None, end: int | None
) -> None:
    place, window = shape(Shape.POINT, (30, 1)), Window(start_us=start, end_us=end)
    (cover,) = occupied(cover_of(site(place, band=Band(lower=lower, upper=upper), window=window), TERMS))
    for now, was, down, step, ends in (
        (cover.band.lower, lower, True, 500_000, (-12_000_000, 1_000_000_000)),
        (cover.band.upper, upper, False, 500_000, (-12_000_000, 1_000_000_000)),
    ):
        assert (now is None) is (was is None)
        if now is not None and was is not None:
            wider = was.value_mm - now.value_mm if down else now.value_mm - was.value_mm
            assert now.datum is was.datum
            assert 0 <= wider < step
            assert now.value_mm % step == 0 or now.value_mm in ends
    for moved, then in ((cover.window.start_us, start), (cover.window.end_us, end)):
        assert (moved is None) is (then is None)
    if start is not None and cover.window.start_us is not None:
        assert 0 <= start - cover.window.start_us < HOUR
        assert cover.window.start_us % HOUR == 0
    if end is not None and cover.window.end_us is not None:
        assert 0 <= cover.window.end_us - end < HOUR


def test_a_convoys_halts_are_covered_too() -> None:
    content = convoy()
    whole = occupied(cover_of(content, TERMS))
    for volume in occupied(content):
        for minute in (volume.window.start_us, volume.window.end_us):
            held = [c for c in whole if _within(minute, c.window)]
            for lon, lat in rim(volume.footprint):
                assert any(beyond_m(c.footprint, lon, lat) <= 0.001 for c in held)


def _within(moment: int | None, window: Window) -> bool:
    assert moment is not None
    return (window.start_us or 0) <= moment <= (window.end_us or 2**62)


@pytest.mark.parametrize("declared", [True, False])
def test_a_hazard_reaches_the_ground_first_and_is_covered_where_it_is_declared(declared: bool) -> None:
    content = flight(hazard=GroundHazard.POSSIBLE)
    if declared:
        content = msgspec.structs.replace(content, hazard=(shape(Shape.POINT, (31.5, 2), radius_m=50),))
    cover = cover_of(content, TERMS)
    assert isinstance(cover, Activity)
    (covered,) = cover.volumes
    assert (covered.band.lower, covered.band.upper) == (metres(1_000), metres(1_500))
    columns = hazard_volumes(cover, 0)
    assert all(column.band.lower is None for column in columns)
    for column in hazard_volumes(content, TERMS.hazard_margin_mm):
        for lon, lat in rim(column.footprint):
            assert any(beyond_m(c.footprint, lon, lat) <= 0.001 for c in columns)


def test_an_activity_without_hazard_declares_none_in_its_cover() -> None:
    cover = cover_of(flight(), TERMS)
    assert isinstance(cover, Activity)
    assert (cover.ground_hazard, cover.hazard) == (GroundHazard.NONE, ())


# ---- it tells nothing else ------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(
    st.integers(-1_800, 1_799), st.integers(-900, 899), st.tuples(*[st.integers(0, 999_999)] * 2), st.data()
)
def test_wherever_a_site_lies_in_its_cell_the_cover_is_the_same(
    column: int, row: int, offset: tuple[int, int], data: st.DataObject
) -> None:
    radius_mm = data.draw(st.integers(0, 50_000_000))
    rounded = next(reach for reach in COVER.reaches_mm if reach >= radius_mm)
    lower, hours = data.draw(st.integers(1, 500_000)), data.draw(st.integers(0, HOUR - 1))

    def cover(east: int, north: int, radius: int, height: int, start: int) -> Content:
        at = column * 1_000_000 + east, row * 1_000_000 + north
        place = Footprint(
            shape=Shape.POINT, rings=((at,),), edges=Edges.GEODESIC, radius_mm=radius, uncertainty_mm=0
        )
        band = Band(lower=None, upper=Level(value_mm=height, datum=Datum.AMSL))
        begin = T0 - T0 % HOUR + start
        return cover_of(site(place, band=band, window=Window(start_us=begin, end_us=None)), TERMS)

    assert cover(*offset, radius_mm, lower, hours) == cover(0, 0, rounded, 500_000, 0)


@given(st.floats(0.0001, 0.0999), st.floats(0.0001, 0.0999))
def test_a_short_road_is_one_cell_whichever_way_it_runs(east: float, north: float) -> None:
    def road(lon: float, lat: float) -> Site:
        return site(shape(Shape.LINE, (lon, lat), (lon + 0.02, lat + 0.02), radius_m=100))

    assert cover_of(road(30 + east, 1 + north), TERMS) == cover_of(road(30.05, 1.05), TERMS)


def test_no_name_and_no_vertex_is_in_a_cover() -> None:
    for content in (hospital(30.0123, 1.5123), convoy(30.0123, 1.5123), flight(30.0123, 1.5123)):
        text = msgspec.json.encode(cover_of(content, TERMS))
        assert content.name.encode() not in text
        assert b"300123" not in text
        assert b"15123" not in text


def test_equal_covers_are_one_in_whatever_order_they_were_given() -> None:
    places = [shape(Shape.POINT, (30.01 + n / 1000, 1.51), radius_m=n) for n in range(5)]
    places.append(shape(Shape.POINT, (31.0, 1.5)))
    there, back = cover_of(site(*places), TERMS), cover_of(site(*reversed(places)), TERMS)
    assert there == back
    assert len(occupied(there)) == 2


def test_a_long_road_is_covered_in_pieces_no_longer_than_a_cell() -> None:
    road = shape(Shape.LINE, (30.05, 1.05), (31.95, 1.05), radius_m=500)
    covers = occupied(cover_of(site(road), TERMS))
    assert 18 <= len(covers) <= 22
    assert {cover.footprint.radius_mm for cover in covers} <= {5_000_000, 20_000_000}


def test_a_cover_never_has_more_volumes_than_a_notice_may_have() -> None:
    way = [(30 + n / 2, 1.05 + (n % 2)) for n in range(60)]
    road = shape(Shape.LINE, *way, radius_m=500)
    covers = occupied(cover_of(site(road, road), TERMS))
    assert 100 < len(covers) <= MAX_VOLUMES
    for lon, lat in rim(road)[:: len(way)]:
        assert any(beyond_m(cover.footprint, lon, lat) <= 0.001 for cover in covers)


def test_a_convoy_of_two_hundred_legs_keeps_its_halts() -> None:
    legs = []
    for n in range(200):
        start = T0 + n * 10 * HOUR
        place = shape(Shape.POINT, (30 + n / 5, 1.0), radius_m=10)
        window = Window(start_us=start, end_us=start + HOUR)
        legs.append(Volume(footprint=place, band=EVERYWHERE, window=window))
    cover = cover_of(Movement(kind="convoy", name="", legs=tuple(legs)), TERMS)
    assert isinstance(cover, Movement)
    assert len(cover.legs) == 200
    for before, after in pairwise(legs):
        for at in (before, after):
            moment = (before.window.end_us or 0) + 3 * HOUR
            lon, lat = (value / 1e7 for value in at.footprint.rings[0][0])
            held = [leg for leg in cover.legs if _within(moment, leg.window)]
            assert any(beyond_m(leg.footprint, lon, lat) <= 0.001 for leg in held)


def test_two_hundred_volumes_that_no_reach_holds_are_still_covered() -> None:
    huge = shape(Shape.POLYGON, (0, 0), (60, 0), (60, 60), edges=Edges.LONLAT, radius_m=900_000)
    volumes = tuple(
        Volume(
            footprint=huge,
            band=EVERYWHERE,
            window=Window(start_us=T0 + n * 2 * HOUR, end_us=T0 + n * 2 * HOUR + HOUR),
        )
        for n in range(200)
    )
    covers = occupied(cover_of(msgspec.structs.replace(flight(), volumes=volumes), TERMS))
    assert len(covers) == 8
    assert {(cover.window.start_us, cover.window.end_us) for cover in covers} == {(T0, T0 + 399 * HOUR)}


def test_a_site_on_a_border_belongs_to_one_cell_and_the_poles_and_the_date_line_to_theirs() -> None:
    for (lon, lat), west_south in {
        (30.0, 1.5): (300_000_000, 15_000_000),
        (180.0, 90.0): (-1_800_000_000, 899_000_000),
        (-180.0, -90.0): (-1_800_000_000, -900_000_000),
    }.items():
        (cover,) = occupied(cover_of(site(shape(Shape.POINT, (lon, lat))), TERMS))
        assert cover.footprint.rings[0][0] == west_south


def test_areas_have_no_cover() -> None:
    with pytest.raises(TypeError):
        cover_of(area(), TERMS)


def test_a_sites_validity_is_widened_as_its_hours_are() -> None:
    brief = msgspec.structs.replace(hospital(), valid_until_us=T0 + 1)
    cover = cover_of(brief, TERMS)
    assert isinstance(cover, Site)
    assert cover.valid_until_us == T0 + HOUR


def test_coarser_steps_make_coarser_covers() -> None:
    coarse = CoverSteps(cell_e7=10_000_000, reaches_mm=(50_000_000,), height_mm=1_000_000, time_us=DAY)
    (cover,) = occupied(cover_of(hospital(), terms(cover=coarse)))
    assert cover.footprint.radius_mm == 50_000_000
    assert cover.footprint.rings[0][2] == (310_000_000, 20_000_000)
