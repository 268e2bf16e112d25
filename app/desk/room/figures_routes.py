"""What each person did, for editors."""

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.desk.parts import AtDesk, EditorsDesk, page, reading
from app.desk.room.figures import Facts, PersonFigures, figures, figures_csv, figures_page
from app.store import audit, keyed, keying_times
from app.store.audit import ActsWanted
from app.web.signing_in.access import DeskRouter

desk_figures = DeskRouter()


@desk_figures.get("/{slug}/room/figures")
async def read_figures(request: Request, at: EditorsDesk) -> Response:
    """A row a person."""
    return page(figures_page(at.parts.environment, at.election, await _figures(request, at), at.frame("room")))


@desk_figures.get("/{slug}/room/figures.csv")
async def export_figures(request: Request, at: EditorsDesk) -> Response:
    """The same for spreadsheets."""
    made = figures_csv(await _figures(request, at), rehearsal=at.parts.settings.rehearsal)
    headers = {"Content-Disposition": f'attachment; filename="{at.election.slug}-people.csv"'}
    return Response(made, media_type="text/csv", headers=headers)


async def _figures(request: Request, at: AtDesk) -> list[PersonFigures]:
    slug, entries = at.election.slug, [line.entry for line in at.publication.log]

    def read(connection: Connection) -> Facts:
        acts = audit.search(connection, ActsWanted(slug), before=None, limit=None)
        return Facts(
            entries=entries,
            waiting=at.waiting,
            alone=audit.declared_alone(connection, slug),
            disputes=keyed.settled_disputes(connection, slug),
            acts=acts[::-1],
            seconds=keying_times.seconds(connection, slug),
        )

    return figures(await reading(request, read))
