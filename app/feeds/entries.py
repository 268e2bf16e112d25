"""The feed of declarations: what each entry of the log said, and of a correction or withdrawal what it changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from app.domain.alerts import AlertKind
from app.domain.election import Election
from app.projection.publication import LogLine, Publication
from app.wording.alerts import alert_headline, alert_text
from app.wording.feeds import told_of

FEED_LENGTH = 100


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry: a title of a line, and sentences that tell all of it but what the title alone says.

    ``council_id`` and ``ballot_id`` are what the title is about: a flash is about the council, whichever ward made it.
    """

    seq: int
    at: datetime
    kind: str
    title: str
    sentences: tuple[str, ...]
    council_id: str | None
    ballot_id: str | None


def feed_entries(
    publication: Publication,
    *,
    council_id: str | None = None,
    group: str = "",
    flips: bool = False,
    kind: AlertKind | None = None,
    at: int | None = None,
) -> Iterator[FeedEntry]:
    """The newest entries, newest first: all, or those about a council, or those with which a gain appeared or vanished.

    Of a ``kind`` those that give an alert of it, of a ``group`` those that give one which concerns it. ``at`` is the
    last of which it tells, None the newest. Which they are is settled now; each is made when it is taken.
    Raises UnknownCouncil.
    """
    if council_id is not None:
        publication.election.council(council_id)
    wanted: list[LogLine] = []
    for line in reversed(publication.log[:at]):
        is_about = council_id is None or council_id in line.council_ids
        is_of_kind = kind is None or any(kind in alert.kinds for alert in line.alerts)
        concerns = not group or any(group in alert.groups for alert in line.alerts)
        if (line.flipped or not flips) and is_about and is_of_kind and concerns:
            wanted.append(line)
            if len(wanted) == FEED_LENGTH:
                break
    night = publication.night
    told = partial(_of_group, group=group) if group else _entry
    return (told(night.election_at(line.entry.seq).among_all, line) for line in wanted)


def _of_group(election: Election, line: LogLine, group: str) -> FeedEntry:
    """What an entry is to a reporting group: the alerts that concern it, the first of them as the title."""
    entry = line.entry
    alerts = [it for it in line.alerts if group in it.groups]
    title, *others = (alert_headline(election, it) for it in alerts)
    texts = (text for it in alerts if (text := alert_text(election, it)))
    about = alerts[0]
    return FeedEntry(
        entry.seq, entry.at, about.kind, title, (title, *others, *texts), about.council_id, about.ballot_id
    )


def _entry(election: Election, line: LogLine) -> FeedEntry:
    entry, ballot_id = line.entry, line.entry.ballot_id
    title, told = told_of(election, entry, line.change)
    if line.flash and not entry.is_revision:
        # What changes hands comes before how it was counted; what is told of a ward begins with its seats anyway.
        title, told, ballot_id = line.flash, (told if ballot_id is not None else (title, *told)), None
    elif line.flash:
        told = (*told, line.flash)
    return FeedEntry(entry.seq, entry.at, entry.kind, title, told, entry.council_id, ballot_id)
