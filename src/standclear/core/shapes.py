# SPDX-License-Identifier: Apache-2.0
"""Which shape of a notice is compared, for whom. Release is never taken back (design §5).

A notice may be compared at several shapes at once: after its author narrowed the release, those left out
go on being judged against the last shape they were shown. Each shape has one row set in the index, with
the recipients that are shown it. A cover is a shape too, with rows and an audience of its own: those are judged
against it from the start, and it is released to each of them when a judgement first meets it (ADR 13).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace
from rpds import HashTrieMap

from standclear.core.judge import occupied, reached, subject_of
from standclear.core.model import Activity, Area, Content, Movement, ReleaseLevel, Site
from standclear.core.state import ALL, Notice, Showing, State
from standclear.geometry.index import EMPTY, Index, NotKept

EXACTLY = (ReleaseLevel.VOLUME, ReleaseLevel.FULL)


def audience(state: State, notice: Notice, *levels: ReleaseLevel) -> int:
    """The recipients to whom a notice is released at one of these levels, as a bit mask of their numbers."""
    mask = 0
    for release in notice.release:
        if release.level in levels:
            actor = state.actors.get(release.to)
            mask |= 1 << actor.number if actor else 0
    return mask


def exactly_to(notice: Notice) -> set[str]:
    """The actors to whom it is released where and when a notice is."""
    return {release.to for release in notice.release if release.level in EXACTLY}


def released(state: State, notice_id: str) -> int:
    """To whom any shape of a notice is released: the exact one, or a cover that they have met."""
    notice, mask = state.notices.get(notice_id), 0
    for key in notice.showings if notice else ():
        mask |= state.showings[key].released
    return mask


def cover_for(state: State, notice_id: str, number: int) -> Showing | None:
    """The cover that a recipient is judged against, if it is."""
    notice = state.notices.get(notice_id)
    found = (state.showings[key] for key in reversed(notice.showings if notice else ()))
    return next((one for one in found if one.covered and one.audience >> number & 1), None)


def show(state: State, notice: Notice, cover: Content | None) -> State:
    """Put a new shape of a notice before its recipients; others keep the last shape they were shown.

    `cover`: what those released no more are shown. Without one, as in a recipient's own view, the words are a
    cover already, for a recipient who has met it. Who keeps an older shape is given the cover even where that shape
    stands unchanged: else whether there is a cover would tell it whether the notice moved.
    """
    exact = audience(state, notice, *EXACTLY)
    covered = audience(state, notice, ReleaseLevel.COVER)
    met = covered if cover is None else _met(state, notice)
    before = state
    for key in notice.showings:
        old = state.showings[key]
        state = _narrow(state, key, exact | covered | ~old.met if old.covered else exact)
    kept = tuple(key for key in notice.showings if key in state.showings)
    new: list[tuple[str, Showing]] = []
    if exact:
        new.append((f"{notice.id}@{state.size}", Showing(notice.id, notice.content, exact)))
    if covered:
        shape = notice.content if cover is None else cover
        showing = Showing(notice.id, shape, covered, covered=True, met=met & covered)
        new.append((f"{notice.id}@{state.size}c", showing))
    return _recounted(before, _added(state, replace(notice, showings=kept), new), notice.id)


def _met(state: State, notice: Notice) -> int:
    """Who has met a cover of a notice."""
    mask = 0
    for key in notice.showings:
        mask |= state.showings[key].met
    return mask


def release_cover(state: State, notice: Notice, number: int, cover: Content) -> State:
    """A recipient has met a notice's cover; in its own view the cover begins to stand with this."""
    before, bit = state, 1 << number
    for key in notice.showings:
        old = state.showings[key]
        if old.covered and old.audience & bit:
            met = old._replace(met=old.met | bit)
            return _recounted(before, replace(state, showings=state.showings.insert(key, met)), notice.id)
    showing = Showing(notice.id, cover, bit, covered=True, met=bit)
    state = _added(state, notice, [(f"{notice.id}@{state.size}c", showing)])
    return _recounted(before, state, notice.id)


def due(state: State, notice_id: str, at_us: int, *, covered: bool) -> tuple[str, ...]:
    """The shapes, covers or exact ones, whose own time has come by then and that have not aged yet, by their keys.

    A shape that only some are left with has the times it was shown with: those of newer words, which they are not
    shown, must not reach them.
    """
    notice, found = state.notices.get(notice_id), []
    for key in notice.showings if notice else ():
        shown = state.showings[key]
        ends_us = ends(shown.content)
        if shown.covered is covered and not shown.aged and ends_us is not None and ends_us <= at_us:
            found.append(key)
    return tuple(found)


def hide(state: State, notice: Notice, keys: Sequence[str] | None = None) -> State:
    """Compare a notice no longer: at any shape, or at these."""
    before = state
    for key in notice.showings if keys is None else keys:
        state = _narrow(state, key, -1)
    kept = tuple(key for key in notice.showings if key in state.showings)
    state = replace(state, notices=state.notices.insert(notice.id, replace(notice, showings=kept)))
    return _recounted(before, state, notice.id)


def reshape(state: State, keys: Sequence[str], change: Callable[[Content], Content]) -> State:
    """Change shapes that are still compared, each for whom it was shown; they have aged."""
    for key in keys:
        old = state.showings[key]
        changed = old._replace(content=change(old.content), aged=True)
        state = replace(
            state, index=state.index.close(key, state.size), showings=state.showings.insert(key, changed)
        )
        state = _indexed(state, key)
    return state


def filed_anew(state: State, keys: Sequence[str]) -> State:
    """Index shapes anew that stand as they were, where the terms now give them another reach."""
    for key in keys:
        state = _indexed(replace(state, index=state.index.close(key, state.size)), key)
    return state


def age(state: State, keys: Sequence[str]) -> State:
    """These shapes have expired by their own time; they stay spared."""
    for key in keys:
        old = state.showings[key]
        state = replace(state, showings=state.showings.insert(key, old._replace(aged=True)))
    return state


def _narrow(state: State, key: str, lost: int) -> State:
    """Take recipients from an older shape; without any left it is compared no longer."""
    old = state.showings[key]
    left = old.audience & ~lost
    if left == old.audience:
        return state
    state = replace(state, index=state.index.close(key, state.size), showings=state.showings.remove(key))
    if not left:
        return state
    narrowed = old._replace(audience=left, met=old.met & left)
    return _indexed(replace(state, showings=state.showings.insert(key, narrowed)), key)


def _added(state: State, notice: Notice, new: Sequence[tuple[str, Showing]]) -> State:
    """The notice as given, with shapes more, newest last."""
    showings, keys = state.showings, notice.showings
    for key, showing in new:
        showings, keys = showings.insert(key, showing), (*keys, key)
    notices = state.notices.insert(notice.id, replace(notice, showings=keys))
    state = replace(state, showings=showings, notices=notices)
    for key, _ in new:
        state = _indexed(state, key)
    return state


def _indexed(state: State, key: str) -> State:
    if isinstance(state.index, NotKept):
        return state
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


def restored_index(state: State, keys: Sequence[str]) -> Index:
    """An index of these shapes as they stand, for questions at this size or later."""
    shown = ((key, state.showings[key]) for key in keys)
    return EMPTY.insert_many(
        (
            (key, one.audience, reached(subject_of(one.notice, one.content, "", state.terms)))
            for key, one in shown
        ),
        seq=state.size - 1,
    )


def _recounted(before: State, state: State, notice_id: str) -> State:
    """Count the notice for those to whom it was released now, no longer for those who lost it."""
    was, now = released(before, notice_id), released(state, notice_id)
    visible = state.visible
    if was != now:
        visible = _counted(_counted(visible, was & ~now, -1), now & ~was, +1)
    change = _is_exact(state, notice_id) - _is_exact(before, notice_id)
    if change:
        visible = visible.insert(ALL, visible.get(ALL, 0) + change)
    return state if visible is state.visible else replace(state, visible=visible)


def _is_exact(state: State, notice_id: str) -> bool:
    """Whether a notice is compared at any exact shape."""
    notice = state.notices.get(notice_id)
    return any(not state.showings[key].covered for key in (notice.showings if notice else ()))


def _counted(visible: HashTrieMap[int, int], mask: int, by: int) -> HashTrieMap[int, int]:
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


def ends(content: Content) -> int | None:
    """When a shape ages by itself: a site or an area expires, a movement is overdue, an activity ends."""
    match content:
        case Site() | Area():
            return content.valid_until_us
        case Movement() | Activity():
            return last_end_us(content)
        case _:
            return None


def first_start_us(content: Content) -> int | None:
    """When the first window opens; None when one is always open."""
    starts = [volume.window.start_us for volume in occupied(content)]
    return min((s for s in starts if s is not None), default=None) if None not in starts else None


def last_end_us(content: Content) -> int | None:
    """When the last window closes; None when one never does."""
    ends = [volume.window.end_us for volume in occupied(content)]
    return max((e for e in ends if e is not None), default=None) if None not in ends else None
