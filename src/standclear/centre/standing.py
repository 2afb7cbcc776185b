# SPDX-License-Identifier: Apache-2.0
"""Whether the log here is the one that was signed: every head that comes from outside is held against the tree.

One that bears our own signature and is not in our log stops all recording (design §4): no size may bear two roots.
"""

from __future__ import annotations

import logging

from standclear.centre.witnessing import Witnesses, head_signed, not_ours
from standclear.core.commands import ResumeRecording, SignHeld
from standclear.core.state import State
from standclear.errors import LogMoved
from standclear.tlog.checkpoint import Checkpoint
from standclear.tlog.log_tree import LogTree

log = logging.getLogger(__name__)


class Standing:
    """The heads that came from outside, and what stands against recording. Any thread may call."""

    def __init__(self, public: bytes, witnesses: Witnesses, tree: LogTree) -> None:
        """Nothing stands against it yet; `public` is the log's own checkpoint key."""
        self.witnesses = witnesses
        self._public, self._tree = public, tree
        self._foreign: dict[tuple[int, bytes], str] = {}
        """Heads that this log's key signed and that are not of this log, and why not."""

    def load(self, state: State) -> None:
        """Hold against the log what was kept when the centre last ran."""
        for checkpoint in self.witnesses.load(state):
            self._compare(checkpoint, state.size)
        self._settle(state)

    def why(self, state: State) -> str:
        """Why nothing may be recorded; nothing if it may. A head that was given up stands against it no more."""
        against = (
            why for (size, root), why in self._foreign.items() if (size, root.hex()) not in state.resumed
        )
        return next(against, "")

    def check_resume(self, state: State, own: Checkpoint, command: ResumeRecording) -> None:
        """Whether the desk may resume after this head now, over the log as it stands; `own` is its head.

        Raises:
            LogMoved: the head does not stand against this log, or this log is not the one that is named.
        """
        if (command.size, command.root) in state.resumed:
            return
        if (command.size, bytes.fromhex(command.root)) not in self._foreign:
            raise LogMoved(
                "that head does not stand against this log; nothing is to be resumed", where="command.root"
            )
        if (command.own_size, command.own_root) != (own.size, own.root.hex()):
            expected = f"{own.size} entries with the root {own.root.hex()}"
            raise LogMoved(
                "this log has another head than is said", where="command.own_root", expected=expected
            )

    def resumed(self, command: ResumeRecording) -> None:
        """The resumption is recorded: let go of the head that was given up."""
        self.witnesses.forget(Checkpoint(command.centre, command.size, bytes.fromhex(command.root)))

    def cosigned(self, state: State, note: str) -> tuple[int, tuple[str, ...]]:
        """Take the cosignatures of a checkpoint; its size, and who cosigned.

        Raises:
            Malformed, NotAuthentic: see `Witnesses.take`.
            LogMoved: it is not of this log, though this log's key signed it. Nothing is recorded from then on.
        """
        checkpoint, names = self.witnesses.take(state, note)
        if (checkpoint.size, checkpoint.root.hex()) in state.resumed:
            self.witnesses.forget(checkpoint)
            raise LogMoved("that head was given up; the log says by whom and why", where="checkpoint")
        self._hold_against(checkpoint, state.size)
        self._settle(state)
        return checkpoint.size, names

    def held(self, state: State, command: SignHeld) -> None:
        """Hold the head of a held word against the log.

        Raises:
            NotAuthentic: this log did not sign it.
            LogMoved: as for a cosigned head.
        """
        self._hold_against(head_signed(state, self._public, command), state.size)

    def _hold_against(self, signed: Checkpoint, size: int) -> None:
        why = self._compare(signed, size)
        if why:
            raise LogMoved(why, where="checkpoint", expected="the log that was signed")

    def _compare(self, signed: Checkpoint, size: int) -> str:
        why = not_ours(signed, size, self._root)
        if why and (signed.size, signed.root) not in self._foreign:
            log.error("frozen: %s", why)
            self._foreign[signed.size, signed.root] = why
        return why

    def _settle(self, state: State) -> None:
        """Keep the newest head of this log that bears the terms' quorum."""
        self.witnesses.settle(state, lambda head: not not_ours(head, state.size, self._root))

    def _root(self, size: int) -> bytes:
        return self._tree.subtrees.frontier(size).root()
