"""A moment in a sentence, and what has come since one: in singular, plural, tie and zero, and over odd nights."""

from datetime import timedelta

import pytest

from app.domain.declarations import Correction, StatusDeclaration, StatusValue, Withdrawal
from app.domain.election import Cycle
from app.domain.news import news_since
from app.domain.night import Night
from app.domain.party_night import party_night
from app.domain.series import Point, Score, opening_scores, point_at, score_change
from app.process.turns import at_once
from app.wording.moments import moment_told, revised_told, seats_since, since_told
from app.wording.party_night import party_sentences
from app.wording.story.houses import House
from tests.builders import CON, CONVENTIONS, GRN, LAB, LD, a_contest, a_council, a_ward, an_election, an_entry
from tests.wording.odd_nights import ODD, beside_councils

BBC = CONVENTIONS["bbc"]
NAMES = ("ashire", "bshire", "cshire", "dshire", "eshire", "fshire")
PLACES = {name: a_contest("north", council_id=name, parties=(LAB, CON, LD, GRN)) for name in NAMES}


class Told:
    """A night of councils of one ward each, which CON had, after each of ``declarations``."""

    def __init__(self, *declarations):
        election = an_election(*self.councils())
        self.night = Night.before_first(election)
        self.changes, self.entries = [opening_scores(self.night)], []
        for seq, declaration in enumerate(declarations, 1):
            about = self.entries[declaration.replaces - 1] if isinstance(declaration, Correction | Withdrawal) else None
            entry = an_entry(
                seq, declaration, **({"council_id": about.council_id, "ballot_id": about.ballot_id} if about else {})
            )
            before, (self.night, _) = self.night, self.night.apply(entry)
            changed = score_change(before, self.night, entry)
            self.changes += [changed] if changed is not None else []
            self.entries.append(entry)

    @classmethod
    def councils(cls):
        return (a_council(it, council_id=name, eve=CON) for name, it in PLACES.items())

    def moment(self, house=House.BBC):
        at = self.entries[-1].at if self.entries else None
        return moment_told(self.night, BBC, house, point_at(self.changes, self.night.seq), at)

    def since(self, seq):
        return news_since(self.night, "bbc", seq, self.changes, self.entries)


def won(*winners):
    return [a_ward(it, winner) for it, winner in zip(PLACES.values(), winners, strict=False)]


@pytest.mark.parametrize(
    ("winners", "told"),
    [
        ((LAB,), "with 1 of 6 wards declared, Labour had won one seat; one council had changed hands."),
        (
            (LAB, GRN),
            "with 2 of 6 wards declared, Labour and the Greens had won one seat each; two councils had changed hands.",
        ),
        ((CON,) * 6, "with all 6 wards declared, the Conservatives had won six seats; no council had changed hands."),
    ],
)
def test_a_moment_is_told(winners, told):
    night = Told(*won(*winners))
    at = night.entries[-1].at.astimezone(night.night.election.zone)
    assert night.moment() == f"At {at:%H:%M} BST, {told}"


def test_before_the_first_entry_that_is_told():
    assert Told().moment() == (
        "Before the first entry, with no ward declared, no seat had been filled; no council had changed hands."
    )


def test_nobody_is_left_out_among_equals():
    assert (
        "Labour, the Conservatives, the Liberal Democrats and the Greens had won one seat each"
        in Told(*won(LAB, CON, LD, GRN)).moment()
    )


def test_of_many_who_are_level_none_is_named():
    night = Told(*won(LAB)).night
    groups = list(night.election.groups)[:6]
    level = Point(1, None, 1, dict.fromkeys(groups, Score(2)))
    assert f"{len(groups)} parties had won two seats each;" in moment_told(night, BBC, House.BBC, level, None)
    ahead = Point(1, None, 1, {**level.scores, LAB: Score(3)})
    assert "declared, Labour had won three seats;" in moment_told(night, BBC, House.BBC, ahead, None)


def test_the_wire_has_its_own_names_and_figures():
    assert "LAB had won 2 seats and CON 1; 2 councils had changed hands." in Told(*won(LAB, LAB, CON)).moment(House.PA)


@pytest.mark.parametrize("night", ODD.values(), ids=ODD)
def test_of_odd_nights_every_moment_is_a_sentence(night):
    night = night()
    told = moment_told(
        night, night.election.chosen_convention(None), House.BBC, point_at([opening_scores(night)], 0), None
    )
    assert told.endswith(".")
    assert not any(it in told for it in ("  ", "..", ", ,", ", .", " ;", ", ;"))


def test_an_office_that_changes_hands_is_told_beside_the_councils():
    night = beside_councils()
    assert moment_told(night, BBC, House.BBC, point_at([opening_scores(night)], 0), None).endswith(
        "; one council and one office had changed hands."
    )
    told = {group: at_once(party_night(night, group, "bbc")) for group in (CON, LAB)}
    assert [it.council_id for it in told[CON].gained] == [it.council_id for it in told[LAB].lost] == ["mayor"]
    assert "It gained Mayor of Testshire." in party_sentences(night, told[CON])
    assert "It lost Mayor of Testshire." in party_sentences(night, told[LAB])


def test_what_has_come_since_is_counted_from_that_entry_on():
    told = Told(*won(LAB, LAB, CON, LD))
    news = told.since(1)
    at = told.entries[0].at
    assert since_told(told.night.election, news, at).endswith(": 3 wards, 2 councils changed hands")
    assert seats_since(told.night.election, news.seats) == "LAB +1, CON +1, LD +1"
    assert [it.council_id for it in news.flips] == ["dshire", "bshire"]
    assert [it.council_id for it in news.holds] == ["cshire"]
    assert since_told(told.night.election, told.since(4), told.entries[3].at).endswith(": nothing new")
    assert since_told(told.night.election, told.since(0), None).startswith("Since the beginning: 4 wards, 3 councils")
    assert since_told(told.night.election, told.since(3), at + timedelta(hours=1)).endswith(
        ": 1 ward, 1 council changed hands"
    )


class OfAllKinds(Told):
    """A council of two wards, a mayor whom CON was, and a by-election beside them."""

    WARD, OTHER = (a_contest(name, council_id="ashire", parties=(LAB, CON)) for name in ("north", "south"))
    MAYOR = a_contest("mayor", council_id="mayoralty", parties=(LAB, CON))
    DALE = a_contest("dale", council_id="dale", by=True)

    @classmethod
    def councils(cls):
        return (
            a_council(cls.WARD, cls.OTHER, council_id="ashire", eve=None),
            a_council(cls.MAYOR, council_id="mayoralty", cycle=Cycle.SINGLE, eve=CON),
            a_council(cls.DALE, council_id="dale", total_seats=9, cycle=Cycle.BY),
        )


def test_by_elections_offices_polls_put_off_and_recounts_are_news():
    told = OfAllKinds(
        StatusDeclaration(StatusValue.COUNTING, ballot_id=OfAllKinds.WARD.ballot_id),
        a_ward(OfAllKinds.DALE, LAB),
        a_ward(OfAllKinds.MAYOR, LAB),
        StatusDeclaration(StatusValue.RECOUNT, ballot_id=OfAllKinds.WARD.ballot_id),
        StatusDeclaration(StatusValue.POSTPONED, ballot_id=OfAllKinds.OTHER.ballot_id),
        Withdrawal(2, "Another ward."),
    )
    said = {since: since_told(told.night.election, told.since(since), None) for since in (3, 4, 5, 6)}
    assert said[3].endswith(": 1 poll put off, 1 recount, 1 corrected or withdrawn")
    assert said[4].endswith(": 1 poll put off, 1 corrected or withdrawn")
    assert (told.since(1).by_elections, told.since(2).by_elections) == (0, -1)
    assert [it.council_id for it in told.since(2).flips] == ["mayoralty"]
    before = OfAllKinds(*(it.declaration for it in told.entries[:3]))
    assert since_told(before.night.election, before.since(1), None).endswith("1 by-election, 1 council changed hands")
    first = OfAllKinds(told.entries[0].declaration)
    assert since_told(first.night.election, first.since(0), None).endswith(": no result")


def test_what_was_undone_since_is_told_with_what_undid_it():
    ward = next(iter(PLACES.values()))
    told = Told(*won(LAB, LAB), Correction(1, "Two bundles.", a_ward(ward, CON)), Withdrawal(2, "Another ward."))
    news = told.since(2)
    assert [it.council_id for it in news.undone] == ["bshire", "ashire"]
    assert since_told(told.night.election, news, None).endswith(": 2 undone, 2 corrected or withdrawn")
    assert [revised_told(told.night.election, it) for it in news.revisions] == [
        "Correction, North, Ashire: Two bundles.",
        "Withdrawal, North, Bshire: Another ward.",
    ]
    assert told.since(1).seats == {LAB: -1, CON: 1}
