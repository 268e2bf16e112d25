"""The page of the night in time: a sentence of the moment, the chart, a table that says the same, and every change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from jinja2 import Environment
from markupsafe import Markup

from app.addresses import API_SERIES, API_SERIES_CSV
from app.domain.election import Convention, Election
from app.domain.highlights import standing_flips
from app.domain.night import Night
from app.domain.series import Point, ScoreChange, evenly, point_at, points
from app.pages.addresses import chosen, election_url, over_time_url
from app.pages.drawn import DRAWN
from app.pages.environment import rendering
from app.pages.flips.items import decision_items
from app.pages.frame import PageFrame
from app.pages.over_time.chart import HEIGHT, By, Chart, Of, chart_of, lines_of, usual_axis
from app.pages.past import Moments, at_moment
from app.process.turns import Steps, collected
from app.wording.figures import clock_briefly, sentence
from app.wording.flips import no_change
from app.wording.moments import chart_described, chart_title

OVER_TIME_FRAGMENTS = ("over-time", DRAWN)
"""What of the page changes as the night goes on: element ids."""

MOST_POINTS = 240
"""Of a line: about one for every four pixels."""


class ChartAsked(NamedTuple):
    """``of`` seats or ``councils``, ``by`` time or ``entries``, as a query says; anything else asks for nothing."""

    of: str = ""
    by: str = ""


USUAL_CHART = ChartAsked()


@dataclass(frozen=True, slots=True)
class TableRow:
    """What stood at a tick of the axis, or at last: after entry ``seq``, with a figure for each line."""

    when: str
    seq: int
    contests_in: int
    figures: tuple[int, ...]


def over_time_page(
    environment: Environment,
    night: Night,
    convention: Convention,
    changes: Sequence[ScoreChange],
    fragments: Mapping[str, str],
    frame: PageFrame,
    *,
    told: str,
    asked: ChartAsked = USUAL_CHART,
) -> Steps[str]:
    """The page, with the chart that is ``asked`` for; ``changes`` are those up to ``night``.

    ``told`` is its moment in a sentence, ``fragments`` are those of the dashboard.
    """
    election, of = night.election, _of(night.election, asked.of)
    by = By(asked.by) if asked.by in set(By) else usual_axis(changes)
    flips = standing_flips(night, convention.key)
    shown = yield from collected(points(changes, evenly(len(changes), MOST_POINTS)))
    chart = chart_of(election, changes, shown, flips, of=of, by=by)
    yield
    rows = yield from _rows(changes, chart, of, _called(election, point_at(changes, night.seq), by))
    choices = _choices(election, convention, {"of": of, "by": by}) if frame.static_page is None else ()
    values = {
        "frame": frame,
        "election": election,
        "convention": convention,
        "told": told,
        "seq": night.seq,
        **_chart_values(election, chart, of),
        **_table_values(election, chart, rows, "Time" if by is By.TIME else "Entry"),
        "flips": flips,
        "items": {it.decision.subject: it for it in decision_items(night, convention, flips)},
        "no_change": no_change(election),
        "choices": list(choices),
        **_links(night, convention, frame),
        "moments": Moments.of(night, over_time_url(election, convention), convention),
        "drawn": Markup(fragments[DRAWN]),
    }
    return (yield from rendering(environment, "over_time/page.html", values))


def _chart_values(election: Election, chart: Chart, of: Of) -> dict[str, Any]:
    latest, of_councils = {line.name: line.latest for line in chart.lines}, of is Of.COUNCILS
    return {
        "chart": chart,
        "height": HEIGHT,
        "title": chart_title(election, of_councils=of_councils),
        "described": chart_described(election, latest, of_councils=of_councils),
    }


def _table_values(election: Election, chart: Chart, rows: Sequence[TableRow], across: str) -> dict[str, Any]:
    """The table beside the chart, ``across`` being what its first column is called."""
    names = [line.name for line in chart.lines]
    return {"rows": rows, "names": names, "across": across, "copied": _copied(election, across, names, rows)}


def _links(night: Night, convention: Convention, frame: PageFrame) -> dict[str, Any]:
    election, slug = night.election, night.election.slug
    return {
        "link": _link(night, frame),
        "moment_url": lambda seq: over_time_url(election, convention, at=seq),
        "overview_then": at_moment(election_url(election, convention), night.seq),
        "csv": API_SERIES_CSV.to(slug=slug) + chosen(election, convention),
        "json": API_SERIES.to(slug=slug) + chosen(election, convention),
    }


def _link(night: Night, frame: PageFrame) -> str:
    """The absolute address of this moment."""
    if frame.share is None:
        return ""
    return (
        frame.share.url
        if frame.past is not None
        else f"{frame.share.url}{'&' if '?' in frame.share.url else '?'}at={night.seq}"
    )


def _of(election: Election, asked: str) -> Of:
    return Of.COUNCILS if asked == Of.COUNCILS and election.only_council is None else Of.SEATS


def _called(election: Election, point: Point, by: By) -> str:
    """As the axis would call it."""
    return clock_briefly(election, point.at) if by is By.TIME and point.at is not None else f"{point.seq:,}"


def _rows(changes: Sequence[ScoreChange], chart: Chart, of: Of, newest: str) -> Steps[list[TableRow]]:
    """What stood at each tick, and at last, which is called ``newest``."""
    last = len(changes) - 1
    places = {*(place for _, place in chart.moments), last}
    found = dict(zip(sorted(places), (yield from collected(points(changes, places))), strict=True))
    figures = lines_of(found[last], of).values()
    moments = [*chart.moments, *([(newest, last)] if newest not in dict(chart.moments) else [])]
    return [
        TableRow(when, found[place].seq, found[place].contests_in, tuple(figure(found[place]) for figure in figures))
        for when, place in moments
    ]


def _copied(election: Election, across: str, names: Sequence[str], rows: Sequence[TableRow]) -> str:
    """The table for the clipboard: tabs between its cells."""
    heading = [across, f"{sentence(election.words.contests)} declared", *names]
    lines = [
        heading,
        *([row.when, *(f"{figure:,}" for figure in (row.contests_in, *row.figures))] for row in rows),
    ]
    return "\n".join("\t".join(line) for line in lines)


def _choices(
    election: Election, convention: Convention, query: Mapping[str, str]
) -> Iterator[tuple[str, list[tuple[str, str, bool]]]]:
    """What the page can be of, and by: the name of a choice, and for each its words, address and whether it is so."""
    if len(election.conventions) > 1:
        houses = election.conventions.values()
        of_house = [(it.label.split(":")[0], over_time_url(election, it, **query), it is convention) for it in houses]
        yield "Changes measured as", of_house
    ofs = {Of.SEATS: sentence(election.words.seats), Of.COUNCILS: sentence(election.words.bodies)}
    bys = {By.TIME: "By the clock", By.ENTRIES: "By entries"}
    for label, name, offered in (("Lines", "of", ofs), ("Across", "by", bys)):
        if name == "by" or election.only_council is None:
            yield (
                label,
                [
                    (words, over_time_url(election, convention, **{**query, name: key}), key == query[name])
                    for key, words in offered.items()
                ],
            )
