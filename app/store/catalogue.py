"""Elections as they were loaded: written whole, read whole, in the order of their files; and what they were before."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, time
from functools import cache
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, Table, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from app.domain.election import (
    Baseline,
    Cancellation,
    Candidacy,
    Citation,
    CitedSource,
    Contest,
    ControlSpell,
    Convention,
    Council,
    Cycle,
    Election,
    Party,
    Square,
    VotingSystem,
    Words,
)
from app.domain.errors import UnknownElection, UnreadableCatalogue
from app.store.tables import (
    BASELINE,
    BASELINE_SEATS,
    CANDIDACY,
    CATALOGUE_VERSION,
    CONTEST,
    CONTINUING_SEATS,
    CONTROL_HISTORY,
    CONVENTION,
    COUNCIL,
    COUNCIL_ALIAS,
    ELECTION,
    ELECTION_CITATION,
    ELECTION_HOURS,
    ELECTION_WORDS,
    HEAD,
    PARTY,
    SQUARE,
)
from app.store.times import kept_time

_PARTS: tuple[Table, ...] = (
    ELECTION_WORDS,
    ELECTION_HOURS,
    ELECTION_CITATION,
    CONVENTION,
    PARTY,
    COUNCIL,
    COUNCIL_ALIAS,
    CONTEST,
    CANDIDACY,
    BASELINE,
    BASELINE_SEATS,
    CONTINUING_SEATS,
    CONTROL_HISTORY,
    SQUARE,
)
"""The tables of the catalogue below ``election``, each after those it refers to."""

ROWS_AT_ONCE = 2_000
"""PostgreSQL has to answer each statement in time, and all candidacies of a country take it longer than that."""

_Columns = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ElectionListed:
    """An election in the list of those there are."""

    slug: str
    election_id: str
    name: str
    polling_date: date
    epoch: str


def opening_election(connection: Connection, slug: str) -> Election:
    """The election as it was before the first entry of its log; UnknownElection, UnreadableCatalogue."""
    kept = select(CATALOGUE_VERSION.c.content).where(CATALOGUE_VERSION.c.slug == slug)
    contents = list(connection.scalars(kept.order_by(CATALOGUE_VERSION.c.since_seq).limit(2)))
    if len(contents) < 2:
        # It is still the newest.
        return load_election(connection, slug)
    try:
        return election_in(contents[0])
    except ValueError as error:
        raise UnreadableCatalogue(slug, f"{type(error).__name__}: {error}") from error


def keep_version(connection: Connection, election: Election, since_seq: int) -> str:
    """Keeps ``election`` as what is in force from the entry ``since_seq`` on; the digest of what is kept."""
    content = content_of(election)
    of_it = (CATALOGUE_VERSION.c.slug == election.slug, CATALOGUE_VERSION.c.since_seq == since_seq)
    connection.execute(delete(CATALOGUE_VERSION).where(*of_it))
    row = {"slug": election.slug, "since_seq": since_seq, "content": content}
    connection.execute(insert(CATALOGUE_VERSION), row)
    return content_digest(content)


def is_as_kept(connection: Connection, slug: str) -> bool:
    """Whether what the tables hold can be read, and is the newest that is kept, if any is; UnknownElection."""
    kept = _newest_kept(connection, slug)
    try:
        stored = load_election(connection, slug)
    except UnreadableCatalogue:
        return False
    return kept is None or election_in(kept) == stored


def newest_election(connection: Connection, slug: str) -> Election:
    """The newest as it is kept, whatever the tables hold, if one is; UnknownElection, UnreadableCatalogue."""
    kept = _newest_kept(connection, slug)
    return load_election(connection, slug) if kept is None else election_in(kept)


def _newest_kept(connection: Connection, slug: str) -> str | None:
    kept = select(CATALOGUE_VERSION.c.content).where(CATALOGUE_VERSION.c.slug == slug)
    return connection.scalar(kept.order_by(CATALOGUE_VERSION.c.since_seq.desc()).limit(1))


def has_versions(connection: Connection, slug: str) -> bool:
    """Whether it is kept what opened the log."""
    statement = select(CATALOGUE_VERSION.c.since_seq).where(CATALOGUE_VERSION.c.slug == slug)
    return connection.execute(statement.limit(1)).first() is not None


def content_of(election: Election) -> str:
    """``election`` as it is kept: one line of JSON, in ASCII."""
    return json.dumps(_readable().dump_python(election, mode="json"), separators=(",", ":"))


def content_digest(content: str) -> str:
    """SHA-256, in hexadecimal, of a catalogue as it is kept."""
    return sha256(content.encode()).hexdigest()


def election_in(content: str) -> Election:
    """The election that was kept as ``content``; ValueError."""
    return _readable().validate_json(content)


@cache
def _readable() -> TypeAdapter[Election]:
    return TypeAdapter(Election)


def load_election(connection: Connection, slug: str) -> Election:
    """The newest, as it was saved, every mapping in the order of the files; UnknownElection, UnreadableCatalogue."""
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
            row.party_id: Party(row.party_id, row.name, row.short, row.colour, row.group_id, bool(row.umbrella))
            for row in _in_order(connection, PARTY, slug)
        },
        councils=_councils(connection, slug),
        words=_words(connection, slug),
        **_hours(connection, slug),
        citation=_citation(connection, slug),
    )


def _hours(connection: Connection, slug: str) -> dict[str, Any]:
    row = connection.execute(select(ELECTION_HOURS).where(ELECTION_HOURS.c.slug == slug)).one_or_none()
    return {"polls_close": time.fromisoformat(row.polls_close)} if row is not None else {}


def _citation(connection: Connection, slug: str) -> Citation:
    row = connection.execute(select(ELECTION_CITATION).where(ELECTION_CITATION.c.slug == slug)).one_or_none()
    if row is None:
        return Citation()
    sources = tuple(CitedSource(title, url) for title, url in json.loads(row.sources))
    return Citation(row.publisher, row.publisher_url, row.licence, row.licence_url, sources)


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


def write_election(connection: Connection, election: Election, digest: str) -> None:
    """Writes ``election``, read from files with this ``digest``, in the place of what is there of it."""
    columns = _top_columns(election, digest)
    changed = connection.execute(update(ELECTION).where(ELECTION.c.slug == election.slug).values(columns))
    if changed.rowcount == 0:
        connection.execute(insert(ELECTION), {"slug": election.slug, **columns})
    for table in reversed(_PARTS):
        connection.execute(delete(table).where(table.c.slug == election.slug))
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
    yield ELECTION_HOURS, {"polls_close": f"{election.polls_close:%H:%M}"}
    sources = json.dumps([(source.title, source.url) for source in election.citation.sources])
    yield ELECTION_CITATION, {**asdict(election.citation), "sources": sources}
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
                "umbrella": int(party.umbrella),
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
                "created": council.created,
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
                "voting_system": contest.voting_system.value,
                "held_by": json.dumps(contest.holder),
                "expected_at": contest.expected_at.isoformat() if contest.expected_at else None,
                "label": contest.label,
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
    for position, alias in enumerate(council.aliases):
        yield COUNCIL_ALIAS, {"position": position, "alias": alias}
    if council.square is not None:
        yield SQUARE, council.square._asdict()


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
    aliases: dict[str, list[str]] = defaultdict(list)
    for row in _in_order(connection, COUNCIL_ALIAS, slug):
        aliases[row.council_id].append(row.alias)
    squares = {
        row.council_id: Square(row.column, row.row)
        for row in connection.execute(select(SQUARE).where(SQUARE.c.slug == slug))
    }
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
            created=row.created,
            continuing=continuing[row.council_id],
            baselines=baselines[row.council_id],
            history=tuple(history[row.council_id]),
            square=squares.get(row.council_id),
            aliases=tuple(aliases[row.council_id]),
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
                voting_system=VotingSystem(row.voting_system),
                holder=tuple(json.loads(row.held_by)),
                expected_at=kept_time(row.expected_at),
                label=row.label,
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
