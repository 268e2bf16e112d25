"""The figures on a share card: as many as there is room for, the rest summed up as others."""

from dataclasses import dataclass, replace

from app.domain.council import Comparison, CouncilState
from app.domain.election import NO_CONTROL_COLOUR, NO_OVERALL_CONTROL, Convention, Election
from app.domain.night import Night
from app.domain.party_night import PartyNight
from app.domain.scoreboard import NO_TALLY, Scoreboard
from app.pages.colours import PartyColours, colours_of
from app.pages.overview.scoreboard import ScoreboardRow, scoreboard_rows
from app.wording.figures import NO_FIGURE, sentence, signed

OTHERS = "Others"
OTHERS_COLOUR = "#b4b7bc"


@dataclass(frozen=True, slots=True)
class Figure:
    """A party on a council's card; ``told`` is its change, or how many more seats it needs."""

    short: str
    colours: PartyColours
    seats: str
    told: str


@dataclass(frozen=True, slots=True)
class CardRow:
    """A line of the scoreboard on the night's card, every figure as it reads."""

    short: str
    name: str
    colours: PartyColours
    councils: str
    councils_change: str
    seats: str
    seats_change: str
    is_noc: bool = False


def council_figures(election: Election, state: CouncilState, comparison: Comparison, most: int) -> list[Figure]:
    """At most ``most``: who has seats, had some, or can still win; who has none gives way first."""
    change = comparison.change
    groups = list(dict.fromkeys([*state.seats, *(change or {}), *state.needs]))
    counting = [group for group in groups if state.seats.get(group) or (change or {}).get(group)]
    shown = groups[:most] if len(counting) <= most else counting[: most - 1]
    others = [group for group in counting if group not in shown]
    figures = [
        Figure(
            election.short(group),
            colours_of(election.party(group).colour),
            str(state.seats.get(group, 0)),
            _told(state, comparison, group),
        )
        for group in shown
    ]
    if others:
        told = signed(sum((change or {}).get(group, 0) for group in others)) if change is not None else ""
        seats = sum(state.seats.get(group, 0) for group in others)
        figures.append(Figure(OTHERS, colours_of(OTHERS_COLOUR), str(seats), told))
    return figures


def _told(state: CouncilState, comparison: Comparison, group: str) -> str:
    if comparison.change is not None:
        return signed(comparison.change.get(group, 0))
    needed = state.needs.get(group)
    return f"needs {needed}" if needed is not None else ""


def party_figures(night: Night, party: PartyNight) -> list[Figure]:
    """Its seats with their change where that is of all of them, and where councils change hands those."""
    words, sums = night.election.words, party.sums
    colours = colours_of(night.election.party(party.group).colour)
    change = signed(sums.change) if sums.is_of_all and sums.change is not None else ""
    figures = [Figure(sentence(words.seats), colours, f"{sums.tally.seats:,}", change)]
    if night.election.is_of_seats:
        return figures
    hands = (("Gained", sums.hands.gained), ("Held", sums.hands.held), ("Lost", sums.hands.lost))
    return [
        *figures,
        Figure(sentence(words.bodies), colours, f"{sums.tally.councils:,}", ""),
        *(Figure(name, colours, f"{len(councils):,}", "") for name, councils in hands),
    ]


def night_rows(night: Night, convention: Convention, most: int) -> list[CardRow]:
    """The scoreboard in at most ``most`` rows, that of NOC always among them: right behind who controls.

    Where there are by-elections alone, they have the seats, and nobody a council.
    """
    if not night.progress.councils_total:
        return _rows_of_by_elections(night, convention, most)
    election, scoreboard = night.election, night.scoreboards[convention.key]
    rows = scoreboard_rows(night, convention)
    parties, noc = [row for row in rows if not row.is_noc], next(row for row in rows if row.is_noc)
    counting = [row for row in parties if row.councils or row.seats or row.councils_change or row.seats_change]
    if len(counting) <= most - 1:
        # Before anything is in, the parties that are always on the board.
        shown, others = (counting or parties)[: most - 1], []
    else:
        # Who has many seats is missed, whoever has one council.
        most_seats = sorted(counting, key=lambda row: -row.seats)[: most - 2]
        shown, others = ([row for row in counting if (row in most_seats) is side] for side in (True, False))
    in_order = [*(row for row in shown if row.councils), noc, *(row for row in shown if not row.councils)]
    drawn = [_row(_of_the_same(row, scoreboard), _colours(election, row)) for row in in_order]
    if others:
        summed = _summed([_of_the_same(row, scoreboard) for row in others])
        drawn.append(_row(summed, colours_of(OTHERS_COLOUR)))
    return drawn


def _colours(election: Election, row: ScoreboardRow) -> PartyColours:
    return colours_of(NO_CONTROL_COLOUR if row.is_noc else election.party(row.group).colour)


def _of_the_same(row: ScoreboardRow, scoreboard: Scoreboard) -> ScoreboardRow:
    """``row`` with the changes that are of the same councils as the number beside them, and no other."""
    tally = scoreboard.rows.get(row.group, NO_TALLY)
    is_control = scoreboard.compared_control == sum(it.councils for it in scoreboard.rows.values())
    are_seats = tally.seats == tally.seats_compared and (tally.seats or tally.seats_change)
    return replace(
        row,
        councils_change=row.councils_change if is_control else None,
        seats_change=row.seats_change if are_seats else None,
    )


def _rows_of_by_elections(night: Night, convention: Convention, most: int) -> list[CardRow]:
    """Seats won in them, with the change where every one has a known holder."""
    scoreboard, election = night.scoreboards_apart[convention.key], night.election
    is_compared = scoreboard.compared_seats == night.progress_apart.contests_declared
    won = sorted(
        (item for item in scoreboard.rows.items() if item[1].seats or item[1].seats_change),
        key=lambda item: (-item[1].seats, -item[1].seats_change, item[0]),
    )
    return [
        CardRow(
            short=election.short(group),
            name=election.party(group).name,
            colours=colours_of(election.party(group).colour),
            councils="",
            councils_change="",
            seats=f"{tally.seats:,}",
            seats_change=signed(tally.seats_change) if is_compared else NO_FIGURE,
        )
        for group, tally in won[:most]
        if group != NO_OVERALL_CONTROL
    ]


def _row(row: ScoreboardRow, colours: PartyColours) -> CardRow:
    is_noc = row.group == NO_OVERALL_CONTROL
    return CardRow(
        short=row.called,
        name=row.name,
        colours=colours,
        councils=f"{row.councils:,}",
        councils_change=NO_FIGURE if row.councils_change is None else signed(row.councils_change),
        seats="" if is_noc else f"{row.seats:,}",
        seats_change="" if is_noc else NO_FIGURE if row.seats_change is None else signed(row.seats_change),
        is_noc=is_noc,
    )


def _summed(rows: list[ScoreboardRow]) -> ScoreboardRow:
    def summed(numbers: list[int | None]) -> int | None:
        known = [number for number in numbers if number is not None]
        return sum(known) if len(known) == len(numbers) else None

    return ScoreboardRow(
        group="",
        short=OTHERS,
        called=OTHERS,
        name=OTHERS,
        councils=sum(row.councils for row in rows),
        councils_change=summed([row.councils_change for row in rows]),
        seats=sum(row.seats for row in rows),
        seats_change=summed([row.seats_change for row in rows]),
    )
