"""Names cut to a few letters, for squares that have no room for more; whoever shows them has the name beside them."""

import re
from collections.abc import Iterable, Iterator, Mapping

LONGEST = 4

_LEFT_OUT = frozenset({"and", "by", "in", "le", "of", "on", "the", "under", "upon", "with"})

_BEFORE_A_NAME = frozenset({"east", "great", "high", "mid", "new", "north", "south", "st", "west"})
"""Words that tell a place from others that are called by its second word."""


def abbreviations(names: Iterable[str]) -> Mapping[str, str]:
    """By name, letters that no other of ``names`` has: ``Dart``, ``TunW``, ``NKes``, ``BCP``.

    Of a name that cannot be told from those before it, the shortest whole beginning that can.
    """
    found: dict[str, str] = {}
    for name in dict.fromkeys(names):
        taken = {short.casefold() for short in found.values()}
        found[name] = next(short for short in _candidates(name) if short.casefold() not in taken)
    return found


def _candidates(name: str) -> Iterator[str]:
    words = [word for word in re.findall(r"[^\W_]+", re.sub("[’']", "", name)) if word.lower() not in _LEFT_OUT] or [
        name
    ]
    match words:
        case [first]:
            yield first[:LONGEST]
            yield from (first[: LONGEST - 1] + letter for letter in first[LONGEST:])
        case [first, second] if first.lower() in _BEFORE_A_NAME:
            yield first[0] + second[: LONGEST - 1]
            yield from (first[0] + second[: LONGEST - 2] + letter for letter in second[LONGEST - 1 :])
        case [first, second]:
            yield first[: LONGEST - 1] + second[0].upper()
            yield first[0] + second[: LONGEST - 1].title()
        case _:
            yield "".join(word[0] for word in words[:LONGEST]).upper()
            yield words[0][: LONGEST - 1] + words[-1][0].upper()
    yield from (name[:length] for length in range(LONGEST, len(name)))
    yield name
    # Two of one name in one election: they are numbered.
    yield from (f"{words[0][: LONGEST - 2]}{number}" for number in range(2, 10**6))
