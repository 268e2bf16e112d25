"""Checking a database against itself, and a server against its database."""

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
from sqlalchemy import Connection, inspect

from app.addresses import API_COUNCIL, API_ELECTION, API_LOG
from app.api.values import council_detail_view, election_view
from app.domain.errors import Harmed, UnreadableCatalogue
from app.domain.night import Night
from app.domain.ticker import TICKER_LENGTH
from app.process.failures import CommandFailed
from app.store import audit, catalogue, log, passing
from app.store.engine import Store
from app.store.folding import folded
from app.store.tables import AUDIT

PATIENCE = 5.0
"""Seconds that a server may need to come to the end of the log."""


class CannotVerify(CommandFailed):
    """Why there is nothing to compare with."""


def verify_database(store: Store) -> Iterator[tuple[str, int, list[str]]]:
    """Of every election its slug, the entries of its log, and every fault found, as sentences."""
    with store.reading() as connection:
        for slug, head in log.heads(connection).items():
            faults = list(log.verify_chain(connection, slug))
            yield slug, head.seq, faults or list(_faults_of_night(connection, slug))


def passed_over(store: Store) -> Iterator[str]:
    """Every entry that is left out of its night, by whom and why, as sentences."""
    with store.reading() as connection:
        for slug in log.heads(connection):
            for seq, author, reason in passing.passed(connection, slug):
                yield f"Entry {seq} of “{slug}” is passed over, by {author}: {reason}"


def _faults_of_night(connection: Connection, slug: str) -> Iterator[str]:
    try:
        unreadable = passing.faults(connection, slug)
        if unreadable:
            yield from map(str, unreadable)
        else:
            yield from _faults_of_fold(folded(connection, slug))
            if not catalogue.is_as_kept(connection, slug):
                yield f"The catalogue of “{slug}” was altered: it is not what was loaded."
    except UnreadableCatalogue as error:
        yield str(error)


def verify_audit(store: Store) -> tuple[int, list[str]]:
    """How many rows the audit has, and every fault found; none in a database from before there was one."""
    with store.reading() as connection:
        if not inspect(connection).has_table(AUDIT.name):
            return 0, []
        return audit.head(connection)[0], list(audit.verify_chain(connection))


def _faults_of_fold(night: Night) -> Iterator[str]:
    """Where the seats of a council do not add up (rule 1), or its scoreboard is not the sum of the councils."""
    for state in night.councils.values():
        total = state.continuing + state.declared_seats + state.seats_to_come + state.vacant
        if total != state.council.total_seats:
            yield f"The seats of {state.council.name} add up to {total} of {state.council.total_seats}."
        parts = (("declared", state.declared_seats), ("to come", state.seats_to_come), ("vacant", state.vacant))
        yield from (f"{state.council.name} has {number} seats {part}." for part, number in parts if number < 0)
    added_up = (state for state in night.councils.values() if night.election.adds_up(state.council))
    declared = sum(state.declared_seats for state in added_up)
    for key, board in night.scoreboards.items():
        rows = (*board.rows.values(), *night.scoreboards_apart[key].rows.values())
        if sum(tally.seats for tally in rows) != declared:
            yield f"The scoreboard ({key}) does not have the seats that the councils have."
        if len(night.tickers[key]) > TICKER_LENGTH:
            yield f"The ticker ({key}) is longer than {TICKER_LENGTH} lines."


def verify_server(store: Store, url: str) -> Iterator[tuple[str, int, list[str]]]:
    """The same of what the server at ``url`` shows, against a fresh fold of the database."""
    with httpx2.Client(base_url=url.rstrip("/"), timeout=30, trust_env=False) as client:
        with store.reading() as connection:
            slugs = list(log.heads(connection))
        for slug in slugs:
            try:
                yield slug, *_compared(store, client, slug)
            except (Harmed, CannotVerify) as error:
                yield slug, 0, [str(error)]


def _compared(store: Store, client: httpx2.Client, slug: str) -> tuple[int, list[str]]:
    """Entries compared and the differences, once both stand at the same sequence."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with store.reading() as connection:
            head, night = log.head(connection, slug), folded(connection, slug)
        shown = {key: _get(client, API_ELECTION.to(slug=slug), convention=key) for key in night.election.conventions}
        if all(view["seq"] == head.seq for view in shown.values()) or time.monotonic() > deadline:
            return head.seq, list(_differences(client, night, head.epoch, shown))
        time.sleep(0.1)


def _differences(
    client: httpx2.Client, night: Night, epoch: str, shown: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    slug = night.election.slug
    for key, view in shown.items():
        convention = night.election.conventions[key]
        expected = election_view(night, epoch=epoch, convention=convention)
        yield from _unlike(f"{slug} ({key})", expected, view)
    convention = night.election.chosen_convention(None)
    for council_id, state in night.councils.items():
        view = _get(client, API_COUNCIL.to(slug=slug, council_id=council_id))
        yield from _unlike(f"{slug}, {council_id}", council_detail_view(night.election, state, convention), view)
    last = _get(client, API_LOG.to(slug=slug), after=max(night.seq - 1, 0), limit=1)
    if [row["seq"] for row in last["declarations"]] != ([night.seq] if night.seq else []):
        yield f"{slug}: the public log does not end at {night.seq}."


def _unlike(what: str, expected: Mapping[str, Any], shown: Mapping[str, Any]) -> Iterator[str]:
    """Each member in which what is shown differs from what the database says."""
    plain = json.loads(json.dumps(expected))
    for name in {**plain, **shown}:
        if plain.get(name) != shown.get(name):
            yield f"{what}: “{name}” is shown as {_brief(shown.get(name))}, the log says {_brief(plain.get(name))}."


def _brief(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}…"


def _get(client: httpx2.Client, path: str, **query: str | int) -> dict[str, Any]:
    try:
        response = client.get(path, params=query)
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        answer.pop("rehearsal", None)  # Of the server, not of the night.
    except (httpx2.HTTPError, ValueError) as error:
        raise CannotVerify(f"{client.base_url.join(path)} cannot be read: {error}.") from None
    return answer
