# SPDX-License-Identifier: Apache-2.0
"""Who may do what: one table of endpoint and role, and sessions opened by a signed challenge.

Everything is denied that the table does not open. A challenge is not remembered until it is answered: the
nonce carries its own expiry and a code that only this server can make, so that asking costs no memory and
tells nothing of which keys there are. Sessions live in memory only, and of a token only its hash is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from standclear.core.commands import Use
from standclear.core.mandates import in_time, times
from standclear.core.release import SEES_ALL
from standclear.core.state import State
from standclear.core.terms import Role
from standclear.errors import NotAuthentic
from standclear.tlog.keys import SESSION_DOMAIN, verify
from standclear.tlog.slots import EVENTS_SLOT, FIRST_VIEW_SLOT
from standclear.units import US_PER_HOUR, US_PER_S

NONCE_US: Final = 120 * US_PER_S
SESSION_US: Final = 12 * US_PER_HOUR
MAX_SESSIONS_PER_KEY: Final = 20
"""A further one ends the oldest; so there are at most this many times the keys enrolled."""
SECRET_BYTES: Final = 32

PUBLIC: Final = frozenset(Role) | {None}
"""Open to everyone; None is a request without a session."""
KEYHOLDERS: Final = frozenset(Role) - {Role.RECIPIENT}
"""Recipients are told through an intermediary and hold no keys (design §2)."""
ACCESS: Final[Mapping[tuple[str, str], frozenset[Role | None] | frozenset[Role]]] = {
    # The interface is nobody's in particular; what it shows is read in a session.
    ("GET", "/"): PUBLIC,
    ("GET", "/assets/{name}"): PUBLIC,
    ("GET", "/v1/health"): PUBLIC,
    ("GET", "/v1/openapi"): PUBLIC,
    ("GET", "/log/checkpoint"): PUBLIC,
    ("GET", "/log/witnessed"): PUBLIC,
    ("GET", "/log/tile/{path}"): PUBLIC,
    ("POST", "/log/cosignatures"): PUBLIC,
    ("POST", "/v1/sessions/challenge"): PUBLIC,
    ("POST", "/v1/sessions"): PUBLIC,
    # There in an exercise alone, whose settings say so.
    ("GET", "/v1/exercise/desks"): PUBLIC,
    ("POST", "/v1/exercise/desks"): PUBLIC,
    # These two authenticate by signature; a session only adds the receipt.
    ("POST", "/v1/commands"): PUBLIC,
    ("POST", "/v1/commands/batch"): PUBLIC,
    ("POST", "/v1/prepare"): PUBLIC,
    ("POST", "/v1/checks"): KEYHOLDERS,
    ("GET", "/v1/notices"): KEYHOLDERS,
    ("GET", "/v1/notices/{id}"): KEYHOLDERS,
    ("GET", "/v1/notices/{id}/details"): KEYHOLDERS,
    ("GET", "/v1/notices/{id}/departure"): KEYHOLDERS,
    ("GET", "/v1/notices/{id}/spoken"): KEYHOLDERS,
    ("POST", "/v1/exposure"): KEYHOLDERS,
    ("POST", "/v1/features"): KEYHOLDERS,
    ("POST", "/v1/duplicates"): KEYHOLDERS,
    ("GET", "/v1/notices/{id}/exposure"): KEYHOLDERS,
    ("GET", "/v1/activities"): KEYHOLDERS,
    ("GET", "/v1/activities/{id}"): KEYHOLDERS,
    ("GET", "/v1/activities/{id}/details"): KEYHOLDERS,
    ("GET", "/v1/terms"): KEYHOLDERS,
    ("GET", "/v1/terms/text"): KEYHOLDERS,
    ("GET", "/v1/inbox"): KEYHOLDERS,
    ("GET", "/v1/entries/{seq}"): KEYHOLDERS,
    ("GET", "/v1/stream"): KEYHOLDERS,
    ("GET", "/v1/known"): KEYHOLDERS,
    ("GET", "/v1/watch"): KEYHOLDERS,
    ("GET", "/v1/daily"): KEYHOLDERS,
    ("GET", "/v1/incidents"): KEYHOLDERS,
    ("GET", "/v1/incidents/{id}"): KEYHOLDERS,
    ("GET", "/v1/consents"): KEYHOLDERS,
    ("GET", "/v1/threads"): KEYHOLDERS,
    ("GET", "/v1/posts"): KEYHOLDERS,
    ("GET", "/v1/keys"): KEYHOLDERS,
    ("GET", "/v1/keys/{id}"): KEYHOLDERS,
    ("GET", "/v1/phrases"): KEYHOLDERS,
    ("GET", "/v1/map"): KEYHOLDERS,
    ("GET", "/v1/layers"): KEYHOLDERS,
    ("GET", "/v1/layers/{layer}/tiles/{z}/{x}/{y}"): KEYHOLDERS,
    ("GET", "/v1/layers/{layer}/shapes"): KEYHOLDERS,
    ("GET", "/v1/export"): KEYHOLDERS,
    ("GET", "/v1/dossiers"): KEYHOLDERS,
    ("GET", "/v1/coordinates"): KEYHOLDERS,
}
NO_ONE: Final[frozenset[Role | None]] = frozenset()
"""What an endpoint gets that the table does not name."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who holds a session: the actor, its number and role in the terms, and the post."""

    actor: str
    number: int
    role: Role
    post: str

    @property
    def sees_all(self) -> bool:
        """Whether it reads slot 1: desk and arbiter."""
        return self.role in SEES_ALL

    @property
    def slot(self) -> int:
        """Where in every entry this reader's part stands."""
        return EVENTS_SLOT if self.sees_all else FIRST_VIEW_SLOT + self.number


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session; the token is told once and not kept."""

    token: str
    expires_us: int
    reader: Reader


@dataclass(frozen=True, slots=True)
class _Session:
    key: str
    expires_us: int


class Sessions:
    """Open sessions of one running server. Clock and chance are handed in."""

    def __init__(self, clock: Callable[[], int], draw: Callable[[int], bytes]) -> None:
        """Start without any; challenges of an earlier run no longer stand."""
        self._clock, self._draw = clock, draw
        self._secret = draw(SECRET_BYTES)
        self._lock = threading.Lock()
        self._sessions: dict[bytes, _Session] = {}
        self._of_key: dict[str, list[bytes]] = {}
        self._answered: dict[str, int] = {}

    def challenge(self, key: str) -> tuple[str, int]:
        """A nonce for this key, whether or not it is enrolled, and when it expires."""
        expires_us = self._clock() + NONCE_US
        chance = self._draw(16).hex()
        return f"{expires_us}.{chance}.{self._code(key, expires_us, chance)}", expires_us

    def open(self, state: State, key: str, nonce: str, signature: bytes) -> Opened:
        """Open a session for a key enrolled for sessions that signed a nonce of ours.

        Raises:
            NotAuthentic: in the same words whatever did not stand.
        """
        known = state.keys.get(key)
        expires_us = self._expiry_of(key, nonce)
        if known is None or known.use is not Use.SESSION or expires_us is None:
            raise _not_answered()
        try:
            verify(bytes.fromhex(known.public), signature, session_text(state.origin, nonce))
        except NotAuthentic:
            raise _not_answered() from None
        reader = reader_of(state, key)
        if reader is None:
            raise _not_answered()
        if known.mandate is not None and not in_time(known.mandate, self._clock()):
            # Whoever signed with the key may know when it holds.
            raise NotAuthentic(
                f"this key reads {times(known.mandate)}; a stop may be signed with its post's command key at any time",
                where="key",
                expected="another post's key, or the time",
            )
        with self._lock:
            if nonce in self._answered:
                raise _not_answered()
            self._forget_expired()
            self._answered[nonce] = expires_us
            return self._opened(key, reader)

    def find(self, state: State, token: str) -> Reader | None:
        """Who holds this token, if its session stands and its key is still enrolled."""
        with self._lock:
            session = self._sessions.get(_hashed(token))
        if session is None or session.expires_us <= self._clock():
            return None
        known = state.keys.get(session.key)
        if known is not None and not in_time(known.mandate, self._clock()):
            return None
        return reader_of(state, session.key)

    def _opened(self, key: str, reader: Reader) -> Opened:
        token, expires_us = self._draw(32).hex(), self._clock() + SESSION_US
        mine = self._of_key.setdefault(key, [])
        while len(mine) >= MAX_SESSIONS_PER_KEY:
            self._sessions.pop(mine.pop(0), None)
        mine.append(_hashed(token))
        self._sessions[mine[-1]] = _Session(key, expires_us)
        return Opened(token, expires_us, reader)

    def _forget_expired(self) -> None:
        """Called under the lock, when a session is opened: only holders of enrolled keys make it grow."""
        now_us = self._clock()
        self._answered = {nonce: until for nonce, until in self._answered.items() if until > now_us}

    def _expiry_of(self, key: str, nonce: str) -> int | None:
        """When a nonce made here for this key expires; None if it has, or was not."""
        expiry, _, rest = nonce.partition(".")
        chance, _, code = rest.partition(".")
        if not (expiry.isascii() and expiry.isdigit() and len(expiry) < 20 and rest.isascii()):
            return None
        expires_us = int(expiry)
        if not hmac.compare_digest(code, self._code(key, expires_us, chance)):
            return None
        return expires_us if expires_us > self._clock() else None

    def _code(self, key: str, expires_us: int, chance: str) -> str:
        text = f"{key}\n{expires_us}\n{chance}".encode()
        return hmac.digest(self._secret, text, "sha256").hex()


def session_text(origin: str, nonce: str) -> bytes:
    """What a session key signs."""
    return SESSION_DOMAIN + f"{origin}\n{nonce}".encode()


def reader_of(state: State, key: str) -> Reader | None:
    """The actor and post behind a session key, as enrolled now."""
    known = state.keys.get(key)
    actor = state.actors.get(known.actor) if known else None
    if known is None or actor is None or known.use is not Use.SESSION:
        return None
    return Reader(actor.id, actor.number, actor.role, known.post)


def bearer(authorization: str | None) -> str | None:
    """The token of an Authorization header."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def _not_answered() -> NotAuthentic:
    return NotAuthentic(
        "no session was opened: ask for a new challenge and sign it with a key enrolled here for session",
        where="signature",
        expected="a signature over standclear/session/1, origin and nonce, once, before it expires",
    )
