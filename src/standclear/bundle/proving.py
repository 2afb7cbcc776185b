# SPDX-License-Identifier: Apache-2.0
"""A bundle proven from its own bytes, in one pass: docs/bundle.md, "What a reader checks".

Every step goes on as far as it can; what is reported is the first fault of the first step that has one. So the answer
does not depend on the order in which the steps meet the bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, Any, Final, ParamSpec

from standclear.bundle.account import FactCheck
from standclear.bundle.keyring import (
    REFUSED,
    STANDING_COMMANDS,
    STANDING_EVENTS,
    Keyring,
    Signed,
    check_signature,
    claimed_in,
    opening_keys,
    signed_in,
)
from standclear.bundle.lines import (
    AttachmentLine,
    EntryLine,
    Header,
    Lines,
    Misspelled,
    PartLine,
)
from standclear.bundle.reading import SEES_ALL, actors_in, check_body, events_in, leaf_in, loosely, terms_in
from standclear.core.commands import Use
from standclear.errors import LogBroken, Malformed, NotAuthentic, StandclearError
from standclear.tlog.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from standclear.tlog.cosignature import Cosignature, CosignerKey, cosigner_name, verify_cosignatures
from standclear.tlog.entry import commit_attachment
from standclear.tlog.leaf import Leaf
from standclear.tlog.merkle import Frontier, leaf_hash, verify_inclusion
from standclear.tlog.note import parse_note
from standclear.tlog.slots import COMMAND_SLOT, EVENTS_SLOT, FIRST_VIEW_SLOT, verify_slot

P = ParamSpec("P")
UNREADABLE: Final = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What JSON of another shape than ours can cause; that is a fault of the bundle, never of its reader."""


class Step(StrEnum):
    """What is checked, in this order; a verifier names the one that fails."""

    FORM = "form"
    HEAD = "head"
    LEAF = "leaf"
    CHAIN = "chain"
    PART = "part"
    ATTACHMENT = "attachment"
    SIGNATURE = "signature"
    COSIGNATURE = "cosignature"
    DOSSIER = "dossier"


@dataclass
class Proven:
    """What the bytes of a bundle show, or the first thing in them that is wrong."""

    header: Header | None = None
    size: int = 0
    """Of the log at the bundle's checkpoint."""
    root: str = ""
    entries: int = 0
    signatures: int = 0
    cosignatures: tuple[Cosignature, ...] = ()
    known_key: bool = False
    """Whether the checkpoint's key was known by another way; otherwise the bundle vouches for itself."""
    step: str = ""
    wrong: str = ""
    """One sentence that begins with the step's name in brackets; nothing if everything stands."""


def prove(
    file: IO[bytes], key: bytes | None = None, say: Callable[[int], None] = lambda done: None
) -> Proven:
    """Prove a bundle; `key` is the log's checkpoint key, where it is known. Raises nothing that bytes can cause."""
    result = Proven(known_key=key is not None)
    try:
        lines = Lines(file)
        result.header = lines.header
        prover = _Prover(lines.header, key)
        for line in lines.entries():
            prover.take(line)
            result.entries += 1
            say(result.entries)
        prover.end()
    except Misspelled as error:
        result.step, result.wrong = Step.FORM.value, f"[{Step.FORM}] {error}."
        return result
    result.signatures, result.cosignatures = prover.signatures, prover.cosignatures
    result.size, result.root = prover.checkpoint.size, prover.checkpoint.root.hex()
    for step in Step:
        if step in prover.faults:
            result.step, result.wrong = step.value, f"[{step}] {prover.faults[step]}"
            break
    return result


@dataclass
class _Taken:
    """What one line says, as far as it can be read."""

    where: str
    leaf: Leaf | None
    parts: dict[int, Any] = field(default_factory=dict)
    signed: Signed | None = None


class _Prover:
    def __init__(self, header: Header, key: bytes | None) -> None:
        self.header, self.key = header, key
        self.faults: dict[Step, str] = {}
        self.signatures = 0
        self.cosignatures: tuple[Cosignature, ...] = ()
        self.checkpoint = Checkpoint("", 0, bytes(32))
        self._last: Leaf | None = None
        self._frontier = Frontier.EMPTY
        self._standing: int | None = None
        self._ring = Keyring(header.origin)
        self._claimed: list[str] = []
        self._actors: dict[int, str] = {}
        self._begun = False
        self._facts = FactCheck(header)
        try:
            self.checkpoint = parse_checkpoint(parse_note(header.checkpoint.encode()).text)
        except StandclearError as error:
            self._fault(Step.HEAD, "checkpoint", error)

    def take(self, line: EntryLine) -> None:
        """One entry, through every step that can still be taken."""
        leaf = leaf_in(line.leaf)
        taken = _Taken(f"entry {leaf.seq}" if leaf else "an entry", leaf)
        self._try(Step.LEAF, taken.where, self._leaf, line, leaf)
        for part in line.parts:
            taken.parts[part.slot] = loosely(part.body)
            self._try(Step.PART, f"{taken.where}, slot {part.slot}", self._part, part, taken)
        self._try(Step.PART, taken.where, self._released, taken)
        self._read_command(line, taken)
        if not self._begun:
            self._begun = True
            self._try(Step.HEAD, "entry 0", self._opening, taken)
        self._try(Step.CHAIN, taken.where, self._chain, taken)
        for attached in line.attachments:
            self._try(Step.ATTACHMENT, taken.where, _attached, attached, taken)
        self._try(Step.SIGNATURE, taken.where, self._signature, taken)
        self._try(Step.DOSSIER, taken.where, self._facts.take, leaf, taken.parts, self._actors)

    def end(self) -> None:
        """What can be told only of the whole."""
        self._try(Step.HEAD, "checkpoint", self._head)
        self._try(Step.LEAF, "the last line", self._whole)
        self._try(Step.COSIGNATURE, "checkpoint", self._cosigned)
        self._try(Step.DOSSIER, "the account", self._facts.end)

    def _try(
        self, step: Step, where: str, check: Callable[P, None], *args: P.args, **named: P.kwargs
    ) -> None:
        if step in self.faults:
            return
        try:
            check(*args, **named)
        except (StandclearError, *UNREADABLE) as error:
            self._fault(step, where, error)

    def _fault(self, step: Step, where: str, error: Exception) -> None:
        detail = error.sentence() if isinstance(error, StandclearError) else f"cannot be read ({error})"
        self.faults.setdefault(step, f"{where}: {detail.rstrip('.')}.")

    def _read_command(self, line: EntryLine, taken: _Taken) -> None:
        """What slot 0 says, whether or not it stands: earlier steps rest on it."""
        command = line.part(COMMAND_SLOT)
        if command is None:
            return
        try:
            taken.signed = signed_in(command.body)
            if not self._refused(taken):
                self._claimed += claimed_in(taken.signed.command, Use.CHECKPOINT)
        except (StandclearError, *UNREADABLE) as error:
            if Step.SIGNATURE not in self.faults:
                self._fault(Step.SIGNATURE, taken.where, error)

    def _refused(self, taken: _Taken) -> bool:
        """Whether the reader's own part says that the command changed nothing, or does not say anything."""
        shown = events_in(taken.parts.get(self.header.slot))
        return not shown or shown[0].get("event") == REFUSED

    # ---- 2. head ---------------------------------------------------------------------------------

    def _opening(self, taken: _Taken) -> None:
        """Entry 0 opens this log, and names the bundle's reader."""
        header, signed = self.header, taken.signed
        if taken.leaf is not None and taken.leaf.seq:
            raise LogBroken(f"the first line is of entry {taken.leaf.seq}", expected="entry 0")
        if signed is None or signed.command.get("command") != "open":
            raise LogBroken("does not show the command that opens a log")
        command = signed.command
        if command.get("centre") != header.origin:
            raise LogBroken(f"opens {command.get('centre')!r}", expected=header.origin)
        if command.get("exercise") is not header.exercise:
            raise LogBroken("says another thing than the first line about whether this is an exercise")
        named = {
            key: enrolled for key, enrolled in opening_keys(command) if enrolled.use == Use.COMMAND.value
        }
        if signed.key not in named:
            raise LogBroken(f"is signed by {signed.key}", expected="a command key that it names")
        check_signature(signed, named[signed.key].public)
        self._actors, slot = actors_in(command), None
        for actor, number, role in terms_in(command):
            if actor == header.reader:
                slot = EVENTS_SLOT if role in SEES_ALL else FIRST_VIEW_SLOT + number
        if slot != header.slot:
            right = "an actor of the terms" if slot is None else f"slot {slot}"
            raise LogBroken(f"the reader {header.reader!r} with slot {header.slot}", expected=right)

    def _head(self) -> None:
        """A checkpoint key of this log signed the head."""
        found = self._claimed
        if self.key is not None:
            found = [public for public in found if public == self.key.hex()]
        fault: StandclearError = NotAuthentic(
            "no entry of the bundle enrols the checkpoint key" + (" that was asked for" if self.key else "")
        )
        for public in found:
            try:
                open_checkpoint(self.header.checkpoint, self.header.origin, bytes.fromhex(public))
                return
            except (Malformed, NotAuthentic) as error:
                fault = error
        raise fault

    # ---- 3. leaves -------------------------------------------------------------------------------

    def _leaf(self, line: EntryLine, leaf: Leaf | None) -> None:
        if leaf is None:
            raise LogBroken("this is not a leaf in its canonical spelling")
        before, self._last = self._last, leaf
        if before is not None and leaf.seq <= before.seq:
            raise LogBroken(f"stands below entry {before.seq}", expected="entries by rising number")
        if before is not None and leaf.at <= before.at:
            raise LogBroken(
                f"is dated {leaf.at} µs, and an earlier entry {before.at} µs", expected="a later time"
            )
        hashed = leaf_hash(line.leaf.encode())
        if self.header.whole:
            right = before.seq + 1 if before else 0
            if leaf.seq != right:
                raise LogBroken(f"stands where entry {right} is missing")
            self._frontier = self._frontier.append(hashed)
        else:
            path = [bytes.fromhex(node) for node in line.path or ()]
            verify_inclusion(hashed, leaf.seq, self.checkpoint.size, path, self.checkpoint.root)

    def _whole(self) -> None:
        size, last = self.checkpoint.size, self._last
        if last is None or last.seq != size - 1:
            found = "none" if last is None else f"entry {last.seq}"
            raise LogBroken(
                f"the last entry of a log of {size} is not there, but {found}", expected=f"entry {size - 1}"
            )
        if self.header.whole and self._frontier.root() != self.checkpoint.root:
            raise LogBroken(f"the leaves do not give the checkpoint's root at {size}")

    # ---- 4. chain --------------------------------------------------------------------------------

    def _chain(self, taken: _Taken) -> None:
        """The newest key or terms entry in the bundle is the one that the leaf names."""
        leaf = taken.leaf
        if leaf is None:
            raise LogBroken("names nothing that can be read")
        if (leaf.keys is None) != (leaf.seq == 0):
            raise LogBroken("keys is null in entry 0 and nowhere else")
        if leaf.keys != self._standing:
            named = "none" if leaf.keys is None else f"entry {leaf.keys}"
            newest = "none" if self._standing is None else f"entry {self._standing}"
            raise LogBroken(
                f"names {named} as the newest key or terms entry; the newest in the bundle is {newest}",
                expected="the chain whole, and nothing between",
            )
        shown = events_in(taken.parts.get(self.header.slot))
        if any(event.get("event") in STANDING_EVENTS for event in shown):
            if taken.signed is None or taken.signed.command.get("command") not in STANDING_COMMANDS:
                raise LogBroken("shows a change of keys or terms without the command that made it")
            self._standing = leaf.seq

    # ---- 5. parts, 6. attachments, 7. signatures, 8. cosignatures ----------------------------------

    def _part(self, part: PartLine, taken: _Taken) -> None:
        own = (COMMAND_SLOT, self.header.slot)
        if self.header.slot != EVENTS_SLOT and part.slot not in own:
            raise LogBroken(f"{self.header.reader} holds slots 0 and {self.header.slot} only")
        check_body(part)
        if taken.leaf is not None:
            path = tuple(bytes.fromhex(node) for node in part.path)
            root = bytes.fromhex(taken.leaf.parts_root)
            verify_slot(root, part.slot, bytes.fromhex(part.salt), part.body.encode(), path)

    def _released(self, taken: _Taken) -> None:
        """The command is here where the reader's part says that it was released, and nowhere else."""
        own = taken.parts.get(self.header.slot)
        released = isinstance(own, dict) and (self.header.slot == EVENTS_SLOT or own.get("command") is True)
        if released and COMMAND_SLOT not in taken.parts:
            raise LogBroken("the signed command was released to the reader, and is not here")
        if not released and COMMAND_SLOT in taken.parts:
            raise LogBroken("the signed command is here, and was not released to the reader")

    def _signature(self, taken: _Taken) -> None:
        if taken.signed is None or taken.leaf is None:
            return
        self._ring.take(taken.leaf.seq, taken.signed, refused=self._refused(taken))
        self.signatures += 1

    def _cosigned(self) -> None:
        origin = self.header.origin
        keys = {
            (one.actor, one.public): CosignerKey(cosigner_name(origin, one.actor), bytes.fromhex(one.public))
            for one in self._ring.keys.values()
            if one.use == Use.COSIGN.value
        }
        note = parse_note(self.header.checkpoint.encode())
        self.cosignatures = verify_cosignatures(note, list(keys.values()))


def _attached(attached: AttachmentLine, taken: _Taken) -> None:
    committed = taken.signed.command.get(attached.name) if taken.signed else None
    digits = commit_attachment(bytes.fromhex(attached.salt), attached.body.encode()).hex()
    if digits != committed:
        raise LogBroken(f"the {attached.name} document is not what the signed command commits to")
