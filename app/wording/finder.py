"""What the finder says of what it has found."""

from collections.abc import Sequence

from app.domain.contest import CandidateResult, ContestResult, ContestState
from app.domain.council import CouncilState
from app.domain.election import Council, Election, Words
from app.domain.finder import Finds
from app.domain.postcodes import Postcode
from app.wording.council import verdict
from app.wording.figures import listed, plural, plural_votes, sentence, with_article
from app.wording.night import short_apart
from app.wording.progress import progress_declared

PARTIES, POSTCODES = "Parties", "Postcodes"


def to_find(election: Election | None) -> str:
    """What stands in the field: ``Find a council, ward or candidate``; of all elections what is true of each."""
    if election is None:
        return "Find a place, candidate or party"
    return f"Find {with_article(election.words.body)}, {election.words.contest} or candidate"


def headings(words: Words) -> Sequence[str]:
    """Of what is found, kind by kind."""
    return sentence(words.bodies), sentence(words.contests), "Candidates", PARTIES


def counted(words: Words, finds: Finds, *, has_postcodes: bool) -> str:
    """``3 councils, 12 wards and 40 candidates; the first 20 are shown.``, or what could be found otherwise."""
    kinds = (
        (finds.councils, words.body, words.bodies),
        (finds.contests, words.contest, words.contests),
        (finds.standings, "candidate", "candidates"),
        (finds.groups, "party", "parties"),
    )
    there_are = listed([plural(hits.total, one, several) for hits, one, several in kinds if hits.total])
    shown, total = (sum(numbers) for numbers in zip(*((len(it.first), it.total) for it, *_ in kinds), strict=True))
    if not total:
        return f"Nothing found. {can_be_found(words, has_postcodes=has_postcodes)}"
    return f"{there_are}." if shown == total else f"{there_are}; the first {shown} are shown."


def can_be_found(words: Words, *, has_postcodes: bool) -> str:
    """What somebody may type who has not, or not to any purpose."""
    by_name = f"{sentence(words.bodies)}, {words.contests}, candidates and parties are found by a few letters of a name"
    return f"{by_name}, {words.contests} by postcode as well." if has_postcodes else f"{by_name}."


def lies_in(words: Words, postcode: Postcode, number: int, shown: int) -> str:
    """``CT1 2AB is in 1 ward.``, ``CT1 is in 7 wards.``; of very many how many are shown."""
    is_in = f"{postcode} is in {plural(number, words.contest, words.contests)}"
    return f"{is_in}." if shown == number else f"{is_in}; the first {shown} are shown."


def where_control_is(election: Election, state: CouncilState) -> str:
    """``LAB majority of 7``; while it is undecided how far it is: ``18 of 24 wards declared``."""
    return verdict(election, state) if state.is_certain else progress_declared(election, state)


def place(contest: ContestResult, council: Council) -> str:
    """``Westgate, Canterbury``."""
    return f"{contest.contest.name}, {council.name}"


def stood(election: Election, result: ContestResult, candidate: CandidateResult) -> str:
    """``LAB``; once it is declared ``LAB, elected with 1,204 votes``, ``LAB, 803 votes``."""
    party = election.short(candidate.candidacy.party_id)
    votes = plural_votes(candidate.votes) if candidate.votes is not None else ""
    if not candidate.elected:
        return f"{party}, {votes}" if votes else party
    if result.state is ContestState.UNOPPOSED:
        return f"{party}, elected unopposed"
    return f"{party}, elected with {votes}" if votes else f"{party}, elected"


def led_by(election: Election, group: str) -> str:
    """Where a party leads to: ``Councils that LAB controls or leads``."""
    return f"{sentence(election.words.bodies)} that {short_apart(election, group)} controls or leads"
