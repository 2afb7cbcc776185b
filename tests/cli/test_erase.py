# SPDX-License-Identifier: Apache-2.0
"""`standclear erase` on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standclear.cli import app
from standclear.identity import write_identity
from tests.web.kit import Served, identity, serve
from tests.web.test_details import AUTHOR, given


@pytest.fixture
def served() -> Iterator[Served]:
    running = serve()
    yield running
    running.stop()


def erase(served: Served, folder: Path, actor: str, *more: str) -> tuple[int, str, BaseException | None]:
    key = folder / f"{actor}.key"
    if not key.exists():
        write_identity(key, identity(actor))
    ran = CliRunner().invoke(app, ["erase", *more, "--url", served.running.url, "--key", str(key)])
    return ran.exit_code, ran.output, ran.exception


def test_an_author_has_details_erased(served: Served, tmp_path: Path) -> None:
    notice = given(served)
    code, said, _ = erase(served, tmp_path, AUTHOR, notice, "--details")
    assert code == 0
    assert said.startswith(
        "EXERCISE  the details of N3 are erased, as entry 4. Copies that others keep are not"
    )
    assert served.keyed.centre.details(3) is None


def test_the_arbiter_has_consent_erased_and_the_author_may_not(served: Served, tmp_path: Path) -> None:
    notice = given(served)
    code, said, _ = erase(served, tmp_path, AUTHOR, notice, "--consent")
    assert code == 1
    assert "nothing changed: Only the arbiter has consent erased" in said
    assert erase(served, tmp_path, "elder-panel", notice, "--consent")[0] == 0
    kept = served.keyed.centre.entry(3).attachments
    assert {one.name: one.body is None for one in kept} == {"consent": True, "details": False}


def test_one_who_does_not_say_what_erases_nothing(served: Served, tmp_path: Path) -> None:
    notice = given(served)
    code, _, error = erase(served, tmp_path, AUTHOR, notice)
    assert code != 0
    assert "--details or --consent" in str(error)
    assert served.keyed.centre.details(3) is not None
