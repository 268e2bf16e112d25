"""The desk's pages about its people: the login, accounts, tokens, and sessions.

Accounts, tokens and sessions come as the store has them; a template names what it shows of them.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from app.desk.frame import DeskFrame
from app.domain import times
from app.domain.election import Election, shared_zone
from app.pages.environment import render
from app.store.staff import PASSWORD_RULE, SHORTEST_PASSWORD

ROLES = {
    "keyer": "keys results, for others to check",
    "checker": "keys, and checks what others have keyed",
    "editor": "declares alone, corrects, and looks after staff and tokens",
    "reporter": "at a count: keys results and tells its status, for the councils given alone",
}
"""The roles, in rising order, with what each may do; a reporter's is for some councils alone."""

SCOPES = {
    "declare": "straight into the log",
    "key": "into the queue, for a person to check",
}
"""Where what a token posts goes."""

_OF_PASSWORDS = {"PASSWORD_RULE": PASSWORD_RULE, "SHORTEST_PASSWORD": SHORTEST_PASSWORD}

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def login_page(environment: Environment, frame: DeskFrame, *, wanted: str, name: str, wrong: str, wait: int) -> str:
    """The form to sign in, which leads on to ``wanted``; ``wait`` is for how many seconds it is no use to try."""
    values = {"frame": frame, "wanted": wanted, "name": name, "wrong": wrong, "wait": wait}
    return render(environment, "desk/people/login.html", values)


def sessions_page(environment: Environment, sessions: Sequence[Any], frame: DeskFrame) -> str:
    """Who is signed in, from where."""
    values = {"frame": frame, "sessions": sessions, "browser": browser, "moment": _moments(frame.elections)}
    return render(environment, "desk/people/sessions.html", values)


CouncilsGiven = Mapping[str, Collection[str]]
"""The ids of the councils that a reporter reports from, by the election's slug."""


def staff_page(
    environment: Environment,
    staff: Sequence[Any],
    frame: DeskFrame,
    *,
    given: Mapping[str, CouncilsGiven],
    wrong: str,
    typed_name: str,
    shown: tuple[str, str] | None,
) -> str:
    """The accounts. ``shown`` is a name with the password that was made for it, which nothing can show again."""
    values = {
        "frame": frame,
        **_OF_PASSWORDS,
        "staff": sorted(staff, key=lambda person: person.name.casefold()),
        "roles": ROLES,
        "councils": {name: council_names(frame.elections, own) for name, own in given.items()},
        "wrong": wrong,
        "typed_name": typed_name,
        "shown": shown,
        "moment": _moments(frame.elections),
    }
    return render(environment, "desk/people/staff.html", values)


def council_names(elections: Iterable[Election], given: CouncilsGiven) -> list[str]:
    """What a reporter's councils are called, in the order of the elections' files."""
    return [
        council.name
        for election in elections
        for council in election.councils.values()
        if council.council_id in given.get(election.slug, ())
    ]


def person_page(
    environment: Environment, person: Any, frame: DeskFrame, *, given: CouncilsGiven, wrong: str, shown: str
) -> str:
    """An account. ``shown`` is the password that was made for it, if one was just now."""
    values = {
        "frame": frame,
        **_OF_PASSWORDS,
        "person": person,
        "given": given,
        "roles": ROLES,
        "wrong": wrong,
        "shown": shown,
        "moment": _moments(frame.elections),
    }
    return render(environment, "desk/people/person.html", values)


def tokens_page(
    environment: Environment,
    tokens: Sequence[Any],
    frame: DeskFrame,
    *,
    wrong: str,
    typed: Mapping[str, str],
    shown: tuple[str, str] | None,
    now: datetime,
) -> str:
    """The tokens as they are ``now``.

    ``shown`` is a name with the token that was made for it, which nothing can show again; ``typed`` is what was typed
    for one that could not be made, by field.
    """
    values = {
        "frame": frame,
        "tokens": tokens,
        "names": {election.slug: election.name for election in frame.elections},
        "now": now,
        "typed": {"name": "", "scope": "", "election": "", "expires": "", **typed},
        "scopes": SCOPES,
        "wrong": wrong,
        "shown": shown,
        "moment": _moments(frame.elections),
    }
    return render(environment, "desk/people/tokens.html", values)


def browser(user_agent: str) -> str:
    """``Firefox on Windows``; whatever a program calls itself, where it is no browser."""
    name = next((name for mark, name in _BROWSERS if f"{mark}/" in user_agent), None)
    if name is None:
        return re.split(r"[\s(]", user_agent, maxsplit=1)[0][:40] or "unknown"
    system = next((system for mark, system in _SYSTEMS if mark in user_agent), None)
    return f"{name} on {system}" if system else name


def _moments(elections: Sequence[Election]) -> Callable[[datetime], Markup]:
    """How times are told on a page about no election: in the zone that all of them share, else in UTC."""
    zone = shared_zone(election.timezone for election in elections)

    def moment(at: datetime) -> Markup:
        local = at.astimezone(zone)
        told = f"{local.day} {local:%b %Y}, {times.clock_with_zone(local)}"
        return Markup('<time datetime="{}">{}</time>').format(local.isoformat(timespec="seconds"), told)

    return moment
