# SPDX-License-Identifier: Apache-2.0
"""What came of deciding a whole bundle again."""

from __future__ import annotations

from dataclasses import dataclass, field

from standclear.core.comparing import Compared, Outcome


@dataclass
class Judged:
    """Counts, and what is wrong, one sentence each."""

    confirmed: int = 0
    conservative: int = 0
    partly_sealed: int = 0
    contradicted: int = 0
    decisions: int = 0
    """Commands decided again whole, with the same events."""
    views: int = 0
    """Recipients' views made again, byte for byte the same."""
    wrong: list[str] = field(default_factory=list)

    def count(self, seq: int, one: Compared) -> None:
        """One judgement derived again."""
        match one.outcome:
            case Outcome.CONFIRMED:
                self.confirmed += 1
            case Outcome.CONSERVATIVE:
                self.conservative += 1
            case Outcome.PARTLY_SEALED:
                self.partly_sealed += 1
            case Outcome.CONTRADICTED:
                self.contradicted += 1
                self.wrong.append(f"entry {seq}, {one.notice or 'a check'}: {one.because}")
