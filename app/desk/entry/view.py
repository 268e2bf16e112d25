"""The form that a result or a tally is keyed into, and what stands beside it: checks, consequences, what stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from types import MappingProxyType
from typing import Any

from jinja2 import Environment

from app.desk.addresses import desk_url, entry_url
from app.desk.entry.before import before_ward, beside_parties
from app.desk.entry.consequences import Consequences
from app.desk.entry.following import Following
from app.desk.entry.form import Filled, FormAsked, TypedForm, form_stage_of
from app.desk.entry.made_out import Moved
from app.desk.entry.rows import FormRow, candidate_rows, is_by_seats, parties_in, parties_of, party_rows
from app.desk.entry.told import ToldFigure, told_entries, told_figures, who
from app.desk.entry.typed import text
from app.desk.frame import DeskFrame
from app.desk.notes.view import NotesBeside
from app.desk.photos.view import PhotosBeside
from app.domain.announced import AS_ANNOUNCED
from app.domain.contest import PUT_OFF, ContestState, seats_to_fill
from app.domain.declarations import (
    Entry,
    TallyDeclaration,
    declaration_from,
)
from app.domain.election import Contest, Council, Election
from app.domain.errors import Finding
from app.domain.night import Night
from app.domain.second_check import Disputed, Keyed
from app.domain.subject import Subject
from app.domain.waiting import announced_since
from app.pages.addresses import element_id
from app.pages.components.badge import badge_of
from app.pages.environment import render
from app.wording import sentences
from app.wording.contest import holder_line
from app.wording.errors import VERSIONS_WERE_SEEN
from app.wording.holding import held_already
from app.wording.lineup import changed_briefly, lineup_changed
from app.wording.names import named_with_party
from app.wording.waiting import since_lines


@dataclass(frozen=True, slots=True)
class Review:
    """What the server says of the figures as they are: faults, warnings to be confirmed, consequences."""

    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    consequences: Consequences | None = None
    confirmed: frozenset[str] = frozenset()
    asks_flip: bool = False
    """The change of control has to be confirmed by name, and has not been."""

    @property
    def may_be_announced(self) -> bool:
        """Whether what stands in the way is, in part at least, what passes as announced."""
        return any(finding.code in AS_ANNOUNCED for finding in self.errors)


@dataclass(frozen=True, slots=True)
class Conflict:
    """What somebody else has declared meanwhile, beside what this person wanted to."""

    detail: str
    standing: Entry | None
    figures: tuple[ToldFigure, ...]
    url: str


@dataclass(frozen=True, slots=True)
class ChangedLineup:
    """That a form was made out for others than there are, and in sentences what is otherwise."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaitingRevision:
    """What waits to change what stands, as one person sees it: in a sentence, and where another checks it."""

    told: str
    url: str
    is_own: bool
    may_check: bool
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """The draft that a person has of a subject, and whether the form is filled in with it."""

    body: TypedForm
    fills: bool

    @property
    def at(self) -> str:
        """When the browser kept it, in milliseconds; empty where it is not in the form."""
        return (text(self.body, "saved") or "1") if self.fills else ""

    @property
    def replaces(self) -> str:
        """The entry that it was to correct, as typed."""
        return text(self.body, "replaces")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A form as one person has it before them, where it takes ``persons`` to declare.

    ``done`` is what became of the form that led here. ``again`` shows the form where it would not be shown by itself.
    """

    asked: FormAsked
    keyed: Keyed | None
    filled: Filled
    persons: int
    review: Review | None = None
    conflict: Conflict | None = None
    draft: KeptDraft | None = None
    made_out: Mapping[str, str] = field(default_factory=dict)
    """What the form says in hidden fields: whom it is made out for."""
    changed: ChangedLineup | None = None
    done: str = ""
    again: bool = False
    beside: NotesBeside | None = None
    revision: WaitingRevision | None = None
    """A correction or withdrawal of what stands that waits for a second person."""
    sheet: PhotosBeside | None = None
    """None where no photos are kept, and for a tally."""
    following: Following | None = None
    """What is keyed after this."""


def contest_entry_page(
    environment: Environment, night: Night, contest: Contest, opened: Opened, frame: DeskFrame, *, now: datetime
) -> str:
    """The page of one contest at the desk; ``now`` a poll that was put off may have been held after all."""
    election, council = night.election, night.election.council(contest.council_id)
    result, filled, subject = night.result(contest.ballot_id), opened.filled, Subject("ward", contest.ballot_id)
    lacks_votes = contest.has_nominations and result.declaration is not None and result.declaration.votes is None
    is_declared = result.state is ContestState.DECLARED and not lacks_votes
    put_off = result.status.at if result.status is not None else None
    is_put_off = result.state in PUT_OFF and now >= election.later_poll_from(put_off)
    has_poll = lacks_votes or is_put_off or not result.is_decided
    by_seats = is_by_seats(contest, filled.form, opened.asked)
    held = holder_line(election, result)
    values = {
        **_shared(night, council, contest, result.entry, opened),
        "frame": frame,
        "heading": contest.name,
        "status": sentences.contest_status(election, result),
        "facts": [it for it in sentences.contest_facts(election, council, result) if it != held],
        "before": before_ward(election, result),
        "named": named_with_party(election, contest),
        "history": told_entries(election, result.history),
        "stage": form_stage_of(opened.keyed, opened.asked, is_declared=is_declared, has_poll=has_poll),
        "lacks_votes": lacks_votes,
        "by_seats": by_seats,
        "may_choose_mode": contest.has_nominations,
        "fills": seats_to_fill(contest),
        **_figures_of(election, subject, filled, opened.asked),
    }
    return render(environment, "desk/entry/entry.html", values)


def tally_page(environment: Environment, night: Night, council: Council, opened: Opened, frame: DeskFrame) -> str:
    """The page of a council's tally by phone at the desk."""
    election, state = night.election, night.councils[council.council_id]
    standing = state.tally
    complete = standing is not None and isinstance(standing.content, TallyDeclaration) and standing.content.complete
    subject = Subject("tally", council.council_id)
    values = {
        **_shared(night, council, None, standing, opened),
        "frame": frame,
        "heading": f"{council.name}: tally by phone",
        "history": told_entries(election, state.record.about(subject).entries),
        "stage": form_stage_of(opened.keyed, opened.asked, is_declared=complete, has_poll=True),
        "lacks_votes": False,
        "before": "",
        "by_seats": True,
        "may_choose_mode": False,
        **_figures_of(election, subject, opened.filled, opened.asked),
    }
    return render(environment, "desk/entry/entry.html", values)


def _shared(
    night: Night, council: Council, contest: Contest | None, standing: Entry | None, opened: Opened
) -> dict[str, Any]:
    """What a contest's form and a tally's, without a contest, are made of alike."""
    election, keyed, record = night.election, opened.keyed, night.record_of(council.council_id)
    subject = Subject("ward", contest.ballot_id) if contest is not None else Subject("tally", council.council_id)
    own = keyed.of(opened.asked.person) if keyed is not None else None
    content = own_content(subject, own.body) if own is not None else None
    return {
        **{each.name: getattr(opened, each.name) for each in fields(opened)},
        "election": election,
        "council": council,
        "council_element": element_id("desk-council", council.council_id),
        "contest": contest,
        "subject": subject,
        "url": entry_url(election, subject),
        "desk_url": desk_url(election),
        "badge_now": badge_of(election, night.councils[council.council_id], election.convention),
        "zone": sentences.zone_name(election),
        "sentences": sentences,
        "announced_since": since_lines(election, announced_since(record, keyed)) if keyed is not None else (),
        "given_reason": _given_reason(keyed, opened.asked),
        "see_url": _see_url(election, keyed, opened.asked),
        "held_already": held_already,
        "versions_were_seen": VERSIONS_WERE_SEEN,
        "own_figures": told_figures(election, contest, content),
        "standing": standing,
        "figures": told_figures(election, contest, standing.content) if standing else (),
        "people": who(standing, persons=opened.persons) if standing else "",
    }


def _given_reason(keyed: Keyed | None, asked: FormAsked) -> str:
    """Why the author corrects what another keys again; empty for the author, who gives it."""
    if asked.replaces is None or keyed is None or keyed.author.is_by(asked.person):
        return ""
    return str(keyed.author.body.get("reason", ""))


def _see_url(election: Election, keyed: Keyed | None, asked: FormAsked) -> str:
    """Where an editor who is neither of the two sees what they keyed; empty for everybody else."""
    if not isinstance(keyed, Disputed) or not asked.edits or keyed.of(asked.person) is not None:
        return ""
    return f"{desk_url(election)}/keyed/{keyed.subject.path}/versions"


def own_content(subject: Subject, body: Mapping[str, Any]) -> object:
    """What a person keyed, also to correct what stands, as a declaration of its own."""
    body = {**body, "kind": subject.kind}
    return declaration_from(body, about=subject.kind, council_id=subject.council_id, ballot_id=subject.ballot_id)


def review_panel(
    environment: Environment, election: Election, review: Review, places: Mapping[str, str] = MappingProxyType({})
) -> str:
    """What stands beside the form, by itself: the browser asks for it while figures are typed.

    ``places`` has the elements of the page that findings are about, by their fields.
    """
    template = environment.get_template("desk/entry/_review.html")
    return template.render(election=election, review=review, places=places).strip()


def conflict_panel(environment: Environment, election: Election, conflict: Conflict, asked: FormAsked) -> str:
    """Both versions side by side, by themselves."""
    template = environment.get_template("desk/entry/_conflict.html")
    return template.render(election=election, conflict=conflict, asked=asked, sentences=sentences).strip()


def changed_lineup(election: Election, beside: Moved) -> ChangedLineup:
    """What is said of a form that was made out for others; ``beside`` is where its figures went."""
    lines = lineup_changed(election, beside.was, beside.now, beside.left)
    return ChangedLineup(changed_briefly(election, beside.was, beside.now), tuple(lines))


def changed_panel(environment: Environment, changed: ChangedLineup) -> str:
    """The same by itself, before the form is shown anew."""
    template = environment.get_template("desk/entry/_changed.html")
    return template.render(changed=changed, is_shown=False).strip()


FIGURES = "figures"
"""The element that has all candidates, or parties: what is said of them together is said of it."""


def _figures_of(election: Election, subject: Subject, filled: Filled, asked: FormAsked) -> dict[str, Any]:
    """The ``rows`` of a form, the ``others`` that are seldom needed, and where findings belong."""
    council = subject.council_in(election)
    others: list[FormRow] = []
    if subject.ballot_id is None:
        known = parties_of(election, council)
        had = beside_parties(election, council)
        rows = party_rows(election, known, filled, had)
        others = party_rows(election, [group for group in election.groups if group not in known], filled, had)
    else:
        contest = election.contest(subject.ballot_id)
        by_seats = is_by_seats(contest, filled.form, asked)
        if by_seats:
            had = beside_parties(election, council, contest)
            rows = party_rows(election, parties_in(election, contest), filled, had)
        else:
            rows = candidate_rows(election, contest, filled)
    fields = [*(row.field for row in (*rows, *others)), *map(filled.field, _fields_beside(subject, rows, asked))]
    together = dict.fromkeys(("votes", "seats", "elected"), FIGURES)
    return {"rows": rows, "others": others, "places": together | {it.name: it.element for it in fields}}


def _fields_beside(subject: Subject, rows: Sequence[FormRow], asked: FormAsked) -> Iterator[str]:
    """The fields of a form beside its figures."""
    if subject.ballot_id is None:
        yield "vacant"
    else:
        yield from ("rejected", "ballots", "turnout", "valid")
        if rows and rows[0].candidacy is not None:
            yield "total"
        if asked.edits:
            yield "as_announced"
    yield from ("source", "at")
    if asked.replaces is not None:
        yield "reason"


def form_places(election: Election, subject: Subject, form: TypedForm, asked: FormAsked) -> Mapping[str, str]:
    """The elements of a form's page that findings are about, by their fields."""
    places: Mapping[str, str] = _figures_of(election, subject, Filled(form), asked)["places"]
    return places
