"""Accounts met twice become one: no figure is lost, none counts twice, and it can be taken back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from regie.apps.access import services
from regie.apps.access.context import acting_as, operating
from regie.apps.assets import selectors as assets
from regie.apps.assets.models import Asset, Status
from regie.apps.connections import services as connections
from regie.apps.connections.models import Import
from regie.kernel.errors import Forbidden, NotFound, Refused
from tests.access.given import VIEWER, partners, shared
from tests.cast import Cast, ask, bring, total
from tests.connections.test_taking_back import OTHER, OWNED, export, lines
from tests.connections.test_taking_back import account as account

pytestmark = pytest.mark.slow


def by_account(person: object) -> dict[str, Decimal]:
    """What each account has spent, by its key."""
    rows = ask(person, "spend", ["account"]).rows  # type: ignore[arg-type]
    return {str(row["account"]): row["spend"] for row in rows}


@pytest.fixture
def double(cast: Cast, account: int, tmp_path: Path) -> int:
    """Diane's file came before the account was shared with her: of three days, one of which the
    owner knows too."""
    days = [(OWNED, "2026-08-30", 3), (OWNED, "2026-09-01", 10), (OWNED, "2026-09-02", 5)]
    bring(cast.studio, export(tmp_path, "hers.csv", *days), actor=cast.diane)
    bring(cast.network, export(tmp_path, "own.csv", (OWNED, "2026-09-01", 12)), actor=cast.amelie)
    shared(cast, partners(cast), account, VIEWER)
    with operating():
        return Asset.objects.get(organisation=cast.studio).pk


@pytest.mark.requirement("BM-5")
def test_what_only_the_double_knew_is_read_under_the_account_that_remained(
    cast: Cast, account: int, double: int, tmp_path: Path
) -> None:
    assert total(cast.diane, "spend") == {"EUR": 30}  # 10 and 12 are the same euros, twice
    connections.merge_double(actor=cast.diane, asset_id=double)

    assert total(cast.diane, "spend") == {"EUR": 20}  # 3 + 12 + 5: the owner's own go first
    assert by_account(cast.diane) == {str(account): 20}
    assert len(ask(cast.diane, "spend", ["campaign"]).rows) == 1  # one campaign, not two
    assert total(cast.amelie, "spend") == {"EUR": 12}  # nothing came into her books
    connections.rebuild()
    assert by_account(cast.diane) == {str(account): 20}

    later = export(tmp_path, "later.csv", (OWNED, "2026-09-02", 7))
    (record,) = bring(cast.network, later, actor=cast.amelie)
    assert total(cast.diane, "spend") == {"EUR": 22}  # 3 + 12 + 7
    connections.undo_import(actor=cast.amelie, import_id=record.pk)
    assert total(cast.diane, "spend") == {"EUR": 20}

    connections.split_double(actor=cast.diane, asset_id=double)
    assert total(cast.diane, "spend") == {"EUR": 30}
    assert sorted(by_account(cast.diane).values()) == [12, 18]


def test_taking_the_double_s_file_back_leaves_what_the_owner_knows(
    cast: Cast, account: int, double: int, tmp_path: Path
) -> None:
    connections.merge_double(actor=cast.diane, asset_id=double)
    with operating():
        record = Import.objects.get(organisation=cast.studio)
    connections.undo_import(actor=cast.diane, import_id=record.pk)

    assert total(cast.diane, "spend") == {"EUR": 12}
    assert total(cast.amelie, "spend") == {"EUR": 12}


def test_an_account_that_came_before_it_was_shared_becomes_one_with_it_and_two_again(
    cast: Cast, account: int, tmp_path: Path
) -> None:
    partnership = partners(cast)
    bring(cast.studio, export(tmp_path, "hers.csv", (OWNED, "2026-09-01", 10)), actor=cast.diane)
    bring(cast.network, export(tmp_path, "own.csv", (OWNED, "2026-09-01", 12)), actor=cast.amelie)
    with operating():
        double = Asset.objects.get(organisation=cast.studio)
    with pytest.raises(Refused, match="not there twice"):  # the other is hidden from her
        connections.merge_double(actor=cast.diane, asset_id=double.pk)
    shared(cast, partnership, account, VIEWER)
    assert total(cast.diane, "spend") == {"EUR": 22}  # the same euros, twice
    with acting_as(cast.diane):
        found = assets.doubles_among([assets.card(double.pk)])
    assert {key: one.key for key, one in found.items()} == {double.pk: account}
    with pytest.raises((NotFound, Forbidden)):
        connections.merge_double(actor=cast.amelie, asset_id=double.pk)

    connections.merge_double(actor=cast.diane, asset_id=double.pk)
    assert total(cast.diane, "spend") == {"EUR": 12}
    with operating():
        double = Asset.objects.get(pk=double.pk)
    assert (double.status, double.merged_into_id) == (Status.DELETED, account)
    connections.rebuild()
    assert total(cast.diane, "spend") == {"EUR": 12}

    connections.split_double(actor=cast.diane, asset_id=double.pk)
    assert total(cast.diane, "spend") == {"EUR": 22}
    with operating():
        double = Asset.objects.get(pk=double.pk)
    assert (double.status, double.merged_into_id) == (Status.FOUND, None)
    assert lines(cast.studio.pk, "assets.folded") == ["Diane"]


def test_the_next_file_of_a_network_goes_to_the_account_that_remained(
    cast: Cast, tmp_path: Path
) -> None:
    bring(cast.network, export(tmp_path, "one.csv", (OTHER, "2026-09-01", 10)), actor=cast.amelie)
    with acting_as(cast.chloe):
        key, _new = services.link_asset(
            actor=cast.chloe, organisation=cast.nantes, platform="google_ads", external_id=OTHER
        )
    with operating():
        double = Asset.objects.get(organisation=cast.network)
    connections.merge_double(actor=cast.amelie, asset_id=double.pk)
    assert total(cast.amelie, "spend") == {"EUR": 10}  # what the first file alone knows stays
    assert total(cast.chloe, "spend") == {}
    bring(cast.network, export(tmp_path, "two.csv", (OTHER, "2026-09-02", 5)), actor=cast.amelie)

    assert (total(cast.amelie, "spend"), total(cast.chloe, "spend")) == ({"EUR": 15}, {"EUR": 5})
    with operating():
        assert Asset.objects.get(pk=double.pk).merged_into_id == key
