"""Whom a line that somebody has written out means: its words as a name and a party, in every way that they may be."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.election import Candidacy, Contest, Election
from app.domain.matching import (
    OneFits,
    SeveralFit,
    agreement,
    groups_called,
    match_candidate,
    may_stand_for,
    plain_words,
)
from app.domain.written_lines import WrittenLine

GIVEN_NAMES_FIT = 2
"""What :func:`agreement` is at least where more than the surname agrees."""

LONGEST_PARTY = 8
"""Words."""


class Unread(StrEnum):
    """Why a line with a figure is not read."""

    NOBODY = "nobody"
    SEVERAL = "several"
    OTHER_PARTY = "other-party"
    FIGURES = "figures"
    """Several, or something beside one."""
    TWICE = "twice"
    APART = "apart"
    """Names and figures stand in lines of their own, and do not alternate."""
    NO_FIELD = "no-field"
    """It does not say, or can be two fields'."""
    NOT_ASKED = "not-asked"
    """No figure of the form."""
    PART = "part"
    """Of the rejected papers."""
    NO_VOTES = "no-votes"
    """A share, or a number that counts lines."""
    BEYOND = "beyond"
    """The first line behind the last that is read."""


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a line means: one candidate, or why nobody can say."""

    candidacy: Candidacy | None = None
    why: Unread = Unread.NOBODY
    others: tuple[Candidacy, ...] = ()


def meant_by(election: Election, contest: Contest, line: WrittenLine) -> Meant:
    """Who is meant by the first way to read a line in which anybody is, unless a party in it speaks against them."""
    meant = _fitting(election, contest, line)
    if meant.candidacy is not None and _is_spoken_against(election, meant.candidacy, line):
        return Meant(why=Unread.OTHER_PARTY, others=(meant.candidacy,))
    return meant


def _fitting(election: Election, contest: Contest, line: WrittenLine) -> Meant:
    """Who is meant by the first way to read a line in which anybody is."""
    others: tuple[Candidacy, ...] = ()
    if len(line.pieces) == 1 and (groups := groups_called(election, line.pieces[0])):
        # “Green” may be a surname and a party, and what stands beside a party may be its seats.
        of_party = (it for it in contest.candidacies if election.group(it.party_id) in groups)
        return Meant(why=Unread.SEVERAL, others=tuple(of_party))
    for readings in _ways(election, line):
        matches = [_match(election, contest, name, party) for name, party in readings]
        fitting = {it.candidacy_id: it for match in matches for it in match.others if match.why is Unread.SEVERAL}
        fitting |= {it.candidacy.candidacy_id: it.candidacy for it in matches if it.candidacy is not None}
        if len(fitting) == 1:
            return Meant(next(iter(fitting.values())))
        if fitting:
            return Meant(why=Unread.SEVERAL, others=tuple(fitting.values()))
        others = others or next((it.others for it in matches if it.others), ())
    return Meant(why=Unread.OTHER_PARTY if others else Unread.NOBODY, others=others)


def _is_spoken_against(election: Election, candidacy: Candidacy, line: WrittenLine) -> bool:
    """Whether words of a line that are not the candidate's name call another party than theirs, wherever they stand."""
    own = Counter(plain_words(candidacy.name))
    for piece in line.pieces:
        rest: list[str] = []
        for word in piece.split():
            plain = Counter(plain_words(word))
            if plain <= own:
                own -= plain
            else:
                rest.append(word)
        if _calls_another(election, candidacy, rest):
            return True
    return False


def _calls_another(election: Election, candidacy: Candidacy, words: Sequence[str]) -> bool:
    """Whether ``words`` call another party; the longest go first, as Swale Independents are not Independent."""
    begin = 0
    while begin < len(words):
        for end in range(min(len(words), begin + LONGEST_PARTY), begin, -1):
            called = " ".join(words[begin:end])
            if groups_called(election, called):
                if not may_stand_for(election, candidacy, called):
                    return True
                begin = end - 1
                break
        begin += 1
    return False


def _ways(election: Election, line: WrittenLine) -> Iterator[list[tuple[str, str]]]:
    """The ways to read the words of a line as name and party, those first that say more clearly which is which."""
    pieces = line.pieces
    if len(pieces) == 1:
        yield [(pieces[0], "")]
        yield [*_split_words(election, pieces[0])]
        return
    parties = [at for at, piece in enumerate(pieces) if groups_called(election, piece.strip("()[] "))]
    yield [(" ".join((*pieces[:at], *pieces[at + 1 :])), pieces[at].strip("()[] ")) for at in parties]
    yield [(" ".join(pieces), "")]
    yield [(piece, pieces[at].strip("()[] ")) for at in parties for piece in pieces if piece != pieces[at]]
    if not parties:
        yield [(piece, "") for piece in pieces]


def _split_words(election: Election, piece: str) -> Iterator[tuple[str, str]]:
    """``John SMITH Labour Party`` and ``Labour Party John SMITH`` as name and party."""
    words = piece.split()
    for cut in range(1, len(words)):
        before, after = " ".join(words[:cut]), " ".join(words[cut:])
        if groups_called(election, after):
            yield before, after
        if groups_called(election, before):
            yield after, before


def _match(election: Election, contest: Contest, name: str, party: str) -> Meant:
    match match_candidate(election, contest, name, party):
        case OneFits(candidacy):
            # A party that nobody knows beside a surname may be somebody's who is not on file.
            is_known = not party.strip() or bool(groups_called(election, party))
            if is_known or agreement(candidacy.name, name) >= GIVEN_NAMES_FIT:
                return Meant(candidacy)
            return Meant()
        case SeveralFit(candidacies):
            return Meant(why=Unread.SEVERAL, others=candidacies)
        case nobody:
            return Meant(why=Unread.OTHER_PARTY if nobody.others else Unread.NOBODY, others=nobody.others)
