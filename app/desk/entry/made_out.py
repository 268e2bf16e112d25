"""For whom a form was made out, as it says in hidden fields: ``for.CANDIDACY`` (party and name) and ``for_seats``.

What was typed for others is moved beside the same ones, where they stand under another id.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.desk.entry.typed import Form, text
from app.domain.lineup import Lineup, Nominee

FOR, VOTES, SEATS = "for.", "votes.", "for_seats"

TICKS = ("drawn", "elected")
"""Fields whose values are candidacies."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A form whose figures stand beside those they were typed for; it was made out for ``was``, and there is ``now``.

    ``left`` is what was typed for who has no place in it.
    """

    form: Form
    was: Lineup
    now: Lineup
    left: Sequence[tuple[Nominee, str]] = ()

    @property
    def has_changed(self) -> bool:
        return self.was.differs_from(self.now)


def hidden_fields(lineup: Lineup) -> Mapping[str, str]:
    """What a form says of ``lineup``, by field."""
    who = {f"{FOR}{candidacy_id}": f"{it.party_id} {it.name}" for candidacy_id, it in lineup.nominees.items()}
    return {**who, SEATS: str(lineup.seats)}


def made_out_for(form: Form) -> Lineup:
    """What a form says that it was made out for; one of before forms did so says nothing."""
    seats, nominees = text(form, SEATS), {}
    for name in form:
        if name.startswith(FOR):
            # No id of a party has a space.
            party_id, _, person = text(form, name).partition(" ")
            nominees[name.removeprefix(FOR)] = Nominee(person, party_id)
    return Lineup(int(seats) if seats.isdecimal() and len(seats) < 10 else None, nominees)


def moved(form: Form, now: Lineup) -> Moved:
    """``form`` as it has to be shown ``now``."""
    was = made_out_for(form)
    if not was.differs_from(now):
        return Moved(form, was, now)
    places = was.places_in(now)
    kept = {name: it for name, it in form.items() if not name.startswith(VOTES) or name[len(VOTES) :] not in places}
    typed = {f"{VOTES}{place}": form.get(f"{VOTES}{it}", ()) for it, place in places.items() if place is not None}
    ticks = {name: [place for it in form[name] if (place := places.get(it, it))] for name in TICKS if name in form}
    left = [(was.nominees[it], _typed_for(form, it)) for it, place in places.items() if place is None]
    return Moved({**kept, **typed, **ticks}, was, now, [(nominee, words) for nominee, words in left if words])


def _typed_for(form: Form, candidacy_id: str) -> str:
    is_ticked = any(candidacy_id in form.get(name, ()) for name in TICKS)
    return text(form, f"{VOTES}{candidacy_id}") or ("ticked" if is_ticked else "")
