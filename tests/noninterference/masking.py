# SPDX-License-Identifier: Apache-2.0
"""What one reader was sent, with nothing left in it that may differ: log numbers, times to the minute, hashes.

Numbers are not dropped: each becomes the place of that entry, or that notice, in the reader's own inbox.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from standclear.core.codec import encode
from standclear.core.state import Notice
from standclear.sealing import command_of, slot_of
from tests.keyed_world import KeyedWorld
from tests.world import MINUTE, World

ID = re.compile(r"[NI](\d+)(?:@(\d+)(c?))?")
"""Of a notice or an incident."""
ENTRY = re.compile(r"entry \d+")
NUMBERS = ("entry", "last_entry", "seq", "first", "newest", "entries")
"""Keys of log numbers; `size` is another, of how many entries came before."""
HASHES = ("root", "head", "chain", "consent", "details", "shown", "id")
"""Keys of a signed command, or of a word, whose values are hashes, salted commitments or a random id."""
QUARTER = MINUTE // 4
"""Steps happen at half past a minute, so that what is a few ms later is in the same one."""


class Mask:
    """One reader's inbox as it may be compared with that of another history."""

    def __init__(self, seqs: list[int]) -> None:
        """Take the numbers of the entries that the reader was sent a view of, in order."""
        self.seqs = seqs
        self.places = {seq: place for place, seq in enumerate(seqs)}
        self.names: dict[str, str] = {}

    def text(self, value: str) -> str:
        """Ids by the order in which the reader first read them."""

        def named(match: re.Match[str]) -> str:
            name = self.names.setdefault(match[1], f"<{len(self.names)}>")
            return f"{name}@{self.place(int(match[2]))}{match[3]}" if match[2] else name

        return ENTRY.sub("<entry>", ID.sub(named, value))

    def place(self, seq: int) -> str:
        """Where in the reader's inbox an entry stands."""
        return f"view {self.places[seq]}" if seq in self.places else "no view"

    def value(self, value: Any, key: str = "") -> Any:
        """Any JSON value."""
        match value:
            case bool() | None:
                return value
            case int() if key.endswith("_us") or key == "amount":
                return (value + QUARTER) // MINUTE
            case int() if key in NUMBERS:
                return self.place(value)
            case int() if key == "size":
                return f"{bisect_left(self.seqs, value)} views"
            case str() if key in HASHES and not ID.fullmatch(value):
                return ""
            case str():
                return self.text(value)
            case dict():
                return {k: self.value(v, key if key.endswith("_us") else k) for k, v in value.items()}
            case [int(seq), int(audience)] if key in ("first", "newest"):
                return [self.place(seq), audience]
            case list():
                return [self.value(v, key) for v in value]
            case _:
                return value


def tells(event: dict[str, Any], reader: str) -> bool:
    """Whether an event is one that tells, and is left out: the report of a recall of another's (docs/leaks.md)."""
    return bool(event["event"] == "recall_reported" and event["party"] != reader)


def sent_seqs(small: KeyedWorld, actor: str) -> list[int]:
    """The numbers of the entries of which a real centre sent the reader a view."""
    return [seq for seq, _, _ in _recorded(small, actor)]


def sent(small: World, actor: str) -> list[Any]:
    """Every view of an actor's inbox, with the signed command where that was released."""
    inbox = list(_recorded(small, actor) if isinstance(small, KeyedWorld) else _decided(small, actor))
    mask = Mask([seq for seq, _, _ in inbox])
    return [mask.value({"events": view["events"], "command": command}) for _, view, command in inbox]


def _recorded(small: KeyedWorld, actor: str) -> Iterator[tuple[int, Any, Any]]:
    """As the store of a real centre has it: numbers, views, and commands where they were released."""
    slot = slot_of(small.state, actor)
    for entry in small.store.read(0):
        body = next((part.body for part in entry.parts if part.slot == slot), None)
        if body is not None:
            view = json.loads(body)
            yield entry.seq, view, json.loads(command_of(entry).command) if view["command"] else None


def _decided(small: World, actor: str) -> Iterator[tuple[int, Any, Any]]:
    for seq, view in small.inbox(actor):
        command = json.loads(encode(small.entries[seq][0].command)) if view.command else None
        yield seq, json.loads(encode(view)), command


def folded(small: World, actor: str) -> Any:
    """All that an actor knows: the fold of its inbox, but for the index, which is made from the shapes in it."""
    keyed = isinstance(small, KeyedWorld)
    knowledge = small.keyed.centre.snapshot.knowledge if isinstance(small, KeyedWorld) else small.knowledge
    inbox = _recorded(small, actor) if keyed else _decided(small, actor)  # type: ignore[arg-type]
    mask = Mask([seq for seq, _, _ in inbox])
    known, told = knowledge[small.state.number(actor)], {}
    for name in (
        "notices",
        "showings",
        "visible",
        "held",
        "unheld",
        "meetings",
        "measured",
        "assents",
        "incidents",
    ):
        value = getattr(known, name)
        if name == "notices":
            value = {key: _named(notice) for key, notice in value.items()}
        if name in ("held", "unheld", "measured"):
            value = {key: word._asdict() for key, word in value.items()}
        plain = (
            sorted(value.items(), key=lambda item: _numbered(item[0])) if hasattr(value, "items") else value
        )
        told[name] = mask.value(json.loads(encode(plain)))
    return told


def _named(notice: Notice) -> Any:
    """A notice whose places in the log have names, as everything else in it has."""
    plain = json.loads(encode(notice))
    return plain | {"told": [told._asdict() for told in notice.told]}


def _numbered(key: object) -> tuple[int, str]:
    found = ID.match(str(key))
    return (int(found[1]) if found else 0, str(key))
