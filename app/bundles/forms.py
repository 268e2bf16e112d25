"""Which files of a night there are: what each is called, and how it is made.

The server, the command and published sites have the same ones, made here.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from app.api.values import Moment
from app.bundles.contests_export import contests_csv_export
from app.bundles.councils_export import councils_csv_export
from app.bundles.exporting import Export, csv_export, dc_csv_export, json_export
from app.bundles.lga_export import lga_csv_export
from app.bundles.nist_export import nist_export
from app.bundles.parties_export import parties_csv_export
from app.domain.election import Convention
from app.domain.night import Night

CSV = "text/csv; charset=utf-8"
JSON = "application/json"


class ExportOf(NamedTuple):
    """What a file is of: a night, with its newest entry (``moment``), and how that is compared."""

    night: Night
    epoch: str
    convention: Convention
    moment: Moment
    rehearsal: bool = False
    is_past: bool = False

    @property
    def past(self) -> Moment | None:
        """The moment, where that is not now."""
        return self.moment if self.is_past else None


class ExportForm(NamedTuple):
    """A file: how its name ends behind the election's slug, its media type, and how it is made.

    ``holds`` is what it is, for whoever chooses one. ``is_compared``: what it says depends on the convention. What is
    not ``is_published`` is asked for once, after the night: to publish it anew with every declaration takes too long.
    """

    ending: str
    media_type: str
    holds: str
    make: Callable[[ExportOf], Export]
    is_compared: bool = False
    is_published: bool = True


FORMS: Mapping[str, ExportForm] = MappingProxyType(
    {
        "csv": ExportForm(
            ".csv",
            CSV,
            "everything, a row a candidacy",
            lambda of: csv_export(of.night.election, rehearsal=of.rehearsal),
        ),
        "councils-csv": ExportForm(
            "-councils.csv",
            CSV,
            "a row a council",
            lambda of: councils_csv_export(of.night.election, of.convention, rehearsal=of.rehearsal),
            is_compared=True,
        ),
        "contests-csv": ExportForm(
            "-contests.csv",
            CSV,
            "a row a ward",
            lambda of: contests_csv_export(of.night.election, rehearsal=of.rehearsal),
        ),
        "parties-csv": ExportForm(
            "-parties.csv",
            CSV,
            "a row a party",
            lambda of: parties_csv_export(of.night.election, rehearsal=of.rehearsal),
        ),
        "json": ExportForm(
            ".json",
            JSON,
            "everything, with parties and scoreboard",
            lambda of: json_export(
                of.night, epoch=of.epoch, convention=of.convention, rehearsal=of.rehearsal, past=of.past
            ),
            is_compared=True,
        ),
        "dc-csv": ExportForm(
            "-results.csv",
            CSV,
            "results in Democracy Club’s columns",
            lambda of: dc_csv_export(of.night.election, rehearsal=of.rehearsal),
        ),
        "lga-csv": ExportForm(
            "-lga.csv",
            CSV,
            "results in the columns of the LGA’s schema",
            lambda of: lga_csv_export(of.night.election, rehearsal=of.rehearsal),
            is_published=False,
        ),
        "nist-json": ExportForm(
            "-nist.json",
            JSON,
            "results in NIST’s Common Data Format",
            lambda of: nist_export(of.night, at=of.moment[1], rehearsal=of.rehearsal),
            is_published=False,
        ),
    }
)
"""By the names that the command has for them."""
