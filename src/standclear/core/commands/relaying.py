# SPDX-License-Identifier: Apache-2.0
"""What the desk takes down from a telephone for an actor: its answer on the hotline, its word on a flight."""

from __future__ import annotations

from typing import Annotated

import msgspec

from standclear.core.commands.base import Command, EntryCount
from standclear.core.commands.movements import Reason
from standclear.core.commands.talk import Filled, Language
from standclear.core.model import AgreementKind, Alternative, Hex32, NoticeId, Relayed
from standclear.core.terms import Ident, MomentUs


class RelayAnswer(Command, frozen=True, tag="relay_answer"):
    """`party` answers by telephone a message that it was sent: in a `phrase`, or in `text` in its `language`."""

    party: Ident
    answers: EntryCount
    phrase: Annotated[str, msgspec.Meta(max_length=40)]
    filled: Filled
    text: Annotated[str, msgspec.Meta(max_length=1_000)]
    language: Language
    relayed: Relayed


class RelayAgreement(Command, frozen=True, tag="relay_agreement"):
    """`party` says by telephone whether it agrees to a flight, as the flight was shown to it in entry number `entry`.

    `shown`: the commitment of what the desk was shown there. `until_us`: when the word ends, if before it.
    """

    party: Ident
    notice: NoticeId
    entry: Annotated[int, msgspec.Meta(ge=0, le=10**15)]
    shown: Hex32
    agreement: AgreementKind
    reason: Reason
    alternatives: Annotated[tuple[Alternative, ...], msgspec.Meta(max_length=5)]
    until_us: MomentUs | None
    relayed: Relayed
