"""What came last: the lines of the ticker, and the newest wards."""

from dataclasses import dataclass

from app.domain.contest import ContestResult
from app.domain.declarations import Entry
from app.domain.election import Convention, Election
from app.domain.night import Night
from app.domain.ticker import TICKER_LENGTH, LineKind, TickerLine
from app.wording import sentences
from app.wording.night import withdrawn
from app.wording.ticker import ticker_text

LATEST = 8
"""Wards shown as the latest."""

SAID_ALOUD = frozenset({LineKind.FLASH, LineKind.CONTROL, LineKind.UNDECIDED, LineKind.CORRECTION, LineKind.WITHDRAWAL})
"""The lines that a screen reader is told of as they come."""


@dataclass(frozen=True, slots=True)
class TickerItem:
    """A line of the ticker on the page; ``control`` is whose colour stands beside it, ``weight`` how loud it is.

    Element ids stay with their lines, so that focus does; ``order`` is greater the newer a line is.
    """

    element_id: str
    order: int
    line: TickerLine
    text: str
    control: str | None
    weight: str
    said_aloud: bool
    withdrawn: str | None


def ticker_items(night: Night, convention: Convention) -> list[TickerItem]:
    """The ticker of a convention, newest first."""
    items: list[TickerItem] = []
    for line in night.tickers[convention.key]:
        earlier = sum(item.line.seq == line.seq for item in items)
        items.append(
            TickerItem(
                element_id=f"line-{line.seq}-{earlier}",
                order=TICKER_LENGTH * line.seq - earlier,
                line=line,
                text=ticker_text(night.election_at(line.seq).among_all, line),
                control=_holder(night, line) if line.withdrawn_by is None else None,
                weight=_weight(night.election, line),
                said_aloud=line.kind in SAID_ALOUD,
                withdrawn=withdrawn(night.election, line),
            )
        )
    return items


def _weight(election: Election, line: TickerLine) -> str:
    """How much a line is looked for: ``loud`` is what changed hands, ``quiet`` are holds and seats among councils."""
    if line.kind is LineKind.FLASH:
        return "loud" if line.comparison is not None and line.comparison.gain is not None else "quiet"
    if line.kind is LineKind.GAIN:
        return "loud" if election.is_of_seats else "quiet"
    return "loud" if line.kind is LineKind.CONTROL else ""


def _holder(night: Night, line: TickerLine) -> str | None:
    """Who holds what a line tells of, a council or a seat; None where it tells of neither."""
    if line.kind in {LineKind.FLASH, LineKind.CONTROL}:
        council = night.councils.get(line.council_id or "")
        return council.holder if council is not None else None
    return line.holders.now if line.holders is not None else None


@dataclass(frozen=True, slots=True)
class LatestResult:
    """One of the newest ward declarations."""

    entry: Entry
    result: ContestResult
    council: str
    """Empty where there is one alone."""
    summary: str
    corrected: bool


def latest_results(night: Night) -> list[LatestResult]:
    """The newest ward declarations, newest first."""
    election, is_alone = night.election, night.election.only_council is not None
    return [
        LatestResult(
            entry=entry,
            result=(result := night.result(entry.ballot_id)),
            council="" if is_alone else election.council(result.contest.council_id).name,
            summary=(sentences.contest_won if is_alone else sentences.contest_summary)(election.among_all, result),
            corrected=any(revision.seq >= entry.seq for revision in result.revisions),
        )
        for entry in night.latest[:LATEST]
        if entry.ballot_id is not None
    ]
