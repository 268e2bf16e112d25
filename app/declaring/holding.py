"""The hold of a flash: a declaration from the desk that calls a council waits a moment before readers see it.

It is kept beside the log from the moment that it is acknowledged. When its time is up it goes into the log by itself,
by whichever server of the database is there: the log and the end of the hold are one transaction, so that it happens
once, however many servers try and whenever one of them dies.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

from sqlalchemy import Connection

from app.declaring.door import DECLARED, Declaring, HeldBack, Posting, audit_of, body_digest
from app.domain.errors import DomainError, Refused
from app.domain.lineup import Lineup, Nominee
from app.domain.second_check import is_machine
from app.domain.superseding import Superseded
from app.store import audit, drafts, held, idempotency, log, rules
from app.store.audit import Actor, Kind
from app.store.engine import Store
from app.store.errors import StoreError
from app.store.held import HeldDeclaration
from app.wording.holding import held_already, rules_of_hold
from app.wording.refusals import refusal

_logger = logging.getLogger(__name__)

LOOKS_EVERY = 1.0
"""Seconds."""

LONGEST = 600
"""Seconds that a change of control can be held for."""


@dataclass(frozen=True, slots=True)
class SentForm:
    """A form as it was sent: what was typed, under which key, and what it is said to do.

    ``posting`` is what the form itself makes; ``is_alone`` of an editor's that takes no check.
    """

    posting: Posting
    form: Mapping[str, Sequence[str]]
    told: str
    is_alone: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """Holds declarations back, and lets them go: into the log, or back to the form."""

    declaring: Declaring
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def hold(self, back: HeldBack, sent: SentForm) -> "Future[HeldDeclaration]":
        """Queue the hold of what ``back`` would declare.

        The same form again is held once. Raises AwaitsAnother where something else is held of the subject, and what
        the door raises: nothing may have got in between.
        """

        def job(connection: Connection) -> HeldDeclaration:
            slug, posting, key = back.posting.slug, back.posting, sent.posting.key
            head = log.lock(connection, slug)
            found = held.find(connection, slug, back.subject)
            if found is not None and found.key == key and found.maker == sent.posting.author:
                return found
            if found is not None:
                raise held_already(found.maker)
            self.declaring.judged(connection, posting, head, is_alone=posting.checker is None).passed(posting.confirm)
            now = self.clock()
            new = HeldDeclaration(
                held_id=0,
                slug=slug,
                subject=back.subject,
                posting=_stored(posting, is_alone=sent.is_alone),
                form=sent.form,
                maker=sent.posting.author,
                key=key,
                digest=body_digest(sent.posting.body),
                told=sent.told,
                due_at=now + timedelta(seconds=held.seconds(connection, slug)),
            )
            kept = held.begin(connection, new, now=now)
            if posting.body["kind"] != "withdrawal":
                drafts.keep(connection, slug, back.subject, kept.maker, sent.form)
            audit_of(connection, Kind.HELD, sent.posting.actor, slug, back.subject, {"until": kept.due_at.isoformat()})
            return kept

        return self.declaring.writer.submit(job)

    def undo(self, slug: str, held_id: int, by: Actor, *, is_editor: bool) -> "Future[HeldDeclaration | None]":
        """Queue that it is not declared: what was typed is its maker's draft. None where it is theirs not to undo."""

        def job(connection: Connection) -> HeldDeclaration | None:
            log.lock(connection, slug)
            found = held.get(connection, slug, held_id)
            if found is None or found.state != held.OPEN or not (is_editor or may_undo(found, by.who)):
                return None
            held.end(connection, found, held.UNDONE, now=self.clock(), by=by.who)
            audit_of(connection, Kind.HOLD_UNDONE, by, slug, found.subject, {"author": found.maker})
            return found

        return self.declaring.writer.submit(job)

    def send(self, slug: str, held_id: int, by: Actor | None = None) -> "Future[HeldDeclaration | None]":
        """Queue that it goes into the log: at once where somebody says so, else when its time is up.

        What came of it; None where nothing did. What cannot be declared any more is refused, and stays as a draft.
        """

        def job(connection: Connection) -> HeldDeclaration | None:
            head = log.lock(connection, slug)
            found = held.get(connection, slug, held_id)
            if found is None or found.state != held.OPEN or (by is None and found.due_at > self.clock()):
                return None
            posting = _posting(found)
            try:
                verdict = self.declaring.judged(connection, posting, head, is_alone=posting.checker is None)
            except (Refused, Superseded) as error:
                return self._refuse(connection, found, refusal(error))
            except DomainError as error:
                return self._refuse(connection, found, str(error) or type(error).__name__)
            if verdict.hard:
                return self._refuse(connection, found, " ".join(finding.detail for finding in verdict.hard))
            # It was acknowledged: what is only asked about by now was decided when it was made.
            codes = frozenset(finding.code for finding in verdict.soft)
            accepted = self.declaring.post_within(connection, replace(posting, confirm=posting.confirm | codes))
            self._end_declared(connection, found, accepted.seq, accepted.answer, by)
            return held.get(connection, slug, held_id)

        return self.declaring.writer.submit(job)

    def set_seconds(self, slug: str, number: int, by: Actor) -> "Future[None]":
        """From now on a change of control is held for ``number`` seconds; 0 for none."""

        def job(connection: Connection) -> None:
            log.lock(connection, slug)
            before = held.seconds(connection, slug)
            held.set_seconds(connection, slug, number)
            details = {"hold": number, "before": before}
            audit.record(connection, Kind.HOLD_CHANGED, by, slug=slug, details=details)
            _logger.warning("%s: %s, says %s", slug, rules_of_hold(number), by.who)

        return self.declaring.writer.submit(job)

    def _end_declared(
        self, connection: Connection, found: HeldDeclaration, seq: int, answer: str, by: Actor | None
    ) -> None:
        slug, subject, now = found.slug, found.subject, self.clock()
        held.end(connection, found, held.DECLARED, now=now, seq=seq, by=by.who if by else None)
        if found.posting["body"]["kind"] != "withdrawal":
            drafts.hand_in(connection, slug, subject, found.maker)
        if found.key is not None:
            # The form that is sent again is answered with what has become of it.
            idempotency.forget(connection, slug, found.key)
            digest = found.digest
            idempotency.remember(connection, slug, found.key, body_hash=digest, status=DECLARED, answer=answer)
        if found.posting["alone"]:
            details = {"seq": seq, "persons": rules.persons(connection, slug), "entry": found.posting["body"]["kind"]}
            audit_of(connection, Kind.DECLARED_ALONE, Actor(found.maker), slug, subject, details)
        if by is not None:
            audit_of(connection, Kind.HOLD_ENDED, by, slug, subject, {"seq": seq})

    def _refuse(self, connection: Connection, found: HeldDeclaration, reason: str) -> HeldDeclaration:
        held.end(connection, found, held.REFUSED, now=self.clock(), reason=reason)
        _logger.warning("%s %s of %s was held, and not declared: %s", *found.subject, found.slug, reason)
        return replace(found, state=held.REFUSED, reason=reason)


class Releasing:
    """Looks every second whose time is up, in a thread of its own, until it is closed: late rather than never."""

    def __init__(self, holding: Holding, store: Store) -> None:
        self._holding = holding
        self._store = store
        self._closed = Event()
        self._thread = Thread(target=self._run, name="declared-releasing", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Returns once nothing more is released from here."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closed.wait(LOOKS_EVERY):
            try:
                with self._store.reading() as connection:
                    due = held.due(connection, self._holding.clock())
                for slug, held_id in due:
                    self._holding.send(slug, held_id).result()
            except StoreError:
                # Whoever reads and writes has been told of it.
                continue
            except Exception:
                _logger.exception("What was held could not be declared: it is tried again")


def may_undo(found: HeldDeclaration, person: str) -> bool:
    """Whether it is of ``person``, who keyed or checked it."""
    return person in {found.maker, found.posting["author"], found.posting["checker"]} and not is_machine(person)


def _stored(posting: Posting, *, is_alone: bool) -> Mapping[str, Any]:
    lineup = posting.lineup
    confirmed = posting.confirmed
    return {
        "body": posting.body,
        "author": posting.author,
        "checker": posting.checker,
        "confirm": sorted(posting.confirm),
        "confirmed": {person: sorted(codes) for person, codes in confirmed.items()} if confirmed is not None else None,
        "keyed_after": posting.keyed_after,
        "lineup": [lineup.seats, {it: [who.name, who.party_id] for it, who in lineup.nominees.items()}]
        if lineup is not None
        else None,
        "address": posting.address,
        "alone": is_alone,
    }


def _posting(found: HeldDeclaration) -> Posting:
    """What goes into the log, and is not held any more."""
    kept = found.posting
    confirmed = kept["confirmed"]
    lineup = kept["lineup"]
    return Posting(
        found.slug,
        kept["body"],
        kept["author"],
        confirm=frozenset(kept["confirm"]),
        checker=kept["checker"],
        confirmed={person: frozenset(codes) for person, codes in confirmed.items()} if confirmed is not None else None,
        keyed_after=kept["keyed_after"],
        lineup=Lineup(lineup[0], {it: Nominee(*who) for it, who in lineup[1].items()}) if lineup is not None else None,
        address=kept["address"],
    )
