# SPDX-License-Identifier: Apache-2.0
"""The right log is lost: what it takes to record again over a backup, and what stands in the log for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from standclear.cli import app
from standclear.core.commands import Countersignature, PassTime, ResumeRecording, Use
from standclear.core.enrolment import key_id
from standclear.core.events import RecordingResumed
from standclear.core.resuming import resume_text
from standclear.core.terms import Terms, WitnessQuorum
from standclear.errors import LogMoved, NotAuthentic, Unavailable
from standclear.identity import write_identity
from standclear.store.cosigned import CosignedFile
from standclear.tlog.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint, sign_checkpoint
from standclear.tlog.note import parse_note
from tests import centre_kit, world
from tests.mirror.kit import at_rest, watching
from tests.mirror.lies.liar import copied, entries_of, saying, told_anew
from tests.mirror.test_witnessed import cosigned
from tests.web.kit import PINNED, Served, identity, serve

HILL, NORTH, RIVER, LAKE, DESK = (
    "hill-relief",
    "north-command",
    "river-alliance",
    "lake-observers",
    "watch-desk",
)
ASKED = world.terms(witnesses=WitnessQuorum(quorum=2, of=(HILL, NORTH, LAKE)))
REASON = "The disk and its copies burnt"


@dataclass
class SetBack:
    """A centre over a backup, stopped by the heads of the log that is lost."""

    served: Served
    heads: list[Checkpoint]
    kept: CosignedFile
    terms: Terms

    def again(self) -> Served:
        """The same centre after a restart."""
        entries = copied(entries_of(self.served))
        self.served.stop()
        self.served = serve(entries, terms=self.terms, kept=self.kept)
        return self.served


def set_back(
    folder: Path,
    terms: Terms,
    actors: tuple[str, ...] = (HILL,),
    before: Callable[[Served], object] = id,
) -> SetBack:
    """A log of which each actor cosigned a head beyond the backup, each another one; `before` it was made, more."""
    kept = CosignedFile(folder / "cosigned.json")
    first = serve(terms=terms, kept=kept)
    first.client(HILL).notify(world.hospital(), world.shown_to_all())
    before(first)
    backup, heads = copied(entries_of(first)), []
    for number, actor in enumerate(actors):
        first.client(HILL).notify(world.hospital(31.0 + number), world.shown_to_all())
        heads.append(open_checkpoint(first.keyed.centre.checkpoint(), world.ORIGIN, PINNED.checkpoint_key))
        note = cosigned(heads[-1], actor)
        assert first.raw().post("/log/cosignatures", content=note.encode()).status_code == 200
    first.stop()
    return SetBack(serve(backup, terms=terms, kept=kept), heads, kept, terms)


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[SetBack]:
    """Of terms without witnesses."""
    back = set_back(tmp_path, world.terms())
    yield back
    back.served.stop()


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[SetBack]:
    """Of terms that ask two witnesses."""
    back = set_back(tmp_path, ASKED)
    yield back
    back.served.stop()


def resumption(back: SetBack, number: int, which: int = 0, **changes: Any) -> ResumeRecording:
    """What the desk would sign to give one of the heads up."""
    own = parse_checkpoint(parse_note(back.served.keyed.centre.checkpoint().encode()).text)
    head = back.heads[which]
    signed = parse_note(sign_checkpoint(head, world.signing_key("checkpoint")).encode()).signatures[0]
    fields: dict[str, Any] = {
        "centre": world.ORIGIN,
        "id": world.uuid(number),
        "at_us": world.T0,
        "size": head.size,
        "root": head.root.hex(),
        "head": signed.signature.hex(),
        "own_size": own.size,
        "own_root": own.root.hex(),
        "reason": REASON,
        "countersignatures": (),
    }
    return ResumeRecording(**{**fields, **changes})


def by(command: ResumeRecording, *actors: str, use: Use = Use.COMMAND) -> ResumeRecording:
    """The same, countersigned."""
    text, signatures = resume_text(world.ORIGIN, command), []
    for actor in actors:
        key = world.signing_key(f"{actor} {use}")
        signatures.append(Countersignature(key_id(key.public.hex(), use), key.sign(text).hex()))
    return msgspec.structs.replace(command, countersignatures=tuple(signatures))


def recorded(back: SetBack, command: ResumeRecording) -> int:
    submission = centre_kit.signed(DESK, command)
    return back.served.keyed.centre.submit(submission).result(timeout=30).entry.seq


def notified(served: Served, number: int) -> int:
    submission = centre_kit.notified(HILL, world.hospital(33.0), number)
    return served.keyed.centre.submit(submission).result(timeout=30).entry.seq


def test_from_the_frozen_centre_to_the_next_notice(asked: SetBack) -> None:
    centre = asked.served.keyed.centre
    size = centre.snapshot.size
    with pytest.raises(Unavailable, match="may be a restored backup"):
        notified(asked.served, 700)
    assert recorded(asked, by(resumption(asked, 701), HILL, LAKE)) == size, "the first thing recorded"
    assert centre.failure is None
    assert asked.served.raw().get("/v1/health").status_code == 200
    assert notified(asked.served, 702) == size + 1
    for actor in (HILL, NORTH, RIVER, LAKE):
        (event,) = asked.served.client(actor).entry(size).item.events
        assert isinstance(event, RecordingResumed)
        assert (event.size, event.root) == (asked.heads[0].size, asked.heads[0].root.hex())
        assert (event.actor, event.reason, event.quorum) == (DESK, REASON, 2)
        assert event.countersigned == (HILL, LAKE)
        assert asked.served.client(actor).entry(size).signed is not None, "with every countersignature"


def test_without_witnesses_in_the_terms_the_desk_alone_can_and_the_event_says_so(alone: SetBack) -> None:
    size = recorded(alone, resumption(alone, 710))
    (event,) = alone.served.client(NORTH).entry(size).item.events
    assert isinstance(event, RecordingResumed)
    assert (event.quorum, event.countersigned) == (0, ())
    assert notified(alone.served, 711) == size + 1


def test_a_restart_stays_unfrozen_for_that_head_alone(asked: SetBack) -> None:
    recorded(asked, by(resumption(asked, 720), HILL, LAKE))
    again = asked.again()
    assert again.keyed.centre.failure is None
    notified(again, 721)
    given_up = cosigned(asked.heads[0], HILL)
    assert again.raw().post("/log/cosignatures", content=given_up.encode()).status_code == 409
    assert again.keyed.centre.failure is None, "its mirror says it again, and that changes nothing"
    another = cosigned(Checkpoint(world.ORIGIN, 2, b"\1" * 32), NORTH)
    assert again.raw().post("/log/cosignatures", content=another.encode()).status_code == 409
    with pytest.raises(Unavailable, match="two were written under one name"):
        notified(again, 722)
    with pytest.raises(Unavailable, match="two were written under one name"):
        notified(asked.again(), 723)


def test_each_head_that_was_lost_takes_a_resumption_of_its_own(tmp_path: Path) -> None:
    back = set_back(tmp_path, world.terms(), (HILL, NORTH))
    size = recorded(back, resumption(back, 730, which=0))
    with pytest.raises(Unavailable):
        notified(back.served, 731)
    with pytest.raises(Unavailable):
        recorded(back, resumption(back, 732, which=0))
    assert back.served.keyed.centre.snapshot.size == size + 1, "not even a refusal is recorded"
    assert recorded(back, resumption(back, 733, which=1)) == size + 1
    assert notified(back.served, 734) == size + 2
    assert back.again().keyed.centre.failure is None
    back.served.stop()


def test_what_falls_due_waits_behind_the_resumption(alone: SetBack) -> None:
    clock, size = alone.served.keyed.clock, alone.served.keyed.centre.snapshot.size
    clock.now_us += 365 * world.DAY
    assert recorded(alone, resumption(alone, 735)) == size


def test_the_same_resumption_again_is_the_same_entry(alone: SetBack) -> None:
    command = resumption(alone, 736)
    assert recorded(alone, command) == recorded(alone, command)


BENT: dict[str, tuple[Any, str]] = {
    "one too few": (lambda c: by(c, HILL), "countersigned by 1"),
    "none": (lambda c: c, "countersigned by 0"),
    "the same one twice": (lambda c: by(c, HILL, HILL), "hill-relief countersigns twice"),
    "not a witness": (lambda c: by(c, HILL, RIVER), "not a command key of a witness"),
    "the desk itself": (lambda c: by(c, HILL, DESK), "not a command key of a witness"),
    "a machine's key": (lambda c: by(c, HILL, LAKE, use=Use.COSIGN), "not a command key of a witness"),
    "bent": (
        lambda c: msgspec.structs.replace(
            by(c, HILL, LAKE),
            countersignatures=(
                by(c, HILL).countersignatures[0],
                Countersignature(by(c, LAKE).countersignatures[0].key, "00" * 64),
            ),
        ),
        "of lake-observers does not stand",
    ),
    "of another head": (
        lambda c: msgspec.structs.replace(
            c, countersignatures=by(msgspec.structs.replace(c, size=c.size + 1), HILL, LAKE).countersignatures
        ),
        "of hill-relief does not stand",
    ),
    "of another root": (
        lambda c: msgspec.structs.replace(
            c, countersignatures=by(msgspec.structs.replace(c, root="ab" * 32), HILL, LAKE).countersignatures
        ),
        "of hill-relief does not stand",
    ),
    "over another log": (
        lambda c: msgspec.structs.replace(
            c,
            countersignatures=by(
                msgspec.structs.replace(c, own_root="ab" * 32), HILL, LAKE
            ).countersignatures,
        ),
        "of hill-relief does not stand",
    ),
    "for another reason": (
        lambda c: msgspec.structs.replace(
            c,
            countersignatures=by(msgspec.structs.replace(c, reason="Tidying"), HILL, LAKE).countersignatures,
        ),
        "of hill-relief does not stand",
    ),
}


@pytest.mark.parametrize(("bend", "words"), BENT.values(), ids=BENT.keys())
def test_what_is_not_countersigned_as_the_terms_ask_is_refused(asked: SetBack, bend: Any, words: str) -> None:
    size = asked.served.keyed.centre.snapshot.size
    with pytest.raises(NotAuthentic, match=words):
        recorded(asked, bend(resumption(asked, 740)))
    assert asked.served.keyed.centre.snapshot.size == size
    assert asked.served.keyed.centre.failure is not None


def test_only_the_desk_and_only_after_a_head_that_this_log_signed_and_over_this_very_log(
    alone: SetBack,
) -> None:
    centre = alone.served.keyed.centre
    with pytest.raises(NotAuthentic, match="only the desk"):
        centre.submit(centre_kit.signed(NORTH, resumption(alone, 750)))
    with pytest.raises(NotAuthentic, match="no checkpoint key of this log signed"):
        recorded(alone, resumption(alone, 751, head="00" * 64))
    with pytest.raises(LogMoved, match="another head than is said"):
        recorded(alone, resumption(alone, 752, own_root="ab" * 32))
    with pytest.raises(LogMoved, match="another head than is said"):
        recorded(alone, resumption(alone, 753, own_size=2))
    assert centre.failure is not None
    tick = PassTime(centre=world.ORIGIN, id=world.uuid(754), at_us=world.T0)
    with pytest.raises(Unavailable):
        centre.submit(centre_kit.signed(DESK, tick))


def test_a_log_that_is_not_stopped_has_nothing_to_resume(alone: SetBack) -> None:
    own = open_checkpoint(alone.served.keyed.centre.checkpoint(), world.ORIGIN, PINNED.checkpoint_key)
    alone.heads = [own]
    with pytest.raises(LogMoved, match="does not stand against this log"):
        recorded(alone, resumption(alone, 760))


def test_a_mirror_of_the_log_that_is_lost_stays_in_doubt_and_one_begun_anew_agrees(tmp_path: Path) -> None:
    with ExitStack() as stack:
        kept = CosignedFile(tmp_path / "cosigned.json")
        first = serve(terms=world.terms(), kept=kept)
        backup = copied(entries_of(first))
        first.client(HILL).notify(world.hospital(), world.shown_to_all())
        with watching(first.running.url, HILL, tmp_path / "old", first.keyed.clock) as watch:
            at_rest((watch, HILL))
            note = kept.load()[0]
        first.stop()
        served = serve(backup, kept=kept)
        stack.callback(served.stop)
        back = SetBack(served, [parse_checkpoint(parse_note(note.encode()).text)], kept, world.terms())
        recorded(back, resumption(back, 770))
        old = stack.enter_context(watching(served.running.url, HILL, tmp_path / "old", served.keyed.clock))
        assert [doubt.wrong.value for doubt in old.finds()] == ["shortened"]
        new = stack.enter_context(watching(served.running.url, HILL, tmp_path / "new", served.keyed.clock))
        at_rest((new, HILL))
        assert served.keyed.centre.failure is None
        assert any("hill-relief" in note for note in kept.load()), "what its mirror says of this log is kept"


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (b'"quorum":2', b'"quorum":0', "does not cause what the view says it caused"),
        (b'"reason":"The', b'"reason":"A', "does not cause what the view says it caused"),
    ],
)
def test_a_mirror_decides_a_resumption_again(
    asked: SetBack, tmp_path: Path, before: bytes, after: bytes, words: str
) -> None:
    seq = recorded(asked, by(resumption(asked, 780), HILL, LAKE))
    slot = 2 + asked.served.keyed.centre.snapshot.state.number(NORTH)
    lying = serve(told_anew(entries_of(asked.served), seq, saying(before, after, slot)), terms=ASKED)
    with watching(lying.running.url, NORTH, tmp_path / "north", lying.keyed.clock) as watch:
        assert any(words in doubt.detail for doubt in watch.finds())
    lying.stop()


def test_the_commands_propose_countersign_and_record(asked: SetBack, tmp_path: Path) -> None:
    url, proposal = asked.served.running.url, str(tmp_path / "proposal.json")
    keys = {}
    for actor in (DESK, HILL, LAKE):
        keys[actor] = str(tmp_path / f"{actor}.key")
        write_identity(Path(keys[actor]), identity(actor))

    def run(*words: str) -> tuple[int, str]:
        ran = CliRunner().invoke(app, ["resume", *words])
        return ran.exit_code, ran.output + str(ran.exception or "")

    at = ("--url", url, "--key", keys[DESK])
    code, said = run("propose", str(tmp_path / "cosigned.json"), *at, "--reason", REASON, "--out", proposal)
    assert code == 0, said
    assert f"Gives up the head of {asked.heads[0].size} entries" in said
    assert REASON in said
    code, said = run("record", proposal, *at)
    assert code != 0
    assert "countersigned by 0" in said
    for actor in (HILL, LAKE, LAKE):
        assert run("countersign", proposal, "--key", keys[actor])[0] == 0
    code, said = run("record", proposal, *at)
    assert (code, "for everyone to see" in said) == (0, True), said
    notified(asked.served, 790)
    code, said = run("propose", str(tmp_path / "cosigned.json"), *at, "--reason", REASON, "--out", proposal)
    assert code != 0
    assert "every head in it is of the centre's log" in said
