# SPDX-License-Identifier: Apache-2.0
"""The one door in: what is recorded, what its author is told, and what it costs to ask again."""

import hashlib
import json

import msgspec

from standclear.core.codec import encode
from standclear.core.commands import CallStop, Check, Withdraw
from standclear.core.events import ActivityBlocked, CommandRefused
from standclear.core.model import GroundHazard, ReleaseLevel, Status, Verdict
from tests import world
from tests.centre_kit import notified, signed
from tests.web.kit import Served, headers_of


def stop(number: int) -> CallStop:
    return CallStop(
        centre=world.ORIGIN, id=world.uuid(number), at_us=world.T0, place=(0, 0), radius_mm=1, reason="x"
    )


def test_a_notice_is_recorded_and_its_author_gets_a_receipt_that_proves_itself(served: Served) -> None:
    answer = served.client("hill-relief").notify(world.hospital(), world.shown_to_all())
    assert answer.has_receipt  # the client has verified command, leaf, path and checkpoint
    assert answer.notice == f"N{answer.entry}"
    assert answer.exercise
    assert {recipient.id for recipient in answer.recipients} == {
        "north-command",
        "river-alliance",
        "hill-relief",
        "lake-observers",
    }


def test_without_a_session_the_entry_alone_comes_back(served: Served) -> None:
    answer = served.post(notified("hill-relief", world.hospital(), 100))
    assert answer.status_code == 201
    assert answer.json() == {"entry": 3}


def test_a_session_of_another_party_gets_the_entry_alone(served: Served) -> None:
    submission = notified("hill-relief", world.hospital(), 100)
    for actor in ("north-command", "watch-desk", "elder-panel"):
        with served.raw(actor) as http:
            assert served.post(submission, http).json() == {"entry": 3}


def test_a_session_that_ended_does_not_keep_a_stop_out(served: Served) -> None:
    with served.raw() as http:
        answer = served.post(signed("hill-relief", stop(9)), http, Authorization="Bearer gone")
    assert answer.status_code == 201
    assert answer.json() == {"entry": 3}
    assert "invalid_token" in answer.headers["www-authenticate"]


def test_the_same_command_again_gets_the_same_answer_and_is_recorded_once(served: Served) -> None:
    submission = notified("hill-relief", world.hospital(), 100)
    with served.raw("hill-relief") as http:
        first = served.post(submission, http)
        served.client("north-command").notify(world.flight(), world.shown_to_all())
        again = served.post(submission, http)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert served.client("watch-desk").health().size == 5


def test_a_verdict_does_not_change_the_status(served: Served) -> None:
    served.client("hill-relief").notify(world.hospital(), world.shown_to_all())
    answer = served.client("north-command").notify(
        world.flight(hazard=GroundHazard.POSSIBLE), world.shown_to_all()
    )
    blocked = [event for event in answer.events if isinstance(event, ActivityBlocked)]
    assert [event.judgement.verdict for event in blocked] == [Verdict.CONFLICT]
    item = served.client("north-command").activity(f"N{answer.entry}")
    assert item.status is Status.BLOCKED
    assert item.judged is not None
    assert "does not rule out a hazard to the ground" in item.judged.findings[0]


def test_a_refusal_is_recorded_and_says_why(served: Served) -> None:
    answer = served.client("lake-observers").notify(world.hospital(), world.shown_to_all())
    assert isinstance(answer.events[0], CommandRefused)


def test_a_batch_decides_each_on_its_own(served: Served) -> None:
    good = notified("hill-relief", world.hospital(), 100)
    other = notified("north-command", world.flight(), 101)
    items = [item(good), {"command": "{}"}, item(other) | {"signature": "0" * 128}, item(other)]
    with served.raw("hill-relief") as http:
        answer = http.post("/v1/commands/batch", json={"commands": items})
    results = answer.json()["results"]
    assert answer.status_code == 207
    assert [result["status"] for result in results] == [201, 422, 401, 201]
    assert results[0]["answer"]["checkpoint"]  # the author's own session
    assert results[3]["answer"] == {"entry": 4}
    assert results[1]["problem"]["where"].startswith("commands[1]")


def test_a_batch_that_is_recorded_whole_is_a_200(served: Served) -> None:
    client = served.client("hill-relief")
    sent = [client.signed_notice(world.hospital(lon), world.shown_to_all()) for lon in (28.0, 29.0, 31.0)]
    answers = client.submit_batch(sent)
    assert [answer.entry for answer in answers if not isinstance(answer, Exception)] == [3, 4, 5]
    with served.raw() as http:
        again = http.post("/v1/commands/batch", json={"commands": [one.as_item() for one in sent]})
    assert again.status_code == 200


def test_documents_too_long_for_headers_go_through_the_batch(served: Served) -> None:
    details = {f"contact {number}": "x" * 1_500 for number in range(20)}
    client = served.client("hill-relief")
    answer = client.notify(world.hospital(), world.shown_to_all(), details, ("watch-desk",))
    assert answer.has_receipt


def test_prepare_spells_a_command_canonically(served: Served) -> None:
    command = notified("hill-relief", world.hospital(), 100)
    loose = json.dumps(dict(reversed(json.loads(command.raw).items())), indent=3)
    with served.raw() as http:
        answer = http.post("/v1/prepare", content=loose)
    assert answer.status_code == 200
    assert answer.content == command.raw
    assert answer.headers["standclear-sha256"] == hashlib.sha256(command.raw).hexdigest()


def test_prepare_says_which_field_is_wrong(served: Served) -> None:
    values = json.loads(encode(stop(9))) | {"radius_mm": -1}
    with served.raw() as http:
        answer = http.post("/v1/prepare", json=values)
    assert answer.status_code == 422
    assert answer.json()["where"] == "command.radius_mm"


def test_a_check_is_logged_and_says_that_filing_compares_with_more(served: Served) -> None:
    served.client("hill-relief").notify(world.hospital(), world.shown_to_all())
    client = served.client("north-command")
    answer = client.check(world.flight(hazard=GroundHazard.POSSIBLE))
    assert answer.judged is not None
    assert answer.judged.judgement.verdict is Verdict.CONFLICT
    assert "filing compares with more" in answer.check_note
    assert client.health().size == answer.entry + 1
    assert not list(client.activities())


def test_a_check_is_asked_by_its_own_author_and_is_a_check(served: Served) -> None:
    command = Check(centre=world.ORIGIN, id=world.uuid(7), at_us=world.T0, activity=world.flight())
    asked = signed("river-alliance", command)
    with served.raw("north-command") as http:
        other = http.post("/v1/checks", content=asked.raw, headers=headers_of(asked))
        stopped = signed("north-command", stop(8))
        not_a_check = http.post("/v1/checks", content=stopped.raw, headers=headers_of(stopped))
    assert other.status_code == 403
    assert not_a_check.status_code == 422
    assert served.client("watch-desk").health().size == 3


def test_recipients_do_not_tell_who_wrote_what_was_shown_without_its_author(served: Served) -> None:
    release = {"north-command": ReleaseLevel.VOLUME}
    served.client("hill-relief").notify(world.hospital(), release)
    north = served.client("north-command")
    filed = north.notify(world.flight(hazard=GroundHazard.POSSIBLE), world.shown_to_all())
    again = north.reconsider(f"N{filed.entry}")
    assert {recipient.id for recipient in again.recipients} <= {"north-command"}


def test_withdrawing_names_those_it_was_released_to(served: Served) -> None:
    client = served.client("hill-relief")
    given = client.notify(world.hospital(), {"north-command": ReleaseLevel.VOLUME})
    answer = client.withdraw(f"N{given.entry}")
    assert {recipient.id for recipient in answer.recipients} == {"north-command", "hill-relief"}


def item(submission: object) -> dict[str, object]:
    found: dict[str, object] = {
        "command": submission.raw.decode(),  # type: ignore[attr-defined]
        "key": submission.key,  # type: ignore[attr-defined]
        "signature": submission.signature.hex(),  # type: ignore[attr-defined]
    }
    for name, (salt, body) in submission.attachments.items():  # type: ignore[attr-defined]
        found[name] = {"salt": salt.hex(), "body": body.decode()}
    return found


def test_a_notice_that_was_never_released_is_withdrawn_like_one_that_never_was(served: Served) -> None:
    hidden = served.client("hill-relief").notify(world.hospital(), {})
    north = served.client("north-command")
    refusals = []
    for notice in (f"N{hidden.entry}", "N999999"):
        answer = north.act(Withdraw(**north.who(), withdraws=notice))
        refusals.append(msgspec.to_builtins(answer.events))
    assert refusals[0] == refusals[1]
