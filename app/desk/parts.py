"""What every route of the desk begins with: who asks, the frame of the answer, the night, what waits for a check."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, Any, TypeVar

from fastapi import Depends
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from app.declaring.door import Replaced, Verdict, judge
from app.declaring.holding import Holding
from app.declaring.second_check import SecondCheck, keyed_subject
from app.desk.board.councils import Board, Boards
from app.desk.board.hours import desk_time
from app.desk.board.needs import needs_of
from app.desk.board.next_ward import next_ward
from app.desk.board.refresh import Looks
from app.desk.board.shown import BoardShown
from app.desk.board.strip import LATEST, strip_of
from app.desk.disputes.view import overruled_notices
from app.desk.entry.form import FormAsked
from app.desk.frame import DeskFrame, Section
from app.desk.holding.view import held_lines
from app.desk.presence.view import AtWork
from app.desk.signing_off.marks import sign_off_marks
from app.domain.declarations import CouncilRecord, Entry, PassedOver
from app.domain.election import Contest, Election
from app.domain.errors import NotKnown, UnknownSequence
from app.domain.expected import MovedTimes
from app.domain.night import Night
from app.domain.second_check import Keyed
from app.domain.subject import Subject
from app.projection.publication import LogLine, Publication
from app.store import (
    claims,
    drafts,
    held,
    internal_notes,
    keyed,
    overruled,
    photos,
    presence,
    reporting,
    room,
    rules,
    signed_off,
    versions,
)
from app.store.held import HeldDeclaration
from app.store.internal_notes import InternalNote
from app.store.overruled import Overruled
from app.store.photos import Photo
from app.store.signed_off import SignedOff
from app.web.errors import Problem
from app.web.parts import Parts, parts_of
from app.web.signing_in.access import AtAnyCouncil, MayCheck, MayEdit, MayTellStatus, Signed, SignedIn
from app.wording.figures import listed

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AtDesk:
    """A request to the desk, with all of the database that its page is made of, as of one moment."""

    parts: Parts
    boards: Boards
    looks: Looks
    publication: Publication
    signed: Signed
    persons: int
    waiting: tuple[Keyed, ...]
    drafts: tuple[Subject, ...]
    overruled: tuple[Overruled, ...]
    seen: frozenset[Subject]
    """Of what this person has seen both versions."""
    moved: MovedTimes
    held: tuple[HeldDeclaration, ...]
    hold: int
    at_work: AtWork
    clock: datetime
    """The real time."""
    signed_off: Mapping[str, SignedOff]
    now: datetime
    """What times are compared with: another one in a night that is long over."""
    councils: frozenset[str] | None = None
    """Those that a reporter reports from; None for who works for all of them."""
    sheets: tuple[Photo, ...] = ()
    """The photos of the contest that the path names."""
    notes: tuple[InternalNote, ...] = ()
    """The internal notes that who asks may see, newest first."""

    @property
    def election(self) -> Election:
        return self.publication.election

    @property
    def night(self) -> Night:
        return self.publication.night

    def covers(self, council_id: str | None) -> bool:
        """Whether what is about a council is for who asks; None is what is about no one council."""
        return self.councils is None or council_id in self.councils

    def covers_subject(self, subject: Subject) -> bool:
        """The same of what is about a contest or a council; not of what the catalogue has no more."""
        try:
            return self.covers(subject.council_in(self.election).council_id)
        except NotKnown:
            return False

    @property
    def checks(self) -> bool:
        """Whether who asks may be the second person: where it takes one only, anybody may check a machine."""
        return self.signed.may_check or self.persons == 1

    @property
    def second_check(self) -> SecondCheck:
        return SecondCheck(self.parts.declaring)

    @property
    def holding(self) -> Holding:
        return Holding(self.parts.declaring)

    def subject_of(self, path: str) -> Subject | None:
        """The subject of a form as browsers call it; None where there is no such form."""
        kind, _, identity = path.partition("/")
        subject = Subject("ward" if kind == "ward" else "tally", identity)
        try:
            subject.council_in(self.election)
        except NotKnown:
            return None
        return subject

    def keyed(self, subject: Subject) -> Keyed | None:
        return next((one for one in self.waiting if one.subject == subject), None)

    def record_of(self, subject: Subject) -> CouncilRecord:
        """All that was entered about the council of ``subject``."""
        return self.night.record_of(subject.council_in(self.election).council_id)

    def asked(self, subject: Subject | None = None, *, mode: str = "", replaces: int | None = None) -> FormAsked:
        """How who asks comes to the form of a subject; None to a list of several."""
        signed = self.signed
        held_by = next((one.maker for one in self.held if one.subject == subject and one.state == held.OPEN), "")
        return FormAsked(
            signed.name, self.checks, signed.may_edit, mode, replaces, has_seen=subject in self.seen, held_by=held_by
        )

    def frame(self, section: Section = "work") -> DeskFrame:
        entries = [line.entry for line in self.publication.log] if self.overruled else []
        return replace(
            frame_of(self.parts, self.signed, section, self.election),
            overruled=overruled_notices(self.election, entries, self.overruled),
            held=held_lines(self.night, self.held, self.signed),
            hold=self.hold,
            at_work=self.at_work,
            signed_off=sign_off_marks(self.night, self.signed_off),
        )

    def line(self, seq: int) -> LogLine:
        """The entry ``seq`` of the log; raises UnknownSequence, also of one that is passed over."""
        if not 0 < seq <= len(self.publication.log):
            raise UnknownSequence(seq)
        line = self.publication.log[seq - 1]
        if isinstance(line.entry.declaration, PassedOver):
            raise UnknownSequence(seq)
        return line

    async def board(self) -> Board:
        """The night as work, with the drafts of who asks."""
        made = self.boards.board(self.night, self.waiting, now=self.now, drafts=self.drafts, moved=self.moved)
        board = await self.parts.turns.through(made)
        return board if self.councils is None else board.narrowed(self.councils)

    async def shown(self) -> BoardShown:
        """The board with what needs a person, how far the night is and who is here."""
        board = await self.board()
        needs = needs_of(board, self.election, self.at_work, clock=self.clock)
        strip = strip_of(self.night, self.latest(LATEST), self.at_work, clock=self.clock, now=self.now)
        return BoardShown(board, needs, strip)

    def latest(self, most: int) -> list[Entry]:
        """The newest entries of the log that are for who asks, oldest first."""
        own = (line.entry for line in reversed(self.publication.log) if self.covers(line.entry.council_id))
        return [*islice(own, most)][::-1]

    def next_ward(self, after: Subject) -> Contest | None:
        """The ward of the same council that is keyed next, if any is left."""
        state = self.night.councils[after.council_in(self.election).council_id]
        taken = self.at_work.in_other_hands(self.signed.name) | {one.subject for one in self.waiting}
        return next_ward(state, after, taken)

    def judged(self, body: Mapping[str, Any]) -> Verdict:
        """What the checks say of ``body`` as the night is here; nothing is written."""
        replaced = replaced_by(self.publication, body["replaces"]) if "replaces" in body else None
        waiting = self.keyed(keyed_subject(body)) if body["kind"] == "ward" else None
        is_checked = waiting is not None and not waiting.author.is_by(self.signed.name)
        return judge(
            self.night,
            body,
            author=self.signed.name,
            now=datetime.now(UTC),
            replaced=replaced,
            thresholds=self.parts.declaring.thresholds,
            keyed_after=waiting.author.after if waiting is not None and is_checked else None,
        )


async def at_desk(request: Request, slug: str, signed: AtAnyCouncil) -> AtDesk:
    """For whoever works for all councils; 404 for an election that is not known."""
    return await _at_desk(request, slug, signed)


async def at_some_councils(request: Request, slug: str, signed: SignedIn) -> AtDesk:
    """For reporters too: 403 where they have no council, or the path names something of one that is not theirs."""
    return await _at_desk(request, slug, signed)


async def at_status_desk(request: Request, slug: str, signed: MayTellStatus) -> AtDesk:
    """For editors, and for reporters as above."""
    return await _at_desk(request, slug, signed)


async def at_checkers_desk(request: Request, slug: str, signed: MayCheck) -> AtDesk:
    """For checkers and editors."""
    return await _at_desk(request, slug, signed)


async def at_editors_desk(request: Request, slug: str, signed: MayEdit) -> AtDesk:
    """For editors."""
    return await _at_desk(request, slug, signed)


Desk = Annotated[AtDesk, Depends(at_desk)]
CheckersDesk = Annotated[AtDesk, Depends(at_checkers_desk)]
SomeCouncils = Annotated[AtDesk, Depends(at_some_councils)]
StatusDesk = Annotated[AtDesk, Depends(at_status_desk)]
EditorsDesk = Annotated[AtDesk, Depends(at_editors_desk)]


async def _at_desk(request: Request, slug: str, signed: Signed) -> AtDesk:
    parts = parts_of(request)
    publication = parts.newsroom.publication(slug)
    state, ballot_id = request.app.state, request.path_params.get("ballot_id")
    clock = datetime.now(UTC)

    def read(connection: Connection) -> AtDesk:
        return AtDesk(
            parts,
            state.boards,
            state.looks,
            publication,
            signed,
            persons=rules.persons(connection, slug),
            waiting=tuple(keyed.waiting(connection, slug)),
            drafts=tuple(drafts.subjects(connection, slug, signed.name)),
            overruled=tuple(overruled.told_to(connection, slug, signed.name)),
            seen=versions.seen_by(connection, slug, signed.name) if signed.may_edit else frozenset(),
            moved=room.moved_times(connection, slug),
            held=tuple(held.shown(connection, slug, clock)),
            hold=held.seconds(connection, slug),
            at_work=_at_work(connection, slug, signed, clock),
            clock=clock,
            signed_off=signed_off.newest(connection, slug),
            now=now,
            councils=reporting.councils(connection, slug, signed.name) if signed.is_reporter else None,
            sheets=tuple(photos.photos(connection, slug, ballot_id)) if ballot_id else (),
            notes=tuple(internal_notes.notes(connection, slug)),
        )

    last = publication.log[-1].entry.at if publication.log else None
    now = desk_time(publication.election, clock, last)
    at = _waiting_apart(await reading(request, read))
    return at if at.councils is None else _narrowed(at, at.councils, request.path_params)


def _at_work(connection: Connection, slug: str, signed: Signed, clock: datetime) -> AtWork:
    people = presence.present(connection, slug, now=clock)
    if all(one.person != signed.name for one in people):
        # Who asks is here, though that is not noted yet.
        people.append(presence.Present(signed.name, signed.role, None, clock))
    return AtWork(tuple(people), tuple(claims.claims(connection, slug, now=clock)))


def _waiting_apart(at: AtDesk) -> AtDesk:
    """Without what waits for a check and is held: that waits for nobody, and goes into the log by itself."""
    on_hold = {one.subject for one in at.held if one.state == held.OPEN}
    return replace(at, waiting=tuple(one for one in at.waiting if one.subject not in on_hold))


def _narrowed(at: AtDesk, councils: frozenset[str], named: Mapping[str, str]) -> AtDesk:
    """What a reporter may see of it; 403 where that is nothing, or not what is ``named``."""
    refuse_elsewhere(at.election, councils, named)
    return replace(
        at,
        waiting=tuple(one for one in at.waiting if at.covers(one.subject.council_in(at.election).council_id)),
        held=tuple(one for one in at.held if at.covers(one.subject.council_in(at.election).council_id)),
        notes=tuple(note for note in at.notes if at.covers(note.council_id)),
        at_work=at.at_work.only(at.covers_subject),
    )


def refuse_elsewhere(election: Election, councils: frozenset[str], named: Mapping[str, str]) -> None:
    """403 where a reporter has none of ``councils``, or ``named`` in a path is something of another one."""
    own = [council.name for council in election.councils.values() if council.council_id in councils]
    if not own:
        none = "You report from no council of this election yet: an editor gives you some, on your page under Staff."
        raise Problem(403, none)
    if "ballot_id" in named:
        council = election.council(election.contest(named["ballot_id"]).council_id)
    elif "council_id" in named:
        council = election.council(named["council_id"])
    elif "identity" in named:
        by_ballot = named["kind"] == "ward"
        council = Subject("ward" if by_ballot else "tally", named["identity"]).council_in(election)
    else:
        return
    if council.council_id not in councils:
        raise Problem(403, f"You report from {listed(own)}, and not from {council.name}: ask an editor.")


def frame_of(parts: Parts, signed: Signed | None, section: Section = "", about: Election | None = None) -> DeskFrame:
    """The frame of a page of this server's desk."""
    elections = tuple(publication.election for publication in parts.newsroom.publications)
    is_exercise = parts.exercise is not None
    return DeskFrame(signed, elections, about, section, rehearsal=parts.settings.rehearsal, is_exercise=is_exercise)


async def reading(request: Request, look: Callable[[Connection], T]) -> T:
    """What ``look`` finds in the database, in a thread; raises StoreUnavailable."""
    store = parts_of(request).store

    def read() -> T:
        with store.reading() as connection:
            return look(connection)

    return await asyncio.to_thread(read)


async def written(request: Request, job: Callable[[Connection], T]) -> T:
    """What ``job`` returns once it is committed; raises what it raises, QueueFull and StoreUnavailable."""
    return await asyncio.wrap_future(parts_of(request).declaring.writer.submit(job))


def replaced_by(publication: Publication, seq: int) -> Replaced:
    """What the entry ``seq`` is about; raises UnknownSequence."""
    if not 0 < seq <= len(publication.log):
        raise UnknownSequence(seq)
    entry = publication.log[seq - 1].entry
    subject = publication.night.record_of(entry.council_id).subject_at(seq)
    return Replaced(subject.about, entry.council_id, entry.ballot_id)


def page(html: str, status: int = 200) -> Response:
    """A page of the desk."""
    return Response(html, status, media_type="text/html")
