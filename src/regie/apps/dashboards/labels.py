"""Names for the ids in an answer: an account's own name, an entity's latest one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from regie.apps.assets.selectors import AssetCard
from regie.domain.metrics.dimensions import DIMENSIONS
from regie.warehouse.shared_columns import worked_out
from regie.warehouse.views import Session

ENTITY_KINDS = ("campaign", "ad_group", "ad", "keyword")


def names_of(
    session: Session, kind: str, ids: Iterable[tuple[int | None, str]]
) -> dict[tuple[int | None, str], str]:
    """The latest name of each (account, id); an id that never had one is its own name."""
    known = _names(session, kind)
    return {key: known.get(key) or key[1].removeprefix("name:") for key in ids}


def named(
    session: Session, kind: str, owners: Sequence[int | None], ids: Sequence[str | None]
) -> Sequence[str]:
    """``names_of`` for columns of accounts and ids; nothing where there is no id."""
    find = partial(_named, _names(session, kind), owners, ids)
    return worked_out((session.name, "names", kind), (owners, ids), find)


def _named(
    known: Mapping[tuple[int | None, str | None], str],
    owners: Sequence[int | None],
    ids: Sequence[str | None],
) -> list[str]:
    found = map(known.get, zip(owners, ids, strict=True))
    return [name or (one or "").removeprefix("name:") for name, one in zip(found, ids, strict=True)]


def _names(session: Session, kind: str) -> Mapping[Any, str]:
    if not session.has("entities"):
        return {}
    return session.remember(("names", kind), partial(_latest_names, session, kind))


def _latest_names(session: Session, kind: str) -> dict[tuple[int | None, str], str]:
    """All of them at once: a bound list of ids costs more than the names do."""
    rows = session.rows(
        "SELECT asset_key, entity_id, arg_max(name, (date, import_id)) "
        f"FROM {session.table('entities')} WHERE kind = ? GROUP BY asset_key, entity_id",
        [kind],
    )
    return {(owner, one): name for owner, one, name in rows if name}


def ids_named(session: Session, kind: str, names: Iterable[str]) -> dict[str, list[str]]:
    """The ids that ever had each of ``names``."""
    wanted = list(names)
    found: dict[str, list[str]] = {name: [name, f"name:{name}"] for name in wanted}
    if not session.has("entities"):
        return found
    rows = session.rows(
        f"SELECT DISTINCT name, entity_id FROM {session.table('entities')} "
        "WHERE kind = ? AND list_contains(?, name)",
        [kind, wanted],
    )
    for name, entity in rows:
        found[name].append(entity)
    return found


def accounts_named(cards: Iterable[AssetCard], values: Iterable[str]) -> list[str]:
    """Keys of the accounts whose id or name is one of ``values``."""
    wanted = set(values)
    return [
        str(card.key)
        for card in cards
        if {card.external_id, card.name, card.called or card.name, f"#{card.key}"} & wanted
    ]


def account_label(card: AssetCard) -> str:
    return card.called or card.name or card.external_id.removeprefix("name:")


def is_entity(dimension: str) -> bool:
    return DIMENSIONS[dimension].entity
