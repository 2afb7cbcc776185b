# SPDX-License-Identifier: Apache-2.0
"""Terms of every shape, written out as TOML and read back, are the same terms."""

import json
from collections.abc import Mapping
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from standclear.core.terms import (
    Acknowledge,
    Actor,
    Consent,
    CoverSteps,
    Form,
    FormOfCooperation,
    KeepClear,
    Kind,
    LeadTime,
    MovementTerms,
    NoticeClass,
    Role,
    Rule,
    StayInside,
    StopLine,
    Terms,
    WitnessQuorum,
)
from standclear.core.terms_toml import read_terms
from standclear.geometry.volume import Air, Minima, Terrain, Theatre
from standclear.units import US_PER_HOUR, us_to_iso

MOVING_KEYS = ("convoys", "flights", "agreement_of")


def written(value: object) -> str:
    """A TOML value; Python's JSON is TOML where it does not escape beyond control characters."""
    return f"{value:f}" if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def per(amount: int, in_one: int) -> Decimal:
    return Decimal(amount) / in_one


def rule_toml(rule: Rule) -> dict[str, object]:
    match rule:
        case KeepClear(between=between, and_=other, minima=minima):
            return {
                "shape": "keep_clear",
                "between": between,
                "and": other,
                "horizontal_m": per(minima.horizontal_mm, 1_000),
                "vertical_m": per(minima.vertical_mm, 1_000),
                "time_s": per(minima.time_us, 1_000_000),
            }
        case StayInside(kinds=kinds, areas=areas):
            return {"shape": "stay_inside", "kinds": kinds, "areas": areas}
        case LeadTime(kinds=kinds, lead_us=lead_us):
            return {"shape": "lead_time", "kinds": kinds, "lead_min": per(lead_us, 60_000_000)}
        case Consent(kinds=kinds, parties=parties, deadline_us=deadline_us):
            hours = per(deadline_us, US_PER_HOUR)
            return {"shape": "consent", "kinds": kinds, "parties": parties, "deadline_h": hours}
        case Acknowledge():
            return {
                "shape": "acknowledge",
                "kinds": rule.kinds,
                "parties": rule.parties,
                "echelons": rule.echelons,
                "deadline_min": per(rule.deadline_us, 60_000_000),
                "steps_s": [step // 1_000_000 for step in rule.steps_us],
            }


def terms_toml_text(terms: Terms) -> str:
    top = {
        "title": terms.title,
        "version": terms.version,
        "hazard_margin_m": per(terms.hazard_margin_mm, 1_000),
        "withdrawal_grace_h": per(terms.withdrawal_grace_us, US_PER_HOUR),
        "clock_skew_s": per(terms.skew_us, 1_000_000),
        "oversize_km": per(terms.oversize_mm, 1_000_000),
        "outside": terms.outside,
    }
    lines = [f"{key} = {written(value)}" for key, value in top.items()]
    if terms.in_force_from_us is not None:
        lines.append(f"in_force_from = {us_to_iso(terms.in_force_from_us)}")
    lines += ["[stop]", f"echelons = {json.dumps(terms.stop.echelons)}"]
    lines += [f"steps_s = {[step // 1_000_000 for step in terms.stop.steps_us]}"]
    lines += [f"read_back_m = {written(per(terms.stop.read_back_mm, 1_000))}"]
    lines += ["[cover]"]
    lines += [f"cell_deg = {written(per(terms.cover.cell_e7, 10_000_000))}"]
    lines += [
        f"reaches_km = [{', '.join(written(per(reach, 1_000_000)) for reach in terms.cover.reaches_mm)}]"
    ]
    lines += [f"altitude_step_m = {written(per(terms.cover.height_mm, 1_000))}"]
    lines += [f"time_step_min = {written(per(terms.cover.time_us, 60_000_000))}"]
    ground, air = terms.theatre.ground, terms.theatre.air
    if ground is not None or air is not None:
        lines += ["[theatre]"]
    if air is not None:
        lines += [
            f"qnh_lowest_hpa = {air.qnh_lower_pa // 100}",
            f"qnh_highest_hpa = {air.qnh_upper_pa // 100}",
        ]
        lines += [f"temperature_lowest_k = {air.isa_lower_mk // 1_000}"]
        lines += [f"temperature_highest_k = {air.isa_upper_mk // 1_000}"]
    if ground is not None:
        lines += [f"ground_lowest_m = {per(ground.lower_mm, 1_000):f}"]
        lines += [f"ground_highest_m = {per(ground.upper_mm, 1_000):f}"]
    if terms.witnesses is not None:
        lines += ["[witnesses]", f"quorum = {terms.witnesses.quorum}", f"of = {written(terms.witnesses.of)}"]
    moving = terms.movements
    if moving is not None:
        lines += ["[movements]", *(f"{key} = {written(getattr(moving, key))}" for key in MOVING_KEYS)]
        if moving.test_call_us is not None:
            lines += [f"test_call_h = {per(moving.test_call_us, US_PER_HOUR):f}"]
    sections: list[tuple[str, Mapping[str, object]]] = [
        *(("actor", {"id": a.id, "number": a.number, "name": a.name, "role": a.role}) for a in terms.actors),
        *(("kind", {"id": k.id, "notice": k.notice, "name": k.name}) for k in terms.kinds),
        *(("rule", {"id": r.id, **rule_toml(r)}) for r in reversed(terms.rules)),
        *(("form", {"between": f.between, "form": f.form}) for f in terms.forms),
    ]
    for section, table in sections:
        lines += [f"[[{section}]]", *(f"{key} = {written(value)}" for key, value in table.items())]
    return "\n".join(lines)


lengths = st.integers(0, 10**9)
moments = st.integers(0, 366 * 24 * 60).map(lambda minutes: minutes * 60_000_000)
hours = st.integers(0, 3_660 * 24).map(lambda count: count * US_PER_HOUR)
labels = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=30).filter(
    str.strip
)
minima = st.builds(
    Minima, horizontal_mm=lengths, vertical_mm=lengths, time_us=st.integers(0, 366 * 86_400 * 10**6)
)
activities = st.sampled_from([("activity",), ("survey",), ("survey", "activity")])
spared = st.sampled_from([("site",), ("clinic", "stop"), ("movement", "activity")])
parties = st.sampled_from([("azure",), ("azure", "ochre")])
steps = st.lists(st.integers(0, 9_999), max_size=20, unique=True).map(
    lambda seconds: tuple(second * 1_000_000 for second in sorted(seconds))
)
rules = st.one_of(
    st.builds(KeepClear, id=st.just(""), between=activities, and_=spared, minima=minima),
    st.builds(KeepClear, id=st.just(""), between=spared, and_=activities, minima=minima),
    st.builds(StayInside, id=st.just(""), kinds=activities, areas=st.just(("activity_area",))),
    st.builds(LeadTime, id=st.just(""), kinds=spared.filter(lambda g: "stop" not in g), lead_us=moments),
    st.builds(Consent, id=st.just(""), kinds=activities, parties=parties, deadline_us=hours),
    st.builds(
        Acknowledge,
        id=st.just(""),
        kinds=spared,
        parties=parties,
        echelons=st.just(("liaison",)),
        deadline_us=moments,
        steps_us=steps,
    ),
)
EVERYTHING = ("site", "movement", "truce_area", "airspace_measure", "stop", "activity")


@st.composite
def any_terms(draw: st.DrawFn) -> Terms:
    """Sound terms of every shape, with names in any script and numbers over their whole range."""
    roles = (
        Role.DESK,
        Role.PARTY,
        Role.PARTY,
        *draw(st.lists(st.sampled_from([Role.NOTIFIER, Role.OBSERVER]))),
    )
    numbers = sorted(draw(st.sets(st.integers(0, 1_021), min_size=len(roles), max_size=len(roles))))
    ids = ("desk", "azure", "ochre", *(f"n{n}" for n in numbers[3:]))
    ground = draw(
        st.none() | st.lists(st.integers(-11_000_000, 20_000_000), min_size=2, max_size=2).map(sorted)
    )
    pressures, kelvins = (
        draw(st.lists(st.integers(*span), min_size=2, max_size=2).map(sorted))
        for span in ((850, 1_100), (-100, 100))
    )
    air = Air(
        qnh_lower_pa=pressures[0] * 100,
        qnh_upper_pa=pressures[1] * 100,
        isa_lower_mk=kelvins[0] * 1_000,
        isa_upper_mk=kelvins[1] * 1_000,
    )
    every = KeepClear(id="all", between=("activity",), and_=EVERYTHING, minima=draw(minima))
    more = draw(st.lists(rules, max_size=6))
    fields = [{name: getattr(rule, name) for name in rule.__struct_fields__} for rule in more]
    named = [type(rule)(**{**f, "id": f"b{n}"}) for n, (rule, f) in enumerate(zip(more, fields, strict=True))]
    return Terms(
        title=draw(labels),
        version=draw(st.integers(1, 1_000_000)),
        in_force_from_us=draw(st.none() | st.integers(0, 253_402_300_799_999_999)),
        in_force_until_us=None,
        actors=tuple(
            Actor(id=i, number=n, name=draw(labels), role=r)
            for i, n, r in zip(ids, numbers, roles, strict=True)
        ),
        kinds=(
            Kind(id="survey", notice=NoticeClass.ACTIVITY, name=draw(labels)),
            Kind(id="clinic", notice=NoticeClass.SITE, name=draw(labels)),
            Kind(id="lorries", notice=NoticeClass.MOVEMENT, name=draw(labels)),
            Kind(id="rescue", notice=NoticeClass.MOVEMENT, name=draw(labels)),
        ),
        rules=(every, *named),
        forms=tuple(
            Form(between=("ochre", "azure"), form=form)
            for form in draw(st.lists(st.sampled_from(FormOfCooperation), max_size=2))
        ),
        theatre=Theatre(
            ground=Terrain(lower_mm=ground[0], upper_mm=ground[1]) if ground else None,
            air=draw(st.sampled_from([None, air])),
        ),
        hazard_margin_mm=draw(lengths),
        withdrawal_grace_us=draw(hours),
        skew_us=draw(moments),
        oversize_mm=draw(lengths),
        stop=StopLine(
            echelons=tuple(
                draw(st.lists(st.sampled_from(["liaison", "acting-unit", "watch"]), min_size=1, max_size=3))
            ),
            steps_us=tuple(
                step * 1_000_000
                for step in sorted(
                    draw(st.lists(st.integers(1, 10_000), min_size=1, max_size=5, unique=True))
                )
            ),
            read_back_mm=draw(st.integers(1_000, 10_000_000)),
        ),
        cover=CoverSteps(
            cell_e7=draw(st.sampled_from([100_000, 500_000, 1_000_000, 10_000_000, 50_000_000])),
            reaches_mm=tuple(
                sorted(draw(st.sets(st.integers(1_000, 1_000_000_000), min_size=1, max_size=20)))
            ),
            height_mm=draw(st.integers(1_000, 20_000_000)),
            time_us=draw(st.sampled_from([60_000_000, 900_000_000, 3_600_000_000, 86_400_000_000])),
        ),
        outside=tuple(draw(st.lists(labels, max_size=3))),
        movements=draw(
            st.none()
            | st.builds(
                MovementTerms,
                convoys=st.sampled_from([(), ("lorries",)]),
                flights=st.just(("rescue",)),
                agreement_of=st.sampled_from([(), ("ochre", "azure")]),
                test_call_us=st.none() | st.integers(1, 720).map(lambda hours: hours * US_PER_HOUR),
            )
        ),
        witnesses=draw(
            st.none()
            | st.builds(WitnessQuorum, quorum=st.integers(1, 2), of=st.permutations(ids[1:]).map(tuple))
        ),
    )


@given(any_terms())
def test_terms_written_out_and_read_back_are_the_same(terms: Terms) -> None:
    assert read_terms(terms_toml_text(terms)) == terms
