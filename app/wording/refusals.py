"""Why something is refused, or is not there."""

from app.domain.checks import DeclaredAlready, Superseded
from app.wording.ticker import place_of


def refusal(error: Exception) -> str:
    """What is said to whoever asked for what ``error`` refuses."""
    match error:
        case DeclaredAlready():
            place = place_of(error.election, error.entry)
            return f"{place} is declared already, by entry {error.standing_seq}: correct or withdraw that."
        case Superseded():
            seq = error.standing_seq
            now = "nothing stands in its place" if seq is None else f"entry {seq} stands in its place"
            return f"Entry {error.entry.replaces} stands no more: {now}."
        case _:
            return str(error)
