"""An election as it was loaded: its councils, contests and candidacies, and what tonight is compared with."""

from typing import Annotated

from sqlmodel import Field

from app.store.tables.rows import (
    Key,
    MaybeNumber,
    MaybeWords,
    Number,
    StoredRow,
    Words,
    check,
    one_of,
    refers_to,
    strict,
    table_of,
)


class ElectionRow(StoredRow, table=True):
    """An election. ``digest`` is that of the files it was loaded from, ``convention`` the key of the default one."""

    __tablename__ = "election"
    __table_args__ = strict(check("slug", "length(slug) > 0"))

    slug: Key
    election_id: Words
    name: Words
    polling_date: Words
    timezone: Words
    convention: Words
    digest: Words


class ElectionWordsRow(StoredRow, table=True):
    """What an election calls its bodies, contests and seats; no row where it was loaded before there were any."""

    __tablename__ = "election_words"
    __table_args__ = strict(refers_to("election", "slug"))

    slug: Key
    body: Words
    bodies: Words
    contest: Words
    contests: Words
    seat: Words
    seats: Words


class ElectionHoursRow(StoredRow, table=True):
    """When the polls close, such as 22:00; no row where it was loaded before that was asked."""

    __tablename__ = "election_hours"
    __table_args__ = strict(refers_to("election", "slug"))

    slug: Key
    polls_close: Words


class ElectionCitationRow(StoredRow, table=True):
    """How the data of an election are cited; ``sources`` is a JSON list of titles with their addresses.

    No row where it was loaded before that was asked.
    """

    __tablename__ = "election_citation"
    __table_args__ = strict(refers_to("election", "slug"))

    slug: Key
    publisher: Words
    publisher_url: Words
    licence: Words
    licence_url: Words
    sources: Words


class ConventionRow(StoredRow, table=True):
    """A house's way to compare; ``control`` and ``seats`` are JSON lists of bases, the preferred one first."""

    __tablename__ = "convention"
    __table_args__ = strict(refers_to("election", "slug"))

    slug: Key
    key: Key
    position: Number
    label: Words
    control: Words
    seats: Words


class PartyRow(StoredRow, table=True):
    """A party; ``group_id`` is the party it is reported under, if not itself."""

    __tablename__ = "party"
    __table_args__ = strict(refers_to("election", "slug"), check("umbrella", "umbrella IN (0, 1)"))

    slug: Key
    party_id: Key
    position: Number
    name: Words
    short: Words
    colour: Words
    group_id: MaybeWords
    umbrella: Number


class CouncilRow(StoredRow, table=True):
    """A council. ``expected_at`` is an ISO time with its offset."""

    __tablename__ = "council"
    __table_args__ = strict(
        refers_to("election", "slug"),
        one_of("cycle", "all", "thirds", "halves", "by", "single"),
        check("total_seats", "total_seats > 0"),
        check("boundary_change", "boundary_change IN (0, 1)"),
    )

    slug: Key
    council_id: Key
    position: Number
    name: Words
    gss: Words
    kind: Words
    region: Words
    cycle: Words
    total_seats: Number
    boundary_change: Number
    expected_at: MaybeWords
    note: Words
    created: MaybeNumber


class CouncilAliasRow(StoredRow, table=True):
    """What else a council is found by."""

    __tablename__ = "council_alias"
    __table_args__ = strict(refers_to("council", "slug", "council_id"))

    slug: Key
    council_id: Key
    position: Annotated[int, Field(primary_key=True)]
    alias: Words


class ContestRow(StoredRow, table=True):
    """One ward's vote; ``position`` counts within its council. ``held_by`` is a JSON list of party ids.

    ``expected_at`` is an ISO time with its offset.
    """

    __tablename__ = "contest"
    __table_args__ = strict(
        refers_to("council", "slug", "council_id"),
        check("seats_up", "seats_up > 0"),
        check("electorate", "electorate >= 0"),
        one_of("cancelled", "NO_CANDIDATES", "EQUAL_CANDIDATES", "UNDER_CONTESTED", "CANDIDATE_DEATH", "POSTPONED"),
        one_of("voting_system", "plurality", "stv"),
    )

    slug: Key
    ballot_id: Key
    council_id: Words
    position: Number
    ward: Words
    gss: Words
    seats_up: Number
    electorate: MaybeNumber
    cancelled: MaybeWords
    voting_system: Words
    held_by: Words
    expected_at: MaybeWords
    label: Words


class CandidacyRow(StoredRow, table=True):
    """A person standing; ``position`` counts within the contest."""

    __tablename__ = "candidacy"
    __table_args__ = strict(
        refers_to("contest", "slug", "ballot_id"),
        refers_to("party", "slug", "party_id"),
        check("defends", "defends IN (0, 1)"),
    )

    slug: Key
    ballot_id: Key
    candidacy_id: Key
    position: Number
    name: Words
    party_id: Words
    description: Words
    note: Words
    role: Words
    defends: Number


class PostcodeDistrictRow(StoredRow, table=True):
    """The postcodes of a district: a line for each contest, its ballot id and the units, with spaces between them."""

    __tablename__ = "postcode_district"
    __table_args__ = strict(refers_to("election", "slug"))

    slug: Key
    district: Key
    units: Words


class BaselineRow(StoredRow, table=True):
    """What tonight is compared with: ``control`` is null where unknown, ``has_seats`` 0 where the seats are."""

    __tablename__ = "baseline"
    __table_args__ = strict(refers_to("council", "slug", "council_id"), check("has_seats", "has_seats IN (0, 1)"))

    slug: Key
    council_id: Key
    basis: Key
    position: Number
    control: MaybeWords
    has_seats: Number
    note: Words


class BaselineSeatsRow(StoredRow, table=True):
    """The seats of one party in a baseline."""

    __tablename__ = "baseline_seats"
    __table_args__ = strict(
        refers_to("baseline", "slug", "council_id", "basis"),
        refers_to("party", "slug", "party_id"),
        check("seats", "seats >= 0"),
    )

    slug: Key
    council_id: Key
    basis: Key
    party_id: Key
    position: Number
    seats: Number


class ContinuingSeatsRow(StoredRow, table=True):
    """The seats of one party that are not up tonight."""

    __tablename__ = "continuing_seats"
    __table_args__ = strict(
        refers_to("council", "slug", "council_id"),
        refers_to("party", "slug", "party_id"),
        check("seats", "seats >= 0"),
    )

    slug: Key
    council_id: Key
    party_id: Key
    position: Number
    seats: Number


class ControlSpellRow(StoredRow, table=True):
    """Who controlled a council from ``since`` on."""

    __tablename__ = "control_history"
    __table_args__ = strict(refers_to("council", "slug", "council_id"))

    slug: Key
    council_id: Key
    position: Annotated[int, Field(primary_key=True)]
    since: Words
    control: Words


class SquareRow(StoredRow, table=True):
    """Where a council stands on the tile map; no row where its bundle does not say."""

    __tablename__ = "square"
    __table_args__ = strict(refers_to("council", "slug", "council_id"))

    slug: Key
    council_id: Key
    column: Number
    row: Number


ELECTION = table_of(ElectionRow)
ELECTION_WORDS = table_of(ElectionWordsRow)
ELECTION_HOURS = table_of(ElectionHoursRow)
ELECTION_CITATION = table_of(ElectionCitationRow)
CONVENTION = table_of(ConventionRow)
PARTY = table_of(PartyRow)
COUNCIL = table_of(CouncilRow)
COUNCIL_ALIAS = table_of(CouncilAliasRow)
CONTEST = table_of(ContestRow)
CANDIDACY = table_of(CandidacyRow)
POSTCODE_DISTRICT = table_of(PostcodeDistrictRow)
BASELINE = table_of(BaselineRow)
BASELINE_SEATS = table_of(BaselineSeatsRow)
CONTINUING_SEATS = table_of(ContinuingSeatsRow)
CONTROL_HISTORY = table_of(ControlSpellRow)
SQUARE = table_of(SquareRow)
