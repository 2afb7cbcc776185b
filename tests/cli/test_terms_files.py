# SPDX-License-Identifier: Apache-2.0
"""`standclear terms check | diff | explain`: files of terms in sentences."""

from __future__ import annotations

from pathlib import Path

from standclear import wiring
from standclear.core.enrolment import terms_hash
from standclear.core.terms import KeepClear, Kind, NoticeClass, keep_clear_rules
from standclear.core.terms_toml import read_terms
from standclear.errors import Malformed
from tests.cli.files import invoke, write

STOP = Kind(id="stop", notice=NoticeClass.STOP, name="Stop")
STARTER = wiring.starter_terms()


def test_terms_that_can_be_used_are_named_with_the_hash_that_a_party_assents_to(tmp_path: Path) -> None:
    ran = invoke("terms", "check", write(tmp_path, "terms.toml", STARTER))
    assert ran.exit_code == 0
    assert f"hash {terms_hash(read_terms(STARTER))}" in ran.stdout


def test_a_number_that_changed_is_said_with_what_it_was(tmp_path: Path) -> None:
    changed = STARTER.replace("hazard_margin_m = ", "hazard_margin_m = 1", 1)
    assert changed != STARTER
    old, new = write(tmp_path, "old.toml", STARTER), write(tmp_path, "new.toml", changed)
    ran = invoke("terms", "diff", old, new)
    assert ran.exit_code == 1
    was, now = read_terms(STARTER).hazard_margin_mm, read_terms(changed).hazard_margin_mm
    assert ran.stdout == f"`hazard_margin_mm` is {now}, before {was}.\n"


def test_a_rule_that_is_gone_and_an_end_that_is_set_are_both_said(tmp_path: Path) -> None:
    more = STARTER.replace("version = ", "in_force_until = 2031-01-01T00:00:00Z\nversion = ", 1)
    extra = '\n[[rule]]\nid = "zz-early"\nshape = "lead_time"\nkinds = ["movement"]\nlead_h = 36\n'
    old, new = write(tmp_path, "old.toml", STARTER + extra), write(tmp_path, "new.toml", more)
    ran = invoke("terms", "diff", old, new)
    assert "The rule zz-early is gone: [zz-early] Notice of movement is given 36 hours before" in ran.stdout
    assert "They hold until 2031-01-01T00:00:00" in ran.stdout


def test_equal_files_are_said_to_be_equal(tmp_path: Path) -> None:
    old = write(tmp_path, "old.toml", STARTER)
    new = write(tmp_path, "new.toml", "# a remark\n" + STARTER)
    ran = invoke("terms", "diff", old, new)
    assert (ran.exit_code, "say the same" in ran.stdout) == (0, True)


def test_every_rule_that_names_a_kind_is_explained_for_it_and_no_other(tmp_path: Path) -> None:
    terms = read_terms(STARTER)
    file = write(tmp_path, "terms.toml", STARTER)
    for kind in terms.kinds:
        said = invoke("terms", "explain", file, "--kind", kind.id).stdout
        for rule in terms.rules:
            if isinstance(rule, KeepClear):
                names = any(rule in keep_clear_rules(terms, kind, other) for other in terms.kinds)
                names = names or rule in keep_clear_rules(terms, kind, STOP)
            else:
                names = kind.id in rule.kinds or kind.notice.value in rule.kinds
            assert (f"[{rule.id}]" in said) == names, (kind.id, rule.id)
        assert ("asks for nothing" in said) == (kind.notice is not NoticeClass.ACTIVITY)


def test_a_kind_that_no_terms_define_is_answered_with_those_they_do(tmp_path: Path) -> None:
    ran = invoke("terms", "explain", write(tmp_path, "terms.toml", STARTER), "--kind", "convoi")
    assert isinstance(ran.exception, Malformed)
    assert "did you mean `convoy`?" in ran.exception.expected
