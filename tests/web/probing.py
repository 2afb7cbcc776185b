# SPDX-License-Identifier: Apache-2.0
"""What the probes ask of a served centre: give notice of a feature, read it back, say what was found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from geographiclib.geodesic import Geodesic

from standclear.centre.port import Store
from standclear.client.answers import Item
from standclear.client.signing import Notice
from standclear.core.model import Finding, Judgement, Status, Verdict, Why
from standclear.core.terms import KeepClear, Terms
from standclear.formats.content import content_of
from standclear.formats.geojson import read_geojson
from standclear.geometry.volume import Minima
from tests import world
from tests.cli.files import collection, feature, point
from tests.web.kit import Served, serve

Json = dict[str, Any]
NORTH, RIVER, RELIEF = "north-command", "river-alliance", "hill-relief"
FLIGHTS, SPARED = "clear-of-flights", "clear-of-spared"
"""The rules of the small world: 1,000 m, 300 m and a minute; 500 m, 300 m and a minute."""
ELL = ((30.0, 1.0), (30.2, 1.0), (30.2, 1.02), (30.02, 1.02), (30.02, 1.2), (30.0, 1.2))


def away(lon: float, lat: float, azimuth: float, metres: float) -> Json:
    """A Point at a true geodesic distance."""
    found = Geodesic.WGS84.Direct(lat, lon, azimuth, metres)
    return point(found["lon2"], found["lat2"])


def spared(name: str, geometry: Json, /, kind: str = "truce", **properties: object) -> Json:
    """A truce area or a site, unless said otherwise ground to unlimited and always."""
    return feature(name, geometry, kind=kind, **properties)


def content(features: Json | tuple[Json, ...], terms: Terms | None = None) -> Notice:
    """What one feature, or the parts of one notice, notify."""
    parts = features if isinstance(features, tuple) else (features,)
    reading = read_geojson(json.dumps(collection(*parts)).encode(), "the probe")
    assert not reading.bad
    assert len(reading.rows) == 1
    found = content_of(reading.rows[0], terms or world.terms())
    assert isinstance(found, Notice)
    return found


def terms_of(horizontal_m: int = 0, vertical_m: int = 0, time_us: int = 0, **changes: object) -> Terms:
    """The small world's terms with other minima: two rules by the same names."""
    minima = Minima(horizontal_mm=horizontal_m * 1000, vertical_mm=vertical_m * 1000, time_us=time_us)
    others = ("site", "movement", "truce_area", "airspace_measure", "stop")
    groups = ((FLIGHTS, ("activity",)), (SPARED, others))
    rules = tuple(
        KeepClear(id=rule, between=("activity",), and_=and_, minima=minima) for rule, and_ in groups
    )
    return world.terms(rules=rules, **changes)


@dataclass(frozen=True)
class Probe:
    """A served centre, and its posts' clients to file and to read with."""

    served: Served

    def give(self, features: Json | tuple[Json, ...], actor: str = RELIEF) -> Item:
        """Give notice of a site, area or movement, shown to all, and read it back."""
        client = self.served.client(actor)
        answer = client.notify(content(features), world.shown_to_all())
        assert answer.notice is not None
        return client.notice(answer.notice)

    def file(self, features: Json | tuple[Json, ...], actor: str = NORTH) -> Item:
        """File an activity, shown to all, and read it back."""
        answer = self.served.client(actor).notify(content(features), world.shown_to_all())
        assert answer.notice is not None
        return self.read(answer.notice, actor)

    def read(self, activity: str, actor: str = NORTH) -> Item:
        """An activity as its filer reads it now."""
        return self.served.client(actor).activity(activity)

    def retire(self, item: Item, actor: str = NORTH) -> None:
        """Withdraw an activity, so that the next one is not compared with it."""
        self.served.client(actor).withdraw(item.id)

    def stands(self, features: Json | tuple[Json, ...], actor: str = NORTH) -> None:
        """File an activity that nothing stands against, and withdraw it again."""
        item = self.file(features, actor)
        assert_stands(item)
        self.retire(item, actor)

    def blocked(
        self,
        features: Json | tuple[Json, ...],
        by: Item,
        rule: str = SPARED,
        why: Why = Why.TOO_CLOSE,
        actor: str = NORTH,
    ) -> Finding:
        """File an activity that one notice alone stands against, withdraw it again, and return the finding."""
        item = self.file(features, actor)
        found = assert_blocked(item, by, rule, why)
        self.retire(item, actor)
        return found


@contextmanager
def probing(terms: Terms | None = None, store: Store | None = None) -> Iterator[Probe]:
    """A centre under other terms, or over another store."""
    served = serve(store, terms)
    try:
        yield Probe(served)
    finally:
        served.stop()


def judgement(item: Item) -> Judgement:
    """What an activity was found to be in, as its filer reads it."""
    assert item.judged is not None
    return item.judged.judgement


def assert_stands(item: Item) -> None:
    """Nothing that was compared is too close."""
    judged = judgement(item)
    assert (judged.verdict, judged.findings, item.status) == (Verdict.NO_CONFLICT_FOUND, (), Status.FILED)


def assert_blocked(item: Item, by: Item, rule: str = SPARED, why: Why = Why.TOO_CLOSE) -> Finding:
    """A conflict with one notice alone, under one rule; its finding."""
    judged = judgement(item)
    assert (judged.verdict, item.status) == (Verdict.CONFLICT, Status.BLOCKED)
    assert [(found.rule, found.other, found.why) for found in judged.findings] == [(rule, by.id, why)]
    return judged.findings[0]
