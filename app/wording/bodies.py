"""What is wrong with a body that was posted."""

from collections.abc import Iterable

NOT_AN_OBJECT = "The body has to be a JSON object."
VOTES_OR_SEATS = "Give either “votes” of every candidacy or “seats” by party, or else who is “elected” alone."
TOTAL_OF_VOTES = "“total” is the sum of “votes”: give it with them."
UNREPLACEABLE = {
    "catalogue": "is a change of the catalogue: load the files as they should be, with a reason.",
    "withdrawal": "withdraws all that came after an entry: declare again what is to stand.",
}
"""Of an entry that cannot be corrected or withdrawn, by what it is about."""

REPLACES_OR_SINCE = "Give either “replaces”, the entry to withdraw, or “since”, to withdraw all that came after one."
BALLOT_OR_COUNCIL = "Give either “ballot_id” or “council_id”."
NOT_FOR_A_CHECK = (
    "Figures are taken as they were announced by an editor, who declares them alone, or by a token that may declare: "
    "they are not keyed for a check."
)
ANNOUNCED_ALONE = "Figures as announced are not keyed for a check: press “Declare alone”."
CONTROL_CHARACTERS = "A text has no control characters"
NO_TIME = "“at” has to be an ISO 8601 time with an offset, such as 2023-05-05T02:20:01+01:00"


def no_kind(kinds: Iterable[str]) -> str:
    """With those there are."""
    return f"“kind” has to be one of {', '.join(kinds)}."


def put_off_for_one(status: str) -> str:
    """Of a poll that is countermanded or postponed for a whole council."""
    return f"A poll is {status} for one contest: give its “ballot_id”."


def moved(replaces: int, identifier: str | None) -> str:
    """A correction that is about something else than what it corrects; None is the whole night."""
    what = f"“{identifier}”" if identifier is not None else "the whole night"
    return f"Entry {replaces:,} is about {what}: a correction cannot move it to another."


def not_a_number(field: str, *, is_percentage: bool) -> str:
    """Of a field that counts, or is a percentage."""
    return f"“{field}” has to be {'a percentage from 0 to 100' if is_percentage else 'a whole number, 0 or more'}."


def missing(field: str) -> str:
    """Of a field that has to be there."""
    return f"“{field}” is missing."


def unknown(field: str) -> str:
    """Of a field that no such body has."""
    return f"There is no field “{field}” here; nothing was declared."


def invalid(field: str, reason: str) -> str:
    """Of a field that is not of its type."""
    return f"“{field}”: {reason}."
