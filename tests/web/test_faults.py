# SPDX-License-Identifier: Apache-2.0
"""When the centre itself fails: an id and no internals, and a health that does not pretend."""

import re

import pytest

from standclear.client.link import ATTEMPTS
from standclear.errors import Unavailable
from tests import world
from tests.centre_kit import notified
from tests.web.kit import Served


def test_a_fault_says_an_id_and_keeps_its_words(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> str:
        raise RuntimeError(" ".join(("secret", "words")))  # the frames show this line

    monkeypatch.setattr(served.keyed.centre, "checkpoint", broken)
    answer = served.raw().get("/log/checkpoint")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    found = re.search(r"logged it as ([0-9a-f]{16})", answer.text)
    assert found is not None
    assert found[1] in caplog.text
    assert "RuntimeError" in caplog.text
    assert "secret words" not in answer.text + caplog.text


def test_a_centre_whose_disk_failed_says_so(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served.keyed.centre, "_failure", Unavailable("the disk failed"))
    health = served.raw().get("/v1/health")
    assert (health.status_code, health.json()["up"]) == (503, False)
    answer = served.post(notified("hill-relief", world.hospital(), 50))
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    client = served.client("hill-relief")
    pauses: list[float] = []
    client._link._pause = pauses.append
    assert not client.health().up
    assert len(pauses) == ATTEMPTS - 1
