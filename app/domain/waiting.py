"""What was announced of a count while what somebody keyed of it waits for a second check."""

from collections.abc import Iterator

from app.domain.declarations import CouncilRecord, Entry, withdraws
from app.domain.second_check import Keyed
from app.domain.subject import Subject

_OF_COUNCILS = frozenset({"council-status", "note"})


def announced_since(record: CouncilRecord, keyed: Keyed) -> tuple[Entry, ...]:
    """The statuses of the contest and its council, and the notes about that, since the first of the two keyed it.

    ``record`` is its council's. Oldest first, and none that was withdrawn.
    """
    own = Subject("status", keyed.subject.ballot_id) if keyed.subject.ballot_id is not None else None
    about = [it for subject, it in record.subjects.items() if subject.kind in _OF_COUNCILS or subject == own]
    found = (entry for it in about for entry in _counting(it.entries) if _came_after(entry, keyed))
    return tuple(sorted(found, key=lambda entry: entry.seq))


def _counting(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    """Those that say something, and were not withdrawn or corrected."""
    for entry in entries:
        if entry.content is not None and not any(withdraws(later, entry.seq) for later in entries):
            yield entry


def _came_after(entry: Entry, keyed: Keyed) -> bool:
    """Of what was keyed before the place in the log was kept, the time is compared."""
    places = [keying.after for keying in keyed.keyings if keying.after is not None]
    if not places:
        return entry.at > min(keying.at for keying in keyed.keyings)
    return entry.seq > min(places)
