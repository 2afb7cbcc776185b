# SPDX-License-Identifier: Apache-2.0
"""A served exercise and a real browser before it. Nothing stands in for anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from standclear import wiring
from standclear.client import Client
from standclear.config import Config
from standclear.core.terms_toml import read_terms
from standclear.identity import Identity, new_identity, write_identity
from standclear.web.server import Running

ORIGIN = "exercise.example/browser"
FLAGS = ("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking")
AZURE, OCHRE, RELIEF, DESK = "party-azure", "party-ochre", "relief-one", "desk"
NAMES = {
    AZURE: "Party Azure (placeholder)",
    OCHRE: "Party Ochre (placeholder)",
    RELIEF: "Relief Organisation One (placeholder)",
    DESK: "Watch desk of the centre",
}


@dataclass
class Exercise:
    """A centre of the starter terms, assented to, whose desks anybody may sit at."""

    opened: wiring.Opened
    running: Running
    posts: dict[str, Identity]
    clients: list[Client] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it is."""
        return self.running.url

    def client(self, actor: str) -> Client:
        """The actor's post, at work without a browser."""
        self.clients.append(Client(self.url, self.posts[actor], clock=wiring.utc_now_us, draw=wiring.draw))
        return self.clients[-1]

    def stop(self) -> None:
        """Stop the server, then the centre."""
        for client in self.clients:
            client.close()
        self.running.stop()
        self.opened.centre.close()


def start(directory: Path, **settings: str) -> Exercise:
    """Lay out, open, serve, assent. `settings`: others of the centre, by name."""
    text = wiring.starter_terms()
    terms = read_terms(text, "starter-terms.toml")
    posts = {a.id: new_identity(a.id, "watch", wiring.draw) for a in terms.actors if a.number}
    config = Config(origin=ORIGIN, exercise=True, exercise_desks=True, **settings)  # type: ignore[arg-type]
    desk = wiring.init_directory(directory, config, text, tuple(posts.values()))
    for name, identity in posts.items():
        write_identity(directory / "keys" / f"{name}.key", identity)
    opened = wiring.open_directory(directory)
    exercise = Exercise(opened, wiring.serve(opened, port=0), posts | {desk.actor: desk})
    for party in terms.parties():
        exercise.client(party.id).assent()
    return exercise


@dataclass
class Desks:
    """Pages that sit at desks, what they asked of others than the centre, and what went wrong in them."""

    exercise: Exercise
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    at: str = ""
    """Where pages are opened; empty: at the centre."""

    def open(self, *, language: str = "en", dark: bool = False, worker: bool = True) -> Page:
        """A page of a person of one's own: another browser's storage, another key.

        `worker`: whether its service worker may run; what goes through it is not seen by a test that bends requests.
        """
        context = self.browser.new_context(
            locale=language,
            timezone_id="Africa/Nairobi",
            viewport={"width": 1440, "height": 900},
            color_scheme="dark" if dark else "light",
            service_workers="allow" if worker else "block",
        )
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        page = context.new_page()
        page.goto(self.at or self.exercise.url)
        return page

    def sit(
        self,
        actor: str,
        post: str = "watch",
        *,
        language: str = "en",
        dark: bool = False,
        worker: bool = True,
    ) -> Page:
        """A page that sits at a desk of the exercise, its link live."""
        page = self.open(language=language, dark=dark, worker=worker)
        page.get_by_role("button", name=f"{NAMES[actor]}, {post}", exact=True).click()
        expect(page.locator(".link:not(.lost)")).to_be_visible(timeout=20_000)
        return page

    def close(self) -> None:
        """Close every page."""
        for context in self.contexts:
            context.close()

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.at or self.exercise.url, "data:", "blob:")):
            self.outside.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        # A refusal is a 4xx, which Chromium writes down as a fault of its own.
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.faults.append(message.text)


def hours_ahead(hours: float) -> int:
    """µs since 1970 of the full hour so many hours from now."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return int((now + timedelta(hours=hours)).timestamp()) * 1_000_000
