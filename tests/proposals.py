# SPDX-License-Identifier: Apache-2.0
"""Terms proposed and assented to, in a small world."""

from __future__ import annotations

from typing import Any

import msgspec

from standclear.core.calendar import Calendar, Cutoff, OffsetChange
from standclear.core.commands import AssentToTerms, ProposeTerms
from standclear.core.enrolment import terms_hash
from standclear.core.events import Event
from standclear.core.state import Proposal
from standclear.core.terms import (
    Acknowledge,
    Form,
    FormOfCooperation,
    KeepClear,
    LeadTime,
    Rule,
    Terms,
    Upkeep,
)
from standclear.geometry.volume import Terrain, Theatre
from tests.world import DAY, HOUR, MINUTE, T0, World


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
    return next_terms(small, **(changes | _more(small.terms, which)))


OFFICE = Calendar(
    id="office",
    offset_min=180,
    changes=(OffsetChange(from_us=T0 + 2 * DAY, offset_min=240),),
    working_days=(0, 1, 2, 3, 6),
    opens_min=480,
    closes_min=960,
    closed_days=(),
)
NOON = LeadTime("by-noon", ("site", "movement"), 0, "office", Cutoff(at_min=720, days_before=1, weekday=None))
HOURS = Acknowledge("in-hours", ("site",), ("north-command",), ("watch",), 2 * HOUR, (DAY,), "office")


def _more(terms: Terms, which: int) -> dict[str, Any]:
    """What else might change: forms, the ground, covers, who is rung when, how often sites are attested."""
    parties = [party.id for party in terms.parties()]
    forms = tuple(Form(between=(parties[0], parties[1]), form=form) for form in FormOfCooperation)
    cover = msgspec.structs.replace(terms.cover, height_mm=1_000_000, time_us=3 * HOUR)
    match which % 7:
        case 1:
            return {"forms": (forms[which % 3],)}
        case 2:
            return {"theatre": Theatre(ground=Terrain(lower_mm=0, upper_mm=500_000), air=None)}
        case 3:
            return {"cover": cover}
        case 4:
            return {"stop": msgspec.structs.replace(terms.stop, steps_us=(MINUTE, 3 * HOUR))}
        case 5:
            return {"upkeep": Upkeep(attest_every_us=DAY, remind_us=HOUR), "skew_us": DAY}
        case 6:
            return {"exceptions": (), "withdrawal_grace_us": DAY}
        case _:
            plain = tuple(rule for rule in terms.rules if rule.id not in (NOON.id, HOURS.id))
            return {"calendars": (OFFICE,), "rules": tuple(sorted((*plain, NOON, HOURS), key=lambda r: r.id))}


def assent_to_newest(small: World, actor: str, proposals: tuple[Proposal, ...]) -> tuple[Event, ...]:
    """Assent to what was proposed last; where nothing is, to the terms that stand."""
    return assent_to(small, actor, proposals[-1].terms if proposals else small.terms)
