"""A window is what a file states about: these days of this account at this level, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from regie.domain.facts import EARNED, ORDERS, TABLES
from regie.kernel.periods import Period


@dataclass(frozen=True)
class Window:
    """What one import replaces in one table.

    With ``only_keys`` it replaces only rows that its own files give again (mended lines).
    ``through`` is the last day of a period figure: another period of the same account stays.
    """

    table: str
    asset_key: int
    period: Period
    level: str = ""
    through: date | None = None
    only_keys: bool = False
    import_id: int = 0  # names: the rows of one import, never another's

    def to_json(self) -> dict[str, Any]:
        return {
            "table": self.table,
            "asset_key": self.asset_key,
            "start": self.period.start.isoformat(),
            "end": self.period.end.isoformat(),
            "level": self.level,
            "through": self.through.isoformat() if self.through else None,
            "only_keys": self.only_keys,
            "import_id": self.import_id,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Window:
        through = value.get("through")
        return cls(
            table=value["table"],
            asset_key=value["asset_key"],
            period=Period(date.fromisoformat(value["start"]), date.fromisoformat(value["end"])),
            level=value["level"],
            through=date.fromisoformat(through) if through else None,
            only_keys=value["only_keys"],
            import_id=value["import_id"],
        )

    def overlaps(self, other: Window) -> bool:
        return (
            self.table == other.table
            and self.asset_key == other.asset_key
            and self.level == other.level
            and self.through == other.through
            and self.period.overlaps(other.period)
        )

    def condition(self, alias: str, own_rows: str = "") -> str:
        """Whether a row of ``alias`` lies in this window, as SQL."""
        parts = [
            f"{alias}.asset_key = {self.asset_key}",
            f"{alias}.date BETWEEN DATE '{self.period.start}' AND DATE '{self.period.end}'",
        ]
        if self.import_id:
            parts.append(f"{alias}.import_id = {self.import_id}")
        if self.level:
            level = self.level.replace("'", "''")
            parts.append(f"{level_of(self.table, alias)} = '{level}'")
        if self.through is not None:
            parts.append(f"{alias}.period_end = DATE '{self.through}'")
        if self.only_keys:
            same = " AND ".join(
                f"own.{column.name} IS NOT DISTINCT FROM {alias}.{column.name}"
                for column in TABLES[self.table].entity
            )
            parts.append(
                f"EXISTS (SELECT 1 FROM {own_rows or 'own_rows'} own "
                f"WHERE own.asset_key = {alias}.asset_key AND own.date = {alias}.date AND {same})"
            )
        return "(" + " AND ".join(parts) + ")"


def level_of(table: str, alias: str) -> str:
    """What sets the rows of one day apart, as SQL: refunds never replace the orders of their day.

    Nor does a file of followers replace the reactions of the same page, or what was counted on
    one network that of another.
    """
    if table == EARNED.name:
        return f"concat_ws(' ', {alias}.kind, {alias}.level, {alias}.network)"
    column = "kind" if table == ORDERS.name else "level"
    return f"{alias}.{column}" if column in TABLES[table].schema else "NULL"


def same_thing(table: str, one: str, other: str) -> str:
    """Whether rows of one day tell of one thing, as SQL: levels of a day do, kinds do not."""
    kinds = {ORDERS.name: ("kind",), EARNED.name: ("kind", "network")}.get(table, ())
    same = [f"{one}.{kind} IS NOT DISTINCT FROM {other}.{kind}" for kind in kinds]
    return " AND ".join(same) or "true"


def any_of(windows: Sequence[Window], alias: str, own_rows: str = "") -> str:
    """Whether a row of ``alias`` lies in one of ``windows``."""
    if not windows:
        return "false"
    return "(" + " OR ".join(window.condition(alias, own_rows) for window in windows) + ")"
