"""What one figure is made of, in names: its sums, its sources and the rows beneath them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from regie.apps.assets.selectors import AssetCard
from regie.apps.connections import selectors as connections
from regie.apps.dashboards import labels
from regie.apps.dashboards.accounts import Accounts
from regie.domain.facts import EARNED, PURCHASES
from regie.domain.metrics.definitions import Sum
from regie.domain.metrics.planning import Plan
from regie.domain.platforms import name_of
from regie.warehouse import beneath as warehouse
from regie.warehouse.beneath import ENTITY_COLUMNS
from regie.warehouse.views import Session

ROWS = 25


@dataclass(frozen=True)
class Source:
    """One account that gave rows to the figure, and the latest import that brought some."""

    platform: str
    account: str
    organisation: str
    rows: int
    last_day: date
    import_id: int
    file_name: str
    imported_at: datetime | None


@dataclass(frozen=True)
class FactRow:
    """A row of a fact: ``about`` names what it speaks of, from the widest to the finest."""

    day: date
    until: date | None
    platform: str
    account: str
    about: Sequence[str]
    currency: str
    values: Sequence[Any]
    is_provisional: bool
    import_id: int


@dataclass(frozen=True)
class Rows:
    """A page of the rows of one fact; ``totals`` are of all pages, by currency."""

    fact: str
    sums: tuple[Sum, ...]
    rows: Sequence[FactRow]
    totals: Sequence[tuple[str, Mapping[str, Any]]]
    count: int
    page: int
    pages: int


@dataclass(frozen=True)
class Explanation:
    sources: Sequence[Source]
    facts: Sequence[Rows]


def explain(
    session: Session, plan: Plan, accounts: Accounts, pages: Mapping[str, int]
) -> Explanation:
    """``pages`` says which page of which fact's rows."""
    # Purchase by purchase, a share across devices would tell of persons.
    facts = [
        _rows(session, plan, part.fact, accounts, pages.get(part.fact, 1))
        for part in plan.facts if part.fact != PURCHASES.name
    ]  # fmt: skip
    met = [one for one in facts if one and one.count]
    return Explanation(_sources(session, plan, accounts), met)


def _sources(session: Session, plan: Plan, accounts: Accounts) -> list[Source]:
    found = warehouse.origins(session, plan)
    files = connections.files_of({one.import_id for one in found})
    by_account: dict[int, list[warehouse.Origin]] = {}
    for one in found:
        by_account.setdefault(one.asset_key, []).append(one)
    cards = accounts.cards(by_account)
    sources = []
    for key, origins in by_account.items():
        card, latest = cards[key], max(origins, key=lambda one: one.import_id)
        file_name, imported_at = files.get(latest.import_id, ("", None))
        sources.append(
            Source(
                platform=card.platform,
                account=labels.account_label(card),
                organisation=card.organisation,
                rows=sum(one.rows for one in origins),
                last_day=max(one.last_day for one in origins),
                import_id=latest.import_id if file_name else 0,
                file_name=file_name,
                imported_at=imported_at,
            )
        )
    return sorted(sources, key=lambda one: (one.platform, one.organisation, one.account))


def _rows(session: Session, plan: Plan, fact: str, accounts: Accounts, page: int) -> Rows | None:
    asked = max(1, page)
    found = warehouse.beneath(session, plan, fact, offset=(asked - 1) * ROWS, limit=ROWS)
    if found is None:
        return None
    pages = max(1, -(-found.count // ROWS))
    if asked > pages:
        return _rows(session, plan, fact, accounts, pages)
    names = _names(session, found.rows)
    if fact == EARNED.name:  # where it was seen is a platform
        found = replace(found, rows=[_with_platform(row) for row in found.rows])
    cards = accounts.cards(row["asset_key"] for row in found.rows)
    return Rows(
        fact=fact,
        sums=found.sums,
        rows=[_row(row, found.sums, cards, names) for row in found.rows],
        totals=found.totals,
        count=found.count,
        page=asked,
        pages=pages,
    )


def _with_platform(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"about": name_of(row["about"]) if row["about"] else None}


def _names(session: Session, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, int, str], str]:
    found = {}
    for column in ENTITY_COLUMNS:
        kind = column.removesuffix("_id")
        ids = {(row["asset_key"], row[column]) for row in rows if row.get(column)}
        for (key, one), name in labels.names_of(session, kind, ids).items():
            found[column, key or 0, one] = name
    return found


def _row(
    row: Mapping[str, Any],
    sums: Sequence[Sum],
    cards: Mapping[int, AssetCard],
    names: Mapping[tuple[str, int, str], str],
) -> FactRow:
    key = row["asset_key"]
    entities = [
        names[column, key, row[column]]
        for column in ENTITY_COLUMNS
        if row.get(column) and (column, key, row[column]) in names
    ]
    traffic = [str(row[name]) for name in ("about", "channel", "source", "campaign")
               if row.get(name)]  # fmt: skip
    return FactRow(
        day=row["date"],
        until=row["until"],
        platform=cards[key].platform,
        account=labels.account_label(cards[key]),
        about=entities or list(dict.fromkeys(traffic)),
        currency=row["currency"],
        values=[row[f"v{i}"] for i in range(len(sums))],
        is_provisional=bool(row["provisional"]),
        import_id=row["import_id"],
    )
