# SPDX-License-Identifier: Apache-2.0
"""Bad input over HTTP: each with its status and a sentence that helps, and nothing of it in the log."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from standclear.admission import Submission
from standclear.core.codec import encode
from standclear.core.commands import CallStop, Use
from standclear.core.enrolment import key_id
from standclear.core.events import NoticeRecorded
from standclear.core.model import FlagCode, Site
from standclear.geometry.volume import Edges, Footprint, Shape, Window
from standclear.tlog.keys import COMMAND_DOMAIN
from tests import world
from tests.centre_kit import notified, signed
from tests.web.kit import Served, headers_of


def stop(**changes: Any) -> CallStop:
    values: dict[str, Any] = {
        "centre": world.ORIGIN,
        "id": world.uuid(50),
        "at_us": world.T0,
        "place": (0, 0),
        "radius_mm": 1_000,
        "reason": "children",
    }
    return CallStop(**(values | changes))


def resigned(text: str, actor: str = "hill-relief") -> Submission:
    """Any bytes, with a true signature."""
    raw = text.encode()
    key = world.signing_key(f"{actor} command")
    return Submission(raw, key_id(key.public.hex(), Use.COMMAND), key.sign(COMMAND_DOMAIN + raw))


def stop_text(**changes: Any) -> str:
    values = json.loads(encode(stop())) | changes
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


def by_key(name: str, use: Use) -> Submission:
    raw = encode(stop())
    key = world.signing_key(name)
    return Submission(raw, key_id(key.public.hex(), use), key.sign(COMMAND_DOMAIN + raw))


def wrongly_signed() -> Submission:
    good = signed("hill-relief", stop())
    return Submission(good.raw, good.key, world.signing_key("another").sign(COMMAND_DOMAIN + good.raw))


def altered() -> Submission:
    good = signed("hill-relief", stop())
    return Submission(good.raw.replace(b"children", b"nobody!!"), good.key, good.signature)


def shaped(rings: Any, shape: Shape = Shape.POLYGON, **window: Any) -> Submission:
    site = world.hospital()
    volume = site.volumes[0]
    footprint = Footprint(shape=shape, rings=rings, edges=Edges.LONLAT, radius_mm=0, uncertainty_mm=0)
    volume = msgspec.structs.replace(volume, footprint=footprint)
    if window:
        volume = msgspec.structs.replace(volume, window=Window(**window))
    return notified("hill-relief", msgspec.structs.replace(site, volumes=(volume,)), 50)


def of_kind(kind: str) -> Submission:
    return notified("hill-relief", msgspec.structs.replace(world.hospital(), kind=kind), 50)


def circle_of(vertices: int) -> tuple[tuple[int, int], ...]:
    """A long thin comb that does not cross itself."""
    half = vertices // 2
    return tuple((300_000_000 + i, 15_000_000) for i in range(half)) + tuple(
        (300_000_000 + half - i, 15_000_100) for i in range(half)
    )


CASES: dict[str, tuple[Callable[[], Submission], int, str]] = {
    "wrong signature": (wrongly_signed, 401, "signature"),
    "altered bytes": (altered, 401, "signature"),
    "unknown key": (lambda: by_key("stranger", Use.COMMAND), 401, "not enrolled"),
    "session key": (lambda: by_key("hill-relief session", Use.SESSION), 401, "one use"),
    "checkpoint key": (lambda: by_key("checkpoint", Use.CHECKPOINT), 401, "one use"),
    "another centre": (
        lambda: signed("hill-relief", stop(centre="elsewhere.example/log")),
        401,
        "elsewhere.example/log",
    ),
    "not JSON": (lambda: resigned("stop!"), 422, "JSON"),
    "empty": (lambda: resigned(""), 422, "JSON"),
    "NaN": (lambda: resigned(stop_text().replace("1000", "NaN")), 422, "JSON"),
    "infinity": (lambda: resigned(stop_text().replace("1000", "Infinity")), 422, "JSON"),
    "1e400": (lambda: resigned(stop_text().replace("1000", "1e400")), 422, ""),
    "fraction": (lambda: resigned(stop_text(radius_mm=1.5)), 422, "radius_mm"),
    "spaces": (lambda: resigned(json.dumps(json.loads(stop_text()))), 422, "canonical"),
    "key order": (
        lambda: resigned(json.dumps(dict(reversed(json.loads(stop_text()).items())), separators=(",", ":"))),
        422,
        "canonical",
    ),
    "unknown field": (lambda: resigned(stop_text(target="no")), 422, "target"),
    "unknown command": (lambda: resigned(stop_text(command="strike")), 422, "strike"),
    "no such id": (lambda: resigned(stop_text(id="1")), 422, "command.id"),
    "longitude 181": (lambda: resigned(stop_text(place=[1_810_000_000, 0])), 422, "place"),
    "axes swapped": (lambda: resigned(stop_text(place=[0, 1_200_000_000])), 422, "place"),
    "negative radius": (lambda: resigned(stop_text(radius_mm=-1)), 422, "radius_mm"),
    "radius zero": (lambda: signed("hill-relief", stop(radius_mm=0)), 422, "radius"),
    "integer too wide": (lambda: resigned(stop_text(at_us=10**40)), 422, ""),
    "lone surrogate": (lambda: resigned(stop_text().replace("children", "\\ud800")), 422, ""),
    "deep nesting": (lambda: resigned("[" * 200_000), 422, ""),
    "deep inside": (lambda: resigned(stop_text().replace('"children"', "[" * 100_000)), 422, ""),
    "unknown kind": (lambda: of_kind("barracks"), 422, "kind"),
    "kind of an activity": (lambda: of_kind("survey-flight"), 422, "kind"),
    "self-crossing": (
        lambda: shaped((((0, 0), (10_000, 10_000), (10_000, 0), (0, 10_000)),)),
        422,
        "crosses",
    ),
    "closed ring": (lambda: shaped((((0, 0), (10_000, 0), (0, 10_000), (0, 0)),)), 422, "repeated"),
    "two corners": (lambda: shaped((((0, 0), (10_000, 0)),)), 422, "three or more"),
    "point of two": (lambda: shaped((((0, 0), (1, 1)),), Shape.POINT), 422, "point"),
    "too many vertices": (lambda: shaped((circle_of(12_000),)), 413, "vertices"),
    "zero-length window": (
        lambda: shaped((((0, 0),),), Shape.POINT, start_us=5, end_us=5),
        422,
        "no length",
    ),
    "end before start": (
        lambda: shaped((((0, 0),),), Shape.POINT, start_us=5, end_us=4),
        422,
        "ends before",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_said_and_nothing_is_logged(served: Served, case: str) -> None:
    make, status, words = CASES[case]
    answer = served.post(make())
    told = answer.json()
    assert answer.status_code == status, told
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(told) == {"type", "title", "status", "detail", "where", "expected"}
    assert told["status"] == status
    assert words in f"{told['where']} {told['detail']} {told['expected']}"
    assert "Traceback" not in answer.text
    assert served.keyed.centre.snapshot.size == 3


def test_an_id_used_again_with_other_bytes_is_a_conflict(served: Served) -> None:
    assert served.post(signed("hill-relief", stop())).status_code == 201
    answer = served.post(signed("hill-relief", stop(radius_mm=2_000)))
    assert answer.status_code == 409
    assert answer.json()["where"] == "command.id"
    assert served.post(signed("north-command", stop(radius_mm=2_000))).status_code == 201


def test_the_same_bytes_again_are_the_same_entry(served: Served) -> None:
    answers = [served.post(signed("hill-relief", stop())).json() for _ in range(3)]
    assert answers == [{"entry": 3}] * 3


def test_a_clock_far_off_is_flagged_and_kept(served: Served) -> None:
    client = served.client("hill-relief")
    client._clock = lambda: world.T0 + 400 * world.DAY
    answer = client.notify(world.hospital(), world.shown_to_all())
    recorded = answer.events[0]
    assert isinstance(recorded, NoticeRecorded)
    assert FlagCode.CLOCK_SKEW in [flag.code for flag in recorded.flags]


@pytest.mark.parametrize("path", ["/v1/commands", "/v1/prepare", "/v1/sessions", "/v1/notices"])
def test_ten_megabytes_are_refused(served: Served, path: str) -> None:
    with served.raw("hill-relief") as http:
        answer = http.post(path, content=b" " * 10_000_000)
    assert answer.status_code == 413
    assert "at most" in answer.json()["detail"]


def test_a_body_of_unsaid_length_is_read_no_further_than_its_bound(served: Served) -> None:
    pulled = 0

    def chunks() -> Any:
        nonlocal pulled
        for _ in range(80):
            pulled += 1
            yield b" " * 65_536

    with served.raw() as http:
        answer = http.post("/v1/commands", content=chunks())
    assert answer.status_code == 413


def test_a_million_vertices_are_refused(served: Served) -> None:
    ring = ",".join("[0,0]" for _ in range(1_000_000))
    answer = served.post(resigned(stop_text().replace('"children"', f"[{ring}]")))
    assert answer.status_code == 413


def test_documents_that_do_not_match_are_refused(served: Served) -> None:
    good = notified("hill-relief", world.hospital(), 50)
    other = headers_of(notified("hill-relief", world.hospital(), 50, {}))
    for change in (
        {"Standclear-Consent": other["Standclear-Consent"]},
        {"Standclear-Consent": "AAAA"},
        {"Standclear-Details": "!"},
        {"Standclear-Details": "A" * 20_000},
        {"Standclear-Key": "zz"},
        {"Standclear-Signature": "00"},
    ):
        answer = served.raw().post("/v1/commands", content=good.raw, headers=headers_of(good) | change)
        assert answer.status_code == 422, (change, answer.text)
    without = {k: v for k, v in headers_of(good).items() if k != "Standclear-Consent"}
    assert served.raw().post("/v1/commands", content=good.raw, headers=without).status_code == 422
    assert served.keyed.centre.snapshot.size == 3


@pytest.mark.parametrize(
    "query",
    [
        "box=1,2,3",
        "box=1,2,3,nan",
        "box=1,2,3,inf",
        "box=1,5,3,4",
        "box=1,2,3,91",
        "box=181,2,3,4",
        "valid_at=yesterday",
        "valid_at=2026-11-22T08:00:00",
        "limit=0",
        "limit=1001",
        "limit=x",
        "after=7",
        "after=N-1",
        "after=N01",
        "status=approved",
        "unknown=1",
        "kind=hospital&kind=camp",
        "kind=" + "x" * 65,
    ],
)
def test_a_query_that_cannot_be_meant_is_refused(served: Served, query: str) -> None:
    with served.raw("hill-relief") as http:
        answer = http.get(f"/v1/notices?{query}")
    assert answer.status_code == 422, answer.text
    assert answer.json()["where"].startswith("query")


def test_long_queries_many_parameters_and_heavy_headers_are_refused(served: Served) -> None:
    with served.raw("hill-relief") as http:
        assert http.get("/v1/notices?kind=" + "x" * 5_000).status_code == 413
        many = "&".join(f"p{number}=1" for number in range(30))
        assert http.get(f"/v1/notices?{many}").status_code == 413
        assert http.get("/v1/notices", headers={f"X-{n}": "y" for n in range(120)}).status_code == 431
        assert http.get("/v1/notices", headers={"X-Heavy": "y" * 60_000}).status_code in (400, 431)


def test_paths_and_methods_that_there_are_not_are_problems_too(served: Served) -> None:
    with served.raw() as http:
        nowhere, wrong = http.get("/v1/targets"), http.delete("/v1/notices")
    assert (nowhere.status_code, wrong.status_code) == (404, 405)
    for answer in (nowhere, wrong):
        assert answer.headers["content-type"] == "application/problem+json"


def test_every_answer_carries_the_exercise_and_the_security_headers(served: Served) -> None:
    with served.raw() as http:
        answers = [http.get("/v1/health"), http.get("/v1/terms"), http.get("/x"), http.post("/v1/commands")]
    for answer in answers:
        assert answer.headers["standclear-exercise"] == "EXERCISE"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert "server" not in answer.headers


def test_a_site_that_is_merely_odd_is_kept(served: Served) -> None:
    wide: Site = world.hospital(radius_m=90_000, placed=False)
    answer = served.client("hill-relief").notify(wide, world.shown_to_all())
    recorded = answer.events[0]
    assert isinstance(recorded, NoticeRecorded)
    assert {flag.code for flag in recorded.flags} == {FlagCode.OVERSIZED, FlagCode.UNPLACED}
