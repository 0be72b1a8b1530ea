"""A table as CSV (RFC 4180) and as a workbook; texts are never taken for formulas."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias

import xlsxwriter

Cell: TypeAlias = str | int | float | date | datetime | None

COLUMN_WIDTH = 18
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Table(NamedTuple):
    """Of equally long rows. `name` is the sheet's; times have no zone, as a workbook knows none."""

    name: str
    fields: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def encode_csv(table: Table) -> bytes:
    """Nothing for None. A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table.fields)
    writer.writerows([csv_cell(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode()


def csv_cell(cell: Any) -> Any:
    """As it stands in a CSV file."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def encode_xlsx(tables: Sequence[Table]) -> bytes:
    """A sheet a table, its first row stays in sight."""
    content = io.BytesIO()
    options = {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm:ss"}
    with xlsxwriter.Workbook(content, options) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for table in tables:
            sheet = book.add_worksheet(table.name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(table.fields) - 1, COLUMN_WIDTH)
            for column, field in enumerate(table.fields):
                sheet.write_string(0, column, field, bold)
            for number, row in enumerate(table.rows, 1):
                for column, cell in enumerate(row):
                    _write(sheet, (number, column), cell, day)
    return content.getvalue()


def _write(sheet: xlsxwriter.worksheet.Worksheet, place: tuple[int, int], cell: Cell, day: object) -> None:
    if isinstance(cell, str):
        sheet.write_string(*place, cell)
    elif isinstance(cell, datetime):
        sheet.write_datetime(*place, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(*place, cell, day)
    elif cell is not None:
        sheet.write_number(*place, cell)
