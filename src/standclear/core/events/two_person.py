# SPDX-License-Identifier: Apache-2.0
"""What waits for a second person, and what that person said. For the notice's author and the desk."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from standclear.core.commands.two_person import Signing


class WaitsBecause(StrEnum):
    """Why a second person is asked."""

    TWO_PERSON = "two_person"
    """The terms ask for two persons of the notice's own organisation."""
    MANY_WITHDRAWN = "many_withdrawn"
    """The organisation withdrew so many that the terms have the next one confirmed."""


class CountersignatureAsked(msgspec.Struct, frozen=True, tag_field="event", tag="countersignature_asked"):
    """A filing or a removal by `post` waits for a second post. The notice is spared meanwhile."""

    notice: str
    what: Signing
    because: WaitsBecause
    post: str
    at_us: int


class Countersigned(msgspec.Struct, frozen=True, tag_field="event", tag="countersigned"):
    """A second post agreed, or did not; a removal that is agreed to takes effect now."""

    notice: str
    what: Signing
    agreed: bool
    actor: str
    post: str
    at_us: int
