# SPDX-License-Identifier: Apache-2.0
"""A shelf that was changed entry by entry holds what one made anew holds; and the map that is drawn from it."""

from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from standclear.core.model import Site
from standclear.core.state import Notice, State
from standclear.web.auth import Reader
from standclear.web.box import Box, read_box
from standclear.web.shelf import Shelves
from standclear.web.shelving import Row, box_of, shelved
from standclear.web.watch import waits
from tests import world
from tests.core.histories import WITH_COVERS, Lived, Step, steps
from tests.keyed_world import KeyedWorld
from tests.web.kit import Served

BOXES = [read_box(text) for text in ("29,1,31,2", "30.005,1,30.013,2", "179,-1,-179,1", "-180,-90,180,90")]
READERS = ("watch-desk", "north-command", "river-alliance", "hill-relief")


@settings(max_examples=60)
@given(steps, st.integers(1, 4))
def test_a_shelf_that_follows_the_inbox_is_the_shelf_of_what_is_known(history: list[Step], each: int) -> None:
    small = KeyedWorld(terms=world.terms(rules=world.ASKING))
    lived, shelves = Lived(small, releases=WITH_COVERS), Shelves()
    try:
        for at, step in enumerate(history):
            lived.happens(step)
            if at % each == 0:
                _compare(small, shelves)
    finally:
        small.keyed.centre.close()


def odd(_: State, notice: Notice) -> bool:
    """Something that turns with whatever is said or decided of a notice."""
    said = (notice.answers, notice.heard, notice.assented, notice.status)
    return (sum(map(len, said)) + notice.version) % 2 == 1


def _compare(small: KeyedWorld, shelves: Shelves) -> None:
    for name in READERS:
        actor = small.state.actors[name]
        reader = Reader(actor.id, actor.number, actor.role, "watch")
        sight = shelves.sight(small.keyed.centre, reader)
        fresh = shelved(sight.state, None if reader.sees_all else reader.actor)
        kept, waiting = sight.shelf, partial(waits, reader)
        assert kept.notices.numbers == fresh.notices.numbers
        assert kept.activities.numbers == fresh.activities.numbers
        assert kept.not_assessed == fresh.not_assessed
        assert kept.those(sight.state, "open", waiting) == fresh.those(sight.state, "open", waiting)
        assert kept.those(sight.state, "odd", odd) == fresh.those(sight.state, "odd", odd)
        for box in BOXES:
            assert kept.notices.meeting(sight.state, box) == fresh.notices.meeting(sight.state, box)
            assert kept.activities.meeting(sight.state, box) == fresh.activities.meeting(sight.state, box)
            _compare_parts(sight.state, kept.notices, fresh.notices, box)
            _compare_parts(sight.state, kept.activities, fresh.activities, box)


def _compare_parts(state: State, kept: Row, fresh: Row, box: Box) -> None:
    """What is counted from its line alone is a live site that reaches into the box; nothing live is left out."""
    boxes, others = kept.parted(state, box)
    assert (boxes.tolist(), others) == (fresh.parted(state, box)[0].tolist(), fresh.parted(state, box)[1])
    met = [state.notices[f"N{number}"] for number in kept.meeting(state, box)]
    live = [one for one in met if one.showings or one.recalled_us is not None]
    counted = [one for one in live if int(one.id[1:]) not in others]
    assert sorted(boxes.tolist()) == sorted(list(box_of(one.content)) for one in counted)
    assert all(isinstance(one.content, Site) and one.showings for one in counted)


def test_few_sites_are_drawn_one_by_one_and_many_are_counted(served: Served) -> None:
    relief, north = served.client("hill-relief"), served.client("north-command")
    for place in range(6):
        relief.notify(world.hospital(30.0 + place / 1000), world.shown_to_all())
    relief.notify(world.hospital(50.0), world.shown_to_all())
    relief.notify(world.convoy(30.2), world.shown_to_all())
    with served.raw("north-command") as http:
        few = http.get("/v1/map?box=29,1,31,2").json()
        many = http.get("/v1/map?box=29,1,31,2&most=5").json()
    assert [item["kind"] for item in few["items"]] == ["hospital"] * 6 + ["convoy"]
    assert few["cells"] == []
    assert [item["kind"] for item in many["items"]] == ["convoy"]
    assert sum(cell["sites"] for cell in many["cells"]) == 6
    assert many["cells"][0]["middle"] == [300_025_000, 15_000_000]
    shown = [notice for notice in north.notices(box="29,1,31,2") if isinstance(notice.content, Site)]
    assert len(shown) == 6


def test_the_map_crosses_the_antimeridian(served: Served) -> None:
    relief = served.client("hill-relief")
    for lon in (179.9, -179.9, 0.0):
        relief.notify(world.hospital(lon), world.shown_to_all())
    with served.raw("north-command") as http:
        counted = http.get("/v1/map?box=179,1,-179,2&most=1").json()
    assert sum(cell["sites"] for cell in counted["cells"]) == 2
