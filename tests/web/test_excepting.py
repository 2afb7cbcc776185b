# SPDX-License-Identifier: Apache-2.0
"""An exception over HTTP and on the command line: claimed, open in the watch, reported on, read with the notice."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from standclear.cli import app
from standclear.core.model import ReleaseLevel
from standclear.errors import StandclearError
from standclear.identity import write_identity
from tests import world
from tests.excepting import EXCEPTIONS
from tests.web.kit import identity, serve
from tests.world import HOUR, T0

RIVER, NORTH = "river-alliance", "north-command"
FULL = world.shown_to_all(ReleaseLevel.FULL)


def test_a_rescue_is_filed_at_once_reported_on_and_told(tmp_path: Path) -> None:
    served = serve(terms=world.terms(rules=world.ASKING, exceptions=EXCEPTIONS))
    try:
        river = served.client(RIVER)
        plain = world.flight(kind="bound-flight")
        rescue = msgspec.structs.replace(plain, exception="rescue")
        given = river.notify(rescue, FULL).notice
        assert given is not None
        assert served.client(NORTH).notice(given).words[-1].startswith("It claims the exception rescue")
        (open_item,) = [item for item in river.watch().items if item.what == "after_report"]
        assert open_item.by_us == T0 + 73 * HOUR
        served.keyed.clock.now_us = T0 + 80 * HOUR
        write_identity(tmp_path / "river.key", identity(RIVER))
        at = ["--url", served.running.url, "--key", str(tmp_path / "river.key")]
        told = CliRunner().invoke(app, ["after-report", given, "two were found", *at])
        assert "is recorded as entry" in told.stdout
        assert [item for item in river.watch().items if item.what == "after_report"] == []
        assert "two were found" in served.client(NORTH).notice(given).words[-1]
        unknown = msgspec.structs.replace(plain, exception="whim")
        with pytest.raises(StandclearError, match="is no exception of these terms"):
            river.notify(unknown, FULL)
    finally:
        served.stop()
