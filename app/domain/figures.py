"""What is derived from the figures of contests: margin, turnout and share of several, since when (rules 20 and 21).

Swing is never derived: the votes of last time are not on file.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from app.domain.contest import PUT_OFF, CandidateResult, ContestResult, Turnout
from app.domain.election import ControlSpell


def margin(result: ContestResult) -> int | None:
    """Votes of the last winner less those of the best loser; 0 where a lot decided.

    None without a poll, where votes are not known, where everybody won, and where the votes do not say who won: those
    are first preferences, or somebody else was announced.
    """
    if result.contest.is_stv:
        return None
    won, lost = ([it.votes for it in result.candidates if bool(it.elected) is side] for side in (True, False))
    winners, losers = ([votes for votes in side if votes is not None] for side in (won, lost))
    if not winners or not losers or len(winners) + len(losers) < len(result.candidates):
        return None
    between = min(winners) - max(losers)
    return between if between >= 0 else None


class Between(NamedTuple):
    """Whose votes a margin is between: the last of those elected, and the best of those not."""

    won: tuple[CandidateResult, ...]
    behind: tuple[CandidateResult, ...]


def between(result: ContestResult) -> Between:
    """Of a contest that has a :func:`margin`: more than one where their votes are equal."""
    last = min(it.votes or 0 for it in result.elected)
    best = max(it.votes or 0 for it in result.candidates if not it.elected)
    won = tuple(it for it in result.elected if it.votes == last)
    return Between(won, tuple(it for it in result.candidates if not it.elected and it.votes == best))


class Covers(NamedTuple):
    """Of how many contests a figure is, and of how many there are."""

    contests: int
    of: int


@dataclass(frozen=True, slots=True)
class VoteSums:
    """Turnout and share of several contests, as the sums they are made of: whole numbers, which add up in any order.

    Turnout takes the contests of which papers and electorate are known, share those of which every vote is.
    """

    contests: int = 0
    with_papers: int = 0
    papers: int = 0
    electorate: int = 0
    with_votes: int = 0
    votes: Mapping[str, int] = field(default_factory=dict)
    """The figure of each reporting group: the votes of its best candidate in each contest (rule 9), of first
    preferences all of them (rule 18)."""
    of_preferences: int = 0
    """Contests among those with votes whose votes are first preferences."""
    put_off: int = 0
    """Contests that have no votes because their poll was put off: no figure of tonight could be of them."""

    @property
    def turnout(self) -> Turnout | None:
        return Turnout(100 * self.papers / self.electorate, counted=True) if self.electorate else None

    @property
    def turnout_covers(self) -> Covers:
        return Covers(self.with_papers, self.contests)

    @property
    def share(self) -> Mapping[str, float] | None:
        """Percentages by reporting group, the largest first, level ones by id; None where no votes are known."""
        total = sum(self.votes.values())
        ordered = sorted(self.votes.items(), key=lambda item: (-item[1], item[0]))
        return {group: 100 * votes / total for group, votes in ordered} if total else None

    @property
    def share_covers(self) -> Covers:
        return Covers(self.with_votes, self.contests)

    def moved(self, old: "VoteSums", new: "VoteSums") -> "VoteSums":
        """These sums with the part ``old`` taken out and ``new`` put in."""
        votes = {
            group: self.votes.get(group, 0) - old.votes.get(group, 0) + new.votes.get(group, 0)
            for group in {**self.votes, **new.votes}
        }
        return VoteSums(
            contests=self.contests - old.contests + new.contests,
            with_papers=self.with_papers - old.with_papers + new.with_papers,
            papers=self.papers - old.papers + new.papers,
            electorate=self.electorate - old.electorate + new.electorate,
            with_votes=self.with_votes - old.with_votes + new.with_votes,
            votes={group: number for group, number in votes.items() if number},
            of_preferences=self.of_preferences - old.of_preferences + new.of_preferences,
            put_off=self.put_off - old.put_off + new.put_off,
        )


NO_VOTES = VoteSums()


def vote_sums(results: Iterable[ContestResult]) -> VoteSums:
    """The sums of what ``results`` have."""
    contests = with_papers = papers = electorate = with_votes = of_preferences = put_off = 0
    votes: dict[str, int] = {}
    for result in results:
        contests += 1
        put_off += result.state in PUT_OFF
        if result.turnout is not None and result.turnout.counted and result.declaration is not None:
            with_papers += 1
            papers += result.declaration.papers or 0
            electorate += result.contest.electorate or 0
        with_votes += bool(result.shares)
        of_preferences += bool(result.shares) and result.contest.is_stv
        for share in result.shares:
            votes[share.group] = votes.get(share.group, 0) + (share.votes if result.contest.is_stv else share.best)
    voted_for = {group: number for group, number in votes.items() if number}
    return VoteSums(contests, with_papers, papers, electorate, with_votes, voted_for, of_preferences, put_off)


class Reckoning(StrEnum):
    """What the year of a :class:`FirstSince` is."""

    SINCE = "since"
    """In which it was held last."""
    AT_LEAST = "at-least"
    """Of the oldest thing on file: nobody knows here whether it was held before."""
    EVER = "ever"
    """Of the council's creation: it never was held before."""


@dataclass(frozen=True, slots=True)
class FirstSince:
    """Since when nobody, or not this party, controlled as it does now."""

    control: str
    """A reporting group or NOC."""
    year: int
    reckoning: Reckoning


def first_since(history: Sequence[ControlSpell], created: int | None, control: str | None) -> FirstSince | None:
    """How long ago ``control`` was last seen in a council's ``history`` (oldest first; rule 21).

    None while control is undecided, without a history, and where the newest spell goes on. “First ever” takes a history
    that begins in the year in which the council was ``created``.
    """
    if control is None or not history or history[-1].control == control:
        return None
    ended = [after for spell, after in pairwise(history) if spell.control == control]
    if ended:
        return FirstSince(control, _year(ended[-1]), Reckoning.SINCE)
    begins = _year(history[0])
    return FirstSince(control, begins, Reckoning.EVER if begins == created else Reckoning.AT_LEAST)


def _year(spell: ControlSpell) -> int:
    return int(spell.since[:4])
