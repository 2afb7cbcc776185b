# SPDX-License-Identifier: Apache-2.0
"""Whatever happens, each party derives again, from its views alone, all that was decided about its own activities."""

import msgspec
from hypothesis import HealthCheck, given, settings

from standclear.core.comparing import Compared, Outcome
from standclear.core.evolve import after_entry
from standclear.core.rejudging import rejudge
from standclear.core.release import SEES_ALL
from standclear.core.state import NOTHING, State
from tests.core.histories import Lived, Step, steps
from tests.world import ACTORS, World


def derived(small: World, actor: str) -> list[Compared]:
    """What an actor's mirror makes of its views."""
    state: State = NOTHING
    found: list[Compared] = []
    for seq, view in small.views.get(actor, []):
        received = small.entries[seq][0]
        own = received if received.actor == actor else None
        found += rejudge(state, seq, view.events, own, actor, received.at_us)
        state = after_entry(msgspec.structs.replace(state, size=seq), view.events)
    return found


@given(steps)
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_an_honest_centre_is_never_contradicted(happened: list[Step]) -> None:
    lived = Lived()
    for step in happened:
        lived.happens(step)
    for actor in ACTORS:
        if actor.role not in SEES_ALL:
            assert not [one for one in derived(lived.small, actor.id) if one.outcome is Outcome.CONTRADICTED]


@given(steps)
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_who_sees_everything_derives_everyones_decisions(happened: list[Step]) -> None:
    lived = Lived()
    for step in happened:
        lived.happens(step)
    state: State = NOTHING
    for seq, (received, events) in enumerate(lived.small.entries):
        for one in rejudge(state, seq, events, received, None, received.at_us):
            assert one.outcome is not Outcome.CONTRADICTED, one
        state = after_entry(msgspec.structs.replace(state, size=seq), events)
