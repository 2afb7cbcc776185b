# SPDX-License-Identifier: Apache-2.0
"""The verifier that shares no code with the package takes what the package writes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bundle.kit import bundles

TOOL = Path(__file__).parents[2] / "tools" / "verify_bundle.py"


@pytest.mark.parametrize("which", sorted(bundles()), ids=str)
def test_every_whole_bundle_stands(which: tuple[str, bool], tmp_path: Path) -> None:
    file = tmp_path / "bundle.jsonl"
    file.write_bytes(bundles()[which])
    ran = subprocess.run([sys.executable, str(TOOL), str(file)], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_changed_byte_does_not(tmp_path: Path) -> None:
    bundle = bytearray(bundles()["watch-desk", True])
    place = bundle.rindex(b"acknowledged")
    bundle[place] ^= 1
    file = tmp_path / "bundle.jsonl"
    file.write_bytes(bundle)
    ran = subprocess.run([sys.executable, str(TOOL), str(file)], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr
