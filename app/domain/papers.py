"""Figures against papers: what the votes of a ward cannot be, or hardly are, by the papers that were counted (rule 15).

Every valid paper has a vote for somebody, and for nobody more than one; all its votes are at most the seats up. What is
published keeps to it less well: a quarter of those who give rejected papers give the valid ones as all papers.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from app.domain.declarations import WardDeclaration
from app.domain.election import Contest
from app.domain.errors import Found, found


class Lot(NamedTuple):
    """Two across the last seat of whom the first has a vote more than the other's ``votes``."""

    first: str
    second: str
    votes: int


def papers_faults(contest: Contest, declaration: WardDeclaration) -> Iterator[Found]:
    """F06 where the papers themselves cannot be, else F04 and F05 where the votes cannot be on them."""
    faults = list(_papers_alone(contest, declaration))
    yield from faults
    if not any(fault.field in {"rejected", "valid"} for fault in faults):
        yield from _votes_of_one(contest, declaration)
        yield from _votes_of_all(contest, declaration)


def total_faults(contest: Contest, declaration: WardDeclaration) -> Iterator[Found]:
    """F15: the total that was read out is not the sum; nothing is said while votes are missing."""
    total, votes = declaration.total, sum(declaration.published.values())
    if total is None or (declaration.votes or {}).keys() != contest.candidacies_by_id.keys() or votes == total:
        return
    if votes > total or not declaration.unpublished:
        lot = lot_counted(contest, declaration, votes - total)
        yield found("F15", "total", "another_total", total=total, votes=votes, lot=lot)


def lot_counted(contest: Contest, declaration: WardDeclaration, excess: int) -> Lot | None:
    """Whether what is in excess is a lot, counted as a vote for who was drawn across the last seat.

    Littletons 2025: 889 each, published as 890 : 889.
    """
    seats, votes, named = contest.seats_up, declaration.published, contest.candidacies_by_id
    order = sorted(votes.keys() & named.keys(), key=lambda candidacy_id: -votes[candidacy_id])
    if contest.is_stv or excess != 1 or not 0 < seats < len(order):
        return None
    first, second = order[seats - 1], order[seats]
    return Lot(named[first].name, named[second].name, votes[second]) if votes[first] == votes[second] + 1 else None


def most_unpublished(contest: Contest, declaration: WardDeclaration) -> int | None:
    """The most votes that anybody can have whose votes are not published; None where nothing says so.

    Of ``ballots`` none are taken off for the rejected, as for F05. Figures that cannot be right bound nothing.
    """
    if declaration.as_announced:
        return None
    papers = declaration.ballots if declaration.valid is None else declaration.valid
    voters = contest.electorate or None if papers is None else papers
    told = sum(declaration.published.values())
    bounds = [declaration.total - told] if declaration.total is not None else []
    if voters is not None:
        bounds += [voters, contest.votes_on_a_paper * voters - told]
    return max(min(bounds), 0) if bounds else None


class PapersOfTurnout(NamedTuple):
    """The ``least`` and the ``most`` papers that a rounded turnout can be, and its ``digits`` as they are announced."""

    least: int
    most: int
    digits: str


def papers_of_turnout(percentage: float, electorate: int) -> PapersOfTurnout:
    """Half of the last digit is allowed either way; 38 and 38.0 are one number, so that of 38.0 is half of 1."""
    digits = f"{percentage}".removesuffix(".0")
    half_a_digit = Decimal(5).scaleb(-1 - len(digits.partition(".")[2]))
    least, most = (int((Decimal(digits) + half) / 100 * electorate) for half in (-half_a_digit, half_a_digit))
    return PapersOfTurnout(max(least, 0), most + 1, digits)


def fewer_votes_than_papers(contest: Contest, declaration: WardDeclaration, least: float) -> Found | None:
    """W13: less than the percentage ``least`` of the valid papers, or of the fewest that the turnout can be."""
    papers = _counted(declaration)
    is_estimate = papers is None
    if papers is None and declaration.turnout is not None and contest.electorate:
        papers = papers_of_turnout(declaration.turnout, contest.electorate).least - (declaration.rejected or 0)
    votes = sum(declaration.published.values())
    if declaration.votes is None or declaration.unpublished or papers is None or votes >= papers * least / 100:
        return None
    return found("W13", "votes", "fewer_votes_than_papers", votes=votes, papers=papers, is_estimate=is_estimate)


def more_votes_than_counted(contest: Contest, declaration: WardDeclaration) -> Found | None:
    """W14: more than the papers have without the rejected ones, and no more than with them.

    Where one seat has a vote on every paper, the valid ones were given as all: nothing is to be asked.
    """
    ballots, rejected, votes = declaration.ballots, declaration.rejected, sum(declaration.published.values())
    if declaration.valid is not None or ballots is None or rejected is None:
        return None
    most = contest.votes_on_a_paper
    if not most * (ballots - rejected) < votes <= most * ballots:
        return None
    if most == 1 and votes == ballots:
        return None
    papers = {"seats_up": most, "valid": ballots - rejected, "rejected": rejected}
    lot = lot_counted(contest, declaration, votes - most * (ballots - rejected))
    return found("W14", "votes", "more_votes_than_counted", votes=votes, lot=lot, **papers)


def _counted(declaration: WardDeclaration) -> int | None:
    """The valid papers: as given, or what the rejected ones leave of all."""
    if declaration.valid is not None or declaration.ballots is None:
        return declaration.valid
    return declaration.ballots - (declaration.rejected or 0)


def _papers_alone(contest: Contest, declaration: WardDeclaration) -> Iterator[Found]:
    ballots, rejected, valid = declaration.ballots, declaration.rejected, declaration.valid
    papers = valid if declaration.papers is None else declaration.papers
    if papers is not None and contest.electorate and papers > contest.electorate:
        field = "valid" if ballots is None else "ballots"
        yield found("F06", field, "more_papers_than_electors", ballots=papers, electorate=contest.electorate)
    if ballots is None:
        return
    if (rejected or 0) > ballots:
        yield found("F06", "rejected", "more_rejected_than_papers", rejected=rejected, ballots=ballots)
    elif valid is not None and rejected is not None and valid + rejected != ballots:
        yield found("F06", "valid", "papers_do_not_add_up", valid=valid, rejected=rejected, ballots=ballots)
    elif valid is not None and valid > ballots:
        yield found("F06", "valid", "more_valid_than_papers", valid=valid, ballots=ballots)


def _votes_of_one(contest: Contest, declaration: WardDeclaration) -> Iterator[Found]:
    """F04: on each valid paper a candidate has one vote; where none are given, from each elector."""
    valid, electorate = _counted(declaration), contest.electorate
    for candidacy_id, votes in declaration.published.items():
        candidacy = contest.candidacies_by_id.get(candidacy_id)
        name, field = candidacy.name if candidacy else candidacy_id, f"votes.{candidacy_id}"
        if valid is not None and votes > valid:
            yield found("F04", field, "more_votes_than_valid", name=name, votes=votes, valid=valid)
        elif valid is None and electorate and votes > electorate:
            yield found("F04", field, "more_votes_than_electors", name=name, votes=votes, electorate=electorate)


def _votes_of_all(contest: Contest, declaration: WardDeclaration) -> Iterator[Found]:
    """F05. Of ``ballots`` none are taken off for the rejected: those may have been left out, and W14 asks."""
    votes = sum(declaration.published.values())
    papers = declaration.ballots if declaration.valid is None else declaration.valid
    most = contest.votes_on_a_paper
    values = {"votes": votes, "seats_up": most}
    if papers is not None and votes > most * papers:
        values |= {"papers": papers, "is_counted": declaration.valid is not None}
        lot = lot_counted(contest, declaration, votes - most * papers)
        yield found("F05", "votes", "too_many_votes", lot=lot, **values)
    elif papers is None and contest.electorate and votes > most * contest.electorate:
        yield found("F05", "votes", "too_many_votes_for_electors", electorate=contest.electorate, **values)
