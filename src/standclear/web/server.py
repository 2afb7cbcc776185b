# SPDX-License-Identifier: Apache-2.0
"""A server for the application: uvicorn on one address, without an access log, stopping cleanly."""

from __future__ import annotations

import asyncio
import socket
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from standclear.errors import Unavailable
from standclear.web.held import streams_of
from standclear.web.streams import Streams

BACKLOG: Final = 2_048
HEAD_S = 30.0
"""How long the head of a request may take to arrive; without it, half heads would hold every connection."""
STOP_S: Final = 10
HEAD_BYTES: Final = 65_536
KEEP_ALIVE_S: Final = 30


class HeadTimed(H11Protocol):
    """uvicorn's HTTP, which waits for ever for a head, with an end to that."""

    _head: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._head = self.loop.call_later(HEAD_S, transport.close)

    def data_received(self, data: bytes) -> None:
        """Wait on, from the first byte of a head to its last."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._head is None:
            self._head = self.loop.call_later(HEAD_S, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _stop_waiting(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None


@dataclass(frozen=True, slots=True)
class Tls:
    """Certificate chain and private key, as PEM files."""

    cert: Path
    key: Path


def make_server(
    app: FastAPI, host: str = "127.0.0.1", port: int = 8080, tls: Tls | None = None
) -> uvicorn.Server:
    """A server that is not running yet; `.run()` serves until a signal or `should_exit`."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=HeadTimed,
        access_log=False,
        log_config=None,
        server_header=False,
        lifespan="off",
        ws="none",
        h11_max_incomplete_event_size=HEAD_BYTES,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=STOP_S,
        ssl_certfile=tls.cert if tls else None,
        ssl_keyfile=tls.key if tls else None,
    )
    return Server(config, streams_of(app))


class Server(uvicorn.Server):
    """uvicorn's server, which would wait for streams that never end by themselves."""

    def __init__(self, config: uvicorn.Config, streams: Streams) -> None:
        """A server whose application holds these streams."""
        super().__init__(config)
        self._streams = streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then stop as uvicorn does."""
        self._streams.stop()
        await super().shutdown(sockets)


@dataclass(frozen=True, slots=True)
class Running:
    """A server in a thread of its own."""

    url: str
    _server: uvicorn.Server
    _thread: threading.Thread

    def stop(self) -> None:
        """Finish what is being answered, then stop."""
        self._server.should_exit = True
        self._thread.join()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket whose protocol is named: asyncio turns Nagle's delay off for those only (40 ms an answer)."""
    family, kind, _, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listening = socket.socket(family, kind, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


def serve_in_thread(app: FastAPI, host: str = "127.0.0.1", port: int = 0, tls: Tls | None = None) -> Running:
    """Serve in a thread; port 0 takes a free one. It accepts connections from the moment this returns.

    Raises:
        Unavailable: the address cannot be had.
    """
    try:
        listening = listen(host, port)
    except OSError as error:
        raise Unavailable(f"cannot listen on {host}:{port}: {error.strerror}") from None
    server = make_server(app, host, port, tls)
    taken = listening.getsockname()[1]
    thread = threading.Thread(target=server.run, args=([listening],), name="web", daemon=True)
    thread.start()
    return Running(f"{'https' if tls else 'http'}://{host}:{taken}", server, thread)
