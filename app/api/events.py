"""What an entry did, as programs are told it that listen: the entry, the councils and the rows that it changed.

Every value is what the API answers for it, so that whoever has read the election goes on from there by putting each in
the place of the one that it has.
"""

from collections.abc import Iterator
from urllib.parse import urlencode

from app.addresses import API_ELECTION
from app.api.values import JsonObject, by_elections_view, council_view, scoreboard_view
from app.domain.election import Convention
from app.domain.night import Night

Told = tuple[str, JsonObject]
"""The kind of an event, and what is told in it."""


def changes(before: Night, after: Night, convention: Convention, *, epoch: str) -> Iterator[Told]:
    """What changed between two nights, compared by ``convention``: councils, then rows.

    Where that cannot be told by replacing any (the catalogue changed, a row is gone), it is a reset instead.
    """
    rows = {name: _changed_rows(before, after, convention, name) for name in _ROWS}
    if after.election is not before.election or None in rows.values():
        yield "reset", reset_view(after.election.slug, after.seq, convention, epoch=epoch)
        return
    election = after.election
    for council_id, state in after.councils.items():
        was = before.councils[council_id]
        if state is not was:
            view = council_view(election, state, convention)
            if view != council_view(election, was, convention):
                yield "council", {"council": view}
    if any(rows.values()):
        yield "scoreboard", rows


def reset_view(slug: str, seq: int, convention: Convention, *, epoch: str) -> JsonObject:
    """Where to read how everything stood after entry ``seq``, from which events go on."""
    query = urlencode({"convention": convention.key, "at": seq, "epoch": epoch})
    return {"state": f"{API_ELECTION.to(slug=slug)}?{query}"}


_ROWS = {"scoreboard": scoreboard_view, "by_elections": by_elections_view}


def _changed_rows(before: Night, after: Night, convention: Convention, name: str) -> list[JsonObject] | None:
    """The rows that differ, in their order; None where one is gone."""
    view = _ROWS[name]
    was = {row["party_id"]: row for row in view(before, convention)}
    now = view(after, convention)
    if was.keys() - {row["party_id"] for row in now}:
        return None
    return [row for row in now if row != was.get(row["party_id"])]
