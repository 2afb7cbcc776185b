# SPDX-License-Identifier: Apache-2.0
"""Who is rostered, who took the watch, what was handed over, and which desk nobody took."""

from __future__ import annotations

import msgspec

from standclear.core.commands.watching import Shift


class RosterSigned(msgspec.Struct, frozen=True, tag_field="event", tag="roster_signed"):
    """The roster of an actor, from this entry on; each shift is to be taken within `take_within_us`."""

    entry: int
    actor: str
    shifts: tuple[Shift, ...]
    take_within_us: int
    post: str
    at_us: int


class LeftOpen(msgspec.Struct, frozen=True):
    """An item that was open when the watch was handed over: what of which notice, or of the message of an entry."""

    what: str
    notice: str
    entry: int
    by_us: int | None


class WatchHandedOver(msgspec.Struct, frozen=True, tag_field="event", tag="watch_handed_over"):
    """A post leaves the watch of a desk to whoever accepts; `more`: items that are open and not named."""

    entry: int
    actor: str
    desk: str
    post: str
    key: str
    note: str
    open: tuple[LeftOpen, ...]
    more: int
    at_us: int


class WatchTaken(msgspec.Struct, frozen=True, tag_field="event", tag="watch_taken"):
    """A post is on watch at a desk; `handover`: the entry it accepted, 0 where none was; `after`: who was before."""

    entry: int
    actor: str
    desk: str
    post: str
    key: str
    handover: int
    after: str
    at_us: int


class DeskUnmanned(msgspec.Struct, frozen=True, tag_field="event", tag="desk_unmanned"):
    """Nobody took the watch of a rostered desk in time."""

    actor: str
    desk: str
    post: str
    from_us: int
    until_us: int
    at_us: int
