# SPDX-License-Identifier: Apache-2.0
"""Bounds before anything is read, headers on every answer, and the last word on internal faults.

A body longer than its endpoint takes is refused by its declared length, or once that much has come.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable, Iterable, Mapping
from typing import Final
from urllib.parse import parse_qsl

from fastapi import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from standclear.errors import Malformed, NotFound, StandclearError, TooLarge
from standclear.web.problems import fault_response, plain_problem, problem_response
from standclear.web.straight import Straight

DEFAULT_BODY: Final = 4_096
MAX_QUERY: Final = 4_096
MAX_PARAMETERS: Final = 20
MAX_HEADERS: Final = 100
MAX_HEADER_BYTES: Final = 49_152
EXERCISE_HEADER: Final = (b"standclear-exercise", b"EXERCISE")
CACHE_HEADER: Final = (b"cache-control", b"no-store")
SECURITY_HEADERS: Final = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
log = logging.getLogger(__name__)


class Guard:
    """Stands before the application; every request and every answer passes here."""

    def __init__(
        self,
        app: ASGIApp,
        max_body: Mapping[str, int],
        body_timeout_s: float,
        is_exercise: Callable[[], bool],
        draw: Callable[[int], bytes],
        straight: Straight | None = None,
    ) -> None:
        """Guard an application; `max_body` by path, `draw` for the ids of faults, `straight` for the short way."""
        self._app, self._max_body, self._timeout_s = app, max_body, body_timeout_s
        self._straight = straight
        self._is_exercise, self._draw = is_exercise, draw

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = self._headers(message.get("headers", ()))
            await send(message)

        try:
            check_head(scope)
            body = await self._body(scope, receive)
            answered = await self._straight(scope, body) if self._straight else None
            await (answered or self._app)(scope, _replayed(body, receive), sending)
        except _Gone:
            return
        except Exception as error:
            answer = self._answer_to(error)
            if not started:
                await answer(scope, receive, sending)

    def _headers(self, said: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """What the application said, and ours where it did not speak: no cache, and nothing to load or run."""
        headers = list(said)
        named = {name for name, _ in headers}
        headers += [ours for ours in (CACHE_HEADER, *SECURITY_HEADERS) if ours[0] not in named]
        return [*headers, *([EXERCISE_HEADER] if self._is_exercise() else ())]

    def _answer_to(self, error: Exception) -> Response:
        match error:
            case StandclearError():
                return problem_response(error)
            case TimeoutError():
                return plain_problem(408, "the body took too long to arrive", {"connection": "close"})
            case _Oversized():
                return plain_problem(431, str(error))
            case _:
                fault = self._draw(8).hex()
                # Frames only: an exception's own words could carry what was signed or sealed.
                frames = "".join(traceback.format_tb(error.__traceback__))
                log.error("fault %s: %s\n%s", fault, type(error).__name__, frames)
                return fault_response(fault)

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        """The whole body, if it is within the bound of its path."""
        most = self._max_body.get(scope["path"], DEFAULT_BODY)
        declared = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
        if declared.isdigit() and int(declared) > most:
            raise _too_large(most)
        chunks: list[bytes] = []
        size, more = 0, True
        async with asyncio.timeout(self._timeout_s):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise _Gone
                chunks.append(message.get("body", b""))
                size, more = size + len(chunks[-1]), message.get("more_body", False)
                if size > most:
                    raise _too_large(most)
        return b"".join(chunks)


class _Gone(Exception):
    """The client went away before its request was whole."""


class _Oversized(Exception):
    """More header than this server reads."""


def check_head(scope: Scope) -> None:
    """Refuse paths, queries and headers that are longer, more or more ambiguous than any endpoint takes."""
    # The framework's patterns end before a last newline: such a path would be a second name of a resource.
    if not scope["path"].isprintable():
        raise NotFound("there is no such path", where="path", expected="a path without control characters")
    headers = scope["headers"]
    if len(headers) > MAX_HEADERS or sum(len(k) + len(v) for k, v in headers) > MAX_HEADER_BYTES:
        raise _Oversized(f"at most {MAX_HEADERS} headers and {MAX_HEADER_BYTES} bytes of them")
    query: bytes = scope.get("query_string", b"")
    if not query:
        return
    if len(query) > MAX_QUERY:
        raise TooLarge(f"a query has at most {MAX_QUERY} bytes", where="query")
    try:
        text = query.decode("latin-1")  # of bytes, only values in ASCII are read
        names = [name for name, _ in parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_PARAMETERS)]
    except ValueError:
        raise TooLarge(f"a query has at most {MAX_PARAMETERS} parameters", where="query") from None
    if len(set(names)) != len(names):
        raise Malformed("a parameter is given twice", where="query", expected="each once")


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"a body here has at most {most} bytes", where="body")


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Hand the application the body that was read, then whatever comes after it."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
