# SPDX-License-Identifier: Apache-2.0
"""What the desk takes down from a telephone, in any world that has a time, an author's claim and an act."""

from __future__ import annotations

from typing import Any, Protocol

from standclear.core.answering import shown_in
from standclear.core.commands import Filled, RelayAgreement, RelayAnswer
from standclear.core.events import Event
from standclear.core.model import AgreementKind, Relayed
from standclear.core.state import State
from tests.notifying import Acting
from tests.world import T0

DESK = "watch-desk"
HEARD = Relayed(post="Duty officer", number="+000 123", at_us=T0, read_back="seven, Tuesday from six")


def relay_answer(
    small: Acting, party: str, answers: int, text: str = "Wir warten.", by: str = DESK, **more: Any
) -> tuple[Event, ...]:
    """An actor answers a message by telephone."""
    values: dict[str, Any] = {
        "phrase": "",
        "filled": Filled(),
        "text": text,
        "language": "de",
        "relayed": HEARD,
    }
    command = RelayAnswer(**small.who(), party=party, answers=answers, **(values | more))
    return small.act(by, command)


class Shown(Acting, Protocol):
    """A world whose state can be asked what a party was shown."""

    @property
    def state(self) -> State:
        """As it stands."""
        ...


def relay_agreement(
    small: Shown, party: str, notice: str, agreement: str = "agreed", by: str = DESK, **more: Any
) -> tuple[Event, ...]:
    """A party says by telephone whether it agrees to a flight, as it was shown to it last."""
    known = small.state.notices.get(notice)
    told = shown_in(small.state, known, party) if known else None
    values: dict[str, Any] = {
        "entry": told.seq if told else 0,
        "shown": "0" * 64,
        "reason": "because",
        "alternatives": (),
        "until_us": None,
        "relayed": HEARD,
    }
    command = RelayAgreement(
        **small.who(), party=party, notice=notice, agreement=AgreementKind(agreement), **(values | more)
    )
    return small.act(by, command)
