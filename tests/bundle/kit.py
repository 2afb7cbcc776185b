# SPDX-License-Identifier: Apache-2.0
"""Bundles of a small log in which much happens once, for every reader, and what a verifier says of them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from standclear.bundle.making import Sight, Whom, whole
from standclear.bundle.proving import Proven, prove
from standclear.centre.sequencer import Centre
from standclear.core.codec import encode
from standclear.core.model import Content, GroundHazard, ReleaseLevel
from standclear.core.release import SEES_ALL
from standclear.evidence.checking import Checked, verify_bundle
from standclear.store.memory import MemoryStore
from standclear.tlog.slots import EVENTS_SLOT, FIRST_VIEW_SLOT
from tests import centre_kit, world

HILL, NORTH, RIVER, DESK = "hill-relief", "north-command", "river-alliance", "watch-desk"
Line = dict[str, Any]


@contextmanager
def lived() -> Iterator[centre_kit.Keyed]:
    """A hospital, a flight into it, one kept from River, a convoy, a tick that much falls due at, an answer, a word."""
    keyed = centre_kit.start(MemoryStore())
    shown = world.shown_to_all()
    kept = {**shown, RIVER: ReleaseLevel.WITHHELD}
    try:
        given: tuple[tuple[str, Content, dict[str, ReleaseLevel]], ...] = (
            (HILL, world.hospital(), shown),
            (NORTH, world.flight(hazard=GroundHazard.POSSIBLE), shown),
            (HILL, world.hospital(lon=31), kept),
            (HILL, world.convoy(), shown),
        )
        for number, (actor, content, release) in enumerate(given, 100):
            keyed.centre.submit(centre_kit.notified(actor, content, number, release)).result(timeout=60)
        keyed.clock.now_us = world.T0 + 400 * world.DAY
        last = centre_kit.notified(HILL, world.hospital(lon=32), 110, shown)
        keyed.centre.submit(last).result(timeout=60)
        for said in (
            centre_kit.acknowledged(keyed.centre, NORTH, "N3", 111),
            centre_kit.held(keyed.centre, NORTH, 112),
        ):
            keyed.centre.submit(said).result(timeout=60)
        yield keyed
    finally:
        keyed.centre.close()


def sight(centre: Centre, actor: str, *, views: bool = False) -> Sight:
    """A centre as one actor is shown it."""
    state = centre.snapshot.state
    known = state.actors[actor]
    slot = EVENTS_SLOT if known.role in SEES_ALL else FIRST_VIEW_SLOT + known.number
    return Sight(centre, Whom(actor, slot), centre.checkpoint(), state.exercise, views)


@cache
def bundles() -> dict[tuple[str, bool], bytes]:
    """Whole bundles of the same log: by reader, and whether with everyone's views."""
    with lived() as keyed:
        made = {(actor, False): b"".join(whole(sight(keyed.centre, actor))) for actor in world.EVERYONE}
        made[DESK, True] = b"".join(whole(sight(keyed.centre, DESK, views=True)))
        return made


def proven(bundle: bytes, key: bytes | None = None) -> Proven:
    """What its bytes show."""
    return prove(io.BytesIO(bundle), key)


def checked(bundle: bytes) -> Checked:
    """What its bytes and its decisions show."""
    return verify_bundle(io.BytesIO(bundle), None, lambda done, size: None)


def lines_of(bundle: bytes) -> list[Line]:
    """The lines as plain values."""
    return [json.loads(line) for line in bundle.splitlines()]


def of_lines(lines: list[Line]) -> bytes:
    """Lines written canonically."""
    return b"".join(encode(line) + b"\n" for line in lines)


def changed(bundle: bytes, change: Callable[[list[Line]], object]) -> bytes:
    """A bundle after a forger's work."""
    lines = lines_of(bundle)
    change(lines)
    return of_lines(lines)
