# SPDX-License-Identifier: Apache-2.0
"""Whether what the terms say of those who notify hangs together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from standclear.core.terms import Terms

Fault: TypeAlias = "tuple[tuple[str | int, ...], str, str]"
"""Where in the terms, what is wrong, what would be right: as `terms_check.Problem`."""


def problems(terms: Terms) -> Iterator[Fault]:
    """What of this cannot hang together."""
    if terms.upkeep is not None and terms.upkeep.remind_us >= terms.upkeep.attest_every_us:
        yield (
            ("upkeep", "remind_h"),
            "a site's author would be reminded before the site is given",
            "fewer hours than `attest_every_h`",
        )
