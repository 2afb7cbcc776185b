# SPDX-License-Identifier: Apache-2.0
"""`standclear verify DIRECTORY`, as an auditor runs it: on a centre at rest, running, killed, copied, damaged."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standclear.audit import proving
from standclear.cli import app
from standclear.errors import Malformed
from standclear.store.looking import look_at
from standclear.store.sqlite import SqliteStore
from standclear.wiring import LOG_FILE
from tests import centre_kit, world
from tests.faults.running import RunningCentre, lay_out


def verified(directory: Path, *more: str) -> tuple[int, str, str]:
    ran = CliRunner().invoke(app, ["verify", str(directory), *more])
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return ran.exit_code, ran.stdout, ran.stderr


def files_in(directory: Path) -> dict[str, tuple[str, int]]:
    """Each file's hash and time of change."""
    return {
        str(path.relative_to(directory)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
        )
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    """A centre's directory with entry 0 and two assents."""
    lay_out(tmp_path / "centre")
    return tmp_path / "centre"


def unchanged_by_verifying(directory: Path, entries: int = 3) -> None:
    before = files_in(directory)
    code, said, wrong = verified(directory)
    assert (code, wrong) == (0, "")
    assert f"{entries} entries proven, {entries} signatures" in said
    assert f"head: {entries} entries, root " in said
    assert files_in(directory) == before


def test_a_centre_at_rest_stands_and_no_byte_changes(centre: Path) -> None:
    unchanged_by_verifying(centre)


def test_a_running_centre_stands_and_no_byte_changes(centre: Path) -> None:
    with RunningCentre(centre):
        unchanged_by_verifying(centre)


def test_a_killed_centre_and_copies_of_its_files_stand_with_what_is_in_the_wal(
    centre: Path, tmp_path: Path
) -> None:
    keyed = centre_kit.start(SqliteStore(centre / "log.sqlite"))
    keyed.clock.now_us += world.DAY
    keyed.centre.submit(centre_kit.notified("hill-relief", world.hospital(), 100)).result(timeout=30)
    unchanged_by_verifying(centre, entries=4)
    killed = tmp_path / "killed"
    shutil.copytree(centre, killed)
    keyed.centre.close()
    assert (killed / "log.sqlite-wal").stat().st_size
    unchanged_by_verifying(killed, entries=4)
    (killed / "log.sqlite-shm").unlink()
    unchanged_by_verifying(killed, entries=4)


def test_a_long_log_is_proven_by_several_processes(centre: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "WORTH_IT", 0)
    monkeypatch.setattr(proving, "CHUNK", 2)
    unchanged_by_verifying(centre)
    with look_at(centre / LOG_FILE) as log, proving.proven(log) as stand:
        assert list(stand) == [True] * 3


def test_the_counts_and_the_head_as_json(centre: Path) -> None:
    code, said, _ = verified(centre, "--json")
    told = json.loads(said)
    assert (code, told["entries"], told["decisions"], told["wrong"]) == (0, 3, 3, "")
    assert len(told["root"]) == 64


def test_a_byte_flipped_in_the_file_ends_with_1_and_a_sentence(centre: Path) -> None:
    file = centre / "log.sqlite"
    data = file.read_bytes()
    place = data.rindex(b'"terms_assented"')
    file.write_bytes(data[:place] + b"'" + data[place + 1 :])
    code, _, wrong = verified(centre)
    assert code == 1
    assert "salt and body do not match the commitment" in wrong


def test_a_directory_without_a_log_is_said(tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="no log is here"):
        verified(tmp_path)
