"""What has happened since an entry of the log: what a reader has missed who was away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.contest import PUT_OFF, Beaten, ContestResult, ContestState
from app.domain.decisions import Decision
from app.domain.declarations import Entry, SubjectRecord
from app.domain.highlights import leaders_out, results_of
from app.domain.night import Night
from app.domain.series import ScoreChange, point_at


@dataclass(frozen=True)
class News:
    """From entry ``since`` on, that left out, up to the newest of a night.

    ``contests`` and ``seats`` (by reporting group) say how much more there is than then, less where it was withdrawn;
    ``by_elections`` does so of those that stand beside the councils of the night. Decisions are newest first: ``flips``
    and ``holds`` of since then, and those told earlier that hold no more; of single offices, too. ``put_off`` and
    ``recounts`` are contests of which that was told since then and is still so, ``tallies`` counts councils whose
    standing tally was. ``entries`` counts all, whatever they say.
    """

    since: int
    entries: int
    contests: int
    by_elections: int
    seats: Mapping[str, int]
    flips: tuple[Decision, ...]
    holds: tuple[Decision, ...]
    undone: tuple[Decision, ...]
    leaders: tuple[Beaten, ...]
    put_off: tuple[ContestResult, ...]
    recounts: tuple[ContestResult, ...]
    tallies: int
    revisions: tuple[Entry, ...]

    @property
    def standing_flips(self) -> int:
        """How many of the changes of control still hold."""
        return sum(it.holds for it in self.flips)


def news_since(
    night: Night, convention: str, since: int, changes: Sequence[ScoreChange], entries: Iterable[Entry]
) -> News:
    """What ``night`` tells that was not told at entry ``since``; ``changes`` and ``entries`` are all of its log."""
    then, now = point_at(changes, since), point_at(changes, night.seq)
    seats = {group: score.seats - then.of(group).seats for group, score in now.scores.items()}
    decisions = _decisions(night, convention)
    new = [it for it in decisions if it.seq > since]
    told = [entry for entry in entries if entry.seq > since]
    said = [it for it in results_of(night.councils.values()) if it.status is not None and it.status.seq > since]
    return News(
        since=since,
        entries=len(told),
        contests=now.contests_in - then.contests_in,
        by_elections=_by_elections(night, since),
        seats={group: number for group, number in seats.items() if number},
        flips=tuple(it for it in new if it.is_flip),
        holds=tuple(it for it in new if not it.is_flip and it.holds),
        undone=tuple(it for it in decisions if it.seq <= since and it.undone_by and it.undone_by.seq > since),
        leaders=tuple(it for it in leaders_out(night.councils.values()) if it.seq > since),
        put_off=tuple(it for it in said if it.state in PUT_OFF),
        recounts=tuple(it for it in said if it.state is ContestState.RECOUNT),
        tallies=sum(it.tally is not None and it.tally.seq > since for it in night.councils.values()),
        revisions=tuple(it for it in told if it.is_revision),
    )


def _decisions(night: Night, convention: str) -> list[Decision]:
    """Those about councils and single offices; in an election of seats those about seats."""
    found = night.decisions[convention]
    if night.election.is_of_seats:
        return [it for it in found if it.ballot_id is not None]
    return [it for it in found if it.ballot_id is None and not it.state.council.stands_apart]


def _by_elections(night: Night, since: int) -> int:
    """How many more stand declared than at ``since``, of those beside the councils of the night."""
    if not night.progress.councils_total:
        return 0  # They are what the night is made of, and counted as its contests.
    results = list(results_of(state for state in night.councils.values() if state.council.stands_apart))
    then = (SubjectRecord(tuple(it for it in result.history if it.seq <= since)).standing for result in results)
    return sum(it.entry is not None for it in results) - sum(entry is not None for entry in then)
