# SPDX-License-Identifier: Apache-2.0
"""What the lines of a bundle say, in plain values: loosely where a later step rests on it, strictly to be proven."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from standclear.bundle.lines import PartLine, has_fraction
from standclear.core.codec import encode
from standclear.errors import LogBroken
from standclear.tlog.leaf import Leaf, encode_leaf
from standclear.tlog.slots import COMMAND_SLOT, EVENTS_SLOT, FIRST_VIEW_SLOT

SEES_ALL: Final = ("desk", "arbiter")


def leaf_in(text: str) -> Leaf | None:
    """A leaf; None where it is none, or spelled another way."""
    try:
        leaf = msgspec.json.decode(text, type=Leaf)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None
    return leaf if encode_leaf(leaf) == text.encode() else None


def loosely(body: str) -> Any:
    """A body in plain values; None where it is no JSON."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None


def check_body(part: PartLine) -> None:
    """Check that a part's body is what its slot holds.

    Raises:
        LogBroken: it is not.
    """
    try:
        value = msgspec.json.decode(part.body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise LogBroken(f"the body is no JSON: {error}") from None
    if has_fraction(value) or encode(value) != part.body.encode():
        raise LogBroken("the body is not in its canonical spelling")
    members = {COMMAND_SLOT: {"command", "key", "signature"}, EVENTS_SLOT: {"events"}}
    if not isinstance(value, dict) or set(value) != members.get(part.slot, {"command", "events"}):
        raise LogBroken("the body has not the members of its slot")
    if part.slot != COMMAND_SLOT:
        events = value["events"]
        if not isinstance(events, list) or not all(
            isinstance(one, dict) and "event" in one for one in events
        ):
            raise LogBroken("the body lists no events")
        if part.slot != EVENTS_SLOT and not isinstance(value["command"], bool):
            raise LogBroken("the body does not say whether the command is released")


def events_in(value: Any) -> list[dict[str, Any]]:
    """The events of a part in plain values; none where it lists none."""
    events = value.get("events") if isinstance(value, dict) else None
    return [one for one in events if isinstance(one, dict)] if isinstance(events, list) else []


def terms_in(command: Any) -> list[tuple[str, int, str]]:
    """Id, number and role of the actors that entry 0's terms name."""
    terms = command.get("terms")
    actors = terms.get("actors") if isinstance(terms, dict) else None
    return [
        (str(actor.get("id")), actor["number"], str(actor.get("role")))
        for actor in (actors if isinstance(actors, list) else [])
        if isinstance(actor, dict) and isinstance(actor.get("number"), int)
    ]


def actors_in(command: Any) -> dict[int, str]:
    """Whose each slot is."""
    return {
        FIRST_VIEW_SLOT + number: actor for actor, number, role in terms_in(command) if role not in SEES_ALL
    }
