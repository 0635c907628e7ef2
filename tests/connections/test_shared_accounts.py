"""Figures of a partner's account go into his books, where his ceiling allows it, and only once."""

from __future__ import annotations

from pathlib import Path

import pytest

from regie.apps.access import services
from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Partnership
from regie.apps.assets.models import Asset
from regie.apps.audit.models import AuditLine
from regie.apps.connections import services as connections
from regie.apps.connections.models import Import
from regie.apps.organisations.models import Organisation
from regie.kernel.errors import Refused
from tests.access.given import CAMPAIGNS, VIEWER, colleague, partners, shared
from tests.cast import Cast, ask, bring, total

pytestmark = pytest.mark.slow

HEADER = "Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value"
ACCOUNT = "123-456-7890"


@pytest.fixture
def account(cast: Cast) -> int:
    """A Google account of the network."""
    with acting_as(cast.amelie):
        key, _is_new = services.link_asset(
            actor=cast.amelie, organisation=cast.network, platform="google_ads",
            external_id=ACCOUNT, name="Horizon FR",
        )  # fmt: skip
    return key


def export(folder: Path, cost: str, name: str = "google.csv") -> Path:
    path = folder / name
    row = f"Soldes,201,2026-09-01,EUR,{cost},100,5,1.00,20.00"
    path.write_text("\n".join(["Campaign report", '"All time"', HEADER, row, ""]), "utf-8")
    return path


def said(record: Import) -> str:
    return str(record.question)


def assets_of(organisation: Organisation) -> int:
    with operating():
        return Asset.objects.filter(organisation=organisation).count()


def test_the_file_of_a_partner_speaks_of_the_shared_account_and_makes_no_other(
    cast: Cast, account: int, tmp_path: Path
) -> None:
    shared(cast, partners(cast), account, CAMPAIGNS)
    (record,) = bring(cast.studio, export(tmp_path, "10.00"), actor=cast.diane, account=ACCOUNT)

    assert (record.state, assets_of(cast.studio)) == ("published", 0)
    assert total(cast.diane, "spend") == total(cast.amelie, "spend") == {"EUR": 10}
    bring(cast.network, export(tmp_path, "12.00"), actor=cast.amelie, account=ACCOUNT)
    assert total(cast.diane, "spend") == total(cast.amelie, "spend") == {"EUR": 12}
    with operating():
        line = AuditLine.objects.get(action="connections.figures_brought")
    assert (line.organisation_id, line.details["accounts"]) == (cast.network.pk, ["Horizon FR"])
    assert "Atelier Diane" in line.actor


def test_an_account_named_without_its_id_is_the_shared_one_too(
    cast: Cast, account: int, tmp_path: Path
) -> None:
    shared(cast, partners(cast), account, CAMPAIGNS)
    bring(cast.studio, export(tmp_path, "10.00"), actor=cast.diane, account="name:Horizon FR")

    assert assets_of(cast.studio) == 0
    assert total(cast.amelie, "spend") == {"EUR": 10}


def test_a_ceiling_that_leaves_campaigns_out_refuses_the_file_and_says_whom_to_ask(
    cast: Cast, account: int, tmp_path: Path
) -> None:
    shared(cast, partners(cast), account, VIEWER)
    for actor in (cast.diane, None):
        (record,) = bring(cast.studio, export(tmp_path, "10.00"), actor=actor, account=ACCOUNT)
        assert record.state == "refused"
        assert "under a ceiling that does not let you" in said(record)
        assert "Edit campaigns" in str(record.notes[0])
    assert assets_of(cast.studio) == 0
    assert total(cast.amelie, "spend") == {}


def test_a_colleague_without_a_role_on_it_is_refused_and_with_one_is_not(
    cast: Cast, account: int, tmp_path: Path
) -> None:
    shared(cast, partners(cast), account, CAMPAIGNS)
    one = colleague("Colleague of Diane", cast.studio)
    path = export(tmp_path, "10.00")
    (record,) = bring(cast.studio, path, actor=one.user, account=ACCOUNT)
    assert (record.state, assets_of(cast.studio)) == ("refused", 0)
    assert "you hold no role on it" in said(record)

    with acting_as(cast.diane):
        services.give_role(actor=cast.diane, asset_id=account, member_id=one.pk,
                           given=services.Given("CAMPAIGN_MANAGER"))  # fmt: skip
    (record,) = bring(cast.studio, path, actor=one.user, account=ACCOUNT)
    assert record.state == "published"
    assert total(cast.amelie, "spend") == {"EUR": 10}


def test_the_rule_of_the_owner_holds_for_files_too(
    cast: Cast, account: int, tmp_path: Path
) -> None:
    shared(cast, partners(cast), account, CAMPAIGNS)
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(policy=sorted(VIEWER))
    (record,) = bring(cast.studio, export(tmp_path, "10.00"), account=ACCOUNT)
    assert record.state == "refused"


def test_what_a_partner_takes_back_gives_way_to_what_the_owner_had(
    cast: Cast, account: int, tmp_path: Path
) -> None:
    shared(cast, partners(cast), account, CAMPAIGNS)
    bring(cast.network, export(tmp_path, "12.00"), actor=cast.amelie, account=ACCOUNT)
    (record,) = bring(cast.studio, export(tmp_path, "10.00"), actor=cast.diane, account=ACCOUNT)
    assert total(cast.amelie, "spend") == {"EUR": 10}

    connections.undo_import(actor=cast.diane, import_id=record.pk)
    assert total(cast.amelie, "spend") == total(cast.diane, "spend") == {"EUR": 12}
    with operating():
        line = AuditLine.objects.get(action="connections.figures_taken_back")
    assert line.organisation_id == cast.network.pk


def test_the_same_file_sent_again_speaks_again_once_the_owner_has_replaced_it(
    cast: Cast, account: int, tmp_path: Path
) -> None:
    shared(cast, partners(cast), account, CAMPAIGNS)
    path = export(tmp_path, "10.00")
    bring(cast.studio, path, actor=cast.diane, account=ACCOUNT)
    bring(cast.network, export(tmp_path, "12.00", "b.csv"), actor=cast.amelie, account=ACCOUNT)
    bring(cast.studio, path, actor=cast.diane, account=ACCOUNT)
    assert total(cast.amelie, "spend") == {"EUR": 10}


def test_figures_stay_with_the_owner_when_the_partnership_ends_and_all_is_read_again(
    cast: Cast, account: int, tmp_path: Path
) -> None:
    partnership: Partnership = partners(cast)
    shared(cast, partnership, account, CAMPAIGNS)
    bring(cast.studio, export(tmp_path, "10.00"), actor=cast.diane, account=ACCOUNT)
    with acting_as(cast.amelie):
        services.end_partnership(actor=cast.amelie, partnership_id=partnership.pk)
    assert connections.rebuild().differing == []

    assert assets_of(cast.studio) == 0
    assert total(cast.amelie, "spend") == {"EUR": 10}
    assert ask(cast.diane, "spend").totals["spend"] == {}


def test_who_was_shared_an_account_cannot_say_that_it_is_his(cast: Cast, account: int) -> None:
    shared(cast, partners(cast), account, VIEWER)
    with acting_as(cast.diane), pytest.raises(Refused, match="Réseau Horizon owns “Horizon FR”"):
        services.link_asset(
            actor=cast.diane, organisation=cast.studio, platform="google_ads",
            external_id="1234567890",
        )  # fmt: skip
    assert assets_of(cast.studio) == 0


def test_the_file_of_a_network_speaks_of_the_accounts_of_its_branch(
    cast: Cast, tmp_path: Path
) -> None:
    bring(cast.nantes, export(tmp_path, "10.00"), account=ACCOUNT)
    bring(cast.network, export(tmp_path, "11.00"), actor=cast.amelie, account=ACCOUNT)

    assert assets_of(cast.network) == 0
    assert total(cast.chloe, "spend") == total(cast.amelie, "spend") == {"EUR": 11}
