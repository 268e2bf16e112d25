"""Static files, from memory: there are few, and they are small."""

import mimetypes
import re

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.pages.assets import STYLESHEET, WIDGET_STYLESHEET, Assets
from app.pages.environment import assets_of
from app.web.errors import Problem
from app.web.parts import parts_of

assets = APIRouter(include_in_schema=False)

VERSIONED = re.compile(r"(?P<version>v-[0-9a-f]+)/(?P<path>.+)")

MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


@assets.get("/static/{path:path}")
async def static_file(request: Request, path: str) -> Response:
    """A file of ``static/``, for ever under an address with its version, else to be asked for again."""
    files = assets_of(parts_of(request).environment)
    versioned = VERSIONED.fullmatch(path)
    version, name = versioned.group("version", "path") if versioned else (None, path)
    headers = {"Cache-Control": files.cache_control(version), "Access-Control-Allow-Origin": "*"}
    return Response(_content(files, name), headers=headers, media_type=_media_type(name))


def _content(files: Assets, name: str) -> str | bytes:
    if name in (STYLESHEET, WIDGET_STYLESHEET):
        return files.stylesheet(name)
    path = (files.directory / name).resolve()
    if not path.is_relative_to(files.directory.resolve()) or not path.is_file():
        raise Problem(404, "There is no such file.")
    return path.read_bytes()


def _media_type(name: str) -> str:
    suffix = name[name.rfind(".") :]
    return MEDIA_TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
