"""What has happened since an entry of the log: what a reader has missed who was away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.contest import Beaten
from app.domain.decisions import Decision
from app.domain.declarations import Entry
from app.domain.highlights import leaders_out, of_the_night
from app.domain.night import Night
from app.domain.series import ScoreChange, point_at


@dataclass(frozen=True)
class News:
    """From entry ``since`` on, that left out, up to the newest of a night.

    ``contests`` and ``seats`` (by reporting group) say how much more there is than then, less where it was withdrawn.
    Decisions are newest first: ``flips`` and ``holds`` of since then, and those told earlier that hold no more.
    """

    since: int
    contests: int
    seats: Mapping[str, int]
    flips: tuple[Decision, ...]
    holds: tuple[Decision, ...]
    undone: tuple[Decision, ...]
    leaders: tuple[Beaten, ...]
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
    decisions = of_the_night(night, night.decisions[convention])
    new = [it for it in decisions if it.seq > since]
    return News(
        since=since,
        contests=now.contests_in - then.contests_in,
        seats={group: number for group, number in seats.items() if number},
        flips=tuple(it for it in new if it.is_flip),
        holds=tuple(it for it in new if not it.is_flip and it.holds),
        undone=tuple(it for it in decisions if it.seq <= since and it.undone_by and it.undone_by.seq > since),
        leaders=tuple(it for it in leaders_out(night.councils.values()) if it.seq > since),
        revisions=tuple(it for it in entries if it.seq > since and it.is_revision),
    )
