"""Static files, from memory: there are few, and they are small."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.addresses import FAVICON, ROBOTS, STATIC, Address
from app.pages.assets import VERSIONED, media_type
from app.pages.environment import assets_of
from app.web.errors import Problem
from app.web.parts import parts_of

assets = APIRouter(include_in_schema=False)


@assets.get(STATIC.path)
async def static_file(request: Request, asset: str) -> Response:
    """A file of ``static/``, for ever under an address with its version, else to be asked for again."""
    files = assets_of(parts_of(request).environment)
    versioned = VERSIONED.fullmatch(asset)
    version, name = versioned.group("version", "path") if versioned else (None, asset)
    headers = {"Cache-Control": files.cache_control(version), "Access-Control-Allow-Origin": "*"}
    try:
        content = files.content(name)
    except FileNotFoundError:
        raise Problem(404, "There is no such file.") from None
    return Response(content, headers=headers, media_type=media_type(name))


@assets.get(FAVICON.path)
async def favicon(request: Request) -> Response:
    """The icon for programs that look for it where every site has it."""
    return _at_the_root(request, FAVICON)


@assets.get(ROBOTS.path)
async def robots(request: Request) -> Response:
    """What is not for crawlers: the desk, what somebody looks for, and streams."""
    return _at_the_root(request, ROBOTS)


def _at_the_root(request: Request, address: Address) -> Response:
    name = address.path[1:]
    return Response(assets_of(parts_of(request).environment).content(name), media_type=media_type(name))
