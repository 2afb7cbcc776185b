# SPDX-License-Identifier: Apache-2.0
"""One process owns a log: a lock file beside it, let go by the kernel when the process ends, however it ends.

A file of its own, because SQLite's locks on the database vanish when any descriptor of it is closed. `flock` also
keeps out a second opening in the same process. A forked child shares the lock for as long as it lives.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from standclear.errors import Unavailable

SUFFIX = ".lock"


class Ownership:
    """Held from construction to `release`."""

    def __init__(self, database: Path) -> None:
        """Take the log, or say who has it.

        Raises:
            Unavailable: another process, or another store in this one, has it open; or the directory is not ours.
        """
        path = database.with_name(database.name + SUFFIX)
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Unavailable(f"the log cannot be opened: {error.strerror}", where=str(path)) from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(self._descriptor, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(self._descriptor)
            raise Unavailable(
                f"process {holder} has this log open, and a log has one owner; stop it first",
                where=str(database),
            ) from error
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Let others open the log. The file stays: removing it would let two processes lock two files."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def make_private_file(path: Path) -> None:
    """Create the file if absent, readable by its owner only, and make its name durable.

    Raises:
        Unavailable: it cannot be created.
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    except OSError as error:
        raise Unavailable(f"the log cannot be created: {error.strerror}", where=str(path)) from error
