# SPDX-License-Identifier: Apache-2.0
"""What an application holds, and the one gate that every request passes: its place in the table of `auth`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends, FastAPI, Request

from standclear.centre.sequencer import Centre
from standclear.errors import NotAuthentic, NotFound, NotPermitted
from standclear.identity import Identity
from standclear.maps import Layers
from standclear.web.auth import ACCESS, NO_ONE, Reader, Sessions, bearer
from standclear.web.limits import Limits, Rates
from standclear.web.record import Record
from standclear.web.returning import Returning
from standclear.web.shelf import Shelves
from standclear.web.streams import Streams


@dataclass(frozen=True, slots=True)
class WebConfig:
    """What the web side needs from outside: random bytes, and how long a body may take to arrive."""

    draw: Callable[[int], bytes]
    body_timeout_s: float = 60.0
    heartbeat_s: float = 15.0
    """After how long a silence a stream shows that it lives."""
    stall_s: float = 30.0
    """How long a stream's reader may take nothing."""
    rates: Rates = field(default_factory=Rates)
    """How often a post may ask."""
    layers: Layers = field(default_factory=Layers)
    """Maps to be drawn under the notices."""
    desks: Mapping[str, Identity] = field(default_factory=dict)
    """In an exercise: by actor, the post that invites whoever asks to sit there (`desks.py`)."""


@dataclass(frozen=True, slots=True)
class Held:
    """A log that can be read, and the sessions, shelves and streams of this server before it."""

    record: Record
    config: WebConfig
    sessions: Sessions
    shelves: Shelves
    streams: Streams
    limits: Limits
    returning: Returning = field(default_factory=Returning)

    @property
    def centre(self) -> Centre:
        """The centre behind this server, for what only a centre does.

        Raises:
            NotFound: a mirror is behind it, which takes no commands.
        """
        if not isinstance(self.record, Centre):
            raise NotFound(
                "a mirror answers reads and takes no commands", expected="the centre's own address"
            )
        return self.record


def held_by(request: Request) -> Held:
    """What this request's application holds."""
    return cast("Held", request.app.state.held)


def streams_of(app: FastAPI) -> Streams:
    """The streams of an application."""
    return cast("Held", app.state.held).streams


HeldDep = Annotated[Held, Depends(held_by)]


def session_of(request: Request) -> Reader | None:
    """The reader whose token the request carries, if its session stands."""
    token = bearer(request.headers.get("authorization"))
    held = held_by(request)
    return held.sessions.find(held.record.snapshot.state, token) if token else None


async def admit_request(request: Request) -> None:
    """Let a request through only where the table says so.

    Raises:
        NotAuthentic: no session, and the endpoint is not open.
        NotPermitted: a session whose role may not.
        TooOften: its post has read too much within a minute.
    """
    path = getattr(request.scope.get("route"), "path_format", "")
    allowed = ACCESS.get((request.method, path), NO_ONE)
    if None in allowed:
        return
    reader = session_of(request)
    if reader is None:
        raise NotAuthentic(
            "this needs a session: sign a challenge of /v1/sessions/challenge",
            where="Authorization",
            expected="Bearer and the token of a session that has not expired",
        )
    if reader.role not in allowed:
        raise NotPermitted(f"as {reader.role.value}, you do not read here")
    held_by(request).limits.read(reader.actor, reader.post)
    request.state.reader = reader


def reader_in(request: Request) -> Reader:
    """The reader that was let through."""
    return cast("Reader", request.state.reader)


ReaderDep = Annotated[Reader, Depends(reader_in)]
