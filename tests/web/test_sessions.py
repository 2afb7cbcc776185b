# SPDX-License-Identifier: Apache-2.0
"""Sessions: a challenge signed once, in time, by a key for sessions; a token that is kept only as a hash."""

import re

import pytest

from standclear.web.auth import MAX_SESSIONS_PER_KEY, NONCE_US, SESSION_US, session_text
from tests import world
from tests.web.kit import Served, identity

ME = identity("north-command")


def challenge(served: Served, key: str = ME.session_key_id) -> dict[str, str]:
    answer = served.raw().post("/v1/sessions/challenge", json={"key": key})
    assert answer.status_code == 200
    return dict(answer.json())


def opening(served: Served, nonce: str, **changes: str) -> tuple[int, dict[str, str]]:
    signature = ME.session.sign(session_text(world.ORIGIN, nonce)).hex()
    body = {"key": ME.session_key_id, "nonce": nonce, "signature": signature} | changes
    answer = served.raw().post("/v1/sessions", json=body)
    return answer.status_code, answer.json()


def test_a_signed_challenge_opens_a_session(served: Served) -> None:
    status, told = opening(served, challenge(served)["nonce"])
    assert status == 201
    assert (told["actor"], told["post"]) == ("north-command", "watch")
    answer = served.raw().get("/v1/terms", headers={"Authorization": f"Bearer {told['token']}"})
    assert answer.status_code == 200


def test_a_challenge_tells_nothing_of_which_keys_there_are(served: Served) -> None:
    known, unknown = challenge(served), challenge(served, "0" * 32)
    shape = re.compile(r"[0-9a-f]")
    assert {k: shape.sub("x", v) for k, v in known.items()} == {
        k: shape.sub("x", v) for k, v in unknown.items()
    }


def test_a_challenge_is_answered_once(served: Served) -> None:
    nonce = challenge(served)["nonce"]
    assert opening(served, nonce)[0] == 201
    assert opening(served, nonce)[0] == 401


def test_a_challenge_expires(served: Served) -> None:
    nonce = challenge(served)["nonce"]
    served.keyed.clock.now_us += NONCE_US
    assert opening(served, nonce)[0] == 401


def test_a_session_expires(served: Served) -> None:
    token = opening(served, challenge(served)["nonce"])[1]["token"]
    served.keyed.clock.now_us += SESSION_US
    answer = served.raw().get("/v1/terms", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        {"signature": "0" * 128},
        {"key": ME.command_key_id},
        {"key": "0" * 32},
        {"key": identity("river-alliance").session_key_id},
        {"nonce": "made up"},
        {"nonce": "9999999999999999.00.00"},
        {"nonce": "٣.00.00"},
    ],
)
def test_whatever_does_not_stand_is_refused_in_the_same_words(served: Served, change: dict[str, str]) -> None:
    status, told = opening(served, **({"nonce": challenge(served)["nonce"]} | change))
    reference = opening(served, "also made up")
    assert (status, told) == reference
    assert status == 401


def test_a_key_signing_commands_opens_no_session(served: Served) -> None:
    nonce = challenge(served, ME.command_key_id)["nonce"]
    signature = ME.command.sign(session_text(world.ORIGIN, nonce)).hex()
    assert opening(served, nonce, key=ME.command_key_id, signature=signature)[0] == 401


def test_the_oldest_session_of_a_key_makes_room(served: Served) -> None:
    tokens = [
        opening(served, challenge(served)["nonce"])[1]["token"] for _ in range(MAX_SESSIONS_PER_KEY + 1)
    ]
    http = served.raw()
    statuses = [
        http.get("/v1/terms", headers={"Authorization": f"Bearer {token}"}).status_code
        for token in (tokens[0], tokens[1], tokens[-1])
    ]
    assert statuses == [401, 200, 200]


def test_a_token_is_kept_only_as_a_hash(served: Served) -> None:
    token = opening(served, challenge(served)["nonce"])[1]["token"]
    sessions = served.running._server.config.app.state.held.sessions  # type: ignore[union-attr]
    assert token not in repr(vars(sessions))


def test_a_client_logs_in_again_when_its_session_ended(served: Served) -> None:
    client = served.client("north-command")
    first = client.terms()
    served.keyed.clock.now_us += SESSION_US
    assert client.terms().hash == first.hash
    served.keyed.clock.now_us += SESSION_US
    assert client.stop((0, 0), 1_000, "children").has_receipt
