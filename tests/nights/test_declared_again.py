"""The night of Kent as a file: what one server exports another one takes, and it is the same night in every figure."""

from datetime import UTC, datetime

from app.bundles.exporting import csv_export
from app.bundles.reading import Bundle
from app.bundles.spreadsheets import Spreadsheets
from app.desk.files.forecast import Forecast
from app.desk.files.preview import Prospect
from app.desk.files.results import rows_of
from app.domain.night import Night
from app.domain.proposal import Thresholds
from app.process.turns import at_once

NOW = datetime(2023, 5, 6, tzinfo=UTC)


def test_an_export_is_a_file_of_results_that_makes_the_same_night(kent: Bundle, kent_night: Night) -> None:
    election = kent.election
    file = csv_export(election).whole(kent_night).encode()
    rows = rows_of(election, (*election.councils.values(),), Spreadsheets().read(file))
    assert rows.unplaced == ()
    opening = Night.before_first(election)
    forecast = Forecast(opening, "token:again", "export.csv", NOW, Thresholds(), body_of=lambda _seq: {})
    wards = at_once(forecast.of(rows))
    assert len(wards) == 277
    assert [ward.contest.name for ward in wards if ward.prospect is Prospect.LEFT] == []
    again = forecast.night
    assert again.scoreboards == kent_night.scoreboards
    for council_id, state in kent_night.councils.items():
        for ballot_id, result in state.contests.items():
            other = again.councils[council_id].contests[ballot_id]
            # At Seasalter a lot was drawn: the file says who won it by marking who is elected.
            assert (other.candidates, other.turnout) == (result.candidates, result.turnout), ballot_id
    asked = {finding.code for ward in wards for finding in ward.warnings}
    assert asked <= {"W02", "W07", "W10", "W13", "W15", "W20"}
    flips = sorted(ward.flip for ward in wards if ward.flip)
    assert "LAB gain Medway from CON" in flips
    assert len(flips) == len(election.councils)
