# SPDX-License-Identifier: Apache-2.0
"""The search for duplicates over HTTP: among what the asker knows, in the same bytes whatever else there is."""

from __future__ import annotations

import msgspec
import pytest

from standclear.client.duplicates import Duplicates, duplicates
from standclear.core.model import ReleaseLevel, Site
from standclear.errors import Malformed
from tests import world
from tests.web.kit import serve

HILL, NORTH, RIVER, DESK = "hill-relief", "north-command", "river-alliance", "watch-desk"
VOLUME, FULL, COVER = ReleaseLevel.VOLUME, ReleaseLevel.FULL, ReleaseLevel.COVER


def named(name: str, lon: float = 30.0) -> Site:
    return msgspec.structs.replace(world.hospital(lon=lon), name=name)


def bare(found: Duplicates) -> Duplicates:
    return msgspec.structs.replace(found, as_of=msgspec.structs.replace(found.as_of, size=0, at="", at_us=0))


def test_what_is_near_and_alike_comes_first_and_what_was_not_released_changes_no_byte() -> None:
    served = serve()
    try:
        hill, river = served.client(HILL), served.client(RIVER)
        shown = hill.notify(named("Al-Shifa"), {RIVER: FULL}).notice
        hill.notify(named("Mill", 30.002), {RIVER: VOLUME})
        asked = duplicates(river, named("الشفاء", 30.003))
        assert asked.items[0].notice == shown
        assert [one.possible for one in asked.items] == [True, True]
        assert [one.alike is None for one in asked.items] == [False, True]
        before = bare(duplicates(river, named("الشفاء", 30.003)))
        hill.notify(named("Al-Shifa", 30.003), {NORTH: FULL, RIVER: COVER})
        size = served.keyed.centre.snapshot.size
        assert bare(duplicates(river, named("الشفاء", 30.003))) == before
        assert served.keyed.centre.snapshot.size == size
        assert len(duplicates(served.client(DESK), named("الشفاء", 30.003)).items) == 3
    finally:
        served.stop()


def test_a_site_given_is_not_its_own_duplicate_and_what_cannot_be_compared_is_named() -> None:
    served = serve()
    try:
        hill = served.client(HILL)
        notice = hill.notify(named("Al-Shifa"), {}).notice
        assert notice is not None
        assert duplicates(hill, named("Al-Shifa"), but=notice).items == ()
        assert len(duplicates(hill, named("Al-Shifa")).items) == 1
        with pytest.raises(Malformed, match="no kind of site"):
            duplicates(hill, msgspec.structs.replace(named("x"), kind="castle"))
    finally:
        served.stop()
