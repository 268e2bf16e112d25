"""The stories of Kent's thirteen councils, of its night, and of odd nights, as somebody has read them.

They are compared to the letter. ``python -m tests.wording.stories`` writes them anew: read what has changed.
"""

from collections.abc import Iterator
from pathlib import Path

from app.bundles.reading import read_bundle
from app.domain.election import Convention
from app.domain.night import Night
from app.wording.story.council import council_story
from app.wording.story.houses import House, convention_of
from app.wording.story.night import night_story
from tests.running import KENT
from tests.wording.nights import posted
from tests.wording.odd_nights import ODD

FOLDER = Path(__file__).parent
MOMENTS = (0, 1, 22, 150, 277)
"""Entries of Kent's night: before the count, the first ward, the first change of hands, the day after, the end."""


def kent_at(*moments: int) -> list[Night]:
    """Kent's night after so many entries each, in order."""
    bundle = read_bundle(KENT)
    log, nights = posted(bundle.election, bundle.night or ()), [Night.before_first(bundle.election)]
    for moment in moments:
        nights.append(nights[-1].fold(log[nights[-1].seq : moment]))
    return nights[1:]


def stories() -> Iterator[tuple[str, str]]:
    """The name of each file, and what has to be in it."""
    *_, end = nights = kent_at(*MOMENTS)
    yield "kent/night.txt", "\n".join(_told(f"After entry {it.seq}", it, ()) for it in nights)
    for council_id in end.councils:
        yield f"kent/{council_id}.txt", _of_councils(end, (council_id,))
    for name, night in ODD.items():
        odd = night()
        yield f"odd/{name}.txt", _told("The night so far", odd, tuple(odd.councils))


def _told(heading: str, night: Night, council_ids: tuple[str, ...]) -> str:
    told = "\n".join(
        "\n".join(
            [
                f"{heading}, {house.value}",
                "",
                *(f"- {it.text}" for it in night_story(night, _by(night, house), house)),
                "",
            ]
        )
        for house in House
    )
    return f"{told}\n{_of_councils(night, council_ids)}" if council_ids else told


def _sentences(night: Night, house: House) -> str:
    return "".join(f"- {it.text}\n" for it in night_story(night, _by(night, house), house))


def _of_councils(night: Night, council_ids: tuple[str, ...]) -> str:
    return "\n".join(
        f"[{house.value}] {council_story(night.election, night.councils[it], _by(night, house), house).text}\n"
        for it in council_ids
        for house in House
    )


def _by(night: Night, house: House) -> Convention:
    return convention_of(night.election, house)
