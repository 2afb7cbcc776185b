# SPDX-License-Identifier: Apache-2.0
"""Each thing that a forger can change, and the step that names it (docs/bundle.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


def deep(levels: int) -> Any:
    """A list in a list in a list."""
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


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
    "a released command left out": ("part", HILL, lambda lines: lines[HOSPITAL]["parts"].pop(0)),
    "a command that was not released": (
        "part",
        "river-alliance",
        lambda lines: lines[HOSPITAL]["parts"].insert(0, lines[1]["parts"][0]),
    ),
    "details that nobody committed to": (
        "attachment",
        HILL,
        lambda lines: lines[HOSPITAL]["attachments"].append(
            {"body": "{}", "name": "details", "salt": "0" * 64}
        ),
    ),
    "a view that is no view": ("part", NORTH, body(HOSPITAL, -1, lambda view: view.update(remark=1))),
    "a fraction in a view": ("part", NORTH, body(HOSPITAL, -1, lambda view: view.update(events=[1.5]))),
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


ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**70,
    "",
    "é",
    [],
    {},
    [[]],
    {"a": None},
    "0" * 64,
    ["x"],
    deep(400),
)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_whatever_stands_anywhere_a_bundle_is_answered_and_never_breaks_its_reader(
    data: st.DataObject,
) -> None:
    """A value somewhere in a line, or in the JSON within a body, is another one; spelled canonically all the same."""
    reader = data.draw(st.sampled_from([NORTH, DESK]))
    lines = lines_of(bundles()[reader, False])
    line = lines[data.draw(st.integers(0, len(lines) - 1))]
    within = data.draw(st.booleans())
    if within and line.get("parts"):
        part = data.draw(st.sampled_from(line["parts"]))
        value = replaced(data, json.loads(part["body"]))
        part["body"] = encode(value).decode()
        if part["slot"] == 0 and data.draw(st.booleans()) and isinstance(value, dict):
            value["command"] = encode(replaced(data, json.loads(lines[1]["parts"][0]["body"]))).decode()
            part["body"] = encode(value).decode()
    else:
        replaced(data, line)
    found = checked(of_lines(lines))
    # All parts, or a consent, may be taken out of an entry: an empty place looks like a full one (docs/bundle.md).
    emptied = any(
        line[name] == [] != before[name]
        for line, before in paired(lines, reader)
        for name in ("parts", "attachments")
    )
    assert found.wrong.startswith("[") or emptied or of_lines(lines) == bundles()[reader, False]


def paired(lines: list[Line], reader: str) -> Iterator[tuple[Line, Line]]:
    """The entries of a changed bundle beside what they were."""
    return zip(lines[1:], lines_of(bundles()[reader, False])[1:], strict=True)


def replaced(data: st.DataObject, value: Any) -> Any:
    """The value with something odd at a random place in it."""
    inside, step = value, None
    holder: Any = None
    while isinstance(inside, dict | list) and inside and (step is None or data.draw(st.integers(0, 3))):
        step = data.draw(
            st.sampled_from(sorted(inside) if isinstance(inside, dict) else list(range(len(inside))))
        )
        holder, inside = inside, inside[step]
    if holder is not None:
        holder[step] = data.draw(st.sampled_from(ODD))
    return value
