# SPDX-License-Identifier: Apache-2.0
"""A bell that rings when a log has grown: whoever waits for entries need not ask again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Bell:
    """Calls its listeners, in the ringer's thread. They must be quick, and must not ring or leave from within."""

    def __init__(self) -> None:
        """Start with nobody listening."""
        self._listeners: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def ring(self) -> None:
        """Tell every listener. Once `leave` has returned, its listener is not called any more."""
        with self._lock:
            for listener in self._listeners:
                listener()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call this whenever it rings."""
        with self._lock:
            self._listeners.append(listener)

    def leave(self, listener: Callable[[], None]) -> None:
        """Call it no longer. Leaving twice is harmless."""
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)
