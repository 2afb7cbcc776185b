# SPDX-License-Identifier: Apache-2.0
"""A machine signs what it holds; authors hear of their own notices, and nobody can say it for another."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest

from standclear.admission import Submission
from standclear.client.feed import Feed
from standclear.client.link import Link
from standclear.core.commands import AssentToTerms, SignHeld, Use
from standclear.core.enrolment import terms_hash
from standclear.core.model import ReleaseLevel
from standclear.errors import LogMoved, NotAuthentic, Unavailable
from standclear.mirror.cosigning import cosigned_round
from standclear.mirror.meeting import meet
from standclear.tlog.checkpoint import Checkpoint, sign_checkpoint
from standclear.tlog.note import parse_note
from tests import centre_kit, world
from tests.mirror.kit import Watching, at_rest, new_id, spoken, watching
from tests.mirror.lies.liar import centre_over, copied, entries_of, saying, told_anew, without
from tests.web.kit import Served, identity

HILL, NORTH, RIVER, LAKE = "hill-relief", "north-command", "river-alliance", "lake-observers"
TO_NORTH = {NORTH: ReleaseLevel.VOLUME}


def mirror(stack: ExitStack, served: Served, actor: str, folder: Path) -> tuple[Watching, str]:
    watch = watching(served.running.url, actor, folder, served.keyed.clock)
    return stack.enter_context(watch), actor


def item(served: Served, reader: str, notice: str, **query: str) -> dict[str, Any]:
    answer = served.raw(reader).get(f"/v1/notices/{notice}", params=query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["item"])


def test_from_the_notice_to_the_author_who_reads_that_it_is_held(
    served: Served, tmp_path: Path, stack: ExitStack
) -> None:
    given = served.client(HILL).notify(world.hospital(), TO_NORTH)
    notice = f"N{given.entry}"
    assert item(served, HILL, notice)["held"] == []
    spoken(*mirror(stack, served, NORTH, tmp_path / "north"))
    for reader in (HILL, "watch-desk"):
        (word,) = item(served, reader, notice)["held"]
        assert (word["to"], word["size"], word["entry"]) == (NORTH, given.entry + 1, given.entry + 1)
        page = served.client(reader).known(NORTH, str(word["entry"] + 1))
        assert page.held is not None
        assert (page.held.size, [known.held for known in page.items]) == (given.entry + 1, [True])
        assert served.client(reader).known(NORTH, str(word["entry"])).held is None
    assert item(served, HILL, notice, as_known_at=str(given.entry + 1))["held"] == []
    assert item(served, NORTH, notice)["held"] == [], "of one's own notices only"
    assert served.client(NORTH).known(NORTH, str(word["entry"] + 1)).items[0].held
    served.client(HILL).amend(notice, world.hospital(30.1), TO_NORTH)
    assert item(served, HILL, notice)["held"] == []


def test_mirrors_that_hear_of_each_others_words_come_to_rest(
    served: Served, tmp_path: Path, stack: ExitStack
) -> None:
    everyone = [mirror(stack, served, actor, tmp_path / actor) for actor in (HILL, NORTH, RIVER, LAKE)]
    for _ in range(2):
        served.client(HILL).notify(world.hospital(), world.shown_to_all(ReleaseLevel.FULL))
        served.client(NORTH).notify(world.flight(32.0), world.shown_to_all(ReleaseLevel.FULL))
        before = served.keyed.centre.snapshot.size
        at_rest(*everyone)
        assert served.keyed.centre.snapshot.size == before + len(everyone), "one word each"


def test_two_machines_of_one_party_do_not_repeat_each_other_and_a_restart_repeats_nothing(
    served: Served, tmp_path: Path, stack: ExitStack
) -> None:
    at_rest(mirror(stack, served, NORTH, tmp_path / "one"))
    size = served.keyed.centre.snapshot.size
    at_rest(mirror(stack, served, NORTH, tmp_path / "two"))
    with watching(served.running.url, NORTH, tmp_path / "three", served.keyed.clock) as watch:
        at_rest((watch, NORTH))
    with watching(served.running.url, NORTH, tmp_path / "three", served.keyed.clock) as watch:
        at_rest((watch, NORTH))
    assert served.keyed.centre.snapshot.size == size


def test_without_a_key_for_it_nothing_is_said(served: Served, tmp_path: Path, stack: ExitStack) -> None:
    size = served.keyed.centre.snapshot.size
    watch, _ = mirror(stack, served, NORTH, tmp_path)
    cosigned_round(watch.mirror, watch.feed, None, new_id)
    assert served.keyed.centre.snapshot.size == size


def test_a_seized_machines_key_commands_nothing_and_no_command_key_says_what_a_machine_holds(
    served: Served,
) -> None:
    centre = served.keyed.centre
    terms = terms_hash(centre.snapshot.state.terms)
    assent = AssentToTerms(centre=world.ORIGIN, id=world.uuid(900), at_us=world.T0, terms=terms)
    word = centre_kit.word_of(centre, NORTH, 901)
    for submission, expected in (
        (centre_kit.signed_by(Use.COSIGN, NORTH, assent), "a key enrolled for command"),
        (centre_kit.signed_by(Use.COMMAND, NORTH, word), "a key enrolled for cosign"),
        (centre_kit.signed_by(Use.SESSION, NORTH, word), "a key enrolled for cosign"),
    ):
        with pytest.raises(NotAuthentic) as refused:
            centre.submit(submission)
        assert refused.value.expected == expected
    assert centre.failure is None


def word_about(root: bytes, size: int, signer: str) -> Submission:
    """A word of the north's machine about a head that somebody signed."""
    note = sign_checkpoint(Checkpoint(world.ORIGIN, size, root), world.signing_key(signer))
    head = parse_note(note.encode()).signatures[0].signature.hex()
    word = SignHeld(
        centre=world.ORIGIN,
        id=world.uuid(902),
        at_us=world.T0,
        size=size,
        root=root.hex(),
        head=head,
        count=1,
        chain="00" * 32,
    )
    return centre_kit.signed_by(Use.COSIGN, NORTH, word)


@pytest.mark.parametrize(("size", "why"), [(2, "two were written under one name"), (99, "restored backup")])
def test_a_root_that_this_log_signed_and_does_not_have_is_not_logged_and_freezes(
    served: Served, size: int, why: str
) -> None:
    before = served.keyed.centre.snapshot.size
    submission = word_about(b"\1" * 32, size, "checkpoint")
    assert served.post(submission).status_code == 409
    with pytest.raises(LogMoved, match=why):
        served.keyed.centre.submit(submission)
    with pytest.raises(Unavailable, match=why):
        served.keyed.centre.submit(centre_kit.notified(HILL, world.hospital(), 903))
    assert len(entries_of(served)) == before


def test_a_root_that_nobody_signed_is_refused_and_stops_nobody(served: Served) -> None:
    for size in (2, 99):
        assert served.post(word_about(b"\1" * 32, size, "somebody")).status_code == 401
    assert served.keyed.centre.failure is None


def test_the_same_word_again_is_the_same_entry(served: Served) -> None:
    word = centre_kit.held(served.keyed.centre, NORTH, 904)
    first, again = (served.post(word).json()["entry"] for _ in range(2))
    assert first == again


# ---- what a mirror finds ----------------------------------------------------------------------------------


def bent(
    served: Served, stack: ExitStack, folder: Path, actor: str, before: bytes, after: bytes, slot: int
) -> list[str]:
    """What an actor's mirror finds where the newest entry of a copied log says something else."""
    entries = entries_of(served)
    lying = stack.enter_context(centre_over(told_anew(entries, entries[-1].seq, saying(before, after, slot))))
    link = Link(lying.running.url, identity(actor), pause=lambda _: None)
    stack.callback(link.close)
    watch, _ = mirror(stack, lying, actor, folder)
    return [doubt.detail for doubt in Watching(watch.mirror, Feed(link)).finds()]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (b'"actor":"north-command"', b'"actor":"river-alliance"', "nothing new of hill-relief's"),
        (b'"size":4', b'"size":3', "nothing new of hill-relief's"),
        (b'"size":4', b'"size":9', "said to hold 9 entries, and there were 4"),
        (b'"count":0', b'"count":7', "says how much it was sent by others"),
        (b'"root":"', b'"root":"f', "said to hold another log of 4 entries"),
    ],
)
def test_an_authors_mirror_derives_who_holds_its_notice(
    served: Served, tmp_path: Path, stack: ExitStack, before: bytes, after: bytes, words: str
) -> None:
    given = served.client(HILL).notify(world.hospital(), TO_NORTH)
    assert given.entry == 3
    served.post(centre_kit.held(served.keyed.centre, NORTH, 905))
    hill = served.keyed.centre.snapshot.state.number(HILL)
    found = bent(served, stack, tmp_path, HILL, before, after, 2 + hill)
    assert any(words in detail for detail in found), found


def test_a_partys_mirror_finds_a_word_of_its_own_machine_about_another_inbox(
    served: Served, tmp_path: Path, stack: ExitStack
) -> None:
    word = msgspec.structs.replace(centre_kit.word_of(served.keyed.centre, NORTH, 906), chain="ab" * 32)
    assert served.post(centre_kit.signed_by(Use.COSIGN, NORTH, word)).status_code == 201
    watch, _ = mirror(stack, served, NORTH, tmp_path)
    assert ["is not the one that is held here" in doubt.detail for doubt in watch.finds()] == [True]


def test_a_view_of_ones_own_word_must_say_what_was_signed(
    served: Served, tmp_path: Path, stack: ExitStack
) -> None:
    served.post(centre_kit.held(served.keyed.centre, NORTH, 907))
    north = served.keyed.centre.snapshot.state.number(NORTH)
    found = bent(served, stack, tmp_path, NORTH, b'"count":3', b'"count":2', 2 + north)
    assert "north-command signed what it holds, and the view says something else" in found


def test_a_word_that_was_kept_from_the_author_shows_where_two_copies_meet(
    served: Served, tmp_path: Path, stack: ExitStack
) -> None:
    served.client(HILL).notify(world.hospital(), TO_NORTH)
    served.post(centre_kit.held(served.keyed.centre, NORTH, 908))
    entries, hill = entries_of(served), served.keyed.centre.snapshot.state.number(HILL)
    for name, store, wrong in (
        ("honest", copied(entries), []),
        ("lying", told_anew(entries, 4, without(2 + hill)), ["dropped"]),
    ):
        centre = stack.enter_context(centre_over(store))
        watches = [mirror(stack, centre, actor, tmp_path / name / actor)[0] for actor in (HILL, NORTH)]
        assert [watch.finds() for watch in watches] == [[], []]
        doubts = list(meet(*(watch.mirror.replica for watch in watches)))
        assert [doubt.wrong.value for doubt in doubts] == wrong


def test_an_untouched_copy_is_in_order(served: Served, tmp_path: Path, stack: ExitStack) -> None:
    served.client(HILL).notify(world.hospital(), TO_NORTH)
    at_rest(*(mirror(stack, served, actor, tmp_path / actor) for actor in (HILL, NORTH)))
    lying = stack.enter_context(centre_over(copied(entries_of(served))))
    assert mirror(stack, lying, HILL, tmp_path / "again")[0].finds() == []
