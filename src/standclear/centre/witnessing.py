# SPDX-License-Identifier: Apache-2.0
"""Who else saw which head of this log: the newest cosigned checkpoint of each cosigner, kept beside the log.

A cosigned checkpoint that bears our own signature and is not in our log proves that this log is not the one that was
signed: a restored backup, or a second centre. Nothing is written on such a log (design §4): the next entry would
have two roots signed for one size.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from standclear.core.commands import SignHeld
from standclear.core.state import State
from standclear.errors import Malformed, NotAuthentic, NotFound
from standclear.grades import NO_QUORUM, bears_quorum, cosigner_keys
from standclear.tlog.checkpoint import Checkpoint, open_checkpoint
from standclear.tlog.cosignature import add_cosignatures, verify_cosignatures
from standclear.tlog.keys import verify
from standclear.tlog.note import parse_note, signature_line

FROZEN: Final = (
    "Nothing is recorded here until the right log is back, or given up by the desk and its witnesses. "
    "Give stops by telephone and on paper, and log them after: "
)


HEADS: Final = 256
"""How many heads are looked at for a quorum: mirrors that come at different times may have cosigned the same one."""


class Kept(Protocol):
    """Where the newest cosigned checkpoints outlive the process. Best on another disk than the log."""

    def load(self) -> list[str]:
        """What was saved last; nothing the first time."""
        ...

    def save(self, notes: Sequence[str]) -> None:
        """Keep these in place of what was kept; durable on return."""
        ...


@dataclass
class _Head:
    """One head: the note with the log's own signature alone, and the cosignature lines that came for it."""

    checkpoint: Checkpoint
    base: str
    lines: dict[str, str] = field(default_factory=dict)

    def note(self, cosigners: Sequence[str]) -> str:
        """The head with these cosigners' lines."""
        return add_cosignatures(self.base, [self.lines[name] for name in sorted(cosigners)])


class Witnesses:
    """What came of each cosigner last, and the newest head that bears the quorum. Any thread may call."""

    def __init__(self, public: bytes, kept: Kept | None) -> None:
        """Begin with what was kept; `public` is the log's own checkpoint key."""
        self._public, self._kept = public, kept
        self._lock = threading.Lock()
        self._newest: dict[str, tuple[Checkpoint, str]] = {}
        """By cosigner: the checkpoint, and the note with the log's signature and this cosigner's."""
        self._heads: dict[tuple[int, bytes], _Head] = {}
        """The newest heads, for those who cosign the same one at different times."""
        self._witnessed: tuple[int, str] = (0, "")
        """The newest head that bears the quorum: its size, and the note with all its cosignatures."""

    def load(self, state: State) -> list[Checkpoint]:
        """Read what was kept; returns every checkpoint of it.

        Raises:
            Malformed, NotAuthentic: it is not what was kept.
        """
        for note in self._kept.load() if self._kept else []:
            self._take(state, note)
        return [checkpoint for checkpoint, _ in self._newest.values()]

    def take(self, state: State, note: str) -> tuple[Checkpoint, tuple[str, ...]]:
        """Keep the cosignatures of a note; returns its checkpoint, and who cosigned it.

        Raises:
            Malformed: no checkpoint, or of an empty log.
            NotAuthentic: not signed by this log, cosigned by nobody enrolled, or a cosignature fails.
        """
        checkpoint, names, changed = self._take(state, note)
        if changed:
            self._save()
        return checkpoint, names

    def forget(self, checkpoint: Checkpoint) -> None:
        """Keep no longer a head that was given up: what its cosigners say of this log is to be kept in its place."""
        with self._lock:
            self._heads.pop((checkpoint.size, checkpoint.root), None)
            given_up = [name for name, (kept, _) in self._newest.items() if kept == checkpoint]
            for name in given_up:
                del self._newest[name]
        if given_up:
            self._save()

    def settle(self, state: State, ours: Callable[[Checkpoint], bool]) -> None:
        """Keep the newest head that is ours and bears the terms' quorum, if one is newer than what is kept."""
        with self._lock:
            newer = sorted(key for key in self._heads if key[0] > self._witnessed[0])
            for key in reversed(newer):
                head = self._heads[key]
                if bears_quorum(state, head.lines) and ours(head.checkpoint):
                    self._witnessed = key[0], head.note(list(head.lines))
                    break
            else:
                return
        self._save()

    def witnessed(self) -> str:
        """The newest head that bears the quorum, with its cosignatures.

        Raises:
            NotFound: there is none yet.
        """
        if not self._witnessed[0]:
            raise NotFound(NO_QUORUM)
        return self._witnessed[1]

    def lines(self, size: int, root: bytes) -> list[str]:
        """The cosignature lines for this very head."""
        with self._lock:
            head = self._heads.get((size, root))
            return [head.lines[name] for name in sorted(head.lines)] if head else []

    def _save(self) -> None:
        if self._kept:
            with self._lock:
                witnessed = [self._witnessed[1]] if self._witnessed[0] else []
                self._kept.save([*(note for _, note in self._newest.values()), *witnessed])

    def _take(self, state: State, note: str) -> tuple[Checkpoint, tuple[str, ...], bool]:
        checkpoint = open_checkpoint(note, state.origin, self._public)
        if not checkpoint.size:
            raise Malformed("an empty log is not cosigned", where="checkpoint")
        parsed = parse_note(note.encode())
        cosigners = cosigner_keys(state)
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
                self._put(checkpoint, base, cosigned.cosigner, line)
                before = self._newest.get(cosigned.cosigner)
                if before is None or before[0].size < checkpoint.size:
                    self._newest[cosigned.cosigner] = (checkpoint, add_cosignatures(base, [line]))
                    changed = True
        return checkpoint, tuple(cosigned.cosigner for cosigned in found), changed

    def _put(self, checkpoint: Checkpoint, base: str, cosigner: str, line: str) -> None:
        key = (checkpoint.size, checkpoint.root)
        self._heads.setdefault(key, _Head(checkpoint, base)).lines[cosigner] = line
        while len(self._heads) > HEADS:
            del self._heads[min(self._heads)]


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
