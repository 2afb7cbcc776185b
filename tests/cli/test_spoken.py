# SPDX-License-Identifier: Apache-2.0
"""`standclear speak` and `standclear heard`, and the example in docs/speakable.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standclear.cli import app
from standclear.formats.spoken.reading import read_spoken
from standclear.identity import write_identity
from tests import world
from tests.web.kit import Served, identity, serve

PAGE = Path(__file__).parents[2] / "docs" / "speakable.md"


@pytest.fixture
def served() -> Iterator[Served]:
    running = serve()
    yield running
    running.stop()


def run(served: Served, folder: Path, actor: str, *words: str, typed: str = "") -> tuple[int, str, str]:
    key = folder / f"{actor}.key"
    if not key.exists():
        write_identity(key, identity(actor))
    ran = CliRunner().invoke(app, [*words, "--url", served.running.url, "--key", str(key)], input=typed)
    return ran.exit_code, ran.output, str(ran.exception)


def test_what_one_post_speaks_another_hears_and_holds_against_the_notice(
    served: Served, tmp_path: Path
) -> None:
    relief = served.client("hill-relief")
    notice = f"N{relief.notify(world.hospital(30.25), world.shown_to_all()).entry}"
    code, said, _ = run(served, tmp_path, "hill-relief", "speak", notice)
    assert code == 0
    code, told, _ = run(served, tmp_path, "north-command", "heard", "-", typed=said)
    assert (code, f"The same place, height and time as {notice} has now." in told) == (0, True)
    relief.amend(notice, world.hospital(30.26), world.shown_to_all())
    code, told, _ = run(served, tmp_path, "north-command", "heard", "-", typed=said)
    assert (code, "SAYS SOMETHING ELSE" in told) == (1, True)


def test_a_wrong_group_is_named_and_nothing_is_imported(served: Served, tmp_path: Path) -> None:
    notice = f"N{served.client('hill-relief').notify(world.hospital(30.25), world.shown_to_all()).entry}"
    _, said, _ = run(served, tmp_path, "hill-relief", "speak", notice)
    wrong = tmp_path / "message.txt"
    wrong.write_text(said.replace("30.25E", "30.52E"))
    size = served.keyed.centre.snapshot.size
    _, _, why = run(served, tmp_path, "hill-relief", "heard", str(wrong))
    assert re.search(r"group \d+: the check digits of '30.52E-\d\d' do not fit", why)
    code, _, why = run(served, tmp_path, "hill-relief", "import", str(wrong), "--release", "volume")
    assert code != 0
    assert "do not fit" in why
    assert served.keyed.centre.snapshot.size == size


def test_a_heard_site_is_imported_and_named_as_heard(served: Served, tmp_path: Path) -> None:
    relief = served.client("hill-relief")
    notice = f"N{relief.notify(world.hospital(30.25), world.shown_to_all()).entry}"
    _, said, _ = run(served, tmp_path, "hill-relief", "speak", notice)
    file = tmp_path / "message.txt"
    file.write_text(said)
    code, _, _ = run(served, tmp_path, "hill-relief", "import", str(file), "--release", "full")
    assert code == 0
    names = [item.content.name for item in served.client("north-command").notices()]
    assert f"{notice}, as heard by voice" in names


def test_a_stop_is_not_imported(served: Served, tmp_path: Path) -> None:
    stop = served.client("lake-observers").stop((302_500_000, 15_500_000), 500_000, "children")
    _, said, _ = run(served, tmp_path, "lake-observers", "speak", str(stop.notice))
    file = tmp_path / "stop.txt"
    file.write_text(said)
    _, _, why = run(served, tmp_path, "lake-observers", "import", str(file), "--release", "full")
    assert "a stop is called, not notified" in why


def test_the_api_speaks_as_the_command_line_does(served: Served, tmp_path: Path) -> None:
    notice = f"N{served.client('hill-relief').notify(world.hospital(30.25), world.shown_to_all()).entry}"
    _, said, _ = run(served, tmp_path, "north-command", "speak", notice)
    _, radio, _ = run(served, tmp_path, "north-command", "speak", notice, "--radio")
    with served.raw("north-command") as http:
        answer = http.get(f"/v1/notices/{notice}/spoken").json()
    assert answer["parts"] == said.splitlines()
    assert answer["radio"] == radio.splitlines()


def test_the_example_of_the_page_is_read() -> None:
    found = re.search(r"```\n(SC1 .*)\n```", PAGE.read_text())
    assert found
    heard = read_spoken(found[1])
    assert (heard.notice, heard.sort, heard.row.volumes[0].footprint.radius_mm) == ("N42", "STOP", 500_000)
