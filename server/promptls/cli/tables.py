"""Tables: drawn on a terminal, plain columns in a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NamedTuple

from promptls.cli.escaping import escape

ABSENT = "-"


class Column(NamedTuple):
    """A column of a table; the last one holds names of any length."""

    title: str
    is_figure: bool = True


def is_terminal() -> bool:
    """Whether somebody reads standard output on a screen."""
    return sys.stdout is not None and sys.stdout.isatty()


def is_coloured() -> bool:
    """Whether output may have colours (https://no-color.org)."""
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def figure(value: int | None) -> str:
    """A number as tables write it: with separators for readers, bare for programs."""
    if value is None:
        return ABSENT
    return f"{value:,}" if is_terminal() else str(value)


def show_table(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], total: Sequence[str] | None = None
) -> None:
    """Print a table with a row for totals, if there is one. Cells are escaped here."""
    cells = [[escape(cell) for cell in row] for row in rows]
    if is_terminal():
        _draw(columns, cells, total)
    else:
        lines = [[column.title for column in columns], *cells, *([total] if total else [])]
        _print_plain(columns, lines)


def _print_plain(columns: Sequence[Column], lines: Sequence[Sequence[str]]) -> None:
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    widths[-1] = 0
    for line in lines:
        print(
            "  ".join(
                cell.rjust(width) if column.is_figure else cell.ljust(width)
                for cell, column, width in zip(line, columns, widths, strict=True)
            ).rstrip()
        )


def _draw(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], total: Sequence[str] | None
) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # A column that says nothing is left out: a screen is narrow.
    shown = [
        place
        for place in range(len(columns))
        if not rows or any(row[place] != ABSENT for row in rows)
    ]
    table = Table(box=box.SIMPLE_HEAD, show_footer=total is not None, pad_edge=False)
    for place in shown:
        column = columns[place]
        table.add_column(
            Text(column.title.lower()),
            footer=Text(total[place]) if total else "",
            justify="right" if column.is_figure else "left",
            overflow="fold",
            no_wrap=column.is_figure,
        )
    for row in rows:
        table.add_row(*(Text(row[place]) for place in shown))
    # Text, not str: what stands in brackets is no markup, and nothing is highlighted by guess.
    Console().print(table)
