# SPDX-License-Identifier: Apache-2.0
"""Who else saw which head of this log: the newest cosigned checkpoint of each cosigner, kept beside the log.

A cosigned checkpoint that bears our own signature and is not in our log proves that this log is not the one that was
signed: a restored backup, or a second centre. Nothing is written on such a log (design §4): the next entry would
have two roots signed for one size.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from standclear.core.commands import SignHeld, Use
from standclear.core.state import State
from standclear.errors import Malformed, NotAuthentic
from standclear.tlog.checkpoint import Checkpoint, open_checkpoint
from standclear.tlog.cosignature import CosignerKey, add_cosignatures, cosigner_name, verify_cosignatures
from standclear.tlog.keys import verify
from standclear.tlog.note import parse_note, signature_line

FROZEN = (
    "Nothing is recorded here until the right log is back. "
    "Give stops by telephone and on paper, and log them after: "
)


class Kept(Protocol):
    """Where the newest cosigned checkpoints outlive the process. Best on another disk than the log."""

    def load(self) -> list[str]:
        """What was saved last; nothing the first time."""
        ...

    def save(self, notes: Sequence[str]) -> None:
        """Keep these in place of what was kept; durable on return."""
        ...


class Witnesses:
    """The newest cosigned checkpoint of each cosigner. Any thread may call."""

    def __init__(self, public: bytes, kept: Kept | None) -> None:
        """Begin with what was kept; `public` is the log's own checkpoint key."""
        self._public, self._kept = public, kept
        self._lock = threading.Lock()
        self._newest: dict[str, tuple[Checkpoint, str]] = {}
        """By cosigner: the checkpoint, and the note with the log's signature and this cosigner's."""

    def load(self, state: State) -> list[tuple[Checkpoint, str]]:
        """Read what was kept; returns every checkpoint of it.

        Raises:
            Malformed, NotAuthentic: it is not what was kept.
        """
        for note in self._kept.load() if self._kept else []:
            self._take(state, note)
        return list(self._newest.values())

    def take(self, state: State, note: str) -> tuple[Checkpoint, tuple[str, ...]]:
        """Keep the cosignatures of a note; returns its checkpoint, and who cosigned it.

        Raises:
            Malformed: no checkpoint, or of an empty log.
            NotAuthentic: not signed by this log, cosigned by nobody enrolled, or a cosignature fails.
        """
        checkpoint, names, changed = self._take(state, note)
        if changed and self._kept:
            with self._lock:
                self._kept.save([kept for _, kept in self._newest.values()])
        return checkpoint, names

    def lines(self, size: int, root: bytes) -> list[str]:
        """The cosignature lines for this very head."""
        with self._lock:
            notes = [
                note
                for checkpoint, note in self._newest.values()
                if (checkpoint.size, checkpoint.root) == (size, root)
            ]
        return [line for note in sorted(notes) for line in note.splitlines(keepends=True)[-1:]]

    def _take(self, state: State, note: str) -> tuple[Checkpoint, tuple[str, ...], bool]:
        checkpoint = open_checkpoint(note, state.origin, self._public)
        if not checkpoint.size:
            raise Malformed("an empty log is not cosigned", where="checkpoint")
        parsed = parse_note(note.encode())
        cosigners = [
            CosignerKey(cosigner_name(state.origin, key.actor), bytes.fromhex(key.public))
            for key in state.keys.values()
            if key.use is Use.COSIGN
        ]
        found = verify_cosignatures(parsed, cosigners)
        if not found:
            raise NotAuthentic(
                "nobody enrolled here cosigned it", where="checkpoint", expected="a key of use cosign"
            )
        known = {(key.name, key.id) for key in cosigners}
        own = next(s for s in parsed.signatures if s.name == state.origin)
        base = parsed.text + "\n" + signature_line(own.name, own.key_id, own.signature)
        changed = False
        for cosigned in found:
            line = next(
                signature_line(s.name, s.key_id, s.signature)
                for s in parsed.signatures
                if s.name == cosigned.cosigner and (s.name, s.key_id) in known
            )
            with self._lock:
                before = self._newest.get(cosigned.cosigner)
                if before is None or before[0].size < checkpoint.size:
                    self._newest[cosigned.cosigner] = (checkpoint, add_cosignatures(base, [line]))
                    changed = True
        return checkpoint, tuple(cosigned.cosigner for cosigned in found), changed


def head_signed(state: State, public: bytes, command: SignHeld) -> Checkpoint:
    """The head that a held word speaks of.

    Raises:
        NotAuthentic: this log's key did not sign it; so it proves nothing, and stops nobody.
    """
    checkpoint = Checkpoint(state.origin, command.size, bytes.fromhex(command.root))
    try:
        verify(public, bytes.fromhex(command.head), checkpoint.text().encode())
    except NotAuthentic:
        raise NotAuthentic(
            "this log did not sign that head", where="command.head", expected="the signature of a checkpoint"
        ) from None
    return checkpoint


def not_ours(checkpoint: Checkpoint, size: int, root_at: Callable[[int], bytes]) -> str:
    """Why a checkpoint that this log's key signed is not of this log; nothing if it is."""
    if checkpoint.size > size:
        return (
            f"a log of {checkpoint.size} entries was signed and cosigned, and this one has {size}; "
            "it may be a restored backup"
        )
    if root_at(checkpoint.size) != checkpoint.root:
        return f"another log of {checkpoint.size} entries was signed and cosigned; two were written under one name"
    return ""
