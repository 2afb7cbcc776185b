# SPDX-License-Identifier: Apache-2.0
"""A real centre at work on a store that may fail, what it answered 201, and whether a reopened log holds it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent import futures
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import pytest

from standclear.admission import Submission
from standclear.centre.port import Store
from standclear.centre.sequencer import Centre
from standclear.centre.submitted import Recorded
from standclear.core.commands import Erasable, Erase
from standclear.core.erasing import ordered
from standclear.core.model import Content
from standclear.errors import StandclearError, Unavailable
from standclear.store.sqlite import SqliteStore
from standclear.tlog.checkpoint import open_checkpoint
from standclear.tlog.entry import Entry
from standclear.tlog.merkle import Subtrees, leaf_hash, verify_consistency
from tests import centre_kit, world
from tests.centre_kit import Keyed

CHECKPOINT_PUBLIC = world.signing_key("checkpoint").public
FIRST = 100
"""Number of the first command after the assents."""
ORDERS = 500_000
"""Orders to erase are numbered from here on."""
WAIT_S = 60
MAX_GROUP = 256


@cache
def submission(number: int) -> Submission:
    """Command `number`: hospitals, flights of two parties, a convoy; always the same, each with its own salts."""
    lon, salt = 20 + number % 40 * 0.01, number.to_bytes(32)
    actor: str
    content: Content
    actor, content = "hill-relief", world.hospital(lon=lon)
    if number % 2:
        actor, content = ("north-command", "river-alliance")[number % 4 // 2], world.flight(lon=lon)
    elif number % 8 == 2:
        content = world.convoy(lon=lon)
    return centre_kit.notified(actor, content, number, salt=salt)


@dataclass(frozen=True, slots=True)
class Answered:
    """A 201: which command, and the receipt."""

    number: int
    receipt: Recorded

    def __post_init__(self) -> None:
        """The receipt leaves the process with its head signed there and then."""
        signed = partial(str, self.receipt.checkpoint)
        object.__setattr__(self, "receipt", replace(self.receipt, sign=signed))


class Gate:
    """A store that passes everything on; it can hold the sequencer still while a batch gathers behind it."""

    def __init__(self, store: Store) -> None:
        """Stand open."""
        self._store = store
        self._open = threading.Event()
        self._open.set()
        self._reached = threading.Event()

    def shut(self) -> None:
        """Hold the sequencer at the next command that it looks for."""
        self._reached.clear()
        self._open.clear()

    def wait_until_reached(self) -> None:
        """Return when the sequencer stands at the gate."""
        assert self._reached.wait(WAIT_S)

    def open(self) -> None:
        """Let it go on."""
        self._open.set()

    def append(self, expected_size: int, entries: Sequence[Entry]) -> int:
        return self._store.append(expected_size, entries)

    def read(self, start: int) -> Iterator[Entry]:
        return self._store.read(start)

    def find(self, command_key: str) -> int | None:
        self._reached.set()
        assert self._open.wait(WAIT_S)
        return self._store.find(command_key)

    def erase(self, seq: int, name: str) -> None:
        self._store.erase(seq, name)

    def close(self) -> None:
        self._store.close()


def work(
    store: Store, groups: Sequence[int], answered: Callable[[Answered], None], first: int = FIRST
) -> None:
    """Run a centre on a store, hand it groups of commands, each group one batch, erase a little, and stop it.

    Raises:
        StandclearError: the disk failed; what had been answered until then was reported.
    """
    gate = Gate(store)
    try:
        centre = centre_kit.start(gate).centre
    except BaseException:
        store.close()
        raise
    try:
        number = first
        for group in groups:
            receipts = _hand_in(centre, gate, range(number, number + group), answered)
            number += group
            if group % 2:
                _have_erased(centre, receipts[-1], number)
    except StandclearError:
        _check_takes_nothing_more(centre, number + MAX_GROUP)
        raise
    finally:
        gate.open()
        centre.close()


def _hand_in(
    centre: Centre, gate: Gate, numbers: range, answered: Callable[[Answered], None]
) -> list[Recorded]:
    """Hand in commands: the first goes alone, and the others become one batch behind it. Wait for every answer."""
    gate.shut()
    waiting = [centre.submit(submission(numbers[0]))]
    gate.wait_until_reached()
    waiting += [centre.submit(submission(number)) for number in numbers[1:]]
    gate.open()
    futures.wait(waiting, WAIT_S)
    receipts = []
    for number, future in zip(numbers, waiting, strict=True):
        if future.exception(WAIT_S) is None:
            receipts.append(future.result())
            answered(Answered(number, receipts[-1]))
    for future in waiting:
        future.result()
    return receipts


def _have_erased(centre: Centre, recorded: Recorded, number: int) -> None:
    """The author of a notice has its details erased; the order stands, then they are gone."""
    notice, seq = f"N{recorded.entry.seq}", recorded.entry.seq
    order = Erase(
        centre=world.ORIGIN,
        id=world.uuid(ORDERS + number),
        at_us=world.T0,
        erases=notice,
        what=Erasable.DETAILS,
    )
    centre.submit(centre_kit.signed(recorded.actor, order)).result(WAIT_S)
    if centre.failure is not None:
        raise centre.failure
    assert centre.details(seq) is None


def _check_takes_nothing_more(centre: Centre, number: int) -> None:
    with pytest.raises(Unavailable):
        centre.submit(submission(number)).result(WAIT_S)


@dataclass(frozen=True, slots=True)
class Reopened:
    """What a reopened log holds of what was answered."""

    size: int
    lost: tuple[int, ...]
    """Numbers of the commands answered 201 that are not there as they were answered."""


def reopen(
    path: Path,
    vfs: str | None,
    answers: Sequence[Answered],
    answered: Callable[[Answered], None] = lambda answer: None,
) -> Reopened:
    """Open a log with the real opening code and hold it against every answer; record one more command.

    Raises:
        StandclearError: it does not open, and this says why.
    """
    store = SqliteStore(path, vfs=vfs)
    try:
        keyed = centre_kit.start(store, assents=False)
    except BaseException:
        store.close()
        raise
    try:
        entries = list(store.read(0))
        for seq, name in ordered(keyed.centre.snapshot.state):
            assert all(kept.body is None for kept in entries[seq].attachments if kept.name == name)
        lost = tuple(answer.number for answer in answers if not _stands(answer, entries))
        if answers and not lost:
            _check_head(keyed, entries, answers[-1])
        if not lost:
            _check_goes_on(keyed, answers, answered)
        return Reopened(len(entries), lost)
    finally:
        keyed.centre.close()


def _stands(answer: Answered, entries: list[Entry]) -> bool:
    seq = answer.receipt.entry.seq
    if seq >= len(entries) or entries[seq].leaf != answer.receipt.entry.leaf:
        return False
    kept, said = entries[seq], answer.receipt.entry
    return (kept.parts, kept.filling, kept.command_key) == (said.parts, said.filling, said.command_key)


def _check_head(keyed: Keyed, entries: list[Entry], newest: Answered) -> None:
    """The signed head contains the log that the newest answer proved."""
    old = open_checkpoint(newest.receipt.checkpoint, world.ORIGIN, CHECKPOINT_PUBLIC)
    new = open_checkpoint(keyed.centre.checkpoint(), world.ORIGIN, CHECKPOINT_PUBLIC)
    subtrees = Subtrees()
    for entry in entries:
        subtrees.append(leaf_hash(entry.leaf))
    path = subtrees.consistency_path(old.size, new.size)
    verify_consistency(old.size, new.size, old.root, new.root, path)


def _check_goes_on(keyed: Keyed, answers: Sequence[Answered], answered: Callable[[Answered], None]) -> None:
    """The newest answer is given again, the same; a new command is taken."""
    if answers:
        newest = answers[-1]
        again = keyed.centre.submit(submission(newest.number)).result(WAIT_S)
        assert (again.entry.leaf, again.checkpoint, again.path) == (
            newest.receipt.entry.leaf,
            newest.receipt.checkpoint,
            newest.receipt.path,
        )
    size = keyed.centre.snapshot.size
    if size > 1:  # else not even the first assent had been answered
        number = FIRST + 1_000 + size
        receipt = keyed.centre.submit(submission(number)).result(WAIT_S)
        assert receipt.entry.seq == size
        answered(Answered(number, receipt))
