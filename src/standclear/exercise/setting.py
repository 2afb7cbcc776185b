# SPDX-License-Identifier: Apache-2.0
"""Before any flight: assents, 1,511 facilities, a camp, a shelter, areas, a convoy and a medical flight."""

from __future__ import annotations

from standclear.core.model import Area, Movement, ReleaseLevel, Site
from standclear.core.terms import NoticeClass
from standclear.errors import Malformed, StandclearError
from standclear.exercise.data import facilities
from standclear.exercise.shapes import band, box, circle, corridor, volume, window
from standclear.exercise.stage import DESK, GRANITE, JUNIPER, LANTERN, OPEN_HANDS, PARTIES, Stage, notice_of
from standclear.formats.content import content_of
from standclear.geometry.volume import Datum

BATCH = 100


def set_the_scene(stage: Stage) -> dict[str, str]:
    """Play everything that stands before the first flight; returns the notices by name."""
    for party in PARTIES:
        stage.clients[party].assent()
    import_facilities(stage)
    return {**_sites(stage), **_areas(stage), **_movements(stage)}


def import_facilities(stage: Stage) -> None:
    """Both organisations give notice of half the facilities each, in batches.

    Raises:
        Malformed: one of them did not go in.
    """
    reading = facilities()
    if reading.bad:
        raise Malformed(reading.bad[0].reason)
    sites = [content_of(row, stage.terms) for row in reading.rows]
    done = 0
    for start in range(0, len(sites), BATCH):
        actor = (LANTERN, OPEN_HANDS)[start // BATCH % 2]
        client = stage.clients[actor]
        part = [site for site in sites[start : start + BATCH] if isinstance(site, Site)]
        # Released in full, so that reasons name them; the names are invented.
        shown = stage.released(ReleaseLevel.FULL)
        signed = [client.signed_notice(site, shown, {}, (DESK,)) for site in part]
        for answer in client.submit_batch(signed):
            if isinstance(answer, StandclearError):
                raise answer
            notice_of(answer)
        done += len(part)
        stage.progress("Notifying health facilities", done, len(sites))


def _sites(stage: Stage) -> dict[str, str]:
    camp = volume(box(30.02, 2.58, 30.05, 2.61), band(None, 30, Datum.AGL))
    shelter = volume(circle(29.0, 3.2, 300), band(None, 30, Datum.AGL))
    somewhere = volume(circle(29.9, 3.3, 10_000), band(None, 50, Datum.AGL))
    return {
        "camp": stage.notify(LANTERN, _site("camp", "Sorube camp", camp)),
        "shelter": stage.notify(
            LANTERN, _site("camp", "Quiet shelter", shelter), granite_forces=ReleaseLevel.WITHHELD
        ),
        "mobile clinic": stage.notify(
            OPEN_HANDS, _site("health-facility", "Mobile clinic", somewhere, placed=False)
        ),
    }


def _site(kind: str, name: str, place: object, *, placed: bool = True) -> Site:
    return Site(kind=kind, name=name, volumes=(place,), placed=placed, valid_until_us=None)  # type: ignore[arg-type]


def _areas(stage: Stage) -> dict[str, str]:
    """An activity area that all three parties assent to, and an area under truce."""
    agreed = Area(
        kind="activity-area",
        name="West box",
        volumes=(volume(box(28.9, 2.2, 29.7, 3.0), band(None, None)),),
        parties=PARTIES,
        valid_until_us=None,
    )
    truce = Area(
        kind="truce-area",
        name="Truce of the two rivers",
        volumes=(volume(circle(28.5, 1.7, 8_000), band(None, 1_500, Datum.AGL)),),
        parties=(),
        valid_until_us=None,
    )
    notices = {"west box": stage.notify(JUNIPER, agreed), "truce": stage.notify(GRANITE, truce)}
    for party in PARTIES:
        stage.clients[party].assent_to_area(notices["west box"])
    return notices


def _movements(stage: Stage) -> dict[str, str]:
    """A convoy that halts for an hour on its way, and a medical flight."""
    low = band(None, 20, Datum.AGL)
    first = corridor((27.7, 0.65), (27.9, 0.65), half_width_m=250)
    second = corridor((27.9, 0.65), (28.1, 0.7), half_width_m=250)
    legs = (
        volume(first, low, window(stage.hour(2), 2)),
        volume(second, low, window(stage.hour(5), 2)),
    )
    air = corridor((28.3, 1.0), (28.9, 1.3), half_width_m=2_000)
    hop = volume(air, band(3_000, 3_400), window(stage.hour(3), 1))
    return {
        "convoy": stage.notify(LANTERN, Movement(kind="convoy", name="Convoy of seven lorries", legs=legs)),
        "medical flight": stage.notify(
            OPEN_HANDS, Movement(kind="medical-flight", name="Patient transfer", legs=(hop,))
        ),
    }


def counted_facilities(stage: Stage) -> int:
    """How many hospitals and health facilities the desk reads, unplaced ones left out."""
    kinds = [kind.id for kind in stage.terms.kinds if kind.notice is NoticeClass.SITE and kind.id != "camp"]
    read = [item.content for kind in kinds for item in stage.clients[DESK].notices(kind=kind, limit="1000")]
    return sum(isinstance(content, Site) and content.placed for content in read)
