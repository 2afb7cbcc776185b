# SPDX-License-Identifier: Apache-2.0
"""Who must consent to what, as a centre answers it."""

from __future__ import annotations

import msgspec

from standclear.client.answers import Said
from standclear.core.consents import AskedBy, Stands
from standclear.core.terms import Consent


class ConsentAsked(msgspec.Struct, frozen=True, kw_only=True):
    """One consent that is asked of one party; `by_us`: null where no rule sets a time."""

    notice: str
    author: str
    asked_by: AskedBy
    rule: str
    party: str
    stands: Stands
    blocks: bool
    since_us: int
    by_us: int | None
    why: str
    words: str


class Consents(Said, frozen=True, kw_only=True):
    """Who must consent to what, by notice; how many rows were left out; what the terms ask consent for."""

    items: tuple[ConsentAsked, ...]
    more: int
    rules: tuple[Consent, ...]
