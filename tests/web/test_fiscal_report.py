"""The report of an organisation whose years are its own."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest

from regie.apps.access.context import acting_as, operating
from regie.apps.dashboards.services import ask
from regie.apps.organisations.models import Organisation
from regie.domain.metrics.planning import parse
from regie.kernel.fiscal import Calendar
from regie.kernel.periods import Period
from regie.web.report.periods import FISCAL_PRESETS, presets
from regie.web.report.state import read_state
from tests.cast import Cast, bring
from tests.lasting import Lasting
from tests.today import today
from tests.web.test_every_page import HEADER, signed_in
from tests.web.test_explanation import text_of

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 22)
RETAIL, APRIL = Calendar(2, "4-5-4", 6), Calendar(4)


def state(query: str, calendar: Calendar):
    return read_state(dict(parse_qsl(query)), today=TODAY, home_currency="EUR", calendar=calendar)


@pytest.mark.parametrize(
    ("preset", "calendar", "first", "last"),
    [
        ("this_fiscal_year", APRIL, "2026-04-01", "2026-11-22"),
        ("last_fiscal_year", APRIL, "2025-04-01", "2026-03-31"),
        ("this_fiscal_quarter", APRIL, "2026-10-01", "2026-11-22"),
        ("last_fiscal_quarter", APRIL, "2026-07-01", "2026-09-30"),
        ("this_fiscal_year", RETAIL, "2026-02-01", "2026-11-22"),
        ("last_fiscal_month", RETAIL, "2026-10-04", "2026-10-31"),
        ("last_fiscal_quarter", RETAIL, "2026-08-02", "2026-10-31"),
        ("last_fiscal_year", RETAIL, "2025-02-02", "2026-01-31"),
    ],
)
def test_periods_of_the_fiscal_year(preset, calendar, first, last) -> None:
    period = state(f"period={preset}", calendar).period

    assert (str(period.start), str(period.end)) == (first, last)


@pytest.mark.parametrize("name", FISCAL_PRESETS)
@pytest.mark.parametrize("calendar", [Calendar(), APRIL, RETAIL], ids=str)
def test_an_address_with_a_fiscal_period_is_understood_by_every_organisation(
    name: str, calendar: Calendar
) -> None:
    found = state(f"period={name}", calendar)

    assert found.period.end <= TODAY
    assert found.address() == f"?period={name}"


def test_only_what_means_something_is_offered() -> None:
    assert "this_fiscal_year" not in presets(Calendar())
    assert "this_fiscal_year" in presets(APRIL)
    assert "this_fiscal_month" not in presets(APRIL)
    assert "this_fiscal_month" in presets(RETAIL)


def test_a_fiscal_month_is_compared_with_its_own_of_a_year_ago() -> None:
    found = state("period=last_fiscal_month&compare=fiscal_year", RETAIL)

    # Both begin on a Sunday and have four weeks.
    assert found.compared == Period(date(2025, 10, 5), date(2025, 11, 1))
    assert found.period.start.weekday() == found.compared.start.weekday() == 6


@pytest.fixture(scope="module")
def retail(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A year of one euro a day, for an agency whose weeks begin on Sunday."""
    folder = tmp_path_factory.mktemp("files")
    with lasting():
        with operating():
            Organisation.objects.filter(pk=company.nantes.pk).update(
                first_month=2, year_pattern="4-5-4", week_starts_on=6
            )
        days = [date(2025, 2, 2) + timedelta(days=n) for n in range(364)]
        rows = [f"Marque,201,{day},EUR,1.00,100,5,1.00,20.00" for day in days]
        path = folder / "google.csv"
        path.write_text("\n".join(["Campaign report", '"All time"', HEADER, *rows]) + "\n", "utf-8")
        bring(company.nantes, path, account="123-456-7890")


YEAR = "from=2025-02-02&to=2026-01-31"


@pytest.mark.parametrize(
    ("grain", "values"),
    [
        ("fiscal_month", [28, 35, 28] * 4),
        ("quarter", [91] * 4),
        ("week", [7] * 52),
    ],
)
def test_each_step_of_the_chart_has_its_own_days(
    cast: Cast, retail: None, grain: str, values
) -> None:
    page = signed_in(cast.chloe).get(f"/report/?{YEAR}&grain={grain}").content.decode()
    spec = json.loads(re.search(r'<script type="application/json">(.*?)</script>', page, re.S)[1])
    written = signed_in(cast.chloe).get(f"/report/chart.csv?{YEAR}&grain={grain}")
    rows = list(csv.DictReader(io.StringIO(written.content.decode("utf-8-sig"))))

    assert spec["series"][0]["values"] == values
    assert [Decimal(row["spend"]) for row in rows] == values


def test_the_command_counts_by_the_calendar_of_the_organisation(cast: Cast, retail: None) -> None:
    query = parse(metrics=["spend"], by=["fiscal_month"], currency="EUR",
                  period=Period(date(2025, 2, 2), date(2025, 5, 3)))  # fmt: skip
    answer = ask(
        query, organisation="horizon-nantes", person="chloe@horizon.example", as_of=None,
        compare="fiscal_year",
    )  # fmt: skip

    assert [row["spend"] for row in answer.rows] == [28, 35, 28]
    assert answer.compared_with == Period(date(2024, 2, 4), date(2024, 5, 4))


def test_the_page_speaks_of_fiscal_periods_where_there_are_some(cast: Cast, retail: None) -> None:
    here = text_of(cast.chloe, f"/report/?{YEAR}&grain=quarter")
    above = text_of(cast.amelie, "/report/?period=last_30_days")

    for words in ("This fiscal year", "Same fiscal period last year", "Q1 2025–26", "per quarter"):
        assert words in here
        assert words not in above


def test_an_objective_is_set_over_the_fiscal_year(cast: Cast, retail: None) -> None:
    page = signed_in(cast.chloe, "en").get("/objectives/new/?span=year").content.decode()

    year = RETAIL.year(today())
    assert f'value="{year.start}"' in page
    assert f'value="{year.end}"' in page
    with acting_as(cast.chloe):
        assert Organisation.objects.get(pk=cast.nantes.pk).calendar == RETAIL
