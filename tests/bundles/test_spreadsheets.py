"""Files that somebody hands in as spreadsheets: rows, or a line that says why not; whatever they are, within bounds."""

import io
import struct
import zipfile

import pytest

from app.bundles import spreadsheet_worker
from app.bundles.spreadsheets import NotASpreadsheet, Spreadsheets
from tests.spreadsheets import as_csv, as_ods, as_xlsx, packed

ROWS = [["Ward", "Candidate", "Votes"], ["North", "Zoë O’Hara", 1234], ["", "Smith, J.", 7]]
READ = (("Ward", "Candidate", "Votes"), ("North", "Zoë O’Hara", "1234"), ("", "Smith, J.", "7"))


def rows(content):
    return [sheet.rows for sheet in Spreadsheets().read(content)]


def why_not(content):
    with pytest.raises(NotASpreadsheet) as refused:
        Spreadsheets().read(content)
    return str(refused.value)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_csv_file_is_read_whatever_a_spreadsheet_saved_it_as(separator, encoding):
    assert rows(as_csv(ROWS, separator=separator, encoding=encoding)) == [READ]


def test_every_sheet_of_a_workbook_is_read_under_its_name():
    sheets = Spreadsheets().read(as_xlsx({"North": ROWS, "South & West": [["Votes", 0.342]]}))
    assert [sheet.name for sheet in sheets] == ["North", "South & West"]
    assert sheets[0].rows == READ
    assert sheets[1].rows == (("Votes", "0.342"),)


def test_an_ods_is_read():
    assert rows(as_ods(ROWS)) == [READ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"\n\n,,\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old kind"),
        (b"PK\x03\x04 and no more", "neither an XLSX nor an ODS"),
        (packed({"word/document.xml": "<w/>"}), "neither an XLSX nor an ODS"),
        (packed({"xl/workbook.xml": "<workbook"}), "neither an XLSX nor an ODS"),
        (b"a,b\n" * 6000, "more than 5,000 rows"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_a_line(content, told):
    assert told in why_not(content)


def test_a_file_that_unpacks_to_far_more_is_refused():
    bomb = packed({"xl/workbook.xml": bytes(spreadsheet_worker.MOST_UNPACKED + 1)})
    assert len(bomb) < 100_000
    assert "more than 5,000 rows" in why_not(bomb)


def test_a_file_that_lies_about_what_it_unpacks_to_is_refused():
    bomb = bytearray(packed({"xl/workbook.xml": bytes(spreadsheet_worker.MOST_UNPACKED * 8)}))
    # The size in the directory of the archive, which is what a reader goes by.
    entry = bomb.rindex(b"PK\x01\x02")
    bomb[entry + 24 : entry + 28] = struct.pack("<I", 100)
    assert "neither" in why_not(bytes(bomb))


def test_two_cells_that_are_a_world_apart_are_refused():
    far = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    plain = as_xlsx({"Results": [["Votes"]]})
    assert "more than 5,000 rows" in why_not(_with(plain, "xl/worksheets/sheet1.xml", far))


def test_a_cell_repeated_a_million_times_is_refused():
    repeated = '<table:table-row table:number-rows-repeated="1000000">'
    with zipfile.ZipFile(io.BytesIO(as_ods([["Votes"]]))) as archive:
        table = archive.read("content.xml").decode()
    assert "more than 5,000 rows" in why_not(
        _with(as_ods(ROWS), "content.xml", table.replace("<table:table-row>", repeated))
    )


def _with(content, name, changed):
    """The same archive with another file in the place of one."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {it: archive.read(it) for it in archive.namelist()}
    return packed({**files, name: changed})
