"""Spreads typed rows over the facts they hold: performance, conversions, visits, orders …

One wide view gives every word of the vocabulary (absent ones are NULL), with entities, account
and currency resolved; each fact then takes its own columns from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from regie.domain.facts import EARNED, FACTS, TABLES
from regie.ingestion import earned
from regie.ingestion.format import Format
from regie.ingestion.names_in_rows import NAMED, words_of
from regie.ingestion.portions import Portion
from regie.ingestion.staging import Staged
from regie.ingestion.vocabulary import (
    ADDITIVE,
    CONVERSION_MEASURES,
    EARNED_MEASURES,
    KINDS,
    NONADDITIVE_MEASURES,
    PERFORMANCE_MEASURES,
    TEXT_KINDS,
    VISIT_MEASURES,
)
from regie.kernel.periods import Period

_TYPES = {"count": "BIGINT", "date": "DATE", "timestamp": "TIMESTAMP", "flag": "BOOLEAN",
          "text": "VARCHAR", "id": "VARCHAR", "sale": "VARCHAR"}  # fmt: skip
_KEYS = (
    "date", "period_start", "period_end", "account_ref", "asset_key", "currency", "level",
    "campaign_id", "ad_group_id", "ad_id", "keyword_id", "ad_network", "location", "channel",
    "source", "medium", "campaign", "landing_page", "conversion_name", "attribution", "category",
)  # fmt: skip


@dataclass(frozen=True)
class Context:
    """What the import knows beside the rows."""

    import_id: int
    organisation_id: int
    imported_on: date
    account: str = ""  # answered by a person, or found in the file's preamble
    currency: str = ""
    period: Period | None = None
    has_history: bool = False
    owners: Mapping[int, int] = field(default_factory=dict)  # of accounts that are of others

    def organisation(self) -> str:
        """In whose books a row stands, as SQL over its ``asset_key``."""
        if not self.owners:
            return str(self.organisation_id)
        cases = " ".join(f"WHEN {key} THEN {owner}" for key, owner in sorted(self.owners.items()))
        return f"CASE asset_key {cases} ELSE {self.organisation_id} END"


def rows(staged: Staged, context: Context) -> str:
    """The rows of ``staged``, each with all that it says."""
    return _wide(staged, context, staged.source, words_of(staged))


def voided(staged: Staged, context: Context) -> str:
    """The lines left aside whose order counts nowhere."""
    return _wide(staged, context, staged.voided, words_of(staged))


def figures(staged: Staged, context: Context) -> str:
    """The rows of ``staged`` with their ``who``, and nothing that their texts say."""
    words = {word for word in words_of(staged) if staged.columns[word] not in TEXT_KINDS}
    return _wide(staged, context, staged.figures, words, "who")


def summed(staged: Staged, context: Context) -> str:
    """The summary of ``staged``, one row for each ``who``."""
    return _wide(staged, context, staged.summary, words_of(staged), "who", "lines")


def _wide(staged: Staged, context: Context, source: str, words: set[str], *others: str) -> str:
    """An SQL statement: every word of the vocabulary, ids resolved, ``account_ref`` and ``level``.

    Of ``source`` its ``words`` are read, and ``others`` are kept as they are. Reads the tables
    ``account_of_*`` and ``name_of_*`` that the pipeline prepares.
    """
    given = ", ".join(
        f"r.{word}" if word in words else f"CAST(NULL AS {_type(word)}) AS {word}" for word in KINDS
    )
    base = f"SELECT {', '.join([given, *others])} FROM {source} r"
    return (
        f"SELECT b.* REPLACE ({_replaced(staged.table.format, context, words)}), "
        f"{_account_ref(context, words)} AS account_ref, "
        f"'{_level(staged.table.format, words)}' AS level FROM ({base}) b "
        f"{_joins(staged.table.format, context, words)}"
    )


def _type(word: str) -> str:
    return _TYPES.get(KINDS[word], "DECIMAL(20,9)")


def _joins(format_: Format, context: Context, words: set[str]) -> str:
    joins = []
    if context.has_history:
        joins = [
            f"LEFT JOIN known_{kind} {alias} ON {alias}.platform = '{format_.platform}' "
            f"AND {alias}.id = {id_}"
            for kind, alias, id_ in (
                ("keyword", "hk", "b.keyword_id"),
                ("ad", "ha", "b.ad_id"),
                ("ad_group", "hg", "coalesce(b.ad_group_id, ha.parent_id, hk.parent_id)"),
                ("campaign", "hc", "coalesce(b.campaign_id, hg.parent_id)"),
            )
        ]
    if _has_codes_beside(format_, context, words):
        joins.append(
            f"LEFT JOIN codes_of_orders oc ON oc.platform = '{format_.platform}' "
            "AND oc.id = b.order_id"
        )
    for kind in ("campaign", "ad_group", "ad"):
        if kind in words and f"{kind}_id" not in words:
            joins.append(f"LEFT JOIN name_of_{kind} n_{kind} ON n_{kind}.name = b.{kind}")
    return " ".join(joins)


def _codes(format_: Format, context: Context, words: set[str]) -> list[str]:
    if "promo_code" in words:  # an e-mail address is no code, and names a person
        return ["CASE WHEN NOT contains(b.promo_code, '@') THEN b.promo_code END AS promo_code"]
    return ["oc.codes AS promo_code"] if _has_codes_beside(format_, context, words) else []


def _has_codes_beside(format_: Format, context: Context, words: set[str]) -> bool:
    """Whether a table of the call may say which codes the orders of this one used."""
    is_sale = format_.fact == "orders" and format_.order_kind != "refund"
    return context.has_history and is_sale and "promo_code" not in words


def _replaced(format_: Format, context: Context, words: set[str]) -> str:
    parts = [
        f"{_entity(kind, context, words)} AS {kind}_id" for kind in ("campaign", "ad_group", "ad")
    ]
    parts.append("coalesce(b.keyword_id, b.search_term, b.keyword) AS keyword_id")
    if "source_medium" in words:
        parts += [
            "coalesce(b.source, trim(split_part(b.source_medium, ' / ', 1))) AS source",
            "coalesce(b.medium, nullif(trim(split_part(b.source_medium, ' / ', 2)), '')) AS medium",
        ]
    if "period_start" in words:  # else the day stays a plain column, by which rows are found
        single_day = "b.period_start = coalesce(b.period_end, b.period_start)"
        parts.append(f"coalesce(b.date, CASE WHEN {single_day} THEN b.period_start END) AS date")
    if format_.order_kind:
        parts.append(f"coalesce(b.order_kind, '{_sql(format_.order_kind)}') AS order_kind")
    if format_.order_kind == "refund":
        parts.append("-abs(b.revenue) AS revenue")
    elif "order_kind" in words:
        refunded = "CASE WHEN b.order_kind = 'refund' THEN -abs(b.revenue) ELSE b.revenue END"
        parts.append(f"{refunded} AS revenue")
    if context.period and "period_start" not in words:
        parts += [
            f"DATE '{context.period.start}' AS period_start",
            f"DATE '{context.period.end}' AS period_end",
        ]
    parts += _codes(format_, context, words)
    parts.append(f"coalesce(b.attribution, '{_sql(format_.attribution)}') AS attribution")
    parts.append(f"coalesce(b.category, '{_sql(format_.category)}') AS category")
    parts.append(
        f"coalesce(nullif(upper(trim(b.currency)), ''), '{_sql(context.currency)}') AS currency"
    )
    return ", ".join(parts)


def _entity(kind: str, context: Context, words: set[str]) -> str:
    options = [f"b.{kind}_id"]
    if context.has_history:
        options += {
            "campaign": ["hg.parent_id"],
            "ad_group": ["ha.parent_id", "hk.parent_id"],
            "ad": [],
        }[kind]
    if kind in words and f"{kind}_id" not in words:
        options.append(f"n_{kind}.id")
    options.append(f"'name:' || b.{kind}")
    return f"coalesce({', '.join(options)})"


def _account_ref(context: Context, words: set[str]) -> str:
    options = ["b.account_id"]
    if context.has_history:
        options += ["hk.account_id", "ha.account_id", "hg.account_id", "hc.account_id"]
    if context.account:
        options.append(f"'{_sql(context.account)}'")
    options.append("'name:' || b.account_name")
    return f"coalesce({', '.join(options)}, '')"


def _level(format_: Format, words: set[str]) -> str:
    if format_.level:
        return format_.level
    for level in ("search_term", "keyword", "ad", "ad_group", "campaign", "location"):
        if level in words or f"{level}_id" in words:
            return level
    return "account"


def merged(view: str, words: set[str]) -> str:
    """Rows split by hour or device, added up."""
    keys = ", ".join(_KEYS)
    sums = ", ".join(f"CAST(sum({word}) AS {_type(word)}) AS {word}" for word in ADDITIVE)
    # Reach of a line that nothing splits is the reach; of several lines it cannot be known.
    alone = ", ".join(
        f"CASE WHEN count(*) = 1 THEN max({word}) END AS {word}" for word in NONADDITIVE_MEASURES
    )
    named = [word for word in (*NAMED, "search_term") if word not in _KEYS]
    names = ", ".join(f"max({word}) AS {word}" for word in named)
    return f"SELECT {keys}, {names}, {sums}, {alone} FROM {view} GROUP BY {keys}"


def facts_of(staged: Staged, context: Context, view: str) -> Iterator[tuple[str, list[Portion]]]:
    """Table name and rows, for each fact that the file feeds.

    ``view`` has the words, ``asset_key`` and ``level``; rows without a day become period figures.
    """
    words = words_of(staged)
    format_ = staged.table.format
    if format_.fact in {"orders", "leads", "calls"}:
        event = _event(format_, context, view)
        voided = [_void(event, format_)] if staged.has_voided else []
        if voided:
            event = replace(event, where=f"{event.where} AND NOT is_voided")
        yield format_.fact, [event, *voided]
        return
    if ("date" in words or "period_start" in words) and not format_.lifetime:
        yield from _daily(format_, context, view, words)
    if "date" not in words or format_.lifetime:
        measures = (
            *PERFORMANCE_MEASURES,
            *CONVERSION_MEASURES,
            *VISIT_MEASURES,
            *EARNED_MEASURES,
            *NONADDITIVE_MEASURES,
        )
        yield "period_figures", _long("period_figures", measures, format_, context, view, words)


def _daily(
    format_: Format, context: Context, view: str, words: set[str]
) -> Iterator[tuple[str, list[Portion]]]:
    if format_.fact == "visits":
        yield "visits", [_fact("visits", format_, context, view, _any(VISIT_MEASURES, words))]
    elif words & set(PERFORMANCE_MEASURES):
        measured = _any(PERFORMANCE_MEASURES, words)
        yield "performance", [_fact("performance", format_, context, view, measured)]
    if words & set(CONVERSION_MEASURES):
        measured = _any(CONVERSION_MEASURES, words)
        yield "conversions", [_fact("conversions", format_, context, view, measured)]
    if earned.in_words(words):
        row = _fact(EARNED.name, format_, context, view, "date IS NOT NULL")
        yield EARNED.name, list(earned.portions(row, words))
    if words & set(NONADDITIVE_MEASURES):
        yield (
            "nonadditive",
            _long("nonadditive", NONADDITIVE_MEASURES, format_, context, view, words),
        )


def _any(measures: tuple[str, ...], words: set[str]) -> str:
    present = " OR ".join(f"{word} IS NOT NULL" for word in measures if word in words)
    if not present:
        return "false"
    # A line without its day was refused.
    return f"({present})" if "date" in words else f"date IS NOT NULL AND ({present})"


def _fact(name: str, format_: Format, context: Context, view: str, where: str) -> Portion:
    columns = {
        column.name: f"CAST({_source(column.name, format_, context)} AS {column.type})"
        for column in FACTS[name].columns
    }
    return Portion(columns, view, where)


def _event(format_: Format, context: Context, view: str) -> Portion:
    return _fact(format_.fact, format_, context, view, "date IS NOT NULL")


def _void(event: Portion, format_: Format) -> Portion:
    """The rows whose order came to nothing: without figures."""
    figures = {one.name: f"CAST(NULL AS {one.type})" for one in FACTS[format_.fact].measures}
    return replace(
        event, columns={**event.columns, **figures}, where=f"{event.where} AND is_voided"
    )


def _source(column: str, format_: Format, context: Context) -> str:
    provisional_after = context.imported_on - timedelta(days=format_.restated)
    fixed = {
        "organisation_id": context.organisation(),
        "import_id": str(context.import_id),
        "origin": f"'{format_.origin}'",
        "provisional": f"date > DATE '{provisional_after}'" if format_.restated else "false",
        "is_primary": "true" if format_.primary else "false",
        "kind": "coalesce(order_kind, 'order')",
        "orders": "CASE WHEN coalesce(order_kind, 'order') = 'order' THEN 1 ELSE 0 END",
        "calls": "1",
        # Where refunds have no number of their own they repeat that of the order.
        "refund_of": "CASE WHEN order_kind = 'refund' THEN coalesce(parent_id, order_id) END",
    }
    if format_.fact == "leads":
        fixed["leads"] = "1"
    return fixed.get(column, column)


def _long(
    table: str,
    measures: tuple[str, ...],
    format_: Format,
    context: Context,
    view: str,
    words: set[str],
) -> list[Portion]:
    """One row per figure: these are never added up by accident."""
    parts = []
    for word in measures:
        if word not in words:
            continue
        own = {"metric": f"'{_metric_name(word, format_)}'", "value": word}
        if table == "period_figures":
            own |= _period_columns(format_)
        columns = {
            column.name: f"CAST({own.get(column.name) or _source(column.name, format_, context)} "
            f"AS {column.type})"
            for column in TABLES[table].columns
        }
        parts.append(Portion(columns, view, f"{word} IS NOT NULL AND {_dated(table, format_)}"))
    return parts


def _dated(table: str, format_: Format) -> str:
    if table == "nonadditive":
        return "date IS NOT NULL"
    return "true" if format_.lifetime else "date IS NULL"


def _period_columns(format_: Format) -> dict[str, str]:
    if format_.lifetime:
        # A cumulative snapshot covers everything until its day: the latest one contains the rest.
        return {"date": "DATE '1970-01-01'", "period_end": "date"}
    return {
        "date": "period_start",
        "period_end": "coalesce(period_end, period_start)",
        "provisional": "false",
    }


def _metric_name(word: str, format_: Format) -> str:
    if word in EARNED_MEASURES:
        return earned.metric_of(word)
    if word == "conversion_value" and not format_.primary:
        return "total_revenue"
    return word


def _sql(text: str) -> str:
    return text.replace("'", "''")
