# SPDX-License-Identifier: Apache-2.0
"""Terms of reference as people write them: TOML with the unit last in each key, read into `Terms`.

No file is opened here. Nothing is guessed: a key nobody knows, a number without a bound or a time without an
offset is a problem, and every problem names the key as a person would and, where found, its line. What is
rounded is rounded towards more distance and more time. First each value is read; only when all are sound
does `terms_check` say whether they hang together. The keys are described in docs/terms.md.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Final, NoReturn

import msgspec

from standclear.core.terms import (
    DAY_US,
    MAX_RECIPIENTS,
    MAX_WITNESSES,
    Acknowledge,
    Actor,
    Consent,
    CoverSteps,
    Form,
    FormOfCooperation,
    KeepClear,
    Kind,
    LeadTime,
    NoticeClass,
    Role,
    Rule,
    StayInside,
    StopLine,
    Terms,
    WitnessQuorum,
)
from standclear.core.terms_calendar import read_calendar_name, read_calendars, read_counted, read_warnings
from standclear.core.terms_check import find_problems
from standclear.core.terms_exceptions import read_exceptions
from standclear.core.terms_following import read_challenges, read_daily, read_incidents
from standclear.core.terms_movements import read_movements
from standclear.core.terms_notifying import (
    read_claims,
    read_two_person,
    read_upkeep,
    read_watch,
    read_withdrawals,
)
from standclear.core.terms_problem import Place
from standclear.core.terms_table import Report, Table, TermsProblems, allowed, as_ident, as_label, scaled
from standclear.core.terms_theatre import read_theatre
from standclear.errors import TermsInvalid
from standclear.geometry.volume import MAX_RADIUS_MM, Minima
from standclear.units import US_PER_S

MAX_TERMS_BYTES: Final = 1_048_576
MAX_DOTS_A_LINE: Final = 100
"""Outside quotes and comments; tomllib takes quadratic time over `a.a.a.a...`."""
MAX_MM: Final = 1_000_000_000
MAX_DURATION_US: Final = 3_660 * DAY_US
MIN_CELL_E7: Final = 100_000
MAX_CELL_E7: Final = 50_000_000
MAX_MINIMUM_US: Final = 366 * DAY_US
DEADLINE: Final = ("deadline_h", "deadline_min")
TOKEN: Final = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"""|\\?\Z)|'
    r"'''.*?(?:'''|\Z)|"
    r'"(?:\\.|[^"\\\n])*"?|'
    r"'[^'\n]*'?|#[^\n]*|[\[\]{}\n]|[^\"'#\[\]{}\n]+",
    re.DOTALL,
)
"""Splits any text into quoted strings, comments, brackets, line ends and the rest, in linear time."""
WORD: Final = r"""(?:"[^"]*"|'[^']*'|[\w-]+)"""
KEY: Final = re.compile(rf"\s*{WORD}(?:\s*\.\s*{WORD})*")
PART: Final = re.compile(r"""["']([^"']*)["']|([\w-]+)""")


STOP_LINE: Final = StopLine(
    echelons=("liaison",),
    steps_us=tuple(seconds * US_PER_S for seconds in (30, 60, 120, 300)),
    read_back_mm=100_000,
)


class RuleShape(StrEnum):
    """The five shapes of a rule, as written."""

    KEEP_CLEAR = "keep_clear"
    STAY_INSIDE = "stay_inside"
    LEAD_TIME = "lead_time"
    CONSENT = "consent"
    ACKNOWLEDGE = "acknowledge"


def read_terms(text: str, name: str = "terms.toml") -> Terms:
    """Read terms of reference; `name` is what the file is called in errors.

    Raises:
        TermsProblems: they cannot be used; says what is wrong, where, and what would be right.
    """
    text = text.removeprefix("\ufeff")  # some editors on Windows put it there
    _refuse_oversized(text, name)
    report = Report(name, _parse(text, name), _lines(text))
    top = Table(report.document, (), report)
    terms = _terms(top)
    top.close()
    report.raise_if_any()
    order = {
        "actor": sorted(range(len(terms.actors)), key=lambda i: terms.actors[i].number),
        "rule": sorted(range(len(terms.rules)), key=lambda i: terms.rules[i].id),
    }
    terms = msgspec.structs.replace(
        terms,
        actors=tuple(terms.actors[i] for i in order["actor"]),
        rules=tuple(terms.rules[i] for i in order["rule"]),
    )
    for problem in find_problems(terms):
        report.add(_in_file(problem.place, order), problem.sentence, problem.expected)
    report.raise_if_any()
    return _within_bounds(terms, name)


def _in_file(place: Place, order: dict[str, list[int]]) -> Place:
    """A place in the sorted terms as the place in the file that it came from."""
    match place:
        case (str(section), int(position), *rest) if section in order:
            return (section, order[section][position], *rest)
        case _:
            return place


def _within_bounds(terms: Terms, name: str) -> Terms:
    """The types' own bounds have the last word, should this module ever lag behind them."""
    try:
        return msgspec.convert(msgspec.to_builtins(terms), Terms)
    except msgspec.ValidationError as error:
        raise TermsProblems(name, [TermsInvalid(str(error), where=name)]) from error


def _terms(top: Table) -> Terms:
    """The whole, in the order of the file; problems are left in the report."""
    return Terms(
        title=top.label("title"),
        version=top.whole("version", 1, 1_000_000),
        in_force_from_us=top.moment("in_force_from"),
        in_force_until_us=top.moment("in_force_until"),
        hazard_margin_mm=top.amount("hazard_margin_m", 0, MAX_MM),
        withdrawal_grace_us=top.amount("withdrawal_grace_h", 0, MAX_DURATION_US, default=48),
        skew_us=top.amount("clock_skew_s", 0, MAX_DURATION_US, default=300),
        oversize_mm=top.amount("oversize_km", 0, MAX_MM, default=100),
        outside=top.items("outside", 0, 100, as_label, "names in quotes"),
        theatre=read_theatre(top),
        cover=_cover(top),
        stop=_stop(top),
        witnesses=_witnesses(top),
        upkeep=read_upkeep(top),
        movements=read_movements(top),
        two_person=read_two_person(top),
        withdrawals=read_withdrawals(top),
        claims=read_claims(top),
        watch=read_watch(top),
        calendars=read_calendars(top),
        exceptions=read_exceptions(top),
        warn_us=read_warnings(top),
        incidents=read_incidents(top),
        challenges=read_challenges(top),
        daily=read_daily(top),
        actors=tuple(_actor(table, n) for n, table in enumerate(top.tables("actor", 1, MAX_RECIPIENTS))),
        kinds=tuple(_kind(table) for table in top.tables("kind", 1, 200)),
        rules=tuple(rule for table in top.tables("rule", 0, 500) if (rule := _rule(table))),
        forms=tuple(form for table in top.tables("form", 0, 2_000) if (form := _form(table))),
    )


def _cover(top: Table) -> CoverSteps:
    """How coarse covers are; there is no default, for the parties decide what a neighbour may guess."""
    table = top.table("cover")
    if table is None:
        if not top.has("cover"):
            top.wrong("cover", "a section begun by [cover]")
        return CoverSteps(cell_e7=MIN_CELL_E7, reaches_mm=(MAX_RADIUS_MM,), height_mm=1_000, time_us=US_PER_S)
    steps = CoverSteps(
        cell_e7=table.amount("cell_deg", MIN_CELL_E7, MAX_CELL_E7),
        reaches_mm=table.items(
            "reaches_km",
            1,
            20,
            lambda value: scaled("reaches_km", value, 1_000, MAX_RADIUS_MM),
            allowed("reaches_km", 1_000, MAX_RADIUS_MM),
        ),
        height_mm=table.amount("altitude_step_m", 1_000, 20_000_000),
        time_us=table.amount("time_step_min", US_PER_S, DAY_US),
    )
    table.close()
    return steps


def _stop(top: Table) -> StopLine:
    """Who is rung at a stop; a centre whose terms say nothing of it rings the liaisons."""
    table = top.table("stop")
    if table is None:
        return STOP_LINE
    line = StopLine(
        echelons=table.idents("echelons") if table.has("echelons") else STOP_LINE.echelons,
        steps_us=table.amounts("steps_s", US_PER_S, MAX_DURATION_US, 20) or STOP_LINE.steps_us,
        read_back_mm=table.amount("read_back_m", 1_000, 10_000_000, default=100),
    )
    table.close()
    return line


def _witnesses(top: Table) -> WitnessQuorum | None:
    """The section of that name; without it there is no quorum."""
    table = top.table("witnesses")
    if table is None:
        return None
    quorum = table.whole("quorum", 1, MAX_WITNESSES)
    named = table.items("of", 1, MAX_WITNESSES, as_ident, "ids of actors in quotes")
    table.close()
    return WitnessQuorum(quorum=quorum, of=named)


def _actor(table: Table, position: int) -> Actor:
    """An actor; without a number it has its position in the file, from 0."""
    actor_id = table.ident("id")
    number = table.whole("number", 0, MAX_RECIPIENTS - 1) if table.has("number") else position
    return Actor(id=actor_id, number=number, name=table.label("name"), role=table.choice("role", Role))


def _kind(table: Table) -> Kind:
    return Kind(id=table.ident("id"), notice=table.choice("notice", NoticeClass), name=table.label("name"))


def _rule(table: Table) -> Rule | None:
    """A rule by its shape; nothing, and no word on its other keys, where the shape is not known."""
    rule_id, shape = table.ident("id"), table.choice("shape", RuleShape)
    if table.raw.get("shape") != shape.value:
        table.asked.extend(table.raw)
        return None
    match shape:
        case RuleShape.KEEP_CLEAR:
            between, other = table.idents("between"), table.idents("and")
            return KeepClear(id=rule_id, between=between, and_=other, minima=_minima(table))
        case RuleShape.STAY_INSIDE:
            return StayInside(id=rule_id, kinds=table.idents("kinds"), areas=table.idents("areas"))
        case RuleShape.LEAD_TIME:
            kinds = table.idents("kinds")
            lead = read_counted(table, ("lead_h", "lead_min"), MAX_DURATION_US)
            return LeadTime(rule_id, kinds, lead.amount_us, lead.calendar, lead.cutoff)
        case RuleShape.CONSENT:
            kinds, parties = table.idents("kinds"), table.idents("parties")
            answer = read_counted(table, DEADLINE, MAX_DURATION_US)
            return Consent(rule_id, kinds, parties, answer.amount_us, answer.calendar, answer.cutoff)
        case RuleShape.ACKNOWLEDGE:
            return Acknowledge(
                id=rule_id,
                kinds=table.idents("kinds"),
                parties=table.idents("parties"),
                echelons=table.idents("echelons"),
                deadline_us=table.either(DEADLINE, MAX_DURATION_US),
                steps_us=table.amounts("steps_s", 0, MAX_DURATION_US, 20),
                calendar=read_calendar_name(table),
            )


def _minima(table: Table) -> Minima:
    return Minima(
        horizontal_mm=table.amount("horizontal_m", 0, MAX_MM),
        vertical_mm=table.amount("vertical_m", 0, MAX_MM),
        time_us=table.amount("time_s", 0, MAX_MINIMUM_US),
    )


def _form(table: Table) -> Form | None:
    between = table.items("between", 2, 2, as_ident, "the ids of two parties")
    form = table.choice("form", FormOfCooperation)
    return Form(between=(between[0], between[1]), form=form) if len(between) == 2 else None


def _refuse(where: str, detail: str, expected: str) -> NoReturn:
    raise TermsProblems(where, [TermsInvalid(detail, where=where, expected=expected)])


def _refuse_oversized(text: str, name: str) -> None:
    """What would take long to parse is refused before it is."""
    if len(text) > MAX_TERMS_BYTES or len(text.encode(errors="replace")) > MAX_TERMS_BYTES:
        _refuse(name, "the file is too large for terms.", f"at most {MAX_TERMS_BYTES:,} bytes")
    line, dots = 1, 0
    for token in TOKEN.findall(text):
        if "\n" in token:
            line, dots = line + token.count("\n"), 0
        dots += 0 if token[0] in "\"'#" else token.count(".")
        if dots > MAX_DOTS_A_LINE:
            _refuse(
                f"{name}, line {line}", "there are too many dots.", f"at most {MAX_DOTS_A_LINE} in a line"
            )


def _parse(text: str, name: str) -> dict[str, object]:
    """The TOML itself; a fault in it ends the reading, for nothing after it can be trusted."""
    try:
        return tomllib.loads(text, parse_float=_decimal)
    except RecursionError:
        _refuse(name, "brackets are nested too deeply.", "lists of names or numbers")
    except ValueError as error:
        _refuse_syntax(str(error), text, name)


def _refuse_syntax(error: str, text: str, name: str) -> NoReturn:
    found = re.search(r" [(]at (?:line (\d+),.*|end of document)[)]$", error)
    if found is None:  # not a fault of syntax: an integer longer than Python converts, a date with month 13
        _refuse(name, f"a value cannot be read: {error.split(';')[0][:200]}.", "")
    line = int(found[1] or text.rstrip().count("\n") + 1)
    curly = re.search("[\u201c\u201d\u201e\u2018\u2019]", text.split("\n")[line - 1])
    detail = f"this is not TOML: {error[: found.start()][:200]}."
    _refuse(f"{name}, line {line}", detail, 'straight quotes (")' if curly else "")


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:  # an exponent no Decimal holds: refused later, with its key
        return Decimal("NaN")


def _lines(text: str) -> dict[Place, int]:
    """The line of each header and key of a sound TOML file; what stands inside `{...}` has its owner's."""
    lines: dict[Place, int] = {}
    counts: dict[str, int] = {}
    prefix: Place = ()
    for line, statement in _statements(text):
        header, listed = statement.lstrip().startswith("["), statement.lstrip().startswith("[[")
        key = KEY.match(statement.lstrip().lstrip("[") if header else statement)
        if key is None:
            continue
        parts: Place = tuple(quoted or bare for quoted, bare in PART.findall(key[0]))
        if listed and parts:
            section = str(parts[0])
            counts[section] = counts.get(section, -1) + 1
            parts = (section, counts[section], *parts[1:])
        prefix, place = (parts, parts) if header else (prefix, prefix + parts)
        for end in range(1, len(place) + 1):
            lines.setdefault(place[:end], line)
    return lines


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Headers and keys with the lines they begin on; a value that runs on belongs to its first line."""
    line, begun, depth, parts = 1, 1, 0, [""]
    for token in TOKEN.findall(text):
        if token == "\n" and depth == 0:
            yield begun, "".join(parts)
            begun, parts = line + 1, [""]
        elif token[0] != "#":
            depth += (token in "[{") - (token in "]}")
            parts.append(token)
        line += token.count("\n")
    yield begun, "".join(parts)
