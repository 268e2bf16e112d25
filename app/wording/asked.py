"""What is asked of a board, and how much of it the figures cover."""

from collections.abc import Mapping

from app.domain.election import Election
from app.domain.scoreboard import Scoreboard
from app.wording.figures import plural_bodies, sentence
from app.wording.night import short_apart


def asked_for(election: Election, asked: Mapping[str, str], declared: int, total: int) -> str:
    """Of a query: ``North East, led by LAB, gained by LAB from CON, “ford”: 12 of 24 councils declared``."""

    def party(field: str, words: str) -> str:
        return f"{words} {short_apart(election, asked[field])}" if field in asked else ""

    lost = party("lost", "from" if "gained" in asked else "lost by")
    changed = " ".join(filter(None, (party("gained", "gained by"), lost)))
    found = f"“{asked['q']}”" if "q" in asked else ""
    parts = (asked.get("region"), party("party", "led by"), changed, asked.get("state"), found)
    what = sentence(", ".join(filter(None, parts)))
    return ": ".join(filter(None, (what, f"{declared} of {plural_bodies(election, total)} declared")))


def change_covers(election: Election, scoreboard: Scoreboard, total: int) -> str:
    """``Change in 2 of 13 councils.``, or of councils and of seats; empty where all are in it."""
    control, seats = scoreboard.compared_control, scoreboard.compared_seats
    if control == seats == total:
        return ""
    words, of = election.words, plural_bodies(election, total)
    if control == seats:
        return f"Change in {seats or 'none'} of {of}."
    return f"Change: control of {control or 'none'}, {words.seats} of {seats or 'none'} of {of}."
