"""The stories: read once and kept to the letter, and their figures held against the JSON."""

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

from app.api.values import council_detail_view, election_view
from app.domain.election import Convention
from app.domain.night import Night
from app.wording.story.council import council_story
from app.wording.story.houses import House, called, convention_of
from app.wording.story.night import night_story
from app.wording.story.text import Sentence, told
from tests import parliament
from tests.builders import PARTIES, an_election
from tests.country import country, country_night
from tests.wording.nights import posted
from tests.wording.odd_nights import ODD
from tests.wording.stories import FOLDER, kent_at, stories

FIFTY = 50


def test_the_stories_are_what_somebody_has_read():
    """Written anew by ``python -m tests.wording.stories``."""
    expected = {path.relative_to(FOLDER).as_posix(): path.read_text("utf-8") for path in FOLDER.rglob("*.txt")}
    assert dict(stories()) == expected


def test_a_night_is_told_in_no_more_than_six_sentences_and_hardly_ever_in_fewer_than_three():
    nights = [*kent_at(0, 1, 22, 150, 277), *(night() for night in ODD.values())]
    numbers = [len(night_story(night, _by(night, house), house)) for night in nights for house in House]
    assert max(numbers) <= 6
    assert min(numbers) >= 3


def test_a_sentence_begins_with_a_capital_and_has_one_stop():
    assert told("x", "the Conservatives", " gained it from ", "Currie, E.").text == (
        "The Conservatives gained it from Currie, E."
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Labour Party", "Labour"), ("Conservative Party", "the Conservatives"), ("Independent", "independents")],
)
def test_parties_are_called_as_in_running_text(name: str, expected: str):
    party = next(it for it in PARTIES.values() if it.name == name)
    assert called(an_election(), party.party_id).name == expected


# Against the JSON


Sentences = list[tuple[Sentence, dict[str, Any], Night, House]]


def _by(night: Night, house: House) -> Convention:
    return convention_of(night.election, house)


def sentences_of(night: Night) -> Iterator[tuple[Sentence, dict[str, Any], Night, House]]:
    """Every sentence of its councils and of the night, with the JSON of what it is about."""
    for house in House:
        convention = _by(night, house)
        for state in night.councils.values():
            view = council_detail_view(night.election, state, convention)
            story = council_story(night.election, state, convention, house)
            yield from ((it, view, night, house) for paragraph in story.paragraphs for it in paragraph)
        whole = election_view(night, epoch="e", convention=convention)
        yield from ((it, whole, night, house) for it in night_story(night, convention, house))


def the_country() -> Night:
    election = country()
    entries = posted(election, country_night(election))
    return Night.before_first(election).fold(entries[: len(entries) // 2])


def the_parliament() -> Night:
    election = parliament.parliament()
    return Night.before_first(election).fold(posted(election, parliament.declarations(election))[:325])


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def figure(text: str) -> int:
    return _NUMBERS.index(text) if text in _NUMBERS else int(text.replace(",", ""))


def seats(sentence: Sentence, view: dict[str, Any], night: Night, house: House) -> bool | None:
    """``Final seats: Labour 33, …``: all of them, and what was vacant and to come."""
    found = re.match(r"(?:Final seats|Seats by then|Seats before the count)[^:]*: (.*)\.$", sentence.text)
    if found is None or "total_seats" not in view:
        return None
    listed = {name: int(number) for name, number in re.findall(r"(\S.*?) (\d+)(?:, |$)", found[1])}
    named = {house.listed_party(night.election, group): number for group, number in view["seats"].items()}
    rest = {"vacant": view["vacant"], "to come": view["seats_to_come"]}
    return listed == named | {name: number for name, number in rest.items() if number}


def control(sentence: Sentence, view: dict[str, Any], night: Night, house: House) -> bool | None:
    """``… passed the line of 30 …, and finished on 33 of 59, a majority of seven over all others``."""
    line = re.search(r"the line of (\d+)", sentence.text)
    finished = re.search(r"finished on (\d+) of (\d+), a majority of (\S+) over", sentence.text)
    if line is None or "total_seats" not in view:
        return None
    if finished is None:
        return int(line[1]) == view["majority"]
    own, filled = max(view["seats"].values()), sum(view["seats"].values())
    told_of = int(line[1]), int(finished[1]), int(finished[2]), figure(finished[3])
    return told_of == (view["majority"], own, view["total_seats"], own - (filled - own))


def close(sentence: Sentence, view: dict[str, Any], night: Night, house: House) -> bool | None:
    """``The closest ward was …, decided by five votes``."""
    found = re.search(r"decided by (\S+) votes?", sentence.text)
    if found is None or "contests" not in view:
        return None
    return figure(found[1]) == min(it["margin"] for it in view["contests"] if it["margin"])


def turnout(sentence: Sentence, view: dict[str, Any], night: Night, house: House) -> bool | None:
    found = re.search(r"Turnout was ([\d.]+)%", sentence.text)
    return None if found is None else abs(float(found[1]) - view["turnout"]["percentage"]) <= 0.06


def change(sentence: Sentence, view: dict[str, Any], night: Night, house: House) -> bool | None:
    """On the wire ``Compared with the eve of poll: LAB +12, …``; every party's, as in the JSON."""
    if house is not House.PA or not re.match(r"Compared with [^:]*: ", sentence.text):
        return None
    listed = {name: int(n.replace("−", "-")) for name, n in re.findall(r"([^:,]+?) ([+−]\d+)", sentence.text)}
    expected = {house.party(night.election, group): number for group, number in view["change"].items()}
    return {name.strip(): number for name, number in listed.items()} == expected


def wards_in(sentence: Sentence, view: dict[str, Any], night: Night, house: House) -> bool | None:
    found = re.match(r"By \S.*? (\d+) of (\d+) wards had been declared", sentence.text)
    if found is None:
        return None
    put_off = view["contests_put_off"]
    return (int(found[1]), int(found[2])) == (view["contests_declared"] - put_off, view["contests_total"] - put_off)


def flips(sentence: Sentence, view: dict[str, Any], night: Night, house: House) -> bool | None:
    """``three councils had changed hands``: as many as the JSON's councils whose outcome is a gain."""
    found = re.search(r"(\S+) councils? (?:had )?changed hands", sentence.text)
    if found is None or "councils" not in view:
        return None
    apart = {it.council_id for it in night.councils.values() if it.council.stands_apart}
    gains = [it for it in view["councils"] if it["outcome"] == "gain" and it["council_id"] not in apart]
    return figure(found[1].lower()) == len(gains)


CHECKS: tuple[Callable[[Sentence, dict[str, Any], Night, House], bool | None], ...] = (
    seats,
    control,
    close,
    turnout,
    change,
    wards_in,
    flips,
)


@pytest.mark.parametrize("nights", [lambda: kent_at(1, 150, 277), lambda: [the_country()]], ids=["kent", "country"])
def test_fifty_sentences_have_the_figures_of_the_json(nights: Callable[[], list[Night]]):
    every = [it for night in nights() for it in sentences_of(night)]
    Random(16).shuffle(every)
    judged = [
        (sentence.text, check.__name__, verdict)
        for sentence, *about in every
        for check in CHECKS
        if (verdict := check(sentence, *about)) is not None
    ]
    assert [it for it in judged if not it[2]] == []
    assert len(judged) >= FIFTY
    assert {name for _, name, _ in judged} >= {"seats", "control", "close", "turnout", "flips"}


def test_what_an_entry_made_true_is_about_that_council():
    """Each link with a sequence names an entry of the log up to then, about the council or contest that it names."""
    (night,) = kent_at(150)
    results = [result for state in night.councils.values() for result in state.contests.values()]
    log = {entry.seq: entry for result in results for entry in result.entries}
    spans = [span for sentence, *_ in sentences_of(night) for span in sentence.spans if span.seq]
    assert spans
    assert all(log[span.seq].council_id == span.council_id for span in spans)
    assert all(log[span.seq].ballot_id == span.ballot_id for span in spans if span.ballot_id)
