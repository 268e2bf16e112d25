"""Any night of the past: what it was, without folding the log from its beginning."""

from dataclasses import replace

import pytest

from app.domain.catalogue import alterations
from app.domain.declarations import CatalogueChange, Correction, NoteDeclaration
from app.domain.election import Election
from app.domain.night import Night
from app.live.hub import Hub
from app.pages.environment import make_environment
from app.pages.rendering import Renderer
from app.process.turns import at_once
from app.projection.history import MOST, STRIDE, History
from app.projection.publication import Publication, Published
from app.projection.rows import RowsKept
from tests.builders import CON, LAB, a_contest, a_council, a_ward, an_election, an_entry

NORTH, SOUTH, EAST = a_contest("north"), a_contest("south"), a_contest("east", council_id="elsewhere")
ELECTION = an_election(a_council(NORTH, SOUTH), a_council(EAST, council_id="elsewhere"))
BBC = ELECTION.conventions["bbc"]
RENDERER = Renderer(make_environment())


def a_publication(*declarations: object) -> Publication:
    publication = Publication(ELECTION, "e1", hub=Hub(), rendering=RENDERER)
    declare(publication, *declarations)
    return publication


def declare(publication: Publication, *declarations: object) -> None:
    for declaration in declarations:
        owed = Published()
        publication.fold([(an_entry(publication.folded.seq + 1, declaration, ELECTION), {})], owed)
        at_once(publication.publish(owed))


def notes(number: int) -> list[NoteDeclaration]:
    return [NoteDeclaration(f"Note {each}") for each in range(number)]


def a_night_of_corrections() -> list[object]:
    corrected = (Correction(2 + each, "Miscounted", a_ward(SOUTH, LAB if each % 2 else CON)) for each in range(STRIDE))
    return [a_ward(NORTH, LAB), a_ward(SOUTH, LAB), *corrected, a_ward(EAST, CON)]


def test_every_night_of_the_past_is_what_it_was():
    publication = a_publication(*a_night_of_corrections())
    night = Night.before_first(ELECTION)
    assert at_once(publication.at(0)) == night
    for line in publication.log:
        night, _ = night.apply(line.entry)
        assert at_once(publication.at(night.seq)) == night


def test_the_newest_is_not_folded_again():
    publication = a_publication(*notes(3))
    assert at_once(publication.at(3)) is publication.night


def test_what_is_folded_again_is_less_than_a_stride():
    publication = a_publication(*notes(3 * STRIDE))
    steps = [sum(1 for _ in publication.at(seq)) for seq in range(3 * STRIDE)]
    assert max(steps) == STRIDE - 1


def test_the_nights_of_a_long_log_are_bounded_in_number():
    night = Night.before_first(ELECTION)
    history = History(night)
    for seq in range(1, 2 * MOST * STRIDE + 1):
        history.note(night := Night(**{**vars(night), "seq": seq}))
        assert len(history) <= MOST
    for seq in (0, 1, MOST * STRIDE, 2 * MOST * STRIDE - 1):
        assert seq - 4 * STRIDE < history.before(seq).seq <= seq


def a_renamed_election() -> Election:
    renamed = replace(ELECTION.councils["testshire"], name="Nowhere")
    return replace(ELECTION, councils={**ELECTION.councils, "testshire": renamed})


@pytest.mark.parametrize("council_id", [None, "testshire"])
def test_fragments_of_the_past_are_those_that_were_shown(council_id: str | None):
    publication, renamed = a_publication(), a_renamed_election()
    mended = CatalogueChange("Misspelt", alterations(ELECTION, renamed), renamed)
    night = [*a_night_of_corrections(), mended, NoteDeclaration("The bells ring.", "testshire")]
    shown = [dict(publication.channel(council_id, BBC).fragments)]
    for declaration in night:
        declare(publication, declaration)
        shown.append(dict(publication.channel(council_id, BBC).fragments))
    assert "Nowhere" in "".join(shown[-1].values())
    assert "Nowhere" not in "".join(shown[-3].values())
    for seq, then in enumerate(shown):
        past = at_once(publication.at(seq))
        parts = past.councils if council_id is None else past.election.councils[council_id].contests_by_id
        assert at_once(publication.fragments_at(past, council_id, BBC, parts)) == then


class Counting(Renderer):
    """How often a row is rendered."""

    def __init__(self) -> None:
        super().__init__(make_environment())
        self.rendered = 0

    def row(self, *about):
        self.rendered += 1
        return super().row(*about)


def test_a_row_that_is_known_is_not_rendered_again_unless_its_council_is_another():
    counting = Counting()
    rows, publication = RowsKept(counting), a_publication(*a_night_of_corrections())
    for _ in range(2):
        for seq in range(publication.seq + 1):
            rows.row(at_once(publication.at(seq)), "elsewhere", BBC)
    assert counting.rendered == 2, "before and after its one declaration"
    renamed = an_election(*ELECTION.councils.values())
    assert rows.row(Night.before_first(renamed), "elsewhere", BBC)
    assert counting.rendered == 3, "of another catalogue it may read otherwise"


def test_the_rows_that_are_kept_are_bounded_in_bytes():
    rows, publication = RowsKept(RENDERER, most_bytes=3000), a_publication(*a_night_of_corrections())
    for seq in range(publication.seq + 1):
        past = at_once(publication.at(seq))
        assert rows.row(past, "testshire", BBC) == RENDERER.row(past, "testshire", BBC)
        assert 0 < rows.size <= 3000
