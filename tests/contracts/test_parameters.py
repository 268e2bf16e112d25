"""The table of what a query may say to a public read is what the routes read of it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from app.api.routes import api
from app.feeds.routes import feeds
from app.pages.asset_routes import assets
from app.pages.embed.oembed_routes import embedding
from app.pages.embed.routes import embeds
from app.pages.overview.board import BoardQuery
from app.pages.routes import dashboard
from app.web.reads.public_reads import PUBLIC_READS, PublicRead, public_read

ROUTERS = (api, assets, dashboard, embeds, embedding, feeds)
DASHBOARD = "/elections/{slug}"


def parameters(dependant: Dependant) -> Iterator[str]:
    yield from (each.alias for each in dependant.query_params)
    for dependency in dependant.dependencies:
        yield from parameters(dependency)


def read_by_routes() -> dict[PublicRead, set[str]]:
    """The rows of the table that some route is for, and the parameters that those routes have."""
    found: dict[PublicRead, set[str]] = defaultdict(set)
    for route in (route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)):
        row = public_read(route.path_format.format_map(defaultdict(lambda: "a")))
        if row is not None and "GET" in route.methods:
            found[row] |= set(parameters(route.dependant))
            if route.path_format == DASHBOARD:
                # Of its query it reads the whole.
                found[row] |= {field.name for field in fields(BoardQuery)}
    return found


def test_every_row_has_the_parameters_of_its_routes() -> None:
    known = {row: {name.decode() for name in row.parameters} for row in PUBLIC_READS}
    assert known == read_by_routes()
