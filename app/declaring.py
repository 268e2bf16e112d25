"""The one door into the log: what the desk and the API declare is checked and written here, in one transaction."""

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from app.bodies import check_restated
from app.domain.checks import Proposal, Thresholds, hard_findings, refuse_superseded, soft_findings
from app.domain.declarations import Entry, declaration_from
from app.domain.errors import Finding, KeyReused, Refused, UnknownSequence
from app.domain.night import Night
from app.domain.ticker import Change
from app.store import catalogue, idempotency, log
from app.store.listening import notify
from app.store.writer import Writer

Answer = Callable[[Night, Change, str, Sequence[Finding]], Mapping[str, Any]]
"""What a post is answered with: from the night after it, its change, the epoch and the confirmed warnings."""


@dataclass(frozen=True, slots=True)
class Posting:
    """A declaration as it was posted: ``body`` is one of the contract's kinds, well-formed, without ``confirm``."""

    slug: str
    body: Mapping[str, Any]
    author: str
    confirm: frozenset[str] = frozenset()
    key: str | None = None
    """The idempotency key."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A posting that is in the log, durably: its sequence, and the answer as JSON text."""

    seq: int
    answer: str


@dataclass(slots=True)
class _Known:
    """The fold at the place in the log where the writer last left it; ``hash`` tells whether that place still is."""

    night: Night
    head: log.Head


@dataclass(slots=True)
class Declaring:
    """Checks and writes declarations. Its fold is touched by the writer's thread alone."""

    writer: Writer
    answer: Answer
    thresholds: Thresholds = Thresholds()
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _known: dict[str, _Known] = field(default_factory=dict)

    def post(self, posting: Posting) -> "Future[Accepted]":
        """Queue ``posting``; the future ends once it is durable, or with the DomainError that refused it."""
        return self.writer.submit(lambda connection: self._post(connection, posting))

    def _post(self, connection: Connection, posting: Posting) -> Accepted:
        digest = sha256(log.canonical_json(posting.body).encode()).hexdigest()
        if posting.key is not None:
            remembered = idempotency.recall(connection, posting.slug, posting.key)
            if remembered is not None:
                if remembered.body_hash != digest:
                    raise KeyReused(posting.key)
                return Accepted(json.loads(remembered.answer)["seq"], remembered.answer)
        head = log.take_sequence(connection, posting.slug)
        night = self._caught_up(connection, posting.slug, head)
        about, entry = self._entry(connection, night, posting)
        after, change, findings = self._checked(night, entry, posting.confirm)
        fresh = log.append(
            connection,
            posting.slug,
            seq=entry.seq,
            at=entry.at.isoformat(),
            recorded_at=self.clock(),
            kind=entry.kind,
            about=about,
            council_id=entry.council_id,
            ballot_id=entry.ballot_id,
            replaces=entry.replaces,
            body=posting.body,
            author=posting.author,
            previous_hash=head.hash,
        )
        self._known[posting.slug] = _Known(after, log.Head(entry.seq, fresh, head.epoch))
        answer = json.dumps(self.answer(after, change, head.epoch, findings), ensure_ascii=False)
        if posting.key is not None:
            idempotency.remember(connection, posting.slug, posting.key, body_hash=digest, status=201, answer=answer)
        notify(connection, posting.slug)
        return Accepted(entry.seq, answer)

    def _caught_up(self, connection: Connection, slug: str, head: log.Head) -> Night:
        """The night at ``head``.

        A fold that is not on the log's own line any more (a failed commit, a replaced catalogue) is made afresh.
        """
        known = self._known.get(slug)
        if known is not None and _holds(connection, slug, known.head, head):
            night = known.night
        else:
            night = Night.before_first(catalogue.load_election(connection, slug))
        return night.fold(logged.entry for logged in log.entries(connection, slug, after=night.seq))

    def _entry(self, connection: Connection, night: Night, posting: Posting) -> tuple[str, Entry]:
        """The entry that ``posting`` would make, and the kind of what it is about; refuses what stands no more."""
        body = posting.body
        about, council_id, ballot_id = body["kind"], body.get("council_id"), body.get("ballot_id")
        if "replaces" in body:
            replaced = log.entry(connection, posting.slug, body["replaces"])
            if replaced is None:
                raise UnknownSequence(body["replaces"])
            about, council_id, ballot_id = replaced.about, replaced.entry.council_id, replaced.entry.ballot_id
            if body["kind"] == "correction":
                check_restated(body, about, _ids(about, council_id, ballot_id))
        elif ballot_id is not None:
            council_id = night.election.contest(ballot_id).council_id
        elif council_id is not None:
            night.election.council(council_id)
        declaration = declaration_from(body, about=about, council_id=council_id, ballot_id=ballot_id)
        at = datetime.fromisoformat(body["at"]) if body.get("at") else self.clock().astimezone(night.election.zone)
        entry = Entry(night.seq + 1, at, declaration, council_id, ballot_id, posting.author)
        refuse_superseded(night, entry)
        return about, entry

    def _checked(self, night: Night, entry: Entry, confirm: frozenset[str]) -> tuple[Night, Change, list[Finding]]:
        """The night after ``entry``, what changed, and the warnings that were confirmed.

        Raises Refused with every finding that stands in the way.
        """
        hard = hard_findings(night, entry)
        if hard:
            raise Refused(hard)
        after, change = night.apply(entry)
        soft = soft_findings(Proposal(night, entry, change, self.thresholds))
        unconfirmed = [finding for finding in soft if finding.code not in confirm]
        if unconfirmed:
            raise Refused(unconfirmed)
        return after, change, soft


def _holds(connection: Connection, slug: str, known: log.Head, head: log.Head) -> bool:
    """Whether ``known`` is a place on the line that leads to ``head``."""
    if known.epoch != head.epoch or known.seq > head.seq:
        return False
    if known.seq in {0, head.seq}:
        return known.seq == 0 or known.hash == head.hash
    logged = log.entry(connection, slug, known.seq)
    return logged is not None and logged.hash == known.hash


def _ids(about: str, council_id: str | None, ballot_id: str | None) -> Mapping[str, str | None]:
    """The ids that a body of the kind ``about`` names its subject by."""
    match about:
        case "ward":
            return {"ballot_id": ballot_id}
        case "status" if ballot_id is not None:
            return {"ballot_id": ballot_id}
        case _:
            return {"council_id": council_id}
