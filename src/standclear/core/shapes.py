# SPDX-License-Identifier: Apache-2.0
"""Which shape of a notice is compared, for whom. Release is never taken back (design §5).

A notice may be compared at several shapes at once: after its author narrowed the release, those left out
go on being judged against the last shape they were shown. Each shape has one row set in the index, with
the recipients that are shown it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rpds import HashTrieMap

from standclear.core.judge import occupied, reached, subject_of
from standclear.core.model import Activity, Area, Content, Movement, ReleaseLevel, Site
from standclear.core.state import Notice, Showing, State


def audience(state: State, notice: Notice) -> int:
    """The recipients shown where and when a notice is, as a bit mask of their numbers."""
    mask = 0
    for release in notice.release:
        number = state.number(release.to)
        if release.level is not ReleaseLevel.WITHHELD and number >= 0:
            mask |= 1 << number
    return mask


def show(state: State, notice: Notice, content: Content, seen_by: int) -> State:
    """Put a new shape of a notice before these recipients; others keep the last shape they were shown."""
    for key in notice.showings:
        state = _narrow(state, key, seen_by)
    kept = tuple(key for key in notice.showings if key in state.showings)
    key = f"{notice.id}@{state.size}"
    state = replace(
        state,
        showings=state.showings.insert(key, Showing(notice.id, content, seen_by)),
        visible=_counted(state, seen_by, +1),
        notices=state.notices.insert(notice.id, replace(notice, showings=(*kept, key))),
    )
    return _indexed(state, key)


def hide(state: State, notice: Notice) -> State:
    """Compare a notice no longer, at any shape."""
    for key in notice.showings:
        state = _narrow(state, key, -1)
    return replace(state, notices=state.notices.insert(notice.id, replace(notice, showings=())))


def reshape(state: State, notice: Notice, change: Callable[[Content], Content]) -> State:
    """Change every shape that is still compared, each for whom it was shown."""
    for key in notice.showings:
        old = state.showings[key]
        changed = old._replace(content=change(old.content))
        state = replace(
            state, index=state.index.close(key, state.size), showings=state.showings.insert(key, changed)
        )
        state = _indexed(state, key)
    return state


def _narrow(state: State, key: str, lost: int) -> State:
    """Take recipients from an older shape; without any left it is compared no longer."""
    old = state.showings[key]
    left = old.audience & ~lost
    state = replace(
        state,
        visible=_counted(state, old.audience & lost, -1),
        index=state.index.close(key, state.size),
        showings=state.showings.remove(key),
    )
    if not left:
        return state
    return _indexed(
        replace(state, showings=state.showings.insert(key, old._replace(audience=left))),
        key,
    )


def _indexed(state: State, key: str) -> State:
    shown = state.showings[key]
    volumes = reached(subject_of(shown.notice, shown.content, "", state.terms))
    index = state.index.insert(
        volumes,
        notice=key,
        audience=shown.audience,
        seq=state.size,
        theatre=state.terms.theatre,
    )
    return replace(state, index=index)


def _counted(state: State, mask: int, by: int) -> HashTrieMap[int, int]:
    visible = state.visible
    while mask:
        number = (mask & -mask).bit_length() - 1
        visible = visible.insert(number, visible.get(number, 0) + by)
        mask &= mask - 1
    return visible


def falls_due(content: Content, now_us: int) -> tuple[int, ...]:
    """When something happens to a notice by itself, never before now: expiry, overdue, start and end."""
    moments: tuple[int | None, ...] = ()
    match content:
        case Site() | Area():
            moments = (content.valid_until_us,)
        case Movement():
            moments = (last_end_us(content),)
        case Activity():
            moments = (first_start_us(content), last_end_us(content))
        case _:
            pass
    return tuple(max(moment, now_us) for moment in moments if moment is not None)


def first_start_us(content: Content) -> int | None:
    """When the first window opens; None when one is always open."""
    starts = [volume.window.start_us for volume in occupied(content)]
    return min((s for s in starts if s is not None), default=None) if None not in starts else None


def last_end_us(content: Content) -> int | None:
    """When the last window closes; None when one never does."""
    ends = [volume.window.end_us for volume in occupied(content)]
    return max((e for e in ends if e is not None), default=None) if None not in ends else None
