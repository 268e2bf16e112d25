"""A result as somebody else has written it out, read as figures of a ward: a returning officer's text, or a table.

``SMITH, John (Labour Party) ...... 1,234 Elected`` in whatever order, a candidate a line, or a line for each of name,
party and votes. Votes are never guessed: what fits two candidates, has two figures or is there twice is not read, and
every line with a figure that was not read is told with why.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.election import Candidacy, Contest, Election
from app.domain.matching import OneFits, SeveralFit, agreement, groups_called, match_candidate
from app.domain.written_lines import WrittenLine, lines_of, split_at_figures

GIVEN_NAMES_FIT = 2
"""What :func:`agreement` is at least where more than the surname agrees."""


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


@dataclass(frozen=True, slots=True)
class UnreadLine:
    """A line with a figure that went nowhere. ``candidacies`` are those whom it may be about."""

    line: str
    why: Unread
    candidacies: tuple[Candidacy, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenResult:
    """What was read: votes by candidacy, other figures by the form's field (``turnout`` in per cent), and the rest."""

    votes: Mapping[str, int] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    """By the same candidacies and fields, the line that it was read from."""
    figures: Mapping[str, str] = field(default_factory=dict)
    electorate: int | None = None
    unread: tuple[UnreadLine, ...] = ()


@dataclass(frozen=True, slots=True)
class _Meant:
    """Whom a line means: one candidate, or why nobody can say."""

    candidacy: Candidacy | None = None
    why: Unread = Unread.NOBODY
    others: tuple[Candidacy, ...] = ()


@dataclass(slots=True)
class _TextReading:
    """A text on the way from its first line to its last."""

    election: Election
    contest: Contest
    found: list[tuple[str, str, WrittenLine]] = field(default_factory=list)
    """Candidacy or field, figure and line, as often as there are any."""
    below: list[tuple[str, str, WrittenLine]] = field(default_factory=list)
    """The same of figures in lines of their own, below a name."""
    unread: list[UnreadLine] = field(default_factory=list)
    named: _Meant | None = None
    """Whose figure the next line may have."""
    alternates: bool = True

    def take(self, line: WrittenLine) -> None:
        if line.label is not None:
            self._take_labelled(line, line.label)
        elif line.is_figure:
            self._take_figure(line)
        elif not line.counts and line.is_clear:
            self._take_name(line)
        elif len(line.counts) > 1 and (parts := self._candidates_in(line)):
            self.found += parts
        else:
            self._take_votes(line)

    def _take_votes(self, line: WrittenLine) -> None:
        meant = _meant(self.election, self.contest, line)
        if meant.candidacy is None:
            self._leave(line, meant.why, meant.others)
        elif len(line.counts) != 1 or not line.is_clear:
            self._leave(line, Unread.FIGURES, (meant.candidacy,))
        else:
            self.found.append((meant.candidacy.candidacy_id, str(line.counts[0]), line))

    def _candidates_in(self, line: WrittenLine) -> list[tuple[str, str, WrittenLine]]:
        parts = split_at_figures(line)
        meant = [_meant(self.election, self.contest, part).candidacy for part in parts if part.label is None]
        known = [it.candidacy_id for it in meant if it is not None]
        if len({*known}) < len(parts):
            return []
        return [(one, str(part.counts[0]), line) for one, part in zip(known, parts, strict=True)]

    def _take_labelled(self, line: WrittenLine, label: str) -> None:
        if label == "turnout" and line.percentage is not None:
            self.found.append((label, line.percentage, line))
        elif label and label != "turnout" and len(line.counts) == 1 and line.is_clear:
            self.found.append((label, str(line.counts[0]), line))
        elif line.counts and label:
            self._leave(line, Unread.FIGURES if len(line.counts) > 1 else Unread.NO_FIELD)

    def _take_name(self, line: WrittenLine) -> None:
        if any(groups_called(self.election, piece) for piece in line.pieces) and len(line.pieces) == 1:
            self._take_party(line.pieces[0])
            return
        meant = _meant(self.election, self.contest, line)
        if meant.candidacy is None and meant.why is Unread.NOBODY:
            return
        self.alternates &= self.named is None
        self.named = meant

    def _take_party(self, party: str) -> None:
        """A party in a line of its own belongs to the name above, or the two do not alternate."""
        if self.named is not None and self.named.candidacy is not None:
            groups = groups_called(self.election, party)
            self.alternates &= self.election.group(self.named.candidacy.party_id) in groups

    def _take_figure(self, line: WrittenLine) -> None:
        named, self.named = self.named, None
        if named is None:
            self.alternates = False
            self._leave(line, Unread.APART)
        elif named.candidacy is None:
            self._leave(line, named.why, named.others)
        else:
            self.below.append((named.candidacy.candidacy_id, str(line.counts[0]), line))

    def _leave(self, line: WrittenLine, why: Unread, candidacies: Sequence[Candidacy] = ()) -> None:
        self.unread.append(UnreadLine(line.written, why, tuple(candidacies)))

    def result(self) -> WrittenResult:
        if self.alternates:
            self.found += self.below
        else:
            for _, _, line in self.below:
                self._leave(line, Unread.APART)
        values: dict[str, set[str]] = {}
        for name, figure, _ in self.found:
            values.setdefault(name, set()).add(figure)
        times = Counter(name for name, _, _ in self.found)
        by_id = self.contest.candidacies_by_id
        kept: dict[str, tuple[str, WrittenLine]] = {}
        for name, figure, line in self.found:
            # A candidate has one line; a figure beside them may be told again.
            if len(values[name]) > 1 or (name in by_id and times[name] > 1):
                self._leave(line, Unread.TWICE, (by_id[name],) if name in by_id else ())
            else:
                kept[name] = (figure, line)
        return WrittenResult(
            votes={name: int(figure) for name, (figure, _) in kept.items() if name in by_id},
            lines={name: line.written for name, (_, line) in kept.items()},
            figures={name: it for name, (it, _) in kept.items() if name not in by_id and name != "electorate"},
            electorate=int(kept["electorate"][0]) if "electorate" in kept else None,
            unread=tuple(self.unread),
        )


def read_written(election: Election, contest: Contest, text: str) -> WrittenResult:
    """What ``text`` says of ``contest``, whose nominations are known."""
    reading = _TextReading(election, contest)
    for line in lines_of(text):
        reading.take(line)
    return reading.result()


def _meant(election: Election, contest: Contest, line: WrittenLine) -> _Meant:
    """Who is meant by the first way to read a line in which anybody is."""
    others: tuple[Candidacy, ...] = ()
    if len(line.pieces) == 1 and (groups := groups_called(election, line.pieces[0])):
        # “Green” may be a surname and a party, and what stands beside a party may be its seats.
        of_party = (it for it in contest.candidacies if election.group(it.party_id) in groups)
        return _Meant(why=Unread.SEVERAL, others=tuple(of_party))
    for readings in _ways(election, line):
        matches = [_match(election, contest, name, party) for name, party in readings]
        fitting = {it.candidacy_id: it for match in matches for it in match.others if match.why is Unread.SEVERAL}
        fitting |= {it.candidacy.candidacy_id: it.candidacy for it in matches if it.candidacy is not None}
        if len(fitting) == 1:
            return _Meant(next(iter(fitting.values())))
        if fitting:
            return _Meant(why=Unread.SEVERAL, others=tuple(fitting.values()))
        others = others or next((it.others for it in matches if it.others), ())
    return _Meant(why=Unread.OTHER_PARTY if others else Unread.NOBODY, others=others)


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


def _match(election: Election, contest: Contest, name: str, party: str) -> _Meant:
    match match_candidate(election, contest, name, party):
        case OneFits(candidacy):
            # A party that nobody knows beside a surname may be somebody's who is not on file.
            is_known = not party.strip() or bool(groups_called(election, party))
            if is_known or agreement(candidacy.name, name) >= GIVEN_NAMES_FIT:
                return _Meant(candidacy)
            return _Meant()
        case SeveralFit(candidacies):
            return _Meant(why=Unread.SEVERAL, others=candidacies)
        case nobody:
            return _Meant(why=Unread.OTHER_PARTY if nobody.others else Unread.NOBODY, others=nobody.others)
