# SPDX-License-Identifier: Apache-2.0
"""The cases that a nearby system gets wrong, by their letters, through the public API (docs/probes.md)."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import msgspec
import pytest
from geographiclib.geodesic import Geodesic

from standclear.admission import Submission
from standclear.cli.notices import give
from standclear.client.signing import Signed
from standclear.core.commands import Use
from standclear.core.enrolment import key_id
from standclear.core.model import Activity, Finding, Status, Verdict, Why
from standclear.formats.geojson import read_geojson
from standclear.store.sqlite import SqliteStore
from standclear.tlog.keys import COMMAND_DOMAIN
from tests import centre_kit, world
from tests.cli.files import LATER, MORNING, box, collection, flight, point, polygon
from tests.web.kit import Served
from tests.web.probing import (
    ELL,
    FLIGHTS,
    NORTH,
    RIVER,
    SPARED,
    Json,
    Probe,
    assert_blocked,
    assert_stands,
    away,
    content,
    judgement,
    probing,
    spared,
    terms_of,
)

HERE = point(30, 1)


@pytest.fixture
def probe(served: Served) -> Probe:
    return Probe(served)


def test_probe_a_b_an_activity_stands_and_the_identical_one_after_it_conflicts(probe: Probe) -> None:
    first = probe.file(flight("F1", HERE, radius_m=100))
    assert_stands(first)
    second = probe.file(flight("F2", HERE, radius_m=100), RIVER)
    found = assert_blocked(second, first, FLIGHTS)
    assert (found.horizontal_mm.lower, found.vertical_mm.lower, found.time_us.lower) == (0, 0, 0)
    assert_stands(probe.read(first.id))


def test_probe_c_the_same_footprint_and_time_far_above_does_not_conflict(probe: Probe) -> None:
    assert_stands(probe.file(flight("F1", HERE, radius_m=100, lower=5000, upper=5100)))
    assert_stands(probe.file(flight("F2", HERE, radius_m=100, lower=0, upper=100), RIVER))


def test_probe_d_the_same_footprint_at_another_time_does_not_conflict(probe: Probe) -> None:
    assert_stands(probe.file(flight("F1", HERE)))
    assert_stands(probe.file(flight("F2", HERE, **LATER), RIVER))


def test_probe_e_f_an_l_shaped_polygon_and_an_activity_in_its_empty_corner_do_not_conflict(
    probe: Probe,
) -> None:
    ell = probe.file(flight("F1", polygon(*ELL)))
    assert_stands(ell)
    probe.stands(flight("F2", point(30.1, 1.1), radius_m=1000), RIVER)
    with probing(terms_of(8_000, 300)) as wide:
        ell = wide.file(flight("F1", polygon(*ELL)))
        found = wide.blocked(flight("F2", point(30.1, 1.1), radius_m=1000), ell, FLIGHTS, actor=RIVER)
        # The nearer arm's edge lies due south, on the meridian; the radius takes one kilometre.
        true = Geodesic.WGS84.Inverse(1.1, 30.1, 1.02, 30.1)["s12"] - 1_000
        assert found.horizontal_mm.lower == pytest.approx(true * 1000, abs=1_000)
        assert found.horizontal_mm.upper == pytest.approx(true * 1000, abs=1_000)


WAYS = ("command", "batch", "prepared", "check", "import of a file", "import of a feature", "amendment")


def through(way: str, served: Served, plan: Json, receipts: Path) -> tuple[Verdict, tuple[Finding, ...], int]:
    """File the same activity in one of the ways; what was found of it, as the filer is told."""
    client = served.client(NORTH)
    activity, shown = content(plan), world.shown_to_all()
    assert isinstance(activity, Activity)
    notice: str | None = None
    match way:
        case "command":
            notice = client.notify(activity, shown).notice
        case "batch":
            (answer,) = client.submit_batch([client.signed_notice(activity, shown)])
            assert not isinstance(answer, Exception)
            notice = answer.notice
        case "prepared":
            notice = prepared(served, activity)
        case "check":
            judged = client.check(activity).judged
            assert judged is not None
            return judged.judgement.verdict, judged.judgement.findings, judged.judgement.compared
        case "amendment":
            elsewhere = msgspec.structs.replace(
                activity, volumes=(world.circle(-60, 1, 100, start=2 * world.DAY, end=2 * world.DAY + 1),)
            )
            notice = client.notify(elsewhere, shown).notice
            assert_stands(client.activity(str(notice)))
            client.amend(str(notice), activity, shown)
        case _:
            data = json.dumps(plan if way.endswith("feature") else collection(plan)).encode()
            done = give(client, read_geojson(data, "plan"), shown, receipts, NORTH, quiet=True)
            notice = done.notices["F1"]
    item = client.activity(str(notice))
    assert item.status is Status.BLOCKED
    found = judgement(item)
    return found.verdict, found.findings, found.compared


def resigned(whole: Submission, raw: bytes) -> Submission:
    """Other bytes with the same documents, signed by the filer."""
    key = world.signing_key(f"{NORTH} {Use.COMMAND}")
    signature = key.sign(COMMAND_DOMAIN + raw)
    return Submission(raw, key_id(key.public.hex(), Use.COMMAND), signature, whole.attachments)


def prepared(served: Served, activity: Activity) -> str:
    """Have a loosely spelt command spelt canonically, sign those very bytes, and post them."""
    whole = centre_kit.notified(NORTH, activity, 500)
    loose = json.dumps(dict(reversed(json.loads(whole.raw).items())), indent=2)
    with served.raw(NORTH) as http:
        raw = http.post("/v1/prepare", content=loose).content
        answer = served.post(resigned(whole, raw), http)
    assert answer.status_code == 201
    return f"N{answer.json()['entry']}"


def test_probe_g_the_same_activity_filed_in_every_way_comes_to_the_same_findings(tmp_path: Path) -> None:
    plan = flight("F1", HERE, radius_m=100, ground_hazard="possible")
    told = {}
    for way in WAYS:
        with probing() as fresh:
            fresh.give(spared("H1", away(30, 1, 40, 450), kind="hospital", upper=50))
            fresh.give(spared("T1", away(30, 1, 200, 1_300), radius_m=900), RIVER)
            fresh.file(flight("F2", away(30, 1, 120, 900)), RIVER)
            told[way] = through(way, fresh.served, plan, tmp_path / f"{way}.receipts")
    verdict, findings, compared = told["command"]
    assert (verdict, compared) == (Verdict.CONFLICT, 3)
    assert [(found.rule, found.other) for found in findings] == [
        (FLIGHTS, "N5"),
        (SPARED, "N3"),
        (SPARED, "N4"),
    ]
    for way in WAYS:
        assert told[way] == told["command"], way


def test_probe_h_i_a_box_across_the_antimeridian_and_an_activity_at_longitude_0_do_not_conflict(
    probe: Probe,
) -> None:
    across = probe.file(flight("F1", box(179.9, -17.1, -179.9, -16.9)))
    assert_stands(across)
    for lon in (0, 90, 179.8, -179.8):
        probe.stands(flight("F2", point(lon, -17)), RIVER)
    for lon in (180, -180, 179.95, -179.95):
        probe.blocked(flight("F2", point(lon, -17)), across, FLIGHTS, actor=RIVER)


def test_probe_j_inside_a_protected_area_that_covers_the_whole_activity_is_a_conflict(probe: Probe) -> None:
    area = probe.give(spared("A1", box(8.5, 46.5, 9.5, 47.5)), NORTH)
    found = probe.blocked(flight("F1", point(9, 47), radius_m=100), area)
    assert found.horizontal_mm.lower == 0
    probe.blocked(flight("F2", box(8, 46, 10, 48)), area)


def test_probe_k_at_the_mirrored_place_where_nothing_is_there_is_no_conflict(probe: Probe) -> None:
    probe.give(spared("A1", box(8.5, 46.5, 9.5, 47.5)), NORTH)
    probe.stands(flight("F1", point(47, 9), radius_m=100))


def test_probe_l_in_an_area_that_starts_half_way_through_the_activity_is_a_conflict(probe: Probe) -> None:
    half = probe.give(spared("A1", box(29, 0, 31, 2), start="2027-01-17T08:30:00Z"), NORTH)
    found = probe.blocked(flight("F1", HERE), half)
    assert found.time_us.lower == 0


def test_probe_m_wholly_within_the_area_s_time_is_a_conflict(probe: Probe) -> None:
    whole = spared("A1", box(29, 0, 31, 2), start="2027-01-17T00:00:00Z", end="2027-01-18T00:00:00Z")
    area = probe.give(whole, NORTH)
    found = probe.blocked(flight("F1", HERE), area)
    assert found.time_us.lower == 0


def test_probe_n_an_area_withdrawn_and_past_its_grace_is_no_conflict_while_a_far_one_is_current(
    probe: Probe,
) -> None:
    near = probe.give(spared("A1", box(29, 0, 31, 2)), NORTH)
    far = probe.give(spared("A2", box(39, 0, 41, 2)), NORTH)
    probe.served.client(NORTH).withdraw(near.id)
    probe.served.keyed.clock.now_us += 2 * world.DAY
    late = {"start": "2027-01-19T08:00:00Z", "end": "2027-01-19T09:00:00Z"}
    probe.stands(flight("F1", HERE, **late))
    probe.blocked(flight("F2", point(40, 1), **late), far)


def test_probe_o_one_true_overlap_beside_a_neighbour_that_shares_only_the_bounding_box_is_a_conflict(
    probe: Probe,
) -> None:
    assert_stands(probe.file(flight("F3", polygon(*ELL))))
    overlap = probe.file(flight("F2", point(30.1, 1.1)))
    assert_stands(overlap)
    probe.blocked(flight("F1", point(30.1, 1.1)), overlap, FLIGHTS, actor=RIVER)


DIRECTIONS = 24


@pytest.mark.parametrize("lat", [0, 30, 60, 80])
def test_probe_p_true_distances_just_below_500_m_conflict_at_every_latitude(probe: Probe, lat: int) -> None:
    site = probe.give(spared("H1", point(30, lat), kind="hospital"))
    client, shown = probe.served.client(NORTH), world.shown_to_all()
    true: list[float] = []
    signed: list[Signed] = []
    for n in range(DIRECTIONS):
        for distance in (497.5 + n * 2.5 / DIRECTIONS, 500.03 + n):
            # Each on a day of its own, so that none is compared with another.
            day = {"start": f"2027-{2 + len(true) // 28:02}-{1 + len(true) % 28:02}T08:00:00Z"}
            day["end"] = day["start"].replace("T08", "T09")
            plan = content(flight("F", away(30, lat, n * 15 + 0.5, distance), **day))
            signed.append(client.signed_notice(plan, shown))
            true.append(distance)
    answers = client.submit_batch(signed)
    filed = {item.id: item for item in client.activities()}
    for answer, distance in zip(answers, true, strict=True):
        assert not isinstance(answer, Exception)
        item = filed[str(answer.notice)]
        if distance > 500:
            assert_stands(item)
            continue
        found = assert_blocked(item, site).horizontal_mm
        assert found.lower is not None
        assert found.upper is not None
        # Brackets are of the shapes grown by their uncertainty: 8 mm, as the position is off the grid.
        assert found.lower <= distance * 1000 <= found.upper + 16
        assert found.upper - found.lower < 50


def test_probe_q_touching_a_circle_s_rim_between_two_vertices_of_an_inscribed_polygon_is_a_conflict() -> None:
    with probing(terms_of()) as exact:
        circle = exact.give(spared("A1", HERE, radius_m=10_000), NORTH)
        for azimuth in (9, 63, 101.25, 181.6):
            touching, beside = (
                flight("F1", away(30, 1, azimuth, m), radius_m=100) for m in (10_099.9, 10_100.1)
            )
            exact.blocked(touching, circle)
            exact.stands(beside)


EIGHT, TRIALS = 8, 5


def standing(probe: Probe) -> list[str]:
    """The activities in whose way nothing stands, each as its own filer reads it."""
    found = []
    for actor in (NORTH, RIVER):
        client = probe.served.client(actor)
        own = [item for item in client.activities() if item.author == actor]
        for item in own:
            assert (item.status, judgement(item).verdict) in (
                (Status.FILED, Verdict.NO_CONFLICT_FOUND),
                (Status.BLOCKED, Verdict.CONFLICT),
            )
        found += [item.id for item in own if item.status is Status.FILED]
    return found


def test_probe_r_of_eight_identical_activities_one_after_the_other_the_first_stands(probe: Probe) -> None:
    filed = [probe.file(flight(f"F{n}", HERE), (NORTH, RIVER)[n % 2]) for n in range(EIGHT)]
    assert standing(probe) == [filed[0].id]


def test_probe_r_of_eight_identical_activities_at_once_exactly_one_stands(tmp_path: Path) -> None:
    with probing(store=SqliteStore(tmp_path / "log.sqlite")) as many:
        for trial in range(TRIALS):
            ready = Barrier(EIGHT)

            def post(n: int, trial: int = trial, ready: Barrier = ready) -> int:
                plan = content(flight("F", point(30 + trial, 1)))
                sent = centre_kit.notified((NORTH, RIVER)[n % 2], plan, 1_000 + trial * EIGHT + n)
                with many.served.raw() as http:
                    http.get("/v1/health")
                    ready.wait(30)
                    return many.served.post(sent, http).status_code

            with ThreadPoolExecutor(EIGHT) as threads:
                assert list(threads.map(post, range(EIGHT))) == [201] * EIGHT
            assert len(standing(many)) == trial + 1


def test_probe_s_touching_exactly_in_time_or_in_altitude_is_a_conflict() -> None:
    with probing(terms_of()) as exact:
        plan = exact.file(flight("F1", HERE))
        assert_stands(plan)
        touching = {"start": MORNING["end"], "end": LATER["end"]}
        found = exact.blocked(flight("F2", HERE, **touching), plan, FLIGHTS, actor=RIVER)
        assert found.time_us.lower == 0
        found = exact.blocked(flight("F2", HERE, lower=200, upper=300), plan, FLIGHTS, actor=RIVER)
        assert found.vertical_mm.lower == 0
        exact.stands(flight("F2", HERE, start="2027-01-17T09:00:00.000001Z", end=LATER["end"]), RIVER)
        exact.stands(flight("F2", HERE, lower=200.001, upper=300), RIVER)


def test_probe_t_a_site_on_the_lonlat_edge_200_m_off_the_geodesic_conflicts_unless_it_is_stated() -> None:
    edge = Geodesic.WGS84.InverseLine(60, 30, 60, 31.8)
    on_edge = 30.32
    nearest = min(
        Geodesic.WGS84.Inverse(60, on_edge, spot["lat2"], spot["lon2"])["s12"]
        for spot in (edge.Position(edge.s13 * step / 5_000) for step in range(5_001))
    )
    assert edge.s13 == pytest.approx(100_000, abs=1_000)
    assert nearest == pytest.approx(200, abs=20)
    with probing(terms_of(50, 300)) as near:
        site = near.give(spared("H1", point(on_edge, 60), kind="hospital"))
        for edges in ("lonlat", "unknown", None):
            found = near.blocked(flight("F1", box(30, 60, 31.8, 61), edges=edges), site)
            assert found.horizontal_mm.lower == 0
        near.stands(flight("F1", box(30, 60, 31.8, 61), edges="geodesic"))


def test_probe_u_at_6000_m_over_a_hospital_a_hazard_unstated_conflicts_and_none_does_not(
    probe: Probe, tmp_path: Path
) -> None:
    hospital = probe.give(spared("H1", HERE, kind="hospital", lower=0, upper=20))
    high = {"lower": 6000, "upper": 6100}
    unstated = flight("F1", HERE, ground_hazard=None, **high)
    probe.blocked(unstated, hospital, why=Why.HAZARD_TO_GROUND)
    probe.blocked(flight("F1", HERE, ground_hazard="possible", **high), hospital, why=Why.HAZARD_TO_GROUND)
    probe.stands(flight("F1", HERE, **high))
    client = probe.served.client(NORTH)
    reading = read_geojson(json.dumps(unstated).encode(), "plan")
    done = give(client, reading, world.shown_to_all(), tmp_path / "receipts", NORTH, quiet=True)
    assert_blocked(client.activity(done.notices["F1"]), hospital, why=Why.HAZARD_TO_GROUND)


def test_probe_u_a_command_that_leaves_the_hazard_out_is_prepared_as_possible(probe: Probe) -> None:
    whole = centre_kit.notified(NORTH, content(flight("F1", HERE)), 500)
    command = json.loads(whole.raw)
    del command["notice"]["ground_hazard"]
    raw = json.dumps(command, separators=(",", ":"), sort_keys=True).encode()
    before = probe.served.client(NORTH).health().size
    with probe.served.raw() as http:
        prepared = http.post("/v1/prepare", content=raw)
        sent = probe.served.post(resigned(whole, raw), http)
    assert prepared.json()["notice"]["ground_hazard"] == "possible"
    assert sent.status_code == 422, "the bytes must say what was signed"
    assert probe.served.client(NORTH).health().size == before
