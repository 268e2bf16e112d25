"""Every component in every state, on an election that was made for it, in both themes."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from app.domain.declarations import (
    Correction,
    Declaration,
    Entry,
    NoteDeclaration,
    StatusDeclaration,
    StatusValue,
    TallyDeclaration,
    WardDeclaration,
    Withdrawal,
)
from app.domain.election import Baseline, Contest, Convention, Council, Cycle, Election, Party
from app.domain.night import Night
from app.live.lists import html_of
from app.pages.colours import party_stylesheet
from app.pages.components.badge import badge_of
from app.pages.components.seating import hemicycle, seat_bar
from app.pages.environment import render
from app.pages.frame import PageFrame
from app.pages.overview.view import council_row, night_fragments

STARTED = datetime(2023, 5, 4, 23, 30, tzinfo=UTC)

PARTIES = (
    Party("PP52", "Conservative Party", "CON", "#0087DC"),
    Party("PP53", "Labour Party", "LAB", "#E4003B"),
    Party("PP90", "Liberal Democrats", "LD", "#FAA61A"),
    Party("PP63", "Green Party", "GRN", "#02A95B"),
    Party("PP7931", "Reform UK", "REF", "#12B6CF"),
    Party("ynmp-party:2", "Independent", "IND", "#DCDCDC"),
    Party("PP85", "UK Independence Party (UKIP)", "UKIP", "#70147A"),
    Party("PP102", "Scottish National Party (SNP)", "SNP", "#FDF38E"),
    Party("PP77", "Plaid Cymru", "PC", "#005B54"),
)
CON, LAB, LD, GRN, IND = "PP52", "PP53", "PP90", "PP63", "ynmp-party:2"

# Council id: what its row shows, the control before it, and the seats of its five wards of three as they are declared.
COUNCILS: Mapping[str, tuple[str, str | None, str]] = {
    "awaiting": ("Awaiting, with a time", "NOC", ""),
    "unknown": ("Awaiting, by thirds", CON, ""),
    "counting": ("Counting", CON, "LLL LCD"),
    "recount": ("Recount in one ward", CON, "CCL"),
    "certain": ("Certain, seats to come", CON, "LLL LLL LLC"),
    "gain": ("Declared, a gain", CON, "LLL LLL LLC CCD GII"),
    "hold": ("Declared, a hold", CON, "CCC CCC CCC LLL DDG"),
    "lost": ("Declared, lost to NOC", CON, "CCC CCL LLL DDD GGI"),
    "stays": ("Declared, stays NOC", "NOC", "CCC CCL LLL DDD GGI"),
    "nothing-before": ("Declared, no comparison", None, "LLL LLL LLC CCD GII"),
    "corrected": ("Corrected", CON, "LLL LLL LLC CCD GII"),
    "vacant": ("Countermanded ward", CON, "LLL LLL LLC CCD"),
    "by-phone": ("Tally by phone", CON, ""),
}
LETTERS = {"C": CON, "L": LAB, "D": LD, "G": GRN, "I": IND}


def patterns_page(environment: Environment) -> str:
    """The page; its party colours are :func:`patterns_stylesheet`, at ``/patterns/parties.css``."""
    election = patterns_election()
    before = Night.before_first(election)
    night = _declared(before)
    values: dict[str, Any] = {
        "election": election,
        "parties": list(PARTIES),
        "badges": [badge_of(election, state, "bbc") for state in night.councils.values()],
        "chambers": [(name, hemicycle(election, state), seat_bar(election, state)) for name, state in _chambers(night)],
        "rows": [Markup(council_row(environment, night, key, election.conventions["bbc"])[1]) for key in COUNCILS],
        "before": _night(environment, before, "before"),
        "during": _night(environment, night, "during"),
    }
    themes = {theme: _renamed(render(environment, "patterns/theme.html", values), theme) for theme in ("light", "dark")}
    return render(environment, "patterns/page.html", {"frame": PageFrame(), "themes": themes})


def patterns_stylesheet() -> str:
    """The colours of the parties on the page."""
    return party_stylesheet(patterns_election())


def patterns_election() -> Election:
    """Thirteen councils of fifteen seats, each in a state of its own."""
    councils = {council_id: _council(council_id, name, before) for council_id, (name, before, _) in COUNCILS.items()}
    conventions = {
        "bbc": Convention("bbc", "BBC: seats against the last time", ("eve",), ("notional", "last")),
        "pa": Convention("pa", "PA: everything against the eve of poll", ("eve",), ("eve",)),
    }
    return Election(
        slug="patterns",
        election_id="patterns",
        name="Every state",
        polling_date=date(2023, 5, 4),
        timezone="Europe/London",
        convention="bbc",
        conventions=conventions,
        parties={party.party_id: party for party in PARTIES},
        councils=councils,
    )


def _council(council_id: str, name: str, before: str | None) -> Council:
    contests = tuple(Contest(f"{council_id}.{ward}", council_id, f"Ward {ward}", 3) for ward in range(1, 6))
    continuing = {CON: 14, LAB: 10, IND: 6} if council_id == "unknown" else {}
    baselines = {"last": Baseline("last", seats={CON: 8, LAB: 5, IND: 2}), "eve": Baseline("eve", control=before)}
    return Council(
        council_id,
        name,
        15 + sum(continuing.values()),
        contests,
        region="South East",
        cycle=Cycle.THIRDS if continuing else Cycle.ALL,
        boundary_change=council_id == "gain",
        expected_at=STARTED + timedelta(hours=6) if council_id == "awaiting" else None,
        continuing=continuing,
        baselines=baselines if before else {},
    )


def _declared(night: Night) -> Night:
    """The night with everything on it that a night can bring."""
    for council_id, (_, _, wards) in COUNCILS.items():
        for number, ward in enumerate(wards.split(), 1):
            night = _with(night, council_id, _seats(f"{council_id}.{number}", ward))
    correction = Correction(_entry(night, "corrected.5"), "a column was read twice", _seats("corrected.5", "GGI"))
    night = _with(night, "corrected", correction, "corrected.5")
    withdrawal = Withdrawal(_entry(night, "certain.3"), "two bundles of 200 votes were swapped")
    night = _with(night, "certain", withdrawal, "certain.3")
    night = _with(night, "certain", _seats("certain.3", "LLC"))
    night = _with(night, "recount", StatusDeclaration(StatusValue.RECOUNT, council_id="recount", note="Ward 2"))
    night = _with(night, "vacant", StatusDeclaration(StatusValue.COUNTERMANDED, ballot_id="vacant.5"))
    night = _with(night, "by-phone", TallyDeclaration("by-phone", {LAB: 8, CON: 3}, complete=False))
    return _with(night, None, NoteDeclaration("Counting is held up in two halls by a fire alarm"))


def _with(night: Night, council_id: str | None, declaration: Declaration, ballot_id: str | None = None) -> Night:
    seq = night.seq + 1
    ballot_id = ballot_id or getattr(declaration, "ballot_id", None)
    entry = Entry(seq, STARTED + timedelta(minutes=4 * seq), declaration, council_id, ballot_id)
    return night.apply(entry)[0]


def _seats(ballot_id: str, letters: str) -> WardDeclaration:
    return WardDeclaration(ballot_id, seats={LETTERS[letter]: letters.count(letter) for letter in letters})


def _entry(night: Night, ballot_id: str) -> int:
    entry = night.result(ballot_id).entry
    assert entry is not None  # declared just above
    return entry.seq


def _chambers(night: Night) -> list[tuple[str, Any]]:
    return [(COUNCILS[key][0], night.councils[key]) for key in ("unknown", "counting", "gain", "vacant")]


def _night(environment: Environment, night: Night, moment: str) -> dict[str, Markup]:
    fragments = night_fragments(environment, night, night.election.conventions["bbc"])
    return {name: _renamed(html_of(copy), moment) for name, copy in fragments.items()}


def _renamed(html: str, prefix: str) -> Markup:
    """The same again under other ids, so that a page may have it twice."""
    for attribute in ("id", "for", "name", "aria-labelledby"):
        html = html.replace(f' {attribute}="', f' {attribute}="{prefix}-')
    return Markup(html)
