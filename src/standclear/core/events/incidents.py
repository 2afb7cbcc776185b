# SPDX-License-Identifier: Apache-2.0
"""What was reported of harm, to whom it was shown, what each side found: side by side, never merged."""

from __future__ import annotations

import msgspec

from standclear.core.commands.incidents import Conclusion, Harm, InWords
from standclear.core.model import ReleaseLevel
from standclear.geometry.volume import Volume


class Incident(msgspec.Struct, frozen=True):
    """What a report says. Its cover has coarse volumes and the harm alone; `words` is null there."""

    where: tuple[Volume, ...]
    harm: tuple[Harm, ...]
    words: InWords | None
    there: str
    notices: tuple[str, ...]


class IncidentReported(msgspec.Struct, frozen=True, tag_field="event", tag="incident_reported"):
    """`actor` reports harm, and puts it to the party `named` (empty: to none).

    `notices` in it are those alone that the reader was shown.
    """

    incident: str
    content: Incident
    named: str
    actor: str
    post: str
    at_us: int


class IncidentShared(msgspec.Struct, frozen=True, tag_field="event", tag="incident_shared"):
    """`to` is shown the incident from now on, as `content`; a cover names neither who reported it nor who is named."""

    incident: str
    to: str
    level: ReleaseLevel
    content: Incident
    named: str
    actor: str
    reported_us: int
    at_us: int


class FindingGiven(msgspec.Struct, frozen=True, tag_field="event", tag="finding_given"):
    """What one side finds: its `version`, counted from 1."""

    incident: str
    version: int
    conclusion: Conclusion
    words: InWords
    actor: str
    post: str
    at_us: int


class IncidentCalled(msgspec.Struct, frozen=True, tag_field="event", tag="incident_called"):
    """The party named has given no finding by its deadline, or by a step after it; `step` counts from 0."""

    incident: str
    named: str
    step: int
    at_us: int
