"""The tours of newcomers: a few stops on a page, each beside what it speaks of.

A tour is offered once in a browser, which remembers it in a cookie; it can be left at any stop,
gone on with, and taken again from the help and from the palette.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from regie.kernel.i18n import _


@dataclass(frozen=True)
class Stop:
    shows: str  # what it stands beside, as a selector; a stop whose place is absent is left out
    title: str
    text: str


@dataclass(frozen=True)
class Tour:
    name: str
    stops: Sequence[Stop]
    is_offered: bool


TOURS = {
    "report": (
        Stop(".empty", _("Begin with a file"),
             _("Nothing has been brought yet. Files from Google Ads, Meta, LinkedIn and others"
               " are taken as they are: three clicks, and this page is filled.")),
        Stop(".headline", _("What was spent, and what it earned"),
             _("Each card is one figure of the period, with how it moved against the "
               "comparison. Choose a card: the chart below follows it.")),
        Stop(".headline .asks", _("Every figure says where it comes from"),
             _("This sign opens the definition, the sums, the files and the very lines behind "
               "a figure. Figures in tables open the same way.")),
        Stop(".page-head .acts", _("Which days, compared with what, in which currency"),
             _("What you choose stays in the address: a link shows others exactly what you "
               "see, and Back brings the page before.")),
        Stop("#breakdown .table-scroll", _("Go down to the ad"),
             _("Open a row to go one level deeper: platform, account, campaign, ad group, ad. "
               "Order by a column, choose columns, take the table away as CSV or XLSX.")),
        Stop("[data-opens='palette']", _("Everything from the keyboard"),
             _("Ctrl and K together: type where to go or what to do, in your own words, and "
               "press Enter.")),
    ),
    "imports": (
        Stop("#bring", _("Bring files as they are"),
             _("Drop one or many. Régie knows them by what is in them, not by their names, and"
               " asks only what a file does not say.")),
        Stop("#guides", _("Where to find them"),
             _("The steps in each platform, up to the right button. One line for each day and "
               "campaign is best.")),
        Stop("#imports-list", _("What became of each line"),
             _("Every line is imported, set aside or refused, with the reason and the remedy. "
               "Mend the refused ones and send them again.")),
        Stop("#imports-list tbody tr a", _("Nothing is final"),
             _("Open an import to lay its totals beside those of the platform, or to undo it: "
               "what it had replaced returns.")),
        Stop("#tables", _("Tables that you described"),
             _("A file that nobody knows is described once, column by column; the next ones "
               "are recognised.")),
    ),
}  # fmt: skip


def tour(name: str | None, seen: str) -> Tour | None:
    """The tour of a page, if it has one; ``seen`` are the names of tours, joined by dots."""
    stops = TOURS.get(name or "")
    return Tour(name, stops, name not in seen.split(".")) if name and stops else None
