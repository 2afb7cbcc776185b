# SPDX-License-Identifier: Apache-2.0
"""What one recipient knows: the fold of the views it was sent (law 8).

The centre keeps one for each recipient and answers its reads from it and from nothing else, so that a
mirror, which has only the inbox, answers alike.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from msgspec.structs import replace
from rpds import HashTrieMap

from standclear.core.evolve import after_entry
from standclear.core.release import View
from standclear.core.state import NOTHING, State
from standclear.geometry.index import NOT_KEPT

Knowledge: TypeAlias = "HashTrieMap[int, State]"
"""By recipient number."""


def known_by(knowledge: Knowledge, number: int) -> State:
    """What a recipient knows; nothing before its first view."""
    return knowledge.get(number, NOTHING)


UNASKED_FIRST: Final = replace(NOTHING, index=NOT_KEPT)
"""What a recipient knows at first where nobody judges by its knowledge, as in a centre."""


def learn(knowledge: Knowledge, seq: int, views: dict[int, View], first: State = NOTHING) -> Knowledge:
    """Every recipient's knowledge after the entry numbered `seq` showed it this; `first`: before it was shown any."""
    for number in sorted(views):
        known = replace(knowledge.get(number, first), size=seq)
        knowledge = knowledge.insert(number, after_entry(known, views[number].events))
    return knowledge
