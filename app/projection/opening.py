"""A channel as it is made first: all of its fragments, while the night goes on."""

from collections.abc import Callable, Mapping

from app.domain.night import Night
from app.live.lists import Copy
from app.pages.contest.view import by_ward
from app.pages.rendering import Rendering
from app.process.turns import Steps

_Value = tuple[object, ...]

Rendered = tuple[int, dict[str, Copy]]
"""The last entry about it, and the fragments by element id, in the order of the page."""


def rendered(shown: Callable[[], Night], rendering: Rendering, council_id: str | None, key: str) -> Steps[Rendered]:
    """A council's page, or the overview (None), under the convention ``key``, as the night is shown at the end.

    Yields between its parts. What has changed by then is rendered again, and only that: on a busy night somebody is
    always declaring.
    """
    made: dict[str, tuple[_Value, Mapping[str, Copy]]] = {}
    while stale := [name for name, value in _parts(shown(), council_id).items() if not _is_made(made, name, value)]:
        for name in stale:
            night = shown()
            convention = night.election.conventions[key]
            part = rendering.row(night, name, convention) if council_id is None else rendering.contest(night, name)
            made[name] = (_parts(night, council_id)[name], part)
            yield
    night = shown()
    convention = night.election.conventions[key]
    if council_id is None:
        seq, head = night.seq, rendering.night(night, convention)
    else:
        last = night.councils[council_id].last
        seq, head = (last.seq if last is not None else 0), rendering.council_head(night, council_id, convention)
    fragments = dict(head)
    for name in _order(night, council_id):
        fragments |= made[name][1]
    return seq, fragments


def _is_made(made: Mapping[str, tuple[_Value, object]], name: str, value: _Value) -> bool:
    return name in made and all(was is now for was, now in zip(made[name][0], value, strict=True))


def _parts(night: Night, council_id: str | None) -> Mapping[str, _Value]:
    """What a channel is made of beside its head, by name, each with the values that it shows."""
    if council_id is None:
        # Everything is told in the election's own words, and by the names of its parties.
        return {it: (state, night.election) for it, state in night.councils.items()}
    return {it: (result, night.election) for it, result in night.councils[council_id].contests.items()}


def _order(night: Night, council_id: str | None) -> list[str]:
    if council_id is None:
        return list(night.councils)
    return [contest.ballot_id for contest in by_ward(night.election.council(council_id).contests)]
