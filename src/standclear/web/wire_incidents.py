# SPDX-License-Identifier: Apache-2.0
"""Over the wire: reported harm, and what each side found, side by side."""

from __future__ import annotations

import msgspec

from standclear.core.events import FindingGiven
from standclear.core.events.incidents import Incident
from standclear.core.model import ReleaseLevel
from standclear.web.wire import Envelope


class SideItem(msgspec.Struct, frozen=True, kw_only=True):
    """What one side found: every version, the newest last."""

    actor: str
    versions: tuple[FindingGiven, ...]


class SharedItem(msgspec.Struct, frozen=True, kw_only=True):
    """To whom its author had it shown, and how much."""

    to: str
    level: ReleaseLevel


class IncidentItem(msgspec.Struct, frozen=True, kw_only=True):
    """One incident as far as the reader is shown it.

    `level`: `full`, or `cover`: then nobody is named and nothing is said in words. `shared`: for its author, desk and
    arbiter whom it was shown to; for one it was shown to, itself. `held_us`: when the machine of the party named
    signed that it holds it. `by_us`: by when a finding of the party named is asked for; null where none is. `open`: it
    has not come. `dossier`: the query of `/v1/dossiers` for its place and time; empty for a cover.
    """

    incident: str
    content: Incident
    named: str
    actor: str
    post: str
    recorded_us: int
    level: ReleaseLevel
    shared: tuple[SharedItem, ...]
    sides: tuple[SideItem, ...]
    held_us: int | None
    by_us: int | None
    calls: int
    open: bool
    dossier: str


class IncidentsPage(Envelope, frozen=True, kw_only=True):
    """Incidents, the newest first; `more`: so many are left out."""

    items: tuple[IncidentItem, ...]
    more: int


class IncidentAnswer(Envelope, frozen=True, kw_only=True):
    """One incident."""

    item: IncidentItem
