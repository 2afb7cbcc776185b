# SPDX-License-Identifier: Apache-2.0
"""Mirrors of the small world's centre, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from standclear.client.feed import Feed
from standclear.client.link import Link
from standclear.mirror.doubt import Doubt
from standclear.mirror.mirror import Mirror, Round
from tests.centre_kit import TestClock
from tests.web.kit import identity


@dataclass
class Watching:
    """A party's mirror, and the way it reaches the centre."""

    mirror: Mirror
    feed: Feed

    def pull(self) -> Round:
        """One round."""
        return self.mirror.pull(self.feed)

    def finds(self) -> list[Doubt]:
        """What a round finds wrong for the first time."""
        return self.pull().doubts


@contextmanager
def watching(url: str, actor: str, directory: Path, clock: TestClock) -> Iterator[Watching]:
    """A mirror of an actor at this address."""
    link = Link(url, identity(actor), pause=lambda _: None)
    mirror = Mirror(actor, directory, clock)
    try:
        yield Watching(mirror, Feed(link))
    finally:
        mirror.close()
        link.close()
