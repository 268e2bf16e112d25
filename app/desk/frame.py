"""What stands around a page of the desk: ``desk/base.html`` takes one :class:`DeskFrame`, and asks for nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.desk.holding.view import HeldLine
from app.desk.presence.view import AtWork
from app.desk.signing_off.marks import SignOffMark
from app.domain.election import Election
from app.web.signing_in.access import Signed

Section = Literal["", "work", "queue", "room", "audit", "staff", "tokens", "sessions", "exercise"]
"""Where one is; empty for none of these."""


@dataclass(frozen=True, slots=True)
class OverruledNotice:
    """That something was declared over what the reader had keyed; ``seen`` is where they say that they know."""

    line: str
    url: str
    seen: str


@dataclass(frozen=True, slots=True)
class DeskFrame:
    """Who looks (None: somebody signed out), and what there is to go to from a page ``about`` an election or none."""

    signed: Signed | None
    elections: tuple[Election, ...] = ()
    about: Election | None = None
    section: Section = ""
    rehearsal: bool = False
    overruled: tuple[OverruledNotice, ...] = ()
    held: tuple[HeldLine, ...] = ()
    """What waits at the desk before readers see it."""
    hold: int = 0
    """For how many seconds a change of control waits."""
    at_work: AtWork = field(default_factory=AtWork)
    """Who else is here; nobody on a page that is about no election."""
    signed_off: Mapping[str, SignOffMark] = field(default_factory=dict)
    """By council_id, what is said of those that were signed off."""
    is_exercise: bool = False
    """Whether sheets are handed out here."""

    @property
    def election(self) -> Election | None:
        """Staff, tokens and sessions are about none: where there is only one, its contests are found from there too."""
        return self.about or (self.elections[0] if len(self.elections) == 1 else None)
