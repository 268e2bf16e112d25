"""Names, parties and figures that stand in lines of their own: whose each figure is, where that can be read in one way.

A figure may stand below its name or above it. Nothing says which but where the lines begin and end, so anything that
does not go on evenly is not read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.election import Candidacy, Election
from app.domain.matching import may_stand_for
from app.domain.written_lines import WrittenLine

NAME, PARTY, WORDS, FIGURE, LABEL, OTHER, BREAK = "NPWFLOB"
"""What a line is; ``LABEL`` says of what its figure is, and has none; ``OTHER`` has more than a stack's lines have."""

_EVEN = re.compile(
    r"(?P<before>[PWLO]*?)"
    r"(?:(?:NP{0,2}F)+|(?:P{0,2}NF)+|(?:N[PW]F){2,}|(?:N[PW]{2}F){2,}|NF(?:[PW]NF)+)"
    r"(?P<behind>[PWLO]*)"
)


@dataclass(frozen=True, slots=True)
class StackedLine:
    """A line of a stack. A ``NAME`` without a candidacy may be several people's."""

    kind: str
    line: WrittenLine
    candidacy: Candidacy | None = None


@dataclass(slots=True)
class Stack:
    """Such lines of one text, from its first to its last."""

    lines: list[StackedLine] = field(default_factory=list)

    def add(self, kind: str, line: WrittenLine, candidacy: Candidacy | None = None) -> None:
        """One more line."""
        self.lines.append(StackedLine(kind, line, candidacy))

    def of_kind(self, *kinds: str) -> list[StackedLine]:
        """Its lines of ``kinds``."""
        return [it for it in self.lines if it.kind in kinds]

    def read(self, election: Election) -> list[tuple[StackedLine, WrittenLine]]:
        """Each name with the line of its figure; none where they can be read otherwise, or in no way."""
        even = _EVEN.fullmatch("".join(it.kind for it in self.lines))
        if even is None or not _begins_before(even["before"], even["behind"]) or not self._parties_agree(election):
            return []
        figures = [it.line for it in self.of_kind(FIGURE)]
        return list(zip(self.of_kind(NAME), figures, strict=True))

    def _parties_agree(self, election: Election) -> bool:
        """Whether every party is that of the name above it, or every one that of the name below."""
        return _agree(election, self.lines) or _agree(election, self.lines[::-1])


def _begins_before(before: str, behind: str) -> bool:
    """Whether what is last cannot be the name of the last figure, or the first name had none above it for certain.

    ``Smith 373 Jones 372 Kahn``, a line each, may be what is left of figures above names, whose first is lost.
    """
    return not re.search(r"[WL]", behind) or bool(re.search(r"[WLO]", before))


def _agree(election: Election, lines: Sequence[StackedLine]) -> bool:
    named: StackedLine | None = None
    for it in lines:
        if it.kind == NAME:
            named = it
        elif it.kind == PARTY:
            if named is None:
                return False
            if named.candidacy and not may_stand_for(election, named.candidacy, it.line.pieces[0]):
                return False
    return True
