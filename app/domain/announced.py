"""What was announced stands: figures that cannot be right, taken all the same where it is said why (rule 14).

In law the returning officer's declaration is the result; only an election court undoes it.
"""

from collections.abc import Collection, Iterator, Mapping

from app.domain.declarations import WardDeclaration
from app.domain.election import Contest
from app.domain.errors import Found, found
from app.domain.papers import papers_faults, total_faults

AS_ANNOUNCED = frozenset({"F04", "F05", "F06", "F08", "F15"})
"""The codes of findings about figures, which pass as announced; those about who stands and how many win never do."""


def figure_faults(contest: Contest, declaration: WardDeclaration) -> Iterator[Found]:
    """Why the figures of a result cannot be right: findings of the codes ``AS_ANNOUNCED``."""
    yield from _winners_behind_losers(contest, declaration)
    yield from papers_faults(contest, declaration)
    yield from total_faults(contest, declaration)


def behind_losers(votes: Mapping[str, int], elected: Collection[str]) -> frozenset[str]:
    """Those of ``elected`` who have fewer votes than somebody who is not."""
    most_of_losers = max((number for one, number in votes.items() if one not in elected), default=0)
    return frozenset(one for one in elected if votes.get(one, most_of_losers) < most_of_losers)


def _winners_behind_losers(contest: Contest, declaration: WardDeclaration) -> Iterator[Found]:
    """F08; nothing is said while votes are missing, nor of first preferences (rule 18)."""
    votes, elected = declaration.published, declaration.elected or ()
    if not elected or contest.is_stv or (declaration.votes or {}).keys() != contest.candidacies_by_id.keys():
        return
    behind = behind_losers(votes, elected)
    losers = [one for one in votes if one not in elected]
    for one in elected:
        if one in behind:
            first = max(losers, key=lambda loser: votes[loser])
            names = {"name": contest.candidacies_by_id[one].name, "loser": contest.candidacies_by_id[first].name}
            yield found("F08", "elected", "elected_behind_loser", votes=votes[one], most=votes[first], **names)
