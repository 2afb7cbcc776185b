# SPDX-License-Identifier: Apache-2.0
"""The open streams of one server: woken when the log grows, counted, and ended when the server stops."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from standclear.bell import Bell
from standclear.errors import Unavailable

MAX_STREAMS: Final = 16
"""Open at once for one actor."""


class Streams:
    """Everything here but `_rung` runs in the server's own loop."""

    def __init__(self, bell: Bell) -> None:
        """Start with none."""
        self._bell = bell
        self._loop: asyncio.AbstractEventLoop | None = None
        self._open: dict[asyncio.Event, str] = {}
        self.stopping = False

    def enter(self, actor: str) -> asyncio.Event:
        """A stream begins; what it gets is set whenever there may be something new.

        Raises:
            Unavailable: the server is stopping, or the actor has as many open as it may.
        """
        if self.stopping:
            raise Unavailable("the server is stopping")
        if sum(one == actor for one in self._open.values()) >= MAX_STREAMS:
            raise Unavailable(
                f"{actor} has {MAX_STREAMS} streams open",
                where="/v1/stream",
                expected="one of them closed first",
            )
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._bell.listen(self._rung)
        woken = asyncio.Event()
        self._open[woken] = actor
        return woken

    def leave(self, woken: asyncio.Event) -> None:
        """A stream has ended."""
        self._open.pop(woken, None)

    def stop(self) -> None:
        """End every stream, and begin no other."""
        self.stopping = True
        self._bell.leave(self._rung)
        self._wake()

    def _rung(self) -> None:
        """In the thread that recorded something: one call into the loop, however many streams there are."""
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for woken in self._open:
            woken.set()
