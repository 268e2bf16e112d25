"""What is declared about: the same value in the record of a council, the second check, drafts and the audit."""

from typing import Literal, NamedTuple

from app.domain.election import Council, Election

SubjectKind = Literal["ward", "tally", "status", "council-status", "note", "catalogue"]


class Subject(NamedTuple):
    """What an entry is about; at most one entry stands for it. Tables keep its two fields as they are.

    The result (``ward``) and the ``status`` of a contest are known by its ballot_id, the ``tally`` and the
    ``council-status`` of a council by its council_id, every ``note`` by the sequence of its first entry. What the
    ``catalogue`` says of a council is one subject of it, without a name: see ``CATALOGUE``.
    """

    kind: SubjectKind
    identity: str

    @classmethod
    def keyed(cls, *, ballot_id: str | None, council_id: str | None) -> "Subject":
        """What two persons key: the result of a contest, where there is one, else the tally of a council."""
        return cls("ward", ballot_id) if ballot_id is not None else cls("tally", str(council_id))

    @property
    def about(self) -> str:
        """The kind of declaration that is made about it."""
        return "status" if self.kind == "council-status" else self.kind

    @property
    def ballot_id(self) -> str | None:
        """The contest it is about; None for what is about a council, or a note."""
        return self.identity if self.kind in {"ward", "status"} else None

    @property
    def council_id(self) -> str | None:
        """The council it is about as a whole; None for what is about a contest, or a note."""
        return self.identity if self.kind in {"tally", "council-status"} else None

    @property
    def path(self) -> str:
        """``ward/local.medway.gillingham-south.2023-05-04``: its part of an address, and its name in browsers."""
        return f"{self.kind}/{self.identity}"

    def council_in(self, election: Election) -> Council:
        """Its council, or that of its contest; raises UnknownBallot and UnknownCouncil. A note may have none."""
        if self.ballot_id is not None:
            return election.council(election.contest(self.ballot_id).council_id)
        return election.council(self.identity)


CATALOGUE = Subject("catalogue", "")
