# SPDX-License-Identifier: Apache-2.0
"""The hotline over HTTP and by hand: phrases in the reader's language, what each side sees, what is still open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from standclear.cli import app
from standclear.core.commands import Filled
from standclear.core.model import ReleaseLevel
from standclear.identity import write_identity
from tests import centre_kit, world
from tests.talking import message
from tests.web.kit import Served, identity, serve

HILL, NORTH, RIVER, DESK = "hill-relief", "north-command", "river-alliance", "watch-desk"
HERE = Filled(place=(301_000_000, 15_000_000), count=40)


@pytest.fixture
def served() -> Iterator[Served]:
    running = serve(terms=world.terms())
    yield running
    running.stop()


def said(served: Served, actor: str, text: str = "", **how: object) -> int:
    client = served.client(actor)

    class Signed:
        now = 0
        who = staticmethod(client.who)
        act = None

    return client.act(message(Signed, text, **how)).entry  # type: ignore[arg-type]


def test_a_phrase_reads_the_same_in_each_readers_language(served: Served) -> None:
    said(served, HILL, phrase="people-here", filled=HERE, to=(NORTH,))
    words = {
        language: served.client(NORTH).threads(language=language).threads[0].messages[0].words
        for language in ("en", "de", "ar")
    }
    assert words["en"] == "There are 40 people of ours at 1.5° N, 30.1° E."
    assert words["de"] == "40 Menschen von uns sind bei 1.5° N, 30.1° E."
    assert "\u206840\u2069" in words["ar"]


def test_words_stay_as_they_were_written_whatever_language_is_asked_for(served: Served) -> None:
    said(served, HILL, "أين أنتم؟", language="ar", to=(NORTH,))
    (thread,) = served.client(NORTH).threads(language="de").threads
    assert (thread.messages[0].words, thread.messages[0].language) == ("أين أنتم؟", "ar")


def test_a_thread_is_of_one_notice_and_one_pair_and_says_who_holds_and_who_answered(served: Served) -> None:
    notice = served.client(HILL).notify(world.hospital(), world.shown_to_all(ReleaseLevel.FULL)).notice
    assert notice is not None
    entry = said(served, HILL, "Do you see it?", about=notice, to=(NORTH, RIVER))
    said(served, NORTH, phrase="received", answers=entry)
    served.keyed.centre.submit(centre_kit.held(served.keyed.centre, RIVER, 900)).result(timeout=30)
    threads = {one.between: one.messages for one in served.client(HILL).threads(notice=notice).threads}
    assert set(threads) == {(HILL, NORTH), (HILL, RIVER)}
    first = threads[HILL, NORTH][0]
    assert (first.unanswered, [one.to for one in first.held]) == ((RIVER,), [RIVER])
    assert [one.entry for one in threads[HILL, NORTH]] == [entry, threads[HILL, NORTH][1].entry]
    assert [one.between for one in served.client(NORTH).threads().threads] == [(HILL, NORTH)]
    assert served.client("lake-observers").threads().threads == ()


def test_what_is_not_answered_is_open_for_whom_it_waits(served: Served) -> None:
    entry = said(served, HILL, "Do you see it?", to=(NORTH,), urgent=True)
    for reader in (NORTH, HILL, DESK):
        (item,) = [one for one in served.client(reader).watch().items if one.what == "message"]
        assert (item.waits_on, f"entry {entry}" in item.words) == ((NORTH,), True)
    said(served, NORTH, phrase="acting-on-it", answers=entry)
    assert not [one for one in served.client(HILL).watch().items if one.what == "message"]


def test_it_is_said_and_read_by_hand(served: Served, tmp_path: Path) -> None:
    files = {actor: tmp_path / f"{actor}.key" for actor in (HILL, NORTH)}
    for actor, file in files.items():
        write_identity(file, identity(actor))

    def run(actor: str, *words: str) -> str:
        result = CliRunner().invoke(app, [*words, "--url", served.running.url, "--key", str(files[actor])])
        assert result.exit_code == 0, result.output
        return result.output

    assert "It rings" in run(
        HILL, "say", "--phrase", "hold-fire", "--place", "1.5 N 30.1 E", "--to", NORTH, "--urgent"
    )
    read = run(NORTH, "threads", "--language", "fr")
    assert "URGENT hill-relief: Arrêtez tout à 1.5° N, 30.1° E. Il y a des gens." in read
    entry = read.split("URGENT")[0].split()[-2]
    run(NORTH, "say", "Nous arrêtons.", "--language", "fr", "--answers", entry)
    assert "(fr): Nous arrêtons." in run(HILL, "threads", "--with", NORTH)
    wrong = CliRunner().invoke(
        app,
        [
            "say",
            "--phrase",
            "hold-fire",
            "--to",
            NORTH,
            "--url",
            served.running.url,
            "--key",
            str(files[HILL]),
        ],
    )
    assert wrong.exit_code != 0
