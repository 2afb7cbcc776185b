# SPDX-License-Identifier: Apache-2.0
"""A mirror's own word: this head I hold, and all that I ever held is in it (C2SP tlog-cosignature).

Signed only once the copy is on disk. Where the centre shows a log that does not contain ours, our last word goes to it
all the same: it bears the log's own signature, so an honest centre that was set back learns of it and stops.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from standclear.errors import LogMoved
from standclear.mirror import holding
from standclear.mirror.doubt import Wrong
from standclear.mirror.mirror import Mirror, Round
from standclear.mirror.proving import head_of
from standclear.mirror.source import Source
from standclear.tlog.cosignature import add_cosignatures, cosign, cosigner_name
from standclear.tlog.keys import SigningKey
from standclear.units import US_PER_S

ANOTHER_LOG = (Wrong.SHORTENED, Wrong.FORKED, Wrong.REWRITTEN)


class Centre(Source, Protocol):
    """A source that also takes cosignatures."""

    def cosigned(self, note: str) -> None:
        """Hand over a cosigned checkpoint; raises LogMoved where the centre sees that it is not of its log."""
        ...

    def command_signed(self, signed: holding.Signed) -> None:
        """Have a command recorded that this machine signed."""
        ...


def cosigned_round(
    mirror: Mirror, centre: Centre, key: SigningKey | None, new_id: Callable[[int], str]
) -> Round:
    """One round, and with a key for it our word on what was proven, and on what is held (`holding`).

    `new_id`: a fresh command id at a time in µs UTC.
    """
    came = mirror.pull(centre)
    if key is None or not mirror.replica.note:
        return came
    another = mirror.halted.startswith(tuple(wrong.value for wrong in ANOTHER_LOG))
    if another or (not mirror.halted and mirror.replica.snapshot.size > mirror.spoken):
        try:
            centre.cosigned(statement(mirror, key))
        except LogMoved:
            if not another:
                raise
        mirror.spoken = mirror.replica.snapshot.size
    if not mirror.halted and holding.owed(mirror.replica):
        centre.command_signed(holding.word(mirror.replica, key, new_id))
    return came


def statement(mirror: Mirror, key: SigningKey) -> str:
    """The newest head that is held, with our cosignature at this machine's time."""
    replica = mirror.replica
    head = head_of(replica.note, replica.snapshot.state)
    name = cosigner_name(head.origin, replica.actor)
    return add_cosignatures(_alone(replica.note), [cosign(head, name, key, replica.now_us() // US_PER_S)])


def _alone(note: str) -> str:
    """A note with the log's own signature, which stands first, and no other."""
    text, _, signatures = note.rpartition("\n\n")
    return f"{text}\n\n{signatures.splitlines(keepends=True)[0]}"
