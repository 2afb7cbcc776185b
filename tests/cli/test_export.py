# SPDX-License-Identifier: Apache-2.0
"""`standclear export`: the same bundle from the centre, its directory and the reader's mirror."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standclear.cli import app
from standclear.errors import Malformed, NotFound, StandclearError
from standclear.identity import write_identity
from standclear.store.sqlite import SqliteStore
from tests import world
from tests.bundle.kit import checked
from tests.faults.running import lay_out
from tests.mirror.kit import watching
from tests.web.kit import Served, identity, serve

HILL, NORTH, RIVER, DESK = "hill-relief", "north-command", "river-alliance", "watch-desk"


@dataclass
class Scene:
    """A served centre in a directory, and where files go."""

    served: Served
    folder: Path

    def export(self, name: str, *more: str) -> bytes:
        """What the command writes."""
        out = self.folder / name
        ran = CliRunner().invoke(app, ["export", "--out", str(out), *more])
        if isinstance(ran.exception, StandclearError):
            raise ran.exception
        assert ran.exit_code == 0, ran.output
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        return out.read_bytes()

    def online(self, actor: str, *more: str) -> bytes:
        """From the centre, in a session."""
        key = self.folder / f"{actor}.key"
        if not key.exists():
            write_identity(key, identity(actor))
        name = f"{actor}-{'-'.join(more)}.jsonl"
        return self.export(name, "--url", self.served.running.url, "--key", str(key), *more)

    @property
    def centre(self) -> str:
        """The centre's directory."""
        return str(self.folder / "centre")

    def size(self) -> str:
        """How many entries there are now."""
        return str(self.served.keyed.centre.snapshot.size)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    lay_out(tmp_path / "centre")
    served = serve(SqliteStore(tmp_path / "centre" / "log.sqlite"))
    try:
        served.client(HILL).notify(world.hospital(), world.shown_to_all())
        served.client(HILL).notify(world.hospital(lon=31), {NORTH: "full", RIVER: "withheld"})
        served.client(NORTH).notify(world.flight(), {HILL: "volume"})
        yield Scene(served, tmp_path)
    finally:
        served.stop()


@pytest.mark.parametrize("actor", world.EVERYONE)
def test_centre_directory_and_mirror_give_the_same_bytes(scene: Scene, actor: str) -> None:
    with watching(scene.served.running.url, actor, scene.folder / "copy", scene.served.keyed.clock) as watch:
        assert watch.pull().doubts == []
        size = str(watch.mirror.replica.snapshot.size)
    known = ("--as-known-at", size)
    online = scene.online(actor, *known)
    assert scene.export("directory", "--dir", scene.centre, "--as", actor, *known) == online
    assert scene.export("mirror", "--dir", str(scene.folder / "copy"), *known) == online
    assert checked(online).wrong == ""


def test_without_as_a_directory_shows_what_the_desk_sees(scene: Scene) -> None:
    known = ("--as-known-at", scene.size())
    assert scene.export("desk", "--dir", scene.centre, *known) == scene.online(DESK, *known)
    with_views = scene.export("views", "--dir", scene.centre, "--views", *known)
    assert with_views == scene.online(DESK, "--views", *known)
    assert checked(with_views).views > 0


def test_a_directory_without_its_keys_has_no_head_to_give(scene: Scene) -> None:
    (scene.folder / "centre" / "keys" / "checkpoint.key").unlink()
    with pytest.raises(Malformed, match=r"nothing here signs the head of .* cosigned: none was"):
        scene.export("none", "--dir", scene.centre)
    assert not (scene.folder / "none").exists()


def test_no_byte_of_the_directory_changes(scene: Scene) -> None:
    files = sorted(path for path in (scene.folder / "centre").rglob("*") if path.is_file())
    before = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files if "-shm" not in path.name]
    scene.export("desk", "--dir", scene.centre, "--as-known-at", "3")
    after = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files if "-shm" not in path.name]
    assert before == after


def test_what_cannot_be_exported_is_a_sentence(scene: Scene) -> None:
    out = str(scene.folder / "there")
    Path(out).write_text("mine")
    for wrong, sentence in (
        (("--dir", scene.centre, "--as", "nobody"), "the terms name no nobody"),
        (("--dir", scene.centre, "--as-known-at", "9999"), "asks for the first 9999"),
        (("--dir", str(scene.folder)), "no log is here"),
        ((), "nothing to export from"),
    ):
        with pytest.raises(Malformed, match=sentence):
            scene.export("new", *wrong)
    with pytest.raises(Malformed, match="evidence is never overwritten"):
        scene.export("there", "--dir", scene.centre)
    assert Path(out).read_text() == "mine"


def test_a_mirror_of_the_desk_says_that_it_holds_no_views_of_others(scene: Scene) -> None:
    with watching(scene.served.running.url, DESK, scene.folder / "copy", scene.served.keyed.clock) as watch:
        watch.pull()
    with pytest.raises(NotFound, match="of others nothing"):
        scene.export("views", "--dir", str(scene.folder / "copy"), "--views")
    with pytest.raises(Malformed, match="this copy is that of watch-desk"):
        scene.export("other", "--dir", str(scene.folder / "copy"), "--as", NORTH)
