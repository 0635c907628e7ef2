"""On its page the owner takes figures of a partner back, and two accounts become one."""

from __future__ import annotations

from pathlib import Path

from regie.apps.access.context import operating
from regie.apps.access.models import Partnership
from regie.apps.assets.models import Asset
from regie.apps.connections.models import Import
from tests.access.given import VIEWER, shared
from tests.cast import Cast, bring, total
from tests.connections.test_taking_back import (  # noqa: F401
    OWNED,
    account,
    brought,
    export,
    partnership,
)
from tests.web.test_every_page import signed_in


def test_the_page_of_an_account_tells_what_partners_brought_and_takes_it_back(
    cast: Cast,
    account: int,  # noqa: F811
    brought: Import,  # noqa: F811
) -> None:
    client, address = signed_in(cast.amelie, "en"), f"/manager/assets/accounts/{account}/"
    page = client.get(address).content.decode()
    assert "Figures that partners brought in" in page
    assert "hers.csv" in page
    assert "own.csv" not in page
    told = client.post(f"{address}figures/{brought.pk}/", {"act": "take"}, follow=True)
    assert "Taken back" in told.content.decode()
    assert total(cast.amelie, "spend") == {"EUR": 4}
    hers = signed_in(cast.diane, "en").get(f"/imports/{brought.pk}/").content.decode()
    assert "no longer count for Compte" in hers
    client.post(f"{address}figures/{brought.pk}/", {"act": "count"})
    assert total(cast.amelie, "spend") == {"EUR": 10}


def test_whoever_only_shares_the_account_learns_of_no_import_and_takes_none_back(
    cast: Cast,
    account: int,  # noqa: F811
    brought: Import,  # noqa: F811
) -> None:
    for person, status in ((cast.diane, 200), (cast.chloe, 404)):
        client, address = signed_in(person, "en"), f"/manager/assets/accounts/{account}/"
        page = client.get(address)
        assert page.status_code == status
        assert "hers.csv" not in page.content.decode()
        assert client.post(f"{address}figures/{brought.pk}/", {"act": "take"}).status_code == 404
    assert total(cast.amelie, "spend") == {"EUR": 10}


def test_an_account_that_is_there_twice_is_told_shown_merged_and_split(
    cast: Cast,
    account: int,  # noqa: F811
    partnership: Partnership,  # noqa: F811
    tmp_path: Path,
) -> None:
    days = [(OWNED, "2026-09-01", 10), (OWNED, "2026-09-02", 3)]
    bring(cast.studio, export(tmp_path, "hers.csv", *days), actor=cast.diane)
    bring(cast.network, export(tmp_path, "own.csv", days[0]), actor=cast.amelie)
    with operating():
        double = Asset.objects.get(organisation=cast.studio).pk
    client = signed_in(cast.diane, "en")
    address = f"/manager/assets/accounts/{double}/"
    assert client.get(f"{address}double/").status_code == 404  # nothing of hers is there twice
    assert "There twice" not in client.get("/manager/accounts/").content.decode()
    shared(cast, partnership, account, VIEWER)

    assert "There twice" in client.get("/manager/accounts/").content.decode()
    assert "This account is there twice" in client.get(address).content.decode()
    shown = client.get(f"{address}double/").content.decode()
    assert "1 day is known by your file alone" in shown
    for person in (cast.amelie, cast.chloe):
        assert signed_in(person).get(f"{address}double/").status_code == 404
        assert signed_in(person).post(f"{address}double/").status_code == 404
        assert signed_in(person).post(f"{address}split/").status_code == 404

    after = client.post(f"{address}double/", follow=True).content.decode()
    assert "Make two of them again" in after
    assert total(cast.diane, "spend") == {"EUR": 13}  # the day that hers alone knows stays
    client.post(f"{address}split/")
    assert total(cast.diane, "spend") == {"EUR": 23}
