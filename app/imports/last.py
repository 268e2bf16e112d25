"""What last time's bundle knows of this time: how councils are made up, who won each ward, who controlled."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.bundles.reading import NIGHT, Bundle, read_bundle
from app.bundles.remarks import IN_PART
from app.bundles.tables import BundleError, Fault
from app.domain.contest import ContestResult
from app.domain.council import CouncilState
from app.domain.declarations import Entry, declaration_from
from app.domain.election import NO_OVERALL_CONTROL, Contest, Council, Cycle, Election
from app.domain.errors import DomainError
from app.domain.night import Night
from app.imports.polls import Poll

BASIS = "last"
TERM = 4
"""Years that a councillor sits: those elected so long ago, or a multiple of it, are those whose seats are up."""


def is_in_part(council: Council) -> bool:
    """Whether an import has only the seats that were up, and nobody has filled in the others."""
    return council.note == IN_PART


@dataclass(frozen=True)
class LastTime:
    """An election and how it ended; ``day`` is when its polls were."""

    night: Night
    wards: Mapping[str, ContestResult]
    """By the ballot's id without its date, and by the ward's GSS code; not by-elections."""

    @property
    def election(self) -> Election:
        return self.night.election

    @property
    def day(self) -> date:
        return self.election.polling_date

    def council(self, council_id: str) -> Council | None:
        return self.election.councils.get(council_id)

    def holder(self, poll: Poll, seats_up: int) -> tuple[str, ...]:
        """The party of each seat of ``poll``, as it was won last time; empty where that is not sure.

        That is where another ward had the name, where it had another number of seats, and where the seats that were
        up then are others of the ward's than those that are up now.
        """
        result = self.wards.get(_without_date(poll.ballot_id, by_election=poll.is_by_election))
        result = result or self.wards.get(poll.gss)
        if result is None or (poll.gss and result.contest.gss and poll.gss != result.contest.gss):
            return ()
        council = self.election.councils[result.contest.council_id]
        all_were_up = not council.continuing_seats and not is_in_part(council)
        if not all_were_up and (poll.is_by_election or (poll.polled_on.year - self.day.year) % TERM):
            return ()
        winners = tuple(it.candidacy.party_id for it in result.elected)
        if result.contest.seats_up != seats_up or len(winners) != seats_up:
            return ()
        return winners

    def outcome(self, council_id: str) -> CouncilState | None:
        """The council once all had been declared; None where not all was, or where it is not known whole."""
        state = self.night.councils.get(council_id)
        if state is None or not state.is_complete or not state.council.is_known_whole:
            return None
        return None if state.council.is_single or is_in_part(state.council) else state

    def history(self, council_id: str) -> Iterator[tuple[str, str]]:
        """From which day on who controlled it, the outcome of that election with it."""
        council, outcome = self.council(council_id), self.outcome(council_id)
        control = NO_OVERALL_CONTROL
        for spell in council.history if council else ():
            control = spell.control
            yield spell.since, control
        if outcome is not None and outcome.holder and council and council.history and outcome.holder != control:
            yield self.day.isoformat(), outcome.holder


def read_last(folder: Path) -> LastTime:
    """The bundle in ``folder`` with its night told to the end. Raises BundleError."""
    bundle = read_bundle(folder)
    try:
        night = Night.before_first(bundle.election).fold(_entries(bundle))
    except (DomainError, KeyError, TypeError, ValueError) as error:
        # What a server never took: read_bundle looks at kinds, times and ids alone.
        told = f"cannot be told to its end ({type(error).__name__}: {error})"
        raise BundleError(
            [Fault(str(folder / NIGHT), None, told, "replay it once, and mend what is refused")]
        ) from None
    wards: dict[str, ContestResult] = {}
    for state in night.councils.values():
        for result in state.contests.values():
            if result.is_decided and not result.contest.by_election and state.council.cycle is not Cycle.BY:
                wards.update({key: result for key in _keys(result.contest) if key})
    return LastTime(night, wards)


def _keys(contest: Contest) -> tuple[str, str]:
    return _without_date(contest.ballot_id), contest.gss


def _without_date(ballot_id: str, *, by_election: bool = False) -> str:
    named = ballot_id.rpartition(".")[0]
    return named.removesuffix(".by") if by_election else named


def _entries(bundle: Bundle) -> Iterator[Entry]:
    """The night of ``bundle`` as a log of its own."""
    ids: dict[int, tuple[str, str | None, str | None]] = {}
    for seq, body in enumerate(bundle.night or (), start=1):
        kind, council_id, ballot_id = body["kind"], body.get("council_id"), body.get("ballot_id")
        if (replaces := _replaced(body)) in ids:
            kind, council_id, ballot_id = ids[replaces]
        contest = bundle.election.contests.get(ballot_id or "")
        council_id = contest.council_id if contest else council_id
        ids[seq] = kind, council_id, ballot_id
        declaration = declaration_from(body, about=kind, council_id=council_id, ballot_id=ballot_id)
        at = datetime.fromisoformat(str(body["at"]))
        yield Entry(seq, at, declaration, council_id=council_id, ballot_id=ballot_id)


def _replaced(body: Mapping[str, Any]) -> int:
    replaces = body.get("replaces")
    return replaces if isinstance(replaces, int) else 0
