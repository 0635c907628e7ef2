"""The living page of components, each in all its states; only in development."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regie.ui import figures
from regie.ui.changes import change
from regie.ui.charts import Line, TimeChart
from regie.ui.icons import PATHS
from regie.web.forms import BringFiles
from regie.web.guides import guides
from regie.web.report.headline import Card
from regie.web.report.page import Choice, Crumb
from regie.web.report.rows import Breakdown, Cell, Column, Row

COLOURS = ("c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8")
START = date(2026, 9, 1)


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "components/components.html",
        {
            "cards": _cards(),
            "charts": _charts(),
            "table": _table(),
            "colours": COLOURS,
            "icons": sorted(PATHS),
            "trail": [Crumb("Google Ads", "#"), Crumb("Great Insurance", "#"), Crumb("Hiver", "#")],
            "choices": [Choice("One", "#", True), Choice("Two", "#", False)],
            "form": BringFiles({"currency": "FRF2"}),
            "guides": guides(),
            "imports": _imports(),
            "report": {"splits": [Choice("One", "#", True)]},
        },
    )


def _cards() -> list[Card]:
    wave = [Decimal(40 + (day * 7) % 23) for day in range(30)]
    return [
        _card("Spend", "money", Decimal("12434.5"), Decimal("11020.1"), "neither", wave, True),
        _card("Revenue", "money", Decimal("1243434.56"), Decimal("1300000"), "higher", wave),
        _card("CPA", "money", Decimal("41.27"), Decimal("48.9"), "lower", wave),
        _card("CTR", "share", Decimal("0.0213"), Decimal("0.0191"), "higher", wave),
        _card("Orders", "count", None, 301, "higher", []),
        _card("Leads", "count", 12, 0, "higher", wave),
        _card("Clicks", "count", 123_456_789, 123_456_000, "higher", wave),
        _card("Margin", "money", Decimal("-2310.4"), Decimal("120"), "higher", wave),
    ]


def _card(
    label: str,
    unit: str,
    now: Any,
    before: Any,
    better: str,
    spark: Sequence[Any],
    is_chosen: bool = False,
) -> Card:
    return Card(
        name=label,
        label=label,
        description=label,
        figure=figures.figure(now, unit, "EUR"),
        change=change(now, before, unit=unit, better=better, currency="EUR"),
        spark=spark,
        address="#",
        is_chosen=is_chosen,
        explained="?figure=spend",
    )


def _charts() -> list[TimeChart]:
    days = [START + timedelta(days=n) for n in range(30)]
    before = [day - timedelta(days=30) for day in days]
    now = [Decimal(900 + (n * 137) % 420 - (n % 7 > 4) * 350) for n in range(30)]
    was = [Decimal(800 + (n * 91) % 380 - (n % 7 > 4) * 300) for n in range(30)]
    compared = [Line("Spend", now, days), Line("Previous period", was, before, comparison=True)]
    return [
        TimeChart("compared", "Spend per day", "money", "EUR", "day", compared,
                  provisional_from=days[-4]),
        TimeChart("single", "Spend on one day", "money", "EUR", "day",
                  [Line("Spend", now[:1], days[:1])],
                  bars=True),
        TimeChart("empty", "Revenue per day", "money", "EUR", "day",
                  [Line("Revenue", [None] * 30, days)],
                  empty="No orders were imported for this period."),
    ]  # fmt: skip


def _table() -> Breakdown:
    names = ("Google Ads", "Meta Ads", "A campaign whose name goes on " + "and on " * 12)
    rows = [
        Row(name, colour, "", "#", [_figure(Decimal(value)), _figure(None)], float(value) / 9000)
        for name, colour, value in zip(names, COLOURS, (9000, 4120, 33), strict=False)
    ]
    columns = [Column("spend", "Spend", "", "#", "descending"), Column("ctr", "CTR", "", "#", "")]
    totals = [_figure(Decimal(13153)), _figure(None)]
    return Breakdown("platform", "Platform", columns, rows, totals, 3, 1, 1, 1, 3)


def _figure(value: Decimal | None) -> Cell:
    text = figures.exact(value, "money", "EUR")
    return Cell(figures.Figure(text, text, value is None, "Not reported"), "?figure=spend")


def _imports() -> list[dict[str, Any]]:
    from regie.ui.platforms import platform
    from regie.web.import_rows import STATES, state_tone, state_word

    return [
        {
            "row": SimpleNamespace(
                id=1, file_name=f"{state}.csv", rows_read=1200, rows_imported=1180,
                rows_refused=20, rows_aside=0, rows_replaced=0, created_at=None, actor="Amélie",
            ),
            "state": state_word(state),
            "tone": state_tone(state),
            "platform": platform("meta_ads"),
            "is_running": state == "running",
            "actor": "Amélie",
            "percent": 42,
        }
        for state in STATES
    ]  # fmt: skip
