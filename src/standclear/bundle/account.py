# SPDX-License-Identifier: Apache-2.0
"""The account of a dossier held against the events that it cites: each fact repeats what stands there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from standclear.bundle.lines import Cites, Fact, Header
from standclear.core.codec import encode
from standclear.errors import LogBroken
from standclear.tlog.leaf import Leaf
from standclear.tlog.slots import EVENTS_SLOT

TO: Final = "to"
RECORDED: Final = "recorded_us"
EVENT: Final = "event"
NOT_THE_EVENTS: Final = (TO, RECORDED)
"""Members of a fact that stand in no event: whose slot it is, and the `at` of the leaf."""


def fact_of(
    cites: Cites, event: Mapping[str, Any], members: tuple[str, ...], at_us: int, to: str | None
) -> Fact:
    """A fact that repeats these members of an event, where it has them; `to` where it stands in another's view."""
    said = {name: event[name] for name in (EVENT, *members) if name in event}
    said[RECORDED] = at_us
    if to is not None:
        said[TO] = to
    return Fact(cites, said)


class FactCheck:
    """Takes the entries of a bundle one after the other."""

    def __init__(self, header: Header) -> None:
        """Know what is cited of which entry."""
        self._facts: dict[int, list[Fact]] = {}
        for fact in header.dossier.facts if header.dossier else ():
            self._facts.setdefault(fact.cites.entry, []).append(fact)

    def take(self, leaf: Leaf | None, parts: Mapping[int, Any], whose: Mapping[int, str]) -> None:
        """Check what is cited of one entry, by the plain values of its parts.

        Raises:
            LogBroken: a fact says something else than its event.
        """
        for fact in self._facts.pop(leaf.seq, ()) if leaf else ():
            _check(fact, leaf.at if leaf else 0, parts.get(fact.cites.slot), whose)

    def end(self) -> None:
        """Nothing is cited that is not there.

        Raises:
            LogBroken: something is.
        """
        if self._facts:
            raise LogBroken(f"a fact cites entry {min(self._facts)}, which is not in the bundle")


def _check(fact: Fact, at_us: int, part: Any, whose: Mapping[int, str]) -> None:
    cites, said = fact.cites, fact.fact
    where = f"event {cites.event} in slot {cites.slot}"
    events = part.get("events") if isinstance(part, dict) else None
    if not isinstance(events, list) or cites.event >= len(events):
        raise LogBroken(f"a fact cites {where}, and nothing stands there")
    event = events[cites.event]
    if EVENT not in said:
        raise LogBroken(f"the fact on {where} does not name the event")
    known = {**event, RECORDED: at_us}
    if cites.slot > EVENTS_SLOT:
        known[TO] = whose.get(cites.slot)
    for name, value in said.items():
        if name not in known or encode(known[name]) != encode(value):
            raise LogBroken(f"the fact on {where} says {name} {value!r}, and the event does not")
