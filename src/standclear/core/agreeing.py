# SPDX-License-Identifier: Apache-2.0
"""Whose agreement a flight asks for, what each party said, and whether it still holds.

asked for by the terms -> agreed, denied, alternative -> lapses when what the party is shown changes, or at its own end

An agreement changes nothing about what is spared, and none is ever a permission.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from msgspec.structs import replace

from standclear.core.answering import shown_in
from standclear.core.changing import put
from standclear.core.events import AgreementGiven
from standclear.core.model import AgreementKind, Movement
from standclear.core.relaying import by_telephone
from standclear.core.state import Notice, State

NOT_OBTAINED: Final = "AGREEMENT NOT OBTAINED"
SPARED_ALL_THE_SAME: Final = "It is spared all the same."
SAID: Final = {
    AgreementKind.AGREED: "agreed",
    AgreementKind.DENIED: "denied it",
    AgreementKind.ALTERNATIVE: "offered an alternative",
}


class Asked(NamedTuple):
    """A party whose agreement is asked for, its newest word, and whether that is an agreement that holds."""

    party: str
    given: AgreementGiven | None
    holds: bool

    def words(self) -> str:
        """What became of it, as part of a sentence."""
        if self.given is None:
            return f"{self.party} has said nothing to what it says now"
        agreed = self.given.agreement is AgreementKind.AGREED
        if agreed and self.given.relayed is not None and not self.holds:
            return f"{self.party} agreed by telephone, which is not signed"
        if agreed and not self.holds:
            return f"the agreement of {self.party} has ended"
        return f"{self.party} {SAID[self.given.agreement]}{by_telephone(self.given)}"


def keep_agreement(state: State, event: AgreementGiven) -> State:
    """A party's newest word, in place of what it said before; one by telephone leaves what it signed beside it."""
    notice = state.notices[event.notice]
    kept = (
        one
        for one in notice.agreements
        if one.party != event.party or (event.relayed is not None and one.relayed is None)
    )
    return put(state, replace(notice, agreements=(*kept, event)))


def agreements_left(state: State, notice: Notice) -> tuple[AgreementGiven, ...]:
    """Those to what their parties are shown now; all others have lapsed."""
    return tuple(
        one
        for one in notice.agreements
        if (told := shown_in(state, notice, one.party)) is not None and told.seq == one.entry
    )


def asked_of(state: State, notice: Notice) -> tuple[str, ...]:
    """The parties whose agreement the terms have a flight ask for, but its own author; none once it is let go."""
    asked = state.terms.movements
    flies = asked is not None and notice.content.kind in asked.flights
    if asked is None or not flies or not isinstance(notice.content, Movement) or not notice.showings:
        return ()
    return tuple(party for party in asked.agreement_of if party != notice.author)


def agreements(state: State, notice: Notice, at_us: int) -> tuple[Asked, ...]:
    """What each party that is asked has said, and whether it holds at a time (µs UTC)."""
    found = []
    for party in asked_of(state, notice):
        said = [one for one in notice.agreements if one.party == party]
        # What it signed holds until it says otherwise; by telephone it can take its word back, and give none.
        agreed = all(one.agreement is AgreementKind.AGREED for one in said)
        signed = next((one for one in said if one.relayed is None), None)
        ended = signed is None or (signed.until_us is not None and signed.until_us <= at_us)
        found.append(Asked(party, said[-1] if said else None, agreed and not ended))
    return tuple(found)


def agreement_words(state: State, notice: Notice, at_us: int, *, reader: str, sees_all: bool) -> str:
    """What must be read with a flight to which not all have agreed, as far as the reader is shown; otherwise empty."""
    lacking = [one for one in agreements(state, notice, at_us) if not one.holds]
    if not lacking:
        return ""
    if sees_all or notice.author == reader:
        return f"{NOT_OBTAINED}: {'; '.join(one.words() for one in lacking)}. {SPARED_ALL_THE_SAME}"
    return f"{NOT_OBTAINED}, as far as this reader is shown. {SPARED_ALL_THE_SAME}"
