# SPDX-License-Identifier: Apache-2.0
"""One queue, one order: batch, decide, append, re-read, sign, publish, and only then answer.

    submit -> admit (caller's thread) -> queue -> [tick if due] -> decide, seal, fold privately
           -> append in one transaction -> re-read and recompute -> publish -> answers

Deciding and recording are one step (law 5): nobody else folds, and a batch is published only after the
store has it. A failed disk stops the centre; it never answers 201 for what might not be there (law 7).
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

from standclear.admission import REVOKED, Admitted, Submission, admit, check_resume
from standclear.bell import Bell
from standclear.centre.durable import Durable
from standclear.centre.erasing import carry_out
from standclear.centre.inboxes import Inboxes
from standclear.centre.keeper import Keeper
from standclear.centre.port import Reads, Store
from standclear.centre.standing import Standing
from standclear.centre.submitted import Decided, Ports, Recorded, Waiting
from standclear.centre.witnessing import FROZEN
from standclear.core.codec import encode
from standclear.core.commands import AnswerNotice, PassTime, ResumeRecording, SignHeld, StateDigest, Use
from standclear.core.decide import decide
from standclear.core.enrolment import key_id
from standclear.core.received import Received
from standclear.core.urgent import never_limited
from standclear.errors import IdAlreadyUsed, LogBroken, Malformed, NotAuthentic, StandclearError, Unavailable
from standclear.past import Past
from standclear.sealing import (
    Snapshot,
    command_of,
    seal_entry,
    slot_of,
)
from standclear.tlog.checkpoint import Checkpoint, sign_checkpoint
from standclear.tlog.cosignature import add_cosignatures
from standclear.tlog.entry import Entry, check_entry
from standclear.tlog.keys import COMMAND_DOMAIN, SigningKey
from standclear.tlog.log_tree import LogTree
from standclear.tlog.merkle import Frontier, leaf_hash

MAX_BATCH: Final = 256
MAX_WAITING: Final = 10_000
TIMER_S: Final = 1.0
"""How often an idle centre looks whether something fell due."""
log = logging.getLogger(__name__)


class Centre(Durable):
    """A running centre over one store. Made by `opening.open_centre`; stop it with `close`."""

    def __init__(
        self,
        store: Store,
        ports: Ports,
        checkpoint_key: SigningKey,
        clock_key: SigningKey,
        opened: Snapshot,
        tree: LogTree,
        inboxes: Inboxes,
        past: Past,
        reads: Reads,
        standing: Standing,
        keeper: Keeper | None = None,
    ) -> None:
        """Take over a store whose entries have been replayed into `opened`."""
        super().__init__(opened, tree, inboxes, past, reads)
        self._store = store
        self._ports = ports
        self._checkpoint_key = checkpoint_key
        self._clock_key = clock_key
        self.bell = Bell()
        self._head = (-1, "")
        self._standing = standing
        self._keeper = keeper
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._failure: StandclearError | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="sequencer", daemon=True)
        self._thread.start()

    @property
    def failure(self) -> StandclearError | None:
        """Why the centre takes nothing more, if it does not."""
        frozen = self._standing.why(self._snapshot.state)
        return self._failure or (Unavailable(FROZEN + frozen) if frozen else None)

    def now_us(self) -> int:
        """The centre's clock, never behind the last entry."""
        return max(self._ports.clock(), self._snapshot.at_us)

    def checkpoint(self) -> str:
        """The signed head of the log, with the cosignatures that came for it; signed once for each size."""
        frontier, (size, note) = self._snapshot.frontier, self._head
        if size != frontier.size:
            note = self._signed(frontier)
            self._head = (frontier.size, note)
        return add_cosignatures(note, self._standing.witnesses.lines(frontier.size, frontier.root()))

    def cosigned(self, note: str) -> tuple[int, tuple[str, ...]]:
        """Take the cosignatures of a checkpoint; its size, and who cosigned; see `Standing.cosigned`."""
        size, names = self._standing.cosigned(self._snapshot.state, note)
        self.bell.ring()
        return size, names

    def witnessed(self) -> str:
        """The newest signed head that bears the terms' quorum of cosignatures.

        Raises:
            NotFound: there is none yet.
        """
        return self._standing.witnesses.witnessed()

    def checkpoint_at(self, size: int) -> str:
        """The head that the log had at a size, 1 or more, signed as it was then."""
        return self._signed(self._tree.subtrees.frontier(size))

    def submit(
        self, submission: Submission, allowed: Callable[[Admitted], None] | None = None
    ) -> Future[Recorded]:
        """Admit a command and queue it; the future holds its place in the log, or why there is none.

        `allowed` may refuse what is authentic, by raising.

        Raises:
            StandclearError: not admitted (see `admission.admit`), or the centre takes nothing now.
            LogMoved: a machine holds a head of another log under our signature; the centre is frozen from then on.
        """
        if self._failure is not None:
            raise Unavailable(self._failure.detail)
        if self._closing:
            raise Unavailable("the centre is stopping; nothing was recorded, try again")
        state = self._snapshot.state
        admitted = admit(state, submission)
        if allowed is not None:
            allowed(admitted)
        if isinstance(admitted.command, SignHeld):
            self._standing.held(state, admitted.command)
        if isinstance(admitted.command, AnswerNotice):
            self._check_shown(admitted.command, admitted.actor)
        frozen = self._standing.why(state)
        if isinstance(admitted.command, ResumeRecording):
            self._standing.check_resume(state, self._head_of(self._snapshot.frontier), admitted.command)
        elif frozen:
            raise Unavailable(FROZEN + frozen)
        if self._queue.qsize() >= MAX_WAITING and not never_limited(admitted.command):
            raise Unavailable("too many commands are waiting; nothing was recorded, try again")
        waiting = Waiting(admitted, Future())
        self._queue.put(waiting)
        return waiting.answer

    def _check_shown(self, command: AnswerNotice, actor: str) -> None:
        """An answer names the commitment of what its signer was shown (design §5); no state holds those."""
        slot = slot_of(self._snapshot.state, actor)
        entry = self.entry(command.entry) if command.entry < self._snapshot.size else None
        shown = next((part.commitment for part in entry.parts if part.slot == slot), b"") if entry else b""
        if shown.hex() != command.shown:
            raise Malformed(
                f"this is not the commitment of what {actor} was shown in entry {command.entry}",
                where="command.shown",
                expected="the commitment of that view, made of its salt and its bytes",
            )

    def close(self) -> None:
        """Decide what is waiting, then stop. Repeating it is harmless."""
        self._closing = True
        self._queue.put(None)
        self._thread.join()
        while not self._queue.empty():
            late = self._queue.get_nowait()
            if late is not None:
                late.answer.set_exception(Unavailable("the centre is stopping; nothing was recorded"))
        self._store.close()

    def _run(self) -> None:
        stopping = False
        while not stopping:
            batch, stopping = self._next_batch()
            try:
                self._work(batch)
                self._keep(closing=stopping)
            except StandclearError as error:
                self._fail(batch, error)
            except Exception as error:
                log.exception("the sequencer stopped")
                self._fail(batch, Unavailable(f"the centre stopped on an internal fault: {error!r}"))

    def _next_batch(self) -> tuple[list[Waiting], bool]:
        """What is waiting now, and whether to stop after it."""
        batch: list[Waiting] = []
        try:
            item = self._queue.get(timeout=TIMER_S)
            while item is not None:
                batch.append(item)
                if len(batch) == MAX_BATCH:
                    return batch, False
                item = self._queue.get_nowait()
        except queue.Empty:
            return batch, False
        return batch, True

    def _fail(self, batch: list[Waiting], error: StandclearError) -> None:
        """A disk that failed once is not trusted again until it has been re-read from the start."""
        self._failure = error
        for waiting in batch:
            if not waiting.answer.done():
                waiting.answer.set_exception(error)

    def _work(self, batch: list[Waiting]) -> None:
        if self._failure is not None:
            self._fail(batch, self._failure)
            return
        decided: list[Decided] = []
        repeats: list[tuple[Waiting, int]] = []
        seen: dict[str, int] = {}
        head = self._snapshot
        frozen = self._standing.why(self._snapshot.state)
        if frozen:
            self._resume(batch, frozen)
            return
        head, _ = self._tick(head, decided)
        for waiting in batch:
            if not waiting.answer.set_running_or_notify_cancel():
                continue
            key = waiting.admitted.command_key
            known = seen.get(key)
            known = self._store.find(key) if known is None else known
            if known is not None:
                repeats.append((waiting, known))
                continue
            if waiting.admitted.submission.key in head.state.revoked:
                # It was admitted before, and revoked by what stood ahead of it in the queue.
                waiting.answer.set_exception(NotAuthentic(REVOKED, where="Standclear-Key"))
                continue
            # Outside the attempt: the tick stands, whatever becomes of the command behind it.
            head, at_us = self._tick(head, decided)
            if not _still_means(head, waiting):
                continue
            try:
                head = self._record(head, waiting.admitted, waiting, at_us, decided)
            except Exception as error:
                # One command that cannot be decided must not take the others of its batch with it.
                log.exception("command %s could not be decided", key)
                waiting.answer.set_exception(Unavailable(f"this command could not be decided: {error!r}"))
            else:
                seen[key] = head.size - 1
        if decided:
            if head.state.terms_entry > self._snapshot.state.terms_entry:
                # Applied in the same transaction: no reader finds terms in force that nothing was judged by.
                head, _ = self._tick(head, decided)
            self._commit(decided, head)
        for waiting, seq in repeats:
            self._repeat(waiting, seq)

    def _keep(self, *, closing: bool) -> None:
        """Keep the state where it is time to; say the digest of what was kept in an entry of its own."""
        if self._keeper is None or self._failure is not None:
            return
        self._keeper.note(self._snapshot, self._tree, self.inboxes, closing=closing)
        digest = self._keeper.to_record()
        if digest is not None:
            decided: list[Decided] = []
            head, at_us = self._tick(self._snapshot, decided)
            self._commit(decided, self._pass_time(head, at_us, decided, digest))
            self._keeper.recorded()

    def _resume(self, batch: list[Waiting], frozen: str) -> None:
        """Of a log that is stopped, record the desk's resumption and nothing before it, not even a tick."""
        for waiting in batch:
            head, command = self._snapshot, waiting.admitted.command
            if not waiting.answer.set_running_or_notify_cancel():
                continue
            try:
                if not isinstance(command, ResumeRecording):
                    raise Unavailable(FROZEN + frozen)
                known = self._store.find(waiting.admitted.command_key)
                if known is not None:
                    self._repeat(waiting, known)
                    continue
                if (command.size, command.root) in head.state.resumed:
                    raise Unavailable(FROZEN + frozen)
                self._standing.check_resume(head.state, self._head_of(head.frontier), command)
                # Who countersigns is asked of the state it is recorded on: a key may have been revoked since.
                check_resume(head.state, waiting.admitted.actor, command)
            except StandclearError as error:
                waiting.answer.set_exception(error)
                continue
            decided: list[Decided] = []
            at_us = max(self._ports.clock(), head.at_us + 1)
            self._commit(decided, self._record(head, waiting.admitted, waiting, at_us, decided))
            self._standing.resumed(command)

    def _tick(self, head: Snapshot, decided: list[Decided]) -> tuple[Snapshot, int]:
        """Entries signed by the clock's key while anything is due, and the time at which nothing is.

        The command behind them is recorded at that very time: a later reading could pass something due.
        """
        at_us = max(self._ports.clock(), head.at_us + 1)
        while head.state.due_by(at_us):
            head = self._pass_time(head, at_us, decided)
            at_us = max(self._ports.clock(), head.at_us + 1)
        return head, at_us

    def _pass_time(
        self, head: Snapshot, at_us: int, decided: list[Decided], state: StateDigest | None = None
    ) -> Snapshot:
        """One entry signed by the clock's key."""
        new_id = self._ports.new_id(at_us)
        raw = encode(PassTime(centre=head.state.origin, id=new_id, at_us=at_us, state=state))
        signature = self._clock_key.sign(COMMAND_DOMAIN + raw)
        key = key_id(self._clock_key.public.hex(), Use.COMMAND)
        admitted = admit(head.state, Submission(raw, key, signature))
        return self._record(head, admitted, None, at_us, decided)

    def _record(
        self,
        head: Snapshot,
        admitted: Admitted,
        waiting: Waiting | None,
        at_us: int,
        decided: list[Decided],
    ) -> Snapshot:
        received = Received(
            command=admitted.command,
            actor=admitted.actor,
            post=admitted.post,
            key=admitted.submission.key,
            at_us=at_us,
            consent=admitted.consent,
        )
        events = decide(head.state, received)
        entry, after = seal_entry(head, admitted, received, events, self._ports.draw)
        decided.append(Decided(entry, head.frontier, waiting))
        return after

    def _commit(self, decided: list[Decided], head: Snapshot) -> None:
        """Append, read back what the disk holds, and only then publish and answer."""
        start = decided[0].before.size
        self._store.append(start, [item.entry for item in decided])
        for item, stored in zip(decided, self._store.read(start), strict=True):
            check_entry(stored)
            if stored.leaf != item.entry.leaf:
                raise LogBroken("the disk gave back another leaf", where=f"entry {stored.seq}")
        for item in decided:
            self._tree.add(item.entry.leaf)
            self.inboxes.add(item.entry)
        self._snapshot = head
        self.bell.ring()
        self._past.note(head)
        try:
            carry_out(self._store, head.state, start)
        except StandclearError as error:
            # The order stands in the log and is answered so; it is carried out at the next start.
            self._failure = error
        for item in decided:
            if item.waiting is not None:
                item.waiting.answer.set_result(self._recorded(item.entry, item.waiting, item.before))

    def _recorded(self, entry: Entry, waiting: Waiting, before: Frontier) -> Recorded:
        after = before.append(leaf_hash(entry.leaf))
        # Not every answer carries the head, and Ed25519 gives one signature for one text whenever it is made.
        return Recorded(entry, waiting.admitted.actor, lambda: self._signed(after), before.path_of_next())

    def _repeat(self, waiting: Waiting, seq: int) -> None:
        """The same id and bytes get the same answer; other bytes under a used id are refused."""
        entry = self.entry(seq)
        if command_of(entry).command.encode() != waiting.admitted.submission.raw:
            waiting.answer.set_exception(IdAlreadyUsed(where="command.id"))
            return
        waiting.answer.set_result(self._recorded(entry, waiting, self._tree.subtrees.frontier(seq)))

    def _signed(self, frontier: Frontier) -> str:
        """Ed25519 gives one signature for one text, so that one size never bears two."""
        return sign_checkpoint(self._head_of(frontier), self._checkpoint_key)

    def _head_of(self, frontier: Frontier) -> Checkpoint:
        return Checkpoint(self._snapshot.state.origin, frontier.size, frontier.root())


def _still_means(head: Snapshot, waiting: Waiting) -> bool:
    """Whether a command that was admitted under other terms means something under those that stand; else it is told."""
    if waiting.admitted.terms_entry == head.state.terms_entry:
        return True
    try:
        admit(head.state, waiting.admitted.submission)
    except StandclearError as error:
        waiting.answer.set_exception(error)
        return False
    return True
