# SPDX-License-Identifier: Apache-2.0
"""Each thing that a forger can change, and the step that names it (docs/bundle.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from standclear.bundle.making import whole
from standclear.core.codec import encode
from tests import centre_kit, world
from tests.bundle.kit import (
    DESK,
    HILL,
    NORTH,
    Line,
    bundles,
    changed,
    checked,
    lines_of,
    lived,
    of_lines,
    proven,
    sight,
)
from tests.mirror.lies.liar import forgetting, told_anew

Lie = Callable[[list[Line]], object]
HOSPITAL = 4
"""The line of the hospital: entry 3 stands below the first line and three entries."""


def edit(line: int, *place: Any) -> Callable[[Any], Lie]:
    """Put a value at a place of a line."""

    def with_value(value: Any) -> Lie:
        def lie(lines: list[Line]) -> None:
            inside: Any = lines[line]
            for step in place[:-1]:
                inside = inside[step]
            inside[place[-1]] = value

        return lie

    return with_value


def body(line: int, part: int, change: Callable[[dict[str, Any]], object]) -> Lie:
    """Change what a part's body says, spelled canonically."""

    def lie(lines: list[Line]) -> None:
        shown = lines[line]["parts"][part]
        value = json.loads(shown["body"])
        change(value)
        shown["body"] = encode(value).decode()

    return lie


def swapped(lines: list[Line]) -> None:
    lines[3], lines[4] = lines[4], lines[3]


LIES: dict[str, tuple[str, str, Lie]] = {
    "a member that no bundle has": ("form", NORTH, edit(0, "remark")("hello")),
    "a path in a whole bundle": ("form", NORTH, edit(2, "path")([])),
    "a slot that stands twice": ("form", NORTH, lambda lines: lines[1]["parts"].append(lines[1]["parts"][0])),
    "no entry at all": ("form", NORTH, lambda lines: lines.__delitem__(slice(1, None))),
    "another log's name": ("head", NORTH, edit(0, "origin")("exercise.example/other")),
    "no exercise": ("head", NORTH, edit(0, "exercise")(False)),
    "another reader": ("head", NORTH, edit(0, "reader")("river-alliance")),
    "a head that nobody signed": (
        "head",
        NORTH,
        lambda lines: lines[0].update(checkpoint=re.sub("\n[0-9]+\n", "\n2\n", lines[0]["checkpoint"])),
    ),
    "the first entry left out": ("head", NORTH, lambda lines: lines.pop(1)),
    "an entry left out": ("leaf", NORTH, lambda lines: lines.pop(4)),
    "the last entry left out": ("leaf", NORTH, lambda lines: lines.pop()),
    "two entries exchanged": ("leaf", NORTH, swapped),
    "an entry dated earlier": (
        "leaf",
        NORTH,
        lambda lines: lines[HOSPITAL].update(leaf=lines[HOSPITAL]["leaf"].replace('"at":18', '"at":17')),
    ),
    "a command and view left out of a terms entry": ("chain", NORTH, lambda lines: lines[2]["parts"].clear()),
    "the command left out of a terms entry": ("chain", NORTH, lambda lines: lines[2]["parts"].pop(0)),
    "a view that says something else": (
        "part",
        NORTH,
        body(HOSPITAL, -1, lambda view: view["events"][0].update(notice="N4")),
    ),
    "another's view": ("part", NORTH, lambda lines: lines[HOSPITAL]["parts"][-1].update(slot=9)),
    "another salt": ("part", NORTH, edit(HOSPITAL, "parts", 0, "salt")("0" * 64)),
    "another consent": (
        "attachment",
        HILL,
        edit(HOSPITAL, "attachments", 0, "body")('{"release":[]}'),
    ),
    "a consent without its command": (
        "attachment",
        HILL,
        lambda lines: lines[HOSPITAL]["parts"].pop(0),
    ),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_named_by_the_step_that_finds_it(name: str) -> None:
    step, reader, lie = LIES[name]
    found = proven(changed(bundles()[reader, False], lie))
    assert (found.step, found.wrong[: len(step) + 2]) == (step, f"[{step}]"), found.wrong
    assert found.wrong.endswith(".")


def test_the_sentence_says_where_and_what_would_be_right() -> None:
    found = proven(changed(bundles()[NORTH, False], lambda lines: lines.pop(4)))
    assert found.wrong == "[leaf] entry 4: stands where entry 3 is missing."


def test_another_key_than_the_one_known_is_no_head() -> None:
    found = proven(bundles()[NORTH, False], world.signing_key("somebody").public)
    assert found.wrong.startswith(
        "[head] checkpoint: no entry of the bundle enrols the checkpoint key that was asked"
    )


def test_a_file_cut_anywhere_is_found() -> None:
    data = bundles()[NORTH, False]
    for cut in range(0, len(data), len(data) // 40):
        assert proven(data[:cut]).wrong, cut


def test_what_is_no_bundle_is_said() -> None:
    for data in (b"", b"\xff\xfe\n", b"[" * 100_000 + b"\n", b'{"bundle":"standclear/bundle/2"}\n', b"{}\n"):
        assert proven(data).step == "form"


@pytest.mark.parametrize("reader", [NORTH, DESK])
def test_one_byte_changed_anywhere_is_found(reader: str) -> None:
    data = bundles()[reader, False]
    for place in range(7, len(data), 997):
        assert proven(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]).wrong, place


@pytest.mark.parametrize("reader", [NORTH, DESK])
def test_a_decision_that_was_never_told_is_found_behind_good_bytes(reader: str) -> None:
    """The centre itself sealed the lie, so its bytes stand; the reader's own fold does not."""
    with lived() as keyed:
        honest = list(keyed.centre._store.read(0))
    forgotten = forgetting("activity_blocked", sight(keyed.centre, reader).whom.slot)
    keyed = centre_kit.start(told_anew(honest, 4, forgotten))
    try:
        bundle = b"".join(whole(sight(keyed.centre, reader)))
    finally:
        keyed.centre.close()
    assert proven(bundle).wrong == ""
    assert checked(bundle).wrong.startswith("[judged] entry 4")


def test_lines_are_written_as_they_are_read() -> None:
    data = bundles()[DESK, True]
    assert of_lines(lines_of(data)) == data
