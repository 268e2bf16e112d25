"""The rows of the audit as the desk tells them: what was done, to whom, and the few words there are to say of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.election import Election
from app.domain.names import COMMAND
from app.domain.second_check import MACHINE
from app.wording.figures import plural

Details = Mapping[str, Any]

ACTS: Mapping[str, str] = {
    "signed in": "Signed in",
    "sign-in failed": "Sign-in failed",
    "signed out": "Signed out",
    "session ended": "Sessions ended",
    "account made": "Account made",
    "role changed": "Role changed",
    "councils given": "Reports from",
    "password changed": "Password changed",
    "account disabled": "Account disabled",
    "account enabled": "Account enabled",
    "token made": "Token made",
    "token first used": "Token used for the first time",
    "token revoked": "Token revoked",
    "hook added": "Webhook added",
    "hook removed": "Webhook removed",
    "hook resumed": "Webhook sent to again",
    "rules changed": "Persons it takes",
    "keyed": "Keyed for a check",
    "came late": "Sent without a network",
    "disputed": "Keyed otherwise",
    "taken back": "Taken back",
    "overtaken": "Let go: declared meanwhile",
    "declared alone": "Declared alone",
    "versions seen": "Both versions seen",
    "difference told": "Told in how much theirs was otherwise",
    "internal note": "Internal note",
    "note struck out": "Internal note struck out",
    "photo added": "Photo of the sheet",
    "photo removed": "Photo taken away",
    "photos forgotten": "All photos removed",
    "held": "Held back",
    "hold undone": "Held back and undone",
    "hold ended": "Held back and sent at once",
    "hold changed": "Hold of a change of control",
    "signed off": "Signed off",
    "catalogue loaded": "Election loaded",
    "backed up": "Backup made",
    "restored": "Restored from a backup",
    "epoch changed": "New epoch",
    "entry passed over": "Entry passed over",
    "audit exported": "Audit downloaded",
    "cover changed": "Cover of a count",
    "time moved": "Expected time moved",
    "called": "Called a count",
    "handover written": "Handover note",
    "telephones forgotten": "Telephone numbers deleted",
    "exercise begun": "Exercise begun",
}
"""What each kind of row is called, in the order of the filter."""


@dataclass(frozen=True, slots=True)
class AuditedAct:
    """A row of the audit: ``number`` is its place there, ``who`` and ``source`` say by whom and from where."""

    number: int
    at: datetime
    kind: str
    who: str
    source: str
    subject: str
    details: Details
    hash: str

    @property
    def what(self) -> str:
        return ACTS.get(self.kind, self.kind)

    @property
    def said(self) -> str:
        """The details in words, where there are any for this kind of act."""
        told = _SAID.get(self.kind)
        return told(self.details) if told is not None else ""

    def about(self, election: Election) -> str:
        """Whom or what it is about, by name."""
        if self.kind == "sign-in failed":
            return f"“{self.subject}”" if self.subject else "Many names from many places"
        contest, council = election.contests.get(self.subject), election.councils.get(self.subject)
        if contest is not None:
            return f"{contest.name}, {election.councils[contest.council_id].name}"
        return council.name if council is not None else person_named(self.subject)[0]


def person_named(name: str) -> tuple[str, str]:
    """A name, and what it is where it is no account's: ``("feed", "token")``, ``("root", "command line")``."""
    for start, kind in ((MACHINE, "token"), (COMMAND, "command line")):
        if name.startswith(start):
            return name.removeprefix(start), kind
    return name, ""


def _failed(details: Details) -> str:
    tries, refused = int(details.get("tries", 1)), int(details.get("refused", 0))
    number = "1 try" if tries == 1 else f"{tries:,} tries"
    return f"{number}, {refused:,} of them too many and not looked at" if refused else number


def _ended(details: Details) -> str:
    ended = int(details.get("sessions_ended", 0))
    return f"{plural(ended, 'session')} ended" if ended else ""


def _rules(details: Details) -> str:
    words = {1: "one person declares", 2: "one keys, another checks"}
    return f"From now on {words.get(details.get('persons', 2), 'as many as it takes')}"


def _people(details: Details) -> str:
    keyed = [str(details[name]) for name in ("author", "checker") if details.get(name)]
    return f"Keyed by {' and by '.join(keyed)}" if keyed else ""


def _disputed(details: Details) -> str:
    fields = len(details.get("differing", ()))
    return f"{_people(details)}; {plural(fields, 'field')} {'differs' if fields == 1 else 'differ'}"


def _overtaken(details: Details) -> str:
    """That it was declared otherwise is said of those who had something else alone."""
    others = " or ".join(details.get("otherwise", ()))
    return f"{_people(details)}; declared otherwise than {others} had it" if others else _people(details)


def _alone(details: Details) -> str:
    entry = f"Entry {details.get('seq')} of the log"
    return f"{entry}, where it takes two" if details.get("persons") == 2 else entry


def _moved(details: Details) -> str:
    """Times as the audit keeps them, to the minute and with their offset."""
    before, after = (str(details.get(name) or "as loaded")[:16].replace("T", " ") for name in ("before", "after"))
    return f"{before} → {after} UTC"


_SAID: Mapping[str, Callable[[Details], str]] = {
    "signed in": lambda details: str(details.get("browser", "")),
    "sign-in failed": _failed,
    "session ended": _ended,
    "password changed": _ended,
    "account disabled": _ended,
    "account made": lambda details: f"As {details.get('role')}",
    "role changed": lambda details: f"To {details.get('role')}",
    "councils given": lambda details: ", ".join(details.get("councils", ())) or "None",
    "hook added": lambda details: f"Told of {', '.join(details.get('kinds', ()))}",
    "token made": lambda details: f"May {details.get('scope')}",
    "rules changed": _rules,
    "came late": lambda details: (
        f"Sent {datetime.fromisoformat(details['sent']):%H:%M}; received at the time of this row"
    ),
    "keyed": lambda details: "Anew" if details.get("again") else "",
    "disputed": _disputed,
    "taken back": _people,
    "overtaken": _overtaken,
    "versions seen": _people,
    "declared alone": _alone,
    "internal note": lambda details: str(details.get("text", "")),
    "photo removed": lambda details: f"Sent by {details.get('author')}",
    "photos forgotten": lambda details: plural(int(details.get("photos", 0)), "photo"),
    "note struck out": lambda details: f"{details.get('author')} wrote: {details.get('text')}",
    "hold undone": _people,
    "hold ended": lambda details: f"Entry {details.get('seq')} of the log",
    "hold changed": lambda details: f"{plural(int(details.get('hold', 0)), 'second')} from now on",
    "signed off": lambda details: "Alone, by who keyed the last of it" if details.get("alone") else "",
    "catalogue loaded": lambda details: "In the place of another" if details.get("was") == "replaced" else "",
    "backed up": lambda details: str(details.get("file", "")),
    "cover changed": lambda details: ", ".join(details.get("fields", ())),
    "time moved": _moved,
    "handover written": lambda details: f"Version {details.get('version')}",
    "telephones forgotten": lambda details: plural(int(details.get("councils", 0)), "count"),
}
