"""What is said of the data of a night as a whole, for who cites it."""

from datetime import datetime

from app.domain.election import Election
from app.wording.figures import moment


def data_title(election: Election, *, rehearsal: bool) -> str:
    """``Kent council elections 2023: results``."""
    return f"{'TEST: ' if rehearsal else ''}{election.name}: results"


def data_told(election: Election, seq: int, at: datetime | None) -> str:
    """What it is, and as of when."""
    words = election.words
    return (
        f"Every {words.contest} and {words.body} of {election.name} as declared, corrections included, "
        f"{_as_at(election, seq, at)}. Times are those of the announcements."
    )


def cited(election: Election, seq: int, at: datetime | None, where: str, *, rehearsal: bool) -> str:
    """How it is cited; ``where`` is the address of it, if it has one."""
    publisher = f"{election.citation.publisher}, " if election.citation.publisher else ""
    told = f"{publisher}{data_title(election, rehearsal=rehearsal)}, {_as_at(election, seq, at)}"
    return f"{told}. {where}" if where else f"{told}."


def _as_at(election: Election, seq: int, at: datetime | None) -> str:
    return f"as at entry {seq:,}, {moment(election, at)}" if at is not None else "as before the first declaration"
