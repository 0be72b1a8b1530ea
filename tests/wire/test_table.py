"""Tables as CSV and as workbooks."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from xml.etree import ElementTree

from tracking.wire.table import Table, encode_csv, encode_xlsx

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TABLE = Table(
    "Days",
    ["name", "day", "seconds", "at"],
    [
        ['a "b", c', date(2026, 3, 1), 1.5, datetime(2026, 3, 1, 6, tzinfo=UTC).replace(tzinfo=None)],
        ["=1+1", None, 2, None],
    ],
)


def cells(book: bytes, number: int = 1) -> dict[str, str]:
    """What a reader of the sheet finds, by place; texts by their shared table."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        texts = ["".join(found.itertext()) for found in ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))]
        sheet = ElementTree.fromstring(parts.read(f"xl/worksheets/sheet{number}.xml"))
    assert sheet.find(f".//{SHEET}f") is None
    return {
        cell.attrib["r"]: texts[int(value.text or "")] if cell.get("t") == "s" else value.text or ""
        for cell in sheet.iter(f"{SHEET}c")
        if (value := cell.find(f"{SHEET}v")) is not None
    }


def test_csv_quotes_and_keeps_unknown_empty() -> None:
    rows = list(csv.reader(io.StringIO(encode_csv(TABLE).decode(), newline="")))
    assert rows == [
        ["name", "day", "seconds", "at"],
        ['a "b", c', "2026-03-01", "1.5", "2026-03-01 06:00:00"],
        ["'=1+1", "", "2", ""],
    ]


def test_a_workbook_has_numbers_dates_and_texts_that_are_no_formulas() -> None:
    """Days since 1899-12-30, as workbooks count."""
    found = cells(encode_xlsx([TABLE]))
    assert [found[place] for place in ("A1", "A2", "B2", "C2", "D2", "A3", "C3")] == [
        *("name", 'a "b", c', "46082", "1.5", "46082.25", "=1+1", "2")
    ]
    assert "B3" not in found


def test_each_table_is_a_sheet() -> None:
    assert cells(encode_xlsx([TABLE, Table("Regions", ["region"], [["haga"]])]), 2) == {"A1": "region", "A2": "haga"}
