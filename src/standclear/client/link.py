# SPDX-License-Identifier: Apache-2.0
"""The connection to a centre: sessions opened as needed, lost replies asked for again, problems as our errors."""

from __future__ import annotations

import math
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, TypeVar

import httpx2
import msgspec

from standclear import errors
from standclear.client.answers import Challenge, Problem, Session
from standclear.client.reading import AS_IT_IS, MAX_ANSWER_BYTES, WHOLE_ANSWER_S, bounded, pieces
from standclear.client.trust import VARIABLE, trusted, why_not_trusted
from standclear.errors import LogBroken, NotAuthentic, StandclearError, Unavailable
from standclear.identity import Identity
from standclear.tlog.keys import SESSION_DOMAIN

ATTEMPTS: Final = 4
FIRST_PAUSE_S: Final = 0.25
TIMEOUT_S: Final = 30.0
PREFIX: Final = "urn:standclear:problem:"
T = TypeVar("T")


class _Named(msgspec.Struct, frozen=True):
    origin: str


def _slug(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


KINDS: Final[Mapping[str, type[StandclearError]]] = {
    PREFIX + _slug(name): kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, StandclearError)
}


class Link:
    """One address, one identity. Safe to use from several threads."""

    def __init__(
        self,
        url: str,
        identity: Identity | None,
        *,
        timeout_s: float = TIMEOUT_S,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        whole_s: float = WHOLE_ANSWER_S,
    ) -> None:
        """Connect lazily; nothing is sent yet. `whole_s`: an answer that is not all there by then is none."""
        self._http = httpx2.Client(base_url=url, timeout=timeout_s, trust_env=False, verify=trusted())
        self._identity = identity
        self._pause = pause
        self._clock, self._whole_s = clock, whole_s
        self._lock = threading.Lock()
        self._token: str | None = None
        self.session: Session | None = None

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def read(self, kind: type[T], path: str, query: Mapping[str, str] | None = None) -> T:
        """Read a resource in a session, which is opened first if need be."""
        response = self._send("GET", path, query=query, token=self.token())
        if response.status_code == 401:
            response = self._send("GET", path, query=query, token=self.token(renew=True))
        return decoded(kind, response)

    def post_in_session(self, kind: type[T], path: str, body: bytes, headers: Mapping[str, str]) -> T:
        """Post in a session."""
        response = self._send("POST", path, body=body, headers=headers, token=self.token())
        if response.status_code == 401:
            response = self._send("POST", path, body=body, headers=headers, token=self.token(renew=True))
        return decoded(kind, response)

    def get(self, path: str, most: int = MAX_ANSWER_BYTES) -> httpx2.Response:
        """Read what is open to everyone, of so many bytes at most."""
        return self._send("GET", path, most=most)

    @contextmanager
    def stream(self, path: str, headers: Mapping[str, str], silence_s: float) -> Iterator[Iterator[bytes]]:
        """What comes on a stream in a session, as it comes; no piece is held after the next.

        Raises:
            StandclearError, httpx2.TransportError: it cannot be opened, or is silent for too long.
        """
        for renew in (False, True):
            sent = {"Authorization": f"Bearer {self.token(renew=renew)}", **headers, **AS_IT_IS}
            timeout = httpx2.Timeout(TIMEOUT_S, read=silence_s)
            with self._http.stream("GET", path, headers=sent, timeout=timeout) as open_:
                if open_.status_code == 401 and not renew:
                    continue
                if open_.status_code != 200:
                    raise Unavailable(f"the stream was answered {open_.status_code}", where=path)
                yield pieces(open_, math.inf, self._clock)
                return

    @contextmanager
    def streamed(self, path: str, query: Mapping[str, str]) -> Iterator[Iterator[bytes]]:
        """Read a long answer in a session, piece by piece.

        Raises:
            Unavailable: the reply broke off.
        """
        sent = {"Authorization": f"Bearer {self.token()}"}
        try:
            with self._http.stream("GET", path, params=dict(query), headers=sent) as response:
                if response.status_code >= 400:
                    response.read()
                    raise error_of(problem_in(response))
                yield response.iter_bytes()
        except httpx2.TransportError as error:
            raise Unavailable(f"{self._http.base_url} broke off: {type(error).__name__}; ask again") from None

    def post(
        self,
        kind: type[T],
        path: str,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        token: str | None = None,
    ) -> T:
        """Post, with a token if there is one."""
        return decoded(kind, self._send("POST", path, body=body, headers=headers, token=token))

    def token(self, *, renew: bool = False) -> str:
        """The session's token; opens a session where there is none or a new one is asked for."""
        with self._lock:
            if self._token is None or renew:
                self.session = self._log_in()
                self._token = self.session.token
            return self._token

    def token_if_any(self, *, renew: bool = False) -> str | None:
        """The same, or None where no session is to be had: a command goes without one."""
        try:
            return self.token(renew=renew)
        except NotAuthentic:
            return None

    def _log_in(self) -> Session:
        if self._identity is None:
            raise NotAuthentic("this client has no identity", expected="a key file of `standclear key new`")
        key = self._identity.session_key_id
        asked = self.post(Challenge, "/v1/sessions/challenge", msgspec.json.encode({"key": key}))
        text = SESSION_DOMAIN + f"{self._origin()}\n{asked.nonce}".encode()
        signed = {"key": key, "nonce": asked.nonce, "signature": self._identity.session.sign(text).hex()}
        return self.post(Session, "/v1/sessions", msgspec.json.encode(signed))

    def _origin(self) -> str:
        """The name of the log, which a centre that takes no commands tells as well (with 503)."""
        try:
            return msgspec.json.decode(self.get("/v1/health").content, type=_Named).origin
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise LogBroken(f"the centre's answer cannot be read: {error}", where="/v1/health") from None

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        token: str | None = None,
        most: int = MAX_ANSWER_BYTES,
    ) -> httpx2.Response:
        """Send, and send again when the reply was lost: a command's id makes that harmless."""
        sent = dict(headers or {}) | AS_IT_IS
        if body is not None:
            sent["Content-Type"] = "application/json"
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = self._asked(method, path, query, body, sent, most)
            except (httpx2.TransportError, httpx2.DecodingError) as error:
                self._say_distrust(error)
                if attempt == ATTEMPTS:
                    raise Unavailable(
                        f"no answer from {self._http.base_url}: {type(error).__name__}; whether a command "
                        "was recorded is not known, send the same one again"
                    ) from None
            else:
                if response.status_code != 503 or attempt == ATTEMPTS:
                    return response
            self._pause(FIRST_PAUSE_S * 2 ** (attempt - 1))
        raise AssertionError("the last attempt returns or raises")

    def _say_distrust(self, error: Exception) -> None:
        """End at once where whoever answers is not believed: asking again changes nothing, and nothing was sent.

        Raises:
            NotAuthentic: its certificate is not one of an authority that is believed here.
        """
        why = why_not_trusted(error)
        if why:
            raise NotAuthentic(
                f"nothing was sent: {self._http.base_url} showed a certificate that is not believed here ({why})",
                where="--url",
                expected=f"a certificate of an authority known here; one of your own is named in {VARIABLE}",
            ) from None

    def _asked(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: bytes | None,
        headers: Mapping[str, str],
        most: int,
    ) -> httpx2.Response:
        """One request, its answer read within bounds."""
        until = self._clock() + self._whole_s
        with self._http.stream(method, path, params=query, content=body, headers=headers) as open_:
            content = bounded(open_, most, until, self._clock)
        return httpx2.Response(
            open_.status_code, headers=open_.headers, content=content, request=open_.request
        )


def decoded(kind: type[T], response: httpx2.Response) -> T:
    """The answer as a value, or the error that its problem says."""
    if response.status_code >= 400:
        raise error_of(problem_in(response))
    try:
        return msgspec.json.decode(response.content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise LogBroken(
            f"the centre's answer cannot be read: {error}", where=response.request.url.path
        ) from None


def problem_in(response: httpx2.Response) -> Problem:
    """The problem that a response carries; its status alone where it carries none."""
    try:
        return msgspec.json.decode(response.content, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Problem(status=response.status_code, detail=f"the server answered {response.status_code}")


def error_of(problem: Problem) -> StandclearError:
    """A problem as the error it was made from."""
    kind = KINDS.get(problem.type)
    if kind is None:
        kind = Unavailable if problem.status >= 500 else StandclearError
    return kind(problem.detail, where=problem.where, expected=problem.expected)
