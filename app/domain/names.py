"""When two names are one: the log tells people apart by their names, and nobody may check himself as his namesake."""

import unicodedata

COMMAND = "command:"
"""How the name of whoever runs a command begins; no account's has a colon, and a token's has another beginning."""

_ALIKE = str.maketrans(
    # Latin first, then Cyrillic and Greek letters that nobody can tell from it, and digits.
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухһԁԛԝӏ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορχ" + "I10",
    "ABESIJKMHOPCTYXaesijopcyxhdqwl" + "ABEZHIKMNOPTYXavopx" + "llo",
)
"""Letters by what they look like; with the capital I as the small l, which many typefaces draw the same."""

_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK"})


def name_key(name: str) -> str:
    """What names are compared by: the same for every way to type, to compose and to capitalise one.

    NFKC and case folding as Unicode has it for identifiers (UAX #31), and one space for any number of them.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(folded.split())


def is_same_person(one: str, other: str) -> bool:
    """Whether two names are one person's."""
    return one == other or name_key(one) == name_key(other)


def looks_like(one: str, other: str) -> bool:
    """Whether nobody can be sure to read two names apart: the same by their key, or by the shape of their letters."""
    return is_same_person(one, other) or _shape(one) == _shape(other)


def mixes_scripts(name: str) -> bool:
    """Whether a word of ``name`` has letters of several of the alphabets that look alike: Latin, Cyrillic and Greek."""
    return any(len(_SCRIPTS & set(map(_script, word))) > 1 for word in name.replace("-", " ").split())


def _shape(name: str) -> str:
    return name_key(unicodedata.normalize("NFKC", name).translate(_ALIKE))


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
