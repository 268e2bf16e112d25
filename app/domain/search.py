"""Whether words that somebody types mean a contest, or whatever else has a name: at the desk, and for readers.

The same as in ``desk/matching.js``, held to the same cases. Every word that is typed begins one of the name's, or of
its council's, in any order. Capitals, accents, apostrophes and
hyphens do not matter, ``&`` is “and”, and “St” is “Saint”. What is ``forgiving`` lets one letter of a word be wrong,
missing, too many or out of its order, from four letters on: for when nothing is found otherwise.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType

from app.domain.election import Contest, Council

_APOSTROPHES = re.compile("['’‘ʼ`´′]")
_BETWEEN_WORDS = re.compile(r"[\W_]+")

LEAST_LETTERS = 4
"""Of a shorter word one wrong letter makes any other."""

SAINT = frozenset({"st", "saint"})

_ALSO_CALLED: Mapping[str, str] = MappingProxyType(
    {
        "anglesey": "Ynys Môn",
        "bridgend": "Pen-y-bont-ar-Ogwr",
        "caerphilly": "Caerffili",
        "cardiff": "Caerdydd",
        "carmarthenshire": "Sir Gaerfyrddin Sir Gâr",
        "denbighshire": "Sir Ddinbych",
        "flintshire": "Sir-y-Fflint",
        "glamorgan": "Bro Morgannwg",
        "merthyr": "Merthyr Tudful",
        "monmouthshire": "Sir Fynwy",
        "neath": "Castell-nedd",
        "newport": "Casnewydd",
        "pembrokeshire": "Sir Benfro",
        "swansea": "Abertawe",
        "torfaen": "Tor-faen",
        "wrexham": "Wrecsam",
        "eilean": "Western Isles",
        "eileanan": "Western Isles",
    }
)
"""Councils that have a name in another language as well, by a word of the name: the other is found by either."""


def words_of(text: str) -> list[str]:
    """``text`` as words to compare: lower case, without accents and apostrophes; ``&`` is a word."""
    plain = text if text.isascii() else _without_accents(text)
    joined = _APOSTROPHES.sub("", plain).lower().replace("&", " and ")
    return _BETWEEN_WORDS.sub(" ", joined).split()


def _without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


def asked_words(typed: str) -> list[str]:
    """What is asked for: “and” beside other words asks for nothing."""
    words = words_of(typed)
    return [word for word in words if word != "and"] or words


def matches(own: str, asked: list[str], *, forgiving: bool = False) -> bool:
    """Whether each of the words ``asked`` for begins a word of ``own``, or two of its words written as one."""
    begun = words_to_begin(own)
    return all(any(begins(word, one, forgiving=forgiving) for one in begun) for word in asked)


def words_to_begin(own: str) -> list[str]:
    """What a word has to begin that means ``own``: one of its words, two of them written as one, either Saint."""
    words = words_of(own)
    return [*words, *map("".join, pairwise(words)), *(SAINT if SAINT & {*words} else ())]


def put_right(word: str, letters: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """The ways to put one of its letters right, from the first on: what stands before that, and what ``word`` becomes.

    Some word of these ``letters`` begins with one of them where, and only where, that letter is forgiven.
    """
    if len(word) < LEAST_LETTERS:
        return
    for at, wrong in enumerate(word):
        before, after = word[:at], word[at + 1 :]
        turned = [f"{before}{after[0]}{wrong}{after[1:]}"] if after else []
        others = [f"{before}{letter}{rest}" for letter in letters for rest in (after, word[at:])]
        yield before, [f"{before}{after}", *turned, *others]


def begins(word: str, own: str, *, forgiving: bool) -> bool:
    """Whether ``word`` begins ``own``, a word as well; or does so but for one letter, where that is forgiven."""
    if own.startswith(word):
        return True
    if not forgiving or len(word) < LEAST_LETTERS:
        return False
    wrong = next((at for at, letter in enumerate(word) if own[at : at + 1] != letter), 0)
    rest, left = word[wrong:], own[wrong:]
    is_another, is_one_more = left[1:].startswith(rest[1:]), left.startswith(rest[1:])
    is_one_less = left[1:].startswith(rest)
    is_turned = rest[:2] == left[1::-1] and left[2:].startswith(rest[2:])
    return is_another or is_one_more or is_one_less or is_turned


def aliases_of(council: Council, contest: Contest | None = None) -> str:
    """What else a council and a contest of it are found by: another language's name, and the words of their ids."""
    own = {*words_of(council.name), *words_of(contest.name if contest else "")}
    also = " ".join(_ALSO_CALLED[word] for word in words_of(council.name) if word in _ALSO_CALLED)
    ballot = contest.ballot_id.split(".")[1:] if contest else []
    slugs = [council.council_id, *(part for part in ballot if part != "by" and not part[:1].isdigit())]
    of_ids = [word for word in words_of(" ".join(slugs)) if word not in own]
    return " ".join(filter(None, [also, *dict.fromkeys(of_ids)]))
