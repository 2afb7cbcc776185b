# SPDX-License-Identifier: Apache-2.0
"""A client process that costs little: sends ready-made HTTP requests over many connections, each as its answer comes.

Reads requests of a file, each behind eight bytes of its length; prints the seconds that all took, the milliseconds
of each, and what of a processor this process needed. Any answer of another status than asked for ends it.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path


class Posting(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self, requests: Iterator[bytes], status: bytes, taken_ms: list[float]) -> None:
        """Share the requests with the other connections."""
        self._requests, self._status, self._taken_ms = requests, status, taken_ms
        self._answer, self._start = bytearray(), 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection; nothing is sent before `go`."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def go(self) -> None:
        """Send the next request, if there is one left."""
        request = next(self._requests, None)
        if request is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._start = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Collect an answer; when it is whole, note what it took."""
        self._answer += data
        head, found, body = bytes(self._answer).partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        self._taken_ms.append((time.perf_counter() - self._start) * 1_000)
        if head.split(b" ", 2)[1] != self._status:
            raise SystemExit(self._answer.decode())
        self._answer.clear()
        self.go()


def _length(head: bytes) -> int:
    lines = head.lower().split(b"\r\n")
    return int(next(line[15:] for line in lines if line.startswith(b"content-length:")))


def requests_in(path: Path) -> Iterator[bytes]:
    """The requests of a file."""
    kept, place = path.read_bytes(), 0
    while place < len(kept):
        end = place + 8 + int.from_bytes(kept[place : place + 8], "big")
        yield kept[place + 8 : end]
        place = end


async def post(address: str, path: Path, connections: int, status: str) -> dict[str, object]:
    """Send every request once."""
    host, _, port = address.rpartition(":")
    loop, taken_ms = asyncio.get_running_loop(), list[float]()
    shared = iter(list(requests_in(path)))
    made = [
        (await loop.create_connection(lambda: Posting(shared, status.encode(), taken_ms), host, int(port)))[1]
        for _ in range(connections)
    ]
    start = time.perf_counter()
    for one in made:
        one.go()
    await asyncio.gather(*(one.done for one in made))
    taken_s = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"taken_s": taken_s, "taken_ms": taken_ms, "cpu_s": used.ru_utime + used.ru_stime}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(post(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))))
