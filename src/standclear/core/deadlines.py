# SPDX-License-Identifier: Apache-2.0
"""By when a rule asks for something: so long before or after, in working hours, or by a time of day."""

from __future__ import annotations

from standclear.core.calendar import Calendar, cut_off, working_after, working_before
from standclear.core.terms import Acknowledge, Consent, LeadTime, Terms


def latest_us(terms: Terms, rule: LeadTime | Consent, start_us: int) -> int:
    """The last moment for notice of, or consent to, what begins at another (µs UTC)."""
    ahead_us = rule.lead_us if isinstance(rule, LeadTime) else rule.deadline_us
    calendar = calendar_of(terms, rule.calendar)
    if calendar is None:
        return start_us - ahead_us
    if rule.cutoff is not None:
        return cut_off(calendar, rule.cutoff, start_us)
    return working_before(calendar, start_us, ahead_us)


def answer_by_us(terms: Terms, rule: Acknowledge, told_us: int) -> int:
    """By when an acknowledgement is asked for of what was shown at a moment (µs UTC)."""
    calendar = calendar_of(terms, rule.calendar)
    return (
        told_us + rule.deadline_us if calendar is None else working_after(calendar, told_us, rule.deadline_us)
    )


def calendar_of(terms: Terms, name: str) -> Calendar | None:
    """The calendar of that name; None where a rule names none."""
    return next((one for one in terms.calendars if one.id == name), None)
