# SPDX-License-Identifier: Apache-2.0
"""Terms in sentences: what the rules mean for one kind, and what differs between two terms. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeVar

import msgspec

from standclear.core.terms import (
    DAY_US,
    Acknowledge,
    Consent,
    FormOfCooperation,
    KeepClear,
    Kind,
    LeadTime,
    NoticeClass,
    Rule,
    StayInside,
    Terms,
    keep_clear_rules,
    names_kind,
)
from standclear.units import MM_PER_M, US_PER_HOUR, US_PER_S, us_to_iso

T = TypeVar("T")

UNITS_US: Final = ((DAY_US, "day"), (US_PER_HOUR, "hour"), (60 * US_PER_S, "minute"), (US_PER_S, "second"))
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FORMS: Final = {
    FormOfCooperation.INFORM: "are shown to both and block neither",
    FormOfCooperation.DECONFLICT: "block",
    FormOfCooperation.CONSENT: "block until the other consents",
}


def explain_kind(terms: Terms, kind: Kind) -> tuple[str, ...]:
    """What the rules of these terms mean for one kind, in the order of the rules; forms of cooperation last."""
    return tuple(_explained(terms, kind))


def _explained(terms: Terms, kind: Kind) -> Iterator[str]:
    yield f"{kind.name} (`{kind.id}`) is a notice of class `{kind.notice.value}`."
    activity = kind.notice is NoticeClass.ACTIVITY
    if not activity:
        yield "It informs, and asks for nothing: no rule can refuse it, and late notice is only flagged."
    clear = {rule.id for other in (*terms.kinds, _stop()) for rule in keep_clear_rules(terms, kind, other)}
    for rule in terms.rules:
        if isinstance(rule, KeepClear):
            if rule.id in clear:
                yield _sentence(rule)
        elif names_kind(rule.kinds, kind.id, kind.notice):
            yield _sentence(rule)
    if activity:
        yield (
            "If anything of it may reach the ground, no altitude clears it, and the hazard reaches "
            f"{metres(terms.hazard_margin_mm)} beyond it unless its filer declares another footprint."
        )
        for form in terms.forms:
            one, other = form.between
            yield f"Conflicts between activities of {one} and {other} {FORMS[form.form]}."
        yield "Between all other pairs of parties they block. No form cures a conflict with what is spared."
    steps = listed([span(step_us) for step_us in terms.stop.steps_us])
    yield f"At a stop {listed(terms.stop.echelons)} of every party are rung, and again after {steps}."


def _stop() -> Kind:
    return Kind(id="stop", notice=NoticeClass.STOP, name="Stop")


def _sentence(rule: Rule) -> str:
    """One rule as a sentence that stands alone, its name first."""
    match rule:
        case KeepClear():
            minima = rule.minima
            return (
                f"[{rule.id}] {listed(rule.between)} and {listed(rule.and_)} are in conflict when they come within "
                f"{metres(minima.horizontal_mm)} on the ground, {metres(minima.vertical_mm)} in height and "
                f"{span(minima.time_us)} in time of each other, all three at once."
            )
        case StayInside():
            return (
                f"[{rule.id}] {listed(rule.kinds)} must lie wholly inside {listed(rule.areas)} in force, "
                "to which every party named there has assented."
            )
        case LeadTime():
            return (
                f"[{rule.id}] Notice of {listed(rule.kinds)} is given {ahead(rule, rule.lead_us)} before it starts; "
                "later notice is kept and flagged late."
            )
        case Consent():
            return (
                f"[{rule.id}] {listed(rule.kinds)} waits for the consent of {listed(rule.parties)}, "
                f"asked for until {ahead(rule, rule.deadline_us)} before it starts, and is blocked until all "
                "but its filer gave it."
            )
        case Acknowledge():
            again = listed([span(step_us) for step_us in rule.steps_us])
            ladder = f", and are called again {again} after that" if rule.steps_us else ""
            return (
                f"[{rule.id}] {listed(rule.parties)} acknowledge {listed(rule.kinds)} at {listed(rule.echelons)} "
                f"within {within(rule)} of being shown it{ladder}."
            )


def ahead(rule: LeadTime | Consent, amount_us: int) -> str:
    """How long before, in words that `before it starts` follows."""
    cutoff, whose = rule.cutoff, f" of the calendar {rule.calendar}"
    if cutoff is None:
        return f"{span(amount_us)}{f' of working time{whose}' if rule.calendar else ''}"
    at = f"by {cutoff.at_min // 60:02}:{cutoff.at_min % 60:02}{whose}"
    if cutoff.weekday is None:
        return f"{at}, {cutoff.days_before} working day{'' if cutoff.days_before == 1 else 's'}"
    days = f"{cutoff.days_before} day{'' if cutoff.days_before == 1 else 's'}"
    return f"{at} on the last {DAYS[cutoff.weekday]}, or the working day before it, at least {days}"


def within(rule: Acknowledge) -> str:
    """Within what time."""
    return f"{span(rule.deadline_us)}{f' of working time of the calendar {rule.calendar}' if rule.calendar else ''}"


def differences(old: Terms, new: Terms) -> tuple[str, ...]:
    """What differs, in sentences, old before new; nothing where both say the same."""
    return tuple(_differ(old, new))


def _differ(old: Terms, new: Terms) -> Iterator[str]:
    yield from _frame(old, new)
    yield from _apart("actor", {a.id: a for a in old.actors}, {a.id: a for a in new.actors}, _plain)
    yield from _apart("kind", {k.id: k for k in old.kinds}, {k.id: k for k in new.kinds}, _plain)
    yield from _apart("rule", {r.id: r for r in old.rules}, {r.id: r for r in new.rules}, _sentence)
    yield from _apart("calendar", {c.id: c for c in old.calendars}, {c.id: c for c in new.calendars}, _plain)
    yield from _apart(
        "exception", {e.id: e for e in old.exceptions}, {e.id: e for e in new.exceptions}, _plain
    )
    pairs = [{" and ".join(sorted(f.between)): f for f in terms.forms} for terms in (old, new)]
    yield from _apart("form of", pairs[0], pairs[1], lambda form: form.form.value)


def _frame(old: Terms, new: Terms) -> Iterator[str]:
    """Everything that is no list of sections."""
    moments: dict[str, Callable[[Terms], int | None]] = {
        "They hold from": lambda terms: terms.in_force_from_us,
        "They hold until": lambda terms: terms.in_force_until_us,
    }
    for words, of in moments.items():
        if of(old) != of(new):
            yield f"{words} {moment(of(new))}, before {moment(of(old))}."
    sections = {
        "in_force_from_us",
        "in_force_until_us",
        "actors",
        "kinds",
        "rules",
        "forms",
        "calendars",
        "exceptions",
    }
    for field in Terms.__struct_fields__:
        was, now = getattr(old, field), getattr(new, field)
        if field not in sections and was != now:
            yield f"`{field}` is {_plain(now)}, before {_plain(was)}."


def _apart(section: str, old: dict[str, T], new: dict[str, T], say: Callable[[T], str]) -> Iterator[str]:
    for name in sorted(old | new):
        if name not in new:
            yield f"The {section} {name} is gone: {say(old[name])}"
        elif name not in old:
            yield f"The {section} {name} is new: {say(new[name])}"
        elif old[name] != new[name]:
            yield f"The {section} {name} is changed. Before: {say(old[name])} Now: {say(new[name])}"


def _plain(value: object) -> str:
    return msgspec.json.encode(value).decode() if value is not None else "nothing"


def moment(us: int | None) -> str:
    """A time, in ISO 8601."""
    return "no date" if us is None else us_to_iso(us)


def listed(names: tuple[str, ...] | list[str]) -> str:
    """Names one after another."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "nothing"


def metres(mm: int) -> str:
    """A length in metres where it is whole in them."""
    return f"{mm // MM_PER_M:,} m" if mm % MM_PER_M == 0 else f"{mm:,} mm"


def span(us: int) -> str:
    """The largest unit in which a time is whole."""
    for size_us, unit in UNITS_US:
        if us and us % size_us == 0:
            return f"{us // size_us:,} {unit}{'' if us == size_us else 's'}"
    return f"{us:,} µs" if us else "no time"
