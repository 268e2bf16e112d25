"""The second check: what one person keys waits until another keys the same, and is declared at that moment.

Everything happens in the writer's transactions, so that of two who key at once one is the first. Nobody is ever told
what the other one keyed: only on which fields the two differ.
"""

import json
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from app.declaring.door import (
    DECLARED,
    FLIPS,
    Accepted,
    Declaring,
    Posting,
    Verdict,
    audit_of,
    body_digest,
    check_same,
    note_late,
    refuse_held,
)
from app.domain.errors import DomainError, Refused
from app.domain.second_check import (
    REVISIONS,
    AwaitsAnother,
    Declared,
    Disputed,
    Keyed,
    Keying,
    May,
    Open,
    given_by_one,
    is_machine,
)
from app.domain.subject import Subject
from app.store import audit, claims, drafts, idempotency, keyed, log, rules, versions
from app.store.audit import Actor, Kind
from app.wording.bodies import NOT_FOR_A_CHECK
from app.wording.errors import NOTHING_TO_CHECK, VERSIONS_WERE_SEEN

_logger = logging.getLogger(__name__)


HELD_UP = "W18"
"""The warning of a recount since the first of the two keyed it: asked of the second, whatever they keyed."""


class OneIsEnough(DomainError):
    """What was keyed to be checked would be declared at once: since then one person has become enough."""

    def __init__(self) -> None:
        super().__init__(
            "One person has become enough here: this would be declared at once. Open the form again to do so."
        )


class NotForACheck(DomainError):
    """Figures as they were announced, which an editor or a ``declare`` token takes upon itself."""

    def __init__(self) -> None:
        super().__init__(NOT_FOR_A_CHECK)


class CannotBeKeyed(DomainError):
    """A kind of declaration that nobody keys a second time, or that a machine does not key at all."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"A “{kind}” is not keyed for a second check: only results (ward) and tallies are.")


class NothingToCheck(DomainError):
    """Who may not correct or withdraw was to check that, and it does not wait any more."""

    def __init__(self) -> None:
        super().__init__(NOTHING_TO_CHECK)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyingAsked:
    """A keying, and what its author may; as ``SecondCheck.key`` has it."""

    posting: Posting
    may_check: bool
    may_revise: bool = False
    awaits_check: bool = False


@dataclass(frozen=True, slots=True)
class KeyingAnswer:
    """What became of a keying: ``answer`` as JSON text and its HTTP status, 201 where it is declared, else 202."""

    status: int
    answer: str

    @property
    def read(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.answer)
        return found


@dataclass(frozen=True, slots=True)
class SecondCheck:
    """Keys results, compares, and declares what two persons agree on."""

    declaring: Declaring
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def key(
        self, posting: Posting, *, may_check: bool, may_revise: bool = False, awaits_check: bool = False
    ) -> "Future[KeyingAnswer]":
        """Queue a keying; ``may_check`` says whether its author may be the second person.

        ``may_revise`` is whether they may begin to correct or withdraw what stands. ``awaits_check`` is of an author
        who was told that another keys it before it is declared: then it is never declared by them alone. The future
        ends with what became of it once that is durable, or with the DomainError that refused it.
        """
        asked = KeyingAsked(posting=posting, may_check=may_check, may_revise=may_revise, awaits_check=awaits_check)
        return self.declaring.writer.submit(lambda connection: self.key_within(connection, asked))

    def declare_alone(self, posting: Posting) -> "Future[Accepted]":
        """Queue what an editor declares, corrects or withdraws without a check; their draft goes with it."""
        return self.declaring.writer.submit(lambda connection: self.declare_alone_within(connection, posting))

    def declare_alone_within(self, connection: Connection, posting: Posting) -> Accepted:
        """The same within a transaction of the writer's."""
        takes = rules.persons(connection, posting.slug)
        accepted = self.declaring.post_within(connection, posting)
        logged = log.entry(connection, posting.slug, accepted.seq)
        assert logged is not None  # it was written, or remembered, a moment ago
        entry, by, slug = logged.entry, posting.actor, posting.slug
        details = {"seq": accepted.seq, "persons": takes, "entry": entry.kind}
        if entry.council_id is None:
            # Everything that came after an entry, of whatever council.
            if accepted.is_new:
                audit.record(connection, Kind.DECLARED_ALONE, by, slug=slug, details=details)
            return accepted
        subject = Subject.keyed(ballot_id=entry.ballot_id, council_id=entry.council_id)
        if entry.kind != "withdrawal":
            drafts.hand_in(connection, slug, subject, posting.author)
        claims.release(connection, slug, subject, posting.author)
        if accepted.is_new:
            audit_of(connection, Kind.DECLARED_ALONE, by, slug, subject, details)
        return accepted

    def take_back(
        self, slug: str, subject: Subject, person: str, *, is_editor: bool, address: str = ""
    ) -> "Future[bool]":
        """Let go of what waits of a subject: by its author, or by an editor. False where nothing of theirs waits."""

        def job(connection: Connection) -> bool:
            log.lock(connection, slug)
            waiting = keyed.find(connection, slug, subject)
            if waiting is None or not (is_editor or waiting.author.is_by(person)):
                return False
            keyed.drop(connection, slug, subject)
            claims.release(connection, slug, subject)
            details = {"author": waiting.author.person, "checker": waiting.checker.person if waiting.checker else None}
            audit_of(connection, Kind.TAKEN_BACK, Actor(person, address), slug, subject, details)
            return True

        return self.declaring.writer.submit(job)

    def see_versions(self, slug: str, subject: Subject, person: str, *, address: str = "") -> "Future[Disputed | None]":
        """Queue that an editor is shown what two others keyed differently; whoever was checks none of it.

        None where nothing is disputed, or the editor is one of the two: a keyer is never shown the other's.
        """

        def job(connection: Connection) -> Disputed | None:
            log.lock(connection, slug)
            disputed = keyed.find(connection, slug, subject)
            if not isinstance(disputed, Disputed) or disputed.of(person) is not None:
                return None
            versions.see(connection, slug, subject, person)
            details = {"author": disputed.author.person, "checker": disputed.checker.person}
            audit_of(connection, Kind.VERSIONS_SEEN, Actor(person, address), slug, subject, details)
            return disputed

        return self.declaring.writer.submit(job)

    def note_told(self, slug: str, subject: Subject, person: str, *, address: str = "") -> "Future[None]":
        """Queue that an editor was told in how many fields theirs is otherwise: asked often enough, that tells figures.

        So it is audited, and whoever was told checks none of it.
        """

        def job(connection: Connection) -> None:
            versions.see(connection, slug, subject, person)
            audit_of(connection, Kind.DIFFERENCE_TOLD, Actor(person, address), slug, subject, {})

        return self.declaring.writer.submit(job)

    def set_persons(self, slug: str, number: int, person: str, *, address: str = "") -> "Future[None]":
        """From now on it takes ``number`` persons to declare; ``person`` said so, and that is audited."""

        def job(connection: Connection) -> None:
            log.lock(connection, slug)
            before = rules.persons(connection, slug)
            rules.set_persons(connection, slug, number)
            details = {"persons": number, "before": before}
            audit.record(connection, Kind.RULES_CHANGED, Actor(person, address), slug=slug, details=details)
            _logger.warning("%s: it takes %d to declare from now on, says %s", slug, number, person)

        return self.declaring.writer.submit(job)

    def keep_draft(
        self, slug: str, subject: Subject, person: str, body: Mapping[str, Any] | None, *, key: str | None = None
    ) -> "Future[None]":
        """Keep what somebody has typed so far; None forgets it.

        What was handed in meanwhile under ``key``, the form's, is not kept again: it was only late.
        """

        def job(connection: Connection) -> None:
            if body is None:
                drafts.drop(connection, slug, subject, person)
            elif key is None or idempotency.recall(connection, slug, key) is None:
                drafts.keep(connection, slug, subject, person, body)

        return self.declaring.writer.submit(job)

    def key_within(self, connection: Connection, asked: KeyingAsked) -> KeyingAnswer:
        """Key within a transaction of the writer's."""
        posting = asked.posting
        kind = posting.body["kind"]
        if kind not in {"ward", "tally"} and (kind not in REVISIONS or is_machine(posting.author)):
            raise CannotBeKeyed(kind)
        if "as_announced" in posting.body:
            raise NotForACheck
        digest = body_digest(posting.body)
        if posting.key is not None:
            remembered = idempotency.recall(connection, posting.slug, posting.key)
            if remembered is not None:
                check_same(remembered, posting.key, digest)
                return KeyingAnswer(remembered.status, remembered.answer)
        outcome = self._keyed(connection, asked)
        if posting.key is not None:
            idempotency.remember(
                connection,
                posting.slug,
                posting.key,
                body_hash=digest,
                status=outcome.status,
                answer=outcome.answer,
            )
        return outcome

    def _keyed(self, connection: Connection, asked: KeyingAsked) -> KeyingAnswer:
        posting = asked.posting
        head = log.lock(connection, posting.slug)
        verdict = self.declaring.judged(connection, posting, head)
        if verdict.about not in {"ward", "tally"}:
            raise CannotBeKeyed(verdict.about)
        if verdict.hard:
            raise Refused(verdict.hard)
        subject = Subject.keyed(ballot_id=verdict.entry.ballot_id, council_id=verdict.entry.council_id)
        refuse_held(connection, posting, subject)
        before = keyed.find(connection, posting.slug, subject) or Open(subject)
        _refuse_unasked(connection, asked, before)
        after_seq = head.seq if posting.sent_at is None else log.seq_at(connection, posting.slug, posting.sent_at)
        keying = Keying(posting.author, posting.body, posting.confirm, self.clock(), after_seq, posting.sent_at)
        note_late(connection, posting)
        after = before.key(keying, _may(connection, posting, may_check=asked.may_check))
        if isinstance(after, Declared):
            after = self._unless_contradicted(connection, posting, after, verdict, head)
        if posting.body["kind"] != "withdrawal":
            drafts.hand_in(connection, posting.slug, subject, posting.author)
        claims.release(connection, posting.slug, subject, posting.author)
        if isinstance(after, Declared):
            if after.checker is None and asked.awaits_check:
                raise OneIsEnough
            return KeyingAnswer(DECLARED, self.declaring.post_within(connection, _as_declared(posting, after)).answer)
        if after.author is keying:
            # A checker is asked once it is the same: what two persons do not agree on needs no confirming yet.
            verdict.passed(posting.confirm)
        _keep(connection, posting, before, after)
        return KeyingAnswer(202, json.dumps(_told(after)))

    def _unless_contradicted(
        self, connection: Connection, posting: Posting, declared: Declared, own: Verdict, head: log.Head
    ) -> Declared | Disputed:
        """``declared``, unless what only one of the two gave cannot be taken beside what the other did.

        Else whoever keyed last would be told of figures that they have not seen: they are disputed instead.
        """
        author, checker = declared.author, declared.checker
        beside = given_by_one(author.body, checker.body) if checker is not None else frozenset()
        if checker is None or not beside:
            return declared
        both = _as_declared(posting, declared)
        verdict = self.declaring.judged(connection, both, head)
        asked_of = {*own.hard, *own.soft}
        unconfirmed = (it for it in verdict.soft if it.code not in both.confirm | {HELD_UP})
        if all(finding in asked_of for finding in (*verdict.hard, *unconfirmed)):
            return declared
        return Disputed(declared.subject, author, checker, beside)


def keyed_subject(body: Mapping[str, Any]) -> Subject:
    """What a ward or a tally is about."""
    return Subject.keyed(ballot_id=body.get("ballot_id"), council_id=body.get("council_id"))


def _refuse_unasked(connection: Connection, asked: KeyingAsked, before: Open | Keyed) -> None:
    """Raises NothingToCheck and AwaitsAnother."""
    posting = asked.posting
    if posting.body["kind"] in REVISIONS and isinstance(before, Open) and not asked.may_revise:
        raise NothingToCheck
    if versions.has_seen(connection, posting.slug, before.subject, posting.author):
        raise AwaitsAnother(VERSIONS_WERE_SEEN)


def _may(connection: Connection, posting: Posting, *, may_check: bool) -> May:
    """A machine keys, and no more, however many persons it takes."""
    if not is_machine(posting.author) and rules.persons(connection, posting.slug) == 1:
        return May.DECLARE
    return May.CHECK if may_check else May.KEY


def _keep(connection: Connection, posting: Posting, before: Open | Keyed, after: Keyed) -> None:
    if isinstance(before, Open):
        keyed.begin(connection, posting.slug, after.subject, after.author, key=posting.key)
        audit_of(connection, Kind.KEYED, posting.actor, posting.slug, after.subject, {"again": False})
        return
    keyed.keep(connection, posting.slug, after)
    # Which fields, never which figures: whoever checks may read the audit.
    details = {"again": True, "author": after.author.person, "differing": sorted(after.differing)}
    kind = Kind.DISPUTED if isinstance(after, Disputed) else Kind.KEYED
    audit_of(connection, kind, posting.actor, posting.slug, after.subject, details)


def _as_declared(posting: Posting, declared: Declared) -> Posting:
    """``posting``, by which it came to be declared, as what is declared: its author is who keyed it first.

    What the other confirmed is confirmed, for it was said of the same figures: all but a flip, which is asked of who
    makes it. The key stays with what this person posted; the body may have the other's source.
    """
    if declared.checker is None:
        return replace(posting, key=None)
    keyings = (declared.author, declared.checker)
    confirmed = {it.person: it.confirmed - ({FLIPS} if it.person != posting.author else set()) for it in keyings}
    return replace(
        posting,
        key=None,
        body=declared.body,
        author=declared.author.person,
        checker=declared.checker.person,
        confirm=frozenset().union(*confirmed.values()),
        confirmed=confirmed,
        keyed_after=declared.keyed_after,
    )


def _told(now: Keyed) -> dict[str, Any]:
    """What whoever keyed is told: never a figure of the other's."""
    return {
        "state": now.state,
        "subject": {"kind": now.subject.kind, "id": now.subject.identity},
        "author": now.author.person,
        "checker": now.checker.person if now.checker else None,
        "differing": sorted(now.differing),
    }
