"""What the checks found, in sentences that say what to do: a function for each ``what`` of a finding, by its name."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from app.domain.council import Comparison
from app.domain.declarations import Entry, StatusDeclaration
from app.domain.election import NO_OVERALL_CONTROL, Contest, Council, Election
from app.domain.errors import Finding, Found
from app.domain.papers import Lot
from app.wording.control import controlled
from app.wording.figures import clock, day, listed, plural, plural_seats
from app.wording.names import told_apart


def told(findings: Iterable[Found]) -> tuple[Finding, ...]:
    """The findings with their sentences, as they are answered."""
    return tuple(Finding(found.code, found.field, globals()[found.what](**found.values)) for found in findings)


# No poll, candidates and winners


def nobody_nominated(ward: str) -> str:
    return f"{ward} has no poll tonight: nobody was nominated."


def candidate_died(ward: str, later: datetime) -> str:
    return f"{ward} has no poll tonight: the poll was countermanded after a candidate’s death. {_later_poll(later)}"


def poll_postponed(ward: str, later: datetime) -> str:
    return f"{ward} has no poll tonight: it was postponed. {_later_poll(later)}"


def _later_poll(later: datetime) -> str:
    return f"What a later poll brings is taken when it was announced on {day(later)} or after."


def unopposed(ward: str) -> str:
    return f"{ward} has no poll: its candidates are elected unopposed."


def put_off_by_a_status(ward: str, later: datetime, status: Entry) -> str:
    assert isinstance(status.content, StatusDeclaration)
    put_off = status.content.status.value
    return f"{ward} is {put_off} (entry {status.seq:,}); withdraw that first if it is wrong. {_later_poll(later)}"


def candidates_unknown(ward: str) -> str:
    return f"The candidates of {ward} are not on file: give its seats by party."


def does_not_stand(candidacy_id: str, ward: str) -> str:
    return f"Candidacy “{candidacy_id}” does not stand in {ward}."


def votes_missing(name: str, candidacy_id: str) -> str:
    return f"Votes of {name} ({candidacy_id}) are missing."


def tied(election: Election, contest: Contest, candidacies: Collection[str]) -> str:
    names = [name for candidacy_id, name in told_apart(election, contest).items() if candidacy_id in candidacies]
    where = f"across the last {election.words.seat} of {contest.name}"
    return f"{listed(names)} are tied {where}: name every winner, the one who was drawn by lot included."


def elected_behind_loser(name: str, votes: int, loser: str, most: int) -> str:
    return f"{name} is named as elected with {votes:,} votes; {loser}, who is not, has {most:,}."


def may_be_elected(name: str) -> str:
    return f"The votes of {name} are not published and could change who is elected: name every winner."


def elected_unpublished(name: str) -> str:
    return f"{name} is named as elected: give their votes. Where those are not published, name the winners alone."


def elects_another_number(ward: str, seats: int, named: int) -> str:
    return f"{ward} elects {seats}: {plural(named, 'candidate')} {'is' if named == 1 else 'are'} named as elected."


def winners_to_be_named(ward: str, seats: int) -> str:
    winners = "the winner" if seats == 1 else f"the {seats} winners"
    return f"First preferences do not say who is elected in {ward}: name {winners}."


def elected_of_other_parties() -> str:
    return "Those who are named as elected are of other parties than the seats are given to."


def fills_another_number(election: Election, ward: str, seats: int, given: int) -> str:
    return f"{ward} fills {plural_seats(election, seats)}: these are {given}."


def too_few_candidates(short: str, candidates: int, ward: str, seats: int) -> str:
    return f"{short} has {plural(candidates, 'candidate')} in {ward}: it cannot take {seats}."


# Corrections


def nothing_since(seq: int) -> str:
    """Of a withdrawal of all that came after an entry."""
    return f"Nothing that was declared after entry {seq:,} stands." if seq else "Nothing that was declared stands."


def changes_nothing(seq: int) -> str:
    return f"This is what entry {seq:,} says already: a correction has to change something."


# Papers


def more_papers_than_electors(ballots: int, electorate: int) -> str:
    return f"{ballots:,} ballot papers are more than the electorate of {electorate:,}."


def more_rejected_than_papers(rejected: int, ballots: int) -> str:
    return f"{rejected:,} rejected papers are more than the {ballots:,} papers, rejected ones included."


def more_votes_than_valid(name: str, votes: int, valid: int) -> str:
    return f"{name} has {votes:,} votes from {valid:,} valid ballot papers."


def more_votes_than_electors(name: str, votes: int, electorate: int) -> str:
    return f"{name} has {votes:,} votes from {electorate:,} electors."


def too_many_votes(votes: int, seats_up: int, papers: int, *, is_counted: bool, lot: Lot | None) -> str:
    told = _too_many(votes, seats_up, papers, "valid papers has" if is_counted else "papers has")
    return f"{told}{_lot_counted(lot)}"


def too_many_votes_for_electors(votes: int, seats_up: int, electorate: int) -> str:
    return _too_many(votes, seats_up, electorate, "electors has")


def _too_many(votes: int, seats_up: int, voters: int, whose: str) -> str:
    most = f"each of the {voters:,} {whose} at most {plural(seats_up, 'vote')}"
    return f"{votes:,} votes are more than {seats_up} × {voters:,}: {most}."


def _lot_counted(lot: Lot | None) -> str:
    if lot is None:
        return ""
    drawn = f" Was a lot drawn between {lot.first} and {lot.second}, and counted as a vote?"
    return f"{drawn} Then give both {lot.votes:,}, and name every winner."


def papers_do_not_add_up(valid: int, rejected: int, ballots: int) -> str:
    return f"{valid:,} valid and {rejected:,} rejected papers are {valid + rejected:,}, not the {ballots:,} given."


def more_valid_than_papers(valid: int, ballots: int) -> str:
    return f"{valid:,} valid papers are more than the {ballots:,} papers, rejected ones included."


def another_total(total: int, votes: int, lot: Lot | None) -> str:
    apart = f"{abs(votes - total):,} {'more' if votes > total else 'fewer'}"
    return f"These votes sum to {votes:,}: {apart} than the total of {total:,} that was read out.{_lot_counted(lot)}"


# Tallies


def tally_above_total(election: Election, council: str, total: int, seats: int, vacant: int) -> str:
    return f"{council} has {total} {election.words.seats}: this tally sums to {_beside(seats, vacant)}."


def complete_tally_short(council: str, total: int, seats: int, vacant: int) -> str:
    return (
        f"A complete tally of {council} sums to {_beside(seats, vacant)} of {total}. "
        f"Add what is missing, say how many are vacant, or that it is not complete."
    )


def _beside(seats: int, vacant: int) -> str:
    return f"{seats} and {vacant} vacant" if vacant else f"{seats}"


def tally_below_continuing(election: Election, council: str, continuing: int, seats: int) -> str:
    stay = f"{continuing} continuing {election.words.seats}"
    return f"{council} has {stay} and a tally counts them: this one has {seats} in all."


def party_unknown(party_id: str) -> str:
    detail = f"There is no party “{party_id}” in this election."
    return f"{detail} NOC is a value of control, not a party." if party_id == NO_OVERALL_CONTROL else detail


# What is unlikely


def turnout_unlikely(percentage: float, low: float, high: float) -> str:
    return f"A turnout of {percentage:.1f}% is outside {low:g} to {high:g}%."


def turnout_far_from_others(percentage: float, usual: float, council: str) -> str:
    return f"A turnout of {percentage:.1f}% is far from the {usual:.1f}% usual in {council} tonight."


def votes_far_from_others(percentage: float, usual: float, council: str) -> str:
    cast = f"These are {percentage:.1f}% of the votes that the electors have"
    return f"{cast}, far from the {usual:.1f}% usual in {council} tonight: has a figure a digit too few, or too many?"


def all_round() -> str:
    return "Every candidate’s votes end in 0: are these estimates?"


def mates_far_apart(apart: Sequence[tuple[str, Sequence[int]]]) -> str:
    mates = " and of ".join(f"{short} ({max(votes):,} to {min(votes):,})" for short, votes in apart)
    return f"Running mates are far apart, those of {mates}: are the votes on the right names?"


def mates_of_one_party_apart(apart: Sequence[tuple[str, Sequence[int]]]) -> str:
    mates = " and of ".join(f"{short} ({max(votes):,} to {min(votes):,})" for short, votes in apart)
    return f"Running mates are very far apart, those of {mates}: has a figure a digit too few, or too many?"


def fewer_votes_than_papers(votes: int, papers: int, *, is_estimate: bool) -> str:
    counted = f"at least {papers:,} papers by this turnout" if is_estimate else f"{papers:,} valid papers"
    return f"{votes:,} votes on {counted}: each of them has at least one. Is a figure too small?"


def more_votes_than_counted(votes: int, seats_up: int, valid: int, rejected: int, lot: Lot | None) -> str:
    return (
        f"{votes:,} votes are more than {seats_up} × {valid:,}, the papers without the {rejected:,} rejected: "
        f"were those left out of all papers?{_lot_counted(lot)}"
    )


def votes_not_published(names: Sequence[str]) -> str:
    return f"No votes of {listed(names)}: were they not published? No share and no margin is told then."


def recount_since(election: Election, at: datetime, *, is_recount: bool) -> str:
    what = "recount" if is_recount else "delay"
    return f"A {what} was announced at {clock(election, at)}, after this was keyed: are these the figures after that?"


def keyed_otherwise(people: Mapping[str, int]) -> str:
    """``people`` with the number of fields in which each has something else."""
    told = listed([f"{name} keyed this differently in {plural(fields, 'field')}" for name, fields in people.items()])
    return f"{told}. Is yours what was announced? They are told that it was declared over theirs."


def party_far_below_other_wards(council: str, below: Sequence[tuple[str, float, float]]) -> str:
    """``below`` is of each party its share here, and the least in the council’s other wards."""
    shares = " and ".join(f"{short} {share:.1f}%, at least {least:.1f}%" for short, share, least in below)
    return f"Far less than in every other ward of {council}: {shares} there. Is a digit missing, or the ward another?"


def party_without_a_vote(shorts: Sequence[str]) -> str:
    return f"No votes at all for {', '.join(shorts)}."


def same_votes_as_elsewhere(ward: str, council: str) -> str:
    return f"These are the very votes of {ward} ({council})."


def flips_control(
    election: Election, council: Council, before: Comparison, after: Comparison, others: Sequence[str] = ()
) -> str:
    """Of ``council``, and of ``others`` by their names alone, as a withdrawal of all that came after an entry has."""
    was, now = (controlled(election, council, compared) for compared in (before, after))
    becomes = f"This makes {council.name} {now}" if now else f"{council.name} goes back to undecided"
    told = f"{becomes}; it is {was} now." if was else f"{becomes}."
    return f"{told} Control changes in {listed(others)} as well." if others else told


def many_rejected(rejected: int, ballots: int, usual: float) -> str:
    return f"{rejected:,} of {ballots:,} ballot papers rejected are more than {usual:g}%."


def before_polls_close(close: datetime) -> str:
    return f"Polls close at {close:%H:%M on %-d %B %Y}: this was announced before."


def time_ahead(at: datetime) -> str:
    return f"{at:%H:%M on %-d %B %Y} is still to come: is it the right time and date?"


def more_votes_than_turnout(digits: str, papers: int) -> str:
    return f"A turnout of {digits}% is at most {papers:,} papers: too few for these votes."


def tally_against_wards(election: Election, council: str) -> str:
    contests = election.words.contests
    return f"The tally of {council} and its declared {contests} cannot both be right: the {contests} stand."


def below_continuing(election: Election, below: Sequence[tuple[str, int, int]]) -> str:
    fewer = ", ".join(f"{short} {seats} of {continuing}" for short, seats, continuing in below)
    return f"Fewer {election.words.seats} than continue: {fewer}. A tally counts the continuing ones."
