# SPDX-License-Identifier: Apache-2.0
"""A day near a hospital, lived at a served centre, and dossiers of it."""

from __future__ import annotations

import io
from typing import Any

import httpx2
import msgspec

from standclear.bundle.proving import prove
from standclear.core.model import GroundHazard, Site
from standclear.evidence.dossiers import told
from standclear.reports.page import Page
from standclear.reports.story import Story, story_of
from standclear.units import us_to_iso
from tests import world
from tests.bundle.kit import lines_of
from tests.web.kit import Served

HILL, NORTH, RIVER, DESK, LAKE = (
    "hill-relief",
    "north-command",
    "river-alliance",
    "watch-desk",
    "lake-observers",
)
HERE = "1.5,30.0"
AT = us_to_iso(world.T0 + 2 * world.DAY + 30 * world.MINUTE)
"""Within the flights' window."""


def live(served: Served) -> None:
    """A hospital, a flight into it, a convoy, a flight that a later hospital recalls, a change, a stop, a withdrawal.

    Two places do not belong: one far away, one kept from River.
    """
    clock, shown = served.keyed.clock, world.shown_to_all()
    hill, north = served.client(HILL), served.client(NORTH)
    first = hill.notify(world.hospital(), {**shown, NORTH: "full"})
    clock.now_us += world.HOUR
    north.notify(world.flight(lon=29.96, hazard=GroundHazard.POSSIBLE), shown)
    clock.now_us += world.HOUR
    hill.notify(world.convoy(lon=29.97), shown)
    hill.notify(world.hospital(lon=40), shown)
    hill.notify(world.hospital(lon=30.01), {NORTH: "full", RIVER: "withheld"})
    clock.now_us += world.HOUR
    north.notify(world.flight(lon=30.05, lat=1.53, hazard=GroundHazard.POSSIBLE), shown)
    clock.now_us += world.HOUR
    late = hill.notify(world.hospital(lon=30.05, lat=1.53), shown)
    hill.amend(f"N{first.entry}", moved(world.hospital(lon=30.002)), {**shown, NORTH: "full"})
    served.client(RIVER).stop((300_100_000, 15_100_000), 700_000, "children on the road")
    clock.now_us += world.DAY
    hill.withdraw(f"N{late.entry}")


def moved(site: Site) -> Site:
    """The same hospital with another name."""
    return msgspec.structs.replace(site, name="Hospital on the hill, east wing")


def asked(
    served: Served, actor: str, near: str = HERE, radius_m: str = "8000", at: str = AT, **more: str
) -> bytes:
    """What `/v1/dossiers` answers."""
    answer = ask(served, actor, near=near, radius_m=radius_m, at=at, **more)
    assert answer.status_code == 200, answer.text
    return answer.content


def ask(served: Served, actor: str, **query: str) -> httpx2.Response:
    """The same, whatever is answered; a day has passed, so in a session of its own."""
    served.client(actor)._link.token(renew=True)
    named = {{"start": "from"}.get(name, name): value for name, value in query.items()}
    return served.raw(actor).get("/v1/dossiers", params=named)


def account(bundle: bytes) -> Any:
    """The account in a dossier's bundle."""
    return lines_of(bundle)[0]["dossier"]


def page(bundle: bytes) -> Page:
    """The document of a bundle, proven first."""
    return told(io.BytesIO(bundle), None)[1]


def story(bundle: bytes) -> Story:
    """What it tells."""
    assert prove(io.BytesIO(bundle)).wrong == ""
    return story_of(io.BytesIO(bundle))
