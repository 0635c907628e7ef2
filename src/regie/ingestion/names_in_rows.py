"""Names of campaigns, ad groups, ads and keywords, where the rows of a file carry them."""

from __future__ import annotations

from collections.abc import Iterator

from regie.ingestion.staging import Staged

NAMED = ("campaign", "ad_group", "ad", "keyword")


def words_of(staged: Staged) -> set[str]:
    return set(staged.columns)


def names_of(staged: Staged, view: str) -> Iterator[str]:
    """SELECTs of (asset_key, date, kind, entity_id, parent_id, name) that the rows carry."""
    if staged.table.format.fact in {"orders", "leads", "calls", "visits"}:
        return  # these name the campaigns of others
    words = words_of(staged)
    parents = {
        "campaign": "NULL",
        "ad_group": "campaign_id",
        "ad": "ad_group_id",
        "keyword": "ad_group_id",
    }
    for kind in NAMED:
        if kind not in words:
            continue
        id_ = f"{kind}_id"
        # A search term stands under a keyword, and has no name but itself.
        name = "search_term" if kind == "keyword" and "search_term" in words else kind
        yield (
            f"SELECT asset_key, max(coalesce(date, period_start)) AS date, '{kind}' AS kind, "
            f"{id_} AS entity_id, any_value({parents[kind]}) AS parent_id, {name} AS name "
            f"FROM {view} WHERE {name} IS NOT NULL AND {id_} IS NOT NULL "
            f"GROUP BY asset_key, {id_}, {name}"
        )
