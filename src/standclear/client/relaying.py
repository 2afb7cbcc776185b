# SPDX-License-Identifier: Apache-2.0
"""What the desk takes down from a telephone, signed by the desk and never shown as its speaker's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standclear.client.proof import commitment_of
from standclear.core.commands import RelayAgreement
from standclear.core.model import AgreementKind, Alternative, Relayed
from standclear.errors import NotFound

if TYPE_CHECKING:
    from standclear.client.answers import Answer
    from standclear.client.client import Client


def relay_agreement(
    client: Client,
    flight: str,
    party: str,
    agreement: AgreementKind | str,
    relayed: Relayed,
    *,
    reason: str = "",
    alternatives: tuple[Alternative, ...] = (),
    until_us: int | None = None,
) -> Answer:
    """Take down a party's word on a flight, as the flight is shown to that party now.

    Raises:
        NotFound: the flight is not shown to that party.
    """
    told = next((told for told in client.notice(flight).told if party in told.to), None)
    if told is None:
        raise NotFound(
            f"{flight} is not shown to {party}", where="FLIGHT", expected="a flight that it is shown"
        )
    command = RelayAgreement(
        **client.who(),
        party=party,
        notice=flight,
        entry=told.entry,
        shown=commitment_of(client.entry(told.entry).item),
        agreement=AgreementKind(agreement),
        reason=reason,
        alternatives=alternatives,
        until_us=until_us,
        relayed=relayed,
    )
    return client.act(command)
