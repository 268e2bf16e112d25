"""What a message says, whatever it looks like: made of the log when it is sent, and signed."""

import hmac
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from app.addresses import COUNCIL, OVERVIEW
from app.domain.alerts import Alert
from app.domain.election import Election
from app.domain.holders import Holders
from app.process.version import VERSION
from app.store.hooks import Hook, HookMessage, HookWanted
from app.wording.alerts import alert_headline, alert_text
from app.wording.marks import TEST_MARK

TRIAL = "test"
"""The kind of a message that ``declared hook test`` sends: it tells nothing of a night."""


@dataclass(frozen=True, slots=True)
class AlertTelling:
    """One message. ``seq`` is None of the clock's and of a test; ``url`` is empty where nobody knows our address.

    ``headline`` begins with TEST where ``is_test``. ``now`` and ``before`` hold a council or a seat: reporting groups,
    or NOC; None of what tells of neither.
    """

    message_id: str
    kind: str
    kinds: tuple[str, ...]
    at: datetime
    headline: str
    text: str
    is_test: bool
    is_withdrawn: bool = False
    slug: str = ""
    election: str = ""
    epoch: str = ""
    seq: int | None = None
    council_id: str | None = None
    council: str | None = None
    ballot_id: str | None = None
    contest: str | None = None
    now: str | None = None
    before: str | None = None
    reason: str | None = None
    url: str = ""

    @property
    def message(self) -> HookMessage:
        """What is noted of it."""
        return HookMessage(self.message_id, self.slug, self.seq or 0, self.headline)


@dataclass(frozen=True, slots=True)
class SentFrom:
    """What messages say of who sends them: our address (may be empty), and whether this is a rehearsal."""

    public_url: str = ""
    rehearsal: bool = False


def tellings(
    election: Election, epoch: str, seq: int, alerts: Iterable[Alert], server: SentFrom
) -> Iterator[tuple[int, Alert, AlertTelling]]:
    """A message for each of the alerts of entry ``seq``, with its place among them, from 0."""
    for part, alert in enumerate(alerts):
        yield part, alert, telling(election, epoch, alert, f"{seq}-{part}", server)


def overdue_id(alert: Alert) -> str:
    """What is told once of a council and the time at which it was expected."""
    assert alert.expected_at is not None  # that something is expected of
    return f"overdue-{alert.council_id}-{alert.expected_at.astimezone(UTC):%Y%m%dT%H%MZ}"


def telling(election: Election, epoch: str, alert: Alert, identity: str, server: SentFrom) -> AlertTelling:
    """The message that tells ``alert``; ``election`` is as it was known then, ``identity`` names it in its log."""
    entry = alert.entry
    at = entry.at if entry is not None else alert.expected_at
    assert at is not None  # an alert is of an entry or of the clock
    holders = _holders(alert)
    council = election.councils.get(alert.council_id or "")
    contest = election.contests.get(alert.ballot_id or "")
    return AlertTelling(
        message_id=f"{election.slug}-{epoch}-{identity}",
        kind=alert.kind.value,
        kinds=tuple(kind.value for kind in alert.kinds),
        at=at,
        headline=(TEST_MARK if server.rehearsal else "") + alert_headline(election, alert),
        text=alert_text(election, alert),
        is_test=server.rehearsal,
        is_withdrawn=alert.is_withdrawn,
        slug=election.slug,
        election=election.name,
        epoch=epoch,
        seq=entry.seq if entry is not None else None,
        council_id=council.council_id if council is not None else None,
        council=council.name if council is not None else None,
        ballot_id=contest.ballot_id if contest is not None else None,
        contest=contest.name if contest is not None else None,
        now=holders[0],
        before=holders[1],
        reason=entry.reason if entry is not None else None,
        url=_url(election, alert, server),
    )


def trial(now: datetime, identity: str) -> AlertTelling:
    """What ``declared hook test`` sends."""
    text = f"Declared {VERSION} can reach this address."
    return AlertTelling(
        f"test-{identity}", TRIAL, (TRIAL,), now, f"{TEST_MARK}a message to try the way", text, is_test=True
    )


def wants(wanted: HookWanted, alert: Alert) -> bool:
    """Whether a hook is told of ``alert``."""
    return not wanted.kinds.isdisjoint(alert.kinds)


def signed(hook: Hook, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of a message as the Standard Webhooks specification has them: id, time in seconds, signature."""
    timestamp = str(int(now.timestamp()))
    digest = hmac.new(hook.key, b".".join((message_id.encode(), timestamp.encode(), body)), sha256).digest()
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Declared/{VERSION}",
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{b64encode(digest).decode()}",
    }


def _holders(alert: Alert) -> tuple[str | None, str | None]:
    """Who holds it and who did: of a council before tonight, where that is known."""
    line = alert.line
    held: Holders | None = line.holders if line is not None else None
    if line is not None and line.comparison is not None:
        compared = line.comparison
        return compared.now, compared.before.control if compared.before is not None else None
    return (held.now, held.before) if held is not None else (None, None)


def _url(election: Election, alert: Alert, server: SentFrom) -> str:
    if not server.public_url:
        return ""
    if alert.council_id is not None:
        return server.public_url + COUNCIL.to(slug=election.slug, council_id=alert.council_id)
    return server.public_url + OVERVIEW.to(slug=election.slug)
