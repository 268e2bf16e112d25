"""What a site consists of, part by part: a part is made and written as a whole, and owed as a whole."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple, Self

from app.bundles.forms import FORMS
from app.domain.election import Election


class PartKind(StrEnum):
    """Kinds of parts, the most urgent first: what pages need, pages, further pages, what programs fetch, pictures."""

    FIXED = "fixed"
    COUNCIL = "council"
    NIGHT = "night"
    FURTHER = "further"
    DATA = "data"
    CARDS = "cards"


PAGES = (PartKind.FIXED, PartKind.COUNCIL, PartKind.NIGHT)
"""What has to be there before it is noted how far the night is."""


class SitePart(NamedTuple):
    """A part. Its ``name`` is a council's id (pages and pictures of a council) or an export's; empty: the night's."""

    kind: PartKind
    name: str = ""

    @classmethod
    def read(cls, text: str) -> Self:
        """From what ``str`` gives."""
        kind, _, name = text.partition("/")
        return cls(PartKind(kind), name)

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"

    @property
    def is_page(self) -> bool:
        return self.kind in PAGES


FIXED, NIGHT, FURTHER = SitePart(PartKind.FIXED), SitePart(PartKind.NIGHT), SitePart(PartKind.FURTHER)

DATA = ("feeds", "log", "package")
"""Feeds of a kind, the log and the data package: names of their parts. Those of exports are those of their forms, with
one for each convention that they are compared by."""


def all_parts(election: Election) -> Iterator[SitePart]:
    """Every part there is of an election, in the order in which they are needed."""
    yield FIXED
    yield from (SitePart(PartKind.COUNCIL, council_id) for council_id in election.councils)
    yield NIGHT
    yield FURTHER
    yield from _data(election)
    yield from _cards(election.councils)


def parts_about(election: Election, council_ids: Iterable[str]) -> Iterator[SitePart]:
    """What an entry about these councils may change."""
    known = sorted(council_ids)
    yield from (SitePart(PartKind.COUNCIL, council_id) for council_id in known)
    yield NIGHT
    yield FURTHER
    yield from _data(election)
    yield from _cards(known)


def _data(election: Election) -> Iterator[SitePart]:
    """Each takes a while to make of a country."""
    yield from (SitePart(PartKind.DATA, name) for name in DATA)
    for name, form in FORMS.items():
        if form.is_published:
            keys = [f"{name}/{key}" for key in election.conventions] if form.is_compared else [name]
            yield from (SitePart(PartKind.DATA, key) for key in keys)


def _cards(council_ids: Iterable[str]) -> Iterator[SitePart]:
    yield SitePart(PartKind.CARDS)
    yield from (SitePart(PartKind.CARDS, council_id) for council_id in council_ids)
