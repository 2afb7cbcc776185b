# SPDX-License-Identifier: Apache-2.0
"""Whether what the terms say of those who notify hangs together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from standclear.core.terms import SPARED, NoticeClass, Terms

Fault: TypeAlias = "tuple[tuple[str | int, ...], str, str]"
"""Where in the terms, what is wrong, what would be right: as `terms_check.Problem`."""


def problems(terms: Terms) -> Iterator[Fault]:
    """What of this cannot hang together."""
    if terms.upkeep is not None and terms.upkeep.remind_us >= terms.upkeep.attest_every_us:
        yield (
            ("upkeep", "remind_h"),
            "a site's author would be reminded before the site is given",
            "fewer hours than `attest_every_h`",
        )
    yield from _two_person(terms)
    yield from _claims(terms)


def _two_person(terms: Terms) -> Iterator[Fault]:
    """Every name means something, and nothing that must be quick waits for a second person."""
    asked = terms.two_person
    if asked is None:
        return
    kinds = {kind.id: kind.notice for kind in terms.kinds} | {one.value: one for one in NoticeClass}
    for position, name in enumerate(asked.kinds):
        place = ("two_person", "kinds", position)
        if name not in kinds:
            yield place, f"the terms name no kind `{name}`", "a kind, or a class as `site`"
        elif kinds[name] not in SPARED or kinds[name] is NoticeClass.STOP:
            yield (
                place,
                f"`{name}` is filed and let go by one person at once",
                "a kind that is spared, no stop",
            )
    known = {actor.id for actor in terms.actors}
    named: list[tuple[tuple[str | int, ...], str]] = [
        (("two_person", "actors", n), one) for n, one in enumerate(asked.actors)
    ]
    named += [(("outside_theatre", n, "actor"), one.actor) for n, one in enumerate(asked.outside_theatre)]
    for where, actor in named:
        if actor not in known:
            yield where, f"the terms name no actor `{actor}`", "its id"


def _claims(terms: Terms) -> Iterator[Fault]:
    for position, name in enumerate(terms.claims.displaced_by if terms.claims else ()):
        kind = terms.kind(name)
        if kind is None or kind.notice is not NoticeClass.MOVEMENT:
            yield (
                ("claims", "displaced_by", position),
                f"`{name}` is no kind of movement",
                "a kind as `medical-flight`",
            )
