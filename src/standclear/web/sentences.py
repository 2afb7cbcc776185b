# SPDX-License-Identifier: Apache-2.0
"""A judgement in sentences, in the names that the reader knows and no others."""

from __future__ import annotations

from standclear.core.model import Alternative, Finding, Judgement
from standclear.core.state import State
from standclear.core.words import metres, sentence
from standclear.units import US_PER_S
from standclear.web.wire import Spoken

SECONDS_PER_MINUTE = 60


def spoken(state: State, own_id: str, judgement: Judgement | None) -> Spoken | None:
    """A judgement with each finding and alternative in a sentence; `own_id` empty for a check."""
    if judgement is None:
        return None
    own = named(state, own_id) if own_id else "The activity asked about"
    return Spoken(
        judgement,
        tuple(_finding(state, own, finding) for finding in judgement.findings),
        tuple(_alternative(one) for one in judgement.alternatives),
    )


def named(state: State, notice_id: str) -> str:
    """A notice by its id, and its name where that was released."""
    notice = state.notices.get(notice_id)
    name = notice.content.name if notice else ""
    return f"{notice_id} ({name})" if name else notice_id


def _finding(state: State, own: str, finding: Finding) -> str:
    other = named(state, finding.other) if finding.other else "the areas in force"
    return sentence(finding, own, other, state.terms.rule(finding.rule))


def _alternative(one: Alternative) -> str:
    parts = []
    if one.shift_us:
        minutes = abs(one.shift_us) / US_PER_S / SECONDS_PER_MINUTE
        parts.append(f"{minutes:g} minutes {'later' if one.shift_us > 0 else 'earlier'}")
    if one.raise_mm:
        parts.append(f"{metres(abs(one.raise_mm))} {'higher' if one.raise_mm > 0 else 'lower'}")
    return f"No conflict found among what was released to you: {' and '.join(parts)}."
