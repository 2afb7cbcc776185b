# SPDX-License-Identifier: Apache-2.0
"""The small world's centre behind a real server on loopback, and its posts as clients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2

from standclear.centre.port import Store
from standclear.centre.witnessing import Kept
from standclear.client import Client, Pinned
from standclear.core.codec import encode
from standclear.core.terms import Actor, Role, Terms
from standclear.identity import Identity
from standclear.maps import Layers
from standclear.store.memory import MemoryStore
from standclear.web.app import create_app
from standclear.web.held import WebConfig
from standclear.web.limits import Rates
from standclear.web.server import Running, serve_in_thread
from tests import centre_kit, world

PINNED = Pinned(world.ORIGIN, world.signing_key("checkpoint").public)
FAR_CLINIC = Actor(id="far-clinic", number=6, name="Far Clinic", role=Role.RECIPIENT)


def terms_with_recipient() -> Terms:
    """The small world with one more actor, told through an intermediary."""
    return world.terms(actors=(*world.ACTORS, FAR_CLINIC))


def identity(actor: str) -> Identity:
    """The keys of an actor's watch."""
    keys = (world.signing_key(f"{actor} {use}") for use in ("command", "session"))
    return Identity(actor, "watch", *keys)


@dataclass
class Served:
    """A running centre behind HTTP."""

    keyed: centre_kit.Keyed
    running: Running
    draw: Callable[[int], bytes] = field(default_factory=centre_kit.counting_draw)
    clients: dict[str, Client] = field(default_factory=dict)
    opened: list[httpx2.Client] = field(default_factory=list)

    def client(self, actor: str) -> Client:
        """An actor's client; its ids and salts are the same in every run."""
        if actor not in self.clients:
            self.clients[actor] = Client(
                self.running.url, identity(actor), clock=self.keyed.clock, draw=self.draw, pinned=PINNED
            )
        return self.clients[actor]

    def raw(self, actor: str | None = None) -> httpx2.Client:
        """Plain HTTP, in a session of an actor if one is named."""
        headers = {"Authorization": f"Bearer {self.token(actor)}"} if actor else {}
        http = httpx2.Client(base_url=self.running.url, headers=headers, timeout=30, trust_env=False)
        self.opened.append(http)
        return http

    def token(self, actor: str) -> str:
        """A session's token."""
        client = self.client(actor)
        return client._link.token()

    def post(self, submission: object, http: httpx2.Client | None = None, **headers: str) -> httpx2.Response:
        """Post a submission as it is, with whatever headers a test changes."""
        sent = headers_of(submission) | {name.replace("_", "-"): value for name, value in headers.items()}
        return (http or self.raw()).post("/v1/commands", content=submission.raw, headers=sent)  # type: ignore[attr-defined]

    def stop(self) -> None:
        """Stop the server, then the centre."""
        for http in self.opened:
            http.close()
        for client in self.clients.values():
            client.close()
        self.running.stop()
        self.keyed.centre.close()


def headers_of(submission: object) -> dict[str, str]:
    """Key, signature and attachments as headers."""
    import base64

    sent = {"Standclear-Key": submission.key, "Standclear-Signature": submission.signature.hex()}  # type: ignore[attr-defined]
    for name, (salt, body) in submission.attachments.items():  # type: ignore[attr-defined]
        sent[f"Standclear-{name.title()}"] = base64.urlsafe_b64encode(salt + body).decode()
    return sent


NO_LIMITS = Rates()
NO_LAYERS = Layers()


def serve(
    store: Store | None = None,
    terms: Terms | None = None,
    *,
    heartbeat_s: float = 15.0,
    kept: Kept | None = None,
    rates: Rates = NO_LIMITS,
    layers: Layers = NO_LAYERS,
) -> Served:
    """Start a centre of the small world and serve it."""
    keyed = centre_kit.start(store or MemoryStore(), terms, kept=kept)
    config = WebConfig(
        draw=centre_kit.counting_draw(),
        body_timeout_s=5.0,
        heartbeat_s=heartbeat_s,
        rates=rates,
        layers=layers,
    )
    return Served(keyed, serve_in_thread(create_app(keyed.centre, config)))


def canonical(value: object) -> bytes:
    """Canonical bytes."""
    return encode(value)
