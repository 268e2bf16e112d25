"""What a change of the catalogue changes, and where."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.declarations import Alteration, CatalogueChange
from app.domain.election import Election, Words
from app.wording.figures import plural, sentence

_FIELDS: Mapping[str, str] = {
    "seats_up": "{seats} up",
    "total_seats": "all {seats}",
    "party_id": "party",
    "continuing": "{seats} not up",
    "cancelled": "no poll",
    "holder": "won last time by",
    "history": "who has controlled it",
    "boundary_change": "new boundaries",
    "expected_at": "expected",
    "square": "column and row on the map",
    "aliases": "names to be found by",
}


def altered(election: Election, alteration: Alteration) -> str:
    """``Hollin (Oldfield): seats up 1 → 2``, ``Mancel (Antrimshire): Carr (GRN) is new``."""
    return f"{place(election, alteration)}: {what_altered(election, alteration)}"


def what_altered(election: Election, alteration: Alteration) -> str:
    """The same without where: ``seats up 1 → 2``."""
    what, before, after = told_apart(election, alteration)
    return f"{what} {before} → {after}"


def told_apart(election: Election, alteration: Alteration) -> tuple[str, str, str]:
    """What is altered, what it was, and what it is: ``seats up``, ``1``, ``2``."""
    kind, *parts = alteration.field.split("/")
    before, after = alteration.before, alteration.after
    if kind in {"contest", "council"} or (len(parts) == 1 and kind != "words"):
        known = after if before is None else before
        subject = _summed_up(election, known) if isinstance(known, Mapping) and known else alteration.field
        return (subject, "not there", "there") if before is None else (subject, "there", "not there")
    name = parts[-1] if parts else kind
    field = f"the word for {name}" if kind == "words" else _field(election.words, name)
    of_whom = f"{_whose(election, alteration.ballot_id, kind, parts[0])}, " if len(parts) > 1 else ""
    told = [_parties(election, it) if name in {"party_id", "holder"} else _value(it) for it in (before, after)]
    return f"{of_whom}{field}", told[0], told[1]


def place(election: Election, alteration: Alteration) -> str:
    """``Hollin (Oldfield)``, ``Oldfield``; of the election as a whole its name."""
    council = election.councils.get(alteration.council_id or "")
    contest = election.contests.get(alteration.ballot_id or "")
    if alteration.council_id is None:
        return election.name
    name = council.name if council is not None else alteration.council_id
    if alteration.ballot_id is None or alteration.field == "contest":
        return name
    return f"{contest.name if contest is not None else alteration.ballot_id} ({name})"


def place_of_change(election: Election, change: CatalogueChange) -> str:
    """Where all of ``change`` is, in short: a ward, a council, several of them, or the night."""
    councils = {it.council_id for it in change.alterations if it.council_id is not None}
    if len(councils) > 1:
        return plural(len(councils), election.words.body, election.words.bodies)
    if not councils:
        return "the night"
    places = {place(election, it) for it in change.alterations if it.council_id is not None}
    whole = Alteration(next(iter(councils)), None, "", None, None)
    return places.pop() if len(places) == 1 else place(election, whole)


def all_altered(election: Election, alterations: Sequence[Alteration], most: int = 6) -> str:
    """The first of them as a sentence, and how many more there are."""
    told = [what_altered(election, it) for it in alterations[:most]]
    more = f"; and {len(alterations) - most} more" if len(alterations) > most else ""
    return f"{sentence('; '.join(told))}{more}."


def _field(words: Words, name: str) -> str:
    return _FIELDS.get(name, name.replace("_", " ")).format(seats=words.seats)


def _whose(election: Election, ballot_id: str | None, kind: str, key: str) -> str:
    if kind == "candidacies":
        contest = election.contests.get(ballot_id or "")
        candidacy = contest.candidacies_by_id.get(key) if contest is not None else None
        return candidacy.name if candidacy is not None else key
    party = election.parties.get(key) if kind == "parties" else None
    return party.name if party is not None else key


def _summed_up(election: Election, known: Mapping[str, Any]) -> str:
    name = known.get("name") or known.get("label") or "this"
    return f"{name} ({_party(election, known['party_id'])})" if "party_id" in known else str(name)


def _parties(election: Election, named: Any) -> str:
    """The short names of a party id, or of several."""
    return _value([_party(election, it) for it in named] if isinstance(named, list) else _party(election, named))


def _party(election: Election, party_id: str) -> str:
    return election.short(party_id) if party_id in election.parties else party_id


def _value(value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case Mapping():
            told = ", ".join(f"{key} {it}" for key, it in value.items())
        case list():
            told = ", ".join(map(_value, value))
        case _:
            told = str(value)
    return told or "nothing"
