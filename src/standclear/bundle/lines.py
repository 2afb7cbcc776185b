# SPDX-License-Identifier: Apache-2.0
"""The lines of a bundle: one canonical JSON value each, and no other spelling (docs/bundle.md)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import IO, Annotated, Any, Final, Literal, TypeAlias

import msgspec

from standclear.core.codec import encode
from standclear.errors import LogBroken
from standclear.tlog.proved import Proved
from standclear.tlog.slots import DEPTH, SLOTS

VERSION: Final = "standclear/bundle/1"
MAX_LINE_BYTES: Final = 67_108_864
MAX_FACTS: Final = 1_000_000
_Hash: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
_Slot: TypeAlias = Annotated[int, msgspec.Meta(ge=0, lt=SLOTS)]
_Whole: TypeAlias = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
_Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
Path: TypeAlias = Annotated[tuple[_Hash, ...], msgspec.Meta(max_length=64)]


class Cites(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Event number `event` of the part in this slot of this entry."""

    entry: _Count
    event: _Count
    slot: _Slot


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Some members of one event, repeated, and where that event stands."""

    cites: Cites
    fact: dict[str, Any]


class Account(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a dossier was asked, and what the log says of it. Units: 1e-7 degrees, mm, µs UTC."""

    near: tuple[_Whole, _Whole]
    radius_mm: _Count
    from_us: _Whole | None
    at_us: _Whole
    size: _Count
    facts: tuple[Fact, ...]


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line: whose sight, of which log, proven against which signed head."""

    bundle: Literal["standclear/bundle/1"]
    origin: str
    reader: str
    slot: _Slot
    checkpoint: str
    whole: bool
    exercise: bool
    dossier: Account | None


class PartLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in one slot: its exact text, its salt, and ten hashes up to the leaf's `parts_root`."""

    body: str
    path: Annotated[tuple[_Hash, ...], msgspec.Meta(min_length=DEPTH, max_length=DEPTH)]
    salt: _Hash
    slot: _Slot


class AttachmentLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A document that was sent beside the command."""

    body: str
    name: Literal["consent", "details"]
    salt: _Hash


class EntryLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry, as far as it is shown; `path` is null in a whole bundle."""

    leaf: str
    path: Path | None
    parts: tuple[PartLine, ...]
    attachments: tuple[AttachmentLine, ...]

    def part(self, slot: int) -> PartLine | None:
        """What is shown of a slot."""
        return next((part for part in self.parts if part.slot == slot), None)


class Misspelled(Exception):
    """A line that is none: says which and why."""


def written(value: Header | EntryLine) -> bytes:
    """One line, its end included."""
    return encode(value) + b"\n"


def part_line(part: Proved) -> PartLine:
    """A proven part as it stands in a bundle."""
    return PartLine(part.body.decode(), tuple(node.hex() for node in part.path), part.salt.hex(), part.slot)


_HEADER: Final = msgspec.json.Decoder(Header)
_ENTRY: Final = msgspec.json.Decoder(EntryLine)


class Lines:
    """A bundle's lines, read one after the other; no more than one is held."""

    def __init__(self, file: IO[bytes]) -> None:
        """Read the first.

        Raises:
            Misspelled: it is no bundle's.
        """
        self._file = file
        self._number = 0
        self.bytes_read = 0
        """Where the next line begins."""
        raw = self._next()
        if raw is None:
            raise Misspelled("the file is empty")
        self.header: Header = self._decoded(_HEADER, raw)
        try:
            broken = self.header.dossier is not None and has_fraction(self.header.dossier.facts)
        except RecursionError:
            raise Misspelled("line 1: a fact is nested too deep") from None
        if broken:
            raise Misspelled("line 1: a number in a fact is not whole")

    def entries(self) -> Iterator[EntryLine]:
        """Every further line.

        Raises:
            Misspelled: one is no entry's.
        """
        while (raw := self._next()) is not None:
            line = self._decoded(_ENTRY, raw)
            self._check(line)
            yield line
        if self._number == 1:
            raise Misspelled("no entry stands below the first line")

    def _next(self) -> bytes | None:
        raw = self._file.readline(MAX_LINE_BYTES + 2)
        if not raw:
            return None
        self._number += 1
        self.bytes_read += len(raw)
        if not raw.endswith(b"\n"):
            fault = "is longer than 64 MiB" if len(raw) > MAX_LINE_BYTES else "is cut off: it has no end"
            raise Misspelled(f"line {self._number} {fault}")
        return raw[:-1]

    def _decoded(self, decoder: msgspec.json.Decoder[Any], raw: bytes) -> Any:
        where = f"line {self._number}"
        try:
            value = decoder.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Misspelled(f"{where}: {error}") from None
        if encode(value) != raw:
            raise Misspelled(f"{where} is not in its canonical spelling, keys sorted, no spaces")
        return value

    def _check(self, line: EntryLine) -> None:
        where = f"line {self._number}"
        if (line.path is None) != self.header.whole:
            right = "null in a whole bundle" if self.header.whole else "a list of hashes in a selection"
            raise Misspelled(f"{where}: the path is {right}")
        for name, keys in (
            ("parts stand by rising slot", [part.slot for part in line.parts]),
            ("attachments stand by name", [attached.name for attached in line.attachments]),
        ):
            if any(later <= earlier for earlier, later in pairwise(keys)):  # type: ignore[operator]
                raise Misspelled(f"{where}: {name}, each once")


def read_entry(raw: bytes) -> EntryLine:
    """One line that `Lines` has read before.

    Raises:
        LogBroken: it is another now.
    """
    try:
        return _ENTRY.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise LogBroken(f"a line changed while it was read: {error}", where="bundle") from None


def has_fraction(value: object) -> bool:
    """Whether a number that is not whole stands anywhere in plain values."""
    if isinstance(value, float):
        return True
    if isinstance(value, dict):
        return any(has_fraction(inside) for inside in value.values())
    if isinstance(value, list | tuple):
        return any(has_fraction(inside) for inside in value)
    return isinstance(value, Fact) and has_fraction(value.fact)
