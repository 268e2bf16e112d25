"""Candidates by name, told apart where a name alone does not say which of them is meant."""

from collections import Counter
from collections.abc import Mapping

from app.domain.election import Contest, Election
from app.wording.figures import ordinal


def told_apart(election: Election, contest: Contest) -> Mapping[str, str]:
    """How the candidates of a contest are called, by candidacy: by the name alone where nobody shares it."""
    shared = Counter(it.name for it in contest.candidacies)
    with_party = named_with_party(election, contest)
    return {one: with_party[one] if shared[it.name] > 1 else it.name for one, it in contest.candidacies_by_id.items()}


def named_with_party(election: Election, contest: Contest) -> Mapping[str, str]:
    """``John Smith (LAB)``, by candidacy; of namesakes in a party ``John Smith (LAB, 3rd on the ballot paper)``."""
    places = places_of_namesakes(election, contest)
    told = {}
    for it in contest.candidacies:
        which = ", ".join(filter(None, (election.short(it.party_id), places.get(it.candidacy_id))))
        told[it.candidacy_id] = f"{it.name} ({which})"
    return told


def places_of_namesakes(election: Election, contest: Contest) -> Mapping[str, str]:
    """Of those who share a name and what their party is called, by candidacy: ``3rd on the ballot paper``."""
    called = [(it.name, election.short(it.party_id)) for it in contest.candidacies]
    shared = Counter(called)
    return {
        it.candidacy_id: f"{ordinal(place)} on the ballot paper"
        for place, (it, name) in enumerate(zip(contest.candidacies, called, strict=True), 1)
        if shared[name] > 1
    }
