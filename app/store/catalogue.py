"""Elections as they were loaded: saved whole, loaded whole, in the order of their files."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from app.domain.election import (
    Baseline,
    Cancellation,
    Candidacy,
    Contest,
    ControlSpell,
    Convention,
    Council,
    Cycle,
    Election,
    Party,
    Words,
)
from app.domain.errors import UnknownElection, UnreadableCatalogue
from app.store.errors import CatalogueContradicted, CatalogueInUse
from app.store.locks import exclude_others
from app.store.log import genesis_hash, new_epoch
from app.store.notifying import notify
from app.store.references import contradictions, vanishing
from app.store.tables import (
    BASELINE,
    BASELINE_SEATS,
    CANDIDACY,
    CONTEST,
    CONTINUING_SEATS,
    CONTROL_HISTORY,
    CONVENTION,
    COUNCIL,
    ELECTION,
    ELECTION_WORDS,
    HEAD,
    PARTY,
)
from app.store.times import kept_time

_PARTS: tuple[Table, ...] = (
    ELECTION_WORDS,
    CONVENTION,
    PARTY,
    COUNCIL,
    CONTEST,
    CANDIDACY,
    BASELINE,
    BASELINE_SEATS,
    CONTINUING_SEATS,
    CONTROL_HISTORY,
)
"""The tables of the catalogue below ``election``, each after those it refers to."""

ROWS_AT_ONCE = 2_000
"""PostgreSQL has to answer each statement in time, and all candidacies of a country take it longer than that."""

_Columns = dict[str, Any]


class Saved(Enum):
    """What saving an election did."""

    LOADED = "loaded"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class ElectionListed:
    """An election in the list of those there are."""

    slug: str
    election_id: str
    name: str
    polling_date: date
    epoch: str


def save_election(connection: Connection, election: Election, digest: str) -> Saved:
    """Saves ``election``, read from files with this ``digest``, in place of what was known under its slug.

    The same digest again changes nothing. A replacement keeps the log and gives it a new epoch, by which running
    servers learn of it; CatalogueInUse where the log refers to something that would vanish, and
    CatalogueContradicted where it holds what could not be declared any more.
    """
    exclude_others(connection, "declared catalogue")
    slug = election.slug
    known = connection.scalar(select(ELECTION.c.digest).where(ELECTION.c.slug == slug))
    if known == digest:
        return Saved.UNCHANGED
    if known is None:
        connection.execute(insert(ELECTION), {"slug": slug, **_top_columns(election, digest)})
        connection.execute(insert(HEAD), {"slug": slug, "seq": 0, "hash": genesis_hash(slug), "epoch": new_epoch()})
    else:
        _remove_parts(connection, election)
        connection.execute(update(ELECTION).where(ELECTION.c.slug == slug).values(_top_columns(election, digest)))
        connection.execute(update(HEAD).where(HEAD.c.slug == slug).values(epoch=new_epoch()))
    _insert_parts(connection, election)
    notify(connection, slug)
    return Saved.LOADED if known is None else Saved.REPLACED


def load_election(connection: Connection, slug: str) -> Election:
    """The election as it was saved, every mapping in the order of the files; UnknownElection, UnreadableCatalogue."""
    top = connection.execute(select(ELECTION).where(ELECTION.c.slug == slug)).one_or_none()
    if top is None:
        raise UnknownElection(slug)
    try:
        return _election(connection, top)
    except SQLAlchemyError:
        raise
    except Exception as error:
        raise UnreadableCatalogue(slug, f"{type(error).__name__}: {error}") from error


def _election(connection: Connection, top: Row[Any]) -> Election:
    slug = top.slug
    return Election(
        slug=slug,
        election_id=top.election_id,
        name=top.name,
        polling_date=date.fromisoformat(top.polling_date),
        timezone=top.timezone,
        convention=top.convention,
        conventions={
            row.key: Convention(row.key, row.label, tuple(json.loads(row.control)), tuple(json.loads(row.seats)))
            for row in _in_order(connection, CONVENTION, slug)
        },
        parties={
            row.party_id: Party(row.party_id, row.name, row.short, row.colour, row.group_id)
            for row in _in_order(connection, PARTY, slug)
        },
        councils=_councils(connection, slug),
        words=_words(connection, slug),
    )


def _words(connection: Connection, slug: str) -> Words:
    row = connection.execute(select(ELECTION_WORDS).where(ELECTION_WORDS.c.slug == slug)).one_or_none()
    return Words(row.body, row.bodies, row.contest, row.contests, row.seat, row.seats) if row is not None else Words()


def elections(connection: Connection) -> list[ElectionListed]:
    """The elections there are, the newest polling date first."""
    columns = (ELECTION.c.slug, ELECTION.c.election_id, ELECTION.c.name, ELECTION.c.polling_date, HEAD.c.epoch)
    statement = select(*columns).join(HEAD).order_by(ELECTION.c.polling_date.desc(), ELECTION.c.slug)
    return [
        ElectionListed(row.slug, row.election_id, row.name, date.fromisoformat(row.polling_date), row.epoch)
        for row in connection.execute(statement)
    ]


def timezones(connection: Connection, slug: str | None = None) -> list[str]:
    """The time zones that elections are told in: that of ``slug``, or of every one there is."""
    statement = select(ELECTION.c.timezone)
    return list(connection.scalars(statement if slug is None else statement.where(ELECTION.c.slug == slug)))


def _remove_parts(connection: Connection, election: Election) -> None:
    # Nobody may declare against what is being replaced while it is; SQLite, which knows no FOR UPDATE, has one writer.
    connection.execute(select(HEAD.c.seq).where(HEAD.c.slug == election.slug).with_for_update())
    gone = vanishing(connection, election)
    if gone:
        raise CatalogueInUse(election.slug, gone)
    wrong = contradictions(connection, election)
    if wrong:
        raise CatalogueContradicted(election.slug, wrong)
    for table in reversed(_PARTS):
        connection.execute(delete(table).where(table.c.slug == election.slug))


def _insert_parts(connection: Connection, election: Election) -> None:
    rows: dict[Table, list[_Columns]] = defaultdict(list)
    for table, columns in _parts(election):
        rows[table].append({"slug": election.slug, **columns})
    for table in _PARTS:
        for first in range(0, len(rows[table]), ROWS_AT_ONCE):
            connection.execute(insert(table), rows[table][first : first + ROWS_AT_ONCE])


def _top_columns(election: Election, digest: str) -> _Columns:
    return {
        "election_id": election.election_id,
        "name": election.name,
        "polling_date": election.polling_date.isoformat(),
        "timezone": election.timezone,
        "convention": election.convention,
        "digest": digest,
    }


def _parts(election: Election) -> Iterator[tuple[Table, _Columns]]:
    yield ELECTION_WORDS, asdict(election.words)
    for position, convention in enumerate(election.conventions.values()):
        yield (
            CONVENTION,
            {
                "key": convention.key,
                "position": position,
                "label": convention.label,
                "control": json.dumps(convention.control),
                "seats": json.dumps(convention.seats),
            },
        )
    for position, party in enumerate(election.parties.values()):
        yield (
            PARTY,
            {
                "party_id": party.party_id,
                "position": position,
                "name": party.name,
                "short": party.short,
                "colour": party.colour,
                "group_id": party.group,
            },
        )
    for position, council in enumerate(election.councils.values()):
        yield (
            COUNCIL,
            {
                "council_id": council.council_id,
                "position": position,
                "name": council.name,
                "gss": council.gss,
                "kind": council.kind,
                "region": council.region,
                "cycle": council.cycle.value,
                "total_seats": council.total_seats,
                "boundary_change": int(council.boundary_change),
                "expected_at": council.expected_at.isoformat() if council.expected_at else None,
                "note": council.note,
            },
        )
        for table, columns in _council_parts(council):
            yield table, {"council_id": council.council_id, **columns}
        for contest in council.contests:
            yield from _candidacy_parts(contest)


def _council_parts(council: Council) -> Iterator[tuple[Table, _Columns]]:
    for position, contest in enumerate(council.contests):
        yield (
            CONTEST,
            {
                "ballot_id": contest.ballot_id,
                "position": position,
                "ward": contest.ward,
                "gss": contest.gss,
                "seats_up": contest.seats_up,
                "electorate": contest.electorate,
                "cancelled": contest.cancelled.value if contest.cancelled else None,
            },
        )
    for position, baseline in enumerate(council.baselines.values()):
        yield (
            BASELINE,
            {
                "basis": baseline.basis,
                "position": position,
                "control": baseline.control,
                "has_seats": int(baseline.seats is not None),
                "note": baseline.note,
            },
        )
        for columns in _seats_columns(baseline.seats or {}):
            yield BASELINE_SEATS, {"basis": baseline.basis, **columns}
    for columns in _seats_columns(council.continuing):
        yield CONTINUING_SEATS, columns
    for position, spell in enumerate(council.history):
        yield CONTROL_HISTORY, {"position": position, "since": spell.since, "control": spell.control}


def _candidacy_parts(contest: Contest) -> Iterator[tuple[Table, _Columns]]:
    for position, candidacy in enumerate(contest.candidacies):
        yield (
            CANDIDACY,
            {
                "ballot_id": contest.ballot_id,
                "candidacy_id": candidacy.candidacy_id,
                "position": position,
                "name": candidacy.name,
                "party_id": candidacy.party_id,
                "description": candidacy.description,
                "note": candidacy.note,
                "role": candidacy.role,
                "defends": int(candidacy.defends),
            },
        )


def _seats_columns(seats: Mapping[str, int]) -> Iterator[_Columns]:
    for position, (party_id, number) in enumerate(seats.items()):
        yield {"party_id": party_id, "position": position, "seats": number}


def _in_order(connection: Connection, table: Table, slug: str) -> Iterator[Row[Any]]:
    """The rows of ``slug``, in the order of its files within whatever they belong to."""
    yield from connection.execute(select(table).where(table.c.slug == slug).order_by(table.c.position))


def _councils(connection: Connection, slug: str) -> dict[str, Council]:
    contests = _contests(connection, slug)
    baselines = _baselines(connection, slug)
    continuing: dict[str, dict[str, int]] = defaultdict(dict)
    for row in _in_order(connection, CONTINUING_SEATS, slug):
        continuing[row.council_id][row.party_id] = row.seats
    history: dict[str, list[ControlSpell]] = defaultdict(list)
    for row in _in_order(connection, CONTROL_HISTORY, slug):
        history[row.council_id].append(ControlSpell(row.since, row.control))
    return {
        row.council_id: Council(
            council_id=row.council_id,
            name=row.name,
            total_seats=row.total_seats,
            contests=tuple(contests[row.council_id]),
            gss=row.gss,
            kind=row.kind,
            region=row.region,
            cycle=Cycle(row.cycle),
            boundary_change=bool(row.boundary_change),
            expected_at=kept_time(row.expected_at),
            note=row.note,
            continuing=continuing[row.council_id],
            baselines=baselines[row.council_id],
            history=tuple(history[row.council_id]),
        )
        for row in _in_order(connection, COUNCIL, slug)
    }


def _contests(connection: Connection, slug: str) -> dict[str, list[Contest]]:
    """The contests by council id."""
    candidacies: dict[str, list[Candidacy]] = defaultdict(list)
    for row in _in_order(connection, CANDIDACY, slug):
        candidacies[row.ballot_id].append(
            Candidacy(
                candidacy_id=row.candidacy_id,
                name=row.name,
                party_id=row.party_id,
                description=row.description,
                note=row.note,
                role=row.role,
                defends=bool(row.defends),
            )
        )
    contests: dict[str, list[Contest]] = defaultdict(list)
    for row in _in_order(connection, CONTEST, slug):
        contests[row.council_id].append(
            Contest(
                ballot_id=row.ballot_id,
                council_id=row.council_id,
                ward=row.ward,
                seats_up=row.seats_up,
                gss=row.gss,
                electorate=row.electorate,
                cancelled=Cancellation(row.cancelled) if row.cancelled else None,
                candidacies=tuple(candidacies[row.ballot_id]),
            )
        )
    return contests


def _baselines(connection: Connection, slug: str) -> dict[str, dict[str, Baseline]]:
    """The baselines by council id and basis."""
    seats: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for row in _in_order(connection, BASELINE_SEATS, slug):
        seats[row.council_id, row.basis][row.party_id] = row.seats
    baselines: dict[str, dict[str, Baseline]] = defaultdict(dict)
    for row in _in_order(connection, BASELINE, slug):
        known_seats = seats[row.council_id, row.basis] if row.has_seats else None
        baselines[row.council_id][row.basis] = Baseline(row.basis, row.control, known_seats, row.note)
    return baselines
