# SPDX-License-Identifier: Apache-2.0
"""The application: routers, the gate, the guard. Knows no server and no disk."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

from standclear import __version__
from standclear.core.commands import AnyCommand
from standclear.formats.coordinates import CoordinatesAnswer
from standclear.web import (
    commands,
    consents,
    coordinates,
    cosigning,
    daily,
    departure,
    desks,
    details,
    door,
    dossiers,
    drawn,
    duplicates,
    export,
    exposure,
    features,
    incidents,
    interface,
    keys,
    known,
    layers,
    posts,
    reads,
    signing_in,
    spoken,
    stream,
    terms_text,
    threads,
    tiles,
    watch,
    wire,
    wire_commands,
    wire_exposure,
    wire_incidents,
    wire_keys,
    wire_posts,
    wire_terms,
    wire_threads,
)
from standclear.web.auth import Sessions
from standclear.web.guard import Guard
from standclear.web.held import Held, WebConfig, admit_request
from standclear.web.limits import Limits
from standclear.web.openapi import document, members
from standclear.web.problems import Problem, answer_errors
from standclear.web.record import Record
from standclear.web.shelf import Shelves
from standclear.web.straight import straight
from standclear.web.streams import Streams

READERS: Final = (
    door.router,
    tiles.router,
    reads.router,
    coordinates.router,
    departure.router,
    details.router,
    exposure.router,
    features.router,
    duplicates.router,
    known.router,
    watch.router,
    daily.router,
    incidents.router,
    consents.router,
    threads.router,
    posts.router,
    keys.router,
    terms_text.router,
    drawn.router,
    layers.router,
    export.router,
    spoken.router,
    dossiers.router,
    stream.router,
    interface.router,
)
ROUTERS: Final = (*READERS, commands.router, cosigning.router, desks.router)
KINDS: Final[tuple[Any, ...]] = members(
    (
        AnyCommand,
        Problem,
        wire_commands.Batch,
        wire_commands.BatchAnswer,
        signing_in.Challenge,
        signing_in.ChallengeRequest,
        wire_commands.CheckAnswer,
        CoordinatesAnswer,
        daily.DailyAnswer,
        wire.Cosigned,
        wire.Cut,
        desks.DeskRequest,
        desks.DesksAnswer,
        desks.Seat,
        departure.DepartureAnswer,
        wire.DetailsAnswer,
        duplicates.DuplicateQuestion,
        duplicates.DuplicatesAnswer,
        wire.EntryAnswer,
        wire_exposure.ExposedAnswer,
        wire_exposure.ExposureAnswer,
        wire_exposure.ExposureQuestion,
        wire_commands.FeaturesAnswer,
        wire.Health,
        wire.InboxPage,
        wire_incidents.IncidentAnswer,
        wire_incidents.IncidentsPage,
        wire.KnownPage,
        layers.LayersAnswer,
        wire.MapAnswer,
        wire.NoticeAnswer,
        wire.NoticePage,
        signing_in.SessionAnswer,
        signing_in.SessionRequest,
        wire.SpokenAnswer,
        wire.StreamHead,
        wire_terms.TermsAnswer,
        terms_text.TermsTextAnswer,
        wire.WatchAnswer,
        consents.ConsentsAnswer,
        wire_threads.PhrasesAnswer,
        wire_threads.ThreadsAnswer,
        wire_posts.PostsAnswer,
        wire_keys.KeyAnswer,
        wire_keys.KeysAnswer,
    )
)


def create_app(record: Record, config: WebConfig, routers: tuple[APIRouter, ...] = ROUTERS) -> FastAPI:
    """The HTTP face of a running centre; with `READERS` alone, of a mirror."""
    app = FastAPI(
        title="Standclear",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(admit_request)],
    )
    sessions = Sessions(record.now_us, config.draw)
    app.state.held = Held(
        record, config, sessions, Shelves(), Streams(record.bell), Limits(config.rates, record.now_us)
    )
    for router in routers:
        app.include_router(router)
    answer_errors(app)
    app.add_middleware(
        Guard,
        max_body=commands.MAX_BODY,
        body_timeout_s=config.body_timeout_s,
        is_exercise=lambda: record.snapshot.state.exercise,
        draw=config.draw,
        straight=straight if commands.router in routers else None,
    )
    described: list[dict[str, Any]] = []

    def openapi() -> dict[str, Any]:
        if not described:
            described.append(document(app, __version__, KINDS))
        return described[0]

    app.openapi = openapi  # type: ignore[method-assign]
    return app


def routes() -> tuple[tuple[str, str], ...]:
    """Every method and path, without a centre: for the documentation and its test."""
    found = [
        (method, route.path_format)
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods or ())
    ]
    return tuple(sorted(found, key=lambda pair: (pair[1], pair[0])))
