# SPDX-License-Identifier: Apache-2.0
"""Rosters and the watch as a centre or mirror answers them."""

from __future__ import annotations

import msgspec

from standclear.client.answers import Said
from standclear.core.commands import Shift
from standclear.core.events import LeftOpen


class OnWatch(msgspec.Struct, frozen=True, kw_only=True):
    """Who took the watch of a desk last, after whom, by accepting which handover."""

    desk: str
    post: str
    entry: int
    at_us: int
    after: str
    handover: int


class HandedOver(msgspec.Struct, frozen=True, kw_only=True):
    """A watch handed over and what was open then; `waits`: it can still be accepted."""

    entry: int
    desk: str
    post: str
    note: str
    open: tuple[LeftOpen, ...]
    more: int
    at_us: int
    accepted_by: str
    waits: bool


class Unmanned(msgspec.Struct, frozen=True, kw_only=True):
    """A shift whose desk nobody took in time; `still`: nobody has since, and it lasts."""

    desk: str
    post: str
    from_us: int
    until_us: int
    at_us: int
    still: bool


class ActorPosts(msgspec.Struct, frozen=True, kw_only=True):
    """One actor's roster and watch."""

    actor: str
    roster_entry: int | None
    shifts: tuple[Shift, ...]
    on_watch: tuple[OnWatch, ...]
    handovers: tuple[HandedOver, ...]
    unmanned: tuple[Unmanned, ...]


class Posts(Said, frozen=True, kw_only=True):
    """All actors of whose watch the reader knows something."""

    posts: tuple[ActorPosts, ...]
