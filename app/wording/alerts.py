"""What programs are told in an alert: a headline of a line, and sentences that tell more of it."""

from collections.abc import Mapping

from app.domain.alerts import Alert, AlertKind
from app.domain.decisions import Decision
from app.domain.declarations import Withdrawal
from app.domain.election import NO_OVERALL_CONTROL, Election
from app.domain.holders import Holders
from app.domain.ticker import LineKind
from app.wording.contest import contest_line
from app.wording.feeds import told_of
from app.wording.figures import clock, sentence, stopped, together
from app.wording.flips import decision_seats, first_briefly
from app.wording.progress import progress_declared
from app.wording.ticker import ticker_text

FEED_HEADINGS: Mapping[AlertKind | None, str] = {
    None: "declarations",
    AlertKind.FLIP: "changes of control",
    AlertKind.CERTAIN: "what has become certain",
    AlertKind.CORRECTION: "corrections and withdrawals",
    AlertKind.LEADER_OUT: "leaders who lost",
    AlertKind.TIE: "ties settled by lot",
    AlertKind.RECOUNT: "recounts",
}
"""What a feed of one kind is called; of None that of every entry."""


def alert_headline(election: Election, alert: Alert) -> str:
    """``LAB gain Medway from CON``, ``Withdrawn: LAB gain Medway from CON``, ``Overdue: Medway, expected 02:30 BST``.

    What is no longer so after a correction, or after another result, begins with that. ``election`` is as it was known
    then.
    """
    if alert.line is not None:
        told = ticker_text(election, alert.line)
        return f"{_taken_back(alert)}: {told}" if alert.is_withdrawn else told
    if alert.entry is not None:
        return told_of(election, alert.entry, alert.change)[0]
    assert alert.state is not None  # an alert of the clock is about a council
    assert alert.expected_at is not None  # that something is expected of
    return f"Overdue: {alert.state.council.name}, expected {clock(election, alert.expected_at)}"


def alert_text(election: Election, alert: Alert) -> str:
    """The sentences after the headline: ``LAB 33 of 59. First since 1998.``; empty where there is no more to say."""
    if alert.kind is AlertKind.CORRECTION and alert.entry is not None:
        return _sentences(*told_of(election, alert.entry, alert.change)[1])
    if alert.is_withdrawn and alert.entry is not None:
        return _sentences(f"Reason: {alert.entry.reason}" if alert.entry.reason else f"After entry {alert.entry.seq:,}")
    if alert.kind is AlertKind.OVERDUE and alert.state is not None:
        return _sentences(progress_declared(election, alert.state))
    return _sentences(*_more(election, alert))


def _more(election: Election, alert: Alert) -> tuple[str, ...]:
    line, state = alert.line, alert.state
    if line is None or state is None:
        return ()
    if line.kind in {LineKind.LEADER, LineKind.LOT}:
        return (contest_line(election, state.council, state.contests[str(line.ballot_id)]),)
    holders = line.holders
    if line.comparison is not None and line.comparison.now is not None:
        holders = line.comparison.holders or Holders(line.comparison.now, line.comparison.now)
    if holders is None:
        return ()
    decision = Decision(state, holders, alert.entry, line.ballot_id)
    seats = decision_seats(election, decision, state)
    if line.ballot_id is None and holders.now != NO_OVERALL_CONTROL and not state.council.is_single:
        # It stands by itself, without the row or badge that says whose seats these are.
        seats = f"{election.short(holders.now)} {seats}"
    return seats, first_briefly(decision)


def _taken_back(alert: Alert) -> str:
    """Before a line that holds no more. “Corrected” would be read as if the line were what is so now."""
    is_withdrawal = alert.entry is not None and isinstance(alert.entry.declaration, Withdrawal)
    return "Withdrawn" if is_withdrawal else "No longer so"


def _sentences(*parts: str) -> str:
    return together(stopped(sentence(part)) for part in parts if part)
