# SPDX-License-Identifier: Apache-2.0
"""The `[theatre]` section of the terms: what they take for granted about the ground and the air.

Ground and air each may be left out; what is there must be complete, because half a bound is none. Outward:
ground over sea level is widened to what sea level can be anywhere, and temperatures left out are the world's.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR
from enum import StrEnum
from typing import Final

from standclear.core.terms_table import Table
from standclear.geometry.datum import WORLD_AIR
from standclear.geometry.geoid import WORLD_GEOID_MM
from standclear.geometry.volume import NO_THEATRE, Air, Datum, Terrain, Theatre

GROUND_MM: Final = (-11_000_000, 20_000_000)
QNH_HPA: Final = (850, 1_100)
TEMPERATURE_K: Final = (-100, 100)
PA_PER_HPA: Final = 100
MK_PER_K: Final = 1_000
GROUND_KEYS: Final = ("ground_lowest_m", "ground_highest_m", "ground_datum")
AIR_KEYS: Final = ("qnh_lowest_hpa", "qnh_highest_hpa", "temperature_lowest_k", "temperature_highest_k")


class GroundDatum(StrEnum):
    """What the heights of the theatre's ground are counted from; no other datum says where ground lies."""

    W84 = Datum.W84.value
    AMSL = Datum.AMSL.value


def read_theatre(top: Table) -> Theatre:
    """Read the section; problems are left in the report. One without a word of ground or air lacks its ground."""
    theatre = top.table("theatre")
    if theatre is None:
        return NO_THEATRE
    has_air = any(key in theatre.raw for key in AIR_KEYS)
    has_ground = not has_air or any(key in theatre.raw for key in GROUND_KEYS)
    ground = _ground(theatre) if has_ground else None
    air = _air(theatre) if has_air else None
    theatre.asked = [*GROUND_KEYS, *AIR_KEYS]
    theatre.close()
    return Theatre(ground=ground, air=air)


def _ground(theatre: Table) -> Terrain:
    """Between which ellipsoidal heights the ground lies."""
    datum = theatre.choice("ground_datum", GroundDatum) if theatre.has("ground_datum") else GroundDatum.W84
    lower_mm = theatre.amount("ground_lowest_m", *GROUND_MM, rounding=ROUND_FLOOR)
    upper_mm = theatre.amount("ground_highest_m", *GROUND_MM)
    down_mm, up_mm = WORLD_GEOID_MM if datum is GroundDatum.AMSL else (0, 0)
    return Terrain(lower_mm=lower_mm + down_mm, upper_mm=upper_mm + up_mm)


def _air(theatre: Table) -> Air:
    """Between what pressure and temperature stay."""
    return Air(
        qnh_lower_pa=theatre.whole("qnh_lowest_hpa", *QNH_HPA) * PA_PER_HPA,
        qnh_upper_pa=theatre.whole("qnh_highest_hpa", *QNH_HPA) * PA_PER_HPA,
        isa_lower_mk=_deviation_mk(theatre, "temperature_lowest_k", WORLD_AIR.isa_lower_mk),
        isa_upper_mk=_deviation_mk(theatre, "temperature_highest_k", WORLD_AIR.isa_upper_mk),
    )


def _deviation_mk(theatre: Table, key: str, otherwise_mk: int) -> int:
    """A departure from the standard atmosphere."""
    return theatre.whole(key, *TEMPERATURE_K) * MK_PER_K if theatre.has(key) else otherwise_mk
