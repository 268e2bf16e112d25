"""The tables of a party's page: its sums by region, where it leads, what moved, what was close, who is out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.council import CouncilState
from app.domain.election import Convention
from app.domain.night import Night
from app.domain.party_night import PartyNight, PartySums, most_moved
from app.domain.rankings import Ranked, Ranking, RankingQuery, first_rows
from app.pages.addresses import council_url, ranking_url, to_watch_url
from app.pages.rankings.columns import FIGURE, PLACE, TEXT, RankingCell, RankingColumns
from app.wording.figures import sentence, signed
from app.wording.party_night import all_of, change_told, covers_told, leading_told, whole_night

MOST = 5
"""Rows of what is ranked; none of those that are equal to the last is left out."""

MOST_OUT = 10


@dataclass(frozen=True, slots=True)
class TableHead:
    """Of a column: what it says, how it is set, and the heading of what stands below in its cells, if anything does."""

    heading: str
    kind: str = TEXT
    below: str = ""


@dataclass(frozen=True, slots=True)
class PartyTable:
    """A table under a heading; ``more`` leads to all of it, and ``told`` says so."""

    heading: str
    columns: Sequence[TableHead]
    rows: Sequence[Sequence[RankingCell]]
    more: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class PartyTables:
    """Those of a party's night, whose links keep the convention."""

    night: Night
    convention: Convention
    party: PartyNight

    def sums(self) -> PartyTable:
        """Seats and councils: all of them, and by region."""
        words, of_seats = self.night.election.words, self.night.election.is_of_seats
        figures = [sentence(words.seats), "Change"]
        figures += [] if of_seats else [sentence(words.bodies), "Gained", "Held", "Lost"]
        named = [(whole_night(self.night), self.party.sums), *self.party.regions.items()]
        columns = [TableHead("Region" if self.party.regions else "Where"), *(TableHead(it, FIGURE) for it in figures)]
        return PartyTable("", columns, [self._sums_row(name, sums, of_seats=of_seats) for name, sums in named])

    def _sums_row(self, name: str, sums: PartySums, *, of_seats: bool) -> list[RankingCell]:
        change = RankingCell(change_told(sums), below=covers_told(sums))
        row = [RankingCell(name), RankingCell(f"{sums.tally.seats:,}"), change]
        if of_seats:
            return row
        hands = (len(councils) for councils in (sums.hands.gained, sums.hands.held, sums.hands.lost))
        return [*row, *(RankingCell(f"{number:,}") for number in (sums.tally.councils, *hands))]

    def all(self) -> Iterator[PartyTable]:
        """The others, in order, as far as they have rows."""
        found = (*self._councils(), *self._moved(), *self._close(), self._out())
        yield from (it for it in found if it.rows)

    def _councils(self) -> Iterator[PartyTable]:
        words, group = self.night.election.words, self.party.group
        columns = [TableHead(sentence(words.body)), TableHead(sentence(words.seats))]
        leads = ("Leads, undecided", self.party.leads, to_watch_url(self.night.election, self.convention))
        largest = (f"Most {words.seats}, no overall control", self.party.largest, "")
        for heading, states, more in (leads, largest):
            told = [(it, leading_told(self.night.election, it, group)) for it in states]
            rows = [[self._council(it), RankingCell(text)] for it, text in told]
            yield PartyTable(heading, columns, rows, more, f"All {words.bodies} to watch")

    def _moved(self) -> Iterator[PartyTable]:
        words, gains = self.night.election.words, Ranking.GAINS
        columns = [TableHead(sentence(words.body)), TableHead("Change", FIGURE)]
        gained, lost = ([it for it in self.party.moved if (it.change > 0) is side] for side in (True, False))
        for heading, moved in ((f"Most {words.seats} gained", gained), (f"Most {words.seats} lost", lost[::-1])):
            rows = [[self._council(it.state), RankingCell(signed(it.change))] for it in most_moved(moved, MOST)]
            more = self._ranking(gains) if moved is gained and len(rows) < len(moved) else ""
            yield PartyTable(heading, columns, rows, more, all_of(len(moved)))

    def _close(self) -> Iterator[PartyTable]:
        for heading, rows in (("Closest wins", self.party.wins), ("Closest losses", self.party.losses)):
            shown = first_rows(rows, MOST)
            more = self._ranking(Ranking.CLOSEST) if len(shown) < len(rows) else ""
            yield self._ranked(heading, Ranking.CLOSEST, shown, more, "Closest, won and lost")

    def _out(self) -> PartyTable:
        out = self.party.out
        more = self._ranking(Ranking.OUT) if len(out) > MOST_OUT else ""
        return self._ranked("Who is out", Ranking.OUT, out[:MOST_OUT], more, all_of(len(out)))

    def _ranked(self, heading: str, ranking: Ranking, rows: Sequence[Ranked], more: str, told: str) -> PartyTable:
        """As in the ranking, without places: those are of all that it has."""
        of_ranking = RankingColumns(self.night.election, ranking, self.convention).all()
        columns = [it for it in of_ranking if it.kind != PLACE]
        heads = [TableHead(it.heading, it.kind, it.below) for it in columns]
        return PartyTable(heading, heads, [[it.cell(row) for it in columns] for row in rows], more, told)

    def _council(self, state: CouncilState) -> RankingCell:
        election = self.night.election
        return RankingCell(state.council.name, council_url(election, state.council_id, self.convention))

    def _ranking(self, ranking: Ranking) -> str:
        query = RankingQuery(party=self.party.group)
        return ranking_url(self.night.election, ranking, self.convention, query)
