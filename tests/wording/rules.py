"""What every sentence of a night keeps to, a rule each: a rule yields the piece of a text that breaks it."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from app.domain.contest import CandidateResult, ContestState
from tests.wording.told import Told

TextRule = Callable[[str], Iterator[str]]
Rule = Callable[[Told], Iterator[str]]

RULES_OF_TEXTS: list[TextRule] = []
RULES_OF_FACTS: list[Rule] = []
"""Those for which one has to know what is told of."""

NUMBER = r"\d[\d,]*"
ONE = frozenset({"seat", "ward", "council", "vote", "by-election", "constituency", "candidate", "other", "paper"})
SEVERAL = frozenset({*(f"{noun}s" for noun in ONE), "constituencies", "are"})
INITIALS = r"\b(?:[A-Z]|Jr|Ph\.D|St)"
"""What has a stop of its own."""


def of_text(rule: TextRule) -> TextRule:
    RULES_OF_TEXTS.append(rule)
    return rule


def of_facts(rule: Rule) -> Rule:
    RULES_OF_FACTS.append(rule)
    return rule


def broken(told: Told) -> list[str]:
    """The names of the rules that ``told`` breaks, each with the piece that does."""
    by_facts = [f"{rule.__name__}: {piece!r}" for rule in RULES_OF_FACTS for piece in rule(told)]
    return [*_broken_by(told.text), *by_facts]


@cache
def _broken_by(text: str) -> tuple[str, ...]:
    """The same texts are told by many surfaces."""
    return tuple(f"{rule.__name__}: {piece!r}" for rule in RULES_OF_TEXTS for piece in rule(text))


def _found(pattern: str, text: str) -> Iterator[str]:
    return (match[0] for match in re.finditer(pattern, text))


def _figure(text: str) -> int:
    return int(text.replace(",", ""))


# How it is written


@of_text
def one_stop_ends_a_sentence(text: str) -> Iterator[str]:
    """Not ``Currie, E..``, ``in it.,``, ``; ;``."""
    yield from _found(r"\.\.+|[.?!…] ?[;,:]|\.[?!]|[;,:] ?[;,:.]", re.sub(rf"{INITIALS}\.(?=[,;:])", "", text))


@of_text
def after_a_stop_comes_a_capital(text: str) -> Iterator[str]:
    """Not ``Recount: Thirds. in two wards``."""
    yield from _found(r"\. [a-z]{2,}", re.sub(rf"{INITIALS}\.", "", text))


@of_text
def one_space_parts_words(text: str) -> Iterator[str]:
    """Not two, none before a comma, none at either end."""
    yield from _found(r"\s{2,}| [,;:.)]|\( |^\s|\s$|\n", text)


@of_text
def nothing_stands_for_nothing(text: str) -> Iterator[str]:
    """Not ``None`` of a program, no brackets without anything in them."""
    yield from _found(
        r"\bNone\b(?! of |, by lot| so far)|\b(?:null|undefined|NaN|True|False)\b|\(\s*\)|[{}<>\[\]]", text
    )


@of_text
def thousands_have_commas(text: str) -> Iterator[str]:
    """Not ``3567``, nor ``3,567 of 3567``; four digits are a year, unless something is counted."""
    for number, after in re.findall(r"(?<![\d,.#=\w/-])(\d{4,})(?![\d\w/-])( [a-z]+)?", text):
        if len(number) > 4 or not "1900" <= number < "2100" or after.strip() in {*ONE, *SEVERAL, "of", "votes"}:
            yield number


@of_text
def one_is_one_and_two_are_several(text: str) -> Iterator[str]:
    """Not ``1 seats``, ``2 ward``, ``1 are a majority``, ``1 seat are vacant``; but ``2 council leaders``."""
    for number, noun in re.findall(rf"(?<![\d,.%/−+-])({NUMBER}) ([a-z-]+)\b(?! leaders\b)", text):
        if noun in (SEVERAL if _figure(number) == 1 else ONE):
            yield f"{number} {noun}"
    yield from _found(r"(?<![\d,])1 [a-z-]+ (?:are|were|stay)\b|\d [a-z-]+s (?:is|was|stays)\b", text)


@of_text
def equals_are_listed_and_have_it_each(text: str) -> Iterator[str]:
    """Not ``CON and LD largest with 17``, ``CON 3 and LAB 3 of 12``, ``CON and LAB and GRN``, ``LD and LAB need 6``."""
    several = r"\b[A-Z]{2,}(?:, [A-Z]{2,})* and (?:[A-Z]{2,}|\d+ others) "
    yield from _found(rf"{several}(?:are |level |largest |as |the )*with \d+\b(?! each| seats each)", text)
    yield from _found(rf"{several}needs?\b(?! \d+ each)|{several}each needs\b", text.replace("each need ", ""))
    yield from _found(r"\b[A-Z]{2,} (\d+) and [A-Z]{2,} \1 of\b|\b[A-Z]{2,} and [A-Z]{2,} and [A-Z]{2,}\b", text)


# What adds up


@of_text
def a_part_is_not_more_than_the_whole(text: str) -> Iterator[str]:
    """Not ``18 of 17 wards``."""
    for part, whole in re.findall(rf"(?<![\d,:])({NUMBER}) of (?:the |all )?({NUMBER})(?![\d:])", text):
        if _figure(part) > _figure(whole):
            yield f"{part} of {whole}"


@of_facts
def seats_add_up(told: Told) -> Iterator[str]:
    """Not ``LAB 33, CON 22, IND 5 of 59 seats``; nor to fewer, with those to come and the vacant."""
    item = rf"[^\s,.;:()]+ {NUMBER}(?: \([^)]*\))?"
    whole = re.search(rf" of ({NUMBER}) seats?\b([^.;]*)", told.text)
    if whole is None or told.state is None or told.is_of_then:
        return
    counted = re.search(
        rf"(?:^|[:.] )((?:{item}, )+{item}|{item})((?:, {NUMBER} [a-z ]+)*)$", told.text[: whole.start()]
    )
    if counted is None:
        return
    own = [_figure(number) for number in re.findall(rf" ({NUMBER})(?= \(|,|$)", counted[1])]
    rest = [
        _figure(number)
        for number in re.findall(rf"({NUMBER}) (?:seats? )?(?:to come|vacant)", f"{counted[2]}{whole[2]}")
    ]
    unsaid = (0 if "vacant" in counted[2] else told.state.vacant) + (0 if rest else told.state.seats_to_come)
    summed, is_whole = sum([*own, *rest]) + unsaid, len(own) == len(told.state.seats)
    if summed > _figure(whole[1]) or (is_whole and summed < _figure(whole[1]) and "up" not in whole[2]):
        yield f"{counted[0]}{whole[0]}"


@of_facts
def who_needs_as_many_is_not_left_out(told: Told) -> Iterator[str]:
    """Not ``LD needs 20, LAB 20 of 39 to come`` where others need 20 as well."""
    said = None if told.state is None or told.is_of_then else re.search(r"[^.:;]*\bneeds? [^.;]*", told.text)
    if said is None or told.state is None:
        return
    shorts = [told.night.election.short(group) for group in told.state.needs]
    counted = re.search(r"\band (\d+) others\b", said[0])
    number = sum(bool(re.search(rf"\b{re.escape(it)}\b", said[0])) for it in shorts) + int(counted[1] if counted else 0)
    needs = list(told.state.needs.values())
    if 0 < number < len(needs) and needs[number - 1] == needs[number]:
        yield said[0]


# What is so now, and what was so then


@of_facts
def nothing_is_to_come_where_all_is_in(told: Told) -> Iterator[str]:
    """Not ``certain since 06:22 BST with 6 seats to come`` with every seat in."""
    if told.state is not None and told.state.is_complete and not told.is_of_then and "wards" not in told.surface:
        yield from _found(r"\d+ (?:seats? )?to come\b|\bneeds? \d|\bdue \d|\bdue about", told.text)


@of_text
def what_was_then_is_told_as_it_was(text: str) -> Iterator[str]:
    """Not ``certain since 06:22 BST with 6 seats to come``: it was, and fewer are by now."""
    yield from _found(r"certain (?:since|before)[^.;]* with \S+ seats? to come", text)


@of_text
def before_the_first_declaration_nothing_is_called_certain(text: str) -> Iterator[str]:
    """Not ``Certain before the first declaration``, but safe before a vote is counted."""
    yield from _found(r"[Cc]ertain before the first declaration", text)


@of_facts
def what_is_safe_before_a_vote_is_counted_says_so(told: Told) -> Iterator[str]:
    """Not ``control certain in 2 of 13 councils`` before anything is counted."""
    if not told.night.latest and not any(state.tally for state in told.night.councils.values()):
        yield from _found(r"control certain in [1-9]\S* of|Changes so far: control of [1-9]", told.text)


@of_facts
def behind_awaiting_stands_no_time_but_a_due_one(told: Told) -> Iterator[str]:
    """Not ``Awaiting 06:47 BST``, nor ``Delayed 06:47 BST``."""
    if told.surface == "row":
        yield from _found(r"^(?:Awaiting|Delayed\b[^,]*?|Recount\b[^,:]*?) (?!due )(?:\S+ ){0,3}\d\d:\d\d.*", told.text)


@of_facts
def late_times_carry_their_date(told: Told) -> Iterator[str]:
    """Not a clock alone, or with a weekday, of what came a week after the poll (rule 22)."""
    for clock in told.late_clocks if ":" in told.text else ():
        yield from _found(rf"(?<!\d{{4}} ){clock}(?! [A-Z]{{3}}, \d+ [A-Z][a-z]+ \d{{4}}).*", told.text)


# Of whom, and of what


@of_facts
def without_a_poll_there_are_no_votes(told: Told) -> Iterator[str]:
    """Not ``0 votes`` of an uncontested ward."""
    no_poll = {ContestState.UNOPPOSED, ContestState.NO_CANDIDATES, ContestState.COUNTERMANDED, ContestState.POSTPONED}
    if told.result is not None and told.result.state in no_poll:
        yield from _found(r"\b0 votes?\b|\bMargin \d|\bTurnout \d", told.text)


@of_facts
def only_who_defends_loses_a_seat(told: Told) -> Iterator[str]:
    """Not ``Student, first time candidate, loses seat``."""
    if "oses seat" in told.text and not any(
        it.loses_seat and it.candidacy.name in told.text for it in _candidates(told)
    ):
        yield told.text


@of_facts
def only_who_has_a_role_is_told_by_it(told: Told) -> Iterator[str]:
    """Not ``Council leader not elected: …`` of somebody who is none."""
    for role, name in re.findall(r"^(?:Copy: )?(.*?) (?:loses seat|not elected): (.*?) \(", told.text):
        if (role, name) not in {(it.candidacy.role, it.candidacy.name) for it in _candidates(told)}:
            yield told.text


@of_facts
def names_stand_with_their_own_party(told: Told) -> Iterator[str]:
    """Not ``Naushabah Khan (CON)`` of somebody who stands for Labour."""
    if told.result is None or "(" not in told.text:
        return
    election, candidates = told.night.election, told.result.candidates
    own = {(it.candidacy.name, election.short(it.group)) for it in candidates}
    for name in {it.candidacy.name for it in candidates}:
        for party in re.findall(rf"(?<!\w){re.escape(name)} \(([^),]+)", told.text):
            if (name, party) not in own:
                yield f"{name} ({party})"


def _candidates(told: Told) -> Iterator[CandidateResult]:
    results = [it for state in told.night.councils.values() for it in state.contests.values()]
    for result in results if told.result is None else [told.result]:
        yield from result.candidates


@of_facts
def no_two_parties_of_a_council_are_called_alike(told: Told) -> Iterator[str]:
    """Not ``IND 4, IND 2``, nor ``IND needs 3, IND 5``."""
    if told.state is not None:
        yield from _found(r"\b([A-Z]{2,}) (?:needs? )?\d+(?:[^.;:]*?, | and )\1 \d+", told.text)


@of_facts
def seats_and_their_change_are_of_the_same_councils(told: Told) -> Iterator[str]:
    """Not ``GRN 19 seats (no change)``: 19 in thirteen councils, and the change in two of them."""
    if not told.surface.startswith("card") or told.state is not None or not told.night.progress.councils_total:
        return
    done = [state for state in told.night.councils.values() if state.is_complete and not state.council.stands_apart]
    for short, seats in re.findall(rf"(?:^|[.;] )(\S+)(?: {NUMBER} councils?[^;,]*,)? ({NUMBER}) seats? \(", told.text):
        groups = [group for group in told.night.election.groups if told.night.election.short(group) == short]
        if groups and _figure(seats) not in {sum(state.tonight.get(group, 0) for state in done) for group in groups}:
            yield f"{short} {seats}"
