"""What a partner brought into somebody's books, taken back by the owner."""

from __future__ import annotations

from pathlib import Path

import pytest

from regie.apps.access import services
from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Partnership
from regie.apps.audit.models import AuditLine
from regie.apps.connections import services as connections
from regie.apps.connections.models import Import, State
from regie.apps.connections.taking_back import brought_by_partners
from regie.kernel.errors import NotFound
from tests.access.given import CAMPAIGNS, colleague, partners, shared
from tests.cast import Cast, bring, total

pytestmark = pytest.mark.slow

HEADER = "Account,Account ID,Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks"
OWNED, OTHER = "123-456-7890", "555-555-5555"


@pytest.fixture
def account(cast: Cast) -> int:
    """A Google account of the network."""
    with acting_as(cast.amelie):
        key, _is_new = services.link_asset(
            actor=cast.amelie, organisation=cast.network, platform="google_ads",
            external_id=OWNED, name="Horizon FR",
        )  # fmt: skip
    return key


def export(folder: Path, name: str, *rows: tuple[str, str, int]) -> Path:
    """Days of accounts: (ID, day, cost)."""
    path = folder / name
    lines = [f"Compte,{ref},Soldes,201,{day},EUR,{cost}.00,10,1" for ref, day, cost in rows]
    path.write_text("\n".join(["Campaign report", '"All time"', HEADER, *lines, ""]), "utf-8")
    return path


@pytest.fixture
def partnership(cast: Cast) -> Partnership:
    return partners(cast)


@pytest.fixture
def brought(cast: Cast, account: int, partnership: Partnership, tmp_path: Path) -> Import:
    """Diane's file speaks of the network's account and of one of her own."""
    shared(cast, partnership, account, CAMPAIGNS)
    bring(cast.network, export(tmp_path, "own.csv", (OWNED, "2026-09-01", 4)), actor=cast.amelie)
    path = export(tmp_path, "hers.csv", (OWNED, "2026-09-01", 10), (OTHER, "2026-09-01", 32))
    (record,) = bring(cast.studio, path, actor=cast.diane)
    assert total(cast.amelie, "spend") == {"EUR": 10}
    assert total(cast.diane, "spend") == {"EUR": 42}
    return record


def lines(organisation_id: int, action: str) -> list[str]:
    with operating():
        found = AuditLine.objects.filter(organisation_id=organisation_id, action=action)
        return [one.actor for one in found]


def test_the_owner_takes_back_what_a_partner_brought_into_his_account_and_no_more(
    cast: Cast, account: int, brought: Import
) -> None:
    with acting_as(cast.amelie):
        (seen,) = brought_by_partners(actor=cast.amelie, asset_id=account)
    assert (seen.import_id, seen.organisation, seen.is_taken_back) == (
        brought.pk, "Atelier Diane", False,
    )  # fmt: skip
    connections.take_back(actor=cast.amelie, asset_id=account, import_id=brought.pk)

    # What it had replaced is there again; what the file says of her own account stays.
    assert total(cast.amelie, "spend") == {"EUR": 4}
    assert total(cast.diane, "spend") == {"EUR": 36}
    action = "connections.figures_not_counted"
    assert lines(cast.network.pk, action) == ["Amélie"]
    assert lines(cast.studio.pk, action) == ["Amélie (Réseau Horizon)"]

    connections.let_count_again(actor=cast.amelie, asset_id=account, import_id=brought.pk)
    assert total(cast.amelie, "spend") == {"EUR": 10}
    assert total(cast.diane, "spend") == {"EUR": 42}


def test_what_was_taken_back_stays_so_through_undo_and_rebuild(
    cast: Cast, account: int, brought: Import, tmp_path: Path
) -> None:
    later = export(tmp_path, "later.csv", (OWNED, "2026-09-01", 7))
    (record,) = bring(cast.network, later, actor=cast.amelie)
    connections.take_back(actor=cast.amelie, asset_id=account, import_id=brought.pk)
    assert total(cast.amelie, "spend") == {"EUR": 7}
    connections.undo_import(actor=cast.amelie, import_id=record.pk)
    assert total(cast.amelie, "spend") == {"EUR": 4}

    connections.rebuild()
    assert total(cast.amelie, "spend") == {"EUR": 4}
    assert total(cast.diane, "spend") == {"EUR": 36}
    connections.undo_import(actor=cast.diane, import_id=brought.pk)
    assert total(cast.diane, "spend") == {"EUR": 4}


def test_the_partner_says_it_again_by_sending_the_file_again(
    cast: Cast, account: int, brought: Import, tmp_path: Path
) -> None:
    connections.take_back(actor=cast.amelie, asset_id=account, import_id=brought.pk)
    (again,) = bring(cast.studio, tmp_path / "hers.csv", actor=cast.diane)

    assert (again.state, again.pk == brought.pk) == (State.PUBLISHED, False)
    assert total(cast.diane, "spend") == {"EUR": 42}
    assert total(cast.amelie, "spend") == {"EUR": 10}


def test_nobody_else_takes_figures_back(
    cast: Cast, account: int, brought: Import, tmp_path: Path
) -> None:
    def refused(actor: object, kind: type[Exception], number: int) -> None:
        with pytest.raises(kind):
            connections.take_back(actor=actor, asset_id=account, import_id=number)  # type: ignore[arg-type]

    only_given = colleague("Employee", cast.network)
    with operating():
        type(cast.network).objects.filter(pk=cast.network.pk).update(members_see_all=False)
        own = Import.objects.get(organisation=cast.network)
    refused(cast.diane, NotFound, brought.pk)  # the partner: the account is not hers
    refused(cast.chloe, NotFound, brought.pk)  # the outsider: there is no such account
    refused(only_given.user, NotFound, brought.pk)
    refused(cast.amelie, NotFound, own.pk)  # her own is undone as a whole
    refused(cast.amelie, NotFound, 10**6)
    for person in (cast.diane, only_given.user):
        with acting_as(person):
            try:
                assert brought_by_partners(actor=person, asset_id=account) == []
            except NotFound:
                assert person == only_given.user
    assert total(cast.amelie, "spend") == {"EUR": 10}
