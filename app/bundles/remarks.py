"""What to look at in a bundle that can be loaded: nothing of it is wrong by itself, and most of it is a slip.

After public reports of wards that were shown wrong all night: unopposed without their code, listed twice, or with their
candidates in another order than on the ballot paper from which the results are read out.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from app.domain.election import Contest, Council, Election

MOST_NAMED = 5
"""Of one kind in one council; the others are counted."""

IN_PART = "Only the seats that are up are on file here: what is said of control and of all seats is of these alone."
"""The note of an imported council whose other seats nobody has filled in; readers see it."""

MANY_VACANCIES = 10
"""One seat in so many: more than by-elections ever leave open."""


def remarks(election: Election) -> Iterator[str]:
    """What is probably wrong, a line each, council by council."""
    in_part = [council.name for council in election.councils.values() if council.note == IN_PART]
    if in_part:
        yield (
            f"{_listed(in_part)}: only the seats that are up are on file, and control is told as if there were no"
            " others; fill in what the folder asked asks for, and import again"
        )
    for council in election.councils.values():
        yield from (f"{council.name}: {remark}" for remark in _remarks(council))


def _remarks(council: Council) -> Iterator[str]:
    yield from _vacancies(council)
    told = (
        (_without_candidates, "nobody is nominated; if that is so, cancelled is NO_CANDIDATES"),
        (
            _uncontested,
            "as many candidates as seats, or fewer; a count will be waited for unless cancelled has its code",
        ),
        (_twice_in_it, "somebody is there twice by the same name; if it is one person, take one out"),
        (_out_of_order, "not in the order of surnames; rows, or position, have to be in that of the ballot paper"),
    )
    for is_so, words in told:
        named = [contest.name for contest in council.contests if is_so(contest)]
        if named:
            yield f"{_listed(named)}: {words}"
    yield from _wards_listed_twice(council)


def _vacancies(council: Council) -> Iterator[str]:
    filled = sum(council.continuing.values()) + sum(contest.seats_up for contest in council.contests)
    vacant = council.total_seats - filled
    if vacant * MANY_VACANCIES > council.total_seats and council.is_known_whole:
        yield (
            f"{vacant} of {council.total_seats} seats are neither up nor continuing, and so vacant; "
            "is something missing in seats.csv (continuing) or contests.csv?"
        )


def _without_candidates(contest: Contest) -> bool:
    return contest.cancelled is None and not contest.candidacies


def _uncontested(contest: Contest) -> bool:
    return contest.cancelled is None and 0 < len(contest.candidacies) <= contest.seats_up


def _twice_in_it(contest: Contest) -> bool:
    names = [" ".join(candidacy.name.casefold().split()) for candidacy in contest.candidacies]
    return len(set(names)) < len(names)


def _out_of_order(contest: Contest) -> bool:
    """Whether no reading of the names has their surnames in order: “Ben Moussa” may be under B as well as under M."""
    before = ""
    for candidacy in contest.candidacies:
        later = [surname for surname in _surnames(candidacy.name) if surname >= before]
        if not later:
            return True
        before = min(later)
    return False


def _surnames(name: str) -> list[str]:
    """What may be the surname in ``name``: what stands before a comma, else its last words, one of them or more."""
    surname, comma, _ = name.casefold().partition(",")
    if comma:
        return [_letters(surname)]
    words = name.casefold().split()
    return [_letters("".join(words[place:])) for place in range(min(1, len(words) - 1), len(words))]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _wards_listed_twice(council: Council) -> Iterator[str]:
    ballots: dict[str, list[str]] = {}
    for contest in council.contests:
        # A by-election beside the ordinary one of its ward is told apart by its id.
        ballots.setdefault(contest.name.casefold(), []).append(contest.ballot_id)
    doubled = [ids for ids in ballots.values() if len(ids) > 1]
    if doubled:
        yield f"{_listed(list(chain.from_iterable(doubled)))}: contests of one ward; take one out, or give each a label"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
