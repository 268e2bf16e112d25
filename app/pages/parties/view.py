"""The pages of parties: the list of them, each with its night, and the same in short as a widget."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from app.addresses import API_PARTY, API_RANKING_CSV, FEED
from app.domain.election import NO_OVERALL_CONTROL, Convention
from app.domain.night import Night
from app.domain.party_night import PartyNight, party_night
from app.domain.rankings import Ranking, RankingQuery
from app.domain.scoreboard import NO_TALLY
from app.pages.addresses import all_parties_url, chosen, party_url, ranking_query, ranking_url
from app.pages.drawn import DRAWN
from app.pages.embed.heights import MOST_CHANGES
from app.pages.embed.widget import WidgetFrame
from app.pages.environment import rendering
from app.pages.flips.items import decision_items
from app.pages.frame import PageFrame
from app.pages.overview.scoreboard import scoreboard_rows
from app.pages.parties.tables import PartyTables
from app.process.turns import Steps
from app.wording.as_at import final_day
from app.wording.figures import together
from app.wording.party_night import party_sentences, tally_told, told_alone

WIDGET = "party-widget"
"""The element id of what a widget of a party shows."""


def parties_page(
    environment: Environment, night: Night, convention: Convention, fragments: Mapping[str, str], frame: PageFrame
) -> Steps[str]:
    """The list: as on the scoreboard, then whoever stands beside these; ``fragments`` are those of the dashboard."""
    election = night.election
    scored = [row.group for row in scoreboard_rows(night, convention) if row.group != NO_OVERALL_CONTROL]
    groups = dict.fromkeys([*scored, *(it for it in election.groups if it in election.groups_present)])
    tallies = (night.scoreboards if night.added_up() else night.scoreboards_apart)[convention.key].rows
    values = {
        "frame": frame,
        "election": election,
        "convention": convention,
        "conventions": [(it, all_parties_url(election, it)) for it in election.conventions.values()],
        "parties": [
            (election.party(it), tally_told(night, tallies.get(it, NO_TALLY)), party_url(election, it, convention))
            for it in groups
        ],
        "drawn": Markup(fragments[DRAWN]),
    }
    return (yield from rendering(environment, "parties/index.html", values))


def party_page(
    environment: Environment,
    night: Night,
    convention: Convention,
    fragments: Mapping[str, str],
    frame: PageFrame,
    party: PartyNight,
) -> Steps[str]:
    """The page of a reporting group; ``fragments`` are those of the dashboard."""
    election, slug, group = night.election, night.election.slug, party.group
    query = RankingQuery(party=group)
    asked = ranking_query(election, convention, query)
    tables = PartyTables(night, convention, party)
    both, at = _of_both(night, convention, party), frame.as_at.at if frame.as_at is not None else None
    values = {
        **both,
        "frame": frame,
        "copied": [told_alone(night, group, told, at) for told in both["sentences"]],
        "sums": tables.sums(),
        "tables": list(tables.all()),
        "elected": party.elected,
        "elected_csv": API_RANKING_CSV.to(slug=slug, ranking=Ranking.ELECTED) + asked,
        "elected_page": ranking_url(election, Ranking.ELECTED, convention, query),
        "all_parties": all_parties_url(election, convention),
        "conventions": [(it, party_url(election, group, it)) for it in election.conventions.values()],
        "json": API_PARTY.to(slug=slug, party=group) + chosen(election, convention),
        "feed": f"{FEED.to(slug=slug)}?party={group}",
        "drawn": Markup(fragments[DRAWN]),
    }
    yield
    return (yield from rendering(environment, "parties/page.html", values))


def party_widget(
    environment: Environment, night: Night, convention: Convention, frame: WidgetFrame, group: str
) -> Steps[str]:
    """The same in short: its sentences, and what it gained and lost. It is not pushed, and asks for itself."""
    party = yield from party_night(night, group, convention.key)
    values = {
        **_of_both(night, convention, party),
        "most": MOST_CHANGES,
        "frame": replace(frame, fragments=(WIDGET,)),
        "widget": WIDGET,
        "final": final_day(night.election, night.councils.values()),
    }
    return (yield from rendering(environment, "embed/party.html", values))


def _of_both(night: Night, convention: Convention, party: PartyNight) -> dict[str, Any]:
    """What page and widget show alike."""
    sentences = party_sentences(night, party)
    return {
        "election": night.election,
        "convention": convention,
        "party": night.election.party(party.group),
        "sentences": sentences,
        "all": together(sentences),
        "gained": decision_items(night, convention, party.gained),
        "lost": decision_items(night, convention, party.lost),
    }
