# SPDX-License-Identifier: Apache-2.0
"""Every endpoint against every way in which a reader can stand to what it asks about, cell by cell.

What was not released to a reader is answered as what does not exist, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import httpx2
import pytest

from standclear.client import Client, following_up
from standclear.client.link import Link
from standclear.client.signing import Who
from standclear.core.commands import (
    AnyCommand,
    AssentToArea,
    Attest,
    CallLine,
    Challenge,
    ChallengeReason,
    Countersign,
    Erasable,
    Erase,
    MovementReport,
    RecallStep,
    Reconsider,
    ReportAfter,
    ReportDeletion,
    ReportMovement,
    ReportOutcome,
    ReportRecall,
    Signing,
    Stance,
    TakePosition,
    Verification,
    VerifyNotice,
    Withdraw,
)
from standclear.core.commands.incidents import Harm
from standclear.core.enrolment import terms_hash
from standclear.core.events import CommandRefused
from standclear.core.model import Outcome, ReleaseLevel
from standclear.core.terms import Actor, Role
from standclear.identity import Identity
from standclear.web.app import READERS, create_app
from standclear.web.auth import ACCESS
from standclear.web.held import WebConfig
from standclear.web.server import serve_in_thread
from tests import centre_kit, world
from tests.mirror.kit import watching
from tests.reporting import WORDS
from tests.web.kit import FAR_CLINIC, Served, identity, serve

HILL, NORTH, RIVER, LAKE = "hill-relief", "north-command", "river-alliance", "lake-observers"
BRIDGE = Actor(id="bridge-aid", number=7, name="Bridge Aid", role=Role.NOTIFIER)
WHO = {
    "author": HILL,
    "named": NORTH,
    "place": LAKE,
    "outsider": BRIDGE.id,
    "suspended": RIVER,
    "arbiter": "elder-panel",
    "desk": "watch-desk",
    "told": FAR_CLINIC.id,
}
"""Who stands how to a site, a movement, a flight and a report of harm of Hill Relief: shown all of it, shown where it
is, not shown it; a party that has suspended its part was shown all of it before."""
SEE_ALL = ("author", "arbiter", "desk")
FULL, VOLUME, COVER = ReleaseLevel.FULL, ReleaseLevel.VOLUME, ReleaseLevel.COVER
SHOWN = {NORTH: FULL, RIVER: FULL, LAKE: VOLUME}
FLIGHT_SHOWN = {**SHOWN, BRIDGE.id: COVER, FAR_CLINIC.id: COVER}
DETAILS = {"contact": "the night nurse"}


@dataclass
class Relations:
    """A centre with one thing of each sort, a mirror of the party named, and a session of each relation."""

    served: Served
    sessions: dict[str, httpx2.Client]
    ids: dict[str, str]
    withheld: str
    """A site that its author shows nobody."""

    def ask(self, who: str, method: str, path: str) -> httpx2.Response:
        """An endpoint about the thing that is there."""
        return self.asked(who, method, self.filled(path))

    def asked(self, who: str, method: str, path: str) -> httpx2.Response:
        """Streamed, because one answer has no end; that one is not read."""
        http = self.sessions[who]
        with http.stream(method, path, content=b"{}" if method == "POST" else None) as answer:
            if not path.startswith("/v1/stream"):
                answer.read()
            return answer

    def filled(self, path: str) -> str:
        of = self.ids.get(path) or self.ids.get("/".join(path.split("/")[:3]), "")
        path = path.replace("{id}", of)
        path = path.replace("{seq}", self.ids["/v1/notices"][1:]).replace("{path}", "0/000.p/1")
        path = re.sub(r"\{(name|layer|z|x|y)\}", "0", path)
        return path + QUERY.get(path, "")


QUERY = {
    "/v1/map": "?box=29,1,31,2",
    "/v1/known": f"?to={HILL}&at=4",
    "/v1/dossiers": "?near=1.5,30&radius_m=900&at=2027-01-17T08:30:00Z",
    "/v1/coordinates": "?text=33.5138%20N%2036.2765%20E",
}


def night(served: Served) -> tuple[Identity, Client]:
    """A second post of the party named."""
    made = identity("north-command-night")
    mine = Identity(NORTH, "night", made.command, made.session)
    code, _ = served.client(NORTH).invite(NORTH, "night", world.T0 + world.DAY)
    client = served.clients["night"] = Client(
        served.running.url, mine, clock=served.keyed.clock, draw=served.draw
    )
    client.enrol(code)
    return mine, client


def populated(served: Served) -> tuple[dict[str, str], str, Identity]:
    for actor in (FAR_CLINIC.id, BRIDGE.id):
        code, _ = served.client("watch-desk").invite(actor, "watch", world.T0 + world.DAY)
        served.client(actor).enrol(code)
    hill = served.client(HILL)
    site = hill.notify(world.hospital(), SHOWN, DETAILS, (NORTH, RIVER)).notice
    convoy = hill.notify(world.convoy(lon=33.0), SHOWN).notice
    flight = hill.notify(world.flight(35.0), FLIGHT_SHOWN, DETAILS, (NORTH, RIVER)).notice
    withheld = hill.notify(world.hospital(37.0), {}).notice
    assert site is not None
    assert convoy is not None
    assert flight is not None
    assert withheld is not None
    span = (world.T0, world.T0 + world.HOUR)
    harm = following_up.report_incident(
        hill, (310_000_000, 15_000_000), 100_000, span, (Harm.INJURED,), WORDS, there="a yard", named=NORTH
    )
    incident = f"I{harm.entry}"
    following_up.share_incident(hill, incident, RIVER, FULL)
    following_up.share_incident(hill, incident, LAKE, COVER)
    river = served.client(RIVER)
    stance, terms = Stance.SUSPENDS, terms_hash(served.keyed.centre.snapshot.state.terms)
    river.act(TakePosition(**river.who(), terms=terms, stance=stance, text="until further notice"))
    mine, _ = night(served)
    ids = {
        "/v1/notices": site,
        "/v1/notices/{id}/departure": convoy,
        "/v1/activities": flight,
        "/v1/incidents": incident,
        "/v1/keys": mine.command_key_id,
    }
    return ids, withheld, mine


@pytest.fixture(scope="module")
def relations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relations]:
    served = serve(terms=world.terms(actors=(*world.ACTORS, FAR_CLINIC, BRIDGE)))
    ids, withheld, mine = populated(served)
    sessions = {who: served.raw(actor) for who, actor in WHO.items()}
    with served.clients["night"] as taken, ExitStack() as stack:
        stack.callback(served.stop)
        token = taken._link.token()
        assert (
            served.raw(None).get("/v1/terms", headers={"Authorization": f"Bearer {token}"}).status_code == 200
        )
        for key in (mine.command_key_id, mine.session_key_id):
            served.client(NORTH).revoke(key, "laptop taken")
        sessions["revoked"] = served.raw(None)
        sessions["revoked"].headers["Authorization"] = f"Bearer {token}"
        sessions["nobody"] = served.raw(None)
        folder = tmp_path_factory.mktemp("mirror")
        watch = stack.enter_context(watching(served.running.url, NORTH, folder, served.keyed.clock))
        watch.pull()
        app = create_app(watch.mirror.replica, WebConfig(draw=centre_kit.counting_draw()), READERS)
        running = serve_in_thread(app)
        stack.callback(running.stop)
        link = Link(running.url, identity(NORTH))
        sessions["mirror"] = httpx2.Client(
            base_url=running.url, headers={"Authorization": f"Bearer {link.token()}"}, trust_env=False
        )
        stack.callback(sessions["mirror"].close)
        link.close()
        yield Relations(served, sessions, ids, withheld)


COLUMNS = (
    *("author", "named", "place", "outsider", "suspended", "arbiter", "desk"),
    *("mirror", "revoked", "told", "nobody"),
)
READ = "200 200 200 200 200 200 200 200 401 403 401"
SHAPED = "422 422 422 422 422 422 422 422 401 403 401"
"""Let in, and told what is wrong with a question that says nothing."""
OPEN, NOT_HERE = "200 " * 11, "404 " * 11
TAKEN = "422 422 422 422 422 422 422 404 422 422 422"
"""Whoever it is, the signature counts; a mirror takes nothing."""
TABLE = {
    ("GET", "/"): OPEN,
    ("GET", "/assets/{name}"): NOT_HERE,
    ("GET", "/v1/health"): OPEN,
    ("GET", "/v1/openapi"): OPEN,
    ("GET", "/log/checkpoint"): OPEN,
    ("GET", "/log/witnessed"): NOT_HERE,
    ("GET", "/log/tile/{path}"): OPEN,
    ("POST", "/log/cosignatures"): TAKEN,
    ("POST", "/v1/sessions/challenge"): "422 " * 11,
    ("POST", "/v1/sessions"): "422 " * 11,
    ("GET", "/v1/exercise/desks"): NOT_HERE,
    ("POST", "/v1/exercise/desks"): NOT_HERE,
    ("POST", "/v1/commands"): TAKEN,
    ("POST", "/v1/commands/batch"): TAKEN,
    ("POST", "/v1/prepare"): TAKEN,
    ("POST", "/v1/checks"): "422 422 422 422 422 422 422 404 401 403 401",
    ("GET", "/v1/notices"): READ,
    ("GET", "/v1/notices/{id}"): "200 200 200 404 200 200 200 200 401 403 401",
    ("GET", "/v1/notices/{id}/details"): "200 200 404 404 200 404 404 200 401 403 401",
    ("GET", "/v1/notices/{id}/departure"): "200 404 404 404 404 200 200 404 401 403 401",
    ("GET", "/v1/notices/{id}/spoken"): "200 200 200 404 200 200 200 200 401 403 401",
    ("POST", "/v1/exposure"): SHAPED,
    ("POST", "/v1/features"): SHAPED,
    ("POST", "/v1/duplicates"): SHAPED,
    ("GET", "/v1/notices/{id}/exposure"): "200 404 404 404 404 200 200 404 401 403 401",
    ("GET", "/v1/activities"): READ,
    ("GET", "/v1/activities/{id}"): "200 200 200 404 200 200 200 200 401 403 401",
    ("GET", "/v1/activities/{id}/details"): "200 200 404 404 200 404 404 200 401 403 401",
    ("GET", "/v1/terms"): READ,
    ("GET", "/v1/terms/text"): READ,
    ("GET", "/v1/inbox"): READ,
    ("GET", "/v1/entries/{seq}"): "200 200 200 404 200 200 200 200 401 403 401",
    ("GET", "/v1/stream"): READ,
    ("GET", "/v1/known"): "200 404 404 404 404 200 200 404 401 403 401",
    ("GET", "/v1/watch"): READ,
    ("GET", "/v1/daily"): READ,
    ("GET", "/v1/incidents"): READ,
    ("GET", "/v1/incidents/{id}"): "200 200 200 404 200 200 200 200 401 403 401",
    ("GET", "/v1/consents"): READ,
    ("GET", "/v1/threads"): READ,
    ("GET", "/v1/posts"): READ,
    ("GET", "/v1/keys"): READ,
    ("GET", "/v1/keys/{id}"): READ,
    ("GET", "/v1/phrases"): READ,
    ("GET", "/v1/map"): READ,
    ("GET", "/v1/layers"): READ,
    ("GET", "/v1/layers/{layer}/tiles/{z}/{x}/{y}"): "404 404 404 404 404 404 404 404 401 403 401",
    ("GET", "/v1/layers/{layer}/shapes"): "404 404 404 404 404 404 404 404 401 403 401",
    ("GET", "/v1/export"): READ,
    ("GET", "/v1/dossiers"): READ,
    ("GET", "/v1/coordinates"): READ,
}
"""Every endpoint, and what each relation is answered, in the order of the columns."""
ABOUT = [(method, path) for method, path in TABLE if "{id}" in path or "{seq}" in path]
NONE = {"/v1/incidents": "I999", "/v1/keys": "0" * 32}
QUERIES = ("/v1/consents?notice={}", "/v1/threads?notice={}", "/v1/notices/{}?as_known_at=12")
AS_OF = re.compile(rb'"as_of":\{[^}]*\}|"size":[0-9]+')


def test_the_table_names_every_route_and_no_other() -> None:
    assert set(TABLE) == set(ACCESS)


@pytest.mark.parametrize(("method", "path"), TABLE)
def test_each_relation_is_answered_what_the_table_says(relations: Relations, method: str, path: str) -> None:
    found = {who: str(relations.ask(who, method, path).status_code) for who in COLUMNS}
    assert found == dict(zip(COLUMNS, TABLE[method, path].split(), strict=True))


def masked(answer: httpx2.Response) -> tuple[int, list[tuple[str, str]], bytes]:
    """An answer, date and log size apart."""
    headers = sorted((name, value) for name, value in answer.headers.items() if name != "date")
    return answer.status_code, headers, AS_OF.sub(b"", answer.content)


@pytest.mark.parametrize(("method", "path"), ABOUT)
def test_what_is_not_there_for_a_reader_is_answered_as_what_is_nowhere(
    relations: Relations, method: str, path: str
) -> None:
    nowhere = path.replace("{seq}", "999").replace("{id}", NONE.get("/".join(path.split("/")[:3]), "N999"))
    hidden = path.replace("{seq}", relations.withheld[1:]).replace("{id}", relations.withheld)
    for who, status in zip(COLUMNS, TABLE[method, path].split(), strict=True):
        none = masked(relations.asked(who, method, nowhere))
        if status == "404":
            assert masked(relations.ask(who, method, path)) == none, who
        if who not in SEE_ALL and "incidents" not in path:
            assert masked(relations.asked(who, method, hidden)) == none, who


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_that_names_what_was_not_released_is_answered_as_one_that_names_nothing(
    relations: Relations, query: str
) -> None:
    for who in COLUMNS:
        if who not in SEE_ALL:
            hidden, none = (
                relations.asked(who, "GET", query.format(one)) for one in (relations.withheld, "N999")
            )
            assert masked(hidden) == masked(none), who


NAMING: dict[str, Callable[[Who, str], AnyCommand]] = {
    "withdraw": lambda who, n: Withdraw(**who, withdraws=n),
    "reconsider": lambda who, n: Reconsider(**who, activity=n),
    "assent": lambda who, n: AssentToArea(**who, area=n),
    "report": lambda who, n: ReportMovement(**who, movement=n, report=MovementReport.ARRIVED),
    "outcome": lambda who, n: ReportOutcome(
        **who, movement=n, outcome=Outcome.CANCELLED, of="", leg=0, reason="because"
    ),
    "call": lambda who, n: CallLine(**who, notice=n, line=1, reached=True, called_us=world.T0),
    "after": lambda who, n: ReportAfter(**who, notice=n, text="all is done"),
    "attest": lambda who, n: Attest(**who, attests=n, as_of_us=world.T0, valid_until_us=None),
    "verify": lambda who, n: VerifyNotice(
        **who, verifies=n, level=Verification.UNVERIFIED, method="", by="", on_us=world.T0
    ),
    "deletion": lambda who, n: ReportDeletion(**who, deletes=n),
    "challenge": lambda who, n: Challenge(
        **who,
        challenges=n,
        reason=ChallengeReason.NO_LONGER_THERE,
        text="It is not there.",
        warning="",
    ),
    "countersign": lambda who, n: Countersign(
        **who, notice=n, what=Signing.FILING, entry=int(n[1:]), agree=True
    ),
    "erase": lambda who, n: Erase(**who, erases=n, what=Erasable.DETAILS),
    "recall": lambda who, n: ReportRecall(**who, activity=n, echelon="watch", step=RecallStep.CLEAR),
}


@pytest.mark.parametrize("name", NAMING)
def test_a_command_that_names_what_was_not_released_is_refused_as_one_that_names_nothing(
    relations: Relations, name: str
) -> None:
    for actor in (NORTH, LAKE, BRIDGE.id):
        client = relations.served.client(actor)
        said = []
        for notice in (relations.withheld, "N999"):
            events = client.act(NAMING[name](client.who(), notice)).events
            assert isinstance(events[0], CommandRefused)
            said.append(str(events).replace(notice, "it"))
        assert said[0] == said[1], actor
