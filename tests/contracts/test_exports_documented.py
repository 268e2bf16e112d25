"""Every column of every file is described, under its file and in its order: whoever opens one looks there."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from app.addresses import FILES
from app.bundles.columns import CONTESTS, COUNCIL_GROUPS, COUNCILS, PARTIES, RESULTS, ExportColumn
from app.bundles.exporting import DC_COLUMNS
from app.bundles.lga_export import LGA_COLUMNS
from app.bundles.rankings_export import RANKING_COLUMNS
from app.bundles.series_export import SCORE_COLUMNS, SERIES_COLUMNS
from app.desk.audit.export import COLUMNS as AUDIT_COLUMNS

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "exports.md").read_text("utf-8")
SECTIONS = dict(zip(*[iter(re.split(r"^## (.+)\n", DOCUMENT, flags=re.MULTILINE)[1:])] * 2, strict=True))


def of_groups(columns: Iterable[ExportColumn]) -> list[ExportColumn]:
    return [column._replace(name=f"{column.name}_…") for column in columns]


PACKAGED = {
    "export.csv": RESULTS,
    "councils.csv": (*COUNCILS, *of_groups(COUNCIL_GROUPS)),
    "contests.csv": CONTESTS,
    "parties.csv": PARTIES,
}
OTHERS = {
    "export.dc.csv": DC_COLUMNS,
    "export.lga.csv": LGA_COLUMNS,
    "Rankings": RANKING_COLUMNS,
    "series.csv": (*SERIES_COLUMNS, *(f"{column}_…" for column in SCORE_COLUMNS)),
    "The desk’s audit": AUDIT_COLUMNS,
}


def described(section: str) -> list[tuple[str, str]]:
    return re.findall(r"^\| `([^`]+)` \| (\S.*) \|$", SECTIONS[section], re.MULTILINE)


@pytest.mark.parametrize("section", PACKAGED)
def test_the_document_says_of_every_column_what_the_data_package_says(section: str) -> None:
    assert described(section) == [(column.name, column.holds) for column in PACKAGED[section]]


@pytest.mark.parametrize("section", OTHERS)
def test_every_column_is_described_in_its_order(section: str) -> None:
    assert tuple(name for name, _ in described(section)) == OTHERS[section]


def test_every_file_is_described() -> None:
    files = {address.path.rpartition("/")[2] for address in FILES.values()}
    assert {file for file in files if file.endswith(".csv")} <= {*PACKAGED, *OTHERS}
    assert not [name for name in FILES if f"| `{name}` |" not in DOCUMENT]
