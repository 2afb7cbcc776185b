# SPDX-License-Identifier: Apache-2.0
"""Evidence written to files: never over one that exists, private, and whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from standclear.errors import Malformed

PRIVATE: Final = 0o600


def write_new(path: Path, pieces: Iterable[bytes]) -> int:
    """Write a new file that only its owner may read; returns its bytes. What breaks off leaves nothing behind.

    Raises:
        Malformed: there is such a file already, or it cannot be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE)
    except FileExistsError:
        raise Malformed("evidence is never overwritten", where=str(path), expected="a new name") from None
    except OSError as error:
        raise Malformed(f"cannot be written: {error.strerror}", where=str(path)) from None
    written = 0
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                written += file.write(piece)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
    return written
