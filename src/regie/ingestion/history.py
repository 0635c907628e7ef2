"""Names, parents and currencies that come in tables of their own (as connectors deliver them).

They fill the tables ``known_<kind>`` of the engine, latest version of each entity first; the rows
of the other files of the call are resolved through them.
"""

from __future__ import annotations

from regie.ingestion.accounts import AccountBook, FoundAccount
from regie.ingestion.staging import Staged
from regie.warehouse.engine import Engine

ORDER_CODE = "order_code"  # which codes an order used: its number, and one code a row
KINDS = ("account", "campaign", "ad_group", "ad", "keyword")
_WORDS = ("entity_id", "entity_name", "parent_id", "account_id", "account_name", "currency",
          "time_zone", "modified_at")  # fmt: skip


# An entity is of the account that it names, else of its parent's.
_ACCOUNT_OF = """
WITH g AS (
    SELECT g.platform, g.id, coalesce(g.account_id, c.account_id) AS account_id
    FROM known_ad_group g
    LEFT JOIN known_campaign c ON c.platform = g.platform AND c.id = g.parent_id
), below AS (
    SELECT 'ad' AS kind, * FROM known_ad UNION ALL SELECT 'keyword' AS kind, * FROM known_keyword
)
SELECT 'campaign' AS kind, platform, id, account_id FROM known_campaign
UNION ALL SELECT 'ad_group', platform, id, account_id FROM g
UNION ALL SELECT b.kind, b.platform, b.id, coalesce(b.account_id, g.account_id)
FROM below b LEFT JOIN g ON g.platform = b.platform AND g.id = b.parent_id
"""


def load(tables: list[Staged], engine: Engine) -> None:
    """Fill ``known_*`` from the history tables among ``tables``; call it once, before preparing."""
    histories = [staged for staged in tables if staged.table.format.fact == "history"]
    engine.execute("CREATE OR REPLACE TEMP TABLE all_known AS " + _all_known(histories))
    for kind in KINDS:
        engine.execute(
            f"CREATE OR REPLACE TEMP TABLE known_{kind} AS SELECT platform, entity_id AS id, "
            "arg_max(parent_id, seen_at) AS parent_id, arg_max(account_id, seen_at) AS account_id, "
            "arg_max(name, seen_at) AS name, arg_max(currency, seen_at) AS currency, "
            "arg_max(time_zone, seen_at) AS time_zone "
            f"FROM all_known WHERE kind = '{kind}' AND entity_id IS NOT NULL "
            "GROUP BY platform, entity_id"
        )
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE codes_of_orders AS SELECT platform, entity_id AS id, "
        "string_agg(DISTINCT name, ', ' ORDER BY name) AS codes FROM all_known "
        f"WHERE kind = '{ORDER_CODE}' AND name IS NOT NULL AND NOT contains(name, '@') "
        "GROUP BY platform, entity_id"
    )
    engine.execute(f"CREATE OR REPLACE TEMP TABLE account_of_known AS {_ACCOUNT_OF}")


def _all_known(histories: list[Staged]) -> str:
    parts = []
    for staged in histories:
        words = {word: (word if word in staged.columns else "NULL") for word in _WORDS}
        parts.append(
            f"SELECT '{staged.table.format.entity_kind}' AS kind, "
            f"{words['entity_id']} AS entity_id, "
            f"CAST({words['entity_name']} AS VARCHAR) AS name, "
            f"CAST({words['parent_id']} AS VARCHAR) AS parent_id, "
            f"CAST({words['account_id']} AS VARCHAR) AS account_id, "
            f"CAST({words['currency']} AS VARCHAR) AS currency, "
            f"CAST({words['time_zone']} AS VARCHAR) AS time_zone, "
            f"coalesce(CAST({words['modified_at']} AS TIMESTAMP), TIMESTAMP '1970-01-01') "
            "AS seen_at, "
            f"'{staged.table.format.platform}' AS platform FROM {staged.source}"
        )
    empty = (
        "SELECT NULL::VARCHAR AS kind, NULL::VARCHAR AS entity_id, NULL::VARCHAR AS name, "
        "NULL::VARCHAR AS parent_id, NULL::VARCHAR AS account_id, NULL::VARCHAR AS currency, "
        "NULL::VARCHAR AS time_zone, NULL::TIMESTAMP AS seen_at, NULL::VARCHAR AS platform "
        "WHERE false"
    )
    return " UNION ALL ".join([empty, *parts])


def load_names(engine: Engine, relation: str, platform_assets: list[int]) -> None:
    """Fill ``name_of_*``: ids that are known by exactly one name each, for files without ids."""
    keys = ", ".join(map(str, platform_assets)) or "NULL"
    for kind in ("campaign", "ad_group", "ad"):
        engine.execute(
            f"CREATE OR REPLACE TEMP TABLE name_of_{kind} AS "
            "SELECT name, any_value(entity_id) AS id "
            f"FROM {relation} WHERE kind = '{kind}' AND asset_key IN ({keys}) "
            "AND NOT starts_with(entity_id, 'name:') GROUP BY name "
            "HAVING count(DISTINCT entity_id) = 1"
        )


def present(engine: Engine) -> bool:
    found = engine.execute(
        "SELECT count(*) FROM information_schema.tables WHERE table_name = 'all_known'"
    ).fetchall()[0][0]
    if not found:
        return False
    return bool(engine.execute("SELECT count(*) > 0 FROM all_known").fetchall()[0][0])


def account(engine: Engine, platform: str, ref: str) -> dict[str, str]:
    """Name, currency and time zone of an account that a history table of the call describes."""
    if not ref:
        return {}
    rows = engine.execute(
        "SELECT coalesce(name, ''), coalesce(currency, ''), coalesce(time_zone, '') "
        "FROM known_account WHERE platform = ? AND id = ?",
        [platform, ref],
    ).fetchall()
    return dict(zip(("name", "currency", "time_zone"), rows[0], strict=True)) if rows else {}


def resolve_accounts(staged: Staged, engine: Engine, book: AccountBook) -> None:
    """Accounts that a history table describes are assets, with or without figures."""
    if staged.table.format.entity_kind != "account":
        return
    rows = engine.execute(
        "SELECT id, coalesce(name, ''), coalesce(currency, ''), coalesce(time_zone, '') "
        "FROM known_account WHERE platform = ? AND id IN (SELECT entity_id FROM "
        + staged.source
        + ")",
        [staged.table.format.platform],
    ).fetchall()
    book.resolve([FoundAccount(staged.table.format.platform, *row) for row in rows])


def names(engine: Engine, platform: str) -> str:
    """SELECT of every version of every name, for accounts that the call has resolved."""
    return (
        "SELECT coalesce(o.account_id, '') AS ref, CAST(k.seen_at AS DATE) AS date, k.kind, "
        "k.entity_id, k.parent_id, k.name FROM all_known k JOIN account_of_known o "
        "ON o.platform = k.platform AND o.kind = k.kind AND o.id = k.entity_id "
        f"WHERE k.platform = '{platform}' AND k.name IS NOT NULL"
    )


def names_of_rows(platform: str, view: str) -> list[str]:
    """SELECTs of the names of the entities that the rows of ``view`` mention.

    A history may describe an ad group and not its campaign: the rows know whose it is.
    """
    return [
        "SELECT v.asset_key, CAST(k.seen_at AS DATE) AS date, k.kind, k.entity_id, k.parent_id, "
        f"k.name FROM (SELECT DISTINCT asset_key, {kind}_id AS id FROM {view}) v "
        f"JOIN all_known k ON k.platform = '{platform}' AND k.kind = '{kind}' "
        "AND k.entity_id = v.id WHERE k.name IS NOT NULL"
        for kind in KINDS
        if kind != "account"
    ]
