"""Short ways to declare the tables that a platform's interface gives, as connectors deliver them.

They are text with ISO days and a dot as the decimal mark, one table per level, and names and
currencies in tables of their own (``history``).
"""

from __future__ import annotations

from regie.ingestion.format import Column, Count, Format, Rule

SOURCE = "tables of the platform's interface, as common loaders write them"
ROWS = "count(*)"


def daily(
    *,
    name: str,
    label: str,
    platform: str,
    level: str,
    columns: tuple[Column, ...],
    required: tuple[tuple[str, ...], ...],
    without: tuple[str, ...] = (),
    rules: tuple[Rule, ...] = (),
    counts: tuple[Count, ...] = (),
    restated: int = 0,
    time_zone: str = "",
    attribution: str = "",
    merge: bool = False,
    lifetime: bool = False,
    stamped_at_end: bool = False,
    certainty: str = "high",
    notes: tuple[str, ...] = (),
) -> Format:
    """Figures by day (or, with ``lifetime``, cumulative snapshots) at one level."""
    return Format(
        name=name,
        label=label,
        platform=platform,
        level=level,
        columns=columns,
        required=required,
        without=without,
        rules=rules,
        counts=counts,
        restated=restated,
        time_zone=time_zone,
        attribution=attribution,
        merge=merge,
        lifetime=lifetime,
        stamped_at_end=stamped_at_end,
        decimal=".",
        origin="api",
        certainty=certainty,
        source=SOURCE,
        notes=notes,
    )


def history(
    *,
    name: str,
    label: str,
    platform: str,
    kind: str,
    columns: tuple[Column, ...],
    required: tuple[str, ...],
    without: tuple[str, ...] = (),
    exactly: bool = False,
    counts: tuple[Count, ...] = (),
    notes: tuple[str, ...] = (),
) -> Format:
    """Names, parents, currencies and time zones of one kind of entity, in several versions."""
    return Format(
        name=name,
        label=label,
        platform=platform,
        fact="history",
        entity_kind=kind,
        columns=columns,
        required=_labels(required),
        without=without,
        exactly=exactly,
        counts=counts,
        decimal=".",
        origin="api",
        certainty="high",
        source=SOURCE,
        notes=notes,
    )


def events(
    *,
    name: str,
    label: str,
    platform: str,
    fact: str,
    columns: tuple[Column, ...],
    required: tuple[str, ...],
    without: tuple[str, ...] = (),
    rules: tuple[Rule, ...] = (),
    counts: tuple[Count, ...] = (),
    order_kind: str = "",
    certainty: str = "high",
    notes: tuple[str, ...] = (),
) -> Format:
    """One row per thing that happened at a moment in UTC: orders, refunds, leads."""
    return Format(
        name=name,
        label=label,
        platform=platform,
        fact=fact,
        columns=columns,
        required=_labels(required),
        without=without,
        rules=rules,
        counts=counts,
        order_kind=order_kind,
        time_zone="UTC",
        decimal=".",
        origin="api",
        certainty=certainty,
        source=SOURCE,
        notes=notes,
    )


def counted(
    *,
    name: str,
    label: str,
    platform: str,
    required: tuple[str, ...],
    without: tuple[str, ...] = (),
    counts: tuple[Count, ...] = (),
    notes: tuple[str, ...] = (),
) -> Format:
    """A table that is recognised so that it never passes for another; its rows are counted."""
    return Format(
        name=name,
        label=label,
        platform=platform,
        fact="counted",
        columns=(),
        required=_labels(required),
        without=without,
        counts=counts,
        decimal=".",
        origin="api",
        certainty="high",
        source=SOURCE,
        notes=notes,
    )


def side_tables(
    platform: str, label: str, *tables: tuple[str, tuple[str, ...]]
) -> tuple[Format, ...]:
    """Several ``counted`` tables, each a name and the labels that only it has."""
    return tuple(
        counted(
            name=f"{platform}_api_{name}",
            label=f"{label}: {name.replace('_', ' ')}",
            platform=platform,
            required=labels,
            counts=(Count(f"{name}_rows", ROWS),),
        )
        for name, labels in tables
    )


def _labels(required: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple((f"label:{label}",) for label in required)


# Parts of the SQL of rules and counts: cells come trimmed, an absent one as empty text.


def filled(label: str) -> str:
    return f"{{{label}}} <> ''"


def is_true(label: str) -> str:
    return f"lower({{{label}}}) IN ('true', '1', 't', 'yes')"


def rows_where(condition: str) -> str:
    return f"count(*) FILTER (WHERE {condition})"


def amount(label: str) -> str:
    """The cell as an exact decimal, or nothing."""
    return f"try_cast(nullif({{{label}}}, '') AS DECIMAL(38, 19))"


def total(label: str, *, where: str = "true") -> str:
    return f"coalesce(sum({amount(label)}) FILTER (WHERE {where}), 0)"


def latest(label: str, *, entity: str, seen: str) -> str:
    """The sum over entities of each one's value in its latest snapshot."""
    snapshots = (
        f"list(struct_pack(seen := {{{seen}}}, entity := {{{entity}}}, amount := {amount(label)}))"
    )
    return (
        f"list_sum(list_transform(list_distinct(list({{{entity}}})), lambda one: list_last("
        f"list_sort(list_filter({snapshots}, lambda row: row.entity = one))).amount))"
    )
