# SPDX-License-Identifier: Apache-2.0
"""Recorded, or witnessed: whether a signed head of the log bears the cosignatures that the terms ask for.

An entry is *recorded* once it stands under a head that the log signed. It is *witnessed* once a head of a size above
its number bears a quorum: cosignatures of so many of the actors that the terms name, each counted once whatever the
number of its machines. The keys are those that the log enrolled; whoever holds a state has learnt them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from standclear.core.commands import Use
from standclear.core.state import State
from standclear.errors import Malformed, NotAuthentic
from standclear.tlog.checkpoint import Checkpoint, open_checkpoint
from standclear.tlog.cosignature import CosignerKey, cosigner_name, verify_cosignatures
from standclear.tlog.note import parse_note

NO_QUORUM: Final = "no head bears a quorum of cosignatures, or the terms ask for none"


def cosigner_keys(state: State) -> list[CosignerKey]:
    """Every key that the log enrolled for cosigning, under its actor's one name."""
    return [
        CosignerKey(cosigner_name(state.origin, key.actor), bytes.fromhex(key.public))
        for key in state.keys.values()
        if key.use is Use.COSIGN
    ]


def bears_quorum(state: State, cosigners: Iterable[str]) -> bool:
    """Whether these cosigners, by name, are as many of the terms' witnesses as the terms ask for."""
    asked = state.terms.witnesses
    if asked is None:
        return False
    named = frozenset(cosigners)
    return sum(cosigner_name(state.origin, actor) in named for actor in asked.of) >= asked.quorum


def open_signed(note: str, state: State) -> Checkpoint:
    """A head that a checkpoint key of this log signed.

    Raises:
        Malformed: no checkpoint.
        NotAuthentic: none of those keys signed it.
    """
    fault: Malformed | NotAuthentic = NotAuthentic("the log enrols no checkpoint key", where="checkpoint")
    for key in state.keys.values():
        if key.use is Use.CHECKPOINT:
            try:
                return open_checkpoint(note, state.origin, bytes.fromhex(key.public))
            except (Malformed, NotAuthentic) as error:
                fault = error
    raise fault


def open_witnessed(note: str, state: State) -> Checkpoint:
    """A head that this log signed and a quorum of the terms' witnesses cosigned.

    Raises:
        Malformed: no checkpoint, or a misshapen cosignature.
        NotAuthentic: not signed by this log, a cosignature fails, or there are too few; says how many.
    """
    checkpoint = open_signed(note, state)
    names = [one.cosigner for one in verify_cosignatures(parse_note(note.encode()), cosigner_keys(state))]
    if not bears_quorum(state, names):
        asked = state.terms.witnesses
        expected = f"{asked.quorum} of {', '.join(asked.of)}" if asked else "terms that ask for a quorum"
        raise NotAuthentic(
            f"cosigned by {', '.join(names) or 'nobody'}", where="checkpoint", expected=expected
        )
    return checkpoint
