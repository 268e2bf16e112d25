"""What is known of an election: of its polls, by last time's bundle, and of parties that are well known."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from app.bundles.head import CONTINUING
from app.domain.election import NO_OVERALL_CONTROL, Party
from app.imports.last import BASIS, LastTime, is_in_part
from app.imports.parties import WELL_KNOWN
from app.imports.polls import Poll, PollCandidate, PolledBody, SourceLine, by_body
from app.imports.rows import Cells, Rows, add

EVE = "eve"


def known(polls: Sequence[Poll], last: LastTime | None) -> Rows:
    """The rows of every file; what is not known is empty in them, and asked for."""
    rows: Rows = {}
    for body, of_body in by_body(polls):
        place = of_body[0].place
        add(rows, "councils.csv", _council(body, last), place)
        for poll in of_body:
            add(rows, "contests.csv", _contest(poll, last), poll.place)
            for candidate in poll.candidates:
                add(rows, "candidacies.csv", _candidacy(poll, candidate), candidate.place)
        for file, cells in _last_of(body.council_id, last):
            add(rows, file, cells, place)
        if not body.is_office and not is_by_elections(of_body):
            for file, cells in _asked_of(body.council_id, of_body):
                add(rows, file, cells, place)
    _parties(rows, polls, last)
    return rows


def is_by_elections(polls: Sequence[Poll]) -> bool:
    """Whether nothing else is up."""
    return all(poll.is_by_election for poll in polls)


def _council(body: PolledBody, last: LastTime | None) -> Cells:
    found: dict[str, str] = {"council_id": body.council_id, "name": body.name, "region": body.region, "kind": body.kind}
    if body.is_office:
        found |= {"cycle": "single", "total_seats": "1"}
    before = last.council(body.council_id) if last else None
    if before is not None:
        found |= {
            "gss": before.gss,
            "kind": before.kind or body.kind,
            "region": body.region or before.region,
            "created": str(before.created or ""),
            "aliases": "|".join(before.aliases),
        }
        if not body.is_office and before.is_known_whole and not is_in_part(before):
            found["total_seats"] = str(before.total_seats)
    return found


def _contest(poll: Poll, last: LastTime | None) -> Cells:
    seats_up = poll.seats_up or 0
    return {
        "ballot_id": poll.ballot_id,
        "council_id": poll.body.council_id,
        "ward": poll.ward,
        "gss": poll.gss,
        "seats_up": str(seats_up or ""),
        "electorate": str(poll.electorate or ""),
        "voting_system": poll.voting_system.value,
        "holder": " ".join(last.holder(poll, seats_up)) if last else "",
    }


def _candidacy(poll: Poll, candidate: PollCandidate) -> Cells:
    return {
        "ballot_id": poll.ballot_id,
        "candidacy_id": candidate.candidacy_id,
        "name": candidate.name,
        "party_id": candidate.party_id,
        "description": candidate.description,
    }


def _last_of(council_id: str, last: LastTime | None) -> Iterator[tuple[str, Cells]]:
    """How last time ended in a council: its seats, who controlled, and the history up to then."""
    if last is None:
        return
    outcome = last.outcome(council_id)
    if outcome is not None:
        for party_id, number in outcome.seats.items():
            cells = {"council_id": council_id, "basis": BASIS, "party_id": party_id, "seats": str(number)}
            yield "seats.csv", cells
        if outcome.holder:
            yield "controls.csv", {"council_id": council_id, "basis": BASIS, "control": outcome.holder}
    for since, control in last.history(council_id):
        yield "history.csv", {"council_id": council_id, "since": since, "control": control}


def _asked_of(council_id: str, polls: Sequence[Poll]) -> Iterator[tuple[str, Cells]]:
    """What nobody but people can say of a council: who controlled it on the eve of poll, and the seats not up."""
    yield "controls.csv", {"council_id": council_id, "basis": EVE}
    standing = Counter(_group(it.party_id) for poll in polls for it in poll.candidates)
    for party_id in sorted(standing, key=lambda it: (_rank(it), -standing[it], it)):
        yield "seats.csv", {"council_id": council_id, "basis": CONTINUING, "party_id": party_id}


def _group(party_id: str) -> str:
    party = WELL_KNOWN.get(party_id)
    return party.group if party and party.group else party_id


def _rank(party_id: str) -> int:
    """The place among those well known; the others are behind them."""
    return list(WELL_KNOWN).index(party_id) if party_id in WELL_KNOWN else len(WELL_KNOWN)


def _parties(rows: Rows, polls: Sequence[Poll], last: LastTime | None) -> None:
    """Those that stand, sat or controlled, and what they are reported under: the well known first, then by size."""
    standing = [candidate for poll in polls for candidate in poll.candidates]
    names, places = dict[str, str](), dict[str, SourceLine]()
    for candidate in standing:
        names.setdefault(candidate.party_id, candidate.party_name)
        places.setdefault(candidate.party_id, candidate.place)
    details: Mapping[str, Party] = {**WELL_KNOWN, **(last.election.parties if last else {})}
    named = dict.fromkeys(names)
    for row in (row for file in ("seats.csv", "controls.csv", "history.csv") for row in rows.get(file, {}).values()):
        named |= dict.fromkeys(filter(None, (row.cells.get("party_id"), row.cells.get("control"))))
    for row in rows["contests.csv"].values():
        named |= dict.fromkeys(row.cells["holder"].split())
    for party_id in list(named):
        group = details[party_id].group if party_id in details else None
        while group and group not in named:
            named[group] = None
            group = details[group].group if group in details else None
    named.pop(NO_OVERALL_CONTROL, None)
    sizes = Counter(candidate.party_id for candidate in standing)
    for party_id in sorted(named, key=lambda it: (_rank(it), -sizes[it], it)):
        add(rows, "parties.csv", _party(party_id, names, details), places.get(party_id, polls[0].place))


def _party(party_id: str, names: Mapping[str, str], details: Mapping[str, Party]) -> Cells:
    party = details.get(party_id)
    if party is None:
        return {"party_id": party_id, "name": names.get(party_id) or party_id}
    cells = {"party_id": party_id, "name": party.name}
    umbrella = "1" if party.umbrella else ""
    return {**cells, "short": party.short, "colour": party.colour, "group": party.group or "", "umbrella": umbrella}
