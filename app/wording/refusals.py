"""Why something is refused, or is not there."""

from app.domain.contest import ContestResult
from app.domain.election import Election
from app.domain.superseding import DeclaredAlready, OtherWinners, Superseded
from app.wording.contest import named
from app.wording.figures import listed, seats_line
from app.wording.ticker import place_of


def refusal(error: Exception, *, may_revise: bool = True) -> str:
    """What is said to whoever asked for what ``error`` refuses, and may put right what stands or not."""
    match error:
        case OtherWinners():
            return _other_winners(error)
        case DeclaredAlready():
            place = place_of(error.election, error.entry)
            wrong = "correct or withdraw that" if may_revise else "where that is wrong, tell an editor"
            return f"{place} is declared already, by entry {error.standing_seq:,}: {wrong}."
        case Superseded():
            seq = error.standing_seq
            now = "nothing stands in its place" if seq is None else f"entry {seq:,} stands in its place"
            return f"Entry {error.entry.replaces:,} stands no more: {now}."
        case _:
            return str(error)


def _other_winners(error: OtherWinners) -> str:
    election, place = error.election, place_of(error.election, error.entry)
    return (
        f"{place} stands as {_winners(election, error.named)}, by entry {error.standing_seq:,}: these votes elect "
        f"{_winners(election, error.counted)}. Look at the votes again; if entry {error.standing_seq:,} is wrong, "
        f"correct it. If those who were announced stay elected, correct it as announced, naming them."
    )


def _winners(election: Election, result: ContestResult) -> str:
    named_ones = [named(election, result.contest, candidate) for candidate in result.elected]
    return listed(named_ones) if named_ones else seats_line(election, result.seats)
