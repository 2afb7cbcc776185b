# SPDX-License-Identifier: Apache-2.0
"""Law 7: what was answered 201 is there after kill -9, once; a repeat of it gets the same answer."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

from standclear.admission import Submission
from standclear.store.sqlite import SqliteStore
from tests import centre_kit, world
from tests.faults.running import RunningCentre, lay_out, start_client, write_requests

KILLS = 500 if os.environ.get("STANDCLEAR_SOAK") else 12
CLIENTS = 4
ANSWERS_BEFORE_KILL = 12
COMMANDS_EACH = 100


def test_kills_under_load_lose_nothing_that_was_answered_and_double_nothing(tmp_path: Path) -> None:
    directory = tmp_path / "centre"
    lay_out(directory)
    answered: dict[str, int] = {}
    for kill in range(KILLS):
        with RunningCentre(directory) as centre:
            _check_repeat(centre.address, tmp_path, answered, kill)
            answered |= _post_until_killed(centre, tmp_path, kill)
    _check_log(directory, answered)


def _notices(kill: int, client: int) -> list[Submission]:
    first = 10_000 + (kill * CLIENTS + client) * COMMANDS_EACH
    return [
        centre_kit.notified("hill-relief", world.hospital(lon=20 + number % 1_000 * 0.01), number)
        for number in range(first, first + COMMANDS_EACH)
    ]


def _post_until_killed(centre: RunningCentre, tmp_path: Path, kill: int) -> dict[str, int]:
    """Load from several processes; once so many answers have come, kill -9 in the midst of it."""
    enough, answers, lock = threading.Event(), dict[str, int](), threading.Lock()

    def listen(lines: list[str], submissions: list[Submission]) -> None:
        for line in lines:
            number, status, text = line.split(" ", 2)
            assert status == "201", text
            command = json.loads(submissions[int(number)].raw)
            with lock:
                answers[command["id"]] = json.loads(text)["entry"]
                if len(answers) >= ANSWERS_BEFORE_KILL * CLIENTS:
                    enough.set()

    clients, listeners = [], []
    for number in range(CLIENTS):
        submissions = _notices(kill, number)
        requests = tmp_path / f"{kill}-{number}"
        write_requests(requests, submissions)
        client = start_client(centre.address, requests)
        clients.append(client)
        listeners.append(threading.Thread(target=listen, args=(client.stdout, submissions)))
    for client, listener in zip(clients, listeners, strict=True):
        listener.start()
        assert client.stdin is not None
        client.stdin.write("go\n")
        client.stdin.flush()
    assert enough.wait(timeout=120)
    centre.kill()
    for client, listener in zip(clients, listeners, strict=True):
        listener.join(timeout=60)
        client.communicate(timeout=60)
    return answers


def _check_repeat(address: str, tmp_path: Path, answered: dict[str, int], kill: int) -> None:
    """The last answer before the kill, asked for again: the same entry number."""
    if not answered:
        return
    command_id, entry = max(answered.items(), key=lambda item: item[1])
    number = int(command_id.rpartition("-")[2], 16)
    again = centre_kit.notified("hill-relief", world.hospital(lon=20 + number % 1_000 * 0.01), number)
    write_requests(tmp_path / f"again-{kill}", [again])
    client = start_client(address, tmp_path / f"again-{kill}")
    said, _ = client.communicate("go\n", timeout=60)
    assert json.loads(said.split(" ", 2)[2])["entry"] == entry


def _check_log(directory: Path, answered: dict[str, int]) -> None:
    """Every hash of the log recomputed; every answered command where it was said to be, and once."""
    store = SqliteStore(directory / "log.sqlite")
    entries: dict[str, list[int]] = {}
    for entry in store.read(0):
        entries.setdefault(entry.command_key, []).append(entry.seq)
    kept = centre_kit.start(store).centre
    kept.close()
    assert len(answered) >= KILLS * ANSWERS_BEFORE_KILL
    assert {key: entries[f"hill-relief/{key}"] for key in answered} == {k: [e] for k, e in answered.items()}
