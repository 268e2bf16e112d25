"""All that one person keyed, taken back together: what waits and what stands, each in one transaction or not at all."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from sqlalchemy import Connection

from app.declaring.door import DECLARED, Posting, audit_of
from app.declaring.second_check import KeyingAsked, SecondCheck
from app.domain.second_check import Disputed
from app.store import claims, keyed, log
from app.store.audit import Actor, Kind


@dataclass(frozen=True, slots=True)
class Together:
    """What an editor does with all that somebody keyed who is not to be trusted any more."""

    check: SecondCheck

    def take_out(self, slug: str, person: str, reason: str, by: Actor) -> "Future[int]":
        """Queue that nothing of ``person``'s waits any more; how much did. What another keyed of the same goes on."""

        def job(connection: Connection) -> int:
            log.lock(connection, slug)
            theirs = [waiting for waiting in keyed.waiting(connection, slug) if waiting.of(person) is not None]
            for waiting in theirs:
                keyed.drop(connection, slug, waiting.subject)
                if isinstance(waiting, Disputed):
                    left = waiting.without(person).author
                    keyed.begin(connection, slug, waiting.subject, left, key=None)
                    # Whoever is left waits for another: nobody checks what they keyed themselves.
                    claims.release(connection, slug, waiting.subject, left.person)
                details = {"author": person, "reason": reason}
                audit_of(connection, Kind.TAKEN_BACK, by, slug, waiting.subject, details)
            return len(theirs)

        return self.check.declaring.writer.submit(job)

    def withdraw(self, postings: Sequence[Posting], *, is_alone: bool) -> "Future[int]":
        """Queue withdrawals by an editor who is alone, or by one of two; the last sequence, 0 where all of them wait.

        The future ends with the DomainError of the first that is refused, and none is made then.
        """

        def job(connection: Connection) -> int:
            return max(self._withdrawn(connection, posting, is_alone=is_alone) for posting in postings)

        return self.check.declaring.writer.submit(job)

    def _withdrawn(self, connection: Connection, posting: Posting, *, is_alone: bool) -> int:
        if is_alone:
            return self.check.declare_alone_within(connection, posting).seq
        # Whoever begins is an editor, which the desk has seen to; whoever checks finds each of them waiting.
        asked = KeyingAsked(posting=posting, may_check=True, may_revise=True, awaits_check=True)
        outcome = self.check.key_within(connection, asked)
        return int(outcome.read["seq"]) if outcome.status == DECLARED else 0
