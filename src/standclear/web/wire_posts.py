# SPDX-License-Identifier: Apache-2.0
"""Over the wire: rosters, who is on watch, what was handed over."""

from __future__ import annotations

import msgspec

from standclear.core.commands import Shift
from standclear.core.events import LeftOpen
from standclear.web.wire import Envelope


class OnWatch(msgspec.Struct, frozen=True, kw_only=True):
    """Who took the watch of a desk last, with which key, and of whom; `handover`: the entry that was accepted, or 0."""

    desk: str
    post: str
    key: str
    entry: int
    at_us: int
    after: str
    handover: int


class HandoverItem(msgspec.Struct, frozen=True, kw_only=True):
    """A watch handed over, and what was open then; `accepted_by`: the post that did, empty where none has.

    `waits`: it can still be accepted, by any key of that desk but `key`.
    """

    entry: int
    desk: str
    post: str
    key: str
    note: str
    open: tuple[LeftOpen, ...]
    more: int
    at_us: int
    accepted_by: str
    waits: bool


class UnmannedItem(msgspec.Struct, frozen=True, kw_only=True):
    """A shift whose desk nobody took in time; `still`: nobody has since, and it lasts."""

    desk: str
    post: str
    from_us: int
    until_us: int
    at_us: int
    still: bool


class PostsItem(msgspec.Struct, frozen=True, kw_only=True):
    """One actor's posts, as far as the reader was told of them."""

    actor: str
    roster_entry: int | None
    shifts: tuple[Shift, ...]
    on_watch: tuple[OnWatch, ...]
    handovers: tuple[HandoverItem, ...]
    unmanned: tuple[UnmannedItem, ...]


class PostsAnswer(Envelope, frozen=True, kw_only=True):
    """All actors of whose watch the reader knows something."""

    posts: tuple[PostsItem, ...]
