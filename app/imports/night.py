"""The results of polls as a recorded night: what ``declared replay`` posts, a line each."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from app.domain.announced import AS_ANNOUNCED
from app.domain.checks import hard_findings
from app.domain.declarations import Entry, declaration_from
from app.domain.election import Election
from app.domain.errors import Finding
from app.domain.night import Night
from app.imports.polls import Poll
from app.wording.findings import told

FIRST_AT = time(1)
"""On the night of a poll, where nobody says when a result was declared;"""
APART = timedelta(seconds=10)
"""and one is so long after the other."""

LONGEST_SOURCE = 500
PUBLISHED_SO = "So they were published"
"""Why figures that cannot be right are taken (rule 14)."""


def recorded(polls: Sequence[Poll], election: Election, left_out: dict[str, list[str]]) -> list[Mapping[str, Any]]:
    """What to post, a result each, in the order of their times.

    Figures that cannot be right stand as they were published. What no server would take is left out, and why.
    """
    night = Night.before_first(election)
    declared = [poll for poll in polls if not poll.was_cancelled and has_result(poll)]
    lines: list[Mapping[str, Any]] = []
    for number, poll in enumerate(declared):
        assumed = datetime.combine(poll.polled_on + timedelta(days=1), FIRST_AT, election.zone) + number * APART
        at = (poll.declared_at or assumed).isoformat()
        line, findings = _postable(
            night, {"at": at, "kind": "ward", "ballot_id": poll.ballot_id, **dict(_figures(poll))}
        )
        if not findings:
            lines.append(line)
        for finding in findings[:1]:
            reason = f"without its result, which no server would take ({finding.code})"
            left_out.setdefault(reason, []).append(f"{poll.ballot_id} ({finding.detail.rstrip('.')})")
    return sorted(lines, key=lambda line: datetime.fromisoformat(line["at"]))


def _postable(night: Night, line: dict[str, Any]) -> tuple[dict[str, Any], Sequence[Finding]]:
    """``line`` as a server takes it, and what it would refuse even so."""
    findings = _findings(night, line)
    if findings and {finding.code for finding in findings} <= AS_ANNOUNCED:
        line = {**line, "as_announced": PUBLISHED_SO}
        return line, _findings(night, line)
    if findings and None in line.get("votes", {}).values() and "elected" in line:
        # Too few are known to say who won by them: who did is known all the same.
        line = {name: value for name, value in line.items() if name != "votes"}
        return line, _findings(night, line)
    return line, findings


def has_result(poll: Poll) -> bool:
    """Whether it is known who was elected, or what everybody got."""
    return bool(poll.elected) or (not poll.by_lists and all(it.votes is not None for it in poll.candidates))


def _figures(poll: Poll) -> Iterator[tuple[str, Any]]:
    """Of a body. Votes that nobody has published are null; without any, and of lists, the winners are named alone."""
    votes = {it.candidacy_id: it.votes for it in poll.candidates}
    if not poll.by_lists and any(number is not None for number in votes.values()):
        yield "votes", votes
    for name, figure in (
        ("elected", poll.elected),
        ("ballots", poll.ballots),
        ("rejected", poll.rejected),
        ("turnout", poll.turnout),
        ("source", poll.source),
    ):
        if figure not in (None, "", []):
            yield name, figure


def _findings(night: Night, line: Mapping[str, Any]) -> Sequence[Finding]:
    """What a server would refuse of it."""
    declaration = declaration_from(line, about=line["kind"])
    entry = Entry(1, datetime.fromisoformat(line["at"]), declaration, ballot_id=line["ballot_id"])
    return told(hard_findings(night, entry))
