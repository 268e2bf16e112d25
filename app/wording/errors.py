"""What the domain's errors say of themselves: plain values in, for the domain to use when it raises one.

This module alone is known to the domain, and so knows nothing of it (``docs/decisions/0016-words.md``).
"""

from collections.abc import Sequence

NOTHING_TO_CHECK = "Only editors correct and withdraw, and nothing of that kind waits for a check here any more."
VERSIONS_WERE_SEEN = (
    "You have seen what others keyed of this, or in how many fields yours is otherwise, so you cannot be the one who "
    "checks it. Declare it alone, or leave it to somebody who has not."
)


def unknown_election(slug: str) -> str:
    """To whoever asked by an address."""
    return f"There is no election “{slug}”. GET /api/v1/elections lists those there are."


def unknown_council(council_id: str, body: str) -> str:
    """The council is not this election's, which calls such a thing ``body``."""
    return f"There is no {body} “{council_id}” in this election."


def unknown_ballot(ballot_id: str) -> str:
    """The contest is not this election's."""
    return f"There is no contest “{ballot_id}” in this election."


def unknown_sequence(seq: int) -> str:
    """The log has not come so far."""
    return f"There is no entry {seq:,} in the log of this election."


def unknown_ranking(name: str, known: Sequence[str]) -> str:
    """There is no such ranking; which there are."""
    return f"There is no ranking “{name}”. There are {', '.join(known)}."


def unknown_party(party_id: str) -> str:
    """The party file does not have it."""
    return f"There is no party “{party_id}” in this election."


def several_parties(party: str, number: int) -> str:
    """More than one is called so."""
    return f"{number:,} parties of this election are called “{party}”: which is meant?"


def unknown_convention(key: str, known: Sequence[str]) -> str:
    """With those there are."""
    return f"There is no convention “{key}” in this election; there are: {', '.join(known)}."


def unreadable_catalogue(slug: str, reason: str) -> str:
    """To whoever mends it."""
    return f"The catalogue of “{slug}” cannot be read: {reason}. Load its bundle again, or restore a backup."


def unreadable_entry(slug: str, seq: int, reason: str) -> str:
    """To whoever mends it."""
    return (
        f"Entry {seq:,} of “{slug}” cannot be read: {reason}. Restore a backup; or `declared pass-over {slug} {seq} "
        f"--reason …` has it left out, for all to see."
    )


def key_reused(key: str) -> str:
    """To a program that posts."""
    return f"The Idempotency-Key “{key}” was used for another declaration; use a new one for this."


def does_not_fit(error: Exception) -> str:
    """The reason of an entry that can be read, and of which no night can be made."""
    return f"it does not fit into the night ({type(error).__name__}: {error})"


def keyed_already(person: str) -> str:
    """To another who keys it and may not check."""
    return f"{person} has keyed this already; it waits for a checker."


def keyed_differently(person: str, other: str) -> str:
    """To a third who agrees with neither, or may not check."""
    return (
        f"{person} and {other} have keyed this differently: one of them has to key it again, or an editor declares it."
    )


def keyed_as_something_else(person: str, kind: str) -> str:
    """To another who hands in something else about the same than the ``kind`` that waits."""
    named = {"ward": "a result", "tally": "a tally"}.get(kind, f"a {kind}")
    return f"{person} has handed in {named} of this, which waits for a check: check that, or have it taken back first."
