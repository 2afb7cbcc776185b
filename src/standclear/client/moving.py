# SPDX-License-Identifier: Apache-2.0
"""A departure sheet as a centre or mirror answers it."""

from __future__ import annotations

import msgspec

from standclear.client.answers import Said
from standclear.core.model import Status


class SheetSection(msgspec.Struct, frozen=True):
    """One matter, and what is known of it, sentence by sentence."""

    title: str
    lines: tuple[str, ...]


class Departure(Said, frozen=True, kw_only=True):
    """What is open about one version of a movement or flight, section by section; no verdict over the whole."""

    notice: str
    title: str
    status: Status
    version: int
    sections: tuple[SheetSection, ...]
    closing: str
