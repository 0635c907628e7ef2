"""What the table of the report is made of, laid out for reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from regie.ui import figures
from regie.web.report.moves import Move

WIDE = 14  # letters of a figure


@dataclass(frozen=True)
class Column:
    name: str
    label: str
    description: str
    sort_address: str
    sorted: str  # ascending | descending | ""
    change_address: str = ""  # sorts by how much it changed, where that is known
    change_sorted: str = ""


@dataclass(frozen=True)
class Cell:
    """A figure of the table, and the address that says where it comes from."""

    figure: figures.Figure
    explained: str
    move: Move | None = None


@dataclass(frozen=True)
class Row:
    """``fold`` is the address that shows or hides what is inside the row, beneath it.

    ``depth`` says how deep inside others it stands; ``inside`` names the row that it is in.
    """

    name: str
    colour: str
    under: str
    address: str
    values: Sequence[Cell]
    share: float
    fold: str = ""
    is_open: bool = False
    depth: int = 0
    inside: str = ""
    hidden: int = 0  # rows inside it that are too many to be shown here
    standing: tuple[str, str] = ("", "")  # new or gone, and what that means
    pick: str = ""  # names an ad or a campaign that can be laid beside another


@dataclass(frozen=True)
class Breakdown:
    split: str
    split_label: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    totals: Sequence[Cell]
    count: int
    page: int
    pages: int
    first: int
    last: int
    all: int = 0  # how many rows there are, of which ``count`` have the name that is sought
    gone: int = 0  # rows that only the period compared with has
    gone_first: str = ""  # the address that shows them first
    beside: str = ""  # the days compared with
    empty: Sequence[tuple[str, str]] = ()  # columns without any figure, and why

    @property
    def is_wide(self) -> bool:
        """Whether three figures beside one another would not fit a phone."""
        cells = (*(cell for row in self.rows for cell in row.values), *self.totals)
        return any(len(cell.figure.exact) > WIDE for cell in cells)
