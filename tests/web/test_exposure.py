# SPDX-License-Identifier: Apache-2.0
"""Exposure over HTTP: asked before, read after, by the author alone; what others ask is as what does not exist."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from standclear.client import Notifying
from standclear.core.commands import ReportDeletion
from standclear.core.model import ReleaseLevel
from standclear.errors import Malformed, NotFound, NotPermitted
from tests import world
from tests.web.kit import Served, serve

HILL, NORTH, RIVER, DESK = "hill-relief", "north-command", "river-alliance", "watch-desk"
SHOWN = {NORTH: ReleaseLevel.VOLUME, RIVER: ReleaseLevel.COVER}


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    running = serve()
    yield running
    running.stop()


def notifying(served: Served, actor: str = HILL) -> Notifying:
    return Notifying(served.client(actor))


def test_asking_records_nothing(served: Served) -> None:
    before = served.keyed.centre.snapshot.size
    asked = notifying(served).exposure(world.hospital(), SHOWN)
    assert (asked.exposure.told, asked.exposure.meeting) == ((NORTH,), (RIVER,))
    assert served.keyed.centre.snapshot.size == before


def test_whoever_gives_no_such_notice_is_told_so(served: Served) -> None:
    with pytest.raises(NotPermitted, match="no notice of this sort"):
        notifying(served, "lake-observers").exposure(world.hospital(), SHOWN)


def test_an_actor_that_the_terms_do_not_name_is_named(served: Served) -> None:
    with pytest.raises(Malformed, match="nobody-knows"):
        notifying(served).exposure(world.hospital(), {"nobody-knows": ReleaseLevel.FULL})


def test_another_s_notice_is_amended_by_nobody_else(served: Served) -> None:
    notice = served.client(HILL).notify(world.hospital(), SHOWN).notice
    assert notice is not None
    assert notifying(served).exposure(world.hospital(), {}, amends=notice).exposure.told == ()
    with pytest.raises(NotFound):
        notifying(served, NORTH).exposure(world.hospital(), {}, amends=notice)


def test_the_author_and_the_desk_read_who_was_shown_what_and_nobody_else_does(served: Served) -> None:
    client = served.client(HILL)
    notice = client.notify(world.hospital(), SHOWN).notice
    assert notice is not None
    client.amend(notice, world.hospital(), {RIVER: ReleaseLevel.COVER})
    for reader in (HILL, DESK):
        shown = {one.to: one for one in notifying(served, reader).shown(notice).recipients}
        assert [step.level for step in shown[NORTH].released] == [ReleaseLevel.VOLUME, ReleaseLevel.WITHHELD]
        assert "stays with it" in shown[NORTH].words
        assert "has not met the cover" in shown[RIVER].words
        assert "whatever the consent says" in shown[DESK].words
    with pytest.raises(NotFound):
        notifying(served, NORTH).shown(notice)


def test_that_copies_were_deleted_is_shown_as_said_and_as_not_proved(served: Served) -> None:
    client = served.client(HILL)
    notice = client.notify(world.hospital(35.0), SHOWN).notice
    assert notice is not None
    client.withdraw(notice)
    north = served.client(NORTH)
    assert "No longer maintained; legal protection unchanged." in north.notice(notice).words
    north.act(ReportDeletion(**north.who(), deletes=notice))
    shown = {one.to: one for one in notifying(served).shown(notice).recipients}
    assert shown[NORTH].deleted is not None
    assert "says that it deleted its copies" in shown[NORTH].words
    assert "That cannot be proved." in shown[NORTH].words
    assert "It has not said that it deleted its copies" in shown[RIVER].words


def test_a_site_without_a_place_stands_in_the_watch_until_it_has_one() -> None:
    running = serve()
    try:
        client = running.client(HILL)
        notice = client.notify(world.hospital(36.0, radius_m=600, placed=False), SHOWN).notice
        assert notice is not None
        for reader in (HILL, DESK):
            (item,) = running.client(reader).watch().items
            assert (item.what, item.notice, item.waits_on) == ("call_back", notice, (HILL,))
            assert "call hill-relief back" in item.words
        assert running.client(NORTH).watch().items == ()
        client.amend(notice, world.hospital(36.0), SHOWN)
        assert client.watch().items == ()
    finally:
        running.stop()


def test_who_met_the_cover_is_told_with_the_time(served: Served) -> None:
    notice = served.client(HILL).notify(world.hospital(32.02, 1.55), {RIVER: ReleaseLevel.COVER}).notice
    assert notice is not None
    served.client(RIVER).notify(world.flight(32.05, 1.55, lower_m=0, upper_m=200), {})
    shown = {one.to: one for one in notifying(served).shown(notice).recipients}
    assert shown[RIVER].met is not None
    assert "met the cover" in shown[RIVER].words
