"""The style of a house: what it calls parties, how it writes numbers and times, and which words it takes."""

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from app.domain.election import INDEPENDENTS, NO_OVERALL_CONTROL, Convention, Election
from app.wording.figures import clock, plural
from app.wording.night import short_apart

_IN_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
"""What is counted in words below ten, as the BBC and most papers do."""


class Called(NamedTuple):
    """What a party is called in running text, and whether it is several: ``the Conservatives have``."""

    name: str
    is_several: bool = False


_CALLED = {
    "Labour Party": Called("Labour"),
    "Labour and Co-operative Party": Called("Labour"),
    "Conservative Party": Called("the Conservatives", is_several=True),
    "Conservative and Unionist Party": Called("the Conservatives", is_several=True),
    "Liberal Democrats": Called("the Liberal Democrats", is_several=True),
    "Green Party": Called("the Greens", is_several=True),
    "UK Independence Party (UKIP)": Called("UKIP"),
    "UK Independence Party": Called("UKIP"),
    "Scottish National Party (SNP)": Called("the SNP"),
    "Plaid Cymru - The Party of Wales": Called("Plaid Cymru"),
}
"""By the name in the register; whoever is not here is called by that name."""

_OF_MANY = re.compile(r"(?:Independents|Residents|Democrats|Greens|Liberals|Conservatives|Socialists)$")
_TAKES_THE = re.compile(r"\b(?:Party|Alliance|Association|Coalition|Group|Union|Front|League|Movement)\b")


class House(StrEnum):
    """``bbc`` writes for readers, ``pa`` for the wire."""

    BBC = "bbc"
    PA = "pa"

    def either(self, bbc: str, pa: str) -> str:
        """The one of two wordings that is this house's."""
        return bbc if self is House.BBC else pa

    def party(self, election: Election, group: str) -> str:
        """``the Conservatives``; on the wire ``CON``. Of nobody ``no overall control``, ``NOC``."""
        if self is House.PA:
            return short_apart(election, group)
        return "no overall control" if group == NO_OVERALL_CONTROL else called(election, group).name

    def listed_party(self, election: Election, group: str) -> str:
        """The same in a list of figures: ``Conservatives``."""
        return self.party(election, group).removeprefix("the ")

    def seats_of(self, election: Election, seats: Mapping[str, int]) -> str:
        """``Labour 33, Conservatives 22, independents 4``; on the wire ``LAB 33, CON 22, IND 4``."""
        return ", ".join(f"{self.listed_party(election, group)} {number:,}" for group, number in seats.items())

    def verb(self, election: Election, group: str, one: str, several: str) -> str:
        """``gains`` or ``gain``; the wire takes the latter of every party."""
        return one if self is House.BBC and not called(election, group).is_several else several

    def number(self, number: int) -> str:
        """``seven``, ``12``, ``1,204``; on the wire ``7``."""
        return _IN_WORDS[number] if self is House.BBC and number < len(_IN_WORDS) else f"{number:,}"

    def counted(self, number: int, one: str, several: str) -> str:
        """``one seat``, ``12 seats``, ``no seats``; on the wire ``1 seat``."""
        return plural(number, one, several).replace(f"{number:,}", self.number(number), 1)

    def seats(self, election: Election, number: int) -> str:
        return self.counted(number, election.words.seat, election.words.seats)

    def contests(self, election: Election, number: int) -> str:
        return self.counted(number, election.words.contest, election.words.contests)

    def bodies(self, election: Election, number: int) -> str:
        return self.counted(number, election.words.body, election.words.bodies)

    def votes(self, number: int) -> str:
        return self.counted(number, "vote", "votes")

    def clock(self, election: Election, at: datetime) -> str:
        """``06:22 BST``; on the wire ``6.22am BST``. With its day, or its date, where that has to be said (rule 22)."""
        usual = clock(election, at)
        return usual if self is House.BBC else re.sub(r"(\d\d):(\d\d)", _of_twelve, usual)


def house_of(convention: Convention) -> House:
    """In whose style a reader is told who has chosen ``convention``."""
    return House.PA if convention.key == House.PA else House.BBC


def convention_of(election: Election, house: House) -> Convention:
    """By which convention a house compares: the one of its name, where the election has that."""
    return election.conventions.get(house, election.chosen_convention(None))


def called(election: Election, group: str) -> Called:
    """``Labour``, ``the Conservatives``, ``independents``, ``the Heritage Party``."""
    if group == INDEPENDENTS:
        return Called("independents", is_several=True)
    name = election.party(group).name
    if name in _CALLED:
        return _CALLED[name]
    is_several = bool(_OF_MANY.search(name))
    takes_the = (is_several or _TAKES_THE.search(name)) and not name.startswith("The ")
    return Called(f"the {name}" if takes_the else re.sub("^The ", "the ", name), is_several)


def _of_twelve(found: re.Match[str]) -> str:
    hour = int(found[1])
    minutes = "" if found[2] == "00" else f".{found[2]}"
    return f"{hour % 12 or 12}{minutes}{'am' if hour < 12 else 'pm'}"
