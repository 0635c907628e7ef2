"""What came in by two ways counts once: by a file or a program, and by our own measurement.

Orders, leads and calls have numbers: of two rows of one number, in one organisation and within a
few days, that of the file counts, since it is what the shop's books say; where it does not say
which way the customer came, the measured one does. Visits have none: on a day that both know, our
own measurement counts, except on its first day, of which it saw a part only.
"""

from __future__ import annotations

from dataclasses import dataclass

NEAR_DAYS = 3  # the file may date an order by its payment, or in another time zone
_OURS = "origin = 'collector'"
_WAY = ("channel", "source", "medium", "campaign")


@dataclass(frozen=True)
class Numbered:
    """Facts of which each row has a number of its own; ``same`` is equal in both rows."""

    number: str
    same: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()  # what the measured row may add, beside the way

    def both(self, relation: str, assets: str) -> str:
        """One row for each number that both know: what the measured one says of the way."""
        keys = ("organisation_id", self.number, *self.same)
        named = ", ".join(f"any_value(c.{name}) AS {name}" for name in (*_WAY, *self.taken))
        met = " AND ".join(f"c.{key} IS NOT DISTINCT FROM i.{key}" for key in keys)
        return (
            f"SELECT {', '.join(f'c.{key}' for key in keys)}, min(c.date) AS date, {named} "
            f"FROM (SELECT * FROM {relation} WHERE {_OURS} AND {assets}) c "
            f"JOIN (SELECT * FROM {relation} WHERE NOT ({_OURS}) AND {assets}) i ON {met} "
            f"AND abs(date_diff('day', c.date, i.date)) <= {NEAR_DAYS} GROUP BY ALL"
        )

    def once(self, relation: str, both: str) -> str:
        keys = ("organisation_id", self.number, *self.same)
        met = " AND ".join(f"t.{key} IS NOT DISTINCT FROM f.{key}" for key in keys)
        unsaid = " AND ".join(f"f.{name} IS NULL" for name in _WAY)
        way = [f"CASE WHEN {unsaid} THEN t.{name} ELSE f.{name} END AS {name}" for name in _WAY]
        way += [f"coalesce(f.{name}, t.{name}) AS {name}" for name in self.taken]
        return (
            f"(SELECT f.* REPLACE ({', '.join(way)}) FROM {relation} f "
            f"LEFT JOIN {both} t ON {met} WHERE t.date IS NULL OR NOT (f.{_OURS}))"
        )


class Visits:
    """``is_ours`` of a day: whether the measured visits count, or the imported ones."""

    def both(self, relation: str, assets: str) -> str:
        return (
            "SELECT organisation_id, date, date > first AS is_ours FROM ("
            f"SELECT organisation_id, date, min(date) FILTER (WHERE {_OURS} AND visits > 0) "
            "OVER (PARTITION BY organisation_id) AS first, origin, visits "
            f"FROM {relation} WHERE {assets} AND visits > 0) GROUP BY ALL "
            f"HAVING bool_or({_OURS}) AND bool_or(NOT ({_OURS}))"
        )

    def once(self, relation: str, both: str) -> str:
        return (
            f"(SELECT f.* FROM {relation} f LEFT JOIN {both} t "
            "ON t.organisation_id = f.organisation_id AND t.date = f.date "
            f"WHERE t.date IS NULL OR (f.{_OURS}) = t.is_ours)"
        )


TWICE: dict[str, Numbered | Visits] = {
    "orders": Numbered("order_id", ("kind",), ("promo_code", "customer")),
    "leads": Numbered("lead_id", taken=("form",)),
    "calls": Numbered("call_id"),
    "visits": Visits(),
}
