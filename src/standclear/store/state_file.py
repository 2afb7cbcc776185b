# SPDX-License-Identifier: Apache-2.0
"""The kept state as a file beside the log: written under another name, renamed once the log says its digest."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

PRIVATE_MODE = 0o600
NEXT_SUFFIX = ".next"


class StateFile:
    """Keeps the contract of the `Cache` port."""

    def __init__(self, path: Path) -> None:
        """Keep it there; nothing is touched yet."""
        self._path, self._next = path, path.with_name(path.name + NEXT_SUFFIX)

    def read(self) -> bytes | None:
        """Return what is kept, or None where it cannot be read."""
        try:
            return self._path.read_bytes()
        except OSError:
            return None

    def write(self, pieces: Iterable[bytes]) -> None:
        """Write the next one, readable by its owner only; see the port."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
        with os.fdopen(os.open(self._next, flags, PRIVATE_MODE), "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())

    def accept(self) -> None:
        """Put the next one in place; see the port."""
        self._next.replace(self._path)
