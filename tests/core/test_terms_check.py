# SPDX-License-Identifier: Apache-2.0
"""Terms that leave a pair without minima, or name what is not there, are told so in a sentence."""

from dataclasses import dataclass

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standclear.core.answering import RECALL_RULE, STOP_RULE
from standclear.core.rules import TERMS_RULE
from standclear.core.terms import (
    MAX_RECIPIENTS,
    SPARED,
    STOP_KIND,
    Acknowledge,
    Actor,
    Consent,
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
    keep_clear_rules,
)
from standclear.core.terms_check import RESERVED_RULES, check_terms, find_problems
from standclear.core.terms_problem import MAX_PROBLEMS
from standclear.geometry.volume import NO_THEATRE, Air, Minima, Terrain, Theatre
from tests.world import COVER

MINIMA = Minima(horizontal_mm=1_000_000, vertical_mm=300_000, time_us=900_000_000)
EVERYTHING = ("site", "movement", "truce_area", "airspace_measure", "stop", "activity")
KINDS = (
    Kind(id="camp", notice=NoticeClass.SITE, name="Camp"),
    Kind(id="box", notice=NoticeClass.ACTIVITY_AREA, name="Box"),
    Kind(id="survey-flight", notice=NoticeClass.ACTIVITY, name="Survey"),
)


def actor(number: int, actor_id: str, role: Role) -> Actor:
    return Actor(id=actor_id, number=number, name=actor_id.title(), role=role)


def clear(rule_id: str, between: tuple[str, ...], other: tuple[str, ...]) -> KeepClear:
    return KeepClear(id=rule_id, between=between, and_=other, minima=MINIMA)


SOUND = Terms(
    title="Test",
    version=1,
    in_force_from_us=None,
    in_force_until_us=None,
    actors=(actor(0, "desk", Role.DESK), actor(1, "azure", Role.PARTY), actor(2, "ochre", Role.PARTY)),
    kinds=KINDS,
    rules=(clear("all", ("activity",), EVERYTHING),),
    forms=(),
    theatre=NO_THEATRE,
    hazard_margin_mm=0,
    withdrawal_grace_us=0,
    skew_us=0,
    oversize_mm=0,
    cover=COVER,
    stop=StopLine(echelons=("liaison",), steps_us=(1_000_000,), read_back_mm=100_000),
    outside=(),
)


def but(**changes: object) -> Terms:
    return msgspec.structs.replace(SOUND, **changes)


def with_rule(rule: Rule) -> Terms:
    return but(rules=(clear("all", ("activity",), EVERYTHING), rule))


def with_actor(*more: Actor) -> Terms:
    return but(actors=(*SOUND.actors, *more))


def with_kind(kind_id: str, notice: NoticeClass) -> Terms:
    return but(kinds=(*KINDS, Kind(id=kind_id, notice=notice, name="Another")))


def form(one: str, other: str) -> Form:
    return Form(between=(one, other), form=FormOfCooperation.INFORM)


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong, what is said of it, and where."""

    name: str
    terms: Terms
    said: str
    place: tuple[str | int, ...]


FLIGHT, BOX, CAMP, OCHRE = ("survey-flight",), ("box",), ("camp",), ("ochre",)
DEFECTS = (
    Defect(
        "ends-before-it-begins",
        but(in_force_from_us=2, in_force_until_us=2),
        "the terms end before they enter into force",
        ("in_force_until",),
    ),
    Defect(
        "ground-upside-down",
        but(theatre=Theatre(ground=Terrain(lower_mm=1, upper_mm=0), air=None)),
        "the highest ground of the theatre is below its lowest",
        ("theatre", "ground_highest_m"),
    ),
    Defect(
        "pressure-upside-down",
        but(theatre=Theatre(ground=None, air=Air(101_300, 101_200, 0, 0))),
        "the highest pressure of the theatre is below its lowest",
        ("theatre", "qnh_highest_hpa"),
    ),
    Defect(
        "temperature-upside-down",
        but(theatre=Theatre(ground=None, air=Air(101_300, 101_300, 1, 0))),
        "the warmest air of the theatre is colder than its coldest",
        ("theatre", "temperature_highest_k"),
    ),
    Defect(
        "actor-id-twice",
        with_actor(actor(3, "azure", Role.NOTIFIER)),
        "two actors have the id `azure`",
        ("actor", 3, "id"),
    ),
    Defect(
        "actor-number-twice",
        with_actor(actor(2, "relief", Role.NOTIFIER)),
        "two actors have the number `2`",
        ("actor", 3, "number"),
    ),
    Defect(
        "actors-unsorted",
        but(actors=SOUND.actors[::-1]),
        "the actors are not in the order of their numbers",
        ("actor",),
    ),
    Defect(
        "two-arbiters",
        with_actor(actor(3, "judge", Role.ARBITER), actor(4, "other-judge", Role.ARBITER)),
        "the terms name more than one arbiter",
        ("actor",),
    ),
    Defect("no-desk", but(actors=SOUND.actors[1:]), "the terms name no desk", ("actor",)),
    Defect("no-party", but(actors=SOUND.actors[:1]), "the terms name no party", ("actor",)),
    Defect(
        "kind-twice", with_kind("camp", NoticeClass.SITE), "two kinds have the id `camp`", ("kind", 3, "id")
    ),
    Defect(
        "kind-called-like-a-class",
        with_kind("activity", NoticeClass.SITE),
        "kind `activity` has the name of a class, which means every kind of that class in a rule",
        ("kind", 3, "id"),
    ),
    Defect(
        "kind-called-stop",
        with_kind("stop", NoticeClass.STOP),
        "kind `stop` has the name of a class, which means every kind of that class in a rule",
        ("kind", 3, "id"),
    ),
    Defect(
        "kind-of-stop",
        with_kind("halt", NoticeClass.STOP),
        "kind `halt` is a stop; the kind `stop` is always there and no terms define it",
        ("kind", 3, "notice"),
    ),
    Defect(
        "rule-twice",
        with_rule(clear("all", FLIGHT, CAMP)),
        "two rules have the id `all`",
        ("rule", 1, "id"),
    ),
    Defect(
        "rules-unsorted",
        with_rule(clear("a", FLIGHT, CAMP)),
        "the rules are not in the order of their ids",
        ("rule",),
    ),
    Defect(
        "rule-called-terms",
        with_rule(clear("terms", FLIGHT, CAMP)),
        "no rule can be called `terms`: what the terms themselves ask for carries that name",
        ("rule", 1, "id"),
    ),
    Defect(
        "unknown-kind",
        with_rule(clear("b", FLIGHT, ("camps",))),
        "rule `b` names the kind `camps`, which the terms do not define",
        ("rule", 1, "and"),
    ),
    Defect(
        "keep-clear-of-an-activity-area",
        with_rule(clear("b", FLIGHT, BOX)),
        "rule `b` keeps clear of `box`, an activity area, which is never an obstacle",
        ("rule", 1, "and"),
    ),
    Defect(
        "keep-clear-without-activities",
        with_rule(clear("b", CAMP, ("movement",))),
        "neither side of rule `b` is of activities alone, and nothing else is compared",
        ("rule", 1, "between"),
    ),
    Defect(
        "stay-inside-of-a-site",
        with_rule(StayInside(id="b", kinds=CAMP, areas=BOX)),
        "rule `b` names `camp` in kinds, which is not of class `activity`",
        ("rule", 1, "kinds"),
    ),
    Defect(
        "stay-inside-a-truce-area",
        with_rule(StayInside(id="b", kinds=FLIGHT, areas=("truce_area",))),
        "rule `b` names `truce_area` in areas, which is not of class `activity_area`",
        ("rule", 1, "areas"),
    ),
    Defect(
        "lead-time-of-a-stop",
        with_rule(LeadTime(id="b", kinds=("stop",), lead_us=1)),
        "rule `b` asks for notice of a stop, which has none",
        ("rule", 1, "kinds"),
    ),
    Defect(
        "consent-to-a-camp",
        with_rule(Consent(id="b", kinds=CAMP, parties=OCHRE, deadline_us=1)),
        "rule `b` names `camp` in kinds, which is not of class `activity`",
        ("rule", 1, "kinds"),
    ),
    Defect(
        "consent-of-nobody-known",
        with_rule(Consent(id="b", kinds=FLIGHT, parties=("ocher",), deadline_us=1)),
        "rule `b` names the actor `ocher`, whom the terms do not name",
        ("rule", 1, "parties"),
    ),
    Defect(
        "consent-of-the-desk",
        with_rule(Consent(id="b", kinds=FLIGHT, parties=("desk",), deadline_us=1)),
        "rule `b` names `desk`, who is not a party but desk",
        ("rule", 1, "parties"),
    ),
    Defect(
        "steps-that-do-not-grow",
        with_rule(
            Acknowledge(
                id="b", kinds=CAMP, parties=OCHRE, echelons=("liaison",), deadline_us=1, steps_us=(2, 2)
            )
        ),
        "the steps of rule `b` do not grow",
        ("rule", 1, "steps_s"),
    ),
    Defect(
        "form-with-the-desk",
        but(forms=(form("ochre", "desk"),)),
        "form 1 names `desk`, who is not a party but desk",
        ("form", 0, "between"),
    ),
    Defect(
        "form-with-itself",
        but(forms=(form("ochre", "ochre"),)),
        "form 1 is between `ochre` and itself",
        ("form", 0, "between"),
    ),
    Defect(
        "no-minima-against-camps",
        but(rules=(clear("all", ("activity",), EVERYTHING[1:]),)),
        "no rule says how far `survey-flight` keeps from `camp`",
        ("kind", 2),
    ),
    Defect(
        "no-minima-against-stops",
        but(rules=(clear("all", ("activity",), ("site", "activity")),)),
        "no rule says how far `survey-flight` keeps from `stop`",
        ("kind", 2),
    ),
    Defect(
        "no-minima-against-its-own-kind",
        but(rules=(clear("all", ("activity",), EVERYTHING[:-1]),)),
        "no rule says how far `survey-flight` keeps from `survey-flight`",
        ("kind", 2),
    ),
    Defect(
        "quorum-of-too-few",
        but(witnesses=WitnessQuorum(quorum=3, of=("azure", "ochre"))),
        "3 witnesses are asked for and 2 named",
        ("witnesses", "quorum"),
    ),
    Defect(
        "unknown-witness",
        but(witnesses=WitnessQuorum(quorum=1, of=("azure", "ocher"))),
        "the terms name no actor `ocher` (did you mean `ochre`?)",
        ("witnesses", "of", 1),
    ),
    Defect(
        "witness-twice",
        but(witnesses=WitnessQuorum(quorum=1, of=("azure", "azure"))),
        "the witness `azure` is named twice",
        ("witnesses", "of", 1),
    ),
    Defect(
        "the-desk-as-witness",
        but(witnesses=WitnessQuorum(quorum=1, of=("desk",))),
        "`desk` cannot be a witness: it keeps the log itself",
        ("witnesses", "of", 0),
    ),
)


def test_sound_terms_have_no_problems() -> None:
    assert check_terms(SOUND) == ()


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda d: d.name)
def test_each_defect_is_said_once_and_alone(defect: Defect) -> None:
    assert [(p.sentence, p.place) for p in find_problems(defect.terms)] == [(defect.said, defect.place)]


def test_a_misspelt_kind_is_told_what_was_perhaps_meant() -> None:
    (problem,) = find_problems(with_rule(clear("b", FLIGHT, ("camps",))))
    assert problem.expected.endswith("(did you mean `camp`?)")


def test_two_kinds_of_activity_without_minima_are_said_once() -> None:
    kinds = (*KINDS, Kind(id="drop", notice=NoticeClass.ACTIVITY, name="Drop"))
    rules = (
        clear("all", ("activity",), EVERYTHING[:-1]),
        clear("own-drop", ("drop",), ("drop",)),
        clear("own-survey", FLIGHT, FLIGHT),
    )
    said = check_terms(but(kinds=kinds, rules=rules))
    assert said == ("no rule says how far `survey-flight` keeps from `drop`",)


def test_no_kind_needs_minima_against_activity_areas() -> None:
    assert "box" not in " ".join(check_terms(but(rules=())))


def test_the_arbiter_is_one_or_none() -> None:
    assert check_terms(with_actor(actor(3, "judge", Role.ARBITER))) == ()


def test_the_reserved_name_is_the_one_that_findings_carry() -> None:
    assert (TERMS_RULE, STOP_RULE, RECALL_RULE) == RESERVED_RULES


def test_looking_stops_after_so_many_problems() -> None:
    kinds = tuple(Kind(id=f"k{n}", notice=NoticeClass.ACTIVITY, name="x") for n in range(200))
    assert len(check_terms(but(kinds=kinds, rules=()))) == MAX_PROBLEMS


def test_the_largest_terms_are_checked_without_delay() -> None:
    kinds = tuple(Kind(id=f"k{n:03}", notice=NoticeClass.ACTIVITY, name="x") for n in range(200))
    every = tuple(kind.id for kind in kinds)
    rules = (
        clear("a", ("activity",), EVERYTHING),
        *(clear(f"r{n:03}", every, every) for n in range(499)),
    )
    notifiers = (actor(n, f"n{n}", Role.NOTIFIER) for n in range(3, MAX_RECIPIENTS))
    assert check_terms(but(kinds=kinds, rules=rules, actors=(*SOUND.actors, *notifiers))) == ()


SOME_KINDS = ("camp", "convoy", "truce", "zone", "box", "survey", "drop")
SOME_CLASSES = ("site", "movement", "truce_area", "airspace_measure", "activity_area", "activity", "activity")
groups = st.lists(
    st.sampled_from([*SOME_KINDS, *dict.fromkeys(SOME_CLASSES), "stop"]), min_size=1, max_size=7
).map(tuple)


@given(st.lists(st.tuples(groups, groups), max_size=5))
def test_a_pair_is_said_to_be_left_out_exactly_when_no_rule_would_be_applied_to_it(
    sides: list[tuple[tuple[str, ...], tuple[str, ...]]],
) -> None:
    kinds = tuple(
        Kind(id=kind, notice=NoticeClass(notice), name="x")
        for kind, notice in zip(SOME_KINDS, SOME_CLASSES, strict=True)
    )
    rules = tuple(clear(f"r{n}", one, other) for n, (one, other) in enumerate(sides))
    terms = but(kinds=kinds, rules=rules)
    left_out = {
        f"no rule says how far `{own.id}` keeps from `{other.id}`"
        for place, own in enumerate(kinds)
        if own.notice is NoticeClass.ACTIVITY
        for against, other in enumerate((*kinds, Kind(id=STOP_KIND, notice=NoticeClass.STOP, name="")))
        if other.notice in SPARED or (other.notice is NoticeClass.ACTIVITY and against >= place)
        if next(keep_clear_rules(terms, own, other), None) is None
    }
    assert {said for said in check_terms(terms) if said.startswith("no rule says")} == left_out
