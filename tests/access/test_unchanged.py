"""Creating a manager and bringing accounts change nothing that runs: tried, with the proof."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from regie.apps.access.context import acting_as, operating
from regie.apps.access.unchanged import Campaigns, compared
from regie.apps.assets.models import Asset
from regie.apps.connections import services as connections
from regie.apps.organisations.models import Organisation
from regie.kernel import clock
from tests.api.test_api import call, token_of
from tests.cast import Cast, bring
from tests.web.test_every_page import signed_in

ACCOUNT = "123-456-7890"
HEADER = "Account,Account ID,Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks"


@pytest.fixture
def running(cast: Cast, tmp_path: Path) -> int:
    """An import of two campaigns of one account, that nobody has linked yet."""
    day = clock.today() - timedelta(days=2)
    rows = [f"Marque,{ACCOUNT},Soldes {n},20{n},{day},EUR,10.00,100,5" for n in (1, 2)]
    path = tmp_path / "google.csv"
    path.write_text("\n".join(["Campaign report", "All time", HEADER, *rows, ""]), "utf-8")
    (record,) = bring(cast.network, path, actor=cast.amelie)
    return int(record.pk)


@pytest.mark.requirement("BM-6")
def test_the_proof_of_a_list_holds_campaigns_beside_accesses(cast: Cast, running: int) -> None:
    client = signed_in(cast.amelie, "en")

    def sent(act: str) -> str:
        text = f"platform,id,name\ngoogle_ads,{ACCOUNT},Marque\ngoogle_ads,345-678-9012,Autre\n"
        said = {"upload": SimpleUploadedFile("list.csv", text.encode()), "act": act}
        return client.post("/manager/assets/accounts/bring/", said).content.decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(sent("proof"))))
    account = next(one for one in rows if one["what"] == "account: unchanged")
    assert {name: account[name] for name in (
        "campaigns_before", "campaigns_after", "campaigns_changed", "people_who_lose"
    )} == {"campaigns_before": "2", "campaigns_after": "2", "campaigns_changed": "0",
           "people_who_lose": "0"}  # fmt: skip
    total = rows[-1]
    assert (total["what"], total["campaigns_before"], total["campaigns_changed"]) == (
        "all accounts", "2", "0"
    )  # fmt: skip
    page = unescape(sent("try"))
    assert "2 campaigns looked at, on accounts that are there already (1): all stay" in page
    with operating():
        assert Asset.objects.get().status == "found", "nothing was kept"


@pytest.mark.requirement("BM-6", "BM-10")
@pytest.mark.parametrize("is_manager", [True, False])
def test_a_new_manager_is_tried_first_and_changes_nothing(
    cast: Cast, running: int, is_manager: bool
) -> None:
    client = signed_in(cast.amelie, "en")
    said = {"name": "Québec", "kind": "region"} | ({"is_manager": "on"} if is_manager else {})
    with operating():
        before = Organisation.objects.count()

    page = unescape(client.post("/manager/organisations/", said).content.decode())
    assert "It will stand as: Réseau Horizon / Québec." in page
    assert "Nobody gains or loses anything." in page
    assert "2 campaigns looked at" in page
    token = token_of(cast.amelie, cast.network)
    asked = {"name": "Québec", "kind": "region", "is_manager": is_manager}
    tried = call(token, "/organisations?dry_run=true", "post", asked)
    assert tried.status_code == 200
    assert tried.json() == {
        "accounts": 1, "campaigns": 2, "campaigns_changed": 0, "effects": [], "is_whole": True
    }  # fmt: skip
    with operating():
        assert Organisation.objects.count() == before

    assert client.post("/manager/organisations/", {**said, "sure": "yes"}).status_code == 302
    with operating():
        made = Organisation.objects.get(name="Québec")
    assert bool(made.manager_number) is is_manager
    below = token_of(cast.chloe, cast.nantes)
    asked["parent"] = "horizon"
    assert call(below, "/organisations?dry_run=true", "post", asked).status_code == 404


def test_the_proof_tells_when_something_does_change(cast: Cast, running: int) -> None:
    """Else it would prove nothing."""
    with operating():
        key = Asset.objects.get().pk
    with acting_as(cast.amelie):
        found = compared(
            lambda: connections.undo_import(actor=cast.amelie, import_id=running), [key]
        )
        again = compared(lambda: None, [key])
    assert found.campaigns == {key: Campaigns(2, 0, 2)}
    assert found.campaigns_changed == 2
    assert again.campaigns == {key: Campaigns(2, 2, 0)}, "nothing stayed of it"
