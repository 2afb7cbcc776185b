# SPDX-License-Identifier: Apache-2.0
"""Reads: what a reader gets, how it is cut into pages, and that it is what its inbox could tell."""

import msgspec
import pytest

from standclear.core.evolve import after_entry
from standclear.core.model import GroundHazard, ReleaseLevel, Status
from standclear.core.state import NOTHING, State
from standclear.tlog.leaf import decode_leaf
from standclear.tlog.slots import verify_slot
from standclear.web.auth import reader_of
from standclear.web.items import item_of
from standclear.web.shelf import Sight
from standclear.web.shelving import Row, Shelf
from tests import world
from tests.web.kit import Served, canonical

FULL, VOLUME = ReleaseLevel.FULL, ReleaseLevel.VOLUME


def busy(served: Served) -> None:
    """Something of everything: amended, withdrawn, blocked, recalled, stopped, checked."""
    relief, north, river = (served.client(a) for a in ("hill-relief", "north-command", "river-alliance"))
    first = relief.notify(world.hospital(30.0), world.shown_to_all())
    relief.notify(world.hospital(30.2), {"river-alliance": FULL}, {"telephone": "by radio"}, ("watch-desk",))
    relief.notify(world.hospital(30.4), {})
    moved = relief.notify(world.hospital(30.6, placed=False), world.shown_to_all(FULL))
    relief.amend(f"N{moved.entry}", world.hospital(30.7, placed=False), {"north-command": VOLUME})
    north.notify(world.flight(30.0, hazard=GroundHazard.POSSIBLE), world.shown_to_all())
    filed = north.notify(world.flight(31.0), world.shown_to_all(FULL))
    relief.notify(world.convoy(31.0), world.shown_to_all())
    river.notify(world.area(lon=33.0), {})
    river.stop((310_000_000, 15_000_000), 2_000_000, "children")
    north.check(world.flight(30.4))
    relief.withdraw(f"N{first.entry}")
    north.reconsider(f"N{filed.entry}")


def test_every_answer_says_of_which_log_and_with_how_many(served: Served) -> None:
    busy(served)
    for path in (
        "/v1/notices",
        "/v1/activities",
        "/v1/terms",
        "/v1/inbox",
        "/v1/entries/0",
        "/v1/notices/N3",
    ):
        with served.raw("north-command") as http:
            told = http.get(path).json()
        assert told["exercise"] is True
        assert told["as_of"]["size"] == served.keyed.centre.snapshot.size
        assert told["outside"] == ["an armed group that took no part"]
        assert "withheld" in told["note"]
        assert told["compared"] == 7
        assert told["not_assessed"] == 1


def test_who_sees_everything_counts_everything(served: Served) -> None:
    busy(served)
    page = served.client("watch-desk").page("/v1/notices")
    notices = served.keyed.centre.snapshot.state.notices
    assert page.compared == sum(bool(notice.showings) for notice in notices.values())


def test_a_cover_beside_the_place_is_one_notice_and_not_two(served: Served) -> None:
    before = served.client("watch-desk").page("/v1/notices").compared
    served.client("hill-relief").notify(world.hospital(31.0), {"north-command": ReleaseLevel.COVER})
    assert served.client("watch-desk").page("/v1/notices").compared == before + 1


def test_what_is_not_released_is_left_out_and_names_are_kept_back(served: Served) -> None:
    busy(served)
    seen = {item.id: item for item in served.client("north-command").notices()}
    assert sorted(seen) == ["N10", "N11", "N12", "N3", "N6"]
    assert (seen["N3"].content.name, seen["N3"].author) == ("", "")
    mine = {item.id: item for item in served.client("hill-relief").notices()}
    assert {"N3", "N4", "N5", "N6"} <= set(mine)
    assert mine["N4"].content.name == "Hospital on the hill"
    assert [release.to for release in mine["N4"].release] == ["river-alliance", "hill-relief"]


def test_the_judgement_of_an_activity_is_its_filers_alone(served: Served) -> None:
    busy(served)
    own = served.client("north-command").activity("N8")
    assert own.status is Status.BLOCKED
    assert own.judged is not None
    other = served.client("river-alliance").activity("N8")
    assert (other.status, other.judged, other.because) == (Status.FILED, None, "")
    assert served.client("elder-panel").activity("N8").status is Status.BLOCKED


def test_a_recalled_activity_may_be_airborne_and_says_so(served: Served) -> None:
    north = served.client("north-command")
    filed = north.notify(world.flight(), world.shown_to_all())
    served.client("hill-relief").stop((300_000_000, 15_000_000), 2_000_000, "children")
    item = north.activity(f"N{filed.entry}")
    assert item.status is Status.RECALLED
    assert item.may_be_airborne
    assert "may be airborne" in item.words[0]
    assert not served.client("river-alliance").activity(item.id).may_be_airborne


def test_a_withdrawn_notice_says_that_the_law_protects_it_still(served: Served) -> None:
    busy(served)
    item = served.client("north-command").notice("N3")
    assert item.status is Status.WITHDRAWN
    assert item.words == ("No longer maintained; legal protection unchanged.",)
    assert item.checked_until_us is not None


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"kind": "convoy"}, ["N10"]),
        ({"status": "withdrawn"}, ["N3"]),
        ({"box": "30.15,1,30.5,2"}, ["N4", "N5"]),
        ({"box": "29.9,1,30.0,2"}, ["N3"]),
        ({"box": "30.5,1,-170,2", "kind": "hospital"}, ["N6"]),
        ({"box": "40,-5,28,5", "kind": "hospital"}, []),
        ({"valid_at": "2027-01-17T09:00:00+01:00", "kind": "convoy"}, ["N10"]),
        ({"valid_at": "2027-01-18T08:00:00Z", "kind": "convoy"}, []),
        ({"after": "N5", "limit": "1"}, ["N6", "N10", "N11", "N12"]),
    ],
)
def test_notices_by_box_time_kind_and_status(served: Served, query: dict[str, str], ids: list[str]) -> None:
    busy_desk(served)
    assert [item.id for item in served.client("watch-desk").notices(**query)] == ids


def busy_desk(served: Served) -> None:
    """The same without the amended site's second entry, so that the numbers are easy to read."""
    relief, north, river = (served.client(a) for a in ("hill-relief", "north-command", "river-alliance"))
    relief.notify(world.hospital(30.0), world.shown_to_all())
    relief.notify(world.hospital(30.2), {"river-alliance": FULL})
    relief.notify(world.hospital(30.4), {})
    relief.notify(world.hospital(30.6), world.shown_to_all(FULL))
    relief.withdraw("N3")
    north.notify(world.flight(31.0), world.shown_to_all(FULL))
    north.check(world.flight(30.4))
    relief.notify(world.convoy(32.0), world.shown_to_all())
    river.notify(world.area(lon=33.0), {})
    river.stop((0, 0), 2_000_000, "children")


def test_pages_follow_each_other_without_gap_or_repetition(served: Served) -> None:
    busy_desk(served)
    client = served.client("watch-desk")
    whole = [item.id for item in client.notices()]
    assert [item.id for item in client.notices(limit="1")] == whole
    assert [item.id for item in client.notices(limit="4")] == whole


def folded(served: Served, actor: str) -> State:
    """What a mirror makes of an inbox, each view proved under its leaf."""
    state = NOTHING
    for view in served.client(actor).inbox():
        body: dict[str, object] = {"events": view.events}
        if view.slot > 1:
            body["command"] = view.command
        root = bytes.fromhex(decode_leaf(view.leaf.encode()).parts_root)
        path = [bytes.fromhex(node) for node in view.path]
        verify_slot(root, view.slot, bytes.fromhex(view.salt), canonical(body), path)
        state = after_entry(msgspec.structs.replace(state, size=view.seq), view.events)
    return state


@pytest.mark.parametrize("actor", world.EVERYONE)
def test_an_inbox_alone_gives_every_answer(served: Served, actor: str) -> None:
    busy(served)
    mirrored = folded(served, actor)
    snapshot = served.keyed.centre.snapshot
    reader = reader_of(snapshot.state, served.client(actor)._link._identity.session_key_id)  # type: ignore[union-attr]
    assert reader is not None
    sight = Sight(reader, mirrored, snapshot.size, snapshot.at_us, Shelf(Row(()), Row(()), frozenset()))
    with served.raw(actor) as http:
        for path in ("/v1/notices", "/v1/activities"):
            page = http.get(path).json()
            assert page["compared"] == sight.compared()
            for item in page["items"]:
                expected = item_of(sight, mirrored.notices[item["id"]])
                assert canonical(item) == canonical(msgspec.to_builtins(expected))


def test_an_entry_is_read_as_far_as_it_was_shown(served: Served) -> None:
    given = served.client("hill-relief").notify(
        world.hospital(), {"north-command": VOLUME, "river-alliance": FULL}
    )
    own = served.client("hill-relief").entry(given.entry)
    assert own.signed is not None
    assert '"notify"' in own.signed.command
    assert served.client("river-alliance").entry(given.entry).signed is not None
    shown = served.client("north-command").entry(given.entry)
    assert (shown.signed, shown.item.command) == (None, False)
    assert served.client("elder-panel").entry(given.entry).signed is not None


def test_the_terms_are_told_with_who_assented(served: Served) -> None:
    answer = served.client("lake-observers").terms()
    assert answer.in_force
    assert answer.assents == ("north-command", "river-alliance")
    assert answer.terms == world.terms()


def test_health_and_checkpoint_are_open(served: Served) -> None:
    with served.raw() as http:
        health = http.get("/v1/health").json()
        note = http.get("/log/checkpoint")
    assert (health["up"], health["origin"], health["size"]) == (True, world.ORIGIN, 3)
    assert note.text.split("\n")[:2] == [world.ORIGIN, "3"]
    assert note.headers["content-type"].startswith("text/plain")
