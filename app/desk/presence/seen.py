"""Noting that somebody is here. Nobody waits for it, and nobody is refused where it cannot be written."""

from contextlib import suppress

from app.desk.parts import AtDesk
from app.domain.subject import Subject
from app.store import claims, presence
from app.store.errors import StoreError


def note_seen(at: AtDesk, subject: Subject | None, *, is_looking: bool = True) -> None:
    """Note that who asks has the form of ``subject`` open, or another page; what they have claimed there goes on.

    A page that is open and not looked at (``is_looking`` False) says nothing of where somebody is.
    """
    slug, person, now = at.election.slug, at.signed.name, at.clock
    writer = at.parts.declaring.writer
    before = next((one for one in at.at_work.people if one.person == person and one.seen_at != now), None)
    with suppress(StoreError):
        if is_looking and presence.is_news(before, subject, now=now):
            writer.submit(lambda it: presence.note(it, slug, person, subject, now=now))
        claim = at.at_work.claim_on(subject) if subject is not None else None
        if claim is not None and claim.person == person and claim.until - now < claims.RENEWED:
            writer.submit(lambda it: claims.renew(it, slug, claim, now=now))
