# SPDX-License-Identifier: Apache-2.0
"""What an organisation that notifies asks and says beyond notices themselves (docs/notifiers.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from standclear.client.answers import HeldUpTo, Moment, Said
from standclear.client.signing import NO_RELEASE, Notice, Release
from standclear.core.commands import Amend, Notify
from standclear.core.exposure import Exposure
from standclear.core.model import ConsentDocument, ReleaseLevel
from standclear.core.model import Release as Released

if TYPE_CHECKING:
    from standclear.client.client import Client

NO_COMMITMENT = "0" * 64
"""Stands for documents that are not made yet; what is asked about is never signed."""


class Asked(Said, frozen=True, kw_only=True):
    """Who would see what; nothing was recorded."""

    exposure: Exposure


class Then(msgspec.Struct, frozen=True, kw_only=True):
    """From which entry on an actor was released how much."""

    entry: int
    at: str
    at_us: int
    level: ReleaseLevel


class Met(msgspec.Struct, frozen=True, kw_only=True):
    """When an actor's activity met the cover: first, and last."""

    first: Moment
    last: Moment
    times: int


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What one actor was released of a notice, and what the record knows of what became of it."""

    to: str
    name: str
    level: ReleaseLevel
    released: tuple[Then, ...]
    held: HeldUpTo | None
    met: Met | None
    answered: tuple[str, ...]
    deleted: Moment | None
    words: str


class ShownTo(Said, frozen=True, kw_only=True):
    """Who was released what of a notice of one's own."""

    notice: str
    recipients: tuple[Shown, ...]
    read_note: str


class Notifying:
    """An organisation's own questions and words about its notices, over its client."""

    def __init__(self, client: Client) -> None:
        """Nothing is asked yet."""
        self._client = client

    def exposure(
        self,
        content: Notice,
        release: Release = NO_RELEASE,
        details_to: tuple[str, ...] = (),
        amends: str = "",
    ) -> Asked:
        """Who would see what of a notice, or of an amendment, before it is signed; nothing is recorded."""
        documents = {"consent": NO_COMMITMENT, "details": NO_COMMITMENT}
        who = self._client.who()
        command: Notify | Amend = Notify(**who, notice=content, **documents)
        if amends:
            command = Amend(**who, amends=amends, notice=content, **documents)
        levels = tuple(Released(to=to, level=ReleaseLevel(level)) for to, level in sorted(release.items()))
        body = {
            "command": command,
            "consent": ConsentDocument(release=levels),
            "details_to": details_to,
        }
        return self._client.ask(Asked, "/v1/exposure", msgspec.json.encode(body))

    def shown(self, notice: str, **query: str) -> ShownTo:
        """Who was released what of one's own notice, since when, who holds it, who met its cover."""
        return self._client.look(ShownTo, f"/v1/notices/{notice}/exposure", query)
