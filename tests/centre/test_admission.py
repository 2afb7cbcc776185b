# SPDX-License-Identifier: Apache-2.0
"""The border: what is not authentic, not well formed or not meant for this centre is not logged, and is told why."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from standclear.admission import Submission, admit
from standclear.core.codec import encode
from standclear.core.commands import CallStop, EnrolKeys, InviteKey, NewKey, Use, Withdraw
from standclear.core.enrolment import enrolment_text, key_id
from standclear.core.model import Activity, Content, ReleaseLevel, Site
from standclear.core.received import Received
from standclear.core.state import State
from standclear.errors import Malformed, NotAuthentic, NotCanonical, StandclearError, TooLarge
from standclear.geometry.volume import Datum, Edges, Footprint, Level, Shape, Volume, Window
from standclear.tlog.keys import COMMAND_DOMAIN, invitation_key
from tests import centre_kit, world
from tests.centre_kit import notified, signed


@pytest.fixture(scope="module")
def state() -> State:
    from standclear.core.decide import decide
    from standclear.sealing import BEFORE_ENTRY_0, seal_entry

    admitted = admit(BEFORE_ENTRY_0.state, centre_kit.genesis(world.terms()))
    received = Received(admitted.command, admitted.actor, admitted.post, "key", world.T0)
    events = decide(BEFORE_ENTRY_0.state, received)
    _, after = seal_entry(BEFORE_ENTRY_0, admitted, received, events, centre_kit.counting_draw())
    return after.state


def polygon(*ring: tuple[float, float]) -> Site | Activity:
    corners = tuple((round(lon * 1e7), round(lat * 1e7)) for lon, lat in ring)
    footprint = Footprint(
        shape=Shape.POLYGON, rings=(corners,), edges=Edges.LONLAT, radius_mm=0, uncertainty_mm=0
    )
    return with_volume(world.hospital(), lambda volume: msgspec.structs.replace(volume, footprint=footprint))


def with_volume(content: Site | Activity, change: Callable[[Volume], Volume]) -> Site | Activity:
    return msgspec.structs.replace(content, volumes=tuple(change(volume) for volume in content.volumes))


def with_window(start: int | None, end: int | None) -> Content:
    window = Window(start_us=start, end_us=end)
    return with_volume(world.flight(), lambda volume: msgspec.structs.replace(volume, window=window))


def upside_down() -> Content:
    def turned(volume: Volume) -> Volume:
        low, high = Level(value_mm=1_000, datum=Datum.AMSL), Level(value_mm=9_000, datum=Datum.AMSL)
        return msgspec.structs.replace(
            volume, band=msgspec.structs.replace(volume.band, lower=high, upper=low)
        )

    return with_volume(world.flight(), turned)


def refusal(state: State, submission: Submission) -> StandclearError:
    with pytest.raises(StandclearError) as caught:
        admit(state, submission)
    return caught.value


MISSHAPEN: dict[str, Content] = {
    "a ring that crosses itself": polygon((30, 1), (31, 2), (31, 1), (30, 2)),
    "a ring of two corners": polygon((30, 1), (31, 2)),
    "a ring that repeats its first corner": polygon((30, 1), (31, 2), (31, 1), (30, 1)),
    "an edge of 120 degrees": polygon((0, 1), (120, 1), (60, 40)),
    "a window of no length": with_window(world.T0, world.T0),
    "an end before the start": with_window(world.T0 + 5, world.T0),
    "an activity without an end": with_window(world.T0, None),
    "a lower level above the upper": upside_down(),
    "an unknown kind": msgspec.structs.replace(world.hospital(), kind="castle"),
    "a kind of another sort": msgspec.structs.replace(world.hospital(), kind="convoy"),
    "a control character in a name": msgspec.structs.replace(world.hospital(), name="bell\a"),
    "a hazard without its volume": msgspec.structs.replace(
        world.flight(), hazard=(world.circle(30, 1, 5).footprint,) * 2
    ),
}


@pytest.mark.parametrize("content", MISSHAPEN.values(), ids=MISSHAPEN.keys())
def test_what_cannot_be_compared_is_sent_back_with_the_field_that_is_wrong(
    state: State, content: Content
) -> None:
    error = refusal(state, notified("north-command", content, 100))
    assert isinstance(error, Malformed)
    assert error.where.startswith("command.notice.")


SPELLINGS = {
    "another order of keys": (b'{"amends":', b'{ "amends":'),
    "a number with a fraction": (b'"at_us":1800000000000000', b'"at_us":1800000000000000.5'),
    "a number as text": (b'"radius_mm":100000', b'"radius_mm":"100000"'),
    "NaN": (b'"radius_mm":100000', b'"radius_mm":NaN'),
    "infinity": (b'"radius_mm":100000', b'"radius_mm":1e999'),
    "a longitude off the globe": (b"[300000000,15000000]", b"[1800000001,15000000]"),
    "a latitude off the globe": (b"[300000000,15000000]", b"[300000000,900000001]"),
    "an unknown datum": (b'"datum":"W84"', b'"datum":"EGM08"'),
    "an unknown field": (b'"placed":true', b'"placed":true,"target":1'),
    "a negative radius": (b'"radius_mm":100000', b'"radius_mm":-1'),
    "an id that is no UUIDv7": (b"-7000-", b"-4000-"),
    "a repeated key": (b'"placed":true', b'"placed":true,"placed":true'),
    "deep nesting": (b'"name":"Hospital on the hill"', b'"name":' + b"[" * 5_000 + b"]" * 5_000),
}


@pytest.mark.parametrize(("good", "bad"), SPELLINGS.values(), ids=SPELLINGS.keys())
def test_bytes_that_are_not_a_canonical_command_are_sent_back(state: State, good: bytes, bad: bytes) -> None:
    submission = notified("hill-relief", world.hospital(), 100)
    raw = submission.raw.replace(good, bad)
    if raw == submission.raw:
        raw = b" " + raw
    key = world.signing_key(f"hill-relief {Use.COMMAND}")
    sent = Submission(raw, submission.key, key.sign(COMMAND_DOMAIN + raw), submission.attachments)
    assert isinstance(refusal(state, sent), Malformed | NotCanonical)


def test_a_million_corners_are_too_many(state: State) -> None:
    raw = b'{"x":[' + b"[300000000,15000000]," * 1_000_000 + b"0]}"
    assert isinstance(refusal(state, Submission(raw, "0" * 32, b"")), TooLarge)


def test_more_corners_than_a_comparison_takes_are_too_many(state: State) -> None:
    corners = [(30 + i * 1e-5, 1 + (i % 2) * 1e-5) for i in range(10_001)]
    error = refusal(state, notified("hill-relief", polygon(*corners), 100))
    assert isinstance(error, TooLarge)


def test_a_signature_over_other_bytes_does_not_stand(state: State) -> None:
    submission = notified("hill-relief", world.hospital(), 100)
    forged = Submission(
        submission.raw.replace(b"300000000", b"310000000"),
        submission.key,
        submission.signature,
        submission.attachments,
    )
    assert isinstance(refusal(state, forged), NotAuthentic)


def test_a_key_that_is_not_enrolled_signs_nothing(state: State) -> None:
    submission = notified("hill-relief", world.hospital(), 100)
    stranger = key_id(world.signing_key("stranger").public.hex(), Use.COMMAND)
    sent = Submission(submission.raw, stranger, submission.signature, submission.attachments)
    assert "not enrolled" in refusal(state, sent).detail


def test_a_session_key_signs_no_commands(state: State) -> None:
    submission = notified("hill-relief", world.hospital(), 100)
    session = world.signing_key(f"hill-relief {Use.SESSION}")
    sent = Submission(
        submission.raw,
        key_id(session.public.hex(), Use.SESSION),
        session.sign(COMMAND_DOMAIN + submission.raw),
        submission.attachments,
    )
    assert "one use" in refusal(state, sent).detail


def test_a_command_for_another_centre_is_not_taken_here(state: State) -> None:
    command = Withdraw(centre="elsewhere.example/log", id=world.uuid(100), at_us=world.T0, withdraws="N1")
    error = refusal(state, signed("hill-relief", command))
    assert isinstance(error, NotAuthentic)
    assert error.expected == world.ORIGIN


def test_a_document_that_was_not_committed_to_is_sent_back(state: State) -> None:
    submission = notified("hill-relief", world.hospital(), 100)
    salt, body = submission.attachments["consent"]
    other = {**submission.attachments, "consent": (salt, body.replace(b"volume", b"full"))}
    sent = Submission(submission.raw, submission.key, submission.signature, other)
    assert "does not match the commitment" in refusal(state, sent).detail


def test_release_as_a_cover_is_taken_in(state: State) -> None:
    sent = notified("hill-relief", world.hospital(), 100, {"north-command": ReleaseLevel.COVER})
    assert admit(state, sent).consent is not None


def test_a_missing_document_is_asked_for(state: State) -> None:
    submission = notified("hill-relief", world.hospital(), 100)
    details = {"details": submission.attachments["details"]}
    sent = Submission(submission.raw, submission.key, submission.signature, details)
    assert "consent document is missing" in refusal(state, sent).detail


def test_a_stop_without_a_radius_stops_nothing_and_is_sent_back(state: State) -> None:
    command = CallStop(
        centre=world.ORIGIN, id=world.uuid(9), at_us=world.T0, place=(0, 0), radius_mm=0, reason=""
    )
    assert isinstance(refusal(state, signed("hill-relief", command)), Malformed)


def test_an_enrolment_without_the_new_keys_own_proof_does_not_stand(state: State) -> None:
    from standclear.core.events import KeyInvited
    from standclear.core.evolve import evolve

    code = b"c" * 16
    one_time = invitation_key(code)
    invitation = key_id(one_time.public.hex(), Use.COMMAND)
    invited = KeyInvited(invitation, one_time.public.hex(), "hill-relief", "night", world.T0 + world.DAY)
    new = world.signing_key("night watch")
    text = enrolment_text(invitation, "hill-relief", "night", Use.COMMAND, new.public.hex())
    for proof, stands in ((new.sign(text), True), (one_time.sign(text), False)):
        keys = (NewKey(public=new.public.hex(), use=Use.COMMAND, proof=proof.hex()),)
        raw = encode(EnrolKeys(centre=world.ORIGIN, id=world.uuid(9), at_us=world.T0, keys=keys))
        sent = Submission(raw, invitation, one_time.sign(COMMAND_DOMAIN + raw))
        if stands:
            assert admit(evolve(state, invited), sent).post == "night"
        else:
            assert isinstance(refusal(evolve(state, invited), sent), NotAuthentic)


def test_an_invitation_names_a_public_key_and_never_its_code() -> None:
    command = InviteKey(
        centre=world.ORIGIN,
        id=world.uuid(9),
        at_us=world.T0,
        public=invitation_key(b"c" * 16).public.hex(),
        actor="hill-relief",
        post="night",
        expires_us=world.T0 + world.DAY,
    )
    assert (b"c" * 16).hex().encode() not in encode(command)
