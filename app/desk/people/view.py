"""The desk's pages about its people: the login, accounts, tokens, sessions, and what went wrong.

Accounts, tokens and sessions come as the store has them; a template names what it shows of them.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from app.domain import times
from app.domain.election import Election, shared_zone
from app.pages.environment import render

HEADLINES = {
    401: "You are signed out",
    403: "That was not done",
    404: "There is nothing at this address",
    409: "Something else stands",
    413: "That is too much at once",
    422: "That cannot be used",
    429: "Too many tries",
    500: "Something went wrong here",
    503: "Not available just now",
}

ROLES = {
    "keyer": "keys results, for others to check",
    "checker": "keys, and checks what others have keyed",
    "editor": "declares alone, corrects, and looks after staff and tokens",
}
"""The roles, in rising order, with what each may do."""

SCOPES = {
    "declare": "straight into the log",
    "key": "into the queue, for a person to check",
}
"""Where what a token posts goes."""

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def login_page(environment: Environment, *, wanted: str, name: str, wrong: str, wait: int, **desk: Any) -> str:
    """The form to sign in, which leads on to ``wanted``; ``wait`` is for how many seconds it is no use to try."""
    values = {"wanted": wanted, "name": name, "wrong": wrong, "wait": wait, "election": None, **desk}
    return render(environment, "desk/people/login.html", values)


def sessions_page(environment: Environment, sessions: Sequence[Any], **desk: Any) -> str:
    """Who is signed in, from where."""
    values = {"sessions": sessions, "election": None, **_times(desk["elections"]), "browser": browser, **desk}
    return render(environment, "desk/people/sessions.html", values)


def staff_page(
    environment: Environment,
    staff: Sequence[Any],
    *,
    wrong: str,
    typed_name: str,
    shown: tuple[str, str] | None,
    **desk: Any,
) -> str:
    """The accounts. ``shown`` is a name with the password that was made for it, which nothing can show again."""
    values = {
        "staff": sorted(staff, key=lambda person: person.name.casefold()),
        "roles": ROLES,
        "wrong": wrong,
        "typed_name": typed_name,
        "shown": shown,
        "election": None,
        **_times(desk["elections"]),
        **desk,
    }
    return render(environment, "desk/people/staff.html", values)


def person_page(environment: Environment, person: Any, *, wrong: str, shown: str, **desk: Any) -> str:
    """An account. ``shown`` is the password that was made for it, if one was just now."""
    values = {
        "person": person,
        "roles": ROLES,
        "wrong": wrong,
        "shown": shown,
        "election": None,
        **_times(desk["elections"]),
        **desk,
    }
    return render(environment, "desk/people/person.html", values)


def tokens_page(
    environment: Environment,
    tokens: Sequence[Any],
    *,
    wrong: str,
    typed: Mapping[str, str],
    shown: tuple[str, str] | None,
    now: datetime,
    **desk: Any,
) -> str:
    """The tokens as they are ``now``.

    ``shown`` is a name with the token that was made for it, which nothing can show again; ``typed`` is what was typed
    for one that could not be made, by field.
    """
    names = {election.slug: election.name for election in desk["elections"]}
    values = {
        "tokens": tokens,
        "names": names,
        "now": now,
        "typed": {"name": "", "scope": "", "election": "", "expires": "", **typed},
        "scopes": SCOPES,
        "wrong": wrong,
        "shown": shown,
        "election": None,
        **_times(desk["elections"]),
        **desk,
    }
    return render(environment, "desk/people/tokens.html", values)


def desk_error_page(environment: Environment, status: int, detail: str, *, login: str, **desk: Any) -> str:
    """What went wrong, and where to go on; ``login`` is the address to sign in at, empty where that would not help."""
    headline = HEADLINES.get(status, HTTPStatus(status).phrase)
    values = {"status": status, "headline": headline, "detail": detail, "login": login, "election": None, **desk}
    return render(environment, "desk/error.html", values)


def browser(user_agent: str) -> str:
    """``Firefox on Windows``; whatever a program calls itself, where it is no browser."""
    name = next((name for mark, name in _BROWSERS if f"{mark}/" in user_agent), None)
    if name is None:
        return re.split(r"[\s(]", user_agent, maxsplit=1)[0][:40] or "unknown"
    system = next((system for mark, system in _SYSTEMS if mark in user_agent), None)
    return f"{name} on {system}" if system else name


def _times(elections: Sequence[Election]) -> dict[str, Any]:
    """How times are told on a page about no election: in the zone that all of them share, else in UTC."""
    zone = shared_zone(election.timezone for election in elections)

    def moment(at: datetime) -> Markup:
        local = at.astimezone(zone)
        told = f"{local.day} {local:%b %Y}, {times.clock(local)}"
        return Markup('<time datetime="{}">{}</time>').format(local.isoformat(timespec="seconds"), told)

    return {"moment": moment}
