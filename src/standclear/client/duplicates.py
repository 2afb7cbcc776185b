# SPDX-License-Identifier: Apache-2.0
"""Asks whether a site was notified before, among what one knows oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from standclear.client.answers import Said
from standclear.core.model import Site
from standclear.geometry.separation import Bracket

if TYPE_CHECKING:
    from standclear.client.client import Client


class Duplicate(msgspec.Struct, frozen=True, kw_only=True):
    """A site that lies near, and whether it may be the same."""

    notice: str
    kind: str
    names: tuple[str, ...]
    author: str
    alike: int | None
    horizontal_mm: Bracket
    possible: bool
    words: str


class Duplicates(Said, frozen=True, kw_only=True):
    """What lies near a site, the likeliest first; `more` were not looked at."""

    items: tuple[Duplicate, ...]
    more: int


def duplicates(client: Client, site: Site, *, but: str = "", radius_mm: int | None = None) -> Duplicates:
    """Sites that may be this one, among those that this actor knows where they are; nothing is recorded."""
    body: dict[str, object] = {"site": site}
    body |= {"but": but} if but else {}
    body |= {"radius_mm": radius_mm} if radius_mm is not None else {}
    return client.ask(Duplicates, "/v1/duplicates", msgspec.json.encode(body))
