# SPDX-License-Identifier: Apache-2.0
"""One round of a mirror: pull, prove, fold, judge anew, keep. What is wrong is kept with what shows it, and said.

    head -> contains every head before -> new leaves -> new views and commands -> fold, decide again -> copy -> publish

A fault of the log itself ends the round: nothing further is taken, and what was held before goes on being answered. A
decision that the rules do not give is kept and said, and the round goes on.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from standclear.bundle.making import Whom, sees_consent, view_in
from standclear.core.commands import Amend, AnyCommand, Notify
from standclear.core.comparing import Outcome
from standclear.core.events import InboxHeld, RecordingResumed
from standclear.core.rejudging import rejudge
from standclear.core.release import View
from standclear.core.state import State
from standclear.errors import LogBroken, Malformed
from standclear.mirror import holding, proving, saying
from standclear.mirror.copy import (
    Answered,
    Begun,
    ConsentLine,
    Copy,
    Head,
    LeafLine,
    Line,
    PartLine,
    consent_line,
    consent_of,
    part_line,
    part_of,
)
from standclear.mirror.details import DetailsFiles
from standclear.mirror.doubt import Doubt, Doubted, Wrong
from standclear.mirror.replica import Known, Replica, learned, slot_of
from standclear.mirror.source import Source
from standclear.tlog.entry import Attachment, attachment_commitment
from standclear.tlog.leaf import Leaf
from standclear.tlog.proved import Proved
from standclear.tlog.slots import COMMAND_SLOT, EVENTS_SLOT

STATE_FILE: Final = "state.json"


@dataclass
class Round:
    """What came of one round."""

    size: int
    views: int = 0
    answers: list[Answered] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    """New ones; those that were said before are in `Mirror.doubts`."""


@dataclass
class _Pulled:
    """What a round has proven so far."""

    leaves: list[bytes]
    parts: list[Proved]
    known: Known
    consents: dict[int, Attachment] = field(default_factory=dict)
    answers: list[Answered] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    standing: int | None = None
    words: list[tuple[int, InboxHeld | RecordingResumed, dict[str, str]]] = field(default_factory=list)
    """What machines said that they hold, by entry, with what shows it."""
    details: dict[int, Attachment] = field(default_factory=dict)


class Mirror:
    """A party's replica of one centre, in one directory."""

    def __init__(self, actor: str, directory: Path, clock: Callable[[], int]) -> None:
        """Open the copy and fold it; `clock` in µs UTC.

        Raises:
            Unavailable: another mirror has the directory open.
            LogBroken, Malformed: the copy is not as a mirror left it, or another party's.
        """
        self.replica = Replica(actor, clock)
        self.doubts: list[Doubt] = []
        self.outcomes: dict[str, int] = dict.fromkeys((outcome.value for outcome in Outcome), 0)
        self._directory, self._clock = directory, clock
        self._seen_us: int | None = None
        self.spoken = 0
        """Size of the newest head that was cosigned in this run."""
        self.halted = ""
        """Why the last round took nothing, if it was not for lack of an answer."""
        self._standing: int | None = None
        self._copy = Copy(directory)
        self._details = DetailsFiles(directory)
        try:
            self._reopen(actor)
        except Doubted as error:
            self._copy.close()
            raise LogBroken(f"the copy is damaged: {error}", where=str(directory)) from None
        except BaseException:
            self._copy.close()
            raise

    def close(self) -> None:
        """Let go of the directory."""
        self._copy.close()

    def pull(self, source: Source) -> Round:
        """One round.

        Raises:
            StandclearError: the centre gave no answer, or this disk failed; nothing was taken.
        """
        round_ = Round(len(self.replica.leaves))
        self.halted = ""
        try:
            self._pull(source, round_)
            self._take_witnessed(source)
        except Doubted as found:
            self.halted = found.doubt.sentence()
            self._keep_doubts([found.doubt], round_)
        self._write_state()
        return round_

    def _pull(self, source: Source, round_: Round) -> None:
        asked_us = self._clock()
        replica = self.replica
        note = source.checkpoint()
        state = replica.snapshot.state if replica.leaves else _opening(source, replica.actor)
        head = proving.head_of(note, state)
        reader = proving.follows(replica, note, head, source)
        if reader is None:
            self._seen_us = asked_us
            return
        data = proving.new_leaves(replica, reader, note)
        leaves = proving.check_order(replica, data, self._seen_us, state.terms.skew_us, note)
        pulled = _Pulled(data, [], replica.snapshot, standing=self._standing)
        views = self._views(source, leaves, pulled, slot_of(state, replica.actor))
        for found in proving.check_standing(leaves, views, self._standing):
            pulled.doubts.append(found.doubt)
        for seq, kept in pulled.details.items():
            self._details.keep(seq, kept)
        lines: list[Line] = [LeafLine(leaf.decode()) for leaf in data]
        lines += [part_line(part) for part in pulled.parts]
        lines += [consent_line(seq, consent) for seq, consent in pulled.consents.items()]
        self._copy.append([*lines, *pulled.answers, Head(note, asked_us)])
        self._took(pulled, note, asked_us)
        for seq, word, evidence in pulled.words:
            said = holding.check_claim(replica, word)
            pulled.doubts += [Doubt(Wrong.ALTERED, f"entry {seq}", detail, evidence) for detail in said]
        round_.size, round_.views, round_.answers = head.size, len(views), pulled.answers
        self._keep_doubts(pulled.doubts, round_)

    def _take_witnessed(self, source: Source) -> None:
        """Pass on the newest head with its quorum, once it is proven to be of this log; asked for again every round."""
        if self.replica.snapshot.state.terms.witnesses is not None:
            note = source.witnessed()
            if note and note != self.replica.quorum_note and proving.witnessed(self.replica, note):
                self.replica.quorum_note = note

    def _views(self, source: Source, leaves: list[Leaf], pulled: _Pulled, slot: int) -> dict[int, View]:
        """The views of the new entries, proven and folded, each with its command where that was released."""
        start, size = len(self.replica.leaves), len(self.replica.leaves) + len(leaves)
        views: dict[int, View] = {}
        last = self.replica.last_view
        for part in source.inbox(last):
            if part.seq >= size:
                break
            if part.seq <= last or part.seq < start:
                where = f"entry {part.seq}"
                detail = f"its view is given now, after those up to entry {last}, and was not given before"
                raise Doubted(Wrong.ORDER, where, detail, view=part.body.decode("utf-8", "replace"))
            leaf = pulled.leaves[part.seq - start]
            view = proving.proven_view(part, leaf, slot)
            self._fold(source, part, view, leaves[part.seq - start].at, pulled)
            views[part.seq] = view
            last = part.seq
        return views

    def _fold(self, source: Source, part: Proved, view: View, at_us: int, pulled: _Pulled) -> None:
        """One view: its command, its decisions, then what is known after it."""
        known, me = pulled.known, self.replica.actor
        received = None
        everyone = part.slot == EVENTS_SLOT
        said = list(saying.check_times(view, at_us))
        if view.command:
            found = source.command(part.seq)
            if found is None:
                detail = "the view says that the signed command was released, and it is not given"
                pulled.doubts.append(Doubt(Wrong.DROPPED, f"entry {part.seq}", detail, {}))
            else:
                received = replace(saying.signed_command(known.state, found, part.leaf), at_us=at_us)
                said += saying.check_said(known.state, part.seq, view, received, me)
                pulled.parts.append(found)
                if sees_consent(Whom(me, part.slot), view):
                    _take_consent(source, part, received.command, pulled)
        if not everyone:
            said += holding.check_shown(known.state, part.seq, view.events, me)
        evidence = {"leaf": part.leaf.decode(), "view": part.body.decode(), "salt": part.salt.hex()}
        words = (one for one in view.events if isinstance(one, InboxHeld | RecordingResumed))
        pulled.words += [(part.seq, one, evidence) for one in words]
        pulled.doubts += [Doubt(Wrong.ALTERED, f"entry {part.seq}", detail, evidence) for detail in said]
        own = received if received and (everyone or received.actor == me) else None
        try:
            for one in rejudge(known.state, part.seq, view.events, own, None if everyone else me, at_us):
                pulled.answers.append(Answered(part.seq, one.notice, one.outcome.value, one.because))
                if one.outcome is Outcome.CONTRADICTED:
                    where = f"entry {part.seq}, {one.notice or 'a check'}"
                    pulled.doubts.append(Doubt(Wrong.JUDGED, where, one.because, evidence))
            pulled.known = learned(known, part, view)
        except KeyError as error:
            raise Doubted(
                Wrong.DROPPED,
                f"entry {part.seq}",
                f"the view speaks of {error}, which was never shown",
                **evidence,
            ) from None
        pulled.parts.append(part)
        saying.take_details(source, part.seq, view, received, pulled.details, pulled.doubts)
        if proving.is_standing(view):
            pulled.standing = part.seq

    def _took(self, pulled: _Pulled, note: str, asked_us: int) -> None:
        start = len(self.replica.leaves)
        self.replica.documents |= pulled.details
        self.replica.add(pulled.leaves, pulled.parts, pulled.known, note, pulled.consents)
        for seq in self._details.forget(pulled.known.state, start):
            self.replica.documents.pop(seq, None)
        self._standing = pulled.standing
        self._seen_us = asked_us
        for answer in pulled.answers:
            self.outcomes[answer.outcome] += 1

    def _keep_doubts(self, doubts: list[Doubt], round_: Round) -> None:
        """Each once, however often it is met again."""
        said = {(doubt.wrong, doubt.where, doubt.detail) for doubt in self.doubts}
        new = [doubt for doubt in doubts if (doubt.wrong, doubt.where, doubt.detail) not in said]
        if new:
            self._copy.append(new)
            self.doubts += new
            round_.doubts += new

    def _reopen(self, actor: str) -> None:
        """Fold what is on disk; its proofs are checked again, its decisions stand as they were answered."""
        leaves: list[bytes] = []
        parts: list[PartLine] = []
        consents: dict[int, Attachment] = {}
        begun = False
        for line in self._copy.read():
            match line:
                case Begun():
                    begun = True
                    if line.actor != actor:
                        raise Malformed(
                            f"this copy is that of {line.actor}",
                            where=str(self._directory),
                            expected="a directory each",
                        )
                case LeafLine():
                    leaves.append(line.leaf.encode())
                case PartLine():
                    parts.append(line)
                case ConsentLine():
                    consents[line.seq] = consent_of(line)
                case Answered():
                    self.outcomes[line.outcome] += 1
                case Doubt():
                    self.doubts.append(line)
                case Head():
                    start = len(self.replica.leaves)
                    found, known = _refolded(self.replica.snapshot, leaves, start, parts)
                    self.replica.add(leaves, found, known, line.note, consents)
                    self._seen_us = line.seen_us
                    self._check_head(line.note)
                    leaves, parts, consents = [], [], {}
        self.replica.documents = self._details.load(self.replica.snapshot.state)
        if not begun:
            self._copy.append([Begun(actor)])
        for part in self.replica.parts(self.replica.slot, 0, len(self.replica.leaves)):
            if proving.is_standing(view_in(part)):
                self._standing = part.seq

    def _check_head(self, note: str) -> None:
        size = len(self.replica.leaves)
        head = proving.head_of(note, self.replica.snapshot.state)
        if head.size != size or head.root != self.replica.tree.subtrees.frontier(size).root():
            raise LogBroken(f"the copy does not give the head of {head.size} that stands in it")

    def _write_state(self) -> None:
        """What a person or a monitor reads: put in place whole, so that it is never half."""
        known = self.replica.snapshot
        told = {
            "actor": self.replica.actor,
            "origin": known.state.origin,
            "size": known.size,
            "at_us": known.at_us,
            "pulled_us": self._clock(),
            "decisions": self.outcomes,
            "disagreements": [doubt.sentence() for doubt in self.doubts],
            "halted": self.halted,
        }
        path = self._directory / STATE_FILE
        beside = path.with_suffix(".new")
        beside.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        beside.replace(path)


def _take_consent(source: Source, part: Proved, command: AnyCommand, pulled: _Pulled) -> None:
    """The consent that goes with a command, if it is given: erased ones are not."""
    consent = source.consent(part.seq) if isinstance(command, Notify | Amend) else None
    if consent is None:
        return
    if isinstance(command, Notify | Amend) and attachment_commitment(consent).hex() != command.consent:
        detail = "the consent given is not what the signed command commits to"
        evidence = {"leaf": part.leaf.decode(), "consent": (consent.body or b"").decode("utf-8", "replace")}
        pulled.doubts.append(Doubt(Wrong.PROOF, f"entry {part.seq}", detail, evidence))
        return
    pulled.consents[part.seq] = consent


def _opening(source: Source, actor: str) -> State:
    """What entry 0 says: the terms, and the key that signs heads. Its leaf is compared with the log's later."""
    part = next(source.inbox(-1), None)
    if part is None or part.seq:
        raise Doubted(Wrong.DROPPED, "entry 0", "it goes to everyone, and was not given")
    proving.check_part(part)
    state = learned(Known(), part, view_in(part)).state
    if actor not in state.actors:
        raise Malformed(
            f"the terms name no {actor}", where="--as", expected="the id of an actor of the terms"
        )
    return state


def _refolded(
    before: Known, leaves: list[bytes], start: int, lines: list[PartLine]
) -> tuple[list[Proved], Known]:
    """Parts from disk, each proven under its leaf, and what is known after them."""
    parts, known = [], before
    for line in lines:
        part = part_of(line, leaves[line.seq - start])
        proving.check_part(part)
        parts.append(part)
        if part.slot != COMMAND_SLOT:
            known = learned(known, part, view_in(part))
    return parts, known
