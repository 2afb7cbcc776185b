# SPDX-License-Identifier: Apache-2.0
"""Who may have what forgotten, and that nothing else changes by it."""

from __future__ import annotations

import msgspec
import pytest

from standclear.core.commands import Erasable, Erase
from standclear.core.erasing import ordered
from standclear.core.events import CommandRefused, ConsentErased, DetailsErased, Event, Refusal
from tests.world import World, convoy, hospital, shown_to_all

AUTHOR, ARBITER = "hill-relief", "elder-panel"


def erase(small: World, actor: str, what: str = "details", notice: str = "N3") -> tuple[Event, ...]:
    return small.act(actor, Erase(**small.who(), erases=notice, what=Erasable(what)))


def refusal(events: tuple[Event, ...]) -> Refusal | None:
    return events[0].refusal if isinstance(events[0], CommandRefused) else None


@pytest.fixture
def small() -> World:
    made = World()
    made.notify(AUTHOR, hospital(), shown_to_all())
    return made


@pytest.mark.parametrize(
    ("actor", "what", "expected"),
    [
        (AUTHOR, "details", None),
        (ARBITER, "details", None),
        ("watch-desk", "details", Refusal.NO_SUCH_NOTICE),
        ("north-command", "details", Refusal.NO_SUCH_NOTICE),
        ("lake-observers", "details", Refusal.NO_SUCH_NOTICE),
        (ARBITER, "consent", None),
        (AUTHOR, "consent", Refusal.NOT_PERMITTED),
        ("watch-desk", "consent", Refusal.NO_SUCH_NOTICE),
        ("north-command", "consent", Refusal.NO_SUCH_NOTICE),
        (ARBITER, "part", Refusal.NOT_PERMITTED),
        (AUTHOR, "part", Refusal.NOT_PERMITTED),
    ],
)
def test_details_are_erased_by_author_or_arbiter_consent_by_the_arbiter_and_parts_by_nobody(
    small: World, actor: str, what: str, expected: Refusal | None
) -> None:
    assert refusal(erase(small, actor, what)) == expected


def test_erasing_changes_nothing_else_in_the_state(small: World) -> None:
    before = small.state
    erase(small, AUTHOR)
    assert msgspec.structs.replace(small.state, size=before.size, erased=before.erased) == before


def test_every_version_up_to_the_order_is_erased_and_none_after_it(small: World) -> None:
    small.amend(AUTHOR, "N3", hospital(30.2), shown_to_all())
    erase(small, AUTHOR)
    assert list(ordered(small.state)) == [(3, "details"), (4, "details")]
    small.amend(AUTHOR, "N3", hospital(30.3), shown_to_all())
    assert list(ordered(small.state)) == [(3, "details"), (4, "details")]
    erase(small, AUTHOR)
    assert list(ordered(small.state)) == [(3, "details"), (4, "details"), (6, "details")]


def test_what_is_erased_is_not_erased_again(small: World) -> None:
    erase(small, AUTHOR)
    assert refusal(erase(small, ARBITER)) == Refusal.ALREADY_DONE


def test_a_stop_has_nothing_to_erase(small: World) -> None:
    small.stop("north-command", 30.0, 2_000)
    assert refusal(erase(small, "north-command", notice="N4")) == Refusal.NOT_APPLICABLE


def test_whoever_was_ever_shown_the_notice_is_told_even_once_it_is_closed() -> None:
    small = World()
    small.notify(AUTHOR, convoy(), {"north-command": shown_to_all()["north-command"]})
    small.report(AUTHOR, "N3", "arrived")
    erase(small, AUTHOR)
    told = {actor for actor, views in small.views.items() if views[-1][0] == small.state.size - 1}
    assert told == {AUTHOR, "north-command"}
    assert small.views["north-command"][-1][1].command is False
    assert isinstance(small.views["north-command"][-1][1].events[0], DetailsErased)


def test_of_erased_consent_its_author_alone_is_told(small: World) -> None:
    assert isinstance(erase(small, ARBITER, "consent")[0], ConsentErased)
    told = {actor for actor, views in small.views.items() if views[-1][0] == small.state.size - 1}
    assert told == {AUTHOR}
