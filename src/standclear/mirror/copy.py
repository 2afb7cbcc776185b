# SPDX-License-Identifier: Apache-2.0
"""A mirror's copy on disk: one file of JSON lines, written at its end only and never anew.

Leaves, views and commands come first; a head or a doubt behind them closes the group and is synced. What stands behind
the last of those was on its way when the process ended; it is taken away at the next start and pulled again. One
process owns the file.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from standclear.errors import LogBroken, Malformed, Unavailable
from standclear.mirror.doubt import Doubt
from standclear.tlog.entry import CONSENT, Attachment
from standclear.tlog.proved import Proved

FILE: Final = "copy.jsonl"
PRIVATE_MODE: Final = 0o600


class Begun(msgspec.Struct, frozen=True, tag="begun"):
    """The first line: whose copy this is. A directory never changes hands."""

    actor: str


class LeafLine(msgspec.Struct, frozen=True, tag="leaf"):
    """The next entry's leaf."""

    leaf: str


class PartLine(msgspec.Struct, frozen=True, tag="part"):
    """What stands in a slot of an entry, without its leaf."""

    seq: int
    slot: int
    salt: str
    body: str
    path: tuple[str, ...]


class ConsentLine(msgspec.Struct, frozen=True, tag="consent"):
    """The consent document of one of the party's own commands; desk and arbiter hold everyone's."""

    seq: int
    salt: str
    body: str


class Answered(msgspec.Struct, frozen=True, tag="answered"):
    """What came of deriving one decision again."""

    seq: int
    notice: str
    outcome: str
    because: str


class Head(msgspec.Struct, frozen=True, tag="head"):
    """A checkpoint as the centre signed it, and when this machine asked for it (µs UTC, its own clock)."""

    note: str
    seen_us: int


Line = Begun | LeafLine | PartLine | ConsentLine | Answered | Head | Doubt
CLOSING = (Begun, Head, Doubt)


def part_line(part: Proved) -> PartLine:
    """A part as a line; its leaf stands on another."""
    path = tuple(node.hex() for node in part.path)
    return PartLine(part.seq, part.slot, part.salt.hex(), part.body.decode(), path)


def part_of(line: PartLine, leaf: bytes) -> Proved:
    """The part of a line, with its leaf."""
    path = tuple(bytes.fromhex(node) for node in line.path)
    return Proved(line.seq, leaf, line.slot, bytes.fromhex(line.salt), line.body.encode(), path)


def consent_line(seq: int, consent: Attachment) -> ConsentLine:
    """A consent document as a line."""
    return ConsentLine(seq, (consent.salt or b"").hex(), (consent.body or b"").decode())


def consent_of(line: ConsentLine) -> Attachment:
    """The consent document of a line."""
    return Attachment(CONSENT, bytes.fromhex(line.salt), line.body.encode())


def owner_of(directory: Path) -> str:
    """Whose copy stands in a directory.

    Raises:
        Malformed: none does.
    """
    try:
        with (directory / FILE).open("rb") as file:
            return msgspec.json.decode(file.readline(), type=Begun).actor
    except (OSError, msgspec.DecodeError):
        raise Malformed("no mirror's copy is here", where=str(directory)) from None


class Copy:
    """The lines, held by one process at a time."""

    def __init__(self, directory: Path) -> None:
        """Open the copy in a directory, or begin one.

        Raises:
            Unavailable: another process has it open.
            Malformed: it cannot be written.
        """
        self._path = directory / FILE
        try:
            directory.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_MODE)
        except OSError as error:
            raise Malformed(f"cannot be written: {error.strerror}", where=str(self._path)) from None
        self._file = os.fdopen(descriptor, "r+b")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise Unavailable("another mirror has this directory open", where=str(directory)) from None

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def read(self) -> Iterator[Line]:
        """Every line up to the last closed group; what stands behind it is taken away.

        Raises:
            LogBroken: a line that this version cannot read.
        """
        decode = msgspec.json.Decoder(Line).decode
        whole = self._closed_bytes()
        self._file.seek(whole)
        self._file.truncate()
        self._file.seek(0)
        for number, line in enumerate(self._file, start=1):
            try:
                yield decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise LogBroken(
                    f"line {number} cannot be read: {error}",
                    where=str(self._path),
                    expected="the file as a mirror left it; move it away, and begin a new copy beside it",
                ) from None
        self._file.seek(0, os.SEEK_END)

    def append(self, lines: Sequence[Line]) -> None:
        """Add lines, the last one closing the group; on return they outlive this process and this machine's power.

        Raises:
            Unavailable: the disk failed.
        """
        try:
            self._file.write(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise Unavailable(f"the disk failed: {error.strerror}", where=str(self._path)) from None

    def _closed_bytes(self) -> int:
        """How many bytes there are up to the end of the last closed group."""
        tags = tuple(b'{"type":"%s"' % tag.encode() for tag in ("begun", "head", "doubt"))
        position = closed = 0
        self._file.seek(0)
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            position += len(line)
            if line.startswith(tags):
                closed = position
        return closed
