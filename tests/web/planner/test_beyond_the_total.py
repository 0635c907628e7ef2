"""Beyond the total: which budget may grow because one more still pays, the same by every door."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from regie.cli import main as command
from regie.ui.figures import MISSING
from tests.api.test_api import call, token_of
from tests.cast import Cast
from tests.dashboards.given import give
from tests.lasting import Lasting
from tests.web.planner.weeks import DAYS, LAST, MONDAY, WEEKS
from tests.web.test_every_page import signed_in
from tests.web.test_explanation import text_of
from tests.web.test_figures_explain_themselves import (
    all_explain_themselves,
    asked_figures,
)

pytestmark = pytest.mark.slow

BEFORE = MONDAY - timedelta(60)  # orders of that day have no amount, and name a campaign
EARLIER = MONDAY - timedelta(90)  # orders of that day name none
# Of each account and week: spent, orders, and what one of them earned. As much again for as much
# more with Google; with Meta ever less; Microsoft spends the same each week, TikTok brings few.
PLATFORMS = {"G": "google_ads", "M": "meta_ads", "B": "microsoft_ads", "T": "tiktok_ads"}


def week_of(account: str, n: int) -> tuple[int, int, int]:
    return {"G": (25 * n, n, 40), "M": (n * n, n, 24), "B": (10, 3, 5), "T": (5, 1, 9)}[account]


@pytest.fixture(scope="module")
def summer(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> None:
    performance: list[dict[str, Any]] = []
    orders: list[dict[str, Any]] = []
    for week in range(WEEKS):
        day = MONDAY + timedelta(7 * week + 2)
        for account in PLATFORMS:
            spend, count, worth = week_of(account, 4 + week)
            own = {"date": day, "currency": "EUR"}
            performance.append(
                own | {"account": account, "campaign_id": f"c{account}", "spend": spend}
            )
            sold = own | {"account": "S", "campaign": f"c{account}", "revenue": worth}
            orders += [dict(sold) for _one in range(count)]
        performance.append({"account": "L", "date": day, "campaign_id": "cL", "currency": "EUR",
                            "spend": 7})  # fmt: skip
    for day, campaign in ((BEFORE, "cG"), (EARLIER, None)):
        performance.append({"account": "G", "date": day, "campaign_id": "cG", "currency": "EUR",
                            "spend": 9})  # fmt: skip
        orders.append({"account": "S", "date": day, "campaign": campaign, "currency": "EUR"})
    accounts = {**PLATFORMS, "L": "linkedin_ads", "S": "own"}
    entities = [{"account": one, "date": MONDAY, "entity_id": f"c{one}", "name": one}
                for one in (*PLATFORMS, "L")]  # fmt: skip
    case = {"accounts": accounts, "performance": performance, "orders": orders,
            "entities": entities}  # fmt: skip
    with lasting():
        give(company, case, tmp_path_factory.mktemp("files"))


def panel(person: Any, query: str, language: str = "en") -> str:
    """The panel as it is read, spaces made one."""
    address = f"/planner/channels/?{query if 'from=' in query else f'{DAYS}&{query}'}"
    text = signed_in(person, language).get(address).content.decode()
    part = text.split('id="beyond-title"')[1].split("</section>")[0].partition(">")[2]
    bare = html.unescape(re.sub(r"<[^>]+>", " ", part))
    return re.sub(r"\s+([.,:])", r"\1", re.sub(r"[\s\u00a0\u202f]+", " ", bare))


@pytest.mark.requirement("MEAS-26")
def test_what_pays_may_grow_as_far_as_its_last_euro_brings_back_one(
    cast: Cast, summer: None
) -> None:
    text = panel(cast.chloe, "measure=orders&cap=20")

    # Google: 130 orders of 40 for 3,250, and one more brings as much as the others, 1.60.
    assert "Google Ads: €1 more brings back €1.60. It pays: the budget may grow by €650.00" in text
    assert "Google Ads €3,250.00 €5,200.00 1.60 1.60 €3,900.00 +€650.00 €6,240.00 +€390.00" in text
    # Meta: 130 of 24 for 1,482, and one more brings half of 2.11: until 1,482 × 1.0526² is spent.
    assert (
        "Meta Ads: €1 more brings back €1.05. It pays until the budget has grown by €160.10."
        in text
    )
    assert "Meta Ads €1,482.00 €3,120.00 2.11 1.05 €1,642.10 +€160.10 €3,284.21" in text
    for name, why, figures in (
        ("Microsoft Advertising", "Its weeks do not tell what €1 more brings.",
         "€130.00 €195.00 1.50 – – – –"),
        ("TikTok Ads", "Fewer than 30 orders, too few to judge by.", "€65.00 €117.00 1.80 – – – –"),
        ("LinkedIn Ads", "No order names a campaign of it.", "€91.00 – – – – – –"),
    ):  # fmt: skip
        assert f"{name} {why} {figures}" in text
    assert "Total Of channels whose ceiling is known €4,732.00 €8,320.00 €5,542.10 +€810.10" in text
    assert (
        "would be €5,542 instead of €4,732, and what they earn about €9,524 instead of €8,320"
        in text
    )
    assert "never further than one step of 20%" in text
    assert "All of revenue counts as kept, before the costs of what was sold" in text


@pytest.mark.requirement("MEAS-26")
def test_of_what_is_kept_less_pays_and_a_budget_may_be_too_high(cast: Cast, summer: None) -> None:
    text = panel(cast.chloe, "measure=orders&margin=60+%25")

    assert "Google Ads: €1 more brings back €1.60, of which €0.96 is kept. It does not pay for " \
           "itself, not even with €650.00 less, as far as one step goes." in text  # fmt: skip
    assert "Of revenue, 60% is kept; the rest pays for what was sold." in text
    # Of 92 % Meta keeps 0.97 of one more: the last 92 € of its budget do not pay.
    text = panel(cast.chloe, "measure=orders&margin=92")
    assert re.search(r"of which €0\.97 is kept\. It does not pay for itself: the last €\d+\.\d\d "
                     r"bring back less than they cost\.", text), text  # fmt: skip


def test_a_step_that_is_smaller_holds_back_what_pays(cast: Cast, summer: None) -> None:
    text = panel(cast.chloe, "measure=orders&cap=10")

    assert "Meta Ads: €1 more brings back €1.05. It pays: the budget may grow by €148.20" in text


@pytest.mark.parametrize("margin", ["x", "0", "140", "-3", "1e9"])
def test_a_margin_that_is_none_is_answered_beside_its_field(
    cast: Cast, summer: None, margin: str
) -> None:
    page = signed_in(cast.chloe, "en").get(
        f"/planner/channels/?{DAYS}&measure=orders&margin={margin}"
    ).content.decode()  # fmt: skip

    assert (
        f'value="{margin}" aria-describedby="margin-help margin-error" aria-invalid="true"' in page
    )
    assert "Type it in percent, such as 40 %. Until then, all of it counts." in page
    assert "All of revenue counts as kept" in page


@pytest.mark.requirement("MEAS-26")
@pytest.mark.parametrize("more", ["", "&margin=92", "&margin=12.5&cap=30"])
def test_every_figure_opens_where_it_comes_from(cast: Cast, summer: None, more: str) -> None:
    address = f"/planner/channels/?{DAYS}&measure=orders{more}"

    # Of two channels seven figures, of two three, of one what was spent; and five totals.
    assert len(all_explain_themselves(cast.chloe, address, "beyond-title")) == 14 + 6 + 3 + 5
    text = signed_in(cast.chloe, "en").get(address).content.decode()
    cells = re.findall(r'<td class="number">(.*?)</td>', text, re.S)
    assert [one for one in cells if re.search(r"\d", one) and 'class="why"' not in one] == []


def sums_of(person: Any, figure: str, channel: str, more: str = "") -> str:
    asked = f"figure={figure}&channel={channel}" if channel else f"figure={figure}"
    return text_of(person, f"/planner/channels/explain/?{DAYS}&measure=orders&{asked}{more}")


def test_what_opens_says_its_sums_and_what_was_done_to_them(cast: Cast, summer: None) -> None:
    back = sums_of(cast.chloe, "return", "meta_ads")
    assert "the average return × the elasticity." in back
    assert "Elasticity 0.50" in back
    ceiling = sums_of(cast.chloe, "ceiling", "meta_ads")
    assert "1.05 × (budget ÷ €1,482.00) to the power of −0.50." in ceiling
    assert "€1,482.00 × 1.0526 to the power of 2.0000: the ceiling." in ceiling
    assert "The most it may have €1,778.40" in ceiling
    straight = sums_of(cast.chloe, "ceiling", "google_ads")
    assert "nothing ends it but the step" in straight
    assert "At €3,900.00, the most that one step allows, it pays still." in straight
    assert "to the power of 0.50." in sums_of(cast.chloe, "there", "meta_ads")
    left = sums_of(cast.chloe, "gain", "google_ads", "&margin=60")
    assert "60% × (€4,160.00 − €5,200.00) − (€2,600.00 − €3,250.00)" in left
    assert "+€26.00" in left
    least = sums_of(cast.chloe, "ceiling", "google_ads", "&margin=60")
    assert "the least that one step allows, it does not pay for itself yet" in least
    for said in (back, ceiling, left):
        assert "never further than one step of 20%" in said
        assert "the total stays" not in said  # that is of the table above
    total = sums_of(cast.chloe, "gain", "")
    assert "Google Ads +€390.00" in total
    assert "TikTok" not in total.split("How it is worked out")[1]


@pytest.mark.parametrize(
    "nonsense",
    ["figure=return", "figure=return&channel=x", "figure=ceiling&channel=tiktok_ads",
     "figure=gain&channel=linkedin_ads", "figure=judged_spent&channel=meta_ads"],
)  # fmt: skip
def test_a_figure_that_the_panel_does_not_show_is_not_explained(
    cast: Cast, summer: None, nonsense: str
) -> None:
    page = "/planner/channels/explain/"

    assert signed_in(cast.chloe).get(f"{page}?{DAYS}&measure=orders&{nonsense}").status_code == 404
    shown = f"{page}?{DAYS}&figure=ceiling&channel=meta_ads"
    assert signed_in(cast.chloe).get(f"{shown}&measure=orders").status_code == 200
    assert signed_in(cast.chloe).get(f"{shown}&measure=conversions").status_code == 404
    assert signed_in(cast.diane).get(f"{shown}&measure=orders").status_code == 404


@pytest.mark.parametrize(
    ("query", "title", "act"),
    [
        ("measure=conversions", "What platforms claim has no proven value", "Share out by orders"),
        ("measure=leads_received", "What a lead is worth is not known", "Share out by orders"),
        (f"from={BEFORE}&to={BEFORE}&measure=orders", "These orders earned nothing", "Bring files"),
        (f"from={EARLIER}&to={EARLIER}&measure=orders", "No order names a campaign of these",
         "To the tracked links"),
    ],
)  # fmt: skip
def test_without_a_value_the_panel_says_what_to_do_first(
    cast: Cast, summer: None, query: str, title: str, act: str
) -> None:
    text = panel(cast.chloe, query)

    assert title in text
    assert act in text
    assert "€" not in text


def test_the_way_out_of_claims_keeps_the_days(cast: Cast, summer: None) -> None:
    address = f"/planner/channels/?{DAYS}&measure=conversions&margin=50"
    text = signed_in(cast.chloe, "en").get(address).content.decode()

    (way,) = re.findall(r'<a class="button first" href="([^"]+)">Share out by orders', text)
    assert "of which €0.80 is kept" in text_of(cast.chloe, html.unescape(way))


def test_where_no_weeks_tell_averages_stand_alone(cast: Cast, summer: None) -> None:
    text = panel(cast.chloe, f"from={MONDAY}&to={MONDAY + timedelta(41)}&measure=orders")

    assert "Of no channel it is known yet what one more would bring: more days may tell." in text
    assert "Ceiling Would earn" not in text
    assert "Its weeks do not tell what €1 more brings." in text


def test_where_no_weeks_tell_a_longer_time_is_one_click_away(cast: Cast, summer: None) -> None:
    short = f"from={LAST - timedelta(41)}&to={LAST}&measure=orders"
    page = signed_in(cast.chloe, "en").get(f"/planner/channels/?{short}").content.decode()

    (way,) = re.findall(r'<a class="button" href="([^"]+)">Look at half a year', page)
    assert "Meta Ads: €1 more brings back €1.05." in text_of(cast.chloe, html.unescape(way))
    # Where ceilings are known, or as many days tell nothing either, nothing is offered.
    for days in (DAYS, f"from={LAST - timedelta(400)}&to={LAST - timedelta(200)}"):
        assert "Look at half a year" not in text_of(
            cast.chloe, f"/planner/channels/?{days}&measure=orders"
        )


def told(cast: Cast, capsys: pytest.CaptureFixture[str], *more: str) -> Any:
    words = ["allocate", "--from", str(MONDAY), "--to", str(LAST), "--measure", "orders", "--as",
             cast.chloe.email, "--organisation", cast.nantes.slug, *more]  # fmt: skip
    capsys.readouterr()
    assert command.main([*words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.requirement("MEAS-26")
def test_command_and_program_say_what_the_page_says(
    cast: Cast, summer: None, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {"first_day": str(MONDAY), "last_day": str(LAST), "measure": "orders"}
    token = token_of(cast.chloe, cast.nantes)
    for margin in ("100", "92"):
        by_command = told(cast, capsys, "--margin", margin)
        asked = said | {"margin_percent": margin}
        by_program = call(token, "/allocation", "post", asked).json()
        assert by_command == by_program

        query = f"/planner/channels/?{DAYS}&measure=orders&margin={margin}"
        shown = dict(rows(cast.chloe, query))
        for one in by_program["channels"]:
            if one["ceiling"] is not None:
                exact = [one["marginal_return"], one["ceiling"], one["revenue_at_ceiling"],
                         one["gain"]]  # fmt: skip
                assert shown[one["platform"]][3:] == [Decimal(value) for value in exact]
        sums = by_program["beyond"]
        named = ("now", "revenue", "ceiling", "revenue_at_ceiling", "gain")
        assert shown[""] == [Decimal(sums[name]) for name in named]

    assert {one["platform"]: (one["own_elasticity"], one["ceiling_bound"],
                              one["no_ceiling_because"])
            for one in told(cast, capsys)["channels"]} == {
        "google_ads": ("1", "most", None), "meta_ads": ("0.5", "pays", None),
        "microsoft_ads": (None, None, "no_curve"), "tiktok_ads": (None, None, "few"),
        "linkedin_ads": (None, None, "unknown"),
    }  # fmt: skip


def rows(person: Any, page: str) -> Iterator[tuple[str, list[Decimal]]]:
    """The figures of each channel of the panel as numbers; of the totals under an empty name."""
    found: dict[str, list[Decimal]] = {}
    for shown, address in asked_figures(person, page, "beyond-title"):
        if shown == MISSING:
            continue
        channel = re.search(r"(?:channel|row)=(\w+)", address)
        bare = re.sub(r"[€,+\s]", "", shown).replace("−", "-")
        found.setdefault(channel[1] if channel else "", []).append(Decimal(bare))
    yield from found.items()


def test_the_command_writes_it_as_a_table_and_refuses_nonsense(
    cast: Cast, summer: None, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["allocate", "--from", str(MONDAY), "--to", str(LAST), "--as", cast.chloe.email,
             "--organisation", cast.nantes.slug]  # fmt: skip
    for form in ("csv", "table"):
        assert command.main([*words, "--measure", "orders", "--format", form]) == 0
        assert "1642.1" in capsys.readouterr().out
    assert command.main([*words, "--measure", "conversions"]) == 0
    assert "not_offered_because: claimed" in capsys.readouterr().out
    for margin in ("x", "0", "120", "nan"):
        assert command.main([*words, "--margin", margin]) == 2
        assert "Give 40" in capsys.readouterr().err
    refused = call(token_of(cast.chloe, cast.nantes), "/allocation", "post",
                   {"margin_percent": "0"})  # fmt: skip
    assert refused.status_code == 422


def test_in_french_the_panel_speaks_french(cast: Cast, summer: None) -> None:
    text = panel(cast.chloe, "measure=orders&margin=92,5", "fr")

    assert "Au-delà du total" in text
    assert "92,5 %" in text


def test_the_outsider_is_told_of_no_ceiling(cast: Cast, summer: None) -> None:
    page = signed_in(cast.diane, "en").get(f"/planner/channels/?{DAYS}&measure=orders")

    assert "Google" not in page.content.decode()
    assert "beyond-title" not in page.content.decode()


@pytest.mark.requirement("MEAS-25")
def test_orders_of_this_hour_change_which_campaign_is_best_and_where_its_budget_goes(
    cast: Cast, summer: None, tmp_path: Path
) -> None:
    day = LAST + timedelta(1)
    page = f"/planner/channels/?from={day}&to={day}&measure=orders"
    versus = f"/report/compare/?from={day}&to={day}&level=campaign&first=x7&second=y7"
    own = {"date": day, "currency": "EUR"}
    sold = own | {"account": "T7", "revenue": 20}

    give(cast, {"accounts": {"G7": "google_ads", "M7": "meta_ads", "T7": "own"},
                "performance": [own | {"account": "G7", "campaign_id": "x7", "spend": 1000},
                                own | {"account": "M7", "campaign_id": "y7", "spend": 1000}],
                "orders": [sold | {"campaign": "x7"} for _one in range(40)]
                + [sold | {"campaign": "y7"} for _one in range(100)],
                "entities": [{"account": "G7", "date": day, "entity_id": "x7", "name": "x7"},
                             {"account": "M7", "date": day, "entity_id": "y7", "name": "y7"}]},
         tmp_path)  # fmt: skip
    assert "y7 is better: a sale costs less there." in text_of(cast.chloe, versus)
    assert re.search(
        r"Meta Ads Best €1,000\.00 €1,200\.00 \+€200\.00 100", text_of(cast.chloe, page)
    )

    late = own | {"account": "T8", "revenue": 20, "campaign": "x7"}
    give(cast, {"accounts": {"T8": "own"}, "orders": [dict(late) for _one in range(160)]}, tmp_path)
    assert "x7 is better: a sale costs less there." in text_of(cast.chloe, versus)
    text = text_of(cast.chloe, page)
    assert re.search(r"Google Ads Best €1,000\.00 €1,200\.00 \+€200\.00 200", text)
    assert re.search(r"Meta Ads €1,000\.00 €800\.00 −€200\.00 100", text)
