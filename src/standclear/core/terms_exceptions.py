# SPDX-License-Identifier: Apache-2.0
"""Exceptions in the file of terms, and whether they hang together (docs/terms.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from standclear.core.terms import DAY_US, Consent, Exempt, LeadTime, NoticeClass, StayInside, Terms
from standclear.core.terms_problem import Problem, did_you_mean
from standclear.core.terms_table import Table

MAX_US: Final = 3_660 * DAY_US
CLAIMING: Final = (NoticeClass.ACTIVITY, NoticeClass.MOVEMENT)


def read_exceptions(top: Table) -> tuple[Exempt, ...]:
    """The sections `[[exception]]`, sorted by id."""
    found = [
        Exempt(
            id=table.ident("id"),
            name=table.label("name"),
            kinds=table.idents("kinds"),
            rules=table.idents("rules"),
            lead_us=table.either(("lead_h", "lead_min"), MAX_US),
            report_us=table.amount("report_h", 0, MAX_US),
        )
        for table in top.tables("exception", 0, 100)
    ]
    return tuple(sorted(found, key=lambda one: one.id))


def exception_problems(terms: Terms) -> Iterator[Problem]:
    """Names that mean something; and no rule is lifted but of notice, areas and consent."""
    kinds = {kind.id: kind.notice for kind in terms.kinds} | {one.value: one for one in NoticeClass}
    rules = {rule.id: rule for rule in terms.rules}
    ids = [one.id for one in terms.exceptions]
    for position, one in enumerate(terms.exceptions):
        if one.id in ids[:position]:
            yield Problem(
                ("exception", position, "id"), f"two exceptions have the id `{one.id}`", "one id each"
            )
        for name in one.kinds:
            if kinds.get(name) not in CLAIMING:
                wrong = f"the exception `{one.id}` is for `{name}`, which is neither activity nor movement"
                yield Problem(("exception", position, "kinds"), wrong, "kinds of activity or movement")
        for name in one.rules:
            rule = rules.get(name)
            if rule is None:
                wrong = f"the exception `{one.id}` lifts the rule `{name}`, which the terms do not have"
                yield Problem(("exception", position, "rules"), wrong, f"a rule{did_you_mean(name, rules)}")
            elif not isinstance(rule, LeadTime | StayInside | Consent):
                wrong = (
                    f"no exception lifts `{name}`: how far is kept, and who acknowledges, holds for everyone"
                )
                expected = "rules of the shapes lead_time, stay_inside and consent"
                yield Problem(("exception", position, "rules"), wrong, expected)
