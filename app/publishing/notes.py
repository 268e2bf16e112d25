"""Small notes of where the night is, which pages look at over and over: what is in them is paid for by everybody."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app.addresses import API_ELECTIONS, COUNCIL, FRESH_ENOUGH, OVERVIEW
from app.publishing.targets import JSON, File

NOTE = "max-age=2, s-maxage=5"
"""Shared by what comes between us; as few bytes as say so."""


def note_name(slug: str) -> str:
    """The file that says where the whole night is."""
    return f"{OVERVIEW.to(slug=slug)[1:]}/published.json"


def council_note_name(slug: str, council_id: str) -> str:
    """The file that says where a council is."""
    return f"{COUNCIL.to(slug=slug, council_id=council_id)[1:]}/published.json"


def note(slug: str, epoch: str, seq: int, checked: datetime, *, done: bool) -> File:
    """Where the night is; ``checked`` is when somebody last saw that it is so, in UTC.

    ``done``: nothing more is awaited, and nobody will look again.
    """
    told = {"epoch": epoch, "seq": seq, "checked": f"{checked:%Y-%m-%dT%H:%M:%SZ}"}
    return _noted(note_name(slug), {**told, "done": True} if done else told)


def council_note(slug: str, council_id: str, epoch: str, seq: int) -> File:
    """The last entry about a council: for its pages, once the night has gone on."""
    return _noted(council_note_name(slug, council_id), {"epoch": epoch, "seq": seq})


ELECTIONS = f"{API_ELECTIONS.path[1:]}.json"
"""The file that lists what is published at a site."""


def elections_listed(before: bytes | None, own: Mapping[str, Any], *, rehearsal: bool) -> File:
    """What the API answers of all elections: this one, and those that were listed ``before``, by slug.

    A site has what was published into it, maybe from several databases.
    """
    listed = {it["slug"]: it for it in _listed(before)} | {own["slug"]: own}
    told: dict[str, Any] = {"rehearsal": True} if rehearsal else {}
    told["elections"] = [listed[slug] for slug in sorted(listed)]
    content = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return File(ELECTIONS, content, JSON, FRESH_ENOUGH)


def _listed(content: bytes | None) -> Iterable[Mapping[str, Any]]:
    try:
        listed = json.loads(content or b"{}").get("elections", [])
        return [it for it in listed if isinstance(it["slug"], str)]
    except (ValueError, AttributeError, KeyError, TypeError):
        return []  # Somebody else's: it is written anew.


def _noted(name: str, told: Mapping[str, Any]) -> File:
    return File(name, json.dumps(told, separators=(",", ":")).encode(), JSON, NOTE)
