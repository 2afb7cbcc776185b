# SPDX-License-Identifier: Apache-2.0
"""The second of two persons: a filing, or a removal, countersigned by another post."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec

from standclear.core.commands.base import Command
from standclear.core.model import NoticeId


class Signing(StrEnum):
    """What is countersigned."""

    FILING = "filing"
    REMOVAL = "removal"


class Countersign(Command, frozen=True, tag="countersign"):
    """A second post agrees, or not, to what the first one signed in entry number `entry`, and to nothing later."""

    notice: NoticeId
    what: Signing
    entry: Annotated[int, msgspec.Meta(ge=0, le=10**15)]
    agree: bool
