"""The one door into the log: what the desk and the API declare is checked and written here, in one transaction."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from app.declaring.bodies import check_restated, refuse_unreplaceable
from app.domain.checks import hard_findings
from app.domain.declarations import Entry, Withdrawal, declaration_from, withdraws
from app.domain.errors import DomainError, Finding, KeyReused, Refused, UnknownSequence
from app.domain.lineup import Lineup, LineupChanged, lineup_of
from app.domain.night import Night
from app.domain.proposal import Proposal, Thresholds
from app.domain.second_check import Keyed, is_machine, keyed_otherwise
from app.domain.soft_checks import soft_findings
from app.domain.subject import Subject
from app.domain.superseding import refuse_other_winners, refuse_superseded, unchanged
from app.domain.ticker import Change
from app.store import audit, catalogue, held, idempotency, keyed, log, overruled, versions
from app.store.audit import Actor, Kind
from app.store.folding import Folded, Made
from app.store.notifying import notify
from app.store.writer import Writer
from app.wording.findings import told
from app.wording.holding import held_already

FLIPS = "W07"
"""The warning that a declaration changes who controls: whoever makes it confirms that, whatever another confirmed."""

DECLARED = 201
"""The HTTP status that a declaration is answered with."""

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
    checker: str | None = None
    """Who keyed the same, apart from the author."""
    confirmed: Mapping[str, frozenset[str]] | None = None
    """What each of the two confirmed, by person; None where ``confirm`` is the author's."""
    keyed_after: int | None = None
    """The last entry of the log when it was keyed, where it then waited for a check."""

    lineup: Lineup | None = None
    """Of a result or a tally from a form: what that was made out for."""

    address: str = ""
    """Where it came from, for the audit."""

    may_be_held: bool = False
    """Whether it waits at the desk where it calls a council, and the desk holds such calls back."""

    sent_at: datetime | None = None
    """When it was sent, where it waited for a network since."""

    @property
    def actor(self) -> Actor:
        """Who makes it, for the audit."""
        return Actor(self.author, self.address)

    def confirmed_by(self, codes: Iterable[str]) -> Mapping[str, Sequence[str]]:
        """Who confirmed each of ``codes``, which are those that were asked about."""
        by_person = {self.author: self.confirm} if self.confirmed is None else self.confirmed
        return {code: sorted(person for person, said in by_person.items() if code in said) for code in sorted(codes)}


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a correction or withdrawal is about: the kind, and the ids, of the entry that it replaces."""

    about: str
    council_id: str | None
    ballot_id: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks say of an entry about to be made, and what it would do.

    ``body`` and ``entry`` are as the log will give them back, ``before`` is the night that they come into. Where it has
    hard findings it cannot be made: ``after`` and ``change`` are None then.
    """

    about: str
    before: Night
    body: Mapping[str, Any]
    entry: Entry
    hard: tuple[Finding, ...] = ()
    soft: tuple[Finding, ...] = ()
    after: Night | None = None
    change: Change | None = None
    keyed_otherwise: Mapping[str, int] = field(default_factory=dict)
    """Who has keyed something else of it, which waits; and in how many fields."""

    def passed(self, confirm: frozenset[str]) -> tuple[Night, Change]:
        """The night after it and what changes; raises Refused with every finding that stands in the way."""
        in_the_way = self.hard or tuple(finding for finding in self.soft if finding.code not in confirm)
        if in_the_way or self.after is None or self.change is None:
            raise Refused(in_the_way)
        return self.after, self.change


def judge(  # noqa: PLR0913  # what a judgement rests on, each by its name
    night: Night,
    body: Mapping[str, Any],
    *,
    author: str,
    now: datetime,
    replaced: Replaced | None = None,
    thresholds: Thresholds = Thresholds(),
    checker: str | None = None,
    keyed_after: int | None = None,
    waiting: Keyed | None = None,
) -> Verdict:
    """What becomes of ``body`` in ``night``; nothing is written. ``replaced`` is what its ``replaces`` names.

    ``keyed_after`` is the last entry of the log when it was keyed, where it has waited since; ``waiting`` is what is
    declared over without a check.

    Raises NotKnown, Refused for a correction that does not restate what it replaces, and Superseded.
    """
    about, council_id, ballot_id = body["kind"], body.get("council_id"), body.get("ballot_id")
    if replaced is not None:
        refuse_unreplaceable(replaced.about, body["replaces"])
        about, council_id, ballot_id = replaced.about, replaced.council_id, replaced.ballot_id
        if body["kind"] == "correction":
            check_restated(body, about, _ids(about, council_id, ballot_id))
    elif ballot_id is not None:
        council_id = night.election.contest(ballot_id).council_id
    elif council_id is not None:
        night.election.council(council_id)
    declared = partial(declaration_from, about=about, council_id=council_id, ballot_id=ballot_id)
    at = datetime.fromisoformat(body.get("at") or now.astimezone(night.election.zone).isoformat())
    posted = Entry(night.seq + 1, at, declared(body), council_id, ballot_id, author, checker or "")
    refuse_superseded(night, posted)
    logged = log.read_back(body)
    entry = replace(posted, declaration=declared(logged))
    # What is found wrong is told in the order of what was posted.
    hard = told((*unchanged(night, posted), *hard_findings(night, posted)))
    if hard:
        return Verdict(about, night, logged, entry, hard)
    after, change = night.apply(entry)
    refuse_other_winners(night, change)
    otherwise = keyed_otherwise(waiting, author, body)
    soft = told(soft_findings(Proposal(night, entry, change, thresholds, now, keyed_after, otherwise)))
    return Verdict(about, night, logged, entry, (), soft, after, change, otherwise)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A posting that is in the log, durably: its sequence, and the answer as JSON text.

    ``is_new`` is False where it was there already, under the same idempotency key.
    """

    seq: int
    answer: str
    is_new: bool = field(default=True, compare=False)


class HeldBack(DomainError):
    """``posting`` would call a council, and that waits at the desk for a moment: nothing has been written."""

    def __init__(self, posting: Posting, subject: Subject) -> None:
        super().__init__()
        self.posting = posting
        self.subject = subject


class Undone(Exception):
    """Nothing has been written, as was intended."""


@dataclass(slots=True)
class Declaring:
    """Checks and writes declarations. Its folds are touched by the writer's thread alone.

    ``followed`` gives, by slug, what has been folded by whoever shows the night in this process, if anything. It is
    asked in the writer's thread, tells whether the log has gone back, and spares it to fold the same log once more.
    ``hand`` takes, by slug, each entry that is made, before it is committed, and spares the other the same.
    """

    writer: Writer
    answer: Answer
    thresholds: Thresholds = Thresholds()
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    followed: Callable[[str], Folded | None] = lambda _slug: None
    hand: Callable[[str, Made], None] = lambda _slug, _made: None
    _left: dict[str, Folded] = field(default_factory=dict)
    """By slug: the fold at the place in the log where the writer last left it."""

    def post(self, posting: Posting) -> "Future[Accepted]":
        """Queue ``posting``; the future ends once it is durable, or with the DomainError that refused it."""

        def job(connection: Connection) -> Accepted:
            accepted = self.post_within(connection, posting)
            if accepted.is_new:
                note_late(connection, posting)
            return accepted

        return self.writer.submit(job)

    def rehearse(self, slug: str) -> "Future[None]":
        """Queue a note that is written and undone: what a process does for the first time takes it ten times as long.

        The future ends with Undone, or with what is in the way of writing.
        """
        posting = Posting(slug, {"kind": "note", "text": "Rehearsed"}, author="rehearsal")

        def job(connection: Connection) -> None:
            self.post_within(connection, posting)
            del self._left[slug]
            raise Undone

        return self.writer.submit(job)

    def post_within(self, connection: Connection, posting: Posting) -> Accepted:
        """Declare within a transaction of the writer's; what else that writes is committed with it, or not at all."""
        if posting.key is not None:
            remembered = idempotency.recall(connection, posting.slug, posting.key)
            if remembered is not None and remembered.status == DECLARED:
                check_same(remembered, posting.key, body_digest(posting.body))
                return Accepted(json.loads(remembered.answer)["seq"], remembered.answer, is_new=False)
            if remembered is not None:
                # What was keyed under this key waits; nothing has been declared by it yet.
                idempotency.forget(connection, posting.slug, posting.key)
        head = self._on_its_line(connection, posting.slug, log.take_sequence(connection, posting.slug))
        verdict = self.judged(connection, posting, head, is_alone=posting.checker is None)
        if posting.may_be_held:
            verdict.passed(posting.confirm)
            _hold_back(connection, posting, verdict)
        made = self._made(connection, posting, verdict, head)
        after, change = made.after.night, made.change
        self._left[posting.slug] = made.after
        self.hand(posting.slug, made)
        if verdict.about in {"ward", "tally"}:
            self._close_keyed(connection, posting, verdict)
        elif isinstance(verdict.entry.declaration, Withdrawal):
            self._drop_revisions(connection, posting, verdict.entry)
        answer = json.dumps(self.answer(after, change, head.epoch, verdict.soft), ensure_ascii=False)
        if posting.key is not None:
            digest = body_digest(posting.body)
            idempotency.remember(
                connection, posting.slug, posting.key, body_hash=digest, status=DECLARED, answer=answer
            )
        notify(connection, posting.slug)
        return Accepted(change.entry.seq, answer)

    def _made(self, connection: Connection, posting: Posting, verdict: Verdict, head: log.Head) -> Made:
        """Appends the entry; raises Refused."""
        after, change = verdict.passed(posting.confirm)
        confirmed = posting.confirmed_by({finding.code for finding in verdict.soft})
        if confirmed:
            # Known only now, and part of the entry.
            after, change = verdict.before.apply(replace(verdict.entry, confirmed=confirmed))
        entry, recorded_at = change.entry, self.clock()
        fresh = log.append(
            connection,
            posting.slug,
            seq=entry.seq,
            at=entry.at.isoformat(),
            recorded_at=recorded_at,
            kind=entry.kind,
            about=verdict.about,
            council_id=entry.council_id,
            ballot_id=entry.ballot_id,
            replaces=entry.replaces,
            body=verdict.body,
            author=entry.author,
            checker=posting.checker,
            confirmed=confirmed,
            previous_hash=head.hash,
        )
        return Made(
            entry,
            verdict.body,
            verdict.about,
            recorded_at,
            fresh,
            before=Folded(verdict.before, head),
            after=Folded(after, log.Head(entry.seq, fresh, head.epoch)),
            change=change,
        )

    def judged(self, connection: Connection, posting: Posting, head: log.Head, *, is_alone: bool = False) -> Verdict:
        """What becomes of ``posting`` at ``head``, which nobody else can get past. Raises LineupChanged as well.

        What waits for a check is looked at where it ``is_alone``: whoever keys one of the two is told nothing of it.
        """
        night = self._caught_up(connection, posting.slug, head)
        replaced = None
        if "replaces" in posting.body:
            logged = log.entry(connection, posting.slug, posting.body["replaces"])
            if logged is None:
                raise UnknownSequence(posting.body["replaces"])
            replaced = Replaced(logged.about, logged.entry.council_id, logged.entry.ballot_id)
        subject = _keyed_subject(posting.body, replaced)
        if posting.lineup is not None and subject is not None:
            _refuse_changed(night, posting.lineup, subject)
        return judge(
            night,
            posting.body,
            author=posting.author,
            checker=posting.checker,
            now=self.clock(),
            replaced=replaced,
            thresholds=self.thresholds,
            keyed_after=posting.keyed_after,
            waiting=keyed.find(connection, posting.slug, subject) if is_alone and subject is not None else None,
        )

    def _close_keyed(self, connection: Connection, posting: Posting, verdict: Verdict) -> None:
        """What waited for a second check of the same result waits no more: it is declared, or was overtaken."""
        entry, slug = verdict.entry, posting.slug
        subject = Subject.keyed(ballot_id=entry.ballot_id, council_id=entry.council_id)
        if posting.checker is None:
            self._overtake(connection, posting, entry.seq, subject, otherwise=sorted(verdict.keyed_otherwise))
            for person, fields in verdict.keyed_otherwise.items():
                if not is_machine(person):
                    overruled.tell(connection, slug, subject, person, seq=entry.seq, differing=fields)
        else:
            keyed.settle(connection, slug, subject, seq=entry.seq, author=posting.author, checker=posting.checker)
        versions.forget(connection, slug, subject)

    def _drop_revisions(self, connection: Connection, posting: Posting, entry: Entry) -> None:
        """What was to be corrected or withdrawn does not stand any more."""
        for waiting in keyed.waiting(connection, posting.slug):
            replaces = waiting.author.body.get("replaces")
            if replaces is not None and withdraws(entry, replaces):
                self._overtake(connection, posting, entry.seq, waiting.subject)

    def _overtake(
        self, connection: Connection, posting: Posting, seq: int, subject: Subject, *, otherwise: Sequence[str] = ()
    ) -> None:
        """``otherwise`` are those who had keyed something else than was declared."""
        overtaken = keyed.drop(connection, posting.slug, subject)
        if overtaken is not None:
            details: dict[str, object] = {"seq": seq, "author": overtaken.author, "checker": overtaken.checker}
            details |= {"otherwise": list(otherwise)} if otherwise else {}
            audit_of(connection, Kind.OVERTAKEN, posting.actor, posting.slug, subject, details)

    def _on_its_line(self, connection: Connection, slug: str, head: log.Head) -> log.Head:
        """``head``, in a new epoch if the log has gone back behind what is shown here: two nights are never mixed."""
        followed, left = self.followed(slug), self._left.get(slug)
        if followed is None or followed.head.epoch != head.epoch or followed.head.seq == 0:
            return head
        # Where the writer itself left the log, nothing has happened to what came before. (The usual case: no query.)
        is_left = left is not None and (left.head.seq, left.head.hash) == (head.seq, head.hash)
        if followed.head.seq <= head.seq and (is_left or log.holds(connection, slug, followed.head, head)):
            return head
        return replace(head, epoch=log.begin_epoch(connection, slug))

    def _caught_up(self, connection: Connection, slug: str, head: log.Head) -> Night:
        """The night at ``head``.

        Of the folds that are known the furthest is gone on from. One that is not on the log's own line any more (a
        failed commit, a replaced catalogue) is left alone; where that is so of all, the log is folded afresh.
        """
        known = [folded for folded in (self.followed(slug), self._left.get(slug)) if folded is not None]
        known.sort(key=lambda folded: folded.head.seq, reverse=True)
        held = next((it for it in known if log.holds(connection, slug, it.head, head)), None)
        night = held.night if held else Night.before_first(catalogue.opening_election(connection, slug))
        if night.seq == head.seq:
            return night
        return night.fold(logged.entry for logged in log.entries(connection, slug, after=night.seq))


def _hold_back(connection: Connection, posting: Posting, verdict: Verdict) -> None:
    """Raises HeldBack for what has to wait, and AwaitsAnother while something else is held of its result."""
    if verdict.about not in {"ward", "tally"} or "since" in posting.body:
        return
    subject = Subject.keyed(ballot_id=verdict.entry.ballot_id, council_id=verdict.entry.council_id)
    if posting.key is not None:
        # Without one it was keyed under another's, and looked at when it was.
        refuse_held(connection, posting, subject)
    if any(finding.code == FLIPS for finding in verdict.soft) and held.seconds(connection, posting.slug):
        raise HeldBack(posting, subject)


def refuse_held(connection: Connection, posting: Posting, subject: Subject) -> None:
    """Raises AwaitsAnother while something is held of ``subject``, unless ``posting`` is that form again."""
    found = held.find(connection, posting.slug, subject)
    if found is not None and (found.key != posting.key or found.maker != posting.author):
        raise held_already(found.maker)


def note_late(connection: Connection, posting: Posting) -> None:
    """Notes in the audit when ``posting`` was sent, where it waited for a network since: it is received now."""
    if posting.sent_at is None:
        return
    subject = posting.body.get("ballot_id") or posting.body.get("council_id") or ""
    details = {"sent": posting.sent_at.isoformat(), "kind": posting.body["kind"]}
    audit.record(connection, Kind.CAME_LATE, posting.actor, subject=subject, slug=posting.slug, details=details)


def audit_of(
    connection: Connection, kind: Kind, by: Actor, slug: str, subject: Subject, details: Mapping[str, Any]
) -> None:
    """Notes what somebody did about the result or tally ``subject``."""
    about = {"kind": subject.kind, **details}
    audit.record(connection, kind, by, subject=subject.identity, slug=slug, details=about)


def _keyed_subject(body: Mapping[str, Any], replaced: Replaced | None) -> Subject | None:
    """The result or tally that ``body`` gives, corrects or withdraws; None where it is about neither."""
    if (replaced.about if replaced is not None else body["kind"]) not in {"ward", "tally"}:
        return None
    if replaced is not None:
        return Subject.keyed(ballot_id=replaced.ballot_id, council_id=replaced.council_id)
    return Subject.keyed(ballot_id=body.get("ballot_id"), council_id=body.get("council_id"))


def _refuse_changed(night: Night, lineup: Lineup, subject: Subject) -> None:
    if lineup.differs_from(lineup_of(night.election, subject)):
        raise LineupChanged(night.seq)


def body_digest(body: Mapping[str, Any]) -> str:
    """What tells one posted body from another under the same idempotency key."""
    return sha256(log.canonical_json(body).encode()).hexdigest()


def check_same(remembered: idempotency.Remembered, key: str, digest: str) -> None:
    """Raises KeyReused where the post under ``key`` had another body."""
    if remembered.body_hash != digest:
        raise KeyReused(key)


def _ids(about: str, council_id: str | None, ballot_id: str | None) -> Mapping[str, str | None]:
    """The ids that a body of the kind ``about`` names its subject by."""
    match about:
        case "ward":
            return {"ballot_id": ballot_id}
        case "status" if ballot_id is not None:
            return {"ballot_id": ballot_id}
        case _:
            return {"council_id": council_id}
