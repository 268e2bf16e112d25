"""Who may post: API tokens. Only a token's hash is kept."""

import asyncio

from starlette.requests import Request

from app.store import tokens
from app.store.engine import Store
from app.web.errors import Problem


async def token_of(request: Request, store: Store) -> tokens.Token:
    """The token that ``request`` carries; 401 where it carries none that is known."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Problem(
            401,
            "Post with “Authorization: Bearer TOKEN”; `declared token add NAME --scope declare` makes a token.",
            headers={"WWW-Authenticate": "Bearer"},
        )

    def find() -> tokens.Token | None:
        with store.reading() as connection:
            return tokens.find_token(connection, secret.strip())

    token = await asyncio.to_thread(find)
    if token is None:
        raise Problem(
            401,
            "This token is not known, or was revoked.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
    return token
