"""``election.toml`` of a bundle: what the election is called, when it is, and by which conventions it is compared."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from app.bundles.tables import (
    BALLOT_ID,
    BASIS,
    LIKE_A_DATE,
    SLUG,
    YEARS,
    Fault,
    IdentifierShape,
    cut,
    date_from,
    unfit,
)
from app.domain.election import Citation, CitedSource, Convention, Words

HEAD = "election.toml"
LARGEST_HEAD = 16 * 1024
"""Characters; a real one has some hundreds, and a key of thousands of parts would take TOML's reader minutes."""
LONGEST_WORD = 30
"""Of those of an election: they stand in headings of narrow columns."""
PAIRS = (("body", "bodies"), ("contest", "contests"), ("seat", "seats"))
"""The keys of ``[words]``: of one and of several."""
CONTINUING = "continuing"
"""The basis in seats.csv that is no baseline: the seats that are not up tonight."""
POLLS_CLOSE = "22:00"
"""By law, at nearly every election; in the City of London at 20:00."""
MOST_SOURCES = 50
_ADDRESS = re.compile(r"https?://[^\s]{1,500}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
TAKEN_SLUGS = frozenset({"audit", "help", "login", "logout", "sessions", "staff", "tokens"})
"""Pages of the desk: an election of that name would have no board, since its address is theirs."""


@dataclass(frozen=True, slots=True)
class BundleHead:
    """What ``election.toml`` says."""

    slug: str
    election_id: str
    name: str
    polling_date: date
    timezone: str
    convention: str
    conventions: Mapping[str, Convention]
    words: Words
    polls_close: time
    citation: Citation


class _Reader:
    """``election.toml``, with the line of every key, since the parser does not tell it."""

    def __init__(self, text: str, faults: list[Fault]) -> None:
        self.text = text
        self.faults = faults
        self.values: Mapping[str, Any] = tomllib.loads(text)
        self._lines = _lines_of(text)

    def refuse(self, reason: str, remedy: str, key: str | None = None, table: str = "") -> None:
        self.faults.append(Fault(HEAD, self._line(key, table), reason, remedy))

    def text_of(self, values: Mapping[str, Any], key: str, table: str = "") -> str:
        value = values.get(key)
        if key not in values:
            self.refuse(f"{_path(table, key)} is missing", f'add a line {key} = "…"', table=table)
        elif not isinstance(value, str) or not value.strip():
            self.refuse(f"{_path(table, key)} is not a text", f'write it in double quotes: {key} = "…"', key, table)
        elif told := unfit(value):
            reason, remedy = told
            self.refuse(f"{_path(table, key)} {reason}", remedy, key, table)
        return value.strip() if isinstance(value, str) else ""

    def identity(self, key: str, shape: IdentifierShape) -> str:
        text = self.text_of(self.values, key)
        if text and not shape.pattern.fullmatch(text):
            self.refuse(f"{key} “{cut(text)}” is not an id made of {shape.words}", shape.remedy, key)
        return text

    def slug(self) -> str:
        slug = self.identity("slug", SLUG)
        if slug in TAKEN_SLUGS:
            self.refuse(
                f"slug “{slug}” is the name of a page of the desk", f"write {slug}-election, or another", "slug"
            )
        return slug

    def polling_date(self) -> date:
        value = self.values.get("polling_date")
        if isinstance(value, str):
            value = date_from(value) or value
        # A datetime is a date to Python, but not to a reader of the page.
        if isinstance(value, date) and not isinstance(value, datetime) and value.year in YEARS:
            return value
        if "polling_date" in self.values:
            self.refuse(f"polling_date “{_shown(value)}” is not a date", LIKE_A_DATE, "polling_date")
        else:
            self.refuse("polling_date is missing", "add a line polling_date = 2023-05-04")
        return date.min

    def timezone(self) -> str:
        name = self.text_of(self.values, "timezone")
        try:
            if name:
                ZoneInfo(name)
        except (ValueError, OSError, LookupError):
            # Unknown, a path out of the database, or a folder of it such as “Europe”.
            remedy = "take a name of the time zone database, such as Europe/London"
            self.refuse(f"timezone “{cut(name)}” is not known", remedy, "timezone")
        return name

    def polls_close(self) -> time:
        value = self.values.get("polls_close", POLLS_CLOSE)
        if isinstance(value, str) and _TIME.fullmatch(value):
            value = time.fromisoformat(value)
        if isinstance(value, time):
            return value.replace(second=0, microsecond=0)
        told = f"polls_close “{_shown(value)}” is not a time of the day"
        self.refuse(told, f'write it like "{POLLS_CLOSE}"', "polls_close")
        return time()

    def conventions(self) -> Mapping[str, Convention]:
        tables = self.values.get("conventions")
        if not isinstance(tables, dict) or not tables:
            self.refuse("there is no convention", "add a table such as [conventions.bbc]")
            return {}
        return {key: self._convention(key, values) for key, values in tables.items()}

    def _convention(self, key: str, values: Any) -> Convention:
        table = f"conventions.{key}"
        if not BASIS.pattern.fullmatch(key):
            told = f"the convention “{cut(key)}” has a name that is not made of {BASIS.words}"
            self.refuse(told, BASIS.remedy, table=table)
        if not isinstance(values, dict):
            self.refuse(f"{table} is not a table", f"write its keys below a line [{table}]", key, "conventions")
            return Convention(key, "", (), ())
        label = self.text_of(values, "label", table)
        return Convention(key, label, self._bases(values, "control", table), self._bases(values, "seats", table))

    def _bases(self, values: Mapping[str, Any], key: str, table: str) -> tuple[str, ...]:
        bases = values.get(key)
        if key not in values:
            self.refuse(f"{_path(table, key)} is missing", f'add a line {key} = ["eve"]', table=table)
        if not isinstance(bases, list):
            if key in values:
                told = f"{_path(table, key)} is not a list of bases"
                self.refuse(told, f'write it like {key} = ["eve"]', key, table)
            return ()
        for basis in bases:
            if not isinstance(basis, str) or not BASIS.pattern.fullmatch(basis):
                told = f"{_path(table, key)} “{_shown(basis)}” is not the name of a basis"
                self.refuse(told, BASIS.remedy, key, table)
            elif basis == CONTINUING:
                told = f"{_path(table, key)} “{CONTINUING}” is no basis to compare with"
                self.refuse(told, f"take it out of {key}", key, table)
        return tuple(basis for basis in bases if isinstance(basis, str))

    def words(self, told: list[str]) -> Words:
        """``[words]``, with its keys that are none left in ``told``."""
        table = self.values.get("words", {})
        if not isinstance(table, dict):
            self.refuse("words is not a table", "write its keys below a line [words]", "words")
            return Words()
        words = asdict(Words())
        unknown = [key for key in table if key not in words]
        if unknown:
            named = ", ".join(map(cut, unknown))
            told.append(f"{HEAD} has keys in [words] that are not read: {named}. Those there are: {', '.join(words)}.")
        for pair in PAIRS:
            if any(key in table for key in pair):
                words |= {key: self._word(table, key) for key in pair}
        return Words(**words)

    def citation(self) -> Citation:
        """``[citation]``: who publishes the data, under which licence, and where they are from."""
        table = self.values.get("citation", {})
        sources = table.get("sources", []) if isinstance(table, dict) else None
        if not isinstance(table, dict) or not isinstance(sources, list) or len(sources) > MOST_SOURCES:
            remedy = f'write publisher, licence and sources = [{{ title = "…", url = "…" }}], {MOST_SOURCES} at most'
            self.refuse("citation is not a table of such keys", f"{remedy}, below a line [citation]", table="citation")
            return Citation()
        publisher, licence = (self._cited(table, key) for key in ("publisher", "licence"))
        found = [CitedSource(*self._cited(it if isinstance(it, dict) else {}, "title", "url")) for it in sources]
        if any(not source.title for source in found):
            self.refuse("citation.sources has one without a title", 'write { title = "…" }', "sources", "citation")
        return Citation(*publisher, *licence, tuple(found))

    def _cited(self, values: Mapping[str, Any], name: str, url: str = "") -> tuple[str, str]:
        """A name and its address, either of which may be left out."""
        url = url or f"{name}_url"
        told = {key: self.text_of(values, key, "citation") if key in values else "" for key in (name, url)}
        if told[url] and not _ADDRESS.fullmatch(told[url]):
            self.refuse(f"citation.{url} “{cut(told[url])}” is no address", "begin it with https://", url, "citation")
        return told[name], told[url]

    def _word(self, table: Mapping[str, Any], key: str) -> str:
        before = len(self.faults)
        word = self.text_of(table, key, "words")
        if len(self.faults) > before:
            return word
        if told := unfit(word, LONGEST_WORD):
            reason, remedy = told
            self.refuse(f"words.{key} {reason}", remedy, key, "words")
        elif word != word.lower():
            told = f"words.{key} “{word}” is not in small letters", "write it as inside a sentence"
            self.refuse(*told, key, "words")
        return word

    def _line(self, key: str | None, table: str) -> int | None:
        """The line of ``key`` in ``table``, or that of the table's head; None where it is not found."""
        return self._lines.get((table, key)) if key is not None or table else None


def _lines_of(text: str) -> Mapping[tuple[str, str | None], int]:
    """The line of every key by its table, and of every table's head (without a key); the first where there are two."""
    found: dict[tuple[str, str | None], int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        written = line.strip()
        if written.startswith("["):
            table = written.partition("]")[0].lstrip("[").strip()
            found.setdefault((table, None), number)
        elif "=" in written:
            found.setdefault((table, written.partition("=")[0].strip().strip('"')), number)
    return found


def _shown(value: Any) -> str:
    """A value as it is quoted to whoever wrote it."""
    try:
        return cut(str(value))
    except (ValueError, RecursionError):
        return "…"  # more digits, or tables within tables, than can be written out


def _path(table: str, key: str) -> str:
    return f"{table}.{key}" if table else key


def read_head(text: str | None, faults: list[Fault], told: list[str]) -> BundleHead | None:
    """What ``text`` says, faults and remarks left in ``faults`` and ``told``; None where it cannot be read."""
    if text is None:
        return None
    if len(text) > LARGEST_HEAD:
        remedy = "leave nothing in it but what the election is called and how it is compared"
        faults.append(Fault(HEAD, None, f"has more than {LARGEST_HEAD:,} characters", remedy))
        return None
    try:
        reader = _Reader(text, faults)
    except tomllib.TOMLDecodeError as error:
        at_line = re.search(r"at line (\d+)", str(error))
        line = int(at_line[1]) if at_line else None
        wrong = str(error).removesuffix(")").replace(" (at ", " at ")
        faults.append(Fault(HEAD, line, f"is not TOML ({wrong})", "look at the quotes, brackets and = there"))
        return None
    except (ValueError, RecursionError):
        # More digits than a number may have, or brackets nested without end.
        faults.append(Fault(HEAD, None, "is not TOML that can be read", "look for a number or brackets without end"))
        return None
    conventions = reader.conventions()
    head = BundleHead(
        slug=reader.slug(),
        election_id=reader.identity("id", BALLOT_ID),
        name=reader.text_of(reader.values, "name"),
        polling_date=reader.polling_date(),
        timezone=reader.timezone(),
        convention=reader.text_of(reader.values, "convention"),
        conventions=conventions,
        words=reader.words(told),
        polls_close=reader.polls_close(),
        citation=reader.citation(),
    )
    if conventions and head.convention and head.convention not in conventions:
        there_are = ", ".join(conventions)
        reader.refuse(f"convention “{cut(head.convention)}” has no table", f"write one of {there_are}", "convention")
    return head
