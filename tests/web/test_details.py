# SPDX-License-Identifier: Apache-2.0
"""Names, contacts, plates: who reads them, that they prove themselves, and that erased means gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from standclear.client.proof import verified_details
from standclear.errors import LogBroken, NotFound
from standclear.store.sqlite import SqliteStore
from standclear.tlog.entry import commit_attachment
from tests import world
from tests.web.kit import Served, serve

AUTHOR, NAMED = "hill-relief", "river-alliance"
ABOUT = {"contact": "Sister Ferne", "telephone": "0155-7392"}


def given(served: Served) -> str:
    """A hospital shown to all, whose contacts only one party reads."""
    answer = served.client(AUTHOR).notify(world.hospital(), world.shown_to_all(), ABOUT, (NAMED,))
    assert answer.notice is not None
    return answer.notice


@pytest.fixture(scope="module")
def small() -> Iterator[Served]:
    running = serve()
    given(running)
    running.client("north-command").notify(world.flight(), world.shown_to_all(), ABOUT, (NAMED,))
    yield running
    running.stop()


@pytest.mark.parametrize("actor", world.EVERYONE)
@pytest.mark.parametrize(
    ("path", "author"), [("/v1/notices/N3", AUTHOR), ("/v1/activities/N4", "north-command")]
)
def test_details_are_read_by_their_author_and_those_they_name_and_nobody_else(
    small: Served, path: str, author: str, actor: str
) -> None:
    answer = small.raw(actor).get(f"{path}/details")
    none = small.raw(actor).get("/v1/notices/N999/details")
    if actor in (author, NAMED):
        assert answer.status_code == 200
        assert msgspec.json.decode(answer.json()["body"])["about"] == ABOUT
    else:
        assert (answer.status_code, answer.content) == (404, none.content)


def test_a_site_is_no_activity_here_either(small: Served) -> None:
    assert small.raw(AUTHOR).get("/v1/activities/N3/details").status_code == 404


def test_details_are_what_the_signed_command_commits_to(small: Served) -> None:
    found = small.client(AUTHOR).details("N3")
    signed = small.client(AUTHOR).entry(found.entry).signed
    assert signed is not None
    assert found.commitment is not None
    assert found.commitment in signed.command
    assert (
        found.commitment
        == commit_attachment(bytes.fromhex(found.salt or ""), (found.body or "").encode()).hex()
    )
    with pytest.raises(LogBroken):
        verified_details(msgspec.structs.replace(found, body="{}"))


def test_one_who_is_named_and_not_shown_the_notice_reads_nothing(small: Served) -> None:
    hidden = small.client(AUTHOR).notify(world.hospital(30.7), {}, ABOUT, (NAMED,)).notice
    assert hidden is not None
    with pytest.raises(NotFound):
        small.client(NAMED).details(hidden)


def test_erased_details_are_gone_from_answers_and_from_every_byte_of_the_disk(tmp_path: Path) -> None:
    served = serve(SqliteStore(tmp_path / "log.sqlite"))
    notice = given(served)
    assert any(b"Sister Ferne" in file.read_bytes() for file in tmp_path.iterdir())
    answer = served.client(AUTHOR).erase(notice)
    assert not any(b"Sister Ferne" in file.read_bytes() for file in tmp_path.iterdir())
    for actor in (AUTHOR, NAMED):
        for query in ({}, {"as_known_at": "4"}):
            found = served.client(actor).details(notice, **query)
            assert (found.salt, found.body, found.commitment) == (None, None, None)
            assert found.erased is not None
            assert found.erased.entry == answer.entry
    before = served.keyed.centre.snapshot
    served.stop()
    again = serve(SqliteStore(tmp_path / "log.sqlite"))
    after = again.keyed.centre.snapshot
    assert dict(after.state.notices) == dict(before.state.notices)
    assert dict(after.state.erased) == dict(before.state.erased) == {(notice, "details"): answer.entry}
    assert after.frontier.root() == before.frontier.root()
    again.stop()


def test_an_amendment_after_an_erasing_brings_details_of_its_own() -> None:
    served = serve()
    notice = given(served)
    served.client(AUTHOR).erase(notice)
    served.client(AUTHOR).amend(
        notice, world.hospital(30.2), world.shown_to_all(), {"contact": "Ada"}, (NAMED,)
    )
    found = served.client(NAMED).details(notice)
    assert (found.erased, found.body) == (None, '{"about":{"contact":"Ada"},"to":["river-alliance"]}')
    served.stop()
