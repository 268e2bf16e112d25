"""Whom a line of somebody else's list means: a name as others write it, beside a party as others call it.

Returning officers write ``SMITH, John``, ``John SMITH`` or ``Smith J``, with titles and without accents. Who is meant
is never guessed: where a name fits two candidates, or the only one that it fits stands for another party, that is what
comes out.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.election import INDEPENDENTS, Candidacy, Contest, Council, Election


@dataclass(frozen=True, slots=True)
class OneFits:
    """The one candidate who is meant."""

    candidacy: Candidacy


@dataclass(frozen=True, slots=True)
class SeveralFit:
    """All of ``candidacies`` fit alike."""

    candidacies: tuple[Candidacy, ...]


@dataclass(frozen=True, slots=True)
class NobodyFits:
    """Nobody fits. ``others`` have that name, and stand for another party."""

    others: tuple[Candidacy, ...] = ()


Match = OneFits | SeveralFit | NobodyFits

PARTY_ALIASES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("con", "cons", "conservative", "conservatives", "conservativeunionist", "tory"), "PP52"),
        **dict.fromkeys(("lab", "labour", "labourcooperative", "labourcoop"), "PP53"),
        **dict.fromkeys(("ld", "libdem", "libdems", "liberaldemocrat", "liberaldemocrats"), "PP90"),
        **dict.fromkeys(("green", "greens", "grn"), "PP63"),
        **dict.fromkeys(("reform", "ref", "reformuk", "ruk"), "PP7931"),
        **dict.fromkeys(("ukip", "ukindependence"), "PP85"),
        **dict.fromkeys(("snp", "scottishnational"), "PP102"),
        **dict.fromkeys(("plaid", "plaidcymru", "pc"), "PP77"),
        **dict.fromkeys(("tusc", "tradeunionistsocialistcoalition"), "PP804"),
        **dict.fromkeys(("ind", "independent", "independents", "nodescription", "none"), INDEPENDENTS),
    }
)
"""What parties are called beside their names, as one plain word, with their ids of the Electoral Commission."""

_TITLES = frozenset(
    ["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "revd", "reverend", "sir", "dame"]
) | {"lord", "lady", "cllr", "councillor"}
_HONOURS = frozenset(["obe", "mbe", "cbe", "jp", "bem"])
_SAID_BESIDE_WARDS = frozenset({"and", "ward", "division", "electoral", "the"})
_SAID_BESIDE_COUNCILS = frozenset({"and", "borough", "city", "council", "county", "district", "of", "the"})
_SAID_BESIDE_PARTIES = frozenset({"the", "party", "candidate", "candidates", "local", "and"})
_KNOWN_AS = re.compile(r"\(?\s*(?:commonly\s+)?known\s+as\b:?\s*([^)]*)\)?", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"^(.*\S)\s*[(\[]([^()\[\]]+)[)\]]\s*$", re.DOTALL)
_SEATS = re.compile(r"[(\[]\s*\d+\s+\w+\s*[)\]]\s*$")
"""``(2 seats)``, ``[3 councillors]`` behind a ward."""
_APOSTROPHES = re.compile(r"['’‘ʼ`´]")
_NO_LETTERS = re.compile(r"[\W_]+")
_WRITTEN_PLAINLY = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})

_SAME, _FITTING, _SURNAME = 3, 2, 1
"""How well two names agree: word for word, in surname and given names or initials, in the surname alone."""


def plain_words(text: str) -> list[str]:
    """The words of ``text`` without accents, capitals, apostrophes and signs: ``O’Brien-Müller`` is obrien, muller."""
    bare = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text).casefold())
    unmarked = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return _NO_LETTERS.sub(" ", unmarked.translate(_WRITTEN_PLAINLY)).split()


def match_candidate(election: Election, contest: Contest, name: str, party: str = "") -> Match:
    """Who of ``contest`` is meant by ``name`` and ``party``, each as written; either may be empty.

    A party that nobody knows neither tells people apart nor speaks against anybody. A party alone means its only
    candidate.
    """
    if not party.strip():
        name, party = _party_taken_out(election, contest, name)
    groups = groups_called(election, party)
    fitting = [it for it in contest.candidacies if _is_of(election, it, groups, party)]
    if not name.strip():
        return _one_of(fitting) if groups or len(fitting) < len(contest.candidacies) else NobodyFits()
    best = _best(fitting, name)
    return _one_of(best) if best else NobodyFits(tuple(_best(contest.candidacies, name)))


def groups_called(election: Election, party: str) -> frozenset[str]:
    """The reporting groups that ``party`` may name; none for words that are no party's.

    Its name, short name and what it is called beside them; with and without *Party* and the like.
    """
    key = _party_key(party)
    if not key:
        return frozenset()
    parties = election.parties.values()
    named = {election.group(it.party_id) for it in parties if key in {_party_key(it.name), _party_key(it.short)}}
    alias = PARTY_ALIASES.get(key, "")
    if not named and alias in election.parties:
        named = {election.group(alias)}
    return frozenset(named)


def may_stand_for(election: Election, candidacy: Candidacy, party: str) -> bool:
    """Whether ``party`` does not speak against a candidate: it is theirs, is their description, or is nobody's."""
    return _is_of(election, candidacy, groups_called(election, party), party)


def councils_called(election: Election, written: str) -> tuple[Council, ...]:
    """The councils that ``written`` may name: by council_id or GSS code, else by name or alias.

    ``Medway Council`` is Medway, ``Borough of Dover`` is Dover.
    """
    councils, as_written = election.councils.values(), written.strip()
    by_code = tuple(it for it in councils if as_written and as_written in {it.council_id, it.gss})
    key = _council_key(written)
    return by_code or tuple(it for it in councils if key and key in map(_council_key, (it.name, *it.aliases)))


def contests_called(contests: Collection[Contest], written: str) -> tuple[Contest, ...]:
    """Those of ``contests`` that ``written`` may name: by ballot_id or GSS code, else by ward.

    ``St. Mary’s & Brook Ward`` is Saint Marys and Brook. A by-election on the same day is another contest of one ward:
    it is told apart by that word alone.
    """
    as_written = written.strip()
    by_code = tuple(it for it in contests if as_written and as_written in {it.ballot_id, it.gss})
    key = _ward_key(written)
    if by_code or not key:
        return by_code
    by_name = tuple(it for it in contests if _ward_key(it.name) == key)
    by_ward = tuple(it for it in contests if _ward_key(it.ward) == key)
    return by_ward if len(by_ward) > 1 and not any(it.by_election for it in by_name) else by_name or by_ward


def _council_key(council: str) -> str:
    words = plain_words(council)
    return " ".join(word for word in words if word not in _SAID_BESIDE_COUNCILS) or " ".join(words)


def _ward_key(ward: str) -> str:
    words = ["saint" if word == "st" else word for word in plain_words(_SEATS.sub("", ward))]
    return " ".join(word for word in words if word not in _SAID_BESIDE_WARDS) or " ".join(words)


def _party_key(party: str) -> str:
    words = plain_words(party)
    return "".join(word for word in words if word not in _SAID_BESIDE_PARTIES) or "".join(words)


def _is_of(election: Election, candidacy: Candidacy, groups: frozenset[str], party: str) -> bool:
    is_described = bool(candidacy.description) and _party_key(candidacy.description) == _party_key(party)
    return not groups or is_described or election.group(candidacy.party_id) in groups


def _party_taken_out(election: Election, contest: Contest, name: str) -> tuple[str, str]:
    """``Smith, John (Labour)`` as name and party; brackets that hold no party stay in the name."""
    match = _IN_BRACKETS.match(name)
    if match is None:
        return name, ""
    described = {_party_key(it.description) for it in contest.candidacies if it.description}
    is_party = bool(groups_called(election, match[2])) or _party_key(match[2]) in described
    return (match[1], match[2]) if is_party else (name, "")


def _one_of(fitting: Sequence[Candidacy]) -> Match:
    if not fitting:
        return NobodyFits()
    return OneFits(fitting[0]) if len(fitting) == 1 else SeveralFit(tuple(fitting))


def _best(candidacies: Iterable[Candidacy], name: str) -> list[Candidacy]:
    """Those whose names agree best with ``name``, if at all."""
    degrees = {it.candidacy_id: (it, agreement(it.name, name)) for it in candidacies}
    best = max((degree for _, degree in degrees.values()), default=0)
    return [it for it, degree in degrees.values() if degree == best and best > 0]


def surname_and_forenames(name: str) -> tuple[str, str]:
    """``name`` in two parts, as it is written: a comma or capitals tell the surname, else it is the last word."""
    before, comma, after = name.partition(",")
    if comma and before.strip():
        return before.strip(), after.strip()
    words = name.split()
    capitals = [word for word in words if _is_in_capitals(word)]
    others = [word for word in words if word not in capitals]
    if capitals and others:
        return " ".join(capitals), " ".join(others)
    return (words[-1] if words else name), " ".join(words[:-1])


def agreement(registered: str, written: str) -> int:
    """How well two names agree, 0 where they are two people's, whatever either is known as beside."""
    return max(
        (_agreement(one, other) for one in _known_as(registered) for other in _known_as(written)),
        default=0,
    )


def _known_as(name: str) -> list[str]:
    """A name, and the one that its bearer is commonly known as."""
    known = [match.strip() for match in _KNOWN_AS.findall(name)]
    return [it for it in (_KNOWN_AS.sub(" ", name), *known) if plain_words(it)]


@dataclass(frozen=True, slots=True)
class _SplitName:
    """A name with its surname told from what was given."""

    surname: tuple[str, ...]
    given: tuple[str, ...]


def _agreement(registered: str, written: str) -> int:
    theirs, ours = list(_readings(written, either_way=True)), list(_readings(registered, either_way=False))
    # An initial is never taken for the one whose name is written so rather than for the one who is called so.
    has_initials = any(len(word) == 1 for reading in theirs for word in reading.given)
    degree = 0
    for one in ours:
        for other in theirs:
            if one.surname != other.surname:
                continue
            if one.given == other.given and not has_initials:
                return _SAME
            if not one.given or not other.given:
                degree = max(degree, _SURNAME)
            elif _fit(one.given, other.given):
                degree = _FITTING
    return degree


def _fit(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the fewer given names are among the others in their order, as such or as initials."""
    fewer, more = sorted((one, other), key=len)
    rest = iter(more)
    return all(any(_is_same_given(name, it) for it in rest) for name in fewer)


def _is_same_given(one: str, other: str) -> bool:
    return one == other or (1 in {len(one), len(other)} and one[0] == other[0])


def _readings(name: str, *, either_way: bool) -> Iterator[_SplitName]:
    """The ways to read a name: a comma or capitals tell the surname, else it comes last, or ``either_way``."""
    before, comma, after = name.partition(",")
    if comma and _name_words(before):
        yield _SplitName(_name_words(before), _name_words(after))
        return
    capitals = [word for word in name.split() if _is_in_capitals(word)]
    others = [word for word in name.split() if not _is_in_capitals(word)]
    if capitals and _name_words(" ".join(others)):
        yield _SplitName(_name_words(" ".join(capitals)), _name_words(" ".join(others)))
        return
    words = _name_words(name)
    for cut in range(len(words)):
        yield _SplitName(words[cut:], words[:cut])
    for cut in range(1, len(words) if either_way else 0):
        yield _SplitName(words[:cut], words[cut:])


def _is_in_capitals(word: str) -> bool:
    """Whether a word is shouted, as surnames are: more than an initial, and nothing small but a ``Mc``."""
    letters = "".join(letter for letter in word.removeprefix("Mc").removeprefix("Mac") if letter.isalpha())
    return len(letters) > 1 and letters.isupper() and letters.casefold() not in _HONOURS


def _name_words(name: str) -> tuple[str, ...]:
    """Its words without titles before it and honours behind it; somebody may be called Lord all the same."""
    words = plain_words(name)
    while len(words) > 1 and words[0] in _TITLES:
        del words[0]
    while len(words) > 1 and words[-1] in _HONOURS:
        del words[-1]
    return tuple(words)
