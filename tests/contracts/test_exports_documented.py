"""Every column of every file is described, under its file and in its order: whoever opens one looks there."""

import re
from pathlib import Path

import pytest

from app.bundles.councils_export import COUNCIL_COLUMNS, GROUP_COLUMNS
from app.bundles.exporting import COLUMNS, DC_COLUMNS
from app.bundles.rankings_export import RANKING_COLUMNS
from app.bundles.series_export import SCORE_COLUMNS, SERIES_COLUMNS
from app.desk.audit.export import COLUMNS as AUDIT_COLUMNS

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "exports.md").read_text("utf-8")
SECTIONS = dict(zip(*[iter(re.split(r"^## (.+)\n", DOCUMENT, flags=re.MULTILINE)[1:])] * 2, strict=True))


@pytest.mark.parametrize(
    ("section", "columns"),
    [
        ("export.csv", COLUMNS),
        ("councils.csv", (*COUNCIL_COLUMNS, *(f"{column}_…" for column in GROUP_COLUMNS))),
        ("export.dc.csv", DC_COLUMNS),
        ("Rankings", RANKING_COLUMNS),
        ("series.csv", (*SERIES_COLUMNS, *(f"{column}_…" for column in SCORE_COLUMNS))),
        ("The desk’s audit", AUDIT_COLUMNS),
    ],
)
def test_every_column_is_described_in_its_order(section: str, columns: tuple[str, ...]) -> None:
    described = re.findall(r"^\| `([^`]+)` \| \S", SECTIONS[section], re.MULTILINE)
    assert tuple(described) == columns
