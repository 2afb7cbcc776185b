# SPDX-License-Identifier: Apache-2.0
"""Terms proposed and assented to, in a small world."""

from __future__ import annotations

from typing import Any

import msgspec

from standclear.core.commands import AssentToTerms, ProposeTerms
from standclear.core.enrolment import terms_hash
from standclear.core.events import Event
from standclear.core.state import Proposal
from standclear.core.terms import KeepClear, Rule, Terms
from tests.world import T0, World


def next_terms(small: World, **changes: Any) -> Terms:
    """The terms that stand, a version later, with whatever a test changes."""
    values = {"version": small.terms.version + 1, **changes}
    return msgspec.structs.replace(small.terms, **values)


def propose(small: World, actor: str, terms: Terms) -> tuple[Event, ...]:
    """Propose these terms, whole."""
    return small.act(actor, ProposeTerms(**small.who(), terms=terms))


def assent_to(small: World, actor: str, terms: Terms) -> tuple[Event, ...]:
    """Assent to the hash of these."""
    return small.act(actor, AssentToTerms(**small.who(), terms=terms_hash(terms)))


def agree_on(small: World, terms: Terms) -> tuple[Event, ...]:
    """One party proposes, all others assent, and what comes of it is seen to."""
    first, *others = [party.id for party in small.terms.parties()]
    events = propose(small, first, terms)
    for party in others:
        events = assent_to(small, party, terms)
    small.settle()
    return events


def wider(rules: tuple[Rule, ...], metres: int) -> tuple[Rule, ...]:
    """The rules, keeping so much farther from everything."""
    return tuple(_wider(rule, metres * 1_000) if isinstance(rule, KeepClear) else rule for rule in rules)


def _wider(rule: KeepClear, by_mm: int) -> KeepClear:
    horizontal_mm = max(0, rule.minima.horizontal_mm + by_mm)
    minima = msgspec.structs.replace(rule.minima, horizontal_mm=horizontal_mm)
    return msgspec.structs.replace(rule, minima=minima)


def another(small: World, which: int, now: int, later: int) -> Terms:
    """One of a few changes that two parties might agree on; some hold from a later time only. Times in µs after T0."""
    rules = wider(small.terms.rules, (-100, 300, 3_000)[which % 3])
    changes: dict[str, Any] = {"rules": rules, "hazard_margin_mm": (1 + which % 2) * 1_000_000}
    if which % 4 == 1:
        changes["in_force_from_us"] = T0 + now + later
    if which % 5 == 2:
        changes["in_force_until_us"] = T0 + now + 8 * later
    return next_terms(small, **changes)


def assent_to_newest(small: World, actor: str, proposals: tuple[Proposal, ...]) -> tuple[Event, ...]:
    """Assent to what was proposed last; where nothing is, to the terms that stand."""
    return assent_to(small, actor, proposals[-1].terms if proposals else small.terms)
