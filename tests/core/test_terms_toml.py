# SPDX-License-Identifier: Apache-2.0
"""Terms as people write them: read exactly, or refused with file, line, key and what would be right."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standclear.core import terms_toml
from standclear.core.terms import Acknowledge, KeepClear, LeadTime, NoticeClass, Role, StayInside
from standclear.core.terms_table import TermsProblems
from standclear.core.terms_toml import MAX_TERMS_BYTES, read_terms
from standclear.errors import TermsInvalid
from standclear.geometry.volume import NO_THEATRE, Air, Minima, Terrain, Theatre
from standclear.units import US_PER_HOUR

ROOT = Path(__file__).parents[2]
STARTER = (ROOT / "src/standclear/starter-terms.toml").read_text("utf-8")
DOCS = (ROOT / "docs/terms.md").read_text("utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
WHOLE = EXAMPLES[-1]

SMALL = """\
title = "Test"
version = 1
hazard_margin_m = 2_000

[[actor]]
id = "desk"
name = "Desk"
role = "desk"

[[actor]]
id = "azure"
name = "Azure"
role = "party"

[[actor]]
id = "ochre"
name = "Ochre"
role = "party"

[[kind]]
id = "hospital"
notice = "site"
name = "Hospital"

[[kind]]
id = "survey-flight"
notice = "activity"
name = "Survey"

[[kind]]
id = "box"
notice = "activity_area"
name = "Box"

[[rule]]
id = "keep-clear"
shape = "keep_clear"
between = ["activity"]
and = ["site", "movement", "truce_area", "airspace_measure", "stop", "activity"]
horizontal_m = 1_000
vertical_m = 300.0
time_s = 900

[[rule]]
id = "ahead"
shape = "lead_time"
kinds = ["activity"]
lead_h = 24

[cover]
cell_deg = 0.1
reaches_km = [2, 5, 20]
altitude_step_m = 500
time_step_min = 60
"""


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def changed(old: str, new: str) -> str:
    assert SMALL.count(old) == 1
    return SMALL.replace(old, new)


def problems(text: str) -> tuple[TermsInvalid, ...]:
    with pytest.raises(TermsProblems) as caught:
        read_terms(text, "our.toml")
    return caught.value.problems


def only_problem(text: str) -> TermsInvalid:
    (problem,) = problems(text)
    return problem


def test_small_terms_are_read_in_whole_millimetres_and_microseconds() -> None:
    terms = read_terms(SMALL)
    assert terms.hazard_margin_mm == 2_000_000
    assert terms.rule("keep-clear") == KeepClear(
        id="keep-clear",
        between=("activity",),
        and_=("site", "movement", "truce_area", "airspace_measure", "stop", "activity"),
        minima=Minima(horizontal_mm=1_000_000, vertical_mm=300_000, time_us=900_000_000),
    )


def test_rules_are_sorted_by_id_and_actors_by_number() -> None:
    numbered = SMALL.replace('id = "desk"', 'id = "desk"\nnumber = 7')
    assert [actor.number for actor in read_terms(numbered).actors] == [1, 2, 7]
    assert [rule.id for rule in read_terms(SMALL).rules] == ["ahead", "keep-clear"]


def test_actors_without_numbers_have_their_positions() -> None:
    assert [(actor.id, actor.number) for actor in read_terms(SMALL).actors] == [
        ("desk", 0),
        ("azure", 1),
        ("ochre", 2),
    ]


def test_what_is_left_out_has_the_defaults_of_the_documentation() -> None:
    terms = read_terms(SMALL)
    assert terms.withdrawal_grace_us == 48 * US_PER_HOUR
    assert (terms.skew_us, terms.oversize_mm) == (300_000_000, 100_000_000)
    assert (terms.theatre, terms.outside, terms.forms) == (NO_THEATRE, (), ())
    assert (terms.in_force_from_us, terms.in_force_until_us) == (None, None)


def test_times_in_force_carry_their_offset() -> None:
    terms = read_terms("in_force_from = 1970-01-01T02:00:01+02:00\n" + SMALL)
    assert terms.in_force_from_us == 1_000_000


@pytest.mark.parametrize(
    ("written", "millimetres"),
    [("0.0005", 1), ("1", 1_000), ("1.0001", 1_001), ("1e3", 1_000_000), ("999999.999999999", 10**9)],
)
def test_minima_are_rounded_up_to_millimetres(written: str, millimetres: int) -> None:
    rule = read_terms(changed("horizontal_m = 1_000", f"horizontal_m = {written}")).rule("keep-clear")
    assert isinstance(rule, KeepClear)
    assert rule.minima.horizontal_mm == millimetres


@pytest.mark.parametrize(
    ("datum", "terrain"),
    [
        ("", Terrain(lower_mm=-1_001, upper_mm=2_001)),
        ('ground_datum = "W84"', Terrain(lower_mm=-1_001, upper_mm=2_001)),
        ('ground_datum = "AMSL"', Terrain(lower_mm=-109_001, upper_mm=89_001)),
    ],
)
def test_the_theatres_ground_is_rounded_outward_and_sea_level_widened(datum: str, terrain: Terrain) -> None:
    theatre = f"\n[theatre]\nground_lowest_m = -1.0001\nground_highest_m = 2.0001\n{datum}\n"
    assert read_terms(SMALL + theatre).theatre == Theatre(ground=terrain, air=None)


def test_a_theatre_without_ground_and_air_lacks_its_ground() -> None:
    found = problems(SMALL + "\n[theatre]\n")
    assert [(problem.where or "").split()[-1] for problem in found] == ["ground_lowest_m", "ground_highest_m"]


QNH = "qnh_lowest_hpa = 985\nqnh_highest_hpa = 1_035\n"


@pytest.mark.parametrize(
    ("written", "cold_mk", "warm_mk"),
    [
        ("", -85_000, 50_000),
        ("temperature_lowest_k = -20", -20_000, 50_000),
        ("temperature_highest_k = 25", -85_000, 25_000),
        ("temperature_lowest_k = 5\ntemperature_highest_k = 5", 5_000, 5_000),
    ],
)
def test_the_theatres_air_needs_no_ground_and_has_the_worlds_temperatures_where_none_are_written(
    written: str, cold_mk: int, warm_mk: int
) -> None:
    air = Air(qnh_lower_pa=98_500, qnh_upper_pa=103_500, isa_lower_mk=cold_mk, isa_upper_mk=warm_mk)
    theatre = f"\n[theatre]\n{QNH}{written}\n"
    assert read_terms(SMALL + theatre).theatre == Theatre(ground=None, air=air)
    ground = Terrain(lower_mm=1_000, upper_mm=2_000)
    theatre += "ground_lowest_m = 1\nground_highest_m = 2\n"
    assert read_terms(SMALL + theatre).theatre == Theatre(ground=ground, air=air)


@pytest.mark.parametrize(
    "text",
    ["\ufeff" + SMALL, SMALL.replace("\n", "\r\n"), SMALL.replace("id =", '"id" ='), SMALL + "# …"],
    ids=["byte-order-mark", "windows-line-ends", "quoted-keys", "comment"],
)
def test_what_editors_do_to_a_file_changes_nothing(text: str) -> None:
    assert read_terms(text) == read_terms(SMALL)


DEFECTS = {
    "title-missing": ('title = "Test"\n', "", "", "title", "this is missing"),
    "title-blank": ('title = "Test"', 'title = " "', "title", "title", '" " cannot stand here'),
    "title-on-two-lines": ('"Test"', '"a\\nb"', "title", "title", '"a\\nb" cannot stand here'),
    "title-too-long": ('"Test"', f'"{"x" * 201}"', "title", "title", "cannot stand here"),
    "version-0": ("version = 1", "version = 0", "version", "version", "0 cannot stand here"),
    "version-true": ("version = 1", "version = true", "version", "version", "true cannot stand here"),
    "margin-missing": ("hazard_margin_m = 2_000\n", "", "", "hazard_margin_m", "this is missing"),
    "margin-not-a-number": ("2_000", "nan", "hazard", "hazard_margin_m", "NaN cannot stand here"),
    "margin-infinite": ("2_000", "-inf", "hazard", "hazard_margin_m", "-Infinity cannot stand here"),
    "margin-negative": ("2_000", "-1", "hazard", "hazard_margin_m", "-1 cannot stand here"),
    "margin-just-too-far": ("2_000", "1000000.000000001", "hazard", "hazard_margin_m", "cannot stand here"),
    "margin-astronomic": ("2_000", "1e999999", "hazard", "hazard_margin_m", "cannot stand here"),
    "margin-no-decimal": ("2_000", "1e9999999999999999999", "hazard", "hazard_margin_m", "NaN cannot"),
    "margin-huge": ("2_000", "0x" + "f" * 9_000, "hazard", "hazard_margin_m", "so large a number cannot"),
    "margin-too-fine": ("2_000", "0.0000000001", "hazard", "hazard_margin_m", "cannot stand here"),
    "margin-in-quotes": ("2_000", '"2000"', "hazard", "hazard_margin_m", '"2000" cannot stand here'),
    "time-without-offset": (
        "version = 1",
        "version = 1\nin_force_from = 2027-01-01T00:00:00",
        "in_force_from",
        "in_force_from",
        "2027-01-01 00:00:00 cannot stand here",
    ),
    "time-before-1970": (
        "version = 1",
        "version = 1\nin_force_until = 0001-01-01T00:00:00+05:00",
        "in_force_until",
        "in_force_until",
        "cannot stand here",
    ),
    "outside-of-numbers": (
        "version = 1",
        'version = 1\noutside = ["a", 3]',
        "outside",
        "outside item 2",
        "3 cannot stand here",
    ),
    "theatre-not-a-section": ("version = 1", "version = 1\ntheatre = 3", "theatre", "theatre", "3 cannot"),
    "theatre-half": (
        '[[rule]]\nid = "keep-clear"',
        '[theatre]\nground_lowest_m = 1\n[[rule]]\nid = "keep-clear"',
        "[theatre]",
        "theatre ground_highest_m",
        "this is missing",
    ),
    "theatre-of-flight-levels": (
        "version = 1",
        'version = 1\ntheatre = {ground_lowest_m = 1, ground_highest_m = 2, ground_datum = "FL"}',
        "theatre",
        "theatre ground_datum",
        '"FL" cannot stand here',
    ),
    "theatre-upside-down": (
        "version = 1",
        "version = 1\ntheatre = {ground_lowest_m = 3, ground_highest_m = 2}",
        "theatre",
        "theatre ground_highest_m",
        "the highest ground of the theatre is below its lowest",
    ),
    "air-half": (
        "version = 1",
        "version = 1\ntheatre = {qnh_lowest_hpa = 990}",
        "theatre",
        "theatre qnh_highest_hpa",
        "this is missing",
    ),
    "air-without-pressure": (
        "version = 1",
        "version = 1\ntheatre = {temperature_lowest_k = -20, qnh_highest_hpa = 1035}",
        "theatre",
        "theatre qnh_lowest_hpa",
        "this is missing",
    ),
    "air-in-pascals": (
        "version = 1",
        "version = 1\ntheatre = {qnh_lowest_hpa = 98500, qnh_highest_hpa = 1035}",
        "theatre",
        "theatre qnh_lowest_hpa",
        "98500 cannot stand here",
    ),
    "air-in-inches": (
        "version = 1",
        "version = 1\ntheatre = {qnh_lowest_hpa = 29.5, qnh_highest_hpa = 1035}",
        "theatre",
        "theatre qnh_lowest_hpa",
        "29.5 cannot stand here",
    ),
    "air-in-absolute-kelvins": (
        "version = 1",
        "version = 1\ntheatre = {qnh_lowest_hpa = 985, qnh_highest_hpa = 1035, temperature_highest_k = 288}",
        "theatre",
        "theatre temperature_highest_k",
        "288 cannot stand here",
    ),
    "air-upside-down": (
        "version = 1",
        "version = 1\ntheatre = {qnh_lowest_hpa = 1035, qnh_highest_hpa = 985}",
        "theatre",
        "theatre qnh_highest_hpa",
        "the highest pressure of the theatre is below its lowest",
    ),
    "air-cold-above-warm": (
        "version = 1",
        "version = 1\ntheatre = {qnh_lowest_hpa = 985, qnh_highest_hpa = 1035, temperature_lowest_k = 60}",
        "theatre",
        "theatre temperature_highest_k",
        "the warmest air of the theatre is colder than its coldest",
    ),
    "theatre-misspelt": (
        "version = 1",
        "version = 1\ntheatre = {qnh_lowest_hpa = 985, qnh_highest_hpa = 1035, temperature_lowst_k = 1}",
        "theatre",
        "theatre temperature_lowst_k",
        "nothing is called this here",
    ),
    "role-misspelt": (
        'role = "desk"',
        'role = "desk "',
        'role = "desk "',
        'actor 1 ("desk") role',
        '"desk "',
    ),
    "number-too-high": (
        'id = "ochre"',
        'id = "ochre"\nnumber = 1_022',
        "number = 1_022",
        'actor 3 ("ochre") number',
        "1022 cannot stand here",
    ),
    "number-twice": (
        'id = "desk"',
        'id = "desk"\nnumber = 2',
        '[[actor]]\nid = "ochre"',
        'actor 3 ("ochre") number',
        "two actors have the number `2`",
    ),
    "id-in-capitals": ('id = "box"', 'id = "BOX"', 'id = "BOX"', 'kind 3 ("BOX") id', '"BOX" cannot'),
    "rule-of-no-shape": ('shape = "lead_time"\n', "", '[[rule]]\nid = "ahead"', "rule 2", "this is missing"),
    "shape-misspelt": (
        '"lead_time"',
        '"leadtime"',
        '"leadtime"',
        'rule 2 ("ahead") shape',
        '"leadtime" cannot',
    ),
    "key-misspelt": (
        'kinds = ["activity"]',
        'kinds = ["activity"]\nlead_s = 1',
        "lead_s",
        'rule 2 ("ahead") lead_s',
        "nothing is called this here",
    ),
    "lead-missing": (
        "lead_h = 24\n",
        "",
        '[[rule]]\nid = "ahead"',
        'rule 2 ("ahead") lead_h',
        "this is missing",
    ),
    "lead-twice": (
        "lead_h = 24",
        "lead_h = 24\nlead_min = 3",
        "lead_h",
        'rule 2 ("ahead") lead_h',
        "both lead_h and lead_min are given",
    ),
    "kinds-empty": ('kinds = ["activity"]', "kinds = []", "kinds = []", 'rule 2 ("ahead") kinds', "a list"),
    "kinds-not-a-list": (
        'kinds = ["activity"]',
        'kinds = "activity"',
        'kinds = "activity"',
        'rule 2 ("ahead") kinds',
        '"activity" cannot stand here',
    ),
    "kind-not-defined": (
        'kinds = ["activity"]',
        'kinds = [\n  "activity",\n  "clinic",\n]',
        "kinds = [\n",
        'rule 2 ("ahead") kinds',
        "rule `ahead` names the kind `clinic`, which the terms do not define",
    ),
    "form-of-three": (
        "lead_h = 24\n",
        'lead_h = 24\n[[form]]\nbetween = ["azure", "ochre", "desk"]\nform = "inform"\n',
        'between = ["azure"',
        "form 1 between",
        "a list cannot stand here",
    ),
    "pair-left-out": (
        '"stop", ',
        "",
        '[[kind]]\nid = "survey-flight"',
        'kind 2 ("survey-flight")',
        "no rule says how far `survey-flight` keeps from `stop`",
    ),
    "unknown-section": (
        "lead_h = 24\n",
        "lead_h = 24\n[theater]\n",
        "[theater]",
        "theater",
        "nothing is called",
    ),
    "single-brackets": (
        "lead_h = 24\n",
        'lead_h = 24\n[form]\nbetween = ["azure", "ochre"]\n',
        "[form]",
        "form",
        "a table cannot stand here",
    ),
    "convoy-of-another-class": (
        "lead_h = 24\n",
        'lead_h = 24\n[movements]\nconvoys = ["hospital"]\n',
        "convoys",
        "movements convoys",
        "`hospital` in convoys is no kind of class `movement`",
    ),
    "agreement-of-no-party": (
        "lead_h = 24\n",
        'lead_h = 24\n[movements]\nagreement_of = ["desk"]\n',
        "agreement_of",
        "movements agreement_of",
        "`desk` in agreement_of is no party of these terms",
    ),
    "agreement-to-no-flight": (
        "lead_h = 24\n",
        'lead_h = 24\n[movements]\nagreement_of = ["azure"]\n',
        "agreement_of",
        "movements agreement_of",
        "agreement is asked for and no flights are named",
    ),
    "test-call-of-a-second": (
        "lead_h = 24\n",
        "lead_h = 24\n[movements]\ntest_call_h = 0\n",
        "test_call_h",
        "movements test_call_h",
        "0 cannot stand here",
    ),
    "quorum-of-too-few": (
        "lead_h = 24\n",
        'lead_h = 24\n[witnesses]\nquorum = 2\nof = ["azure"]\n',
        "quorum",
        "witnesses quorum",
        "2 witnesses are asked for and 1 named",
    ),
    "two-in-one-table": (
        "lead_h = 24\n",
        "lead_h = 24\nlead_h = 3\n",
        "lead_h = 3",
        "",
        "this is not TOML: ",
    ),
    "curly-quotes": ('"Box"', "“Box”", "“Box”", "", "this is not TOML: Invalid value"),
    "unfinished": ("lead_h = 24\n", "lead_h =", "lead_h =", "", "this is not TOML: Invalid value"),
    "month-13": ("version = 1", "version = 1\nin_force_from = 2027-13-01T00:00:00Z", "in_force", "", "TOML"),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_each_defect_is_named_by_file_line_and_key_and_has_a_remedy(name: str) -> None:
    old, new, at, key, said = DEFECTS[name]
    text = changed(old, new)
    problem = only_problem(text)
    line = f", line {line_of(text, at)}" if at else ""
    assert problem.where.startswith(f"our.toml{line}{', ' + key if key else ''}")
    assert said in problem.detail
    assert problem.expected or "TOML" in problem.detail


def test_a_misspelt_key_is_told_what_was_perhaps_meant() -> None:
    said = problems(changed("horizontal_m", "horizontl_m"))
    assert [p.where.split(") ")[1] for p in said] == ["horizontal_m", "horizontl_m"]
    assert said[1].expected.endswith("(did you mean `horizontal_m`?)")


def test_a_rule_of_unknown_shape_is_not_blamed_for_its_other_keys() -> None:
    assert only_problem(changed('shape = "keep_clear"', 'shape = "keep_away"')).where.endswith("shape")


def test_curly_quotes_are_told_to_be_straight() -> None:
    assert only_problem(changed('"Box"', "“Box”")).expected == 'straight quotes (")'


def test_a_number_too_long_to_read_is_said_in_plain_words() -> None:
    problem = only_problem(changed("2_000", "9" * 5_000))
    assert (problem.where, "value cannot be read" in problem.detail) == ("our.toml", True)


def test_all_problems_are_collected_in_one_error() -> None:
    text = changed("2_000", "-1").replace("lead_h = 24", "lead_h = inf").replace('"Box"', "7")
    with pytest.raises(TermsInvalid) as caught:
        read_terms(text, "our.toml")
    lines = str(caught.value).splitlines()
    assert lines[0] == "our.toml: 3 problems:"
    assert [re.findall(r"line \d+", line) for line in lines[1:]] == [["line 3"], ["line 33"], ["line 48"]]


def test_a_single_problem_speaks_for_itself() -> None:
    with pytest.raises(TermsInvalid) as caught:
        read_terms(changed("2_000", "-1"))
    assert str(caught.value) == (
        "terms.toml, line 3, hazard_margin_m: -1 cannot stand here. "
        "Expected: metres from 0 to 1000000, as a number without quotes."
    )


def test_only_twenty_of_many_problems_are_listed() -> None:
    text = "".join(f"k{n} = 1\n" for n in range(50)) + SMALL
    with pytest.raises(TermsProblems) as caught:
        read_terms(text)
    assert len(caught.value.problems) == 50
    assert str(caught.value).splitlines()[-1] == "  and 30 more"


def test_reading_ends_where_problems_are_too_many_to_be_of_use() -> None:
    text = "".join(f"k{n} = 1\n" for n in range(30_000)) + SMALL
    with pytest.raises(TermsProblems, match="100 problems or more"):
        read_terms(text)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000_000,
        "é" * (MAX_TERMS_BYTES // 2 + 1),
        "[" * 500_000,
        "a = " + "[" * 500_000,
        "a = " + "{a = " * 100_000,
        "a" + ".a" * 400_000 + " = 1",
        'x = "' + '\\"' * 400_000,
        '"""\\' * 250_000,
        "'''" * 300_000 + "'",
        "[[actor]]\n" * 100_000,
        "\ud800 = 1",
    ],
    ids=[
        "ten-megabytes",
        "a-megabyte-of-two-byte-letters",
        "brackets",
        "nested-lists",
        "nested-tables",
        "dotted-key",
        "open-string",
        "open-long-strings",
        "empty-long-strings",
        "too-many-actors",
        "half-a-letter",
    ],
)
@pytest.mark.timeout(20)
def test_what_would_take_long_is_refused_quickly(text: str) -> None:
    assert problems(text)


def test_bounds_that_the_types_have_are_kept_even_if_this_module_forgot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(terms_toml, "MAX_MM", 10**13)
    with pytest.raises(TermsInvalid, match=r"<= 1000000000"):
        read_terms(changed("2_000", "2_000_000"))


def test_the_starter_terms_can_be_used_and_name_what_the_documentation_promises() -> None:
    terms = read_terms(STARTER)
    assert {actor.role for actor in terms.actors} >= {Role.DESK, Role.PARTY, Role.NOTIFIER, Role.ARBITER}
    assert {kind.notice for kind in terms.kinds} == set(NoticeClass) - {NoticeClass.STOP}
    assert {type(rule) for rule in terms.rules} == {KeepClear, StayInside, LeadTime, Acknowledge}
    assert terms.theatre is not None


def test_the_whole_example_of_the_documentation_can_be_used() -> None:
    assert read_terms(WHOLE).title == "Terms of the example"


@pytest.mark.parametrize("example", EXAMPLES[:-1])
def test_each_section_of_the_documentation_can_be_added_to_the_starter_terms(example: str) -> None:
    added = re.sub(r'id = "', 'id = "example-', example, count=1)
    terms = read_terms(STARTER + added)
    assert terms != read_terms(STARTER)
    assert len(terms.rules) == len(read_terms(STARTER).rules) + example.count("[[rule]]")


def test_every_key_is_documented() -> None:
    keys = set(re.findall(r"^(?:# )?(\w+) = ", STARTER, re.MULTILINE)) | {"lead_min", "deadline_min"}
    assert not [key for key in sorted(keys) if f"`{key}`" not in DOCS]


@given(st.text(st.sampled_from("[]{}=.\"'#\\\n a1-"), max_size=60))
def test_no_text_brings_anything_but_terms_or_a_refusal(text: str) -> None:
    with pytest.raises(TermsInvalid):
        read_terms(text)
