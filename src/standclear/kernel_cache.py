# SPDX-License-Identifier: Apache-2.0
"""Where compiled kernels are kept: one folder for each state of the geometry's source.

numba checks only whether the file of a function changed, not those it calls; a kernel compiled against an
older neighbour would go on deciding. So the folder's name holds a digest of the whole geometry package, and
nothing compiled from other sources is ever loaded.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

VARIABLE: Final = "NUMBA_CACHE_DIR"
PREFIX: Final = "standclear-kernels-"


def place() -> Path:
    """Choose the folder and tell numba, before any kernel is made.

    Under NUMBA_CACHE_DIR where that is set, otherwise under the user's cache; where neither can be written,
    in a private folder that goes when the process ends.
    """
    name = PREFIX + _digest()
    given = os.environ.get(VARIABLE)
    if given and Path(given).name == name:
        return Path(given)
    if given and Path(given).name.startswith(PREFIX):
        given = str(Path(given).parent)
    try:
        base = Path(given or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        folder = base / name
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        writable = os.access(folder, os.W_OK)
    except (OSError, RuntimeError):
        writable = False
    if not writable:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ[VARIABLE] = str(folder)
    if "numba" in sys.modules:
        sys.modules["numba"].config.CACHE_DIR = str(folder)
    return folder


def announce(say: Callable[[str], None]) -> None:
    """Have it said, once, when kernels have to be compiled; nothing is said when they are there."""
    from numba.core import event

    class Compiling(event.Listener):
        """Says it at the first compilation."""

        said = False

        def on_start(self, event: object) -> None:
            """Say it."""
            if not self.said:
                self.said = True
                say(
                    "Compiling the geometry for this machine; this happens once and takes about half a minute ..."
                )

        def on_end(self, event: object) -> None:
            """Say nothing more."""

    event.register("numba:compile", Compiling())  # type: ignore[no-untyped-call]


def _digest() -> str:
    """Return a digest of the geometry package's source."""
    digest = hashlib.sha256()
    for source in sorted((Path(__file__).parent / "geometry").glob("*.py")):
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
