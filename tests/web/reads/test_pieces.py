"""Pieces of a long text: joined they are the text, and a declaration has only its own council's made again."""

import gzip
import json
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.values import council_detail_view, election_view
from app.bundles.exporting import Export, csv_export, dc_csv_export, json_export
from app.domain.council import CouncilState
from app.domain.night import Night
from app.process.turns import Steps, at_once
from app.web.reads.pieces import PerCouncil, Piece, Whole, deflated
from tests.builders import CON, CONVENTIONS, LAB, a_contest, a_council, a_tally, a_ward, an_election, an_entry

WARDS = [a_contest(f"ward-{number}", council_id=f"council-{number % 3}") for number in range(6)]
ELECTION = an_election(*(a_council(*WARDS[number::3], council_id=f"council-{number}") for number in range(3)))
NIGHT = Night.before_first(ELECTION).fold(
    [an_entry(1, a_ward(WARDS[0], LAB)), an_entry(2, a_tally({CON: 2}), council_id="council-1")]
)
PA = CONVENTIONS["pa"]


@given(st.lists(st.lists(st.text(max_size=200), max_size=3), max_size=6))
def test_all_pieces_are_one_gzip_file_of_the_whole_text(texts: list[list[str]]) -> None:
    whole = Whole(tuple(at_once(deflated(parts)) for parts in texts))
    content = "".join(text for parts in texts for text in parts).encode()
    assert gzip.decompress(whole.gzipped) == content
    assert b"".join(piece.inflated() for piece in whole.pieces) == content
    assert whole.size == len(content)


def test_a_long_text_is_checked_to_its_end() -> None:
    long = "Strood Rural " * 400_000
    whole = Whole((at_once(deflated([long])), at_once(deflated(["!"]))))
    assert gzip.decompress(whole.gzipped).decode() == f"{long}!"


def test_what_is_answered_as_json_is_that_of_its_views() -> None:
    view = {
        **election_view(NIGHT, epoch="e-1", convention=PA),
        # The parties stand once, at the end.
        "councils": [
            {key: value for key, value in council_detail_view(NIGHT.election, state, PA).items() if key != "parties"}
            for state in NIGHT.councils.values()
        ],
    }
    written = json.dumps(view, ensure_ascii=False, indent=1) + "\n"
    assert json_export(NIGHT, epoch="e-1", convention=PA).whole(NIGHT) == written


@pytest.mark.parametrize(
    "export",
    [csv_export(ELECTION), dc_csv_export(ELECTION), json_export(NIGHT, epoch="e-1", convention=PA)],
    ids=["csv", "dc.csv", "json"],
)
def test_a_declaration_has_only_its_own_council_made_again(export: Export) -> None:
    made: list[str] = []

    def make(state: CouncilState) -> Steps[Piece]:
        made.append(state.council_id)
        return deflated(export.council(state))

    councils = PerCouncil(make)
    before = at_once(councils.of(NIGHT))
    assert made == ["council-0", "council-1", "council-2"]
    made.clear()
    later = NIGHT.fold([an_entry(3, a_ward(WARDS[1], LAB))])
    after = at_once(councils.of(later))
    assert made == ["council-1"]
    assert [piece.inflated() for piece in after] == [_text(export, state) for state in later.councils.values()]
    assert [one is other for one, other in zip(before, after, strict=True)] == [True, False, True]
    at_once(councils.of(later))
    assert made == ["council-1"]


def test_a_piece_may_be_interrupted_between_any_two_contests() -> None:
    for export in (csv_export(ELECTION), json_export(NIGHT, epoch="e-1", convention=PA)):
        steps = PerCouncil(partial(_deflated, export)).of(NIGHT)
        assert sum(1 for _ in steps) >= len(WARDS)


def _deflated(export: Export, state: CouncilState) -> Steps[Piece]:
    return deflated(export.council(state))


def _text(export: Export, state: CouncilState) -> bytes:
    return "".join(export.council(state)).encode()
