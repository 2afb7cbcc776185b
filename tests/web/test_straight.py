# SPDX-License-Identifier: Apache-2.0
"""The short way of a command answers as the framework's route does; what is unusual about one is said there."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from standclear.web.returning import Returning
from tests import centre_kit, world
from tests.web.kit import Served, headers_of, serve


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    running = serve()
    yield running
    running.stop()


def answer(
    served: Served, number: int, query: str, **changed: str | None
) -> tuple[int, object, dict[str, str]]:
    """Status, document and headers of one command, with the headers changed that a test changes."""
    submission = centre_kit.notified("hill-relief", world.hospital(), number)
    sent = headers_of(submission) | {name.replace("_", "-"): value for name, value in changed.items()}
    kept = {name: value for name, value in sent.items() if value is not None}
    said = served.raw().post(f"/v1/commands{query}", content=submission.raw, headers=kept)
    body = said.json()
    body.pop("entry", None)
    return (
        said.status_code,
        body,
        {k: v for k, v in said.headers.items() if k not in ("date", "content-length")},
    )


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 201),
        ({"Authorization": "Bearer of nothing"}, 201),
        ({"Standclear_Key": None}, 422),
        ({"Standclear_Key": "0" * 31}, 422),
        ({"Standclear_Key": "0" * 32}, 401),
        ({"Standclear_Signature": "0" * 128}, 401),
        ({"Standclear_Signature": "A" * 128}, 422),
        ({"Standclear_Consent": None}, 422),
        ({"Standclear_Consent": "not base64url!"}, 422),
        ({"Standclear_Details": "AAAA"}, 422),
        ({"Standclear_Details": "A" * 16_388}, 422),
    ],
)
def test_a_command_is_answered_alike_by_the_short_way_and_by_the_long_one(
    served: Served, changed: dict[str, str | None], status: int
) -> None:
    number = 10_000 + len(str(changed))
    short = answer(served, number, "", **changed)
    assert short == answer(served, number, "?by=route", **changed)
    assert short[0] == status


def test_a_header_given_twice_is_read_by_the_framework_as_before(served: Served) -> None:
    submission = centre_kit.notified("hill-relief", world.hospital(), 20_000)
    twice = [*headers_of(submission).items(), ("Standclear-Signature", "0" * 128)]
    statuses = {
        served.raw().post(path, content=submission.raw, headers=twice).status_code
        for path in ("/v1/commands", "/v1/commands?by=route")
    }
    assert len(statuses) == 1


def bring(answers: list[Future[int]]) -> None:
    for one in answers:
        one.set_result(1)


def test_answers_of_another_thread_reach_everyone_who_waits_and_a_caller_who_left_cancels_nothing() -> None:
    async def wait() -> None:
        returning, answers = Returning(), [Future[int]() for _ in range(300)]
        waiting = [asyncio.ensure_future(returning.wait(*answers[n : n + 3])) for n in range(0, 300, 3)]
        await asyncio.wait(waiting, timeout=0)
        waiting[0].cancel()
        bringing = threading.Thread(target=bring, args=(answers,))
        bringing.start()
        done = await asyncio.gather(*waiting, return_exceptions=True)
        bringing.join()
        assert isinstance(done[0], asyncio.CancelledError)
        assert done[1:] == [None] * 99
        assert all(one.done() and not one.cancelled() for one in answers)
        await returning.wait(*answers)
        await returning.wait()

    asyncio.run(wait())
