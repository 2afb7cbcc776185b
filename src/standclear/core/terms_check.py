# SPDX-License-Identifier: Apache-2.0
"""Whether terms of reference hang together: every name means something, and no pair is left without minima.

Coverage comes first (law 1): an activity of any kind is compared with every spared kind and every activity
kind only where a `keep_clear` rule names the pair, so terms that leave a pair out are refused. Looks at
values only; where they stood in a file is `terms_toml`'s to say. Bounds of single values are the types' own.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Final

from standclear.core.terms import (
    DAY_US,
    SPARED,
    STOP_KIND,
    Acknowledge,
    Consent,
    CoverSteps,
    KeepClear,
    Kind,
    LeadTime,
    NoticeClass,
    Role,
    Rule,
    StayInside,
    Terms,
)
from standclear.core.terms_calendar import calendar_problems
from standclear.core.terms_exceptions import exception_problems
from standclear.core.terms_following import following_problems
from standclear.core.terms_movements import movement_problems
from standclear.core.terms_notifying_check import problems as notifying_problems
from standclear.core.terms_problem import MAX_PROBLEMS, Place, Problem, did_you_mean
from standclear.geometry.volume import Theatre
from standclear.units import E7

RESERVED_RULES: Final = ("terms", "stop", "recall")
"""Findings of the terms themselves carry this as their rule (`rules.TERMS_RULE`)."""
CLASS_NAMES: Final = frozenset(notice.value for notice in NoticeClass)

Classes = dict[str, NoticeClass]
"""What each name in a rule stands for: the kinds of the terms, and the classes themselves."""
Roles = dict[str, Role]


def check_terms(terms: Terms) -> tuple[str, ...]:
    """What keeps these terms from being used, in sentences; nothing when they can be."""
    return tuple(problem.sentence for problem in find_problems(terms))


def find_problems(terms: Terms) -> tuple[Problem, ...]:
    """The first problems of these terms, each with its place."""
    return tuple(islice(_problems(terms), MAX_PROBLEMS))


def _problems(terms: Terms) -> Iterator[Problem]:
    yield from _frame(terms)
    yield from _actors(terms)
    yield from _kinds(terms)
    yield from _rule_ids(terms)
    classes = {kind.id: kind.notice for kind in terms.kinds} | {
        notice.value: notice for notice in NoticeClass
    }
    roles = {actor.id: actor.role for actor in terms.actors}
    for position, rule in enumerate(terms.rules):
        yield from _rule(classes, roles, rule, ("rule", position))
    yield from _forms(terms, roles)
    yield from _witnesses(terms, roles)
    yield from (Problem(*one) for one in notifying_problems(terms))
    yield from movement_problems(terms, roles)
    yield from calendar_problems(terms)
    yield from exception_problems(terms)
    yield from following_problems(terms)
    yield from _coverage(terms)


def _witnesses(terms: Terms, roles: Roles) -> Iterator[Problem]:
    """The quorum can be met, by actors that hold keys and are not the log's own keeper, each counted once."""
    asked = terms.witnesses
    if asked is None:
        return
    for position, name in enumerate(asked.of):
        place: Place = ("witnesses", "of", position)
        role = roles.get(name)
        if role is None:
            yield Problem(place, f"the terms name no actor `{name}`{did_you_mean(name, roles)}", "its id")
        elif role in (Role.DESK, Role.RECIPIENT):
            why = "keeps the log itself" if role is Role.DESK else "holds no keys"
            yield Problem(place, f"`{name}` cannot be a witness: it {why}", "another actor")
        if name in asked.of[:position]:
            yield Problem(place, f"the witness `{name}` is named twice", "each witness once")
    if asked.quorum > len(asked.of):
        yield Problem(
            ("witnesses", "quorum"),
            f"{asked.quorum} witnesses are asked for and {len(asked.of)} named",
            "at most as many as are named",
        )


def _frame(terms: Terms) -> Iterator[Problem]:
    begins, ends = terms.in_force_from_us, terms.in_force_until_us
    if begins is not None and ends is not None and begins >= ends:
        yield Problem(
            ("in_force_until",), "the terms end before they enter into force", "a later end, or no end at all"
        )
    yield from _theatre(terms.theatre)
    yield from _cover(terms.cover)
    if any(one >= other for one, other in pairwise(terms.stop.steps_us)):
        yield Problem(
            ("stop", "steps_s"), "the steps of the stop line do not grow", "each step later than the last"
        )


def _cover(steps: CoverSteps) -> Iterator[Problem]:
    """Cells that fill the earth without a rest, reaches that grow, days that begin on a step."""
    if 90 * E7 % steps.cell_e7:
        yield Problem(
            ("cover", "cell_deg"),
            "the cells of covers do not divide 90 degrees",
            "a size that does, as 0.05, 0.1, 0.25, 0.5 or 1",
        )
    if any(one >= other for one, other in pairwise(steps.reaches_mm)):
        yield Problem(("cover", "reaches_km"), "the reaches of covers do not grow", "the smallest first")
    if DAY_US % steps.time_us:
        yield Problem(
            ("cover", "time_step_min"),
            "the time step of covers does not divide a day",
            "a number of minutes that does, as 15, 30, 60 or 180",
        )


def _theatre(theatre: Theatre) -> Iterator[Problem]:
    """Spans whose ends are the wrong way round, named by their upper end."""
    ground, air = theatre.ground, theatre.air
    if ground is not None and ground.lower_mm > ground.upper_mm:
        yield Problem(
            ("theatre", "ground_highest_m"),
            "the highest ground of the theatre is below its lowest",
            "the lowest ground first, then the highest",
        )
    if air is not None and air.qnh_lower_pa > air.qnh_upper_pa:
        yield Problem(
            ("theatre", "qnh_highest_hpa"),
            "the highest pressure of the theatre is below its lowest",
            "the lowest pressure first, then the highest",
        )
    if air is not None and air.isa_lower_mk > air.isa_upper_mk:
        yield Problem(
            ("theatre", "temperature_highest_k"),
            "the warmest air of the theatre is colder than its coldest",
            "the coldest first, then the warmest, as kelvins above the standard atmosphere or below it",
        )


def _actors(terms: Terms) -> Iterator[Problem]:
    yield from _twice("actor", "id", [actor.id for actor in terms.actors])
    yield from _twice("actor", "number", [str(actor.number) for actor in terms.actors])
    if any(one.number > other.number for one, other in pairwise(terms.actors)):
        yield Problem(
            ("actor",), "the actors are not in the order of their numbers", "the lowest number first"
        )
    roles = [actor.role for actor in terms.actors]
    if roles.count(Role.ARBITER) > 1:
        yield Problem(("actor",), "the terms name more than one arbiter", "one arbiter or none")
    for role in (Role.DESK, Role.PARTY):
        if role not in roles:
            yield Problem(("actor",), f"the terms name no {role}", f"at least one actor with role `{role}`")


def _kinds(terms: Terms) -> Iterator[Problem]:
    yield from _twice("kind", "id", [kind.id for kind in terms.kinds])
    for position, kind in enumerate(terms.kinds):
        if kind.id in CLASS_NAMES:
            yield Problem(
                ("kind", position, "id"),
                f"kind `{kind.id}` has the name of a class, which means every kind of that class in a rule",
                "another name",
            )
        elif kind.notice is NoticeClass.STOP:
            yield Problem(
                ("kind", position, "notice"),
                f"kind `{kind.id}` is a stop; the kind `{STOP_KIND}` is always there and no terms define it",
                "another class, or leave this kind out",
            )


def _rule_ids(terms: Terms) -> Iterator[Problem]:
    yield from _twice("rule", "id", [rule.id for rule in terms.rules])
    if any(one.id > other.id for one, other in pairwise(terms.rules)):
        yield Problem(("rule",), "the rules are not in the order of their ids", "sorted by id")
    for position, rule in enumerate(terms.rules):
        if rule.id in RESERVED_RULES:
            yield Problem(
                ("rule", position, "id"),
                f"no rule can be called `{rule.id}`: what the terms themselves ask for carries that name",
                "another id",
            )


def _twice(section: str, key: str, values: list[str]) -> Iterator[Problem]:
    """Values that must differ and do not; the later ones are named."""
    seen: set[str] = set()
    for position, value in enumerate(values):
        if value in seen:
            yield Problem(
                (section, position, key), f"two {section}s have the {key} `{value}`", f"one {key} each"
            )
        seen.add(value)


def _rule(classes: Classes, roles: Roles, rule: Rule, place: Place) -> Iterator[Problem]:
    """What one rule names, and whether its shape can mean it."""
    match rule:
        case KeepClear():
            yield from _keep_clear(classes, rule, place)
        case StayInside():
            areas = NoticeClass.ACTIVITY_AREA
            yield from _only(classes, rule.id, rule.kinds, (*place, "kinds"), NoticeClass.ACTIVITY)
            yield from _only(classes, rule.id, rule.areas, (*place, "areas"), areas)
        case LeadTime():
            yield from _known(classes, rule.id, rule.kinds, (*place, "kinds"))
            if STOP_KIND in rule.kinds:
                yield Problem(
                    (*place, "kinds"),
                    f"rule `{rule.id}` asks for notice of a stop, which has none",
                    "other kinds",
                )
        case Consent():
            yield from _only(classes, rule.id, rule.kinds, (*place, "kinds"), NoticeClass.ACTIVITY)
            yield from _parties(roles, f"rule `{rule.id}`", rule.parties, (*place, "parties"))
        case Acknowledge():
            yield from _known(classes, rule.id, rule.kinds, (*place, "kinds"))
            yield from _parties(roles, f"rule `{rule.id}`", rule.parties, (*place, "parties"))
            if any(one >= other for one, other in pairwise(rule.steps_us)):
                yield Problem(
                    (*place, "steps_s"),
                    f"the steps of rule `{rule.id}` do not grow",
                    "each step later than the last",
                )


def _keep_clear(classes: Classes, rule: KeepClear, place: Place) -> Iterator[Problem]:
    """Minima that nothing would ever apply are refused: only what activities keep from is compared."""
    sides = {"between": rule.between, "and": rule.and_}
    for key, group in sides.items():
        yield from _known(classes, rule.id, group, (*place, key))
        for name in group:
            if classes.get(name) is NoticeClass.ACTIVITY_AREA:
                yield Problem(
                    (*place, key),
                    f"rule `{rule.id}` keeps clear of `{name}`, an activity area, which is never an obstacle",
                    "a truce area or an airspace measure, or a `stay_inside` rule",
                )
    if not any(
        all(classes.get(n) in (NoticeClass.ACTIVITY, None) for n in group) for group in sides.values()
    ):
        yield Problem(
            (*place, "between"),
            f"neither side of rule `{rule.id}` is of activities alone, and nothing else is compared",
            "kinds of class `activity`, or `activity` itself, on one side",
        )


def _known(classes: Classes, rule: str, group: tuple[str, ...], place: Place) -> Iterator[Problem]:
    for name in group:
        if name not in classes:
            yield Problem(
                place,
                f"rule `{rule}` names the kind `{name}`, which the terms do not define",
                f"a kind of these terms or a class{did_you_mean(name, classes)}",
            )


def _only(
    classes: Classes,
    rule: str,
    group: tuple[str, ...],
    place: Place,
    notice: NoticeClass,
) -> Iterator[Problem]:
    """Names that must all be of one class."""
    yield from _known(classes, rule, group, place)
    for name in group:
        if classes.get(name) not in (notice, None):
            yield Problem(
                place,
                f"rule `{rule}` names `{name}` in {place[-1]}, which is not of class `{notice}`",
                f"kinds of class `{notice}`, or `{notice}` itself",
            )


def _parties(roles: Roles, who: str, named: tuple[str, ...], place: Place) -> Iterator[Problem]:
    """Only parties consent, acknowledge and cooperate."""
    for name in named:
        if name not in roles:
            parties = [actor for actor, role in roles.items() if role is Role.PARTY]
            yield Problem(
                place,
                f"{who} names the actor `{name}`, whom the terms do not name",
                f"parties of these terms{did_you_mean(name, parties)}",
            )
        elif roles[name] is not Role.PARTY:
            yield Problem(
                place, f"{who} names `{name}`, who is not a party but {roles[name]}", "parties only"
            )


def _forms(terms: Terms, roles: Roles) -> Iterator[Problem]:
    for position, form in enumerate(terms.forms):
        place = ("form", position, "between")
        yield from _parties(roles, f"form {position + 1}", form.between, place)
        if form.between[0] == form.between[1]:
            yield Problem(
                place,
                f"form {position + 1} is between `{form.between[0]}` and itself",
                "two different parties",
            )


def _coverage(terms: Terms) -> Iterator[Problem]:
    """Every pair that must be compared has minima (law 1). Kinds are bits, so that this stays quick."""
    kinds = (*terms.kinds, Kind(id=STOP_KIND, notice=NoticeClass.STOP, name=""))
    named = dict.fromkeys(CLASS_NAMES, 0)
    for bit, kind in enumerate(kinds):
        for name in (kind.id, kind.notice.value):
            named[name] = named.get(name, 0) | 1 << bit
    sides = [
        (_union(named, rule.between), _union(named, rule.and_))
        for rule in terms.rules
        if isinstance(rule, KeepClear)
    ]
    for bit, kind in enumerate(kinds):
        if kind.notice is not NoticeClass.ACTIVITY:
            continue
        covered = 0
        for one, other in sides:
            covered |= (other if one >> bit & 1 else 0) | (one if other >> bit & 1 else 0)
        for against, other_kind in enumerate(kinds):
            activity = other_kind.notice is NoticeClass.ACTIVITY
            if covered >> against & 1 or not (activity or other_kind.notice in SPARED):
                continue
            if not activity or against >= bit:  # two activity kinds are one pair, said once
                yield Problem(
                    ("kind", bit),
                    f"no rule says how far `{kind.id}` keeps from `{other_kind.id}`",
                    "a keep_clear rule that names both, or their classes",
                )


def _union(named: dict[str, int], group: tuple[str, ...]) -> int:
    bits = 0
    for name in group:
        bits |= named.get(name, 0)
    return bits
