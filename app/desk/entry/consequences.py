"""What a declaration about to be made will do, in the words in which it will be told: shown before it is made."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.council import CouncilState
from app.domain.declarations import Entry, WardDeclaration
from app.domain.election import Election
from app.domain.night import Night
from app.domain.ticker import Change
from app.pages import sentences
from app.pages.components.badge import Badge, badge_of
from app.pages.components.seating import SeatBar, seat_bar


@dataclass(frozen=True, slots=True)
class Consequences:
    """``headline`` is what happens to the council (or, for a note, to the night); ``flip`` names a change of control.

    ``publishes`` are the lines that go to the ticker, ``withdraws`` those that are taken back, ``lines`` say the rest.
    ``before`` and ``after`` are the council's badges, None where no council is concerned.
    """

    headline: str
    flip: str | None = None
    publishes: tuple[str, ...] = ()
    withdraws: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    before: Badge | None = None
    after: Badge | None = None
    bar: SeatBar | None = None
    result: str | None = None
    """What stands for the contest then: who is elected."""

    @property
    def changes_badge(self) -> bool:
        return self.before != self.after


def consequences(after: Night, change: Change) -> Consequences:
    """What ``change``, which leads to ``after``, does under the election's own convention."""
    election, convention = after.election, after.election.convention
    publishes = tuple(line.text for line in after.tickers[convention] if line.seq == change.entry.seq)
    was, now = change.before, change.after
    withdrawn = tuple(_withdrawn(after, change, convention))
    if was is None or now is None:
        return Consequences("A line for the ticker of the whole night.", publishes=publishes, withdraws=withdrawn)
    return Consequences(
        headline=headline(election, change, convention),
        flip=flip_name(change, convention),
        publishes=publishes,
        withdraws=withdrawn,
        lines=(*_replaced(election, was, now, change.entry), *_lines(election, was, now)),
        before=badge_of(election, was, convention),
        after=badge_of(election, now, convention),
        bar=seat_bar(election, now),
        result=_result(election, now, change.entry),
    )


def headline(election: Election, change: Change, convention: str) -> str:
    """What becomes of the council: ``This makes Medway LAB gain from CON.``, ``Medway goes back to undecided.``."""
    was, now = change.before, change.after
    assert was is not None  # asked only of what is about a council
    assert now is not None
    name = now.council.name
    badge, badge_before = (state.comparisons[convention].badge for state in (now, was))
    told = badge or (None if now.holder is None else sentences.verdict(election, now))
    if now.holder is None:
        return f"{name} {'stays' if was.holder is None else 'goes back to'} undecided."
    if was.holder == now.holder and badge == badge_before:
        return f"{name} stays {told}."
    if was.holder is None:
        return f"This makes {name} {told}."
    return f"This makes {name} {told}, in the place of {badge_before or sentences.verdict(election, was)}."


def flip_name(change: Change, convention: str) -> str | None:
    """What a change of control is called when it is asked about once more; None where a gain neither comes nor goes."""
    if change.before is None or change.after is None or not change.flipped(convention):
        return None
    flash = change.after.comparisons[convention].flash
    return flash or f"{change.after.council.name} back to undecided"


def _lines(election: Election, was: CouncilState, now: CouncilState) -> Iterator[str]:
    seats = sentences.seats_line(election, now.seats)
    yield f"{seats or 'No seats'} of {now.council.total_seats}; {sentences.progress(now)} declared."
    if now.needs:
        yield f"{sentences.needs_line(election, now)}."
    vacant = sentences.vacancies(now)
    if vacant and now.vacant != was.vacant:
        yield f"{vacant}."
    if now.tally_disagrees and not was.tally_disagrees:
        yield "The tally by phone and the wards disagree from here on."
    for key, convention in election.conventions.items():
        other, own = now.comparisons[key].badge, now.comparisons[election.convention].badge
        if other != own and other is not None:
            yield f"By {convention.label.split(':')[0]}: {other}."


def _replaced(election: Election, was: CouncilState, now: CouncilState, entry: Entry) -> Iterator[str]:
    """Who was elected and is no more, where a contest that stood is corrected or withdrawn."""
    if entry.ballot_id is None:
        return
    before, after = (
        {one.candidacy: sentences.named(election, one) for one in state.contests[entry.ballot_id].elected}
        for state in (was, now)
    )
    names = sentences.listed([name for candidacy, name in before.items() if candidacy not in after])
    instead = sentences.listed([name for candidacy, name in after.items() if candidacy not in before])
    if not names:
        return
    yield f"No longer elected: {names}{f'; instead: {instead}' if instead else ''}."


def _result(election: Election, now: CouncilState, entry: Entry) -> str | None:
    if not isinstance(entry.content, WardDeclaration):
        return None
    result = now.contests[entry.content.ballot_id]
    elected = sentences.listed([sentences.named(election, candidate) for candidate in result.elected])
    turnout = sentences.turnout_line(result.turnout)
    told = f"Elected: {elected}" if elected else f"Seats: {sentences.seats_line(election, result.seats)}"
    return f"{told}. {turnout}." if turnout else f"{told}."


def _withdrawn(after: Night, change: Change, convention: str) -> Iterator[str]:
    """The ticker's lines that this takes back, a flash line also where newer ones have pushed it off the ticker."""
    election, was = after.election, change.before
    lines = [(line.at, line.text) for line in after.tickers[convention] if line.withdrawn_by == change.entry]
    flash = was.comparisons[convention].flash if was is not None else None
    since = was.since.at if was is not None and was.since is not None else None
    gone = was is not None and change.after is not None and was.holder != change.after.holder
    if gone and flash is not None and since is not None and flash not in {text for _, text in lines}:
        lines.append((since, flash))
    for at, text in lines:
        yield f"The line of {sentences.clock(election, at)}, “{text}”, is withdrawn."
