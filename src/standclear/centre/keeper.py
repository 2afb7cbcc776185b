# SPDX-License-Identifier: Apache-2.0
"""When the state is kept, and whether what was kept may be used: only where the log itself says its digest.

The state is written in a thread of its own, for readers and the sequencer go on meanwhile. Then the sequencer
records the digest in a tick; only after that does it take the place of the one before.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from standclear.centre.inboxes import Inboxes
from standclear.centre.keeping import Known, columns_of, read, size_in, written
from standclear.centre.port import Cache, Store
from standclear.core.commands import PassTime, StateDigest, Use
from standclear.core.enrolment import key_id
from standclear.errors import LogBroken, StandclearError
from standclear.sealing import Snapshot, command_of
from standclear.tlog.entry import Entry, check_entry
from standclear.tlog.keys import COMMAND_DOMAIN, verify
from standclear.tlog.log_tree import LogTree
from standclear.tlog.merkle import leaf_hash

EVERY: Final = 20_000
"""Entries from one kept state to the next, or an eighth of the log where that is more."""
AT_CLOSE: Final = 1_000
"""Entries that are worth keeping a state for when the centre stops."""
log = logging.getLogger(__name__)


class Keeper:
    """Keeps the state of one running centre. The sequencer's thread calls it."""

    def __init__(self, cache: Cache, kept_size: int, every: int = EVERY, at_close: int = AT_CLOSE) -> None:
        """Go on from the last state that was kept, 0 for none."""
        self._cache, self._size, self._every, self._at_close = cache, kept_size, every, at_close
        self._thread: threading.Thread | None = None
        self._digest: StateDigest | None = None

    def note(self, snapshot: Snapshot, tree: LogTree, inboxes: Inboxes, *, closing: bool = False) -> None:
        """Begin to keep this state if it is time to; when the centre stops, be done with it on return."""
        if closing and self._thread is not None:
            self._thread.join()
        since = snapshot.size - self._size
        worth = self._at_close if closing else max(self._every, self._size // 8)
        if since < worth or self._digest is not None or (self._thread and self._thread.is_alive()):
            return
        self._size = snapshot.size
        work = (snapshot, columns_of(tree, inboxes, snapshot.size))
        self._thread = threading.Thread(target=self._write, args=work, name="keeper", daemon=True)
        self._thread.start()
        if closing:
            self._thread.join()

    def to_record(self) -> StateDigest | None:
        """The digest of a state that was written and that no entry says yet."""
        return self._digest

    def recorded(self) -> None:
        """An entry says it, durably: what was written may be used."""
        self._digest = None
        try:
            self._cache.accept()
        except OSError as error:
            log.warning("the state was not kept: %s", error)

    def _write(self, snapshot: Snapshot, columns: tuple[bytes, ...]) -> None:
        digest = hashlib.sha256()
        try:
            self._cache.write(_hashed(written(snapshot, columns), digest))
        except OSError as error:
            log.warning("the state was not kept: %s", error)
        else:
            self._digest = StateDigest(snapshot.size, digest.hexdigest())


def _hashed(pieces: Iterable[bytes], digest: hashlib._Hash) -> Iterator[bytes]:
    for piece in pieces:
        digest.update(piece)
        yield piece


def restored(cache: Cache, store: Store, clock_public: bytes) -> Known | None:
    """What is kept, if a later entry of this log says its digest in a tick of this clock; None otherwise."""
    data = cache.read()
    if data is None:
        return None
    try:
        found = StateDigest(size_in(data), hashlib.sha256(data).hexdigest())
        if not any(says(entry, found, clock_public) for entry in store.read(found.size)):
            log.warning("the kept state is not what the log says of it; folding the log from its beginning")
            return None
        return read(data)
    except StandclearError as error:
        log.warning("the kept state is of no use, folding the log from its beginning: %s", error)
        return None


class Checked:
    """Reads of a store. What lies before a kept state was not looked at when the centre opened: it is when read."""

    def __init__(self, store: Store, tree: LogTree, before: int) -> None:
        """Hold entries below this number against the tree."""
        self._store, self._tree, self._before = store, tree, before

    def read(self, start: int) -> Iterator[Entry]:
        """The entries from number `start` on, in order.

        Raises:
            LogBroken: one does not hash to what was signed.
        """
        for seq, entry in enumerate(self._store.read(start), start):
            if seq < self._before:
                check_entry(entry)
                if leaf_hash(entry.leaf) != self._tree.subtrees.node(0, seq):
                    raise LogBroken("is not what was signed", where=f"entry {seq}")
            yield entry


class _Said(msgspec.Struct, frozen=True):
    """As much of a command as says a digest."""

    command: str
    state: StateDigest | None = None


_SAID: Final = msgspec.json.Decoder(_Said)


def says(entry: Entry, digest: StateDigest, clock_public: bytes) -> bool:
    """Whether an entry is a tick, signed by this clock, that says this digest."""
    signed = command_of(entry)
    said = _SAID.decode(signed.command)
    if said.command != PassTime.__struct_config__.tag or said.state != digest:
        return False
    if signed.key != key_id(clock_public.hex(), Use.COMMAND):
        return False
    check_entry(entry)
    verify(clock_public, bytes.fromhex(signed.signature), COMMAND_DOMAIN + signed.command.encode())
    return True
