"""What was typed into a form of the desk, read as the body of a declaration: pure, and everything wrong at once.

A form is the text of its fields by name: ``votes.CANDIDACY``, ``seats.PARTY``, ``total``, ``ballots``, ``rejected``,
``valid``, ``turnout`` (per cent), ``source``, ``at`` (a time of day, or with its date), ``drawn`` (candidacies: who won
a lot, or was declared elected on preferences; as often as there are any), ``elected`` (the same: who was announced
whatever the votes say), ``as_announced`` (why) … A dash in the place of votes says that they are not published.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from app.declaring.bodies import LARGEST_NUMBER
from app.domain.contest import seats_to_fill, tied_across_last_seat
from app.domain.election import Contest, Council, Election
from app.domain.errors import Finding
from app.domain.second_check import count
from app.domain.times import OF_OUR_AGE, read_time
from app.wording.names import told_apart

Form = Mapping[str, Sequence[str]]
"""The fields of a form by name, each with all its values as they were typed."""

PERCENTAGE = re.compile(r"\d{1,3}(?:\.\d{1,4})?")
CLOCK = re.compile(r"([01]?\d|2[0-3])[:. ]?([0-5]\d)")

DATED = re.compile(r"\d{4}-\d\d-\d\d[ T]")

LATE = timedelta(minutes=15)
"""A time of day that is further ahead than this was yesterday's: clocks differ, but not by more."""

LONGEST_LINE = 500

UNREADABLE = "typed"
"""The code of a finding about what was typed, before anything is checked of what it says."""

PAPERS: Mapping[str, str] = MappingProxyType(
    {"ballots": "All papers", "rejected": "Rejected papers", "valid": "Valid papers"}
)
"""The fields of a ward's papers, and what they are called."""

NOT_PUBLISHED = frozenset({"-", "–", "—", "−"})
"""What is typed in the place of votes that are not published: a dash of any kind."""

UNWRITTEN = "…"
"""Stands for words that are still to be written, where only the consequences are asked for."""


@dataclass(slots=True)
class Typed:
    """A form that was read: the body of the declaration it makes, and what could not be read.

    ``body`` lacks the fields that have an error.
    """

    body: dict[str, Any]
    errors: list[Finding] = field(default_factory=list)

    def refuse(self, name: str, detail: str) -> None:
        self.errors.append(Finding(UNREADABLE, name, detail))


def text(form: Form, name: str) -> str:
    """The last value of a field, without space around it; empty where there is none."""
    values = form.get(name, ())
    return values[-1].strip() if values else ""


def is_blank(form: Form) -> bool:
    """Whether no figure was typed yet."""
    figures = ("votes.", "seats.")
    return not any(
        text(form, name) for name in form if name.startswith(figures) or name in {*PAPERS, "total", "turnout"}
    )


def read_result(election: Election, contest: Contest, form: Form, *, now: datetime) -> Typed:
    """The result of a contest: votes of every candidacy, or with ``mode=seats`` seats by party."""
    typed = Typed({"kind": "ward", "ballot_id": contest.ballot_id})
    if text(form, "mode") == "seats" or not contest.has_nominations:
        typed.body["seats"] = _seats(election, form, typed)
    elif _elected(contest, form) and not any(text(form, name) for name in _names(form, "votes.")):
        typed.body["elected"] = _elected(contest, form)
    else:
        typed.body["votes"] = _votes(election, contest, form, typed)
        _add_winners(contest, form, typed)
        _add_count(form, typed, "total", "Total of the votes")
    for name, label in PAPERS.items():
        _add_count(form, typed, name, label)
    _add_turnout(form, typed)
    _add_line(form, typed, "as_announced", "As announced")
    _add_line(form, typed, "source", "Source")
    _add_time(form, typed, now)
    return typed


def read_tally(election: Election, council: Council, form: Form, *, now: datetime) -> Typed:
    """The seats of a whole council, the continuing ones included."""
    typed = Typed({"kind": "tally", "council_id": council.council_id, "complete": text(form, "complete") == "1"})
    typed.body["seats"] = _seats(election, form, typed)
    _add_count(form, typed, "vacant", f"Vacant {election.words.seats}")
    _add_line(form, typed, "source", "Source")
    _add_time(form, typed, now)
    return typed


def as_correction(typed: Typed, form: Form, *, is_asked_only: bool = False) -> Typed:
    """The same as a correction of the entry that the form names in ``replaces``, with its ``reason``.

    Where only its consequences are asked for, a reason that is not written yet stands as :data:`UNWRITTEN`.
    """
    ids = {"kind", "ballot_id", "council_id"}
    restated = {name: value for name, value in typed.body.items() if name not in ids}
    corrected = Typed({"kind": "correction", **restated}, list(typed.errors))
    replaces = text(form, "replaces")
    if replaces.isdecimal() and len(replaces) < 15:
        corrected.body["replaces"] = int(replaces)
    else:
        corrected.refuse("replaces", "Which entry this replaces is missing: open the form again.")
    _add_line(form, corrected, "reason", "Reason")
    if not text(form, "reason"):
        if is_asked_only:
            corrected.body["reason"] = UNWRITTEN
        else:
            corrected.refuse("reason", "Say why: readers see the reason beside what changed.")
    return corrected


def announced(written: str, now: datetime) -> datetime | None:
    """``03:12``, ``3.12`` or ``0312`` as the latest such time that is not ahead of ``now``; None for anything else.

    With its day, ``2023-08-11 14:05``, it is that very time, ahead or not: the checks ask about it.
    """
    if DATED.match(written):
        return read_time(written, years=OF_OUR_AGE, zone=now.tzinfo)
    match = CLOCK.fullmatch(written)
    if match is None:
        return None
    at = datetime.combine(now.date(), time(int(match[1]), int(match[2])), now.tzinfo)
    return at if at <= now + LATE else datetime.combine(now.date() - timedelta(days=1), at.timetz())


def typed_from(body: Mapping[str, Any]) -> dict[str, list[str]]:
    """The form that ``body`` would have been typed as, to be filled in with it again; when it was said is left out."""
    form: dict[str, list[str]] = {}
    for group in ("votes", "seats"):
        form |= {f"{group}.{name}": [_figure(number)] for name, number in (body.get(group) or {}).items()}
    for name in (*PAPERS, "total", "vacant"):
        if body.get(name) is not None:
            form[name] = [f"{body[name]:,}"]
    if body.get("turnout") is not None:
        form["turnout"] = [f"{body['turnout']:g}"]
    if body.get("complete"):
        form["complete"] = ["1"]
    if body.get("elected"):
        # The votes say who is elected, but for a lot: named are those of whom they do not.
        is_by_votes = body.get("votes") and None not in body["votes"].values() and not body.get("as_announced")
        form["drawn"] = list(body["elected"])
        if not is_by_votes:
            form["elected"] = list(body["elected"])
    for name in ("source", "as_announced"):
        if body.get(name):
            form[name] = [body[name]]
    form["mode"] = ["seats" if body.get("seats") is not None else "votes"]
    return form


def _figure(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def _elected(contest: Contest, form: Form) -> list[str]:
    """Who is named as elected: where first preferences never say it, beside the votes."""
    named = form.get("drawn" if contest.is_stv else "elected", ())
    return [one for one in contest.candidacies_by_id if one in named]


def _votes(election: Election, contest: Contest, form: Form, typed: Typed) -> dict[str, int | None]:
    votes: dict[str, int | None] = {}
    called = told_apart(election, contest)
    for candidacy in contest.candidacies:
        name = f"votes.{candidacy.candidacy_id}"
        written = text(form, name)
        if not written:
            whose = f"The votes of {called[candidacy.candidacy_id]}"
            typed.refuse(name, f"{whose} are missing; type 0 for none, – where they are not published.")
            continue
        if written in NOT_PUBLISHED:
            votes[candidacy.candidacy_id] = None
            continue
        number = _count_or_refuse(typed, name, written)
        if number is not None:
            votes[candidacy.candidacy_id] = number
    return votes


def _seats(election: Election, form: Form, typed: Typed) -> dict[str, int]:
    """Seats by party: what is left empty is none."""
    seats: dict[str, int] = {}
    for name in _names(form, "seats."):
        written = text(form, name)
        number = _count_or_refuse(typed, name, written) if written else None
        if number:
            seats[name.removeprefix("seats.")] = number
    if not seats and not typed.errors:
        typed.refuse("seats", f"No {election.words.seats} were given.")
    return seats


def _add_winners(contest: Contest, form: Form, typed: Typed) -> None:
    """Every winner, where the votes do not say it: named ones, those of first preferences, or of a lot."""
    votes: dict[str, int] = {one: number for one, number in typed.body["votes"].items() if number is not None}
    seats = seats_to_fill(contest)
    if contest.is_stv:
        _add_named(contest, form, typed, seats)
        return
    if form.get("elected"):
        typed.body["elected"] = _elected(contest, form)
        return
    tied = tied_across_last_seat(votes, seats)
    drawn = [candidacy_id for candidacy_id in form.get("drawn", ()) if candidacy_id in tied]
    if len(typed.body["votes"]) < len(contest.candidacies) or not drawn:
        return
    least = votes[drawn[0]]
    sure = [candidacy_id for candidacy_id, number in votes.items() if number > least]
    if len(sure) + len(set(drawn)) != seats:
        typed.refuse("elected", f"Name who was drawn: {seats - len(sure)} of the {len(tied)} that are tied.")
        return
    typed.body["elected"] = [*sure, *dict.fromkeys(drawn)]


def _add_named(contest: Contest, form: Form, typed: Typed, seats: int) -> None:
    named = _elected(contest, form)
    if len(named) == seats:
        typed.body["elected"] = named
    else:
        typed.refuse("elected", f"Tick who was declared elected: {seats} were, {len(named)} are ticked.")


def _add_count(form: Form, typed: Typed, name: str, label: str) -> None:
    written = text(form, name)
    if not written:
        return
    if "%" in written or re.fullmatch(r"\d+\.\d+", written):
        typed.refuse(name, f"{label} is a count, such as 2,478. A percentage goes into “Turnout, per cent”.")
        return
    number = _count_or_refuse(typed, name, written)
    if number is not None:
        typed.body[name] = number


def _add_turnout(form: Form, typed: Typed) -> None:
    written = text(form, "turnout").removesuffix("%").strip()
    if not written:
        return
    if not PERCENTAGE.fullmatch(written) or float(written) > 100:
        beyond = count(written)
        wanted = "Turnout is a percentage, such as 34.2."
        if beyond is not None and beyond > 100:
            wanted += " A count goes into “All papers”."
        typed.refuse("turnout", wanted)
        return
    typed.body["turnout"] = float(written)


def _add_line(form: Form, typed: Typed, name: str, label: str) -> None:
    written = text(form, name)
    if len(written) > LONGEST_LINE:
        typed.refuse(name, f"{label} has {len(written):,} characters: {LONGEST_LINE} at most.")
    elif written:
        typed.body[name] = written


def _add_time(form: Form, typed: Typed, now: datetime) -> None:
    written = text(form, "at")
    if not written:
        return
    at = announced(written, now)
    if at is None:
        typed.refuse("at", f"“{written}” is not a time such as 03:12, or with its day 2023-08-11 14:05.")
    else:
        typed.body["at"] = at.isoformat()


def _count_or_refuse(typed: Typed, name: str, written: str) -> int | None:
    number = count(written)
    if number is None:
        typed.refuse(name, f"“{written}” is not a whole number: write 1234 or 1,234.")
    elif number > LARGEST_NUMBER:
        typed.refuse(name, f"“{written}” is more than any election has.")
        return None
    return number


def _names(form: Form, prefix: str) -> Iterable[str]:
    return [name for name in form if name.startswith(prefix)]
