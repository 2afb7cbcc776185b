# SPDX-License-Identifier: Apache-2.0
"""How the interface gets into what is packed: from its sources, once, and without Node from there on."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from standclear.web.interface import PAGE, files

ROOT = Path(__file__).parent.parent
built = pytest.mark.skipif(PAGE not in files(), reason="the interface was not built: make")


def pack(
    source: Path, kind: str, into: Path, path: str = os.environ["PATH"]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(into)],
        cwd=source,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(tmp_path_factory.mktemp("packed"))
    done = pack(ROOT, "sdist", folder)
    assert done.returncode == 0, done.stderr
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    return next(one for one in folder.iterdir() if one.is_dir())


@built
def test_an_sdist_becomes_a_wheel_with_the_interface_on_a_machine_without_node(
    unpacked: Path, tmp_path: Path
) -> None:
    done = pack(unpacked, "wheel", tmp_path, path="")
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    assert "standclear/web/static/index.html" in names
    assert not [name for name in names if name.startswith("ui/")]


@built
@pytest.mark.skipif(
    Path(sys.executable).with_name("node").exists(), reason="this Python brought a Node along"
)
def test_changed_sources_without_node_are_said_and_nothing_is_packed(unpacked: Path, tmp_path: Path) -> None:
    (unpacked / "ui" / "src" / "more.ts").write_text("export {};\n", encoding="utf-8")
    done = pack(unpacked, "wheel", tmp_path, path="")
    assert done.returncode != 0
    assert "Node 20.19 or newer with npm was not found. Everything else works." in done.stderr
    assert not list(tmp_path.glob("*.whl"))


def test_the_lock_of_the_interface_names_hashes_and_no_address() -> None:
    lock = (ROOT / "ui" / "package-lock.json").read_text("utf-8")
    assert '"integrity"' in lock
    assert '"resolved"' not in lock
