"""What a model attributes is in the metric layer: the same figures as on the page, everywhere."""

from __future__ import annotations

from decimal import Decimal

import pytest

from regie.apps.attribution.services import ask
from regie.apps.dashboards.services import ask as ask_figures
from regie.apps.tracking.models import Site
from regie.domain.attribution.models import models
from regie.domain.attribution.questions import read_question
from regie.domain.metrics.planning import parse
from regie.domain.metrics.query import Answer
from regie.kernel.errors import Refused
from tests.attribution.test_journeys import JUNE
from tests.attribution.test_pages import site as site
from tests.cast import Cast

METRICS = ("attributed_conversions", "attributed_value")


def asked(by: tuple[str, ...], model: str = "", metrics: tuple[str, ...] = METRICS) -> Answer:
    query = parse(metrics=metrics, by=by, period=JUNE, currency="EUR", model=model)
    return ask_figures(query, organisation="", person="", as_of=None)


@pytest.mark.parametrize("model", list(models()))
def test_by_channel_it_says_what_the_page_says(site: Site, cast: Cast, model: str) -> None:
    said = ask(read_question(period=JUNE), models=(model,))
    page = {row["unit"]: row for row in said["rows"] if Decimal(row["conversions"])}

    answer = asked(("channel",), model)

    found = {row["channel"]: row for row in answer.rows if row["attributed_conversions"]}
    assert found.keys() == page.keys()
    for name, row in found.items():
        for metric, column in zip(METRICS, ("conversions", "conversion_value"), strict=True):
            assert abs(row[metric] - Decimal(page[name][column])) < Decimal("1e-7")
    assert answer.totals["attributed_conversions"] == 3
    assert answer.totals["attributed_value"] == 30


@pytest.mark.parametrize("by", ["platform", "campaign", "media", "date", "account", "location"])
def test_a_rule_can_be_split_by_anything_and_adds_up(site: Site, cast: Cast, by: str) -> None:
    answer = asked((by,))

    for name, total in zip(METRICS, (3, 30), strict=True):
        assert sum(row[name] for row in answer.rows) == total == answer.totals[name]


def test_a_model_that_learns_is_split_by_what_competes_and_by_nothing_else(
    site: Site, cast: Cast
) -> None:
    by_campaign = asked(("campaign", "month"), "markov")

    assert sum(row["attributed_conversions"] for row in by_campaign.rows) == 3
    with pytest.raises(Refused, match="cannot be added up"):
        asked(("platform",), "markov")
    with pytest.raises(Refused, match="Split by one of"):
        asked(("channel", "campaign"), "shapley")
