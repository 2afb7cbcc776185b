# SPDX-License-Identifier: Apache-2.0
"""A mirror keeps the details its party may read, answers them alike, and deletes them when the erasing is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from standclear.errors import LogBroken
from standclear.mirror.details import DetailsFiles
from standclear.mirror.mirror import Mirror
from tests import world
from tests.mirror.kit import watching
from tests.web.kit import Served
from tests.web.test_details import AUTHOR, NAMED, given

SECRET = b"Sister Ferne"


def holds(directory: Path) -> bool:
    """Whether any file of a mirror has the name in it."""
    return any(SECRET in file.read_bytes() for file in directory.rglob("*") if file.is_file())


@pytest.mark.parametrize("actor", world.EVERYONE)
def test_only_the_mirrors_of_author_and_named_keep_the_details(
    served: Served, actor: str, tmp_path: Path
) -> None:
    given(served)
    with watching(served.running.url, actor, tmp_path, served.keyed.clock) as watch:
        assert watch.pull().doubts == []
        assert holds(tmp_path) == (actor in (AUTHOR, NAMED))
        kept = watch.mirror.replica.details(3)
        assert (kept == served.keyed.centre.details(3)) == (actor in (AUTHOR, NAMED))


@pytest.mark.parametrize("actor", [AUTHOR, NAMED])
def test_when_the_erasing_is_shown_the_mirrors_copy_goes(served: Served, actor: str, tmp_path: Path) -> None:
    notice = given(served)
    with watching(served.running.url, actor, tmp_path, served.keyed.clock) as watch:
        watch.pull()
        served.client(AUTHOR).erase(notice)
        assert holds(tmp_path), "until it is shown the erasing it goes on answering"
        assert watch.pull().doubts == []
        assert not holds(tmp_path)
        assert watch.mirror.replica.details(3) is None
    with watching(served.running.url, actor, tmp_path, served.keyed.clock) as watch:
        assert watch.pull().doubts == []


def test_a_mirror_that_died_before_it_deleted_does_so_at_its_next_start(
    served: Served, tmp_path: Path
) -> None:
    notice = given(served)
    with watching(served.running.url, NAMED, tmp_path, served.keyed.clock) as watch:
        watch.pull()
        kept = watch.mirror.replica.details(3)
        assert kept is not None
        served.client(AUTHOR).erase(notice)
        watch.pull()
    DetailsFiles(tmp_path).keep(3, kept)
    assert holds(tmp_path)
    Mirror(NAMED, tmp_path, served.keyed.clock).close()
    assert not holds(tmp_path)


def test_a_mirror_begun_after_the_erasing_agrees(served: Served, tmp_path: Path) -> None:
    served.client(AUTHOR).erase(given(served))
    with watching(served.running.url, NAMED, tmp_path, served.keyed.clock) as watch:
        assert watch.pull().doubts == []
        assert not holds(tmp_path)


def test_details_changed_on_the_mirrors_disk_do_not_open(served: Served, tmp_path: Path) -> None:
    given(served)
    with watching(served.running.url, NAMED, tmp_path, served.keyed.clock) as watch:
        watch.pull()
    file = tmp_path / "details" / "3.json"
    file.write_bytes(file.read_bytes().replace(b"Ferne", b"Heath"))
    with pytest.raises(LogBroken, match="not what was kept"):
        Mirror(NAMED, tmp_path, served.keyed.clock)
