# SPDX-License-Identifier: Apache-2.0
"""Where a bundle can be made from without a running centre: its directory, or a mirror's copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from standclear import wiring
from standclear.bundle.making import Sight, Whom
from standclear.core.release import SEES_ALL
from standclear.core.terms import Role, Terms
from standclear.errors import Malformed
from standclear.evidence.directory import DirectoryLog
from standclear.formats.fields import moment_us
from standclear.mirror.copy import FILE as COPY_FILE
from standclear.mirror.copy import owner_of
from standclear.mirror.mirror import Mirror
from standclear.store.looking import look_at
from standclear.tlog.slots import EVENTS_SLOT, FIRST_VIEW_SLOT

WHEN = "--as-known-at"


@contextmanager
def opened(directory: Path, actor: str | None, when: str | None, *, views: bool) -> Iterator[Sight]:
    """A centre's directory, or a mirror's copy, as one reader is shown it, for as long as the block lasts.

    Raises:
        Malformed: neither is there, or it holds nothing for this reader or of this time.
    """
    with ExitStack() as stack:
        if (directory / COPY_FILE).exists():
            yield _of_mirror(directory, actor, when, stack, views=views)
        else:
            log = stack.enter_context(look_at(directory / wiring.LOG_FILE))
            yield _of_centre(DirectoryLog(log, directory), actor, when, views=views)


def _of_centre(log: DirectoryLog, actor: str | None, when: str | None, *, views: bool) -> Sight:
    whom = whom_in(log.opened.terms, actor)
    size = log.size if when is None else _size(when, log.size, log.size_at(_moment(when)))
    return Sight(log, whom, log.checkpoint(size), log.opened.exercise, views and whom.slot == EVENTS_SLOT)


def _of_mirror(
    directory: Path, actor: str | None, when: str | None, stack: ExitStack, *, views: bool
) -> Sight:
    owner = owner_of(directory)
    if actor not in (None, owner):
        raise Malformed(f"this copy is that of {owner}", where="--as", expected=owner)
    mirror = Mirror(owner, directory, wiring.utc_now_us)
    stack.callback(mirror.close)
    replica = mirror.replica
    note = replica.checkpoint()
    if when is not None:
        known = replica.snapshot.size
        note = replica.checkpoint_at(_size(when, known, replica.size_at(_moment(when))))
    if views and replica.slot == EVENTS_SLOT:
        replica.views(0)
    return Sight(replica, Whom(owner, replica.slot), note, replica.snapshot.state.exercise, views=False)


def whom_in(terms: Terms, actor: str | None) -> Whom:
    """An actor of the terms as a reader; the desk where none is named.

    Raises:
        Malformed: the terms name no such actor.
    """
    for one in terms.actors:
        if one.id == actor or (actor is None and one.role is Role.DESK):
            return Whom(one.id, EVENTS_SLOT if one.role in SEES_ALL else FIRST_VIEW_SLOT + one.number)
    raise Malformed(f"the terms name no {actor}", where="--as", expected="the id of an actor of the terms")


def _moment(when: str) -> int:
    """A time in µs; for a size, any."""
    return 0 if when.isascii() and when.isdigit() else moment_us(when, WHEN, up=False)


def _size(when: str, have: int, by_then: int) -> int:
    """The log size that is meant.

    Raises:
        Malformed: the log had none such.
    """
    size = int(when) if when.isascii() and when.isdigit() else by_then
    if not 1 <= size <= have:
        raise Malformed(
            f"the log has {have} entries, and this asks for the first {size}",
            where=WHEN,
            expected=f"a log size from 1 to {have}, or a time of which that is true",
        )
    return size
