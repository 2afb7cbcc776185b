# SPDX-License-Identifier: Apache-2.0
"""How often one post may ask: commands, checks and reads, each by itself, so many a minute.

Counted is only what was authenticated, so that nobody uses up what belongs to another. Nothing is kept: a restart
begins anew, and no decision depends on it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from standclear.core.commands import Check
from standclear.core.urgent import never_limited
from standclear.errors import TooOften
from standclear.units import US_PER_S

if TYPE_CHECKING:
    from standclear.admission import Admitted

WINDOW_US: Final = 60 * US_PER_S
COMMANDS, CHECKS, READS = "commands", "checks", "reads"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rates:
    """So many a minute of each post; 0: as many as it likes."""

    commands: int = 0
    checks: int = 0
    reads: int = 0


class Limits:
    """What each post has asked of late. Clock handed in, µs."""

    def __init__(self, rates: Rates, clock: Callable[[], int]) -> None:
        """Start with nobody having asked."""
        self._rates = {COMMANDS: rates.commands, CHECKS: rates.checks, READS: rates.reads}
        self._clock, self._lock = clock, threading.Lock()
        self._paid_us: dict[tuple[str, str, str], int] = {}

    def command(self, admitted: Admitted) -> None:
        """Count an authentic command, or a check.

        Raises:
            TooOften: its post has asked too often; never of a stop, its answers, or what is urgent.
        """
        if not never_limited(admitted.command):
            what = CHECKS if isinstance(admitted.command, Check) else COMMANDS
            self._count(what, admitted.actor, admitted.post)

    def read(self, actor: str, post: str) -> None:
        """Count a request in a session.

        Raises:
            TooOften: its post has asked too often.
        """
        self._count(READS, actor, post)

    def _count(self, what: str, actor: str, post: str) -> None:
        """Each request is paid for by a piece of the minute; up to a whole minute may be paid at once."""
        rate = self._rates[what]
        if not rate:
            return
        now_us, whose = self._clock(), (what, actor, post)
        with self._lock:
            # A clock that was set back must not lock a post out for longer than a minute.
            paid_us = min(max(self._paid_us.get(whose, 0), now_us), now_us + WINDOW_US)
            after_us = paid_us + WINDOW_US // rate
            if after_us <= now_us + WINDOW_US:
                self._paid_us[whose] = after_us
                return
        wait_s = max(1, -(-(after_us - now_us - WINDOW_US) // US_PER_S))
        log.warning("%s, %s: more than %s %s a minute", actor, post, rate, what)
        raise TooOften(
            f"{actor}, {post} has sent more than {rate} {what} within a minute; nothing was recorded."
            " Stops, their answers and urgent messages are taken all the same",
            expected=f"another in {wait_s} s",
            wait_s=wait_s,
        )
