"""Two catalogues of one election compared: what changes, what of that needs a reason, what may not be (rule 13)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from app.domain.declarations import Alteration
from app.domain.election import Candidacy, Contest, Council, Election
from app.domain.night import Night

_Changed = tuple[str, Any, Any]
"""A field with what it was and what it is."""

_COMPARED_APART = frozenset({"councils", "contests", "candidacies"})

_KNOWN_BY_IDS = frozenset({"parties", "conventions", "baselines"})

_IN_SHORT = ("name", "label", "party_id", "seats_up", "total_seats", "control")

_NEEDS_NO_REASON = frozenset({"expected_at", "square", "aliases", "citation"})
"""What only tells of what is to come, where a council is on the map, how it is found, and how the data are cited."""

_WHO_AND_HOW_MANY = frozenset({"total_seats", "seats_up", "cancelled", "council", "contest", "continuing"})
"""Fields of a council or a contest that decide its seats; beside them, whatever is said of its candidacies."""


def alterations(old: Election, new: Election) -> tuple[Alteration, ...]:
    """All that is otherwise in ``new``: of the election first, then council by council in the order of its files."""
    found = [Alteration(None, None, *change) for change in _changed(old, new)]
    for council_id in {**old.councils, **new.councils}:
        found += _of_council(council_id, old.councils.get(council_id), new.councils.get(council_id))
    return tuple(found)


def needing_reason(night: Night, found: Iterable[Alteration]) -> tuple[Alteration, ...]:
    """Those that change what is shown of anything declared, or a council's seats, contests or who may stand."""
    return tuple(it for it in found if _needs_reason(night, it))


def exchanged(old: Election, new: Election, ballot_ids: Collection[str]) -> tuple[tuple[Candidacy, Candidacy], ...]:
    """Candidacies of these contests whose id means somebody else in ``new``: before and after.

    Another name may be the same person, spelt right; it is not where the party is another too, or where whoever had the
    name has another id by now.
    """
    both = [it for it in sorted(ballot_ids) if it in old.contests and it in new.contests]
    return tuple(pair for ballot_id in both for pair in _exchanged_in(old.contests[ballot_id], new.contests[ballot_id]))


def _exchanged_in(old: Contest, new: Contest) -> Iterator[tuple[Candidacy, Candidacy]]:
    names = {candidacy.name for candidacy in new.candidacies}
    for candidacy_id, was in old.candidacies_by_id.items():
        now = new.candidacies_by_id.get(candidacy_id)
        if now is not None and was.name != now.name and (was.party_id != now.party_id or was.name in names):
            yield was, now


def _needs_reason(night: Night, alteration: Alteration) -> bool:
    name = alteration.field.partition("/")[0]
    if alteration.council_id is None:
        return night.seq > 0 and name not in _NEEDS_NO_REASON
    if name in _WHO_AND_HOW_MANY or name == "candidacies":
        return True
    state = night.councils.get(alteration.council_id)
    return state is not None and state.last is not None and name not in _NEEDS_NO_REASON


def _of_council(council_id: str, old: Council | None, new: Council | None) -> Iterator[Alteration]:
    if old is None or new is None:
        yield Alteration(council_id, None, "council", _summary(old), _summary(new))
        return
    for change in _changed(old, new):
        yield Alteration(council_id, None, *change)
    for ballot_id in {**old.contests_by_id, **new.contests_by_id}:
        for change in _of_contest(old.contests_by_id.get(ballot_id), new.contests_by_id.get(ballot_id)):
            yield Alteration(council_id, ballot_id, *change)


def _of_contest(old: Contest | None, new: Contest | None) -> Iterator[_Changed]:
    if old is None or new is None:
        yield "contest", _summary(old), _summary(new)
        return
    yield from _changed(old, new)
    yield from _of_each("candidacies", old.candidacies_by_id, new.candidacies_by_id)


def _changed(old: Any, new: Any) -> Iterator[_Changed]:
    """The fields that are otherwise, each by itself: ``seats_up``, ``words/contest``, ``parties/PP52/short``."""
    for name in (field.name for field in fields(old) if field.name not in _COMPARED_APART):
        before, after = getattr(old, name), getattr(new, name)
        if name in _KNOWN_BY_IDS:
            yield from _of_each(name, before, after)
        elif is_dataclass(before) and is_dataclass(after):
            yield from ((f"{name}/{field}", *values) for field, *values in _changed(before, after))
        elif before != after:
            yield name, _json(before), _json(after)


def _of_each(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[_Changed]:
    for key in {**old, **new}:
        was, now = old.get(key), new.get(key)
        if was is None or now is None:
            yield f"{name}/{key}", _summary(was), _summary(now)
        else:
            yield from ((f"{name}/{key}/{field}", before, after) for field, before, after in _changed(was, now))
    orders = [[key for key in these if key in others] for these, others in ((old, new), (new, old))]
    if orders[0] != orders[1]:
        yield name, orders[0], orders[1]


def _summary(value: object) -> Any:
    """What something is, in short, where it has come or gone."""
    if value is None:
        return None
    said = {name: getattr(value, name, None) for name in _IN_SHORT}
    return {name: it for name, it in said.items() if it not in (None, "")}


def _json(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case date() | datetime():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case Mapping():
            return {key: _json(it) for key, it in value.items()}
        case tuple() | list():
            return [_json(it) for it in value]
    is_made_of_fields = hasattr(value, "__dataclass_fields__")
    return {field.name: _json(getattr(value, field.name)) for field in fields(value)} if is_made_of_fields else value
