# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL of its own for one run: temporary directory, free loopback port, unprivileged user, one password.

It is ended by its process id when the run ends, however it ends: the server also asks the kernel for an
interrupt when the process that started it dies.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from bench.peers import Missing, package

PACKAGES: Final = ("postgresql-15", "postgresql-15-postgis-3")
_DEBIAN: Final = Path("/usr/lib/postgresql")
_START_S: Final = 60
_STOP_S: Final = 30
_SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "2GB",
    "maintenance_work_mem": "1GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
"""Tuned to load fast and to answer from memory; nothing here has to outlast the run."""


class Server:
    """The server and one connection to it."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.connection: Any = None

    def start(self) -> None:
        """Install it if that is possible here, make a cluster, start it, connect.

        Raises:
            Missing: it is not installed and cannot be, or does not come up.
        """
        psycopg = package("psycopg")
        programs = installed()
        as_user, user = _unprivileged()
        self._folder = Path(tempfile.mkdtemp(prefix="standclear-bench-"))
        password, port = secrets.token_hex(16), _free_port()
        word, data = self._folder / "password", self._folder / "data"
        word.touch(mode=0o600)
        word.write_text(password, encoding="ascii")
        for path in (self._folder, word):
            os.chown(path, user.pw_uid, user.pw_gid)
        how = ["-U", "bench", "-E", "UTF8", "--no-locale", "--auth=scram-sha-256", "--no-sync"]
        made = subprocess.run(
            [*as_user, str(programs / "initdb"), "-D", str(data), f"--pwfile={word}", *how],
            capture_output=True,
            cwd=self._folder,
            check=False,
        )
        if made.returncode:
            raise Missing(f"initdb failed: {made.stderr.decode(errors='replace').strip()[-200:]}")
        settings = [f"--{name}={value}" for name, value in {**_SETTINGS, "port": str(port)}.items()]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [*as_user, str(programs / "postgres"), "-D", str(data), *settings],
                stdout=log,
                stderr=log,
                cwd=self._folder,
            )
        self._connect(psycopg, port, password)

    def _connect(self, psycopg: Any, port: int, password: str) -> None:
        assert self._process is not None
        assert self._folder is not None
        until = time.monotonic() + _START_S
        while True:
            try:
                self.connection = psycopg.connect(
                    host="127.0.0.1",
                    port=port,
                    user="bench",
                    password=password,
                    dbname="postgres",
                    autocommit=True,
                    sslmode="disable",
                )
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > until:
                    said = (self._folder / "log").read_text(errors="replace").strip()[-300:]
                    raise Missing(f"PostgreSQL did not come up: {said}") from None
            time.sleep(0.1)

    def stop(self) -> None:
        """Close the connection, end the server, remove its directory."""
        if self.connection is not None:
            with contextlib.suppress(Exception):
                self.connection.close()
        process, self._process = self._process, None
        if process is not None:
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                process.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_STOP_S)
                    break
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def installed() -> Path:
    """Return where the server's programs lie; install Debian's packages where that is possible.

    Raises:
        Missing: they are not there.
    """
    for attempt in ("as it is", "installed"):
        for folder in sorted(_DEBIAN.glob("*/bin"), reverse=True):
            version = folder.parent.name
            postgis = Path("/usr/share/postgresql") / version / "extension" / "postgis.control"
            if (folder / "initdb").exists() and postgis.exists():
                return folder
        if attempt == "as it is":
            _install()
    raise Missing(f"Debian's packages {' and '.join(PACKAGES)} could not be installed")


def _install() -> None:
    wanted = " ".join(PACKAGES)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Missing(f"PostGIS is not installed (as root: apt-get install {wanted})")
    # A run level of 1 keeps Debian from starting a server of its own.
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
        subprocess.run(["apt-get", "-qq", *command], env=quiet, capture_output=True, check=False)


def _unprivileged() -> tuple[list[str], pwd.struct_passwd]:
    """Return what a command must begin with to run as a user that the server accepts, and that user."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0:
        begin = [setpriv, "--pdeathsig", "INT"] if setpriv else []
        return begin, pwd.getpwuid(os.geteuid())
    if setpriv is None:
        raise Missing("PostgreSQL refuses to run as root, and setpriv is not there to give that up")
    names = [entry.pw_name for entry in pwd.getpwall()]
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    given_up = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return [setpriv, *given_up, "--pdeathsig", "INT"], user


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
