# SPDX-License-Identifier: Apache-2.0
"""Whether a site may have been notified before: near in place, and alike in name or of the same kind.

At filing its author is flagged, among its own sites and those it was shown; nothing is refused and nobody else is told.
Of what others notified only place and kind are looked at here: whether a name is still shown may have changed without
the asker being told. The search (`web/duplicates.py`) looks at the names that the asker knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from standclear.core.likeness import ALIKE, Called, called, most_alike
from standclear.core.model import Content, Flag, FlagCode, Site
from standclear.core.state import State
from standclear.geometry.volume import Band, Minima, Volume, Window

SAME_PLACE_MM: Final = 200_000
"""So near, two sites of one kind are looked at together whatever they are called."""
NEAR_MM: Final = 2_000_000
"""So near, two sites with names alike are."""
MOST: Final = 8
"""So many of the nearest are compared by name, so that a filing costs little; the search looks at more."""


class Near(NamedTuple):
    """A site near another: at least so far away in mm, of which notice, by what shape."""

    apart_mm: int
    notice: str
    site: Site


def names_of(site: Site) -> tuple[Called, ...]:
    """All names of a site, made ready to be compared."""
    return tuple(called(name) for name in (site.name, *site.also) if name)


def duplicate_flag(state: State, author: str, content: Content, own_id: str) -> Iterator[Flag]:
    """For the author alone: how many sites that it knows may be this very one."""
    if not isinstance(content, Site):
        return
    names, count = names_of(content), 0
    for near in _near(state, author, content, own_id):
        mine = state.notices[near.notice].author == author
        alike = mine and bool(names) and most_alike(names, names_of(near.site)) >= ALIKE
        unlike = mine and bool(names) and bool(near.site.name) and not alike
        here = near.apart_mm <= SAME_PLACE_MM and near.site.kind == content.kind
        if alike or (here and not unlike):
            count += 1
    if count:
        yield Flag(code=FlagCode.POSSIBLE_DUPLICATE, rule="", amount=count)


def _near(state: State, author: str, content: Site, own_id: str) -> list[Near]:
    """The nearest sites that an author knows where they are; each once, at the nearest shape that it knows."""
    asker, found = state.number(author), dict[str, Near]()
    minima = Minima(horizontal_mm=NEAR_MM, vertical_mm=0, time_us=0)
    for volume in content.volumes:
        anywhen = Volume(volume.footprint, Band(lower=None, upper=None), Window(start_us=None, end_us=None))
        close = state.index.check(anywhen, minima, size=state.size, asker=asker, theatre=state.terms.theatre)
        for one in close:
            shown = state.showings.get(one.notice)
            if (
                shown is None
                or shown.covered
                or shown.notice == own_id
                or not isinstance(shown.content, Site)
            ):
                continue
            near = Near(one.closeness.horizontal_mm.lower or 0, shown.notice, shown.content)
            known = found.get(near.notice)
            if known is None or near.apart_mm < known.apart_mm:
                found[near.notice] = near
    return sorted(found.values(), key=lambda near: (near.apart_mm, int(near.notice[1:])))[:MOST]
