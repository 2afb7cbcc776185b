# SPDX-License-Identifier: Apache-2.0
"""A mirror of an honest centre: it agrees, keeps what it was shown, and goes on where it stopped."""

import json
from pathlib import Path

import pytest

from standclear.core.release import SEES_ALL
from standclear.core.terms import Actor
from standclear.errors import LogBroken, Malformed, Unavailable
from standclear.mirror.copy import FILE
from standclear.mirror.mirror import Mirror
from tests import world
from tests.mirror.kit import watching
from tests.web.kit import Served
from tests.web.test_reads import busy


@pytest.mark.parametrize("actor", world.ACTORS, ids=lambda actor: actor.id)
def test_everyones_mirror_agrees_with_an_honest_centre(served: Served, actor: Actor, tmp_path: Path) -> None:
    busy(served)
    with watching(served.running.url, actor.id, tmp_path, served.keyed.clock) as watch:
        came = watch.pull()
        assert came.doubts == []
        assert came.size == served.keyed.centre.snapshot.size
        known, centre = watch.mirror.replica.snapshot, served.keyed.centre.snapshot
        expected = centre.state if actor.role in SEES_ALL else centre.knowledge[actor.number]
        assert dict(known.state.notices) == dict(expected.notices)


def test_a_party_confirms_all_that_was_decided_about_its_flights(served: Served, tmp_path: Path) -> None:
    busy(served)
    with watching(served.running.url, "north-command", tmp_path, served.keyed.clock) as watch:
        answers = watch.pull().answers
        assert {answer.notice for answer in answers} == {"N8", "N9", ""}
        assert {answer.outcome for answer in answers} == {"confirmed"}
        told = json.loads((tmp_path / "state.json").read_text())
        assert told["decisions"]["confirmed"] == len(answers) >= 4
        assert (told["disagreements"], told["halted"]) == ([], "")


def test_a_mirror_goes_on_from_where_it_stopped(served: Served, tmp_path: Path) -> None:
    busy(served)
    with watching(served.running.url, "north-command", tmp_path, served.keyed.clock) as watch:
        size = watch.pull().size
    served.client("hill-relief").notify(world.hospital(30.9), world.shown_to_all())
    with watching(served.running.url, "north-command", tmp_path, served.keyed.clock) as watch:
        assert len(watch.mirror.replica.leaves) == size
        came = watch.pull()
        assert (came.size, came.views, came.doubts) == (size + 1, 1, [])
        known = watch.mirror.replica.snapshot.state
        assert dict(known.notices) == dict(served.keyed.centre.snapshot.knowledge[1].notices)


@pytest.mark.parametrize("cut", [1, 40, 400])
def test_what_was_half_written_when_the_power_went_is_pulled_again(
    served: Served, tmp_path: Path, cut: int
) -> None:
    busy(served)
    with watching(served.running.url, "hill-relief", tmp_path, served.keyed.clock) as watch:
        watch.pull()
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[:-cut])
    with watching(served.running.url, "hill-relief", tmp_path, served.keyed.clock) as watch:
        assert watch.mirror.replica.leaves == []
        assert watch.pull().doubts == []
        assert len(watch.mirror.replica.leaves) == served.keyed.centre.snapshot.size


def test_a_copy_that_was_changed_is_not_believed(served: Served, tmp_path: Path) -> None:
    busy(served)
    with watching(served.running.url, "hill-relief", tmp_path, served.keyed.clock) as watch:
        watch.pull()
    whole = (tmp_path / FILE).read_text()
    (tmp_path / FILE).write_text(whole.replace("Hospital on the hill", "Hospital in the vale", 1))
    with pytest.raises(LogBroken, match="damaged"):
        Mirror("hill-relief", tmp_path, served.keyed.clock)


def test_a_directory_has_one_mirror_and_one_party(served: Served, tmp_path: Path) -> None:
    first = Mirror("hill-relief", tmp_path, served.keyed.clock)
    with pytest.raises(Unavailable, match="another mirror"):
        Mirror("hill-relief", tmp_path, served.keyed.clock)
    first.close()
    with pytest.raises(Malformed, match="that of hill-relief"):
        Mirror("north-command", tmp_path, served.keyed.clock)
