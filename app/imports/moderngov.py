"""ModernGov's election results, as a council's site answers ``mgWebService.asmx/GetElectionResults?lElectionId=…``.

``<election>`` holds ``<candidates>`` and ``<electionareas>``, tied by ``electionareaid``. It names neither the council
nor the day: the file's name is the council's, and the day is asked for.
"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app.bundles.recorded import read_bytes
from app.bundles.tables import DIGITS_ALONE, SLUG, Fault, cut
from app.imports.drafting import ZONE
from app.imports.figures import count_in
from app.imports.ids import NotElected, PollId, apart, ballot_id_of, read_id, slug
from app.imports.parties import PartyNames
from app.imports.polls import Poll, PollCandidate, PolledBody, PollSource, SourceLine
from app.imports.xml import Element, read_xml

NOT_TAKEN = ("parish", "town council", "referendum", "neighbourhood plan", "bid ballot")
"""Words in a title or type of what is no election of a council."""
OFFICE_WORDS = {"mayor": "mayor", "police and crime": "pcc"}
PUBLISHED = "published"
IN_PART = "in part"
"""Of papers of which one vote was rejected, and the others counted."""


def read_moderngov(paths: Sequence[Path], day: date, names: PartyNames) -> PollSource:
    """The polls of ``day`` in the files ``paths``, one for a council's election, named after the council."""
    source, taken = PollSource(), set[str]()
    for path in paths:
        content = read_bytes(path, source.faults)
        root = read_xml(path.name, content, source.faults) if content is not None else None
        if root is not None:
            _ElectionFile(path, root, source, names, taken).read(day)
    return source


class _ElectionFile:
    """One file, on its way into ``source``."""

    def __init__(self, path: Path, root: Element, source: PollSource, names: PartyNames, taken: set[str]) -> None:
        self.file = path.name
        self.council_id = path.name.partition(".")[0]
        self.root, self.source, self.names, self.taken = root, source, names, taken
        self.told = f"{root.text_of('title')} {root.text_of('electiontype')}".casefold()

    def read(self, day: date) -> None:
        areas = self.root.inside("electionareas", "electionarea")
        if self.root.name != "election" or not areas:
            told = "is not an election of ModernGov’s, or one without areas"
            self._refuse(self.root.line, told, "look at its address, and save what it answers")
        elif not SLUG.pattern.fullmatch(self.council_id):
            told = f"has a name that is not a council’s id, such as {slug(self.council_id) or 'bradford'}.xml"
            self._refuse(None, told, "name it as Democracy Club writes the council")
        elif any(word in self.told for word in NOT_TAKEN):
            self.source.leave_out("as they are not of a council", f"{self.file} ({self.root.text_of('title')})")
        else:
            candidates = self.root.inside("candidates", "candidate")
            for area in areas:
                area_id = area.text_of("electionareaid")
                self._read_area(area, [it for it in candidates if it.text_of("electionareaid") == area_id], day)

    def _read_area(self, area: Element, here: Sequence[Element], day: date) -> None:
        ward = area.text_of("title")
        if not slug(ward):
            self._refuse(area.line, "has an area without a title", "write the ward’s name into <title>")
            return
        kind = next((kind for word, kind in OFFICE_WORDS.items() if word in self.told), "local")
        is_by_election = "by-election" in f"{self.told} {ward.casefold()}".replace("by election", "by-election")
        ballot_id = ballot_id_of(kind, self.council_id, ward, day, by=is_by_election)
        if ballot_id in self.taken:
            self._refuse(area.line, f"has “{cut(ward)}” a second time", "take one of the two out")
            return
        self.taken.add(ballot_id)
        try:
            poll_id = read_id(ballot_id)
        except NotElected as error:
            self.source.leave_out(f"as {error}", ballot_id)
            return
        self.source.polls.append(self._poll(poll_id, ballot_id, area, here, day))

    def _poll(self, poll_id: PollId, ballot_id: str, area: Element, here: Sequence[Element], day: date) -> Poll:
        """One that is not published has no figures yet; candidates for every seat, and no votes, are unopposed."""
        is_published = area.text_of("status").casefold() in {PUBLISHED, ""}
        people = self._people(here, is_published=is_published)
        seats_up = self._count(area, "numseats")
        is_unopposed = is_published and 0 < len(people) <= seats_up and not any(it.votes for it in people)
        name = self.council_id.replace("-", " ").title()
        return Poll(
            ballot_id=ballot_id,
            polled_on=day,
            body=PolledBody(poll_id.council_id, name, is_office=poll_id.is_office),
            ward=area.text_of("title"),
            place=SourceLine(self.file, area.line),
            candidates=people,
            seats_up=seats_up or None,
            electorate=self._count(area, "electorate") or None,
            was_cancelled=is_unopposed,
            ballots=self._count(area, "numballotpapersissued") or None if is_published else None,
            rejected=self._rejected(area) if is_published else None,
            declared_at=_time(area.text_of("endofcountingdatetime"), day),
        )

    def _people(self, here: Sequence[Element], *, is_published: bool) -> tuple[PollCandidate, ...]:
        taken, found = set[str](), []
        is_counted = is_published and any(self._count(it, "numvotes") for it in here)
        for person in here:
            name, party = person.text_of("candidatename"), person.text_of("politicalpartytitle")
            found.append(
                PollCandidate(
                    candidacy_id=apart(slug(name)[:60] or "candidate", taken),
                    name=name,
                    party_id=self.names.id_of(party),
                    party_name=party,
                    place=SourceLine(self.file, person.line),
                    votes=self._count(person, "numvotes") if is_counted else None,
                    elected=person.text_of("iselected").casefold() == "true" if is_published else None,
                )
            )
        return tuple(found)

    def _rejected(self, area: Element) -> int | None:
        """All papers rejected: as they are summed up there, or by their reasons; those in part were counted."""
        lines = area.inside("spoiledvotes", "spoiledvote")
        numbers = {line.text_of("description").casefold(): self._count(line, "numvotes") for line in lines}
        totals = [number for told, number in numbers.items() if told in {"rejected", "total"} or "total" in told]
        if totals:
            return max(totals)
        return sum(number for told, number in numbers.items() if IN_PART not in told) if numbers else None

    def _count(self, element: Element, name: str) -> int:
        """A number, 0 where there is none: ModernGov writes 0 for what nobody has filled in."""
        found = element.child(name)
        number = count_in(found.text) if found and found.text else 0
        if number is None and found is not None:
            self._refuse(found.line, f"{name} “{cut(found.text)}” is not a whole number", DIGITS_ALONE)
        return number or 0

    def _refuse(self, line: int | None, reason: str, remedy: str) -> None:
        self.source.faults.append(Fault(self.file, line, reason, remedy))


def _time(text: str, day: date) -> datetime | None:
    """When a count ended, from polling day on; None where that is not said, or cannot be."""
    try:
        ended = datetime.strptime(text, "%d/%m/%Y, %H:%M").replace(tzinfo=ZoneInfo(ZONE))
    except ValueError:
        return None
    return ended if 0 < (ended.date() - day).days <= 7 else None
