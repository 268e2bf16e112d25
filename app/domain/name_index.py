"""Names by what may be typed of them: a look-up costs the words that are typed and what they find, never a walk."""

from bisect import bisect_left
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import islice

from app.domain.search import asked_words, begins, put_right, words_to_begin

FEW = 48
"""Words that are sooner compared one by one than by every letter that could stand in one place."""

_AFTER_ALL_LETTERS = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Name:
    """How something is called: found by the words of ``also`` as well, and by each of ``called`` as a whole."""

    name: str
    also: str = ""
    called: tuple[str, ...] = ()


@dataclass(slots=True)
class NameIndex:
    """Names, known by their numbers from 0 on."""

    _words: list[str] = field(default_factory=list)
    """All that may be begun, in order."""
    _numbers: list[tuple[int, ...]] = field(default_factory=list)
    """Of the names that have the word at the same place of ``_words``."""
    _letters: frozenset[str] = frozenset()
    """Of which the words are made."""
    _phrases: list[tuple[str, int]] = field(default_factory=list)
    """The names in alphabetical order, each as it would be typed, with its number."""
    _places: list[int] = field(default_factory=list)
    """By number, where a name stands in that order."""
    _called: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Iterable[Name]) -> Generator[None, None, "NameIndex"]:
        """That of ``names``; may be interrupted wherever it yields."""
        index, numbers = cls(), dict[str, list[int]]()
        for number, name in enumerate(names):
            for word in dict.fromkeys([*words_to_begin(name.name), *words_to_begin(name.also)]):
                numbers.setdefault(word, []).append(number)
            own = asked_words(name.name)
            for called in {"".join(own), *("".join(asked_words(it)) for it in name.called)}:
                index._called[called] = (*index._called.get(called, ()), number)
            index._phrases.append((" ".join(own), number))
            yield
        index._words = sorted(numbers)
        yield
        index._numbers = [tuple(numbers[word]) for word in index._words]
        index._letters = frozenset("".join(index._words))
        yield
        index._phrases.sort()
        yield
        index._places = [0] * len(index._phrases)
        for place, (_, number) in enumerate(index._phrases):
            index._places[number] = place
        return index

    def begun_by(self, word: str, *, forgiving: bool = False) -> set[int]:
        """The names of which ``word`` begins a word; what is ``forgiving`` lets one letter of it be wrong."""
        if not forgiving:
            return self._of(*self._range(word))
        found = self._of(*self._range(word))
        for before, ways in put_right(word, self._letters):
            first, last = self._range(before)
            if last - first <= FEW:
                near = (at for at in range(first, last) if begins(word, self._words[at], forgiving=True))
                return found.union(*(self._numbers[at] for at in near))
            found.update(*(self._of(*self._range(way, first, last)) for way in ways))
        return found

    def called(self, asked: Sequence[str]) -> set[int]:
        """The names that the words ``asked`` are as a whole: the name itself, or what it is called beside."""
        return {*self._called.get("".join(asked), ())}

    def best(self, found: set[int], asked: Sequence[str], most: int) -> list[int]:
        """The first of ``found``: what is called so, what begins so, then the others, each in alphabetical order."""
        called = sorted(found & self.called(asked), key=self._places.__getitem__)
        phrase = " ".join(asked)
        first = bisect_left(self._phrases, (phrase, -1))
        last = bisect_left(self._phrases, (phrase + _AFTER_ALL_LETTERS, -1), first)
        begun = (number for _, number in self._phrases[first:last] if number in found)
        best = dict.fromkeys([*called, *islice(begun, most)])
        if len(best) < most:
            best |= dict.fromkeys(nsmallest(most, found - best.keys(), key=self._places.__getitem__))
        return [*islice(best, most)]

    def _range(self, beginning: str, first: int = 0, last: int | None = None) -> tuple[int, int]:
        """Where the words stand that begin so, of those between two places."""
        low = bisect_left(self._words, beginning, first, last)
        return low, bisect_left(self._words, beginning + _AFTER_ALL_LETTERS, low, last)

    def _of(self, first: int, last: int) -> set[int]:
        return set[int]().union(*self._numbers[first:last])
