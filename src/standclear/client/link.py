# SPDX-License-Identifier: Apache-2.0
"""The connection to a centre: sessions opened as needed, lost replies asked for again, problems as our errors."""

from __future__ import annotations

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
from standclear.errors import LogBroken, NotAuthentic, StandclearError, Unavailable
from standclear.identity import Identity
from standclear.tlog.keys import SESSION_DOMAIN

ATTEMPTS: Final = 4
FIRST_PAUSE_S: Final = 0.25
TIMEOUT_S: Final = 30.0
PREFIX: Final = "urn:standclear:problem:"
T = TypeVar("T")


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
    ) -> None:
        """Connect lazily; nothing is sent yet."""
        self._http = httpx2.Client(base_url=url, timeout=timeout_s, trust_env=False)
        self._identity = identity
        self._pause = pause
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

    def get(self, path: str) -> httpx2.Response:
        """Read what is open to everyone."""
        return self._send("GET", path)

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
        origin = str(msgspec.json.decode(self.get("/v1/health").content)["origin"])
        text = SESSION_DOMAIN + f"{origin}\n{asked.nonce}".encode()
        signed = {"key": key, "nonce": asked.nonce, "signature": self._identity.session.sign(text).hex()}
        return self.post(Session, "/v1/sessions", msgspec.json.encode(signed))

    def _send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        token: str | None = None,
    ) -> httpx2.Response:
        """Send, and send again when the reply was lost: a command's id makes that harmless."""
        sent = dict(headers or {})
        if body is not None:
            sent["Content-Type"] = "application/json"
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        for attempt in range(1, ATTEMPTS + 1):
            try:
                response = self._http.request(method, path, params=query, content=body, headers=sent)
            except httpx2.TransportError as error:
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


def decoded(kind: type[T], response: httpx2.Response) -> T:
    """The answer as a value, or the error that its problem says."""
    if response.status_code >= 400:
        raise error_of(problem_in(response))
    try:
        return msgspec.json.decode(response.content, type=kind)
    except msgspec.DecodeError as error:
        raise LogBroken(
            f"the centre's answer cannot be read: {error}", where=response.request.url.path
        ) from None


def problem_in(response: httpx2.Response) -> Problem:
    """The problem that a response carries; its status alone where it carries none."""
    try:
        return msgspec.json.decode(response.content, type=Problem)
    except msgspec.DecodeError:
        return Problem(status=response.status_code, detail=f"the server answered {response.status_code}")


def error_of(problem: Problem) -> StandclearError:
    """A problem as the error it was made from."""
    kind = KINDS.get(problem.type)
    if kind is None:
        kind = Unavailable if problem.status >= 500 else StandclearError
    return kind(problem.detail, where=problem.where, expected=problem.expected)
