# SPDX-License-Identifier: Apache-2.0
"""Who is on watch: the roster of an actor's posts, taking the watch, handing it over, accepting it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from standclear.core.commands.base import Command, EntryCount
from standclear.core.terms import Label, MomentUs

MAX_SHIFTS = 400
"""A month of twelve desks."""


class Shift(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A post is on watch from then until then (µs UTC)."""

    post: Label
    from_us: MomentUs
    until_us: MomentUs


class SignRoster(Command, frozen=True, tag="roster"):
    """An actor's whole roster, in place of the one before; empty: nobody is rostered."""

    shifts: Annotated[tuple[Shift, ...], msgspec.Meta(max_length=MAX_SHIFTS)]


class TakeWatch(Command, frozen=True, tag="take_watch"):
    """The signing post is on watch at its desk from now on. It needs no roster."""


class HandOver(Command, frozen=True, tag="hand_over"):
    """The post on watch leaves it to whoever accepts; the centre writes down what is open at that moment."""

    note: Annotated[str, msgspec.Meta(max_length=2_000)]


class AcceptWatch(Command, frozen=True, tag="accept_watch"):
    """Another post takes over what was handed over in that entry, having read it."""

    handover: EntryCount
