"""Addresses of the desk that more than one room of it leads to."""

from urllib.parse import quote

from app.addresses import DESK
from app.domain.election import Election
from app.domain.subject import Subject
from app.pages.addresses import element_id


def desk_url(election: Election) -> str:
    """The board."""
    return f"{DESK}/{quote(election.slug)}"


def entry_url(election: Election, subject: Subject) -> str:
    """The form of a contest, or of a council's tally."""
    if subject.ballot_id is not None:
        return f"{desk_url(election)}/contests/{quote(subject.ballot_id)}"
    return f"{council_url(election, subject.identity)}/tally"


def council_url(election: Election, council_id: str) -> str:
    """Below which a council's own pages are."""
    return f"{desk_url(election)}/councils/{quote(council_id)}"


def council_on_board(election: Election, council_id: str) -> str:
    """The line of a council on the board, opened to its contests."""
    return f"{desk_url(election)}?open={quote(council_id)}#{element_id('desk-council', council_id)}"


def withdraw_after_url(election: Election, seq: int) -> str:
    """Where everything that was declared after entry ``seq`` is withdrawn; after 0 came all there is."""
    return f"{desk_url(election)}/entries/{seq}/withdraw-after"
