"""What a qualified lead cost: leads of known state, by the tactic that brought them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.cast import Cast, bring
from tests.lasting import Lasting
from tests.web.test_every_page import HEADER, signed_in
from tests.web.test_explanation import TODAY, text_of
from tests.web.test_results import row_of

pytestmark = pytest.mark.slow

DAY = TODAY - timedelta(days=2)
# Forms bring A more leads; those of B are worth more to sales.
LEADS = {
    "A": ["contacted"] * 30 + ["mql"] * 4 + ["Closed - Converted"] * 2 + [""] * 12,
    "B": ["contacted"] * 10 + ["Lead qualifié marketing"] * 8 + ["SQL"] * 7 + ["lost"] * 5,
    "C": ["contacted", "Unqualified"],
}
SPEND = {"A": "600.00", "B": "600.00", "C": "50.00"}
COLUMNS = "".join(
    f"&columns=results.{name}"
    for name in ("leads_received", "mqls", "sqls", "mql_share", "cost_per_mql", "cost_per_sql")
)


@pytest.fixture(scope="module")
def tactics(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Three campaigns, the leads of each in the words of a CRM, and leads that no state is of."""
    folder = tmp_path_factory.mktemp("files")
    delivered, got = [], []
    for number, (name, states) in enumerate(LEADS.items()):
        delivered.append(f"{name},20{number},{DAY},EUR,{SPEND[name]},10000,500,0,0")
        got += [f"{name}{i},{DAY},google,{name},{state}" for i, state in enumerate(states)]
    google, leads = folder / "google.csv", folder / "leads.csv"
    google.write_text("\n".join(["Campaign report", '"All time"', HEADER, *delivered]) + "\n")
    leads.write_text("\n".join(["lead_id,received_at,source,campaign,status", *got]))
    with lasting():
        for path in (google, leads):
            bring(company.nantes, path, account="123")


@pytest.mark.requirement("MEAS-28")
def test_each_tactic_shows_what_a_qualified_lead_costs(cast: Cast, tactics: None) -> None:
    address = f"/report/?split=campaign&view=results{COLUMNS}"
    a, b = (row_of(cast.chloe, address, name) for name in "AB")

    for value in ("48", " 6 ", " 2 ", "16.67%", "€100.00", "€300.00"):
        assert value in a
    for value in ("30", "15", " 7 ", "50.00%", "€40.00", "€85.71"):
        assert value in b


def test_leads_that_are_known_not_to_qualify_are_none_and_not_unknown(
    cast: Cast, tactics: None
) -> None:
    address = f"/report/?split=campaign&view=results{COLUMNS}"
    c = row_of(cast.chloe, address, "C")

    assert " 2 " in c
    assert " 0 " in c
    assert "0.00%" in c
    assert "€" not in c  # what nothing cost is no amount
    assert "No qualified lead." in signed_in(cast.chloe, "en").get(address).content.decode()


def test_leads_of_unknown_state_are_not_called_unqualified(
    cast: Cast, tactics: None, company: Cast, lasting: Lasting, tmp_path: Path
) -> None:
    with lasting():
        leads = tmp_path / "more.csv"
        leads.write_text(f"lead_id,received_at,source,campaign\nz1,{DAY},google,D\n")
        bring(company.nantes, leads, account="124")
        address = f"/report/?split=campaign&view=results{COLUMNS}"

        page = signed_in(cast.chloe, "en").get(address).content.decode()
        d = row_of(cast.chloe, address, "D")

    assert "0.00%" not in d
    assert "No lead here says how far it has come" in page


def test_of_two_campaigns_the_one_with_cheaper_qualified_leads_is_better(
    cast: Cast, tactics: None
) -> None:
    """By leads alone it would be the other: 12.50 against 20.00."""
    text = text_of(cast.chloe, "/report/compare/?first=200&second=201")

    assert "B is better: a qualified lead (MQL) costs less there." in text


@pytest.mark.requirement("MEAS-28")
def test_a_budget_is_shared_out_by_the_qualified_leads_that_it_brings(
    cast: Cast, tactics: None
) -> None:
    text = text_of(cast.chloe, f"/planner/channels/?measure=mqls&from={DAY}&to={DAY}")

    assert "Marketing qualified leads (MQL)" in text
    assert "21" in text  # six of A and fifteen of B
    assert "€59.52" in text  # 1,250.00 for 21


def test_the_outsider_learns_of_no_qualified_lead(cast: Cast, tactics: None) -> None:
    text = text_of(cast.diane, f"/report/?split=campaign&view=results{COLUMNS}")

    assert "€40.00" not in text
    assert "85.71" not in text
