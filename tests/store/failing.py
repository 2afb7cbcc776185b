# SPDX-License-Identifier: Apache-2.0
"""A disk that fails when told to: an apsw VFS over the real one."""

from __future__ import annotations

from typing import Any

import apsw


class FailingDisk(apsw.VFS):
    """Counts writes and syncs; from the `fails_at`th on, each one fails until `fails_at` is None again."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.done = 0
        self.fails_at: int | None = None
        super().__init__(name, base="")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        return _File(self, name, flags)

    def step(self) -> None:
        """Take one write or sync, or fail."""
        if self.fails_at is not None and self.done >= self.fails_at:
            raise apsw.IOError("the disk failed")
        self.done += 1


class _File(apsw.VFSFile):
    def __init__(self, disk: FailingDisk, name: Any, flags: list[int]) -> None:
        self._disk = disk
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.step()
        super().xWrite(data, offset)

    def xSync(self, flags: int) -> None:
        self._disk.step()
        super().xSync(flags)
