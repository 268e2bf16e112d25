"""What is told of declarations that wait at the desk: what they will do, until when, and who may undo them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment

from app.declaring.holding import may_undo
from app.domain.declarations import Entry, declaration_from
from app.domain.night import Night
from app.domain.subject import Subject
from app.domain.superseding import Superseded, refuse_superseded
from app.pages.environment import render
from app.store.held import OPEN, HeldDeclaration
from app.web.signing_in.access import Signed
from app.wording.refusals import refusal

_DID = {"correction": "corrected", "withdrawal": "withdrew"}


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One that waits, or that cannot be declared any more: then ``refused`` says why. Never a figure of it.

    ``due`` is its time in milliseconds since 1970, for the countdown; ``undo`` and ``send`` are where to post to, empty
    where who looks may not.
    """

    name: str
    url: str
    told: str
    maker: str
    did: str
    """``declared``, ``corrected`` or ``withdrew``."""
    until: str
    due: int
    undo: str = ""
    send: str = ""
    refused: str = ""


def held_lines(night: Night, held: Iterable[HeldDeclaration], signed: Signed) -> tuple[HeldLine, ...]:
    """``held`` as ``signed`` sees it."""
    return tuple(_line(night, one, signed) for one in held)


def _line(night: Night, one: HeldDeclaration, signed: Signed) -> HeldLine:
    election = night.election
    url = f"/desk/{election.slug}/held/{one.held_id}"
    refused = _overtaken(night, one) if one.state == OPEN else one.reason
    is_open = one.state == OPEN and not refused
    return HeldLine(
        name=named(night, one.subject),
        url=f"/desk/{election.slug}/{_path(one.subject)}",
        told=one.told,
        maker=one.maker,
        did=_DID.get(one.posting["body"]["kind"], "declared"),
        until=clock_to_the_second(night, one.due_at),
        due=round(one.due_at.timestamp() * 1000),
        undo=f"{url}/undo" if is_open and (signed.may_edit or may_undo(one, signed.name)) else "",
        send=f"{url}/send" if is_open and signed.may_edit else "",
        refused=refused,
    )


def _overtaken(night: Night, one: HeldDeclaration) -> str:
    """Why it will be refused once its time is up, since another entry stands by now; empty where none does."""
    body, council = one.posting["body"], one.subject.council_in(night.election)
    content = declaration_from(
        body, about=one.subject.about, council_id=council.council_id, ballot_id=one.subject.ballot_id
    )
    try:
        refuse_superseded(
            night, Entry(night.seq + 1, one.due_at, content, council.council_id, one.subject.ballot_id, one.maker)
        )
    except Superseded as error:
        return refusal(error)
    return ""


def named(night: Night, subject: Subject) -> str:
    """``Gillingham South, Medway``; of a tally the council alone."""
    council = subject.council_in(night.election)
    return f"{night.election.contest(subject.ballot_id).name}, {council.name}" if subject.ballot_id else council.name


def clock_to_the_second(night: Night, at: datetime) -> str:
    """``23:41:20 BST``."""
    return f"{at.astimezone(night.election.zone):%H:%M:%S %Z}"


def held_part(environment: Environment, lines: tuple[HeldLine, ...]) -> str:
    """What of every page changes by itself."""
    return render(environment, "desk/holding/_lines.html", {"lines": lines})


def _path(subject: Subject) -> str:
    return f"contests/{subject.identity}" if subject.ballot_id else f"councils/{subject.identity}/tally"
