"""What a declaration about to be made will do, in the words in which it will be told: shown before it is made."""

from dataclasses import dataclass

from app.domain.declarations import Withdrawal
from app.domain.night import Night
from app.domain.ticker import Change
from app.pages.components.badge import Badge, badge_of
from app.pages.components.seating import SeatBar, seat_bar
from app.wording.consequences import (
    FOR_THE_WHOLE_NIGHT,
    badges_moved,
    flip_name,
    further_lines,
    headline,
    no_longer_elected,
    result_line,
    taken_back,
    withdrawn_lines,
)
from app.wording.ticker import ticker_text


@dataclass(frozen=True, slots=True)
class Consequences:
    """``headline`` is what happens to the council (else to the night); ``flip`` names a change of control.

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
    publishes = tuple(
        ticker_text(after.election_at(line.seq), line)
        for line in after.tickers[convention]
        if line.seq == change.entry.seq
    )
    was, now = change.before, change.after
    withdrawn = tuple(withdrawn_lines(after, change, convention))
    if isinstance(change.entry.declaration, Withdrawal) and change.entry.declaration.since is not None:
        return Consequences(
            headline=taken_back(after, change),
            flip=flip_name(election, change, convention),
            publishes=publishes,
            withdraws=withdrawn,
            lines=tuple(badges_moved(election, change, convention)),
        )
    if was is None or now is None:
        return Consequences(FOR_THE_WHOLE_NIGHT, publishes=publishes, withdraws=withdrawn)
    return Consequences(
        headline=headline(election, was, now, convention),
        flip=flip_name(election, change, convention),
        publishes=publishes,
        withdraws=withdrawn,
        lines=(*no_longer_elected(election, was, now, change.entry), *further_lines(election, was, now)),
        before=badge_of(election, was, convention),
        after=badge_of(election, now, convention),
        bar=seat_bar(election, now),
        result=result_line(election, now, change.entry),
    )
