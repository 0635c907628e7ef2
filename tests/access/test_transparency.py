"""Who reads which figures of a network, and the totals that it may show to all of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from regie.apps.access import services
from regie.apps.access.context import acting_as
from regie.apps.access.selectors import open_network
from regie.apps.dashboards.selectors import network_totals
from regie.apps.organisations.models import Organisation
from regie.kernel.errors import Forbidden
from regie.kernel.periods import Period
from tests.cast import Cast, bring, total
from tests.lasting import Lasting
from tests.today import today
from tests.web.test_every_page import signed_in

HEADER = "Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value"
YESTERDAY = today() - timedelta(days=2)
DAYS = Period(YESTERDAY, YESTERDAY)


@pytest.fixture(scope="module")
def spent(
    lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, int]:
    """What each of four organisations has spent."""
    folder = tmp_path_factory.mktemp("files")
    with lasting():
        amounts = {"network": 1000, "nantes": 200, "rennes": 30, "studio": 4}
        for number, (name, amount) in enumerate(amounts.items()):
            path = folder / f"{name}.csv"
            row = f"Secret de {name},20{number},{YESTERDAY},EUR,{amount}.00,100,5,0,0"
            path.write_text(f'Campaign report\n"All time"\n{HEADER}\n{row}\n', encoding="utf-8")
            bring(getattr(company, name), path, account=f"123-456-789{number}")
        return amounts


@pytest.mark.slow
@pytest.mark.requirement("FR-2", "FR-3")
def test_each_reads_his_own_branch(cast: Cast, spent: dict[str, int]) -> None:
    read = {one.name: total(one, "spend").get("EUR", 0)
            for one in (cast.amelie, cast.bruno, cast.chloe, cast.diane)}  # fmt: skip

    assert read == {"Amélie": 1230, "Bruno": 230, "Chloé": 200, "Diane": 4}


def shown(cast: Cast, of: Organisation) -> None:
    with acting_as(cast.amelie):
        services.show_totals(actor=cast.amelie, organisation=of, shown=True)


@pytest.mark.requirement("DASH-23", "FR-16")
def test_a_franchisee_sees_the_totals_that_the_network_shows_and_nobodys_own(
    cast: Cast, spent: dict[str, int]
) -> None:
    with acting_as(cast.chloe):
        assert open_network(cast.nantes) is None
    shown(cast, cast.network)

    with acting_as(cast.chloe):
        found = open_network(cast.nantes)
        assert found is not None
        assert network_totals(found, DAYS)["spend"] == 1230
    page = signed_in(cast.chloe).get("/manager/network/").content.decode()
    assert "1\u202f230,00" in page
    for person, own in (
        (cast.chloe, ("200.00", "100", "5")), (cast.bruno, ("230.00", "200", "10")),
    ):  # fmt: skip
        told = side_by_side(signed_in(person, "en").get("/manager/network/").content.decode())
        assert [(name, theirs, mine) for name, theirs, mine in told if name in COUNTED] == list(
            zip(COUNTED, ("1,230.00", "300", "15"), own, strict=True)
        )
        assert len(told) == 6, "also leads, orders and revenue"
    assert "Secret de rennes" not in page
    assert "Horizon Rennes" not in page
    assert total(cast.chloe, "spend") == {"EUR": 200}
    with acting_as(cast.diane):
        assert open_network(cast.nantes) is None
        assert open_network(cast.studio) is None


COUNTED = ("Spend", "Impressions", "Clicks (all)")


def side_by_side(page: str) -> list[tuple[str, str, str]]:
    """Each figure: its name, that of the network, one’s own; money without its sign."""
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', page, flags=re.DOTALL)
    found = []
    for name, rest in rows:
        theirs, mine, *_share = re.findall(r"<td[^>]*>(.*?)</td>", rest, flags=re.DOTALL)
        found.append((name, theirs.lstrip("€"), mine.lstrip("€")))
    return found


def test_a_sum_of_two_is_not_shown(cast: Cast, spent: dict[str, int]) -> None:
    shown(cast, cast.west)

    with acting_as(cast.chloe):
        found = open_network(cast.nantes)
        assert found is not None
        assert found.scope is None
        with pytest.raises(Forbidden):
            network_totals(found, DAYS)
    assert "230" not in signed_in(cast.chloe).get("/manager/network/").content.decode()


def test_only_its_administrators_show_the_totals_of_a_network(cast: Cast) -> None:
    with acting_as(cast.chloe), pytest.raises(Forbidden):
        services.show_totals(actor=cast.chloe, organisation=cast.network, shown=True)
    assert (
        signed_in(cast.bruno).post("/manager/network/totals/", {"shown": "yes"}).status_code == 302
    )
    with acting_as(cast.chloe):
        found = open_network(cast.nantes)
        assert found is not None
        assert found.organisation_id == cast.west.pk
