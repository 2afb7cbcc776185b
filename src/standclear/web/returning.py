# SPDX-License-Identifier: Apache-2.0
"""What the sequencer answers, brought to the requests that wait for it: one waking of the event loop for many answers.

To wake the loop costs a system call, and the sequencer the interpreter's lock, each time.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any


class Returns:
    """Waiting requests of one event loop whose answers are there; any thread brings them."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Bring answers to this loop."""
        self._loop = loop
        self._there = deque[asyncio.Future[None]]()
        self._woken = False

    async def wait(self, answers: Sequence[Future[Any]]) -> None:
        """Return when all are there. A caller that goes away cancels nothing that the sequencer will answer."""
        if not answers:
            return
        waiting, come = self._loop.create_future(), list[None]()

        def note(_: Future[Any]) -> None:
            come.append(None)
            # Two that come at once may both see that all are there; the second changes nothing.
            if len(come) == len(answers):
                self._bring(waiting)

        for answer in answers:
            answer.add_done_callback(note)
        await waiting

    def _bring(self, waiting: asyncio.Future[None]) -> None:
        """Put it where the loop finds it, before looking whether the loop comes anyway."""
        self._there.append(waiting)
        if not self._woken:
            self._woken = True
            try:
                self._loop.call_soon_threadsafe(self._hand_out)
            except RuntimeError:
                return  # the loop ended, and everyone who waited in it

    def _hand_out(self) -> None:
        self._woken = False
        while self._there:
            waiting = self._there.popleft()
            if not waiting.done():
                waiting.set_result(None)


class Returning:
    """The returns of each event loop that an application runs in; there is hardly ever a second."""

    def __init__(self) -> None:
        """None yet."""
        self._returns: dict[asyncio.AbstractEventLoop, Returns] = {}

    async def wait(self, *answers: Future[Any]) -> None:
        """Wait in the loop that runs here until all are there; see `Returns.wait`."""
        loop = asyncio.get_running_loop()
        returns = self._returns.get(loop)
        if returns is None:
            returns = self._returns[loop] = Returns(loop)
        await returns.wait(answers)
