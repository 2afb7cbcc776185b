# SPDX-License-Identifier: Apache-2.0
"""The stop line over HTTP and on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standclear.cli import app
from standclear.core.commands import RecallStep
from standclear.core.model import Drill, ReleaseLevel
from standclear.identity import write_identity
from tests import world
from tests.web.kit import Served, identity, serve

HILL, NORTH, RIVER = "hill-relief", "north-command", "river-alliance"
PLACE = (300_717_000, 15_021_000)


@pytest.fixture
def served() -> Iterator[Served]:
    """A centre whose stop line rings the watch and the acting unit of each party."""
    running = serve()
    yield running
    running.stop()


def test_a_stop_is_open_until_all_have_read_it_back(served: Served) -> None:
    stop = served.client(HILL).stop(PLACE, 2_000_000, "children").notice
    assert stop is not None
    said = served.client(NORTH).read_back(stop, PLACE, 2_000_000)
    assert said is not None
    assert said.right
    open_items = served.client("watch-desk").watch().items
    assert {(item.waits_on, item.echelon) for item in open_items} == {
        ((NORTH,), "acting-unit"),
        ((RIVER,), "watch"),
        ((RIVER,), "acting-unit"),
    }


def test_the_measured_time_is_shown_to_its_party_and_the_desk(served: Served) -> None:
    stop = served.client("watch-desk").stop(PLACE, 2_000_000, "monthly drill", Drill.ANNOUNCED).notice
    assert stop is not None
    served.keyed.clock.now_us += 42_000_000
    served.client(NORTH).read_back(stop, PLACE, 2_000_000)
    (took,) = served.client(NORTH).watch().measured
    assert (took.party, took.echelon, took.took_us // 1_000_000) == (NORTH, "watch", 42)
    assert served.client("watch-desk").watch().measured == (took,)
    assert served.client(RIVER).watch().measured == ()


def test_a_recalled_flight_stays_open_after_its_window_until_it_is_clear(served: Served) -> None:
    full = world.shown_to_all(ReleaseLevel.FULL)
    flight = world.flight(lower_m=0, upper_m=100)
    activity = served.client(NORTH).notify(flight, full).notice
    served.client(HILL).notify(world.hospital(), full)
    served.keyed.clock.now_us += 4 * world.DAY
    served.client(HILL).notify(world.hospital(lon=35), full)
    assert activity is not None
    assert "airborne" in {item.what for item in served.client("watch-desk").watch().items}
    served.client(NORTH).report_recall(activity, RecallStep.CLEAR)
    assert "airborne" not in {item.what for item in served.client("watch-desk").watch().items}


def test_on_the_command_line(served: Served, tmp_path: Path) -> None:
    def run(actor: str, *words: str) -> tuple[int, str]:
        key = tmp_path / f"{actor}.key"
        if not key.exists():
            write_identity(key, identity(actor))
        ran = CliRunner().invoke(app, [*words, "--url", served.running.url, "--key", str(key)])
        return ran.exit_code, ran.output

    here = ["--lat", "1.5021", "--lon", "30.0717", "--radius-m", "2000"]
    code, said = run(HILL, "stop", *here, "--reason", "children on the road")
    assert (code, said.split(" stands")[0]) == (0, "EXERCISE  N3")
    assert run(NORTH, "read-back", "N3", *here) == (0, "N3: that is the place.\n")
    wrong = ["--lat", "1.5021", "--lon", "30.1525", "--radius-m", "2000"]
    code, said = run(RIVER, "read-back", "N3", *wrong)
    assert (code, "WRONG. Another circle: 8,99" in said) == (1, True)
    assert run(RIVER, "read-back", "N9", *here)[0] == 1
    assert run(RIVER, "read-back", "N3", "--lat", "north", *here[2:])[0] != 0
    assert run(HILL, "withdraw", "N3")[0] == 0
