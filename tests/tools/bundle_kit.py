# SPDX-License-Identifier: Apache-2.0
"""Bundles of a small honest log in which everything that a verifier looks at happens, and ways to bend them."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import msgspec

from standclear.admission import Submission
from standclear.core.codec import encode
from standclear.core.commands import (
    AnyCommand,
    AssentToArea,
    CallStop,
    EnrolKeys,
    InviteKey,
    Mandate,
    NewKey,
    ReportMovement,
    Scope,
    Use,
    Withdraw,
)
from standclear.core.commands import MovementReport as Report
from standclear.core.enrolment import enrolment_text, key_id
from standclear.core.model import GroundHazard, ReleaseLevel
from standclear.store.memory import MemoryStore
from standclear.tlog.checkpoint import Checkpoint, sign_checkpoint
from standclear.tlog.cosignature import add_cosignatures, cosign, cosigner_name
from standclear.tlog.entry import Entry
from standclear.tlog.keys import COMMAND_DOMAIN, SigningKey
from standclear.tlog.leaf import decode_leaf, encode_leaf
from standclear.tlog.merkle import Subtrees, leaf_hash
from standclear.tlog.slots import seal, slot_path
from tests import centre_kit, world

Json = Any
Bodies = dict[int, bytes]
DESK, NORTH, RIVER, HILL, LAKE = world.EVERYONE[:5]
SLOTS = {actor.id: 2 + actor.number for actor in world.ACTORS} | {DESK: 1, "elder-panel": 1}
MIRROR = {use: world.signing_key(f"{LAKE} mirror {use}") for use in (Use.COMMAND, Use.SESSION, Use.COSIGN)}
CODE = world.signing_key("code of the invitation")
CHECKPOINT = world.signing_key("checkpoint")


def who(number: int) -> dict[str, Any]:
    return {"centre": world.ORIGIN, "id": world.uuid(number), "at_us": world.T0}


def signed_with(key: SigningKey, command: AnyCommand) -> Submission:
    raw = encode(command)
    return Submission(raw, key_id(key.public.hex(), Use.COMMAND), key.sign(COMMAND_DOMAIN + raw), {})


def invitation(actor: str = LAKE, number: int = 200) -> InviteKey:
    return InviteKey(
        **who(number),
        public=CODE.public.hex(),
        actor=actor,
        post="mirror",
        expires_us=world.T0 + world.DAY,
        mandate=Mandate((Scope.CHECKS,), None, world.T0 + world.DAY),
    )


def enrolment(number: int = 201, actor: str = LAKE, keys: dict[Use, SigningKey] = MIRROR) -> EnrolKeys:
    one_time = key_id(CODE.public.hex(), Use.COMMAND)
    new = [
        NewKey(
            key.public.hex(),
            use,
            key.sign(enrolment_text(one_time, actor, "mirror", use, key.public.hex())).hex(),
        )
        for use, key in keys.items()
    ]
    return EnrolKeys(**who(number), keys=tuple(new))


@cache
def log() -> tuple[Entry, ...]:
    """A day at the centre: keys by invitation, notices shown and not, a stop, a refusal, a tick."""
    store = MemoryStore()
    keyed = centre_kit.start(store)

    def give(*submissions: Submission) -> None:
        for submission in submissions:
            keyed.centre.submit(submission).result(timeout=60)

    try:
        give(
            centre_kit.signed(LAKE, invitation()),
            signed_with(CODE, enrolment()),
            centre_kit.notified(HILL, world.hospital(), 100, {NORTH: ReleaseLevel.VOLUME}),
            centre_kit.notified(NORTH, world.flight(hazard=GroundHazard.POSSIBLE), 101),
            centre_kit.notified(
                HILL, world.convoy(), 102, {NORTH: ReleaseLevel.FULL, RIVER: ReleaseLevel.VOLUME}
            ),
        )
        convoy = f"N{keyed.centre.snapshot.size - 1}"
        give(
            centre_kit.signed(HILL, ReportMovement(**who(103), movement=convoy, report=Report.DEPARTED)),
            signed_with(
                MIRROR[Use.COMMAND],
                CallStop(**who(104), place=(300_000_000, 15_000_000), radius_mm=2_000_000, reason="children"),
            ),
            centre_kit.signed(RIVER, Withdraw(**who(105), withdraws=convoy)),  # not its own: refused
            centre_kit.signed(RIVER, AssentToArea(**who(106), area=convoy)),
        )
        keyed.clock.now_us = world.T0 + 30 * world.DAY
        give(centre_kit.notified(HILL, world.hospital(lon=31), 107, {}))
        return tuple(store.read(0))
    finally:
        keyed.centre.close()


def head(entries: Sequence[Entry], cosigners: Iterable[str] = (LAKE,)) -> str:
    tree = Subtrees()
    for entry in entries:
        tree.append(leaf_hash(entry.leaf))
    checkpoint = Checkpoint(world.ORIGIN, len(entries), tree.frontier(len(entries)).root())
    lines = [
        cosign(checkpoint, cosigner_name(world.ORIGIN, actor), MIRROR[Use.COSIGN], 1_800_000_100)
        for actor in cosigners
    ]
    return add_cosignatures(sign_checkpoint(checkpoint, CHECKPOINT), lines)


def bundle(
    reader: str,
    about: Iterable[int] | None = None,
    entries: Sequence[Entry] | None = None,
    dossier: Json = None,
    views: bool = False,
    slot: int | None = None,
    note: str | None = None,
) -> list[Json]:
    """The lines of a bundle: whole, or a selection about some entries with all that it must hold besides."""
    entries = log() if entries is None else entries
    own = SLOTS[reader] if slot is None else slot
    first = {
        "bundle": "standclear/bundle/1",
        "checkpoint": note or head(entries),
        "dossier": dossier,
        "exercise": True,
        "origin": world.ORIGIN,
        "reader": reader,
        "slot": own,
        "whole": about is None,
    }
    numbers = range(len(entries)) if about is None else chained(entries, about)
    tree = Subtrees()
    for entry in entries:
        tree.append(leaf_hash(entry.leaf))
    lines = [first]
    for number in numbers:
        path = None if about is None else [node.hex() for node in tree.inclusion_path(number, len(entries))]
        lines.append(line(entries[number], own, path, views))
    return lines


def chained(entries: Sequence[Entry], about: Iterable[int]) -> list[int]:
    """The entries asked for, the last one, and every key and terms entry that any of them leads to."""
    wanted, found = [*about, len(entries) - 1], set()
    while wanted:
        number = wanted.pop()
        keys = decode_leaf(entries[number].leaf).keys
        found.add(number)
        wanted += [] if keys is None or keys in found else [keys]
    return sorted(found)


def line(entry: Entry, slot: int, path: list[str] | None, views: bool) -> Json:
    view = json.loads(entry.body(slot) or b"null")
    shown = {slot} | ({0} if view and view.get("command", True) else set())
    shown |= {part.slot for part in entry.parts} if views else set()
    parts = [
        {
            "body": (part.body or b"").decode(),
            "path": [node.hex() for node in slot_path(entry.parts, entry.filling, part.slot)],
            "salt": (part.salt or b"").hex(),
            "slot": part.slot,
        }
        for part in entry.parts
        if part.slot in shown
    ]
    documents = [
        {"body": (one.body or b"").decode(), "name": one.name, "salt": (one.salt or b"").hex()}
        for one in sorted(entry.attachments, key=lambda one: one.name)
        if 0 in shown and one.name == "consent"
    ]
    return {"attachments": documents, "leaf": entry.leaf.decode(), "parts": parts, "path": path}


def text(lines: Iterable[Json]) -> bytes:
    return b"".join(canonical(line) + b"\n" for line in lines)


def canonical(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def retold(seq: int, change: Callable[[Bodies], None], entries: Sequence[Entry] | None = None) -> list[Entry]:
    """The log as a lying centre tells it: other bodies in one entry, sealed as if it had always been so."""
    numbers = itertools.count(10**6)
    told = list(log() if entries is None else entries)
    bodies = {part.slot: part.body or b"" for part in told[seq].parts}
    change(bodies)
    sealed = seal(bodies, lambda length: next(numbers).to_bytes(length))
    leaf = msgspec.structs.replace(decode_leaf(told[seq].leaf), parts_root=sealed.parts_root.hex())
    told[seq] = msgspec.structs.replace(
        told[seq], leaf=encode_leaf(leaf), parts=sealed.parts, filling=sealed.filling
    )
    return told


def events_changed(change: Callable[[list[Json]], None], *slots: int) -> Callable[[Bodies], None]:
    """Other events in these slots."""

    def changed(bodies: Bodies) -> None:
        for slot in slots:
            body = json.loads(bodies[slot])
            change(body["events"])
            bodies[slot] = canonical(body)

    return changed


def command_changed(key: SigningKey, **members: Json) -> Callable[[Bodies], None]:
    """Another command in slot 0, signed with this key."""

    def changed(bodies: Bodies) -> None:
        command = json.loads(json.loads(bodies[0])["command"]) | members
        raw = canonical(command)
        signed = {
            "command": raw.decode(),
            "key": key_id(key.public.hex(), Use.COMMAND),
            "signature": key.sign(COMMAND_DOMAIN + raw).hex(),
        }
        bodies[0] = canonical(signed)

    return changed


def number_of(kind: str, nth: int = 0) -> int:
    """The number of the nth entry whose command is of a kind."""
    found = [
        entry.seq
        for entry in log()
        if json.loads(json.loads(entry.body(0) or b"")["command"])["command"] == kind
    ]
    return found[nth]


def opening_hash() -> str:
    return hashlib.sha256(b"\0" + log()[0].leaf).hexdigest()
