"""What is known before the first declaration: the election, its councils, contests and candidacies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.domain.errors import (
    SeveralGroups,
    UnknownBallot,
    UnknownConvention,
    UnknownCouncil,
    UnknownGroup,
    UnknownParty,
)

NO_OVERALL_CONTROL = "NOC"
"""The value of control when nobody has a majority. It stands where a party id could stand."""

NO_CONTROL_COLOUR = "#6b7280"
"""Where a party's colour could stand."""

BY_ELECTION_ID = ".by."
"""Stands in the ballot id of every by-election, as Democracy Club makes them."""

LATER_POLL = timedelta(days=2)
"""After polling day, and after it was told: every count of the day is over then, and a result is that of another."""

INDEPENDENTS = "ynmp-party:2"
"""Democracy Club’s party id of everybody who stands for no party."""


class Cycle(StrEnum):
    """Which share of a council is elected at once."""

    ALL = "all"
    THIRDS = "thirds"
    HALVES = "halves"
    BY = "by"
    """By-elections alone: it stands apart from the councils of the night (rule 16)."""
    SINGLE = "single"
    """A mayor or commissioner: one seat, for which one person is elected."""


class VotingSystem(StrEnum):
    """How votes become winners (rule 18)."""

    PLURALITY = "plurality"
    STV = "stv"
    """Single transferable vote: votes are first preferences, and the winners are named, never derived from them."""


class Cancellation(StrEnum):
    """Why a contest has no poll: the codes of EveryElection, and POSTPONED for any other reason."""

    NO_CANDIDATES = "NO_CANDIDATES"
    EQUAL_CANDIDATES = "EQUAL_CANDIDATES"
    UNDER_CONTESTED = "UNDER_CONTESTED"
    CANDIDATE_DEATH = "CANDIDATE_DEATH"
    POSTPONED = "POSTPONED"

    @property
    def leads_to_a_later_poll(self) -> bool:
        """Whether there will be a poll for these seats, though not tonight."""
        return self in {Cancellation.CANDIDATE_DEATH, Cancellation.POSTPONED}


UNCONTESTED = frozenset({Cancellation.EQUAL_CANDIDATES, Cancellation.UNDER_CONTESTED})
"""No more candidates than seats: all of them are elected without a poll."""


@dataclass(frozen=True, slots=True)
class Party:
    """A registered party (or the independents), and the party it is reported under.

    An ``umbrella`` is a collection in a published source, such as “others”: it has seats and cannot control (rule 19).
    """

    party_id: str
    name: str
    short: str
    colour: str
    group: str | None = None
    umbrella: bool = False


@dataclass(frozen=True, slots=True)
class Candidacy:
    """A person standing for a party in one contest.

    ``note`` is shown and means nothing. Of a ``role``, such as council leader, it is told when its bearer loses.
    ``defends``: sits for this ward now, so that who is not elected loses a seat.
    """

    candidacy_id: str
    name: str
    party_id: str
    description: str = ""
    note: str = ""
    role: str = ""
    defends: bool = False


@dataclass(frozen=True)
class Contest:
    """One ward's vote for ``seats_up`` seats. ``candidacies`` is empty where the nominations are unknown.

    ``holder`` are the parties that won the seats last time, a party id for each seat; empty where that is not known.
    ``expected_at`` is when its own declaration is expected, where that is not when its council's is.
    """

    ballot_id: str
    council_id: str
    ward: str
    seats_up: int
    gss: str = ""
    electorate: int | None = None
    cancelled: Cancellation | None = None
    candidacies: tuple[Candidacy, ...] = ()
    voting_system: VotingSystem = VotingSystem.PLURALITY
    holder: tuple[str, ...] = ()
    expected_at: datetime | None = None
    label: str = ""

    @property
    def by_election(self) -> bool:
        return BY_ELECTION_ID in self.ballot_id

    @property
    def name(self) -> str:
        """The ward and what tells its polls apart: ``St George's``, ``St George's by-election``."""
        label = self.label or ("by-election" if self.by_election else "")
        return f"{self.ward} {label}" if label else self.ward

    @property
    def is_stv(self) -> bool:
        return self.voting_system is VotingSystem.STV

    @property
    def votes_on_a_paper(self) -> int:
        """The most votes that one ballot paper adds to those declared: of preferences the first one alone."""
        return 1 if self.is_stv else self.seats_up

    @cached_property
    def candidacies_by_id(self) -> Mapping[str, Candidacy]:
        return {candidacy.candidacy_id: candidacy for candidacy in self.candidacies}

    @property
    def has_nominations(self) -> bool:
        return bool(self.candidacies)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What tonight is compared with: seats by reporting group, and who controlled. Either may be unknown."""

    basis: str
    control: str | None = None
    seats: Mapping[str, int] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ControlSpell:
    """A council was controlled by ``control`` (a reporting group or NOC) from ``since`` on."""

    since: str
    control: str


class Square(NamedTuple):
    """A council's place on the tile map: columns count from the left, rows from the top; only the distances matter."""

    column: int
    row: int


@dataclass(frozen=True)
class Council:
    """The body being controlled. ``continuing`` are the seats not up tonight, by reporting group.

    ``created`` is the year it began, and ``square`` where it stands on the tile map, where that is known; ``aliases``
    are what else people look for it by.
    """

    council_id: str
    name: str
    total_seats: int
    contests: tuple[Contest, ...]
    gss: str = ""
    kind: str = ""
    region: str = ""
    cycle: Cycle = Cycle.ALL
    boundary_change: bool = False
    expected_at: datetime | None = None
    note: str = ""
    continuing: Mapping[str, int] = field(default_factory=dict)
    baselines: Mapping[str, Baseline] = field(default_factory=dict)
    history: tuple[ControlSpell, ...] = ()
    created: int | None = None
    square: Square | None = None
    aliases: tuple[str, ...] = ()

    @property
    def stands_apart(self) -> bool:
        """Not one of the councils of the night: nothing but by-elections is up (rule 16)."""
        return self.cycle is Cycle.BY

    @property
    def is_single(self) -> bool:
        """One office, such as a mayor's: who is elected matters, and not who has a majority."""
        return self.cycle is Cycle.SINGLE

    @cached_property
    def is_known_whole(self) -> bool:
        """Whether its other seats are on file: by-elections are often loaded without them, and decide nothing then."""
        return not self.stands_apart or bool(self.continuing_seats)

    @property
    def has_chamber(self) -> bool:
        """Whether its seats make a picture: not those of one office, nor of a council that is not on file."""
        return not self.is_single and self.is_known_whole

    @cached_property
    def elects_one_a_contest(self) -> bool:
        """Every contest is for one seat, as in a parliament: a seat is a place that changes hands.

        Of a single office, and of by-elections beside nothing else, it is so as well; the office is told as a whole.
        """
        return not self.is_single and all(contest.seats_up == 1 for contest in self.contests)

    @cached_property
    def outline(self) -> str:
        """A digest of how the council and its contests are called, and of how many seats each has."""
        contests = [(it.ballot_id, it.name, it.gss, it.seats_up, it.cancelled) for it in self.contests]
        described = (self.name, self.kind, self.region, self.cycle, self.total_seats, self.gss, self.seats_up)
        return sha256(repr((described, contests)).encode()).hexdigest()

    @cached_property
    def parties(self) -> frozenset[str]:
        """The ids of all that stand, sit, sat or controlled here."""
        found = {candidacy.party_id for contest in self.contests for candidacy in contest.candidacies}
        found.update(*(contest.holder for contest in self.contests), self.continuing)
        for baseline in self.baselines.values():
            found.update(baseline.seats or (), [baseline.control or NO_OVERALL_CONTROL])
        found.update(spell.control for spell in self.history)
        return frozenset(found - {NO_OVERALL_CONTROL})

    @cached_property
    def contests_by_id(self) -> Mapping[str, Contest]:
        return {contest.ballot_id: contest for contest in self.contests}

    @cached_property
    def continuing_seats(self) -> int:
        return sum(self.continuing.values())

    @cached_property
    def seats_up(self) -> int:
        return sum(contest.seats_up for contest in self.contests)

    @cached_property
    def long_vacant(self) -> int:
        """Seats that are neither continuing nor up tonight."""
        return self.total_seats - self.continuing_seats - self.seats_up


@dataclass(frozen=True, slots=True)
class Convention:
    """A house's way to compare: for control and for seats, the first basis a council has is the one used."""

    key: str
    label: str
    control: tuple[str, ...]
    seats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What an election calls its bodies, contests and seats: one and several of each, as inside a sentence.

    What is said of an election is said in them. Names of fields, kinds and addresses are the same in every election.
    """

    body: str = "council"
    bodies: str = "councils"
    contest: str = "ward"
    contests: str = "wards"
    seat: str = "seat"
    seats: str = "seats"


@dataclass(frozen=True, slots=True)
class CitedSource:
    """Where figures of an election are from."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """How the data of an election are cited; empty is what nobody has said. ``licence`` is such as ``CC-BY-4.0``."""

    publisher: str = ""
    publisher_url: str = ""
    licence: str = ""
    licence_url: str = ""
    sources: tuple[CitedSource, ...] = ()


@dataclass(frozen=True)
class Election:
    """All contests on one polling date. ``convention`` is the key of the default one.

    ``is_among_all``: it is told in lists of many councils, see :attr:`among_all`.
    """

    slug: str
    election_id: str
    name: str
    polling_date: date
    timezone: str
    convention: str
    conventions: Mapping[str, Convention]
    parties: Mapping[str, Party]
    councils: Mapping[str, Council]
    words: Words = Words()
    polls_close: time = time(22)
    """Of the polling day, in its zone."""
    citation: Citation = Citation()
    is_among_all: bool = False

    @cached_property
    def among_all(self) -> "Election":
        """The same for lists of many councils, where no ``short`` is that of several parties of the night."""
        return self if self.is_among_all else replace(self, is_among_all=True)

    @cached_property
    def polls_closed_at(self) -> datetime:
        return datetime.combine(self.polling_date, self.polls_close, self.zone)

    def later_poll_from(self, put_off: datetime | None) -> datetime:
        """When a poll can have been held after all that was ``put_off`` at that time, or by the nominations (None)."""
        told = self.polling_date if put_off is None else put_off.astimezone(self.zone).date()
        return datetime.combine(max(told, self.polling_date) + LATER_POLL, time(), self.zone)

    @cached_property
    def umbrellas(self) -> frozenset[str]:
        """The reporting groups that cannot control (rule 19)."""
        return frozenset(group for group in self.groups if self.parties[group].umbrella)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def contests(self) -> Mapping[str, Contest]:
        """Every contest, by ballot id."""
        return {contest.ballot_id: contest for council in self.councils.values() for contest in council.contests}

    @cached_property
    def only_council(self) -> Council | None:
        """The one body that the election is about, such as a parliament; None where there are several.

        By-elections alone are about none, and a single office has no seats to count.
        """
        if len(self.councils) != 1:
            return None
        only = next(iter(self.councils.values()))
        return None if only.stands_apart or only.is_single else only

    @cached_property
    def is_of_offices(self) -> bool:
        """Whether single offices, such as mayors, are all that it is about, by-elections apart."""
        return all(council.is_single for council in self.councils.values() if not council.stands_apart)

    @cached_property
    def is_of_seats(self) -> bool:
        """Whether what changes hands in it are seats: those of one body alone, or by-elections and nothing else."""
        return self.only_council is not None or all(council.stands_apart for council in self.councils.values())

    @cached_property
    def added_up(self) -> int:
        """How many councils the scoreboards of the night add up."""
        return sum(not it.stands_apart and self.adds_up(it) for it in self.councils.values())

    def adds_up(self, council: Council) -> bool:
        """Whether ``council`` is one of those that scoreboards add up: not an office among councils."""
        return not council.is_single or self.is_of_offices

    @cached_property
    def outline(self) -> str:
        """A digest of how the election, its conventions and its parties are called."""
        parties = [(party.party_id, self.short(party.party_id), party.colour) for party in self.parties.values()]
        described = (self.name, self.polling_date, self.timezone, self.words, self.conventions, parties)
        return sha256(repr(described).encode()).hexdigest()

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Every reporting group, in the order of the party file."""
        return tuple(dict.fromkeys(self._group_by_party.values()))

    @cached_property
    def groups_present(self) -> frozenset[str]:
        """The reporting groups that stand a candidate or have continuing seats."""
        standing = {candidacy.party_id for contest in self.contests.values() for candidacy in contest.candidacies}
        sitting = {party for council in self.councils.values() for party, seats in council.continuing.items() if seats}
        return frozenset(map(self.group, standing | sitting))

    @cached_property
    def _group_by_party(self) -> Mapping[str, str]:
        ends: dict[str, str] = {}
        for party_id in self.parties:
            _follow_groups(party_id, self.parties, ends)
        return {party_id: ends[party_id] for party_id in self.parties}

    def council(self, council_id: str) -> Council:
        try:
            return self.councils[council_id]
        except KeyError:
            raise UnknownCouncil(council_id, self.words.body) from None

    def contest(self, ballot_id: str) -> Contest:
        try:
            return self.contests[ballot_id]
        except KeyError:
            raise UnknownBallot(ballot_id) from None

    def party(self, party_id: str) -> Party:
        try:
            return self.parties[party_id]
        except KeyError:
            raise UnknownParty(party_id) from None

    def group(self, party_id: str) -> str:
        """The party id under which ``party_id`` is reported: itself where it has no group (rule 5)."""
        try:
            return self._group_by_party[party_id]
        except KeyError:
            raise UnknownParty(party_id) from None

    def group_asked_for(self, party: str) -> str:
        """The reporting group that ``party``, an id or the name of one alone, asks for; else empty."""
        if party in self.parties:
            return self.group(party)
        called = self.called.get(party, ())
        return called[0] if len(called) == 1 else ""

    def group_named(self, party: str) -> str:
        """The same; raises UnknownGroup where there is none such, SeveralGroups where more than one is called so."""
        group = self.group_asked_for(party)
        if not group and party in self.called:
            raise SeveralGroups(party, {it: self.parties[it].name for it in self.called[party]})
        if not group:
            raise UnknownGroup(party)
        return group

    def short(self, control: str) -> str:
        """What a party id, or NOC, is called: by its short name, and by its whole one where that is not its alone."""
        if control == NO_OVERALL_CONTROL:
            return control
        party = self.party(control)
        return party.name if self.group(control) in self.told_by_name else party.short

    @cached_property
    def told_by_name(self) -> frozenset[str]:
        """The reporting groups that have, in some council, the short name of one before them in the party file.

        Among all those who share theirs with anybody: that stands for none of them, but for independents.
        """
        if self.is_among_all:
            return frozenset(it for it in self.groups if self.called[self.parties[it].short] != (it,))
        found: set[str] = set()
        for council in self.councils.values():
            called: set[str] = set()
            present = {self.group(party_id) for party_id in council.parties}
            for group in (it for it in self.groups if it in present):
                short = self.parties[group].short
                found.update({group} if short in called else ())
                called.add(short)
        return frozenset(found)

    @cached_property
    def called(self) -> Mapping[str, tuple[str, ...]]:
        """By short name, and by whole one, the reporting groups that are called so: of those that are present, if any.

        Whoever stands for no party is meant by a short name before any party that has it, too (rule 5).
        """
        found: dict[str, dict[str, bool]] = {}
        for group in self.groups:
            for name in (self.parties[group].short, self.parties[group].name):
                found.setdefault(name, {})[group] = group in self.groups_present
        return {
            name: (INDEPENDENTS,)
            if INDEPENDENTS in groups
            else tuple(group for group, present in groups.items() if present or not any(groups.values()))
            for name, groups in found.items()
        }

    def grouped(self, seats: Mapping[str, int]) -> dict[str, int]:
        """Seats by party id, summed by reporting group; groups without a seat are left out."""
        summed: dict[str, int] = {}
        for party_id, number in seats.items():
            if number:
                group = self.group(party_id)
                summed[group] = summed.get(group, 0) + number
        return summed

    def chosen_convention(self, key: str | None) -> Convention:
        """The convention named, or the election's default one."""
        try:
            return self.conventions[self.convention if key is None else key]
        except KeyError:
            raise UnknownConvention(str(key), tuple(self.conventions)) from None


def check_sound(election: Election) -> None:
    """Raises, whatever it is, where ``election`` names what it does not have, or a time that is none anywhere.

    A bundle is refused for less; but a database may be changed behind everybody's back, and what comes of that later
    would be taken for the fault of an entry.
    """
    election.chosen_convention(None)
    zone = election.zone
    for council in election.councils.values():
        _check_moment(council.expected_at, zone, council.council_id)
        for baseline in council.baselines.values():
            election.short(baseline.control or NO_OVERALL_CONTROL)
            election.grouped(baseline.seats or {})
        for spell in council.history:
            election.short(spell.control)
        election.grouped(council.continuing)
    for contest in election.contests.values():
        for candidacy in contest.candidacies:
            election.group(candidacy.party_id)
        for party_id in contest.holder:
            election.group(party_id)
        _check_moment(contest.expected_at, zone, contest.ballot_id)


def _check_moment(expected_at: datetime | None, zone: ZoneInfo, identifier: str) -> None:
    if expected_at is not None:
        expected_at.astimezone(zone)
        if expected_at.tzinfo is None:
            raise ValueError(f"{identifier} is expected at a time without an offset")


def _follow_groups(party_id: str, parties: Mapping[str, Party], ends: dict[str, str]) -> None:
    """Adds to ``ends`` where the chain of groups leads from ``party_id`` and from each party on the way.

    A bundle with a cycle in it is refused when it is read.
    """
    way = [party_id]
    while way[-1] not in ends and (group := parties[way[-1]].group) not in (None, way[-1]):
        assert group is not None
        way.append(group)
    end = ends.get(way[-1], way[-1])
    ends.update(dict.fromkeys(way, end))


def shared_zone(timezones: Iterable[str]) -> ZoneInfo:
    """The zone that times about several elections are told in: the one that all of them have, else UTC."""
    different = set(timezones)
    return ZoneInfo(different.pop() if len(different) == 1 else "UTC")
