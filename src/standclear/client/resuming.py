# SPDX-License-Identifier: Apache-2.0
"""A resumption made ready: which head stands against the log, what witnesses countersign, what the desk sends."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from standclear.client.client import Client
from standclear.client.feed import Feed
from standclear.core.codec import encode
from standclear.core.commands import Countersignature, ResumeRecording
from standclear.core.resuming import resume_text
from standclear.errors import Malformed
from standclear.identity import Identity
from standclear.tlog.checkpoint import Checkpoint, parse_checkpoint
from standclear.tlog.note import parse_note
from standclear.tlog.tile_reader import TileReader


def foreign_in(notes: list[str], feed: Feed) -> Iterator[tuple[Checkpoint, str]]:
    """The heads that are not of the log as the centre shows it, the largest first, each with the log's signature."""
    own = parse_checkpoint(parse_note(feed.checkpoint().encode()).text)
    reader = TileReader(own, feed.tile)
    heads = {}
    for note in notes:
        parsed = parse_note(note.encode())
        head = parse_checkpoint(parsed.text)
        signature = next((one.signature.hex() for one in parsed.signatures if one.name == head.origin), "")
        if head.origin == own.origin and (head.size > own.size or reader.root(head.size) != head.root):
            heads[head.size, head.root] = (head, signature)
    yield from (heads[key] for key in sorted(heads, reverse=True))


def proposed(client: Client, feed: Feed, head: Checkpoint, signature: str, reason: str) -> ResumeRecording:
    """The command that gives a head up over the log as it stands, still without countersignatures."""
    own = parse_checkpoint(parse_note(feed.checkpoint().encode()).text)
    command = ResumeRecording(
        **client.who(),
        size=head.size,
        root=head.root.hex(),
        head=signature,
        own_size=own.size,
        own_root=own.root.hex(),
        reason=reason,
        countersignatures=(),
    )
    try:
        return msgspec.json.decode(encode(command), type=ResumeRecording)
    except msgspec.ValidationError as error:
        raise Malformed(f"cannot be proposed: {error}", where="--reason") from None


def countersigned(command: ResumeRecording, identity: Identity) -> ResumeRecording:
    """The same with one countersignature more, by a witness's command key."""
    signature = identity.command.sign(resume_text(command.centre, command)).hex()
    others = (one for one in command.countersignatures if one.key != identity.command_key_id)
    return msgspec.structs.replace(
        command, countersignatures=(*others, Countersignature(identity.command_key_id, signature))
    )
