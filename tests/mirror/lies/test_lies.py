# SPDX-License-Identifier: Apache-2.0
"""One test for each lie of a centre: the mirror, or two copies side by side, say exactly what is wrong.

The centres are real, behind real HTTP, and hold the log's own keys; only what they tell is not so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from standclear.core.model import GroundHazard, ReleaseLevel
from standclear.mirror.doubt import Doubt, Wrong
from standclear.mirror.meeting import meet
from standclear.store.memory import MemoryStore
from tests import world
from tests.mirror.kit import Watching, watching
from tests.mirror.lies.liar import (
    Face,
    HeldBack,
    MadeUp,
    centre_over,
    copied,
    entries_of,
    face,
    forgetting,
    leaf_with,
    leaves_of,
    saying,
    told_anew,
    without,
)
from tests.web.kit import Served, serve

NORTH, RIVER, HILL = "north-command", "river-alliance", "hill-relief"
NORTH_SLOT, RIVER_SLOT = 3, 4
FULL, VOLUME = ReleaseLevel.FULL, ReleaseLevel.VOLUME


class Scene:
    """An honest centre, an address that shows whatever the liar likes, and mirrors that know only the address."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.honest = serve()
        stack.callback(self.honest.stop)
        self.face: Face = stack.enter_context(face(self.honest))
        self._folder, self._stack = folder, stack

    def mirror(self, actor: str) -> Watching:
        """An actor's mirror."""
        clock = self.honest.keyed.clock
        return self._stack.enter_context(watching(self.face.url, actor, self._folder / actor, clock))

    def shows(self, other: Served) -> None:
        """From now on another centre stands behind the address."""
        self.face.behind = other

    def over(self, store: MemoryStore) -> Served:
        """A centre with the same keys over another store."""
        return self._stack.enter_context(centre_over(store))


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with ExitStack() as stack:
        yield Scene(tmp_path, stack)


def only(doubts: list[Doubt]) -> Doubt:
    assert len(doubts) == 1, [doubt.sentence() for doubt in doubts]
    return doubts[0]


def test_it_forks_the_log(scene: Scene) -> None:
    hospital = scene.honest.client(HILL).notify(world.hospital(), world.shown_to_all())
    mirror = scene.mirror(NORTH)
    assert mirror.finds() == []
    other = scene.over(copied(entries_of(scene.honest)[: hospital.entry]))
    other.client(HILL).notify(world.hospital(40.0), world.shown_to_all())
    scene.shows(other)
    doubt = only(mirror.finds())
    assert doubt.wrong is Wrong.FORKED
    assert (
        f"two roots for {hospital.entry + 1} entries, both signed: entry {hospital.entry} was" in doubt.detail
    )
    assert set(doubt.evidence) == {"before", "now"}
    assert mirror.mirror.replica.leaves == leaves_of(scene.honest), "what was held before stands"
    assert mirror.finds() == [], "said once"
    assert "two roots" in mirror.mirror.halted, "and still so"


def test_it_rewrites_an_entry(scene: Scene) -> None:
    hospital = scene.honest.client(HILL).notify(world.hospital(), world.shown_to_all())
    mirror = scene.mirror(NORTH)
    assert mirror.finds() == []
    lie = saying(b"300000000", b"310000000")
    other = scene.over(told_anew(entries_of(scene.honest), hospital.entry, lie))
    other.client(NORTH).notify(world.flight(), world.shown_to_all())
    scene.shows(other)
    doubt = only(mirror.finds())
    assert doubt.wrong is Wrong.REWRITTEN
    assert f"does not contain the log of {hospital.entry + 1} entries that was signed before" in doubt.detail
    assert f"entry {hospital.entry} was" in doubt.detail


def test_it_goes_back_to_an_older_log(scene: Scene) -> None:
    scene.honest.client(HILL).notify(world.hospital(), world.shown_to_all())
    backup = copied(entries_of(scene.honest))
    scene.honest.client(HILL).notify(world.hospital(31.0), world.shown_to_all())
    mirror = scene.mirror(NORTH)
    assert mirror.finds() == []
    scene.shows(scene.over(backup))
    doubt = only(mirror.finds())
    assert doubt.wrong is Wrong.SHORTENED
    assert "signed a log of 5 entries before, and shows one of 4 now" in doubt.detail


def test_it_omits_an_entry(scene: Scene) -> None:
    scene.honest.client(HILL).notify(world.hospital(), world.shown_to_all())
    scene.honest.client(HILL).notify(world.hospital(31.0), world.shown_to_all())
    leaves = leaves_of(scene.honest)
    scene.face.bend = MadeUp([*leaves[:3], *leaves[4:]])
    doubt = only(scene.mirror(NORTH).finds())
    assert (doubt.wrong, doubt.where) == (Wrong.ORDER, "entry 3")
    assert "the leaf in this place says it is entry 4" in doubt.detail


def test_it_omits_an_entry_that_a_party_holds(scene: Scene) -> None:
    scene.honest.client(HILL).notify(world.hospital(), world.shown_to_all())
    mirror = scene.mirror(HILL)
    assert mirror.finds() == []
    other = scene.over(copied(entries_of(scene.honest)[:3]))
    for lon in (31.0, 32.0):
        other.client(HILL).notify(world.hospital(lon), world.shown_to_all())
    scene.shows(other)
    doubt = only(mirror.finds())
    assert doubt.wrong is Wrong.REWRITTEN
    assert "entry 3 was" in doubt.detail


def test_it_reorders_entries(scene: Scene) -> None:
    scene.honest.client(HILL).notify(world.hospital(), world.shown_to_all())
    scene.honest.client(HILL).notify(world.hospital(31.0), world.shown_to_all())
    leaves = leaves_of(scene.honest)
    swapped = [leaf_with(leaves[4], seq=3), leaf_with(leaves[3], seq=4)]
    scene.face.bend = MadeUp([*leaves[:3], *swapped])
    doubt = only(scene.mirror(NORTH).finds())
    assert (doubt.wrong, doubt.where) == (Wrong.ORDER, "entry 4")
    assert "which is not after the entry before it" in doubt.detail


def test_it_dates_an_entry_back(scene: Scene) -> None:
    mirror = scene.mirror(NORTH)
    assert mirror.finds() == []
    scene.honest.keyed.clock.now_us += world.HOUR
    assert mirror.finds() == [], "an hour later the log is still without it"
    scene.honest.client(HILL).notify(world.hospital(), world.shown_to_all())
    leaves = leaves_of(scene.honest)
    early = leaf_with(leaves[3], at=world.T0 + world.MINUTE)
    scene.face.bend = MadeUp([*leaves[:3], early])
    doubt = only(mirror.finds())
    assert (doubt.wrong, doubt.where) == (Wrong.BACKDATED, "entry 3")
    assert "the centre still showed a log without it" in doubt.detail


def test_it_signs_a_head_with_another_key(scene: Scene) -> None:
    scene.face.bend = MadeUp(leaves_of(scene.honest), world.signing_key("somebody"))
    doubt = only(scene.mirror(NORTH).finds())
    assert doubt.wrong is Wrong.SIGNATURE
    assert "no checkpoint key of this log signed it" in doubt.detail


def test_it_serves_leaves_that_are_not_under_its_head(scene: Scene) -> None:
    leaves = leaves_of(scene.honest)
    bend = MadeUp(leaves)
    bend.leaves[2] = leaf_with(leaves[2], at=world.T0 + 2_001)
    scene.face.bend = bend
    doubt = only(scene.mirror(NORTH).finds())
    assert doubt.wrong is Wrong.TILES
    assert "entry 2: the leaf is not the one in the tree" in doubt.detail


def test_it_drops_the_view_of_a_new_key(scene: Scene) -> None:
    _, invited = scene.honest.client(NORTH).invite(NORTH, "night", world.T0 + world.DAY)
    scene.honest.client(HILL).notify(world.hospital(), world.shown_to_all())
    scene.shows(scene.over(told_anew(entries_of(scene.honest), invited.entry, without(RIVER_SLOT))))
    doubt = only(scene.mirror(RIVER).finds())
    assert (doubt.wrong, doubt.where) == (Wrong.DROPPED, f"entry {invited.entry}")
    assert "goes to everyone, and it was not given here" in doubt.detail


def test_it_drops_a_released_view_and_author_and_recipient_find_it_together(scene: Scene) -> None:
    hospital = scene.honest.client(HILL).notify(world.hospital(), world.shown_to_all())
    scene.shows(scene.over(told_anew(entries_of(scene.honest), hospital.entry, without(NORTH_SLOT))))
    relief, north = scene.mirror(HILL), scene.mirror(NORTH)
    assert (relief.finds(), north.finds()) == ([], []), "neither sees it alone"
    doubt = only(list(meet(relief.mirror.replica, north.mirror.replica)))
    assert (doubt.wrong, doubt.where) == (Wrong.DROPPED, f"entry {hospital.entry}")
    assert "hill-relief released it to north-command, which was shown nothing of it" in doubt.detail


def test_it_holds_a_view_back_and_gives_it_later(scene: Scene) -> None:
    scene.honest.client(HILL).notify(world.hospital(), world.shown_to_all())
    scene.honest.client(HILL).notify(world.hospital(31.0), world.shown_to_all())
    mirror = scene.mirror(NORTH)
    scene.face.bend = held_back = HeldBack(3)
    assert mirror.finds() == []
    scene.honest.client(HILL).notify(world.hospital(32.0), world.shown_to_all())
    held_back.now_given = True
    doubt = only(mirror.finds())
    assert (doubt.wrong, doubt.where) == (Wrong.ORDER, "entry 3")
    assert "was not given before" in doubt.detail


def test_it_alters_a_view_on_its_way(scene: Scene) -> None:
    scene.honest.client(HILL).notify(world.hospital(), world.shown_to_all())
    scene.face.bend = lambda path, body: body.replace(b"[300000000,", b"[310000000,")
    doubt = only(scene.mirror(NORTH).finds())
    assert (doubt.wrong, doubt.where) == (Wrong.PROOF, "entry 3")
    assert "what is shown is not what was committed to" in doubt.detail
    assert "310000000" in doubt.evidence["body"]


def test_it_seals_a_view_that_says_something_else_than_was_signed(scene: Scene) -> None:
    hospital = scene.honest.client(HILL).notify(world.hospital(), world.shown_to_all(FULL))
    lie = saying(b"300000000", b"310000000")
    scene.shows(scene.over(told_anew(entries_of(scene.honest), hospital.entry, lie)))
    doubt = only(scene.mirror(NORTH).finds())
    assert (doubt.wrong, doubt.where) == (Wrong.ALTERED, f"entry {hospital.entry}")
    assert "N3 does not say what hill-relief signed" in doubt.detail


def test_it_seals_another_place_for_one_recipient_and_both_find_it_together(scene: Scene) -> None:
    hospital = scene.honest.client(HILL).notify(world.hospital(), world.shown_to_all(VOLUME))
    lie = saying(b"300000000", b"310000000", NORTH_SLOT)
    scene.shows(scene.over(told_anew(entries_of(scene.honest), hospital.entry, lie)))
    relief, north = scene.mirror(HILL), scene.mirror(NORTH)
    assert (relief.finds(), north.finds()) == ([], []), "neither sees it alone"
    doubt = only(list(meet(relief.mirror.replica, north.mirror.replica)))
    assert (doubt.wrong, doubt.where) == (Wrong.ALTERED, f"entry {hospital.entry}")
    assert "north-command was shown something else than hill-relief released: NoticeRecorded" in doubt.detail


def test_it_files_a_flight_that_its_rules_block(scene: Scene) -> None:
    scene.honest.client(HILL).notify(world.hospital(), world.shown_to_all())
    far = scene.honest.client(NORTH).notify(world.flight(31.0), world.shown_to_all())
    near = _there(scene)
    clear = _judgement_in(scene, far.entry)

    def lie(bodies: dict[int, bytes]) -> dict[int, bytes]:
        blocked = _judgement_in(scene, near)
        filed = clear.replace(b'"compared":1', b'"compared":2')
        return {
            slot: body.replace(b"activity_blocked", b"activity_filed").replace(blocked, filed)
            if slot
            else body
            for slot, body in bodies.items()
        }

    scene.shows(scene.over(told_anew(entries_of(scene.honest), near, lie)))
    doubt = only(scene.mirror(NORTH).finds())
    assert (doubt.wrong, doubt.where) == (Wrong.JUDGED, f"entry {near}, N{near}")
    assert "clear-of-spared and N3: It was recorded as clear; derived again it is conflict" in doubt.detail


def test_it_keeps_silent_about_a_flight_that_a_stop_recalls(scene: Scene) -> None:
    flight = scene.honest.client(NORTH).notify(world.flight(), world.shown_to_all())
    stop = scene.honest.client(HILL).stop((300_000_000, 15_000_000), 2_000_000, "children")
    lie = forgetting("activity_recalled", 1, NORTH_SLOT)
    scene.shows(scene.over(told_anew(entries_of(scene.honest), stop.entry, lie)))
    doubt = only(scene.mirror(NORTH).finds())
    assert (doubt.wrong, doubt.where) == (Wrong.JUDGED, f"entry {stop.entry}, N{flight.entry}")
    assert f"must say recalled because of N{stop.entry}" in doubt.detail
    assert "says nothing" in doubt.detail


def test_it_tells_a_notifier_of_a_flight_farther_away_than_it_is(scene: Scene) -> None:
    scene.honest.client(HILL).notify(world.hospital(), world.shown_to_all())
    near = _there(scene)
    lie = saying(b'"horizontal_mm":{"lower":0,"upper":0}', b'"horizontal_mm":{"lower":400,"upper":500}', 5)
    scene.shows(scene.over(told_anew(entries_of(scene.honest), near, lie)))
    doubt = only(scene.mirror(HILL).finds())
    assert (doubt.wrong, doubt.where) == (Wrong.JUDGED, f"entry {near}, N{near}")
    assert "derived again it is" in doubt.detail


def test_it_gives_a_verdict_that_its_own_findings_are_not(scene: Scene) -> None:
    scene.honest.client(HILL).notify(world.hospital(), world.shown_to_all())
    near = _there(scene)
    before = b'"not_assessed":0,"verdict":"conflict"'
    lie = saying(before, before.replace(b"conflict", b"no_conflict_found"), NORTH_SLOT)
    scene.shows(scene.over(told_anew(entries_of(scene.honest), near, lie)))
    doubt = only(scene.mirror(NORTH).finds())
    assert (doubt.wrong, doubt.where) == (Wrong.JUDGED, f"entry {near}, N{near}")
    assert "the verdict no_conflict_found is not that of its own findings" in doubt.detail


def test_it_says_that_another_assented_than_signed(scene: Scene) -> None:
    lie = saying(b'{"actor":"north-command","event"', b'{"actor":"lake-observers","event"', RIVER_SLOT)
    scene.shows(scene.over(told_anew(entries_of(scene.honest), 1, lie)))
    doubt = scene.mirror(RIVER).finds()[
        0
    ]  # what it believes from then on does not fit the next assent either
    assert (doubt.wrong, doubt.where) == (Wrong.ALTERED, "entry 1")
    assert "the command `assent` of north-command does not cause what the view says" in doubt.detail


def test_it_says_that_something_happened_after_it_was_recorded(scene: Scene) -> None:
    hospital = scene.honest.client(HILL).notify(world.hospital(), world.shown_to_all())
    gone = scene.honest.client(HILL).withdraw(f"N{hospital.entry}")
    lie = saying(b'"at_us":%d' % gone.at_us, b'"at_us":%d' % (gone.at_us + 1), NORTH_SLOT)
    scene.shows(scene.over(told_anew(entries_of(scene.honest), gone.entry, lie)))
    doubt = only(scene.mirror(NORTH).finds())
    assert (doubt.wrong, doubt.where) == (Wrong.ALTERED, f"entry {gone.entry}")
    assert f"NoticeWithdrawn says it happened at {gone.at_us + 1} µs" in doubt.detail


def test_it_shows_another_log_to_another_party_and_two_copies_tell(scene: Scene) -> None:
    hospital = scene.honest.client(HILL).notify(world.hospital(), world.shown_to_all())
    north = scene.mirror(NORTH)
    assert north.finds() == []
    other = scene.over(copied(entries_of(scene.honest)[: hospital.entry]))
    for lon in (40.0, 41.0):
        other.client(HILL).notify(world.hospital(lon), world.shown_to_all())
    scene.shows(other)
    river = scene.mirror(RIVER)
    assert river.finds() == [], "each log holds in itself"
    doubt = only(list(meet(north.mirror.replica, river.mirror.replica)))
    assert (doubt.wrong, doubt.where) == (Wrong.FORKED, f"entry {hospital.entry}")
    assert "the centre showed north-command" in doubt.detail
    assert set(doubt.evidence) == {NORTH, RIVER}


def _there(scene: Scene) -> int:
    """A flight that may drop something, right over the hospital."""
    flight = world.flight(hazard=GroundHazard.POSSIBLE)
    return scene.honest.client(NORTH).notify(flight, world.shown_to_all()).entry


def _judgement_in(scene: Scene, seq: int) -> bytes:
    """The judgement in an entry, as its bytes stand in every slot that has it."""
    body = entries_of(scene.honest)[seq].body(1) or b""
    start = body.index(b'"judgement":')
    depth = 0
    for place in range(body.index(b"{", start), len(body)):
        depth += {ord("{"): 1, ord("}"): -1}.get(body[place], 0)
        if not depth:
            return body[start : place + 1]
    raise AssertionError("no judgement")
