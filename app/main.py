"""The application: the only place where its parts are wired."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send

from app.addresses import SCHEMA, Area, Parsed, area_of
from app.api.ranking_routes import rankings
from app.api.receipt_routes import receipts
from app.api.results_routes import results
from app.api.routes import api
from app.api.series_routes import series
from app.api.story_routes import stories
from app.api.values import JsonObject, council_view, marked
from app.bundles.spreadsheets import Spreadsheets
from app.declaring.bodies import BODIES
from app.declaring.door import Declaring
from app.declaring.holding import Holding, Releasing
from app.desk.acts.routes import desk_acts
from app.desk.acts.together import desk_together
from app.desk.audit.routes import desk_audit
from app.desk.board.councils import Boards
from app.desk.board.refresh import Looks
from app.desk.board.routes import desk
from app.desk.disputes.routes import desk_disputes
from app.desk.entry.routes import desk_entry
from app.desk.errors import desk_error_response
from app.desk.exercise.routes import desk_exercise
from app.desk.files.routes import desk_files
from app.desk.help.routes import desk_help
from app.desk.holding.routes import desk_holding
from app.desk.notes.routes import desk_notes
from app.desk.offline.routes import desk_offline
from app.desk.paste.routes import desk_paste
from app.desk.people.routes import desk_staff
from app.desk.people.sign_in_routes import desk_access
from app.desk.photos.routes import desk_photos
from app.desk.presence.routes import desk_presence
from app.desk.queue.routes import desk_queue
from app.desk.room.chasing_routes import desk_chasers
from app.desk.room.figures_routes import desk_figures
from app.desk.room.handover_routes import desk_handover
from app.desk.room.routes import desk_room
from app.desk.signing_off.routes import desk_signing_off
from app.domain.errors import DomainError, Finding
from app.domain.night import Night
from app.domain.ticker import Change
from app.exercise.running import Exercise
from app.feeds.routes import feeds
from app.hooks.lease import Lease
from app.hooks.reaching import Reaching
from app.hooks.sender import Patience, Sender
from app.hooks.telling import SentFrom
from app.live.hub import Hub
from app.pages.asset_routes import assets
from app.pages.broadcast.routes import broadcasting
from app.pages.cards.routes import cards
from app.pages.embed.customiser_routes import customising
from app.pages.embed.oembed_routes import embedding
from app.pages.embed.part_routes import smaller_embeds
from app.pages.embed.routes import embeds, widget_error_response
from app.pages.environment import CannotBeShown, assets_of, load, make_environment
from app.pages.finder.routes import finding
from app.pages.over_time.routes import in_time
from app.pages.parties.routes import party_pages
from app.pages.rankings.routes import ranking_pages
from app.pages.receipts.routes import receipt_pages
from app.pages.rendering import Renderer
from app.pages.routes import dashboard, error_response
from app.process.networks import networks_in
from app.process.strict_json import NotJson
from app.process.turns import Turns
from app.process.version import VERSION
from app.projection.newsroom import Newsroom
from app.settings import Settings
from app.store.engine import Store
from app.store.errors import StoreError
from app.store.listening import Listener
from app.store.outages import Outages
from app.store.writer import Writer
from app.web.errors import PROBLEM_SCHEMA, Problem, problem_of
from app.web.headers import SecureHeaders
from app.web.health.loop_lag import LoopLag
from app.web.health.metrics import Metrics
from app.web.health.readings import Readings
from app.web.health.routes import health
from app.web.health.siblings import Siblings
from app.web.incoming import Incoming
from app.web.parts import Parts
from app.web.reads.reading import PublicReads, Version
from app.web.reads.versions import version_of
from app.web.signing_in.known_tokens import TokenUses
from app.wording.control import flash_of


class Application(FastAPI):
    """FastAPI's, with the public reads in front: what is in memory is answered before anything is routed."""

    def __init__(self, *, release: str, settings: Settings, **options: Any) -> None:
        super().__init__(**options)
        build = f"{VERSION}-{release}-{settings.shown}"

        def version(parsed: Parsed) -> Version | None:
            # In development templates and static files change under the same sequence: nothing is kept.
            return None if settings.development else version_of(parsed, self.state.parts.newsroom, release=release)

        self.metrics = Metrics()
        self.after_commit: Callable[[], None] = lambda: None
        """Called from the writer's thread once something is committed."""
        self.siblings: Siblings | None = None
        """The workers that share a port, this server among them."""
        secured = SecureHeaders(
            super().__call__, frame_ancestors=settings.frame_ancestors, rehearsal=settings.rehearsal
        )
        behind = Incoming(secured, self.metrics)
        by_host = not settings.public_url
        self.reads = PublicReads(behind, version_of=version, build=build, by_host=by_host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            send = _without_traceback(self, send)
        await self.reads(scope, receive, send)


def _without_traceback(app: Application, send: Send) -> Send:
    """``send`` that does not say where in the code a start failed, where it is known why, which is said in a line."""

    async def plainly(message: Message) -> None:
        is_known = message["type"] == "lifespan.startup.failed" and app.state.failure is not None
        await send({**message, "message": ""} if is_known else message)

    return plainly


def create_app(settings: Settings, exercise: Exercise | None = None) -> Application:
    """A server's application on the database of ``settings``, whose schema is brought up to date as it starts.

    Where the desk practises, it hands out the sheets of ``exercise``.
    """
    environment = make_environment(dev=settings.development, stale_after=settings.stale_after)
    app: Application = Application(
        release=assets_of(environment).version,
        settings=settings,
        title="Declared",
        version=VERSION,
        description="Live election-night results. Public reads need no key; posting needs a token.",
        lifespan=lambda _: _lifespan(app, settings, exercise),
        openapi_url=None,
    )
    app.state.hub = Hub(beat_seconds=settings.beat_seconds, stuck_seconds=settings.stuck_seconds)
    app.state.environment = environment
    app.state.failure = None
    app.state.boards = Boards()
    app.state.looks = Looks()
    app.state.spreadsheets = Spreadsheets()
    # The desk's people and log before its nights: an election may have any slug, and takes none of their addresses.
    people = (desk_access, desk_staff, desk_offline, desk_audit, desk_help)
    nights = (
        desk_queue,
        desk_disputes,
        desk_room,
        desk_chasers,
        desk_handover,
        desk_figures,
        desk_presence,
        desk_entry,
        desk_files,
        desk_holding,
        desk_signing_off,
        desk_notes,
        desk_photos,
        desk_paste,
        desk_acts,
        desk_together,
        desk,
    )
    practice = (desk_exercise,) if exercise is not None else ()
    widgets = (embeds, smaller_embeds, embedding, customising)
    in_words = (receipt_pages, in_time, ranking_pages, party_pages)
    pages = (dashboard, *in_words, finding, cards, *widgets, broadcasting)
    readers = (api, results, series, rankings, stories, receipts, feeds, *pages)
    for router in (*readers, *people, *practice, *nights, assets, health):
        # As they are: to include a router makes sense of each route a second time, which is most of what a start takes.
        app.router.routes.extend(router.routes)
    for error in (
        Problem,
        NotJson,
        DomainError,
        CannotBeShown,
        StoreError,
        RequestValidationError,
        HTTPException,
        Exception,
    ):
        app.add_exception_handler(error, _explain)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    # In a thread, and once somebody asks for it: to make it takes longer than the rest of a start.
    app.add_route(SCHEMA.path, lambda _: JSONResponse(app.openapi()), include_in_schema=False)
    return app


def _replica(settings: Settings) -> Store | None:
    if not settings.read_database:
        return None
    return Store.open(settings.read_database, readers=settings.read_connections, outages=Outages())


@asynccontextmanager
async def _lifespan(app: Application, settings: Settings, exercise: Exercise | None) -> AsyncIterator[None]:
    """Opens the database, follows its log, and closes everything in order."""
    loop = asyncio.get_running_loop()
    store = Store.open(settings.database_url, readers=settings.read_connections, outages=Outages())
    hub: Hub = app.state.hub
    environment = app.state.environment
    replica = _replica(settings)
    newsroom = Newsroom(
        store,
        hub=hub,
        rendering=Renderer(environment),
        poll_seconds=settings.poll_seconds,
        turns=Turns(),
        replica=replica,
        rehearsal=settings.rehearsal,
    )
    try:
        await asyncio.to_thread(store.migrate)
        await asyncio.gather(newsroom.start(), asyncio.to_thread(load, environment))
    except StoreError as error:
        app.state.failure = error
        raise

    def wake(*_: object) -> None:
        loop.call_soon_threadsafe(newsroom.wake)

    def committed() -> None:
        wake()
        app.after_commit()

    writer = Writer(store, queue_size=settings.writer_queue, after_commit=committed)
    listener = Listener(store, wake, url=settings.listen_database)
    answer = partial(_answer, rehearsal=settings.rehearsal)
    declaring = Declaring(writer, answer, settings.thresholds, followed=newsroom.followed, hand=newsroom.hand)
    parts = Parts(
        settings,
        store,
        hub,
        newsroom,
        declaring,
        environment,
        TokenUses(writer),
        app.metrics,
        _sender(settings, newsroom, store, writer),
        exercise=exercise,
    )
    lag = LoopLag(app.metrics.loop_lag.observe)
    app.state.readings = Readings(parts, app.reads, lag)
    app.metrics.watch(app.state.readings)
    app.state.parts = parts
    for publication in newsroom.publications[:1]:
        # Of one election, as all have the same statements. The first post, if it should come now, has to wait for it.
        declaring.rehearse(publication.election.slug)
    hub.start(newsroom.wake)
    lag.start()
    releasing = Releasing(Holding(declaring), store)
    try:
        async with parts.hooks:
            yield
    finally:
        parts.is_stopping = True
        hub.stop()
        lag.stop()
        await asyncio.to_thread(releasing.close)
        await asyncio.to_thread(listener.close)
        parts.token_uses.close()
        parts.logins.failures.close()
        await asyncio.to_thread(writer.close)
        await newsroom.stop()
        await asyncio.to_thread(parts.logins.close)
        await asyncio.to_thread(parts.pictures.close)
        app.reads.close()
        for opened in filter(None, (store, replica)):
            opened.close()


def _sender(settings: Settings, newsroom: Newsroom, store: Store, writer: Writer) -> Sender:
    return Sender(
        newsroom,
        store,
        lease=Lease(store, writer, settings.hook_lease_seconds),
        reaching=Reaching(networks_in(settings.hook_networks), settings.hook_seconds),
        patience=Patience(settings.hook_pause_seconds, settings.hook_patience_hours),
        server=SentFrom(settings.public_url, settings.rehearsal),
    )


def _answer(
    night: Night, change: Change, epoch: str, warnings: Sequence[Finding], *, rehearsal: bool = False
) -> JsonObject:
    """What a post is answered with, in the election's default convention."""
    convention = night.election.chosen_convention(None)
    told = {
        "seq": change.entry.seq,
        "epoch": epoch,
        "warnings": [{"code": finding.code, "detail": finding.detail} for finding in warnings],
        "flipped": change.flipped(convention.key),
        "council": council_view(night.election, change.after, convention) if change.after else None,
        "flash": flash_of(night.election, change, convention.key),
    }
    return marked(told, rehearsal=rehearsal)


async def _explain(request: Request, error: Exception) -> Response:
    """Any error, as a problem for machines and as a page for people."""
    problem = problem_of(error) or _problem_of_framework(error)
    match area_of(request.url.path):
        case Area.MACHINES:
            return problem.response()
        case Area.DESK:
            return desk_error_response(request, problem)
        case Area.WIDGETS:
            return widget_error_response(request, problem)
    return error_response(request, problem)


def _problem_of_framework(error: Exception) -> Problem:
    match error:
        case RequestValidationError():
            findings = [
                Finding("invalid", ".".join(map(str, fault["loc"][1:])), str(fault["msg"])) for fault in error.errors()
            ]
            return Problem(422, "; ".join(f"{it.field}: {it.detail}" for it in findings), errors=findings)
        case HTTPException(status_code=404):
            return Problem(404, "There is nothing at this address.")
        case HTTPException():
            detail = error.detail or HTTPStatus(error.status_code).phrase
            return Problem(error.status_code, str(detail), headers=error.headers)
    return Problem(500, "Something went wrong here, and was noted. What is in the log is safe.")


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The schema, with the bodies of the declarations, which are read by hand."""
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        components = schema.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        for model in BODIES.values():
            body = model.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= body.pop("$defs", {})
            schemas[model.__name__] = body
        schemas["Problem"] = PROBLEM_SCHEMA
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        app.openapi_schema = schema
    return app.openapi_schema
