"""A question becomes a plan: what is read, at which level, and what is refused before reading."""

from __future__ import annotations

from dataclasses import replace

import pytest

from regie.domain.metrics.catalog import all_metrics, metrics
from regie.domain.metrics.definitions import Ratio, Sum
from regie.domain.metrics.planning import OWNER, check, deepest, parse, plan
from regie.domain.metrics.query import Filter
from regie.kernel.errors import Refused, WrongUse
from regie.kernel.fiscal import Calendar


def test_words_become_a_question() -> None:
    query = parse(
        metrics=["spend", "", "spend"], by=["platform"], where=["platform=google_ads, meta_ads"],
        currency="eur",
    )  # fmt: skip

    assert query.metrics == ("spend",)
    assert query.where == (Filter("platform", ("google_ads", "meta_ads")),)
    assert query.currency == "EUR"


def test_a_ratio_reads_the_sums_that_it_is_made_of() -> None:
    planned = plan(parse(metrics=["cpa"]))

    assert {one.name for part in planned.facts for one in part.sums} == {"spend", "orders"}
    assert {part.fact for part in planned.facts} == {"performance", "orders"}


def test_a_sum_is_read_once_however_many_ratios_need_it() -> None:
    planned = plan(parse(metrics=["spend", "cpc", "cpm", "ctr"]))

    (part,) = planned.facts
    assert sorted(one.name for one in part.sums) == ["clicks", "impressions", "spend"]


def test_rollups_answer_as_deep_as_they_go() -> None:
    tables = {
        by: plan(parse(metrics=["spend"], by=[by])).facts[0].table
        for by in ("platform", "campaign", "ad")
    }

    assert tables == {
        "platform": "performance_by_account",
        "campaign": "performance_by_campaign",
        "ad": "performance",
    }


def test_months_answer_unless_days_or_weeks_are_asked_for() -> None:
    steps = ("platform", "month", "fiscal_month", "fiscal_quarter", "week", "date", "ad")

    def may_answer(calendar: Calendar) -> list[str]:
        asked = [parse(metrics=["spend"], by=[by, "campaign"]) for by in steps]
        found = [plan(replace(one, calendar=calendar)).facts[0] for one in asked]
        return [by for by, part in zip(steps, found, strict=True) if part.by_month]

    assert may_answer(Calendar(first_month=4)) == list(steps[:4])
    assert may_answer(Calendar(pattern="4-4-5")) == ["platform", "month"]


def test_a_filter_goes_as_deep_as_a_split() -> None:
    (part,) = plan(parse(metrics=["spend"], where=["campaign=Brand"])).facts

    assert part.needs == "campaign"
    assert deepest(("date", "ad", "campaign")) == "ad"


def test_campaigns_are_told_apart_by_their_account() -> None:
    assert plan(parse(metrics=["spend"], by=["campaign"])).keys == ("campaign", OWNER)
    assert plan(parse(metrics=["spend"], by=["platform"])).keys == ("platform",)


def test_money_is_split_by_currency_until_one_is_chosen() -> None:
    assert plan(parse(metrics=["cpc"])).splits_currency
    assert not plan(parse(metrics=["cpc"], currency="EUR")).splits_currency
    assert not plan(parse(metrics=["clicks"])).splits_currency


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ({"metrics": []}, "No metric"),
        ({"metrics": ["clics"]}, "Did you mean clicks"),
        ({"metrics": ["spend"], "by": ["canpaign"]}, "Did you mean campaign"),
        ({"metrics": ["spend"], "where": ["week=2026-09-07"]}, "period"),
        ({"metrics": ["spend"], "order_by": "-roas"}, "sorted"),
        ({"metrics": ["spend"], "currency": "euro"}, "ISO 4217"),
        ({"metrics": ["spend"], "limit": -5}, "negative"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_remedy(
    question: dict[str, object], sentence: str
) -> None:
    with pytest.raises(WrongUse, match=sentence):
        check(parse(**question))  # type: ignore[arg-type]


def test_two_levels_are_never_one_total() -> None:
    with pytest.raises(Refused, match="Two levels"):
        check(parse(metrics=["spend"], where=["level=ad,campaign"]))


@pytest.mark.parametrize("name", sorted(metrics()))
def test_every_metric_can_be_planned(name: str) -> None:
    planned = plan(check(parse(metrics=[name])))

    assert planned.facts or planned.nonadditive


@pytest.mark.parametrize("name", sorted(all_metrics()))
def test_every_metric_is_made_of_what_exists(name: str) -> None:
    from regie.domain.facts import MEASURED

    one = all_metrics()[name]
    if isinstance(one, Ratio):
        assert {one.numerator, one.denominator} <= set(all_metrics())
    if isinstance(one, Sum):
        assert one.column in {column.name for column in MEASURED[one.fact].measures}
        assert not one.otherwise or one.otherwise in all_metrics()
    assert one.better in {"higher", "lower", "neither"}
    assert one.description.endswith(".")
