"""Every candidate of a real night, written as another list would have them: nobody is taken for somebody else."""

from collections import Counter

from app.domain.matching import OneFits, match_candidate


def test_every_candidate_of_a_real_night_is_found_by_name_and_party(kent):
    seen = Counter()
    for contest in kent.election.contests.values():
        for candidacy in contest.candidacies:
            surname, _, first = candidacy.name.partition(", ")
            turned = f"{first} {surname.upper()}" if first else candidacy.name
            party = kent.election.party(candidacy.party_id).name
            match match_candidate(kent.election, contest, turned, party):
                case OneFits(found):
                    seen["right" if found is candidacy else "wrong"] += 1
                case other:
                    seen[type(other).__name__] += 1
    assert seen["right"] >= 1560
    assert set(seen) <= {"right", "SeveralFit"}
