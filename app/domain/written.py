"""A result as somebody else has written it out, read as figures of a ward: a returning officer's text, or a table.

``SMITH, John (Labour Party) ...... 1,234 Elected`` in whatever order, a candidate a line, or a line for each of name,
party and votes. Votes are never guessed: what fits two candidates, has two figures or is there twice is not read, and
every line with a figure that was not read is told with why.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.election import Candidacy, Contest, Election
from app.domain.matching import groups_called
from app.domain.written_lines import (
    BARE_TOTAL,
    IN_PART,
    REJECTED_PART,
    WrittenLine,
    lines_beyond,
    lines_of,
    split_at_figures,
    split_at_labels,
)
from app.domain.written_names import Meant, Unread, meant_by
from app.domain.written_stack import BREAK, FIGURE, LABEL, NAME, OTHER, PARTY, WORDS, Stack


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


@dataclass(slots=True)
class _TextReading:
    """A text on the way from its first line to its last."""

    election: Election
    contest: Contest
    found: list[tuple[str, str, WrittenLine]] = field(default_factory=list)
    """Candidacy or field, figure and line, as often as there are any."""
    unread: list[UnreadLine] = field(default_factory=list)
    stack: Stack = field(default_factory=Stack)
    unsure: dict[str, Meant] = field(default_factory=dict)
    """Whom the lines with a name mean that is not one candidate's, as they are written."""
    rejected: list[int] = field(default_factory=list)
    """The parts of the table of rejected papers above."""
    in_part: int = 0
    """The papers rejected in part, which the total of the rejected ones has or has not."""
    shares: list[WrittenLine] = field(default_factory=list)
    """Alone in their lines."""
    follows_votes: bool = True
    """Whether a total of what is above would be that of votes."""

    def take(self, line: WrittenLine) -> None:
        if line.label is not None:
            self._take_labelled(line, line.label)
        elif line.is_figure:
            self.stack.add(FIGURE, line)
        elif not line.counts and line.is_clear:
            self._take_words(line)
        elif len(line.counts) > 1 and (parts := self._candidates_in(line)):
            self.found += parts
            self._after_votes(line)
        else:
            self._take_votes(line)

    def _after_votes(self, line: WrittenLine) -> None:
        self.follows_votes, self.rejected, self.in_part = True, [], 0
        self.stack.add(BREAK, line)

    def _take_votes(self, line: WrittenLine) -> None:
        meant = meant_by(self.election, self.contest, line)
        if meant.candidacy is None:
            # A figure that is none, alone in its line, may be anybody's in a stack.
            is_nobody = meant.why is Unread.NOBODY and bool(line.pieces)
            self.stack.add(OTHER if is_nobody else BREAK, line)
            self._leave(line, meant.why if line.pieces else Unread.FIGURES, meant.others)
        elif len(line.counts) != 1 or not line.is_clear:
            self.stack.add(BREAK, line)
            self._leave(line, Unread.FIGURES, (meant.candidacy,))
        else:
            self.found.append((meant.candidacy.candidacy_id, str(line.counts[0]), line))
            self._after_votes(line)

    def _candidates_in(self, line: WrittenLine) -> list[tuple[str, str, WrittenLine]]:
        parts = split_at_figures(line)
        meant = [meant_by(self.election, self.contest, part).candidacy for part in parts if part.label is None]
        known = [it.candidacy_id for it in meant if it is not None]
        if len({*known}) < len(parts):
            return []
        return [(one, str(part.counts[0]), line) for one, part in zip(known, parts, strict=True)]

    def _take_labelled(self, line: WrittenLine, label: str) -> None:
        self.follows_votes &= label in {"total", BARE_TOTAL}
        if not line.has_digits:
            self.stack.add(LABEL, line)
            return
        self.stack.add(OTHER, line)
        is_one = len(line.counts) == 1 and line.is_clear
        if label == "turnout" and line.percentage is not None:
            self.found.append((label, line.percentage, line))
        elif len(line.counts) > 1 or not line.is_clear:
            self._leave(line, Unread.FIGURES, self._named_in(line))
        elif label == "":
            self._leave(line, Unread.NOT_ASKED, self._named_in(line))
        elif not is_one or label == "turnout":
            self._leave(line, Unread.NO_FIELD)
        else:
            self._take_beside(line, label, line.counts[0])

    def _take_beside(self, line: WrittenLine, label: str, count: int) -> None:
        is_of_rejected = bool(self.rejected) and sum(self.rejected) in {count, count - self.in_part}
        if label in {REJECTED_PART, IN_PART}:
            if label == REJECTED_PART:
                self.rejected.append(count)
            else:
                self.in_part += count
            self._leave(line, Unread.PART)
        elif label == BARE_TOTAL and is_of_rejected:
            self.found.append(("rejected", str(count), line))
        elif label == BARE_TOTAL and self.follows_votes:
            self.found.append(("total", str(count), line))
        elif label == BARE_TOTAL or (label != "rejected" and is_of_rejected):
            self._leave(line, Unread.NO_FIELD)
        else:
            self.found.append((label, str(count), line))

    def _named_in(self, line: WrittenLine) -> tuple[Candidacy, ...]:
        meant = meant_by(self.election, self.contest, line)
        return (meant.candidacy,) if meant.candidacy is not None else ()

    def _take_words(self, line: WrittenLine) -> None:
        if len(line.pieces) == 1 and groups_called(self.election, line.pieces[0]):
            self.stack.add(PARTY, line)
        elif line.pieces:
            meant = meant_by(self.election, self.contest, line)
            is_nobody = meant.candidacy is None and meant.why is Unread.NOBODY
            self.stack.add(WORDS if is_nobody else NAME, line, meant.candidacy)
            if meant.candidacy is None:
                self.unsure[line.written] = meant
        elif line.has_digits:
            self.shares.append(line)

    def _read_stack(self) -> None:
        """Take the figures that stand below names; tell of all, and of shares, where there are no votes to them."""
        read = self.stack.read(self.election)
        for name, line in read:
            if name.candidacy is not None:
                self.found.append((name.candidacy.candidacy_id, str(line.counts[0]), line))
            else:
                meant = self.unsure[name.line.written]
                self._leave(line, meant.why, meant.others)
        for it in () if read else self.stack.of_kind(FIGURE):
            self._leave(it.line, Unread.APART)
        named = [] if read else self.stack.of_kind(NAME)
        for it in (*named, *self.stack.of_kind(PARTY, WORDS)):
            if it.line.has_digits:
                self._leave(it.line, Unread.NO_VOTES, (it.candidacy,) if it.candidacy else ())
        for line in () if read else self.shares:
            self._leave(line, Unread.NO_VOTES)

    def _leave(self, line: WrittenLine, why: Unread, candidacies: Sequence[Candidacy] = ()) -> None:
        self.unread.append(UnreadLine(line.written, why, tuple(candidacies)))

    def result(self) -> WrittenResult:
        self._read_stack()
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
        for part in split_at_labels(line):
            reading.take(part)
    reading.unread += [UnreadLine(line, Unread.BEYOND) for line in lines_beyond(text)]
    return reading.result()
