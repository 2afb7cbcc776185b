# SPDX-License-Identifier: Apache-2.0
"""Which claims of airspace yield to which medical flights, among what a reader knows (docs/notifiers.md)."""

from __future__ import annotations

from collections.abc import Iterator

from standclear.core import claims
from standclear.core.model import Area, Movement
from standclear.core.state import Notice, State
from standclear.core.words import listed
from standclear.web.shelf import Sight, from_number


def displaced_by(sight: Sight, measure: Notice) -> tuple[str, ...]:
    """The flights that a measure yields to, as far as the reader was shown them; none where it is no measure."""
    if sight.state.terms.claims is None or not claims.is_measure(measure):
        return ()
    flights = from_number(sight.state, sight.shelf.those(sight.state, "displacing", claims.displaces), 0)
    return tuple(
        flight.id
        for flight in flights
        if isinstance(flight.content, Movement) and claims.meet(sight.state, measure, flight)
    )


def displaced_words(sight: Sight, measure: Notice) -> Iterator[str]:
    """The same in a sentence."""
    flights = displaced_by(sight, measure)
    if flights:
        yield f"Yields to {listed(flights)} by the terms: a medical flight is not held up by a claim of airspace."


def measures(sight: Sight) -> Iterator[Notice]:
    """The measures that the reader knows."""
    if sight.state.terms.claims is not None:
        yield from from_number(sight.state, sight.shelf.those(sight.state, "measures", _is_measure), 0)


def _is_measure(_: State, notice: Notice) -> bool:
    return isinstance(notice.content, Area) and claims.is_measure(notice)
