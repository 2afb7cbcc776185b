# SPDX-License-Identifier: Apache-2.0
"""Probe R and law 5: of identical activities filed at the same moment, exactly one has no open conflict."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from standclear.core.model import Status
from standclear.store.sqlite import SqliteStore
from tests import centre_kit, world
from tests.faults.running import RunningCentre, lay_out, start_client, write_requests

TRIALS = 20
CLIENTS = 8
FILERS = ("north-command", "river-alliance")
FAR_AHEAD = 40 * 365 * world.DAY
"""The small world's clock is not the server's: the flights lie ahead of both."""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    lay_out(tmp_path / "centre")
    return tmp_path / "centre"


def test_of_eight_identical_activities_from_eight_processes_one_is_filed_in_each_of_twenty_trials(
    directory: Path, tmp_path: Path
) -> None:
    with RunningCentre(directory) as centre:
        processes = [_client(centre.address, tmp_path, client) for client in range(CLIENTS)]
        for trial in range(TRIALS):
            answers = _at_once(processes)
            assert [answer.split(" ")[:2] for answer in answers] == [[str(trial), "201"]] * CLIENTS
        for process in processes:
            process.communicate(timeout=60)
    kept = centre_kit.start(SqliteStore(directory / "log.sqlite")).centre
    notices = kept.snapshot.state.notices
    kept.close()
    for trial in range(TRIALS):
        place = round((20.0 + trial) * 1e7)
        states = [
            notice.status
            for notice in notices.values()
            if notice.content.volumes[0].footprint.rings[0][0][0] == place  # type: ignore[union-attr]
        ]
        assert sorted(states) == [Status.BLOCKED] * (CLIENTS - 1) + [Status.FILED], f"trial {trial}"


def _client(address: str, tmp_path: Path, client: int) -> subprocess.Popen[str]:
    """A process with its activity of each trial, signed."""
    submissions = [
        centre_kit.notified(
            FILERS[client % 2],
            world.flight(lon=20.0 + trial, start=FAR_AHEAD),
            number=1_000 + trial * CLIENTS + client,
        )
        for trial in range(TRIALS)
    ]
    write_requests(tmp_path / f"{client}", submissions)
    return start_client(address, tmp_path / f"{client}", "each")


def _at_once(processes: list[subprocess.Popen[str]]) -> list[str]:
    """Have every process send its next activity, then wait for all their answers."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [process.stdout.readline() for process in processes if process.stdout is not None]
