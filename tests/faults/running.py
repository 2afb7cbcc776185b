# SPDX-License-Identifier: Apache-2.0
"""A centre of the small world in a process of its own, on loopback, and clients that post to it."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from standclear.admission import Submission
from standclear.config import Config, write_config
from standclear.identity import Identity, write_identity
from standclear.store.sqlite import SqliteStore
from tests import centre_kit, world

HERE = Path(__file__).parent
DESK_KEYS = {"watch": "watch-desk command", "clock": "clock", "checkpoint": "checkpoint"}


def lay_out(directory: Path) -> None:
    """A centre's directory whose log holds entry 0 and the parties' assents."""
    directory.mkdir()
    write_config(directory, Config(origin=world.ORIGIN, exercise=True))
    (directory / "keys").mkdir()
    for post, name in DESK_KEYS.items():
        key = world.signing_key(name)
        write_identity(directory / "keys" / f"{post}.key", Identity("watch-desk", post, key, key))
    centre_kit.start(SqliteStore(directory / "log.sqlite")).centre.close()


@dataclass
class RunningCentre:
    """`standclear serve` in its own process; leaving the block ends it by its process id."""

    directory: Path
    process: subprocess.Popen[str] | None = None
    address: str = ""

    def __enter__(self) -> RunningCentre:
        """Start, and wait until it says where it is."""
        command = [sys.executable, "-m", "standclear", "serve", "--dir", str(self.directory), "--port", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        self.address = said.partition("http://")[2].split(" ")[0]
        assert self.address, said
        return self

    def kill(self) -> None:
        """Kill -9."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it, if it still runs."""
        assert self.process is not None
        assert self.process.stdout is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=60)
        self.process.stdout.close()


def write_requests(path: Path, submissions: list[Submission]) -> None:
    """The requests of a client process, ready to send."""
    lines = []
    for submission in submissions:
        headers = {
            "Content-Type": "application/json",
            "Standclear-Key": submission.key,
            "Standclear-Signature": submission.signature.hex(),
        }
        for name, (salt, body) in submission.attachments.items():
            headers[f"Standclear-{name.capitalize()}"] = base64.urlsafe_b64encode(salt + body).decode()
        lines.append(json.dumps({"body": submission.raw.decode(), "headers": headers}))
    path.write_text("\n".join(lines), encoding="utf-8")


def start_client(address: str, requests: Path, pace: str = "on") -> subprocess.Popen[str]:
    """A client process that is connected and waits for a line on its standard input, or for one before `each`."""
    client = subprocess.Popen(
        [sys.executable, "-I", str(HERE / "post_many.py"), address, str(requests), pace],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert client.stdout is not None
    assert client.stdout.readline() == "up\n"
    return client
