# SPDX-License-Identifier: Apache-2.0
"""The terms that stand and those that are proposed, as answers say them."""

from __future__ import annotations

import msgspec

from standclear.core.events import PositionTaken
from standclear.core.proposing import waits_on
from standclear.core.state import State
from standclear.core.terms import Terms
from standclear.reports.terms_words import differences
from standclear.web.wire import Envelope


class ProposalItem(msgspec.Struct, frozen=True, kw_only=True):
    """Terms that are proposed and open: whose, since which entry, who has assented, whose assent they wait for.

    `agreed_us`: when the last party had assented; they then wait for their own date. `changes`: what they change of
    the terms that stand, in sentences.
    """

    hash: str
    terms: Terms
    by: str
    post: str
    entry: int
    at_us: int
    assents: tuple[str, ...]
    waits_on: tuple[str, ...]
    agreed_us: int | None
    changes: tuple[str, ...]


class TermsAnswer(Envelope, frozen=True, kw_only=True):
    """The terms, the hash that a party assents to, and who has; what is proposed in their place."""

    origin: str
    terms: Terms
    hash: str
    assents: tuple[str, ...]
    positions: tuple[PositionTaken, ...]
    suspended: tuple[str, ...]
    in_force: bool
    proposals: tuple[ProposalItem, ...]


def proposals_of(state: State) -> tuple[ProposalItem, ...]:
    """The open proposals, oldest first."""
    return tuple(
        ProposalItem(
            hash=one.hash,
            terms=one.terms,
            by=one.by,
            post=one.post,
            entry=one.entry,
            at_us=one.at_us,
            assents=one.assents,
            waits_on=waits_on(state, one),
            agreed_us=one.agreed_us,
            changes=differences(state.terms, one.terms),
        )
        for one in state.proposals
    )
