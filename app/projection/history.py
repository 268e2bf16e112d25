"""The night as it stood after any entry of its log: folded again, which is what everything shown is made by."""

from bisect import bisect_right
from dataclasses import replace
from datetime import datetime
from weakref import WeakKeyDictionary

from app.domain.council import CouncilState
from app.domain.night import Night
from app.projection.publication import Publication

STRIDE = 50
"""Entries between two nights that are kept, so that none is folded from the beginning again."""


class History:
    """Of the publications that it is asked about. A night is a value: what two of them share is held once."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Publication, dict[int, Night]] = WeakKeyDictionary()

    def __len__(self) -> int:
        # Another thread may add to it meanwhile.
        return sum(len(self._kept.get(known, ())) for ref in self._kept.keyrefs() if (known := ref()) is not None)

    def night(self, publication: Publication, seq: int) -> Night:
        """The whole night after entry ``seq``, which has to be in the log; 0 is before the first."""
        newest = publication.night
        if seq == newest.seq:
            return newest
        kept = self._kept.setdefault(publication, {})
        # Another thread may add to it meanwhile.
        places = sorted(kept)
        before = bisect_right(places, seq)
        night = kept[places[before - 1]] if before else Night.before_first(publication.election)
        for line in publication.log[night.seq : seq]:
            night, _ = night.apply(line.entry)
            if night.seq % STRIDE == 0:
                kept[night.seq] = night
        return night

    def council(self, publication: Publication, council_id: str, seq: int) -> CouncilState:
        """One council after entry ``seq``; raises UnknownCouncil. Only its own entries are folded."""
        council = publication.election.council(council_id)
        if seq >= publication.night.seq:
            return publication.night.councils[council_id]
        alone = Night.before_first(replace(publication.election, councils={council_id: council}))
        own = (line.entry for line in publication.log[:seq] if council_id in line.council_ids)
        return alone.fold(own).councils[council_id]


def time_of(publication: Publication, seq: int) -> datetime | None:
    """When entry ``seq`` was announced; None before the first."""
    return publication.log[seq - 1].entry.at if seq else None
