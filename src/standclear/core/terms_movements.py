# SPDX-License-Identifier: Apache-2.0
"""The `[movements]` section of the terms: what is expected to be said of convoys and flights, and checks of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from standclear.core.terms import DAY_US, MovementTerms, NoticeClass, Role, Terms
from standclear.core.terms_problem import Problem, did_you_mean
from standclear.core.terms_table import SHORT_NAME, Table, as_ident
from standclear.units import US_PER_HOUR

MOST_US: Final = 30 * DAY_US


def read_movements(top: Table) -> MovementTerms | None:
    """Read the section; without it nothing is expected."""
    table = top.table("movements")
    if table is None:
        return None
    found = MovementTerms(
        convoys=table.items("convoys", 0, 200, as_ident, SHORT_NAME),
        flights=table.items("flights", 0, 200, as_ident, SHORT_NAME),
        agreement_of=table.items("agreement_of", 0, 100, as_ident, "ids of parties in quotes"),
        test_call_us=table.amount("test_call_h", US_PER_HOUR, MOST_US) if table.has("test_call_h") else None,
    )
    table.close()
    return found


def movement_problems(terms: Terms, roles: Mapping[str, Role]) -> Iterator[Problem]:
    """Kinds of movements, each driving or flying; parties alone agree, and to flights."""
    asked = terms.movements
    if asked is None:
        return
    classes = {kind.id: kind.notice for kind in terms.kinds}
    for key in ("convoys", "flights"):
        for position, name in enumerate(getattr(asked, key)):
            if classes.get(name) is not NoticeClass.MOVEMENT:
                moving = [kind for kind, notice in classes.items() if notice is NoticeClass.MOVEMENT]
                hint = did_you_mean(name, moving)
                yield Problem(
                    ("movements", key, position),
                    f"`{name}` in {key} is no kind of class `movement` in these terms",
                    f"a kind of that class{hint}",
                )
            if key == "flights" and name in asked.convoys:
                yield Problem(
                    ("movements", key, position), f"`{name}` drives and flies", "convoys or flights, not both"
                )
    for position, name in enumerate(asked.agreement_of):
        if roles.get(name) is not Role.PARTY:
            parties = [actor for actor, role in roles.items() if role is Role.PARTY]
            yield Problem(
                ("movements", "agreement_of", position),
                f"`{name}` in agreement_of is no party of these terms",
                f"parties only{did_you_mean(name, parties)}",
            )
    known = all(roles.get(name) is Role.PARTY for name in asked.agreement_of)
    if asked.agreement_of and known and not asked.flights:
        yield Problem(
            ("movements", "agreement_of"),
            "agreement is asked for and no flights are named",
            "flights as well",
        )
