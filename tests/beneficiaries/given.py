"""One Google account of the network, in which each of its franchisees has campaigns."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from regie.apps.access.context import acting_as, operating
from regie.apps.assets.models import Asset
from regie.apps.beneficiaries import services
from regie.apps.beneficiaries.services import NewRule
from regie.apps.organisations.models import Organisation
from tests.cast import Cast, bring

HEADER = "Account,Account ID,Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks"
GROUPS = (
    "Account,Account ID,Campaign,Campaign ID,Ad group,Ad group ID,Day,Currency code,Cost,Impr.,"
    "Clicks"
)
OCTOBER = date(2026, 10, 1)


def campaigns(folder: Path, organisation: Organisation, *rows: tuple[str, str, str, str]) -> int:
    """(campaign, its id, day, cost) of the account that everybody shares; its key."""
    text = [f"Horizon,100-000-0001,{name},{one},{day},EUR,{cost},10,1"
            for name, one, day, cost in rows]  # fmt: skip
    return _brought(folder, organisation, HEADER, text)


def groups(
    folder: Path, organisation: Organisation, *rows: tuple[str, str, str, str, str, str]
) -> int:
    """(campaign, its id, ad group, its id, day, cost)."""
    text = [f"Horizon,100-000-0001,{name},{one},{group},{its},{day},EUR,{cost},10,1"
            for name, one, group, its, day, cost in rows]  # fmt: skip
    return _brought(folder, organisation, GROUPS, text)


def _brought(folder: Path, organisation: Organisation, header: str, rows: list[str]) -> int:
    path = folder / f"{len(list(folder.iterdir()))}.csv"
    path.write_text("\n".join(["Report", '"All time"', header, *rows]) + "\n", encoding="utf-8")
    (record,) = bring(organisation, path)
    assert record.state == "published", record
    with operating():
        return Asset.objects.get(organisation=organisation, external_id="100-000-0001").pk


def ruled(cast: Cast, key: int, *rules: NewRule, replace: bool = False) -> None:
    """Amélie writes them."""
    with acting_as(cast.amelie):
        services.add_rules(actor=cast.amelie, asset_id=key, rules=rules, replace=replace)


def by_id(campaign: str, beneficiary: str, *days: date | None) -> NewRule:
    return NewRule("campaign", "id", campaign, beneficiary, *days)


def by_pattern(pattern: str, beneficiary: str, *days: date | None) -> NewRule:
    return NewRule("campaign", "pattern", pattern, beneficiary, *days)
