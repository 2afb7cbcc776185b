# SPDX-License-Identifier: Apache-2.0
"""Does a receipt prove what it says? Command, leaf, inclusion and checkpoint, recomputed by the one who holds it."""

from __future__ import annotations

from dataclasses import dataclass

from standclear.client.answers import Answer, Details, View
from standclear.client.signing import Signed
from standclear.core.codec import encode
from standclear.core.parts import CommandPart, EventsPart
from standclear.core.release import View as ReleasedView
from standclear.errors import LogBroken
from standclear.tlog.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from standclear.tlog.entry import commit_attachment
from standclear.tlog.leaf import decode_leaf
from standclear.tlog.merkle import leaf_hash, verify_inclusion
from standclear.tlog.note import parse_note
from standclear.tlog.slots import COMMAND_SLOT, EVENTS_SLOT, commit, verify_slot


@dataclass(frozen=True, slots=True)
class Pinned:
    """What was learned of a centre by another way than this connection: origin and checkpoint key."""

    origin: str
    checkpoint_key: bytes


def verify_receipt(answer: Answer, signed: Signed, pinned: Pinned | None) -> None:
    """Raise LogBroken unless this command stands in this entry's leaf, and the leaf under the signed root.

    Without a pinned key the checkpoint's signature is not looked at: then the receipt agrees with itself, and
    whoever answered may have made all of it.

    Raises:
        LogBroken: something does not fit.
        NotAuthentic: the checkpoint bears no signature of the pinned key.
    """
    leaf = decode_leaf(answer.leaf.encode())
    part = CommandPart(signed.raw.decode(), signed.key, signed.signature.hex())
    if answer.command is not None:
        salt, path = bytes.fromhex(answer.command.salt), [bytes.fromhex(node) for node in answer.command.path]
        verify_slot(bytes.fromhex(leaf.parts_root), COMMAND_SLOT, salt, encode(part), path)
    if leaf.seq != answer.entry or leaf.at != answer.at_us:
        raise LogBroken("the receipt's leaf is of another entry", where=f"entry {answer.entry}")
    checkpoint = head_in(answer.checkpoint, pinned)
    if checkpoint.size != answer.entry + 1:
        raise LogBroken("the receipt's checkpoint is of another size", where=f"entry {answer.entry}")
    hashes = [bytes.fromhex(node) for node in answer.path]
    verify_inclusion(leaf_hash(answer.leaf.encode()), answer.entry, checkpoint.size, hashes, checkpoint.root)


def commitment_of(view: View) -> str:
    """The commitment of what was shown, in hex, after proving that it stands in the leaf that it came with.

    Raises:
        LogBroken: it does not.
    """
    shown = EventsPart(view.events) if view.slot == EVENTS_SLOT else ReleasedView(view.command, view.events)
    salt, body = bytes.fromhex(view.salt), encode(shown)
    leaf = decode_leaf(view.leaf.encode())
    verify_slot(
        bytes.fromhex(leaf.parts_root), view.slot, salt, body, [bytes.fromhex(node) for node in view.path]
    )
    return commit(salt, body).hex()


def verified_details(answer: Details) -> Details:
    """The same details, if they are what their commitment says, or are said to be erased.

    The commitment itself is signed in the command of `entry`; hold it against that where the command was released.

    Raises:
        LogBroken: they are not.
    """
    if answer.erased is None:
        salt, body = bytes.fromhex(answer.salt or ""), (answer.body or "").encode()
        if commit_attachment(salt, body).hex() != answer.commitment:
            raise LogBroken("the details are not what was committed to", where=f"entry {answer.entry}")
    return answer


def head_in(note: str, pinned: Pinned | None) -> Checkpoint:
    """The checkpoint in a note, its signature verified against the pinned key if there is one."""
    if pinned is not None:
        return open_checkpoint(note, pinned.origin, pinned.checkpoint_key)
    return parse_checkpoint(parse_note(note.encode()).text)
