"""A widget and its options: where it is, which page stands behind it, and what it is called."""

from dataclasses import dataclass
from urllib.parse import urlencode

from app.addresses import (
    CONTEST_WIDGET,
    COUNCIL_WIDGET,
    LINE_WIDGET,
    NUMBER_WIDGET,
    OVERVIEW_WIDGET,
    PARTY_WIDGET,
    SCOREBOARD_WIDGET,
    TICKER_WIDGET,
)
from app.domain.council import CouncilState
from app.domain.election import NO_OVERALL_CONTROL, Convention, Election
from app.domain.night import Night
from app.pages.addresses import contest_url, council_url, election_url, party_url
from app.pages.embed.colours import ArticleColours
from app.pages.embed.widget import Choice, Live, Show, Theme, WidgetPart
from app.pages.past import at_moment
from app.wording.numbers import Number

EVERY_COUNCIL = Choice()

OUR_COLOURS = ArticleColours()

PART_WIDGETS = {
    WidgetPart.SCOREBOARD: SCOREBOARD_WIDGET,
    WidgetPart.TICKER: TICKER_WIDGET,
    WidgetPart.LINE: LINE_WIDGET,
    WidgetPart.CONTEST: CONTEST_WIDGET,
    WidgetPart.NUMBER: NUMBER_WIDGET,
}
"""Where the widgets are that are not of all of a night, a council or a party."""


@dataclass(frozen=True, slots=True)
class Widget:
    """A widget and its options: that of a council, of a party, or without either that of the night."""

    election: Election
    convention: Convention
    council_id: str | None = None
    theme: Theme = Theme.AUTO
    live: Live = Live.AUTO
    choice: Choice = EVERY_COUNCIL
    at: int | None = None
    """After which entry it shows the night; None: as it stands."""
    show: Show = Show.ROWS
    """How that of the night shows its councils."""
    group: str = ""
    """Of which reporting group it is, where it is a party's; of a number NOC may be it, too."""
    part: WidgetPart = WidgetPart.ALL
    """What it shows of the night, of the council, or of the party."""
    ballot_id: str = ""
    """The contest, where it is of one: one of the council's."""
    number: Number = Number.CONTESTS_DECLARED
    """Which, where it is a number."""
    colours: ArticleColours = OUR_COLOURS

    @property
    def is_of_night(self) -> bool:
        """Whether it is the overview, which alone may show a choice of councils."""
        return self.council_id is None and not self.group and self.part is WidgetPart.ALL

    @property
    def is_of_party(self) -> bool:
        """Whether a party's page stands behind it; NOC has none."""
        return self.group not in {"", NO_OVERALL_CONTROL}

    @property
    def path(self) -> str:
        """``/embed/v1/kent-2023/council/medway?theme=dark``: of the options only those that are not the usual ones."""
        options = {
            "convention": self.convention.key if self.convention.key != self.election.convention else "",
            "party": self.group if self.part is WidgetPart.NUMBER else "",
            "region": self.choice.region,
            "councils": ",".join(self.choice.councils),
            "show": self.show.value if self.show is not Show.ROWS else "",
            "theme": self.theme.value if self.theme is not Theme.AUTO else "",
            "live": self.live.value if self.live is not Live.AUTO else "",
            **self.colours.query,
        }
        query = urlencode({name: value for name, value in options.items() if value}, safe=",:")
        return at_moment(f"{self._place}{'?' if query else ''}{query}", self.at)

    @property
    def _place(self) -> str:
        whole = PARTY_WIDGET if self.group else OVERVIEW_WIDGET if self.council_id is None else COUNCIL_WIDGET
        return PART_WIDGETS.get(self.part, whole).to(
            slug=self.election.slug,
            council_id=self.council_id or "",
            ballot_id=self.ballot_id,
            party=self.group,
            number=self.number,
        )

    def shown(self, night: Night) -> list[CouncilState]:
        """The councils that it is about: all of them, where it is a party's."""
        if self.council_id is not None:
            return [night.councils[self.council_id]]
        return self.choice.of(night.councils.values())

    @property
    def page_path(self) -> str:
        """The page that it leads to, as it stood then."""
        return at_moment(self.page_now, self.at)

    @property
    def page_now(self) -> str:
        """That page as it stands."""
        if self.ballot_id:
            return contest_url(self.election, self.ballot_id, self.convention)
        if self.is_of_party:
            return party_url(self.election, self.group, self.convention)
        if self.council_id is None:
            return election_url(self.election, self.convention)
        return council_url(self.election, self.council_id, self.convention)

    @property
    def title(self) -> str:
        """``Medway: Kent council elections 2023``."""
        name = self.election.name
        if self.ballot_id:
            council = self.election.council(self.election.contest(self.ballot_id).council_id).name
            return f"{self.election.contest(self.ballot_id).name}, {council}: {name}"
        if self.is_of_party:
            return f"{self.election.party(self.group).name}: {name}"
        subject = self.choice.region if self.council_id is None else self.election.council(self.council_id).name
        return f"{subject}: {name}" if subject else name
