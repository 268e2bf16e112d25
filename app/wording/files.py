"""What is said of the rows of a spreadsheet."""

from collections.abc import Collection, Iterable

from app.domain.election import Candidacy, Contest, Council, Election


def unknown_ward(election: Election, council: Council | None, written: str) -> str:
    """Of a row whose ward is ``written``, or nowhere; ``council`` is None where it may be any."""
    if not written:
        return f"No {election.words.contest} stands beside or above this row. Add its name."
    where = f" of {council.name}" if council is not None else ""
    return f"No {election.words.contest}{where} is called “{written}”. Write it as the desk has it."


def unknown_council(election: Election, written: str) -> str:
    """Of a row whose council is ``written``."""
    body = election.words.body
    return f"No {body} of this election is called “{written}”. Write its name or its id as the desk has it."


def unknown_columns(first: Collection[str]) -> str:
    """Of a file without headings, or with two columns that may have the votes; ``first`` is what it begins with."""
    begins = f" Its columns begin: {', '.join(f'“{cell}”' for cell in first)}." if any(first) else ""
    return (
        f"No row says which column is which.{begins} Above the first one write, as far as there are such: "
        "Council, Ward, Candidate, Party, Votes, Elected, Ballot papers, Rejected papers, Turnout. "
        "Only one of them may be called Votes."
    )


def several_wards(election: Election, written: str) -> str:
    """Of a row that several wards fit."""
    return f"Several {election.words.contests} are called “{written}”. Write the ballot id in its place."


def nobody_called(election: Election, contest: Contest, others: Collection[Candidacy]) -> str:
    """``others`` have the name, and another party."""
    if others:
        return f"{_listed(election, others)} stands here, for another party than this row says. Put the row right."
    return f"Nobody on the ballot paper of {contest.name} fits. Put the name right, as the ballot paper has it."


def several_called(election: Election, candidacies: Collection[Candidacy]) -> str:
    """Of a row that several candidates fit."""
    return f"Both {_listed(election, candidacies)} fit. Write the first names, or the party."


def candidate_twice(candidacy: Candidacy) -> str:
    """Of a row whose candidate has been before."""
    return f"{candidacy.name} is in another row already. Take one of the two out."


def other_number_elected(marked: int, seats: str) -> str:
    """Of a ward that marks more or fewer than are elected; ``seats`` is such as “3 seats”."""
    return f"{marked} are marked as elected, for {seats}. Put the marks right, or leave them all out."


def not_those_elected(beaten: Iterable[Candidacy]) -> str:
    """Of a ward whose votes elect others than its marks."""
    names = ", ".join(it.name for it in beaten)
    return f"{names} has more votes than somebody marked as elected. Look which of the two is wrong."


def _listed(election: Election, candidacies: Iterable[Candidacy]) -> str:
    return " and ".join(f"{it.name} ({election.short(it.party_id)})" for it in candidacies)
