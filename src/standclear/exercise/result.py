# SPDX-License-Identifier: Apache-2.0
"""What came of the exercise, and what the story says should have."""

from __future__ import annotations

import msgspec

from standclear.core.model import Finding, Status, Verdict


class ActivityOutcome(msgspec.Struct, frozen=True):
    """One activity as its filer sees it at the end, with the reasons in sentences."""

    id: str
    name: str
    author: str
    kind: str
    state: Status
    verdict: Verdict
    findings: tuple[Finding, ...]
    sentences: tuple[str, ...]
    alternatives: tuple[str, ...]
    flags: tuple[str, ...]
    expected_state: Status
    expected_verdict: Verdict

    @property
    def as_told(self) -> bool:
        """Whether it came out as the story says."""
        return (self.state, self.verdict) == (self.expected_state, self.expected_verdict)


class Fact(msgspec.Struct, frozen=True):
    """Something else that the story says, and whether it held."""

    sentence: str
    held: bool


class ExerciseResult(msgspec.Struct, frozen=True):
    """The whole exercise."""

    exercise: str
    origin: str
    entries: int
    facilities: int
    activities: tuple[ActivityOutcome, ...]
    facts: tuple[Fact, ...]
    note: str

    @property
    def as_told(self) -> bool:
        """Whether everything came out as the story says."""
        return all(activity.as_told for activity in self.activities) and all(fact.held for fact in self.facts)
