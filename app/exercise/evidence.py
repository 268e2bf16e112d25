"""What the database has of an exercise: results and tallies in the log, both versions of what was keyed, who keyed."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.domain.declarations import Withdrawal
from app.domain.second_check import Keying
from app.domain.subject import Subject
from app.exercise.happened import DoubleKeying, Evidence, KeyingAct, ResultEntry
from app.store import audit, log, rules
from app.store.tables import KEYED


def evidence_of(connection: Connection, slug: str) -> Evidence:
    """All of it, of one moment."""
    return Evidence(
        tuple(_results(connection, slug)),
        tuple(_keyed(connection, slug)),
        tuple(_acts(connection, slug)),
        rules.persons(connection, slug),
    )


def _results(connection: Connection, slug: str) -> Iterator[ResultEntry]:
    """The log, oldest first; what withdraws all that came after an entry stands once for each that it takes back."""
    standing: dict[Subject, int] = {}
    for logged in log.readable(connection, slug, after=0)[0]:
        entry = logged.entry
        if isinstance(entry.declaration, Withdrawal) and entry.declaration.since is not None:
            since = entry.declaration.since
            subjects = [subject for subject, seq in standing.items() if seq > since]
        elif logged.about in {"ward", "tally"}:
            subjects = [Subject.keyed(ballot_id=entry.ballot_id, council_id=entry.council_id)]
        else:
            continue
        for subject in subjects:
            standing[subject] = entry.seq
            if entry.kind == "withdrawal":
                standing.pop(subject)
            checker = entry.checker or None
            yield ResultEntry(entry.seq, logged.recorded_at, entry.kind, subject, logged.body, entry.author, checker)


def _keyed(connection: Connection, slug: str) -> Iterator[DoubleKeying]:
    for row in connection.execute(select(KEYED).where(KEYED.c.slug == slug).order_by(KEYED.c.id)):
        keyings = [_keying(row.author, row.body, row.keyed_at)]
        if row.checked_body is not None:
            keyings.append(_keying(row.checker, row.checked_body, row.checked_at))
        yield DoubleKeying(Subject(row.subject_kind, row.subject_id), row.state in {"waiting", "disputed"}, keyings)


def _keying(person: str, stored: str, at: str) -> Keying:
    body: dict[str, Any] = json.loads(stored)
    confirmed, after = frozenset(body.pop("confirm", ())), body.pop("after", None)
    return Keying(person, body, confirmed, datetime.fromisoformat(at), after)


def _acts(connection: Connection, slug: str) -> Iterator[KeyingAct]:
    for kind in audit.Kind.KEYED, audit.Kind.DISPUTED:
        for row in reversed(audit.search(connection, audit.ActsWanted(slug=slug, kind=kind.value))):
            if row.details.get("kind") in {"ward", "tally"}:
                subject = Subject(row.details["kind"], row.subject)
                yield KeyingAct(row.at, row.who, subject, differs=kind is audit.Kind.DISPUTED)
