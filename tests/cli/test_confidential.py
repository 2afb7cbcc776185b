# SPDX-License-Identifier: Apache-2.0
"""Contacts and plates go in by file and by hand, and are read by those alone who may."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from standclear import wiring
from standclear.client import Client
from standclear.errors import NotFound
from standclear.identity import Identity
from tests import world
from tests.cli.files import collection, feature, point, write
from tests.cli.test_import import Desk, desk

__all__ = ["desk"]
CONTACT = {"contact": "duty officer +000 123", "plates": "two white vans"}


def reader(desk: Desk, actor: str) -> Client:
    command, session = (world.signing_key(f"{actor} {use}") for use in ("command", "session"))
    return Client(
        desk.url, Identity(actor, "watch", command, session), clock=wiring.utc_now_us, draw=wiring.draw
    )


def details(desk: Desk, actor: str, notice: str) -> dict[str, str] | None:
    with reader(desk, actor) as client:
        try:
            return dict(json.loads(client.details(notice).body or "{}")["about"])
        except NotFound:
            return None


def clinic(folder: Path, confidential: object) -> Path:
    one = feature(
        "H1", point(30.1, 1.5), kind="hospital", name="Hill clinic", radius_m=50, confidential=confidential
    )
    return write(folder, "sites.geojson", collection(one))


def test_what_a_file_says_in_confidence_is_read_by_those_shown_the_notice_in_full(desk: Desk) -> None:
    release = ("--release-to", "north-command=full", "--release-to", "river-alliance=volume")
    exit_code, given = desk.give(clinic(desk.folder, CONTACT), *release)
    assert exit_code == 0
    notice = given["notices"]["H1"]
    assert details(desk, "north-command", notice) == CONTACT
    assert details(desk, "river-alliance", notice) is None


def test_by_hand_it_is_read_by_those_who_are_named(desk: Desk) -> None:
    where = (
        "--lon",
        "30.2",
        "--lat",
        "1.5",
        "--radius-m",
        "50",
        "--kind",
        "hospital",
        "--name",
        "Mill clinic",
    )
    said = ("--detail", "contact=night desk", "--details-to", "river-alliance")
    ran = desk.run("notify", *where, *said, "--release", "full", "--yes")
    assert ran.exit_code == 0, ran.output
    notice = ran.stdout.split()[1]
    assert details(desk, "river-alliance", notice) == {"contact": "night desk"}
    assert details(desk, "north-command", notice) is None


def test_a_row_whose_confidence_cannot_be_read_is_refused_alone_and_a_changed_one_is_not_given_twice(
    desk: Desk,
) -> None:
    exit_code, given = desk.give(clinic(desk.folder, "duty officer"))
    assert (exit_code, given["notices"]) == (1, {})
    assert given["bad"][0]["reason"].startswith("confidential: is ")
    desk.give(clinic(desk.folder, CONTACT))
    exit_code, given = desk.give(clinic(desk.folder, CONTACT | {"plates": "three"}))
    assert exit_code == 1
    assert "says something else now" in given["bad"][0]["reason"]


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--detail", "contact"), "--detail"), (("--details-to", "nobody"), "nobody in the terms")],
)
def test_a_detail_that_says_nothing_and_a_reader_that_is_nobody_are_refused(
    desk: Desk, words: tuple[str, str], said: str
) -> None:
    where = (
        "--lon",
        "30.2",
        "--lat",
        "1.5",
        "--radius-m",
        "50",
        "--kind",
        "hospital",
        "--name",
        "Mill clinic",
    )
    ran = desk.run("notify", *where, *words, "--release", "full", "--yes")
    assert ran.exit_code != 0
    assert said in str(getattr(ran.exception, "sentence", lambda: ran.output)())
