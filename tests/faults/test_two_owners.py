# SPDX-License-Identifier: Apache-2.0
"""A log has one owner: a second centre on the same directory refuses, says whose it is, and disturbs nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests import centre_kit, world
from tests.faults.running import RunningCentre, lay_out, start_client, write_requests


def test_a_second_serve_on_the_same_directory_refuses_and_the_first_goes_on(tmp_path: Path) -> None:
    directory, requests = tmp_path / "centre", tmp_path / "requests"
    lay_out(directory)
    link = tmp_path / "another-name"
    link.symlink_to(directory)
    write_requests(requests, [centre_kit.notified("hill-relief", world.hospital(), 100)])
    with RunningCentre(directory) as first:
        assert first.process is not None
        for place in (directory, link):
            second = subprocess.run(
                [sys.executable, "-m", "standclear", "serve", "--dir", str(place), "--port", "0"],
                capture_output=True,
                text=True,
                timeout=120,
            )
            assert second.returncode != 0
            assert second.stdout == ""
            said = " ".join(second.stderr.split())
            assert (
                f"process {first.process.pid} has this log open, and a log has one owner; stop it first"
                in said
            )
            assert "Traceback" not in said
        client = start_client(first.address, requests)
        answer, _ = client.communicate("go\n", timeout=60)
        assert answer.startswith("0 201 ")
        first.kill()
    with RunningCentre(directory) as third:
        assert third.address, "a killed owner has let go"
