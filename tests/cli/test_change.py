# SPDX-License-Identifier: Apache-2.0
"""`standclear amend`, `reconsider` and `assent-area` on the command line, against a real server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standclear.cli import app
from standclear.core.model import Status
from standclear.identity import write_identity
from tests import world
from tests.cli.files import Json, collection, feature, point
from tests.web.kit import Served, identity, serve

HOSPITAL = feature("H1", point(30.5, 1.5), kind="hospital", name="Moved", radius_m=60)


@pytest.fixture
def served() -> Iterator[Served]:
    running = serve()
    yield running
    running.stop()


def run(served: Served, folder: Path, actor: str, *words: str) -> tuple[int, str, str]:
    key = folder / f"{actor}.key"
    if not key.exists():
        write_identity(key, identity(actor))
    ran = CliRunner().invoke(app, [*words, "--url", served.running.url, "--key", str(key)])
    return ran.exit_code, ran.output, str(ran.exception)


def file_of(folder: Path, *features: Json) -> str:
    path = folder / "now.geojson"
    path.write_text(json.dumps(collection(*features)))
    return str(path)


def test_an_author_amends_from_a_file(served: Served, tmp_path: Path) -> None:
    relief = served.client("hill-relief")
    given = relief.notify(world.hospital(30.0), world.shown_to_all())
    notice = f"N{given.entry}"
    code, said, _ = run(
        served, tmp_path, "hill-relief", "amend", notice, file_of(tmp_path, HOSPITAL), "--release", "full"
    )
    assert (code, said[: len("EXERCISE  N3 amended")]) == (0, f"EXERCISE  {notice} amended")
    shown = served.client("north-command").notice(notice)
    assert (shown.content.name, shown.version) == ("Moved", 2)


def test_an_amendment_needs_one_feature_and_a_word_of_consent(served: Served, tmp_path: Path) -> None:
    given = served.client("hill-relief").notify(world.hospital(30.0), world.shown_to_all())
    two = file_of(tmp_path, HOSPITAL, HOSPITAL | {"id": "H2"})
    ask = ("amend", f"N{given.entry}", two)
    _, _, why = run(served, tmp_path, "hill-relief", *ask, "--release", "full")
    assert "more than one feature" in why
    assert "H1, H2" in why
    _, _, why = run(served, tmp_path, "hill-relief", *ask, "--feature", "H2")
    assert "nobody has said to whom this may be shown" in why
    assert run(served, tmp_path, "hill-relief", *ask, "--feature", "H2", "--release", "full")[0] == 0


def test_another_than_its_author_amends_nothing(served: Served, tmp_path: Path) -> None:
    given = served.client("hill-relief").notify(world.hospital(30.0), world.shown_to_all())
    ask = ("amend", f"N{given.entry}", file_of(tmp_path, HOSPITAL), "--release", "full")
    code, said, _ = run(served, tmp_path, "river-alliance", *ask)
    assert code == 1
    assert "nothing changed" in said


def test_a_blocked_activity_is_reconsidered(served: Served, tmp_path: Path) -> None:
    relief, north = served.client("hill-relief"), served.client("north-command")
    site = f"N{relief.notify(world.hospital(30.0), world.shown_to_all()).entry}"
    low = world.flight(30.0, lower_m=0, upper_m=200)
    flight = f"N{north.notify(low, world.shown_to_all()).entry}"
    code, said, _ = run(served, tmp_path, "north-command", "reconsider", flight)
    assert code == 1
    assert f"{flight} is blocked by 1 finding;" in said
    relief.amend(site, world.hospital(31.0), world.shown_to_all())
    code, said, _ = run(served, tmp_path, "north-command", "reconsider", flight)
    assert (code, f"{flight} is filed again" in said) == (0, True)
    assert north.activity(flight).status is Status.FILED


def test_a_party_assents_to_an_area(served: Served, tmp_path: Path) -> None:
    river = served.client("river-alliance")
    area = f"N{river.notify(world.area(lon=33.0), {}).entry}"
    code, said, _ = run(served, tmp_path, "north-command", "assent-area", area)
    assert (code, f"{area} assented to" in said) == (0, True)
    assert "north-command" in river.notice(area).assented
