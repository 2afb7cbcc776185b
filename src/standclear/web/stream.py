# SPDX-License-Identifier: Apache-2.0
"""`/v1/stream`: the reader's inbox as server-sent events, as it grows; the id of each is its number in the log.

    event: view      one entry as the reader was shown it; `id` is its number
    event: head      the signed head of the log, whenever it moved: a silent inbox still shows a live link
    event: cut       why the stream ends, in a sentence
    : heartbeat      when nothing else was said for a while

Nothing is kept for a reader: each chunk is read from the log when the one before has been taken. A reader that takes
nothing for too long is cut off; it comes again with the last id it has, and nothing is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from typing import Annotated, Final

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from standclear.core.codec import encode
from standclear.tlog.checkpoint import parse_checkpoint
from standclear.tlog.note import parse_note
from standclear.web.auth import Reader, bearer
from standclear.web.held import Held, HeldDep, ReaderDep
from standclear.web.items import view_item
from standclear.web.openapi import Json, answers
from standclear.web.reads import MAX_SEQ
from standclear.web.wire import Cut, StreamHead

router = APIRouter()
CHUNK_BYTES: Final = 262_144
"""A chunk ends with the view that passes this."""
RETRY: Final = b"retry: 2000\n\n"
HEARTBEAT: Final = b": heartbeat\n\n"
HEADERS: Final = {"X-Accel-Buffering": "no"}
"""A proxy that gathers a whole answer before it passes it on would pass on none of this."""
TOO_SLOW: Final = (
    "This reader took nothing for too long. Connect again with the last id as Last-Event-ID; nothing is lost."
)
STOPPING: Final = "The server is stopping. Connect again with the last id as Last-Event-ID; nothing is lost."
ENDED: Final = "The session has ended. Open another, and connect with the last id as Last-Event-ID."
EVENTS: Final[dict[int | str, Json]] = {
    200: {
        "description": "Server-sent events.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


class EventStream(StreamingResponse):
    """Chunks as the reader takes them, each within a time."""

    def __init__(
        self, chunks: AsyncGenerator[bytes, None], stall_s: float, leave: Callable[[], None]
    ) -> None:
        """Begin nothing yet; `leave` is called at the end, however it comes."""
        super().__init__(chunks, headers=HEADERS, media_type="text/event-stream")
        self._chunks, self._stall_s, self._leave = chunks, stall_s, leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until the chunks end, the reader goes away, or it takes none."""
        try:
            async with aclosing(self._chunks):
                await super().__call__(scope, receive, send)
        finally:
            self._leave()

    async def stream_response(self, send: Send) -> None:
        """Send until the chunks end or the reader takes none."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        try:
            async for chunk in self._chunks:
                async with asyncio.timeout(self._stall_s):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except TimeoutError:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._stall_s):
                    await send({"type": "http.response.body", "body": _cut(TOO_SLOW), "more_body": False})
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})


@router.get("/v1/stream", responses=answers({}) | EVENTS)
async def get_stream(
    request: Request,
    held: HeldDep,
    reader: ReaderDep,
    after: Annotated[int, Query(ge=-1, le=MAX_SEQ, description="number of the last entry already read")] = -1,
    last_event_id: Annotated[
        str | None,
        Header(alias="Last-Event-ID", pattern=r"^(0|[1-9][0-9]{0,14})$", description="goes before `after`"),
    ] = None,
) -> EventStream:
    """The reader's views as they are recorded, and the head of the log, as server-sent events."""
    token = bearer(request.headers.get("authorization")) or ""
    woken = held.streams.enter(reader.actor)
    start = (after if last_event_id is None else int(last_event_id)) + 1
    chunks = _events(held, reader, token, start, woken)
    return EventStream(chunks, held.config.stall_s, lambda: held.streams.leave(woken))


async def _events(
    held: Held, reader: Reader, token: str, start: int, woken: asyncio.Event
) -> AsyncGenerator[bytes, None]:
    """What is said on one stream."""
    told = ""
    yield RETRY
    while not held.streams.stopping:
        woken.clear()
        if held.sessions.find(held.record.snapshot.state, token) != reader:
            yield _cut(ENDED)
            return
        note = held.record.checkpoint()
        size = parse_checkpoint(parse_note(note.encode()).text).size
        while start < size and not held.streams.stopping:
            chunk, start = await run_in_threadpool(_chunk, held, reader, start, size)
            if chunk:
                yield chunk
        if note != told and not held.streams.stopping:
            told = note
            head = StreamHead(exercise=held.record.snapshot.state.exercise, size=size, checkpoint=note)
            yield b"event: head\ndata: " + encode(head) + b"\n\n"
        try:
            async with asyncio.timeout(held.config.heartbeat_s):
                await woken.wait()
        except TimeoutError:
            yield HEARTBEAT
    yield _cut(STOPPING)


def _chunk(held: Held, reader: Reader, start: int, size: int) -> tuple[bytes, int]:
    """Some of the reader's views from an entry on, and where to go on."""
    said = bytearray()
    for part in held.record.parts(reader.slot, start, size):
        said += b"id: %d\nevent: view\ndata: " % part.seq + encode(view_item(part)) + b"\n\n"
        if len(said) > CHUNK_BYTES:
            return bytes(said), part.seq + 1
    return bytes(said), size


def _cut(detail: str) -> bytes:
    return b"event: cut\ndata: " + encode(Cut(detail)) + b"\n\n"
