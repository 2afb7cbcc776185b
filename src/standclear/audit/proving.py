# SPDX-License-Identifier: Apache-2.0
"""Hashes and signatures of a log, entry by entry, by as many processes as there are cores.

All of this needs an entry's own bytes and the public key that its command names, and nothing of what stood before. So
it goes ahead of the one pass that folds and decides again, which then proves those entries alone that did not stand
here. What a worker says is yes or no: the pass itself finds out, and says, what is wrong.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from hashlib import sha256
from typing import Final, Protocol

import msgspec

from standclear.errors import LogBroken, StandclearError
from standclear.tlog.entry import Entry, check_entry
from standclear.tlog.keys import COMMAND_DOMAIN, verify
from standclear.tlog.leaf import decode_leaf
from standclear.tlog.slots import COMMAND_SLOT

CHUNK: Final = 1_024
"""Entries that a worker takes at a time."""
WORTH_IT: Final = 8 * CHUNK
"""Below so many entries, workers take longer to start than they save."""
KEY_DOMAINS: Final = (b"standclear/key/1\ncommand\n", b"standclear/key/1\ncosign\n")
"""Commands are signed by command keys; what a machine holds, by the key with which it cosigns."""
_KEY_ID_DIGITS: Final = 32

Publics = Mapping[str, bytes]
"""Public keys by key id. A key's id is made from it, so it matters little who says which keys there are."""


class Log(Protocol):
    """A log that can be read in pieces, by several processes at once."""

    @property
    def size(self) -> int:
        """How many entries there are."""
        ...

    @property
    def again(self) -> Callable[[], AbstractContextManager[Log]]:
        """Opens it once more; can be handed to another process."""
        ...

    def read(self, start: int = 0, end: int | None = None) -> Iterator[Entry]:
        """Yield the entries from number `start` up to before `end`."""
        ...


class _Said(msgspec.Struct):
    """Slot 0, as much as signatures need."""

    command: str
    key: str
    signature: str


class _Named(msgspec.Struct):
    """A public key that a command names."""

    public: str


class _Naming(msgspec.Struct):
    """The public keys in a command that opens, invites or enrols."""

    keys: tuple[_Named, ...] = ()
    public: str = ""


_SAID = msgspec.json.Decoder(_Said)
_NAMING = msgspec.json.Decoder(_Naming)


def stands(entry: Entry, publics: Publics) -> bool:
    """Whether every hash of an entry, and its command's signature by the key that it names, stand."""
    try:
        check_entry(entry)
        said = _SAID.decode(entry.body(COMMAND_SLOT) or b"")
        public = publics.get(said.key, b"")
        verify(public, bytes.fromhex(said.signature), COMMAND_DOMAIN + said.command.encode())
    except (StandclearError, msgspec.DecodeError, ValueError):
        return False
    return True


def publics_in(log: Log) -> dict[str, bytes]:
    """Every public key that a key entry of the log names, following each leaf's pointer from the last one back.

    A bent log may lead astray or nowhere; then keys are missing here, and the entries they signed do not stand.
    """
    found: dict[str, bytes] = {}
    seq: int | None = log.size - 1
    try:
        while seq is not None and seq >= 0:
            (entry,) = log.read(seq, seq + 1)
            naming = _NAMING.decode(_SAID.decode(entry.body(COMMAND_SLOT) or b"").command)
            for digits in (naming.public, *(named.public for named in naming.keys)):
                public = bytes.fromhex(digits)
                for domain in KEY_DOMAINS:
                    found[sha256(domain + public).hexdigest()[:_KEY_ID_DIGITS]] = public
            earlier = decode_leaf(entry.leaf).keys
            seq = earlier if earlier is None or earlier < seq else None
    except (LogBroken, msgspec.DecodeError, ValueError):
        return found
    return found


@contextmanager
def proven(log: Log) -> Iterator[Iterator[bool]]:
    """Whether each entry stands, in order; found out by other processes where the log is long."""
    publics = publics_in(log)
    if log.size < WORTH_IT:
        yield (stands(entry, publics) for entry in log.read())
        return
    # A forked child would hold this process's open database too, which SQLite forbids.
    workers = ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn"))
    try:
        work = partial(_stand, log.again, publics)
        starts = range(0, log.size, CHUNK)
        packed = workers.map(work, starts, [min(first + CHUNK, log.size) for first in starts])
        yield (bool(one) for answers in packed for one in answers)
    finally:
        workers.shutdown(cancel_futures=True)


def _stand(
    again: Callable[[], AbstractContextManager[Log]], publics: Publics, first: int, last: int
) -> bytes:
    """One byte an entry; where the disk gives no more, the rest does not stand."""
    answers = bytearray()
    try:
        with again() as log:
            answers.extend(stands(entry, publics) for entry in log.read(first, last))
    except StandclearError:
        pass
    return bytes(answers.ljust(last - first, b"\0"))
