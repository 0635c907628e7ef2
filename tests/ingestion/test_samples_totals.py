"""The published sample tables, each platform in one call, give their expected figures exactly."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.ingestion.samples import (
    SAMPLES,
    Call,
    bring_together,
    expected,
    need_samples,
    word,
)

pytestmark = pytest.mark.slow

FOLDERS = sorted(path.name for path in SAMPLES.glob("*") if path.is_dir()) or ["google_ads"]
PERFORMANCE = sorted({row["platform"] for row in expected("expected_totals.csv")}) or ["google_ads"]
OTHER = expected("expected_other.csv")

# Figures that are sums of facts, not counts of a file: by metric, the format whose totals say it.
IN_TOTALS = {
    ("shopify", "orders"): "",
    ("shopify", "total_price"): "",
    ("stripe", "revenue from charges"): "",
}

Bring = Callable[[str], Call]


@pytest.fixture(scope="module")
def bring(tmp_path_factory: pytest.TempPathFactory) -> Bring:
    """One call per platform folder, made once."""
    done: dict[str, Call] = {}

    def of(folder: str) -> Call:
        samples = need_samples()
        if folder not in done:
            paths = sorted((samples / folder).glob("*.csv"))
            done[folder] = bring_together(paths, tmp_path_factory.mktemp(folder))
        return done[folder]

    return of


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def added(rows: list[dict[str, object]], measure: str) -> Decimal | None:
    values = [row[measure] for row in rows if row[measure] is not None]
    return sum((Decimal(str(value)) for value in values), Decimal(0)) if values else None


def check(rows: list[dict[str, object]], claims: list[dict[str, object]], due: dict[str, str]
          ) -> None:  # fmt: skip
    """An empty cell is nothing known, and adds nothing; the expected files write 0 for it."""
    clicks = added(rows, "clicks")
    given = {
        "impressions": added(rows, "impressions"),
        "clicks": clicks if clicks is not None else added(rows, "link_clicks"),
        "spend": added(rows, "spend"),
        "spend_local": added(rows, "spend"),
        "conversions": added(claims, "conversions"),
        "conversions_value": added(claims, "conversion_value"),
    }

    assert rows
    assert {name: value or 0 for name, value in given.items()} == {
        name: number(due[name]) or 0 for name in given
    }


@pytest.mark.parametrize("folder", PERFORMANCE)
def test_totals_by_level_and_currency_are_those_expected(folder: str, bring: Bring) -> None:
    call = bring(folder)
    due = [row for row in expected("expected_totals.csv") if row["platform"] == folder]

    for row in due:
        check(*(
            [fact for fact in call.facts.get(table, [])
             if fact["level"] == row["level"] and fact["currency"] == row["currency"]]
            for table in ("performance", "conversions")
        ), row)  # fmt: skip
    without_conversions = {row["level"] for row in due if not row["conversions"]}
    assert not without_conversions & {fact["level"] for fact in call.facts.get("conversions", [])}
    levels = {(fact["level"], fact["currency"]) for fact in call.facts["performance"]}
    assert levels == {(row["level"], row["currency"]) for row in due}


@pytest.mark.parametrize("folder", PERFORMANCE)
def test_every_day_of_every_account_is_the_one_expected(folder: str, bring: Bring) -> None:
    call = bring(folder)
    due = [row for row in expected("expected.csv") if row["platform"] == folder]

    for row in due:
        check(*(
            [fact for fact in call.facts.get(table, [])
             if (fact["level"], fact["currency"], str(fact["date"]))
             == (row["level"], row["currency"], row["date"])
             and row["account_id"] in {"", call.account(fact)}]
            for table in ("performance", "conversions")
        ), row)  # fmt: skip


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_line_of_a_sample_is_refused_and_none_is_lost(folder: str, bring: Bring) -> None:
    assert bring(folder).prepared


@pytest.mark.parametrize(
    "row",
    [row for row in OTHER if (row["platform"], row["metric"]) not in IN_TOTALS],
    ids=lambda row: f"{row['platform']}: {row['metric']}",
)
def test_figures_of_orders_people_and_pages_are_counted(row: dict[str, str], bring: Bring) -> None:
    assert bring(row["platform"]).count(word(row["metric"])) == Decimal(row["value"])


def test_orders_of_two_currencies_are_never_one_sum(bring: Bring) -> None:
    call = bring("shopify")
    orders = call.prepared["shopify_api_orders"]

    assert orders.totals["revenue"] == {"GBP": Decimal("11.98"), "USD": Decimal("615.03")}
    assert orders.totals["orders"] == {"": Decimal(8)}
    by_currency = [row["currency"] for row in call.facts["orders"] if str(row["date"]) < "2025-06"]
    assert (by_currency.count("GBP"), by_currency.count("USD")) == (3, 5)


def test_test_and_cancelled_orders_do_not_count(bring: Bring) -> None:
    orders = bring("shopify").prepared["shopify_api_graphql_orders"]

    assert orders.totals == {"revenue": {"USD": Decimal(55)}, "orders": {"": Decimal(1)}}


def test_a_refund_takes_revenue_off_on_its_own_day_and_is_no_order(bring: Bring) -> None:
    refunds = bring("shopify").prepared["shopify_api_graphql_refunds"]

    assert refunds.totals["revenue"] == {"USD": Decimal("-111.67"), "CAD": Decimal(-5)}
    assert refunds.totals["orders"] == {"": Decimal(0)}
    assert {window.level for window in refunds.windows if window.table == "orders"} == {"refund"}
    rows = [row for row in bring("shopify").facts["orders"] if row["kind"] == "refund"]
    assert {str(row["date"]) for row in rows} == {f"2025-07-{day:02}" for day in range(8, 18)}


def test_charges_that_failed_bring_nothing_and_orphan_refunds_are_kept(bring: Bring) -> None:
    call = bring("stripe")

    assert not call.prepared["stripe_api_charges"].totals.get("revenue")
    assert call.prepared["stripe_api_charges"].totals["orders"] == {"": Decimal(0)}
    assert call.prepared["stripe_api_refunds"].totals["revenue"] == {"USD": Decimal("-23914.21")}
    assert {row["kind"] for row in call.facts["orders"]} == {"refund"}
    assert call.count("orphan_refunds") == 4


def test_leads_are_forms_sent_and_leads_that_were_not_deleted(bring: Bring) -> None:
    assert bring("hubspot").prepared["hubspot_api_form_submissions"].totals == {
        "leads": {"": Decimal(5)}
    }
    assert bring("salesforce").prepared["salesforce_api_leads"].totals == {
        "leads": {"": Decimal(1)}
    }


def test_a_page_leaves_out_what_was_paid_for_and_its_days_end_in_california(bring: Bring) -> None:
    call = bring("facebook_pages")
    days = [row for row in call.facts["performance"] if row["level"] == "page"]

    assert added(days, "impressions") == 745
    assert {str(row["date"]) for row in days} >= {"2020-04-09", "2020-04-04"}
    assert {call.account(row) for row in days} == {"514435155248879"}


def test_names_of_every_level_come_from_the_history_tables(bring: Bring) -> None:
    call = bring("google_ads")
    named = {(row["kind"], row["entity_id"]) for row in call.facts["entities"]}

    assert ("campaign", "9935249409") in named
    assert ("ad_group", "23289504013") in named
    assert {call.account(row) for row in call.facts["performance"]} == {"2121450128"}


def test_posts_are_found_again_under_their_page(bring: Bring) -> None:
    accounts = bring("linkedin_pages").book.accounts

    assert ("linkedin_pages", "10429") in accounts
    assert not [ref for _platform, ref in accounts if ref.startswith("urn:")]


def test_a_sale_is_of_the_organisations_day_whatever_zone_its_platform_writes(
    tmp_path: Path,
) -> None:
    path = tmp_path / "charges.csv"
    path.write_text(
        "id,amount,amount_refunded,created,currency,status,paid,livemode\n"
        "ch_1,1999,500,2026-09-01 22:30:00,eur,succeeded,true,true\n"
        "ch_2,1999,0,2026-09-01 21:30:00,jpy,succeeded,true,true\n"
        "ch_3,1999,0,2026-09-01 21:30:00,eur,succeeded,true,false\n"
    )

    call = bring_together([path], tmp_path, time_zone="Europe/Paris")

    sales = {(str(row["date"]), str(row["ordered_at"]), row["currency"], row["revenue"])
             for row in call.facts["orders"]}  # fmt: skip
    assert sales == {
        ("2026-09-02", "2026-09-01 22:30:00", "EUR", Decimal("19.99")),
        ("2026-09-01", "2026-09-01 21:30:00", "JPY", Decimal(1999)),
    }


def test_a_refund_beside_its_charge_is_no_orphan(tmp_path: Path) -> None:
    charges, refunds = tmp_path / "charges.csv", tmp_path / "refunds.csv"
    charges.write_text(
        "id,amount,amount_refunded,created,currency,status,paid,livemode\n"
        "ch_1,1999,500,2026-09-01 10:00:00,eur,succeeded,true,true\n"
    )
    refunds.write_text(
        "id,amount,charge_id,created,currency,receipt_number,status\n"
        "re_1,500,ch_1,2026-09-03 10:00:00,eur,,succeeded\n"
        "re_2,700,ch_0,2026-09-03 10:00:00,eur,,succeeded\n"
        "re_3,900,ch_1,2026-09-03 10:00:00,eur,,failed\n"
    )

    call = bring_together([charges, refunds], tmp_path)

    assert call.count("orphan_refunds") == 1
    assert call.prepared["stripe_api_refunds"].totals["revenue"] == {"EUR": Decimal(-12)}
    assert {(str(row["date"]), row["revenue"]) for row in call.facts["orders"]} == {
        ("2026-09-01", Decimal("19.99")),
        ("2026-09-03", Decimal(-5)),
        ("2026-09-03", Decimal(-7)),
    }
