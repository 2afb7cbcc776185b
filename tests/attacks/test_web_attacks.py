# SPDX-License-Identifier: Apache-2.0
"""Forged first entries, keys of two uses, half heads, and pages larger than a server can hold."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec
import pytest

from standclear.admission import Submission
from standclear.core.codec import encode
from standclear.core.commands import EnrolKeys, InviteKey, KeyGrant, NewKey, OpenCentre, Use
from standclear.core.enrolment import enrolment_text, key_id
from standclear.tlog.entry import Entry
from standclear.tlog.keys import COMMAND_DOMAIN
from standclear.web import reads, server
from tests import centre_kit, world
from tests.web.kit import Served, serve

EVERYONE = world.shown_to_all()


@pytest.fixture
def served() -> Iterator[Served]:
    running = serve()
    yield running
    running.stop()


def test_nobody_signs_as_another_by_opening_an_open_centre(served: Served) -> None:
    """A first entry names its own keys, so whoever posts a second one could be anyone, without any key."""
    forged = world.signing_key("nobody at all")
    grant = KeyGrant(public=forged.public.hex(), use=Use.COMMAND, actor="north-command", post="watch")
    opening = OpenCentre(
        centre=world.ORIGIN,
        id=world.uuid(99),
        at_us=world.T0,
        exercise=True,
        terms=world.terms(),
        keys=(grant,),
    )
    raw = encode(opening)
    key = key_id(grant.public, Use.COMMAND)
    size = served.keyed.centre.snapshot.size
    answer = served.post(Submission(raw, key, forged.sign(COMMAND_DOMAIN + raw)))
    assert answer.status_code == 401
    assert served.keyed.centre.snapshot.size == size


def enrolment(served: Served, uses: tuple[Use, ...], *, one_key: bool) -> int:
    """North Command's watch invites a post, which brings keys of these uses; the status of the answer."""
    code = world.signing_key("one-time code")
    invite = InviteKey(
        centre=world.ORIGIN,
        id=world.uuid(200),
        at_us=world.T0,
        public=code.public.hex(),
        actor="north-command",
        post="night",
        expires_us=world.T0 + world.DAY,
    )
    assert served.post(centre_kit.signed("north-command", invite)).status_code == 201
    invitation = key_id(code.public.hex(), Use.COMMAND)
    keys = []
    for use in uses:
        key = world.signing_key("double" if one_key else f"night {use.value}")
        public = key.public.hex()
        proof = key.sign(enrolment_text(invitation, "north-command", "night", use, public)).hex()
        keys.append(NewKey(public=public, use=use, proof=proof))
    raw = encode(EnrolKeys(centre=world.ORIGIN, id=world.uuid(201), at_us=world.T0, keys=tuple(keys)))
    enrol = Submission(raw, invitation, code.sign(COMMAND_DOMAIN + raw))
    status = served.post(enrol).status_code
    assert served.post(enrol).status_code == status, "the same bytes again are answered alike"
    return status


def test_one_key_cannot_be_enrolled_for_two_uses(served: Served) -> None:
    assert enrolment(served, (Use.COMMAND, Use.SESSION), one_key=True) == 422


def test_a_party_enrols_no_key_that_signs_the_logs_head(served: Served) -> None:
    assert enrolment(served, (Use.CHECKPOINT,), one_key=False) == 422


def test_a_key_for_each_use_is_enrolled_once(served: Served) -> None:
    assert enrolment(served, (Use.COMMAND, Use.SESSION), one_key=False) == 201


@pytest.mark.parametrize("before", [b"", b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n"])
def test_half_a_head_does_not_hold_a_connection(monkeypatch: pytest.MonkeyPatch, before: bytes) -> None:
    """A thousand connections that never finish their headers kept everyone else out."""
    monkeypatch.setattr(server, "HEAD_S", 0.2)
    running = serve()
    address = urlsplit(running.running.url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as half:
        if before:
            half.sendall(before)
            answer = b""
            while b'"version"' not in answer:
                answer += half.recv(65_536)
        half.sendall(b"GET /v1/health HTTP/1.1\r\nHost:")
        assert half.recv(1) == b"", "closed by the server"
    assert running.raw().get("/v1/health").status_code == 200
    running.stop()


def test_a_page_ends_before_it_is_too_large_and_leads_on(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand entries of a megabyte each were one answer of a gigabyte."""
    monkeypatch.setattr(reads, "MAX_PAGE_BYTES", 2_000)
    filed = [
        served.client("hill-relief").notify(world.hospital(29 + n / 10), EVERYONE).entry for n in range(20)
    ]
    with served.raw("north-command") as http:
        found, after = [], filed[0] - 1
        while after is not None:
            page = http.get("/v1/inbox", params={"after": after, "limit": 1000}).json()
            assert len(page["items"]) < len(filed)
            found += [item["seq"] for item in page["items"]]
            after = page["next"]
        assert found == filed
        assert http.get("/v1/notices?limit=1000").json()["next"] is not None


def test_an_inbox_reads_no_entry_of_others(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for an empty inbox walked the whole log, once for every request."""
    for number in range(5):
        served.client("hill-relief").notify(world.hospital(29 + number / 10), {})
    with served.raw("lake-observers") as http:
        read: list[int] = []
        real = served.keyed.centre.entry

        def counting(seq: int) -> Entry:
            read.append(seq)
            return real(seq)

        monkeypatch.setattr(served.keyed.centre, "entry", counting)
        items = msgspec.json.decode(http.get("/v1/inbox").content)["items"]
        assert read == [item["seq"] for item in items]
