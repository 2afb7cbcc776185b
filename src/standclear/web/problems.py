# SPDX-License-Identifier: Apache-2.0
"""Problem Details (RFC 9457): every error of this API in one shape, from one status table.

Never a stack trace and never what was not released: what a reader may not see is answered as what does not
exist, in the same bytes. An internal fault says an id under which the log keeps the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from standclear.core.codec import encode
from standclear.errors import (
    IdAlreadyUsed,
    LogBroken,
    LogMoved,
    Malformed,
    NotAuthentic,
    NotFound,
    NotPermitted,
    StandclearError,
    TooLarge,
    TooOften,
    Unavailable,
)

STATUS: Final[Mapping[type[StandclearError], int]] = {
    Malformed: 422,
    TooLarge: 413,
    NotAuthentic: 401,
    NotPermitted: 403,
    NotFound: 404,
    IdAlreadyUsed: 409,
    LogMoved: 409,
    LogBroken: 500,
    Unavailable: 503,
    TooOften: 429,
    StandclearError: 500,
}
"""The nearest class of an error's ancestry decides: what is a Malformed is a 422."""
MEDIA_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:standclear:problem:"
MAX_DETAIL: Final = 2_000
RETRY_AFTER_S: Final = "1"


class Problem(msgspec.Struct, frozen=True):
    """What went wrong: which sort, in words, where, and what would have been right."""

    type: str
    title: str
    status: int
    detail: str
    where: str
    expected: str


def status_of(error: StandclearError) -> int:
    """The HTTP status of an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def problem_of(error: StandclearError) -> Problem:
    """An error as it goes over the wire."""
    kind = type(error)
    return Problem(
        type=TYPE_PREFIX + re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower(),
        title=(kind.__doc__ or "").strip().split("\n")[0],
        status=status_of(error),
        detail=error.detail[:MAX_DETAIL],
        where=error.where[:MAX_DETAIL],
        expected=error.expected[:MAX_DETAIL],
    )


def problem_response(error: StandclearError) -> Response:
    """The answer that says what went wrong."""
    headers = {}
    if isinstance(error, NotAuthentic):
        headers["WWW-Authenticate"] = 'Bearer realm="standclear"'
    if isinstance(error, Unavailable):
        headers["Retry-After"] = RETRY_AFTER_S
    if isinstance(error, TooOften):
        headers["Retry-After"] = str(error.wait_s)
    return _response(problem_of(error), headers)


def plain_problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """A problem of HTTP itself: no such path, no such method."""
    title = HTTPStatus(status).phrase
    return _response(Problem("about:blank", title, status, detail, "", ""), headers or {})


def fault_response(fault: str) -> Response:
    """An internal fault, by the id under which the server's log keeps it."""
    detail = f"The centre met a fault of its own and logged it as {fault}. Repeat the request; a command keeps its id."
    return plain_problem(500, detail)


def _response(problem: Problem, headers: Mapping[str, str]) -> Response:
    return Response(encode(problem), problem.status, dict(headers), MEDIA_TYPE)


def malformed_request(error: RequestValidationError) -> Malformed:
    """What FastAPI found wrong with path, query or headers, in our words; the first fault is told."""
    first = error.errors()[0]
    place = [str(part) for part in first.get("loc", ())]
    where = " ".join(place[:2]) + "".join(f".{part}" for part in place[2:])
    return Malformed(str(first.get("msg", "not what it must be")), where=where)


def answer_errors(app: FastAPI) -> None:
    """Have the application answer every error as a problem."""

    async def ours(_: Request, error: Exception) -> Response:
        assert isinstance(error, StandclearError)
        return problem_response(error)

    async def unfit(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return problem_response(malformed_request(error))

    async def plain(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return plain_problem(error.status_code, str(error.detail), error.headers)

    app.add_exception_handler(StandclearError, ours)
    app.add_exception_handler(RequestValidationError, unfit)
    app.add_exception_handler(HTTPException, plain)
