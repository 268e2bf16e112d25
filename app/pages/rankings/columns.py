"""The columns of rankings: their headings, and what stands in each for a row."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.election import Convention, Election
from app.domain.rankings import Ranked, Ranking
from app.pages.addresses import contest_url, council_url, party_url
from app.pages.past import at_moment
from app.wording.figures import NO_FIGURE, sentence
from app.wording.rankings import figure_told, out_told, people_told, place_told, seats_told, votes_told_of

PLACE, FIGURE, TEXT = "place", "figure", "text"
"""How a column is set."""


@dataclass(frozen=True, slots=True)
class RankingCell:
    """What stands in a column, and where that leads; ``below`` it, more quietly, what belongs to it."""

    text: str
    address: str = ""
    below: str = ""
    below_address: str = ""


@dataclass(frozen=True, slots=True)
class RankingColumn:
    """A column, the heading of what stands below in its cells (empty: nothing does), and what makes the cells."""

    heading: str
    cell: Callable[[Ranked], RankingCell]
    kind: str = TEXT
    below: str = ""


@dataclass(frozen=True, slots=True)
class RankingColumns:
    """Those of a ranking of an election, whose links keep the convention."""

    election: Election
    ranking: Ranking
    convention: Convention

    def all(self) -> list[RankingColumn]:
        """In order, the entry that made each row so at their end."""
        words = self.election.words
        ward = RankingColumn(sentence(words.contest), self._ward, below=sentence(words.body))
        place = RankingColumn("Place", lambda row: RankingCell(place_told(row)), PLACE)
        entry = RankingColumn("Entry", self._entry, FIGURE)
        match self.ranking:
            case Ranking.CLOSEST | Ranking.SAFEST:
                between = RankingColumn("Last elected", self._between, below="Next")
                return [place, ward, RankingColumn("Margin", self._figure, FIGURE), between, entry]
            case Ranking.HIGHEST_TURNOUT | Ranking.LOWEST_TURNOUT:
                elected = RankingColumn("Elected", lambda row: RankingCell(seats_told(self.election, row)))
                return [place, ward, RankingColumn("Turnout", self._figure, FIGURE), elected, entry]
            case Ranking.GAINS:
                council, party = RankingColumn(sentence(words.body), self._council), RankingColumn("Party", self._party)
                return [place, council, party, RankingColumn("Gained", self._figure, FIGURE), entry]
            case Ranking.OUT:
                what = RankingColumn("What", lambda row: RankingCell(out_told(self.election, row)))
                return [RankingColumn("Candidate", self._person), ward, what, entry]
            case Ranking.ELECTED:
                votes = RankingColumn("Votes", lambda row: RankingCell(votes_told_of(row)), FIGURE)
                return [RankingColumn("Elected", self._person), ward, votes, entry]

    def _ward(self, row: Ranked) -> RankingCell:
        assert row.result is not None
        contest = row.result.contest
        council = self._council(row)
        return RankingCell(
            contest.name,
            contest_url(self.election, contest.ballot_id, self.convention),
            council.text,
            council.address,
        )

    def _council(self, row: Ranked) -> RankingCell:
        return RankingCell(row.state.council.name, council_url(self.election, row.state.council_id, self.convention))

    def _party(self, row: Ranked) -> RankingCell:
        (group,) = row.groups
        return RankingCell(self.election.party(group).name, party_url(self.election, group, self.convention))

    def _person(self, row: Ranked) -> RankingCell:
        return RankingCell(people_told(self.election, row, row.candidates))

    def _between(self, row: Ranked) -> RankingCell:
        """The last who were elected, and those who came next."""
        won, behind = (people_told(self.election, row, it) for it in (row.candidates, row.behind))
        return RankingCell(won, below=behind)

    def _figure(self, row: Ranked) -> RankingCell:
        return RankingCell(figure_told(row, self.ranking))

    def _entry(self, row: Ranked) -> RankingCell:
        """Leads to how it stood then."""
        if not row.seq:
            return RankingCell(NO_FIGURE)
        about = self._council(row) if row.result is None else self._ward(row)
        return RankingCell(f"{row.seq:,}", at_moment(about.address, row.seq))


def copied(columns: list[RankingColumn], rows: list[list[RankingCell]]) -> str:
    """The table as a spreadsheet takes it from the clipboard: lines of cells with tabs between them."""
    heads = [text for it in columns for text in (it.heading, it.below) if text]
    lines = [
        [
            text
            for column, cell in zip(columns, row, strict=True)
            for text in ((cell.text, cell.below) if column.below else (cell.text,))
        ]
        for row in rows
    ]
    return "\n".join("\t".join(line) for line in (heads, *lines))
