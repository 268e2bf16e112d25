"""What the public codes of findings mean, as ``docs/checks.md`` has them: for whoever meets one at the desk."""

from collections.abc import Mapping
from types import MappingProxyType

CHECKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "F01": ("No poll tonight", "a result, or a status, for a contest that has no poll"),
        "F02": (
            "Not a candidate here, or a candidate missing",
            "a candidacy that does not stand in the contest, or one without a number",
        ),
        "F03": (
            "Not a whole number",
            "a number that is negative, not whole, or not a number; a turnout outside 0 to 100",
        ),
        "F04": (
            "More votes than valid papers",
            "one candidate has more votes than there are valid ballot papers, or electors",
        ),
        "F05": ("More votes than the papers allow", "all the votes are more than seats up × papers, or electors"),
        "F06": (
            "More papers than electors",
            "more ballot papers than electors, more rejected papers than papers, or papers that do not add up",
        ),
        "F07": ("As many winners as seats", "who is elected, or the seats by party, do not fill the seats up"),
        "F08": ("A winner behind a loser", "somebody is named as elected with fewer votes than somebody who is not"),
        "F09": ("A tie across the last seat", "a tie for the last seat, and nobody says who was drawn"),
        "F10": ("A complete tally that is not", "a complete tally that does not sum to the council’s seats"),
        "F11": ("A tally of too many seats", "a tally of more seats than the council has"),
        "F12": ("Not a party here", "a party that is not on file, or one with fewer candidates than seats"),
        "F13": ("A tally without the continuing seats", "a tally of fewer seats than continue"),
        "F14": (
            "A correction of something else",
            "a correction that names another contest or council than it replaces",
        ),
        "F15": ("Not the total that was read out", "the votes do not sum to the total that was announced with them"),
        "W01": ("An unlikely turnout", "a turnout below 10% or above 80%"),
        "W02": (
            "A turnout far from the others",
            "a turnout, or without one the number of votes, out of line with the council’s other wards",
        ),
        "W03": ("All votes are round", "every candidate’s votes end in 0"),
        "W04": ("Votes on the wrong names", "running mates of two parties or more are far apart"),
        "W05": ("A party without a vote", "a party with candidates and no votes at all"),
        "W06": ("Another contest’s votes", "the same votes, in the same order, as another contest"),
        "W07": ("Control changes", "it becomes certain who controls, or changes, or is undone"),
        "W08": ("Many rejected papers", "more than 3% of the papers rejected"),
        "W09": ("Before the polls close", "a result or tally announced before the polls close"),
        "W10": ("More votes than the turnout allows", "more votes than the announced turnout can have cast"),
        "W11": ("Tally and wards disagree", "a tally and declared wards that cannot both be right"),
        "W12": ("Fewer seats than continue", "a party with fewer seats in a tally than continue for it"),
        "W13": ("Fewer votes than papers", "all the votes are fewer than 97% of the valid papers"),
        "W14": (
            "More votes than without the rejected papers",
            "votes that fit all the papers, and not those without the rejected",
        ),
        "W15": (
            "Running mates of one party far apart",
            "one of a party’s candidates has more than three times the votes of another",
        ),
        "W16": ("Votes that are not published", "a candidate’s votes are given as not published"),
        "W17": ("A time that is still to come", "the announcement is timed more than five minutes ahead"),
        "W18": ("A recount since it was keyed", "a recount or a delay was announced after the result was keyed"),
        "W19": (
            "A second person keyed something else",
            "it is declared without a check, and another person keyed it differently",
        ),
        "W20": (
            "A party far below its other wards",
            "a party’s share is less than 40% of its least in the council’s other wards",
        ),
    }
)
"""By code: its name, and what it is raised by."""
