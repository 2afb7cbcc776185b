# SPDX-License-Identifier: Apache-2.0
"""Answers read within bounds: so many bytes, so long, as they are, from where they were asked. Whoever answers may be
hostile: an answer that goes on for ever, drips, unpacks to gigabytes or points elsewhere is no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import httpx2

from standclear.errors import Unavailable

MAX_ANSWER_BYTES: Final = 64 * 1_048_576
"""A page ends with the item that passes 4 MiB, and one item may carry a whole command and its findings."""
WHOLE_ANSWER_S: Final = 120.0
AS_IT_IS: Final = {"Accept-Encoding": "identity"}
"""Nothing is asked for packed, so whatever comes packed is refused unopened."""


def bounded(response: httpx2.Response, most: int, until: float, clock: Callable[[], float]) -> bytes:
    """The whole body of a response that is open for streaming. `until`: by `clock`, seconds.

    Raises:
        Unavailable: too long, too slow, packed, or only a pointer elsewhere.
    """
    _check_plain(response)
    said = response.headers.get("content-length", "")
    if said.isascii() and said.isdigit() and (len(said) > 18 or int(said) > most):
        raise no_answer(response, f"an answer of {said[:18]} bytes", f"at most {most}")
    body = bytearray()
    for piece in pieces(response, until, clock):
        body += piece
        if len(body) > most:
            raise no_answer(response, "an answer that does not end", f"at most {most} bytes")
    return bytes(body)


def pieces(response: httpx2.Response, until: float, clock: Callable[[], float]) -> Iterator[bytes]:
    """What comes, as it comes, up to a time.

    Raises:
        Unavailable: the time is over and the answer is not.
    """
    _check_plain(response)
    for piece in response.iter_raw():
        yield piece
        if clock() > until:
            raise no_answer(response, "an answer that comes too slowly", "all of it in time")


def no_answer(response: httpx2.Response, what: str, expected: str) -> Unavailable:
    """What came instead of an answer."""
    return Unavailable(f"{what} was given", where=response.request.url.path, expected=expected)


def _check_plain(response: httpx2.Response) -> None:
    if 300 <= response.status_code < 400:
        raise no_answer(response, "a pointer to another address", "an answer from the address asked")
    if response.headers.get("content-encoding", "identity") != "identity":
        raise no_answer(response, "a packed answer", "plain bytes, as asked for")
