# SPDX-License-Identifier: Apache-2.0
"""The whole terms as a text to be read by a lawyer: articles of numbered sentences, made from the table alone.

Every value of the terms stands in some sentence, so that two terms that differ never read alike. The text is a help to
read; what parties assent to is the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from standclear.core.incidents import BY_DEFAULT
from standclear.core.terms import (
    Acknowledge,
    Consent,
    FormOfCooperation,
    KeepClear,
    Kind,
    LeadTime,
    NoticeClass,
    Role,
    Rule,
    StayInside,
    Terms,
)
from standclear.core.terms_calendar import EPOCH
from standclear.reports.terms_words import DAYS, ahead, listed, metres, moment, span, within
from standclear.units import E7

ROLES: Final = {
    Role.DESK: ("keeps the watch of the centre", "keep the watch of the centre"),
    Role.PARTY: ("is a party", "are the parties"),
    Role.NOTIFIER: ("notifies", "notify"),
    Role.OBSERVER: ("reads and witnesses", "read and witness"),
    Role.ARBITER: ("sees everything in a dispute", "see everything in a dispute"),
    Role.RECIPIENT: ("is told through an intermediary", "are told through an intermediary"),
}
CLASSES: Final = {
    NoticeClass.SITE: "sites",
    NoticeClass.MOVEMENT: "movements",
    NoticeClass.TRUCE_AREA: "truce areas",
    NoticeClass.ACTIVITY_AREA: "activity areas",
    NoticeClass.AIRSPACE_MEASURE: "airspace measures",
    NoticeClass.ACTIVITY: "activities",
    NoticeClass.STOP: "stops",
}
FORMS: Final = {
    FormOfCooperation.INFORM: "is shown to both and blocks neither",
    FormOfCooperation.DECONFLICT: "blocks",
    FormOfCooperation.CONSENT: "blocks until the other party consents",
}


class Article(NamedTuple):
    """A heading and the sentences under it."""

    title: str
    sentences: tuple[str, ...]


def terms_text(terms: Terms, heading: str = "") -> str:
    """The articles, numbered; `heading` stands before each title, as `## ` in Markdown."""
    lines = [f"{heading}{terms.title}", ""]
    for number, article in enumerate(articles(terms), 1):
        lines += [f"{heading and '#'}{heading}Article {number}. {article.title}", ""]
        lines += [f"{number}.{place} {sentence}\n" for place, sentence in enumerate(article.sentences, 1)]
    return "\n".join(lines).rstrip() + "\n"


def articles(terms: Terms) -> tuple[Article, ...]:
    """All articles that have a sentence, in an order that does not depend on the file's."""
    shapes: dict[str, type] = {
        "Distances": KeepClear,
        "Agreed areas": StayInside,
        "Notice": LeadTime,
        "Consent": Consent,
        "Acknowledgement": Acknowledge,
    }
    found = [
        Article("These terms", tuple(_frame(terms))),
        Article("Who takes part", tuple(_actors(terms))),
        Article("What can be notified", tuple(_kinds(terms))),
        Article("What is spared", tuple(_spared(terms))),
    ]
    for title, shape in shapes.items():
        rules = [rule for rule in terms.rules if isinstance(rule, shape)]
        found.append(Article(title, tuple(sentence for rule in rules for sentence in _rule(terms, rule))))
    found += [
        Article("Exceptions", tuple(_exceptions(terms))),
        Article("Calendars", tuple(_calendars(terms))),
        Article("Forms of cooperation", tuple(_forms(terms))),
        Article("Stops and recalls", tuple(_stops(terms))),
        Article("Who is shown only a cover", tuple(_cover(terms))),
        Article("Upkeep and removal", tuple(_upkeep(terms))),
        Article("Movements and flights", tuple(_movements(terms))),
        Article("Claims of airspace", tuple(_claims(terms))),
        Article("Following up", tuple(_following(terms))),
        Article("The theatre", tuple(_theatre(terms))),
        Article("The record", tuple(_record(terms))),
    ]
    return tuple(article for article in found if article.sentences)


def _frame(terms: Terms) -> Iterator[str]:
    yield f"This is version {terms.version} of these terms."
    begin = "the last party's assent" if terms.in_force_from_us is None else moment(terms.in_force_from_us)
    end = "without end" if terms.in_force_until_us is None else f"until {moment(terms.in_force_until_us)}"
    yield f"They hold from {begin} on, {end}."
    yield (
        "When they end, and while a party has suspended its part, what is spared stays spared, stops are called and"
        " answered, and the record goes on."
    )
    yield (
        "No rule here makes anybody's protection under the law smaller, and none lets a humanitarian notice be refused."
    )
    if terms.warn_us is not None:
        yield f"Everyone is warned {listed([span(early_us) for early_us in terms.warn_us])} before they end."
    if terms.outside:
        yield f"Known to be outside these terms: {'; '.join(terms.outside)}. Every answer says so."


def _exceptions(terms: Terms) -> Iterator[str]:
    for one in terms.exceptions:
        yield (
            f"“{one.name}” ({one.id}) may be claimed for {_group(terms, one.kinds)}. It lifts {listed(one.rules)};"
            f" {span(one.lead_us)} of notice is still asked for, and its author reports within {span(one.report_us)} of"
            " its end."
        )
    if terms.exceptions:
        yield "No exception lifts a distance from what is spared, or from anything else, or who acknowledges."


def _calendars(terms: Terms) -> Iterator[str]:
    for one in terms.calendars:
        days = listed([DAYS[day] for day in one.working_days])
        hours = f"from {_clock(one.opens_min)} to {_clock(one.closes_min)}"
        yield f"By the calendar {one.id} work is done on {days} {hours}, {_offset(one.offset_min)} of UTC."
        for change in one.changes:
            yield f"From {moment(change.from_us)} on its time is {_offset(change.offset_min)} of UTC."
        if one.closed_days:
            closed = [(EPOCH + timedelta(days=day)).isoformat() for day in one.closed_days]
            yield f"It is closed on {listed(closed)}."


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _offset(minutes: int) -> str:
    return f"{_clock(abs(minutes))} {'ahead' if minutes >= 0 else 'behind'}"


def _actors(terms: Terms) -> Iterator[str]:
    for role, (one, many) in ROLES.items():
        acting = [actor for actor in terms.actors if actor.role is role]
        names = [f"{actor.name} ({actor.id}, number {actor.number})" for actor in acting]
        if names:
            yield f"{listed(names)} {one if len(names) == 1 else many}."
    yield "An actor's number is its place in the record for ever, and is never given to another."


def _kinds(terms: Terms) -> Iterator[str]:
    for notice, plural in CLASSES.items():
        names = [f"{kind.name} ({kind.id})" for kind in terms.kinds if kind.notice is notice]
        if names:
            yield f"As {plural}: {'; '.join(names)}."
    yield "As a stop, by any post and at any time: a place and a radius around it."


def _spared(terms: Terms) -> Iterator[str]:
    yield (
        "Activities keep clear of sites, movements, truce areas, airspace measures and stops, from notification on,"
        " whether or not anybody has acknowledged it."
    )
    yield f"What its author withdrew is compared for another {span(terms.withdrawal_grace_us)}."
    yield (
        "If anything of an activity may reach the ground, no altitude clears it, and its hazard reaches"
        f" {metres(terms.hazard_margin_mm)} beyond it unless its filer declares another footprint."
    )
    yield (
        f"A notice that reaches further than {metres(terms.oversize_mm)} from its middle is flagged, kept and compared."
    )


def _rule(terms: Terms, rule: Rule) -> Iterator[str]:
    """One rule in sentences that name its kinds and parties."""
    named = f" [{rule.id}]"
    match rule:
        case KeepClear():
            minima = rule.minima
            yield (
                f"Between {_group(terms, rule.between)} on one side, and {_group(terms, rule.and_)} on the other, two"
                f" are in conflict when they come within {metres(minima.horizontal_mm)} of each other on the ground,"
                f" {metres(minima.vertical_mm)} in height and {span(minima.time_us)} in time, all three at once.{named}"
            )
        case StayInside():
            yield (
                f"{_upper(_group(terms, rule.kinds))} lie wholly inside {_group(terms, rule.areas)} that are in force"
                f" and to which every party named there has assented.{named}"
            )
        case LeadTime():
            yield (
                f"Notice of {_group(terms, rule.kinds)} is given {ahead(rule, rule.lead_us)} before they begin."
                f" Later notice is kept, compared and flagged.{named}"
            )
        case Consent():
            yield (
                f"{_upper(_group(terms, rule.kinds))} are blocked until {_parties(terms, rule.parties)} have consented,"
                f" except the one that files. They answer {ahead(rule, rule.deadline_us)} before the activity"
                f" begins.{named}"
            )
        case Acknowledge():
            again = listed([span(step_us) for step_us in rule.steps_us])
            ladder = f" Who has not is called again {again} after that." if rule.steps_us else ""
            yield (
                f"{_parties(terms, rule.parties)} acknowledge {_group(terms, rule.kinds)} that they are shown, at"
                f" {listed(rule.echelons)}, within {within(rule)}.{ladder}{named}"
            )


def _group(terms: Terms, group: Iterable[str]) -> str:
    """Kinds by their names, classes as all of them."""
    known = {kind.id: kind for kind in terms.kinds}
    return listed([_kind(known, name) for name in group])


def _kind(known: dict[str, Kind], name: str) -> str:
    found = known.get(name)
    if found is not None:
        return f"“{found.name}”"
    return f"all {CLASSES[NoticeClass(name)]}" if name in set(NoticeClass) else name


def _upper(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _parties(terms: Terms, ids: Iterable[str]) -> str:
    return listed([found.name if (found := terms.actor(one)) else one for one in ids])


def _forms(terms: Terms) -> Iterator[str]:
    for form in terms.forms:
        names = _parties(terms, form.between)
        yield f"A conflict between activities of {names} {FORMS[form.form]}."
    yield "Between all other pairs of parties it blocks. Where a pair is named twice, the stricter form holds."
    yield "No form changes anything about a conflict with what is spared, or about what is not assessed."


def _stops(terms: Terms) -> Iterator[str]:
    steps = listed([span(step_us) for step_us in terms.stop.steps_us])
    yield (
        f"At a stop {listed(terms.stop.echelons)} of every party are called at once, and those that have not answered"
        f" again after {steps}."
    )
    yield (
        f"Each repeats the place back; what is repeated may be {metres(terms.stop.read_back_mm)} off. A recall is"
        " called in the same way, at those who filed what is recalled."
    )


def _cover(terms: Terms) -> Iterator[str]:
    steps = terms.cover
    reaches = listed([metres(reach_mm) for reach_mm in steps.reaches_mm])
    yield (
        f"Who may not see where a notice lies is judged against its cover: a cell of {_degrees(steps.cell_e7)} degrees,"
        f" grown by the smallest of {reaches} that holds the notice."
    )
    yield f"Heights are widened to steps of {metres(steps.height_mm)}, times to steps of {span(steps.time_us)}."


def _upkeep(terms: Terms) -> Iterator[str]:
    if terms.upkeep is not None:
        yield (
            f"Whoever notified a site says every {span(terms.upkeep.attest_every_us)} that it is still there, and is"
            f" reminded {span(terms.upkeep.remind_us)} before. What is overdue stays spared."
        )
    two = terms.two_person
    if two is not None:
        whose = f" of {_parties(terms, two.actors)}" if two.actors else ""
        yield f"{_upper(_group(terms, two.kinds))}{whose} are filed and removed by two posts of one organisation."
        for one in two.outside_theatre:
            yield f"“{one.post}” of {_parties(terms, [one.actor])} is outside the theatre, and signs removals."
    if terms.withdrawals is not None:
        yield (
            f"Once one organisation has withdrawn {terms.withdrawals.most} notices within"
            f" {span(terms.withdrawals.within_us)}, a second post confirms the next withdrawal. What waits is spared."
        )

    if terms.watch is not None:
        yield (
            f"Whoever is rostered takes the watch within {span(terms.watch.take_within_us)}; if nobody does, its party"
            " and the centre are told. Anyone may act, rostered or not."
        )


def _movements(terms: Terms) -> Iterator[str]:
    asked = terms.movements
    if asked is None:
        return
    if asked.convoys:
        yield (
            f"By road go {_group(terms, asked.convoys)}: whether they are escorted by arms and marked by night is said,"
            " or flagged as unsaid."
        )
    if asked.flights:
        whom = _parties(terms, asked.agreement_of) if asked.agreement_of else "nobody"
        yield (
            f"By air go {_group(terms, asked.flights)}: they carry an air card, and ask for the agreement of {whom}."
            " They are spared with or without it."
        )
    if asked.agreement_of and not asked.flights:
        yield f"{_parties(terms, asked.agreement_of)} would be asked to agree to flights, of which no kind is named."
    if asked.test_call_us is not None:
        yield (
            f"A movement that departs is flagged where no line of its contact plan was tried within"
            f" {span(asked.test_call_us)}."
        )


def _claims(terms: Terms) -> Iterator[str]:
    if terms.claims is not None:
        yield f"One claim of airspace takes at most {terms.claims.most_km2_h:,} square kilometres times hours."
        if terms.claims.displaced_by:
            yield f"Claims yield to {_group(terms, terms.claims.displaced_by)}."


def _following(terms: Terms) -> Iterator[str]:
    asked = terms.incidents or BY_DEFAULT
    yield f"A party to which a report of harm is put says what it finds within {span(asked.answer_us)}."
    if asked.steps_us:
        yield f"If it has not, it is called again {listed([span(one) for one in asked.steps_us])} after that."
    challenged = terms.challenges
    if challenged is None:
        yield "An answer to a challenge has no deadline."
    else:
        within, steps = span(challenged.answer_us), [span(one) for one in challenged.steps_us]
        again = f"; it is called for again {listed(steps)} after that" if steps else ""
        yield f"The author of a notice answers a challenge to it within {within}."
        yield f"That an answer is missing is told to whoever challenged, the author and the desk{again}."
    if terms.daily is None:
        yield "The day of the daily report ends at midnight, UTC."
    else:
        hour, minute = divmod(terms.daily.cut_off_min, 60)
        by = f"local time of the calendar {terms.daily.calendar}" if terms.daily.calendar else "UTC"
        yield f"The day of the daily report ends at {hour:02d}:{minute:02d}, {by}."


def _theatre(terms: Terms) -> Iterator[str]:
    ground, air = terms.theatre.ground, terms.theatre.air
    if ground is None:
        yield "Heights above ground are not assessed: these terms do not say between what the ground lies."
    else:
        yield (
            f"All ground of the theatre lies between {metres(ground.lower_mm)} and {metres(ground.upper_mm)} over the"
            " WGS84 ellipsoid."
        )
    if air is None:
        yield "Flight levels are compared as if every weather on record were possible."
    else:
        yield (
            f"Pressure at sea level stays between {Decimal(air.qnh_lower_pa) / 100:f} and"
            f" {Decimal(air.qnh_upper_pa) / 100:f} hPa, temperature between {Decimal(air.isa_lower_mk) / 1_000:f} and"
            f" {Decimal(air.isa_upper_mk) / 1_000:f} K of the standard atmosphere."
        )


def _record(terms: Terms) -> Iterator[str]:
    yield (
        "Everything is recorded in one log in which every change shows, and each sees of it what was released to it."
    )
    skew = span(terms.skew_us)
    yield f"A clock that differs from the centre's by more than {skew} is flagged; nothing is refused for it."
    if terms.witnesses is not None:
        yield (
            f"An entry is witnessed once {terms.witnesses.quorum} of {_parties(terms, terms.witnesses.of)} have signed"
            " for the log that holds it."
        )


def _degrees(e7: int) -> str:
    return f"{(Decimal(e7) / E7).normalize():f}"
