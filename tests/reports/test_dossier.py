# SPDX-License-Identifier: Apache-2.0
"""Who knew what when, near a place at a time: each sees its own part of it, and every fact is proven."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from standclear.bundle.copy import BundleCopy
from standclear.core.release import SEES_ALL
from standclear.formats.fields import moment_us
from standclear.formats.places import read_place
from standclear.reports.gathering import dossier, question_of
from standclear.units import us_to_iso
from standclear.web.app import READERS, create_app
from standclear.web.held import WebConfig
from standclear.web.server import serve_in_thread
from tests import centre_kit, world
from tests.bundle.kit import changed, proven
from tests.mirror.kit import watching
from tests.reports.kit import AT, DESK, HERE, HILL, LAKE, NORTH, RIVER, account, ask, asked, live, page, story
from tests.web.kit import Served, serve


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    running = serve()
    live(running)
    yield running
    running.stop()


def ids(bundle: bytes) -> set[str]:
    return {told.id for told in story(bundle).notices}


def text(bundle: bytes) -> str:
    """All that a document says, pictures apart."""
    return repr(page(bundle).blocks)


def offline(bundle: bytes) -> bytes:
    """The same dossier, made from a whole bundle."""
    place, radius_mm = read_place(HERE, "8000", ("near", "radius"))
    question = question_of(place, radius_mm, None, moment_us(AT, "at", up=True))
    return b"".join(dossier(BundleCopy(io.BytesIO(bundle)).sight(), question))


@pytest.mark.parametrize("actor", world.EVERYONE)
def test_everyones_dossier_stands_and_tells_only_what_was_released_to_it(served: Served, actor: str) -> None:
    bundle = asked(served, actor)
    assert proven(bundle).wrong == ""
    withheld = {"N7"} if actor in (RIVER, LAKE) else set()
    assert ids(bundle) == {"N3", "N4", "N5", "N7", "N9", "N10", "N12"} - withheld


def test_what_lies_far_away_is_not_in_it(served: Served) -> None:
    assert "N6" not in ids(asked(served, DESK))
    assert ids(asked(served, DESK, near="1.5,40", radius_m="10")) == {"N6"}
    assert ids(asked(served, DESK, near="-60,-100")) == set()


def test_activities_are_in_it_for_their_window_alone(served: Served) -> None:
    before, hour = us_to_iso(world.T0 + world.DAY), us_to_iso(world.T0 + 2 * world.DAY)
    assert "N4" not in ids(asked(served, DESK, at=before))
    assert "N4" in ids(asked(served, DESK, at=hour, start=before))


def test_every_version_is_told_and_which_stood_then(served: Served) -> None:
    said = text(asked(served, HILL))
    assert "Hospital on the hill, east wing" in said
    assert "version 2 stood at the time asked about" in said
    early = text(asked(served, HILL, at=us_to_iso(world.T0 + 2 * world.HOUR)))
    assert "version 1 stood at the time asked about" in early


def test_what_was_recorded_only_later_is_said(served: Served) -> None:
    said = text(asked(served, DESK, at=us_to_iso(world.T0 + world.HOUR)))
    assert "It was recorded only after the time asked about" in said


def test_verdicts_recalls_and_brackets_are_said_in_words(served: Served) -> None:
    said = text(asked(served, NORTH))
    assert "Recalled. The cause is N10." in said
    assert "■ conflict; compared with" in said
    assert "does not rule out a hazard to the ground" in said
    assert "on the ground, 0 m in height.]" in said


def test_a_party_that_did_not_file_it_is_not_told_that_it_was_recalled(served: Served) -> None:
    assert "Recalled" not in text(asked(served, RIVER))


def test_the_desk_proves_who_was_told_by_their_own_views(served: Served) -> None:
    said = text(asked(served, DESK, views="all"))
    assert "Who was told, by the views that were sealed for them:" in said
    assert (
        "No view of it is here for: River Alliance (river-alliance), Lake Observers (lake-observers)." in said
    )
    facts = account(asked(served, DESK, views="all"))["facts"]
    north = [one for one in facts if one["fact"].get("to") == NORTH and one["fact"].get("notice") == "N3"]
    river = [one for one in facts if one["fact"].get("to") == RIVER and one["fact"].get("notice") == "N3"]
    assert north[0]["fact"]["author"] == HILL
    assert river[0]["fact"]["author"] == ""


def test_an_author_proves_whom_it_released_to_by_what_it_signed(served: Served) -> None:
    said = text(asked(served, HILL))
    assert "Who was to be told, by the consent that its author signed with entry 7:" in said
    assert "('Northern Command (north-command)', 'all of it')" in said
    assert "Who was to be told" not in text(asked(served, LAKE))


def test_every_fact_has_its_entry_and_hash(served: Served) -> None:
    bundle = asked(served, NORTH)
    told = story(bundle)
    cited = {fact["cites"]["entry"] for fact in account(bundle)["facts"]}
    assert cited <= set(told.entries)
    said = text(bundle)
    assert all(told.entries[seq].hash in said for seq in cited)


@pytest.mark.parametrize("actor", world.EVERYONE)
def test_the_same_account_comes_from_the_whole_bundle_offline(served: Served, actor: str) -> None:
    whole = served.raw(actor).get("/v1/export").content
    made = offline(whole)
    assert proven(made).wrong == ""
    assert made == asked(served, actor)


def test_with_everyones_views_too(served: Served) -> None:
    whole = served.raw(DESK).get("/v1/export?views=all").content
    assert offline(whole) == asked(served, DESK, views="all")


@pytest.mark.parametrize("actor", world.EVERYONE)
def test_a_mirror_answers_the_same_bytes(served: Served, tmp_path: Path, actor: str) -> None:
    with watching(served.running.url, actor, tmp_path, served.keyed.clock) as watch:
        assert watch.pull().doubts == []
        size = str(watch.mirror.replica.snapshot.size)
        app = create_app(watch.mirror.replica, WebConfig(draw=centre_kit.counting_draw()), READERS)
        there = Served(served.keyed, serve_in_thread(app))
        try:
            mirrored = asked(there, actor, as_known_at=size)
            others = ask(there, actor, near=HERE, radius_m="8000", at=AT, views="all").status_code
        finally:
            for http in there.opened:
                http.close()
            there.running.stop()
            there.clients[actor].close()
    assert mirrored == asked(served, actor, as_known_at=size)
    role = served.keyed.centre.snapshot.state.actors[actor].role
    assert others == (404 if role in SEES_ALL else 200)


def test_as_known_at_tells_nothing_that_came_later(served: Served) -> None:
    bundle = asked(served, DESK, as_known_at="5")
    assert account(bundle)["size"] == 5
    assert ids(bundle) == {"N3", "N4"}


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("notice", "N4"),
        ("author", "river-alliance"),
        ("recorded_us", 1),
        ("to", "hill-relief"),
        ("event", "x"),
    ],
)
def test_a_fact_that_its_event_does_not_say_is_found(served: Served, member: str, value: object) -> None:
    lie = changed(
        asked(served, NORTH), lambda lines: lines[0]["dossier"]["facts"][0]["fact"].update({member: value})
    )
    assert proven(lie).step == "dossier"


def test_a_fact_that_cites_nothing_is_found(served: Served) -> None:
    for place, value in (("event", 7), ("slot", 2), ("entry", 2)):
        lie = changed(
            asked(served, NORTH),
            lambda lines, place=place, value=value: lines[0]["dossier"]["facts"][0]["cites"].update(
                {place: value}
            ),  # type: ignore[misc]
        )
        assert proven(lie).step == "dossier", place


def test_an_entry_taken_out_of_a_selection_breaks_the_chain_or_the_account(served: Served) -> None:
    bundle = asked(served, NORTH)
    for place in range(1, len(bundle.splitlines())):
        assert proven(changed(bundle, lambda lines, place=place: lines.pop(place))).wrong  # type: ignore[misc]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"near": "north"}, "query near: is 'north'"),
        ({"near": "91,0"}, "is no place on earth"),
        ({"radius_m": "-1"}, "is out of range"),
        ({"at": "yesterday"}, "query at"),
        ({"start": "2030-01-01T00:00:00Z"}, "the end comes before the beginning"),
        ({"as_known_at": "999999"}, "query as_known_at"),
    ],
)
def test_a_question_that_cannot_be_meant_is_a_sentence(
    served: Served, query: dict[str, str], sentence: str
) -> None:
    answer = ask(served, NORTH, **({"near": HERE, "radius_m": "8000", "at": AT} | query))
    assert answer.status_code == 422
    problem = answer.json()
    assert sentence in f"{problem.get('where', '')}: {problem['detail']}"
