"""Months are closed, and what changes afterwards is said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from regie.apps.access.context import acting_as, operating
from regie.apps.attribution.models import ClosedCredits
from regie.apps.attribution.services import ask, choose, close_months
from regie.apps.tracking.models import Site
from regie.domain.attribution.questions import read_question
from regie.domain.metrics.query import Crediting
from tests.attribution.heard import Heard, publish
from tests.attribution.test_journeys import DAY, JUNE, NOON, OWN, asked, earned, order
from tests.attribution.test_journeys import site as site
from tests.cast import Cast, bring
from tests.web.test_every_page import signed_in

pytestmark = pytest.mark.slow


def test_a_closed_month_that_changes_is_marked_revised(site: Site, cast: Cast) -> None:
    publish(
        site, Heard("a", "page_view", NOON - DAY, "x", via="social"),
        Heard("b", "identify", NOON - DAY, "x", p={"login": "c-7"}),
        order("O-1", NOON, 90, login="c-7"),
    )  # fmt: skip
    page = "/attribution/?from=2026-06-01&to=2026-06-30"

    assert close_months(today=date(2026, 7, 2)) == 0
    assert close_months(today=date(2026, 7, 5)) == 1
    assert "that were revised" not in signed_in(cast.chloe, "en").get(page).content.decode()
    publish(site, order("O-2", NOON + DAY, 10, login="c-7"))
    assert close_months(today=date(2026, 7, 6)) == 0

    assert "+1 order" in signed_in(cast.chloe, "en").get(page).content.decode()
    assert "revised" not in signed_in(cast.diane, "en").get(page).content.decode()
    assert earned(asked(cast.chloe), what="value") == {"Organic Social": 90.0}


def test_what_a_closed_month_gave_is_beside_what_it_gives(site: Site, cast: Cast) -> None:
    publish(
        site, Heard("a", "page_view", NOON - 3 * DAY, "phone", via="social"),
        Heard("b", "page_view", NOON - DAY, "desk", via="search"),
        Heard("c", "identify", NOON - DAY, "desk", p={"login": "c-7"}),
        order("O-1", NOON, 90, login="c-7"),
    )  # fmt: skip
    close_months(today=date(2026, 7, 5))
    publish(site, Heard("d", "identify", NOON - 2 * DAY, "phone", p={"login": "c-7"}))

    said = ask(read_question(period=JUNE), organisation="horizon-nantes", models=("linear",))

    (month,) = said["revised_months"]
    assert (month["month"], month["because_of"], month["orders"]) == ("2026-06", ["people"], 0)
    moves = {one["unit"]: one for one in month["credits"]}
    assert [moves["Paid Search"][name] for name in ("conversions_then", "conversions")] == [
        "1",
        "0.5",
    ]
    assert [moves["Organic Social"][name] for name in ("value_then", "value")] == ["0", "45"]
    page = signed_in(cast.chloe, "en").get("/attribution/?from=2026-06-01&to=2026-06-30")
    text = page.content.decode()
    assert "visitors were joined to people" in text
    assert "\u20ac90.00</td>" in text
    # Whoever sees a part of the organisation only is told of no change: his journeys are others.
    assert (
        "revised" not in signed_in(cast.diane, "en").get(page.request["PATH_INFO"]).content.decode()
    )


def test_a_refund_after_the_closing_revises_the_month_of_the_order_by_every_unit(
    site: Site, cast: Cast, tmp_path: Path
) -> None:
    with acting_as(cast.chloe):
        choose(actor=cast.chloe, organisation=cast.nantes, kind="order",
               crediting=Crediting("linear", "7d"))  # fmt: skip
    publish(
        site, Heard("a", "page_view", NOON - 9 * DAY, "x", via="email"),
        Heard("b", "page_view", NOON - DAY, "x", via="social"),
        Heard("c", "identify", NOON - DAY, "x", p={"login": "c-7"}),
        order("O-1", NOON, 90, login="c-7"),
    )  # fmt: skip
    close_months(today=date(2026, 7, 5))
    path = tmp_path / "refunds.csv"
    path.write_text(OWN)
    bring(cast.nantes, path)

    def moves(**question: str) -> tuple[list[str], list[tuple[str, str, str]], str]:
        said = ask(read_question(period=JUNE, **question), organisation="horizon-nantes",
                   models=("linear",))  # fmt: skip
        (month,) = said["revised_months"]
        rows = [(one["unit"], one["value_then"], one["value"]) for one in month["credits"]]
        return month["because_of"], rows, month["lookback"]

    assert moves() == (["refunded"], [("Email", "45", "25"), ("Organic Social", "45", "25")], "30d")
    assert moves(lookback="7d") == (["refunded"], [("Organic Social", "90", "50")], "7d")
    assert moves(unit="campaign", lookback="7d")[1] == [("soldes", "90", "50")]
    assert moves(lookback="60d")[2] == "30d"  # nothing was kept for sixty days
    text = signed_in(cast.chloe, "en").get(
        "/attribution/?from=2026-06-01&to=2026-06-30&lookback=60d&unit=campaign"
    ).content.decode()  # fmt: skip
    assert "Orders of the month were refunded since" in text
    assert "At its closing it was kept for this window: Look back 30 days" in text

    path.write_text("order_id,ordered_at,currency,revenue,status\n"
                    "O-1,2026-06-10T12:00:00+02:00,EUR,90,cancelled\n")  # fmt: skip
    bring(cast.nantes, path)
    because, rows, _window = moves(lookback="7d")
    assert because == ["cancelled"]
    assert rows == [("Organic Social", "90", "0")]


def test_a_month_closed_before_units_were_kept_says_so(site: Site, cast: Cast) -> None:
    publish(
        site, Heard("a", "page_view", NOON - DAY, "x", via="social"),
        Heard("b", "identify", NOON - DAY, "x", p={"login": "c-7"}),
        order("O-1", NOON, 90, login="c-7"),
    )  # fmt: skip
    close_months(today=date(2026, 7, 5))
    publish(site, order("O-2", NOON + DAY, 10, login="c-7"))
    page = "/attribution/?from=2026-06-01&to=2026-06-30&unit="
    client = signed_in(cast.chloe, "en")
    unknown = "when this month was closed, only channels were kept"

    assert unknown not in client.get(f"{page}campaign").content.decode()
    with operating():  # as closings were before they kept every unit
        ClosedCredits.objects.exclude(kind="order", unit="channel").delete()
        ClosedCredits.objects.update(conversions=None, value=None)

    assert unknown in client.get(f"{page}campaign").content.decode()
    assert unknown in client.get(f"{page}channel&kind=lead").content.decode()
    assert unknown not in client.get(f"{page}channel").content.decode()
    said = ask(read_question(period=JUNE, unit="campaign"), organisation="horizon-nantes")
    assert [one["credits_kept"] for one in said["revised_months"]] == [False]
    assert unknown not in signed_in(cast.diane, "en").get(f"{page}campaign").content.decode()
