# SPDX-License-Identifier: Apache-2.0
"""The newest cosigned checkpoints in one small file beside the log: what tells a restored backup at start."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from standclear.errors import Malformed, Unavailable


class CosignedFile:
    """Keeps the `Kept` port of the centre: a JSON list, put in place whole."""

    def __init__(self, path: Path) -> None:
        """Nothing is read yet."""
        self._path = path

    def load(self) -> list[str]:
        """The notes saved last.

        Raises:
            Malformed: the file is not as it was left.
        """
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=list[str])
        except FileNotFoundError:
            return []
        except (OSError, msgspec.DecodeError) as error:
            raise Malformed(f"cannot be read: {error}", where=str(self._path)) from None

    def save(self, notes: Sequence[str]) -> None:
        """Write beside, sync, put in place, sync the folder.

        Raises:
            Unavailable: the disk failed; what was kept before stands.
        """
        beside = self._path.with_suffix(".new")
        try:
            with beside.open("wb") as file:
                file.write(msgspec.json.encode(list(notes)))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
            folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise Unavailable(f"the disk failed: {error.strerror}", where=str(self._path)) from None
