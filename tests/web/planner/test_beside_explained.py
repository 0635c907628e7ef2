"""What is laid beside a plan opens where it comes from, and what opens shows the same figure."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from tests.cast import Cast, bring
from tests.web.planner.test_pages import DELIVERY, START, saved_by, september, signed_in
from tests.web.test_figures_explain_themselves import LINK, explained, plain

pytestmark = pytest.mark.slow

__all__ = ["september"]


def figures_of(person, plan_id: int) -> dict[str, str]:
    """Each figure that happened, by its name, with the address that explains it."""
    page = signed_in(person, "en").get(f"/planner/{plan_id}/").content.decode()
    panel = page.split('id="happened"')[1].split("</section>")[0]
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", panel, re.S):
        for link, shown in LINK.findall(row):
            name, address = plain(row.split("</th>")[0]), html.unescape(link)
            assert explained(person, address) == plain(shown), (name, address)
            if address.startswith("/report/"):  # what was planned is explained by the plan
                found[name] = address
    return found


ALL = ["Cost per mille (CPM)", "Click rate", "Conversion rate", "Cost per acquisition (CPA)",
       "Impressions", "Visits / leads (clicks)", "Sales", "Budget"]  # fmt: skip


@pytest.mark.parametrize(("lag", "said"), [("0", ""), ("5", "5 days after the spend")])
def test_each_figure_that_happened_explains_itself(september: Cast, lag: str, said: str) -> None:
    plan_id = saved_by(signed_in(september.chloe), lag_days=lag)

    found = figures_of(september.chloe, plan_id)

    assert list(found) == ALL
    client = signed_in(september.chloe, "en")
    cpa = client.get(found["Cost per acquisition (CPA)"]).content.decode()
    assert "Spend ÷ Orders" in cpa
    assert said in cpa
    assert "google.csv" in cpa
    assert "orders.csv" in cpa
    # The rows of both days can be turned over from there.
    following = re.search(r'href="(/report/explain/[^"]+rows_orders=2)#', cpa)
    assert following is not None
    assert "Page 2 of" in client.get(html.unescape(following[1])).content.decode()


def test_a_plan_below_is_explained_by_its_own_organisation(september: Cast, tmp_path: Path) -> None:
    other = tmp_path / "west.csv"
    row = f"Ouest,301,{START},EUR,9000.00,100,10,0.00,0.00"
    other.write_text("\n".join(["Campaign report", '"All time"', DELIVERY, row]) + "\n")
    bring(september.west, other, account="999-456-7890")
    chloe = signed_in(september.chloe)
    plan_id = saved_by(chloe)
    chloe.post(f"/planner/{plan_id}/share/", {"shared": "yes"})

    found = figures_of(september.amelie, plan_id)

    assert f"branch={september.nantes.slug}" in found["Budget"]
    assert explained(september.amelie, found["Budget"]) == "€6,000.00"
    assert "Horizon Nantes" in (
        signed_in(september.amelie, "en").get(found["Budget"]).content.decode()
    )
    assert signed_in(september.diane).get(found["Budget"]).status_code == 404


def test_a_plan_of_a_campaign_is_explained_by_that_campaign(september: Cast) -> None:
    plan_id = saved_by(signed_in(september.chloe), campaign="Marque")

    found = figures_of(september.chloe, plan_id)

    # No order names the campaign: what was sold for it is not known.
    assert list(found) == ["Impressions", "Visits / leads (clicks)", "Budget"]
    assert "only_campaign=Marque" in found["Budget"]
