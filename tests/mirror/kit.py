# SPDX-License-Identifier: Apache-2.0
"""Mirrors of the small world's centre, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from standclear.client.feed import Feed
from standclear.client.link import Link
from standclear.ids import uuid7
from standclear.mirror.cosigning import cosigned_round
from standclear.mirror.doubt import Doubt
from standclear.mirror.mirror import Mirror, Round
from standclear.tlog.keys import SigningKey
from tests import world
from tests.centre_kit import TestClock, counting_draw
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


def cosign_key(actor: str) -> SigningKey:
    """The key of an actor's machine."""
    return world.signing_key(f"{actor} cosign")


def new_id(now_us: int) -> str:
    """A command id of this time."""
    return uuid7(now_us, counting_draw())


def at_rest(*watches: tuple[Watching, str]) -> None:
    """Rounds of all of them in turn, until nobody has anything more to say; that takes few."""
    sizes = [0]
    while len(sizes) < 6:
        for watch, actor in watches:
            spoken(watch, actor)
        sizes.append(max(watch.mirror.replica.snapshot.size for watch, _ in watches))
        if sizes[-1] == sizes[-2]:
            return
    raise AssertionError(f"the mirrors answer each other for ever: {sizes}")


def spoken(watch: Watching, actor: str) -> None:
    """One round with all that the machine has to say, and nothing wrong."""
    assert cosigned_round(watch.mirror, watch.feed, cosign_key(actor), new_id).doubts == []
