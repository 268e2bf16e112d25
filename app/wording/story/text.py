"""Sentences whose parts know what they are about, so that they read as text and lead somewhere as HTML."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.contest import ContestResult
from app.domain.council import CouncilState
from app.domain.election import Contest
from app.wording.figures import sentence, stopped


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a sentence. With a ``seq`` it tells what that entry made true; else it is the name of what it is about.

    ``council_id`` is empty where it is about nothing, ``ballot_id`` where it is about no contest.
    """

    text: str
    council_id: str = ""
    ballot_id: str = ""
    seq: int = 0


Part = str | Span | Sequence["Part"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is told of one thing: ``about`` is its kind, such as ``closest``."""

    about: str
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


def told(about: str, *parts: Part) -> Sentence:
    """A sentence of its parts: it begins with a capital and ends with one stop."""
    first, *others = _flat(parts)
    spans = [Span(sentence(first.text), first.council_id, first.ballot_id, first.seq), *others]
    last = spans[-1].text
    stop = stopped(last)[len(last) :]
    return Sentence(about, (*spans, Span(stop)) if stop else tuple(spans))


def headed(*parts: Part) -> Sentence:
    """A headline: no stop at its end."""
    return Sentence("headline", tuple(_flat(parts)))


def all_of(parts: Sequence[Part], *, last: str = " and ") -> Part:
    """``a``, ``a and b``, ``a, b and c``."""
    between = ["", *[", "] * (len(parts) - 2), last] if len(parts) > 1 else [""]
    return [it for pair in zip(between, parts, strict=True) for it in pair] if parts else []


def parted(parts: Sequence[Part], between: str) -> list[Part]:
    """``parts`` with ``between`` between each and the next."""
    return [it for part in parts for it in (between, part)][1:]


def of_council(state: CouncilState, seq: int = 0, text: str = "") -> Span:
    """The name of a council, or with ``text`` what an entry made true of it."""
    return Span(text or state.council.name, state.council_id, "", seq)


def of_contest(contest: Contest) -> Span:
    """The name of a contest."""
    return Span(contest.name, contest.council_id, contest.ballot_id)


def of_result(result: ContestResult, text: str) -> Span:
    """What the entry made true that a contest stands at."""
    return Span(text, result.contest.council_id, result.contest.ballot_id, result.seq)


def together(sentences: Iterable[Sentence]) -> str:
    """A paragraph as text."""
    return " ".join(it.text for it in sentences)


def _flat(parts: Iterable[Part]) -> list[Span]:
    spans: list[Span] = []
    for part in parts:
        match part:
            case str():
                spans += [Span(part)] if part else []
            case Span():
                spans.append(part)
            case _:
                spans += _flat(part)
    return spans
