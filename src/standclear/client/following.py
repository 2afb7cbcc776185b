# SPDX-License-Identifier: Apache-2.0
"""The centre's stream as a doorbell: it says that the log has grown, and a round then asks and proves as ever.

Nothing that comes on the stream is believed or kept. The last id it is opened with lies beyond every log, so that it
sends heads alone and no view twice. While it is cut, rounds go on at their longest interval; it is opened again after
pauses that double and are never twice the same.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

import httpx2
import msgspec

from standclear.client.link import Link
from standclear.errors import Malformed, StandclearError

MAX_EVENT_BYTES: Final = 1_048_576
"""A head is a note, which has at most a million bytes."""
BEYOND: Final = 10**15 - 1
"""The greatest id that a stream can be opened with."""
FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 60.0
SILENCE_S: Final = 60.0
"""A centre says something every 15 s; a stream that is silent for longer is dead."""


class Said(NamedTuple):
    """One server-sent event."""

    event: str
    data: bytes


class _Head(msgspec.Struct, frozen=True):
    size: int


def events_in(pieces: Iterable[bytes]) -> Iterator[Said]:
    """Server-sent events out of bytes as they come; never more than one event is held.

    Raises:
        Malformed: an event, or a line, is longer than any head can be.
    """
    rest, event, data = bytearray(), "", bytearray()
    for piece in pieces:
        lines = piece.split(b"\n")
        # A line that comes in many small pieces is copied once.
        rest += lines[0]
        if len(lines) > 1:
            lines[0] = bytes(rest)
            rest = bytearray(lines.pop())
        else:
            lines = []
        for line in lines:
            field, _, value = line.rstrip(b"\r").partition(b":")
            value = value.removeprefix(b" ")
            if not line.strip():
                if event or data:
                    yield Said(event, bytes(data))
                event, data = "", bytearray()
            elif field == b"event":
                event = value[:64].decode("utf-8", "replace")
            elif field == b"data":
                data += value
        if len(rest) + len(data) > MAX_EVENT_BYTES:
            raise Malformed("an event that does not end was given", where="stream")


def pause_s(failures: int, chance: bytes) -> float:
    """Seconds before the stream is opened again: doubling, up to a minute, of which chance takes half at most."""
    longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * (1 << min(failures, 16)))
    return longest * (0.5 + int.from_bytes(chance) / (2 << 8 * len(chance)))


class Following:
    """One thread listens; whoever pulls waits for it to hear of something new."""

    def __init__(
        self,
        link: Link,
        draw: Callable[[int], bytes],
        pause: Callable[[float], None] | None = None,
    ) -> None:
        """Listen to nothing yet. `pause` takes seconds; without one, `stop` ends a pause early."""
        self._link, self._draw = link, draw
        self._stopping = threading.Event()
        self._pause = pause or self._stopping.wait
        self._heard = threading.Event()
        self._newest = 0
        self._thread = threading.Thread(target=self._run, name="following", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no longer. A stream that says nothing ends with the process at the latest."""
        self._stopping.set()
        self._heard.set()

    def wait(self, longest_s: float) -> bool:
        """Return when something new was heard (True), or after so many seconds."""
        heard = self._heard.wait(longest_s)
        self._heard.clear()
        return heard

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                heard = self._listen()
            except (StandclearError, httpx2.TransportError, httpx2.StreamError):
                heard = False
            failures = 0 if heard else failures + 1
            if not self._stopping.is_set():
                self._pause(pause_s(failures, self._draw(2)))

    def _listen(self) -> bool:
        """Listen until the stream ends; whether it said anything new."""
        new = False
        with self._link.stream("/v1/stream", {"Last-Event-ID": str(BEYOND)}, SILENCE_S) as pieces:
            for said in events_in(pieces):
                if self._stopping.is_set() or said.event == "cut":
                    break
                size = _size(said) if said.event == "head" else 0
                if size > self._newest:
                    self._newest, new = size, True
                    self._heard.set()
        return new


def _size(said: Said) -> int:
    """How far a head says the log has come; 0 where it cannot be read."""
    try:
        return msgspec.json.decode(said.data, type=_Head).size
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return 0
