# SPDX-License-Identifier: Apache-2.0
"""Long logs, made as fast as they can be: the small world's decisions, real entries, no signatures.

Nobody verifies signatures again when a log is opened. Of ten entries eight are new sites, one amends one and one
withdraws one; each is shown to its author and to one party.
"""

from __future__ import annotations

import gc
import random
from pathlib import Path
from typing import Final

from standclear.admission import Admitted, Submission
from standclear.centre.port import Store
from standclear.core.codec import encode
from standclear.core.commands import Amend, AnyCommand, Notify, Use, Withdraw
from standclear.core.decide import decide
from standclear.core.enrolment import key_id
from standclear.core.model import ConsentDocument, DetailsDocument, Release, ReleaseLevel
from standclear.core.received import Received
from standclear.sealing import BEFORE_ENTRY_0, Snapshot, replay_entry, seal_entry
from standclear.store.sqlite import SqliteStore
from standclear.tlog.entry import CONSENT as CONSENT_NAME
from standclear.tlog.entry import DETAILS, Attachment, commit_attachment
from tests import centre_kit, world

BATCH: Final = 1_000
STEP_US: Final = 1_000
NORTH: Final = "north-command"
FIRST_ID: Final = 1_000
RELIEF: Final = "hill-relief"
KEY: Final = key_id(world.signing_key(f"{RELIEF} {Use.COMMAND}").public.hex(), Use.COMMAND)
SALT: Final = bytes(32)
CONSENT: Final = ConsentDocument(release=(Release(to=NORTH, level=ReleaseLevel.VOLUME),))

BESIDE: Final = (
    Attachment(CONSENT_NAME, SALT, encode(CONSENT)),
    Attachment(DETAILS, SALT, encode(DetailsDocument(to=(), about={}))),
)


def write(path: Path, entries: int) -> None:
    """Make a log of so many entries in a new file."""
    store = SqliteStore(path)
    keyed = centre_kit.start(store)
    keyed.centre.close()
    store = SqliteStore(path)
    snapshot, numbers = BEFORE_ENTRY_0, random.Random(entries)
    for entry in store.read(0):
        snapshot = replay_entry(snapshot, entry)
    gc.disable()  # half of the time would go into walking over what only grows
    try:
        while snapshot.size < entries:
            snapshot = _batch(store, snapshot, numbers, min(BATCH, entries - snapshot.size))
    finally:
        gc.enable()
    store.close()


def _batch(store: Store, snapshot: Snapshot, numbers: random.Random, count: int) -> Snapshot:
    start, made = snapshot.size, []
    for _ in range(count):
        at_us = snapshot.at_us + STEP_US
        command = _command(snapshot, numbers)
        consent = None if isinstance(command, Withdraw) else CONSENT
        submission = Submission(encode(command), KEY, bytes(64), {})
        beside = () if isinstance(command, Withdraw) else BESIDE
        admitted = Admitted(command, RELIEF, "watch", submission, consent, beside)
        received = Received(command, RELIEF, "watch", KEY, at_us, consent)
        entry, snapshot = seal_entry(
            snapshot, admitted, received, decide(snapshot.state, received), numbers.randbytes
        )
        made.append(entry)
    store.append(start, made)
    return snapshot


def _command(snapshot: Snapshot, numbers: random.Random) -> AnyCommand:
    size = snapshot.size
    site = world.hospital(20 + numbers.random() * 10, -5 + numbers.random() * 10)
    who = {"centre": world.ORIGIN, "id": world.uuid(size + FIRST_ID), "at_us": snapshot.at_us}
    documents = {one.name: commit_attachment(SALT, one.body or b"").hex() for one in BESIDE}
    notice = f"N{numbers.randrange(size)}"
    if size % 10 < 8 or notice not in snapshot.state.notices:
        return Notify(**who, notice=site, **documents)  # type: ignore[arg-type]
    if size % 10 == 8:
        return Amend(**who, amends=notice, notice=site, **documents)  # type: ignore[arg-type]
    return Withdraw(**who, withdraws=notice)  # type: ignore[arg-type]
