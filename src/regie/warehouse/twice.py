"""What came in by two ways counts once: by a file or a program, and by our own measurement.

Orders, leads and calls have numbers: of two rows of one number, in one organisation and within a
few days, that of the file counts, since it is what the shop's books say; where it does not say
which way the customer came, the measured one does. A row without figures is an order that came to
nothing: no other row of its number counts. Where the two have no number in common, somebody says
which source counts: from that day on the rows of the other do not. Visits have no numbers: on a day
that both know, our own measurement counts, except on its first day, of which it saw a part only;
unless somebody said otherwise of an imported source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

NEAR_DAYS = 3  # the file may date an order by its payment, or in another time zone
_OURS = "origin = 'collector'"
MEASURED, IMPORTED, BOTH = "measured", "imported", "both"
_NOTHING_SAID = (
    "(SELECT NULL::BIGINT AS imported, NULL::BIGINT AS measured, '' AS which, "
    "NULL::DATE AS starts WHERE false)"
)
_VOID = "v.kind = 'order' AND v.orders IS NULL"
_WAY = ("channel", "source", "medium", "campaign")


@dataclass(frozen=True)
class Counted:
    """What somebody said of an imported source of a ``fact``: from the day ``starts`` on, of it and
    of the ``measured`` account the one called ``which`` counts, or both do."""

    imported: int
    measured: int | None
    which: str
    starts: date
    fact: str = "visits"


def relation_of(counting: Sequence[Counted]) -> str:
    """What ``counting`` says of visits, as SQL."""
    counting = [one for one in counting if one.fact == "visits"]
    if not counting:
        return _NOTHING_SAID
    rows = ", ".join(
        f"({one.imported:d}, {'NULL' if one.measured is None else int(one.measured)}::BIGINT, "
        f"'{one.which}', DATE '{one.starts}')"
        for one in counting
    )
    return f"(SELECT * FROM (VALUES {rows}) v(imported, measured, which, starts))"


def left_aside(counting: Sequence[Counted], fact: str, *, which: str = "", alias: str = "") -> str:
    """The condition of rows that do not count because another source was chosen; empty for none.

    With ``which`` only those left aside for the source of this name. Of visits it says nothing:
    there the days decide that both know.
    """
    if fact == "visits":
        return ""
    where, told = f"{alias}." if alias else "", []
    for one, until in _spans(counting, fact):
        if one.which == BOTH or which not in ("", one.which):
            continue
        is_ours = one.which == IMPORTED
        asset = one.measured if is_ours else one.imported
        if asset is None:
            continue
        end = f" AND {where}date < DATE '{until}'" if until else ""
        told.append(
            f"({where}asset_key = {asset:d} AND ({where}{_OURS}) = {is_ours} "
            f"AND {where}date >= DATE '{one.starts}'{end})"
        )
    return f"({' OR '.join(told)})" if told else ""


def _spans(counting: Sequence[Counted], fact: str) -> Iterator[tuple[Counted, date | None]]:
    """What was said of a fact, and the day from which something else is said of that source."""
    of: dict[int, list[Counted]] = defaultdict(list)
    for one in counting:
        if one.fact == fact:
            of[one.imported].append(one)
    for said in of.values():
        ordered = sorted(said, key=lambda one: one.starts)
        yield from zip(ordered, [*(one.starts for one in ordered[1:]), None], strict=True)


def measured_days(relation: str, assets: str) -> str:
    """Between which days something can be told twice, where nothing comes to nothing."""
    return (
        f"SELECT min(date) - {NEAR_DAYS}, max(date) + {NEAR_DAYS} FROM {relation} "
        f"WHERE {_OURS} AND {assets}"
    )


def came_to_nothing(orders: str, order: str) -> str:
    """Whether the relation ``orders`` says so of the row ``order``, which has ``organisation_id``
    and ``ref``: it was cancelled, a test or never paid, whoever told of it."""
    return (
        f"EXISTS (SELECT 1 FROM {orders} v WHERE {_VOID} "
        f"AND v.organisation_id = {order}.organisation_id AND v.order_id = {order}.ref)"
    )


def those_of_nothing(orders: str) -> str:
    """The same as a relation of its own: ``organisation_id`` and ``ref`` of such orders."""
    return f"SELECT DISTINCT organisation_id, order_id AS ref FROM {orders} v WHERE {_VOID}"


@dataclass(frozen=True)
class Numbered:
    """Facts of which each row has a number of its own; ``same`` is equal in both rows."""

    number: str
    same: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()  # what the measured row may add, beside the way
    figure: str = ""  # empty in a row that came to nothing, whoever told of it and whenever
    counted: str = "count(*)"

    fact: str = "orders"

    def both(self, relation: str, assets: str, counting: Sequence[Counted] = ()) -> str:
        """One row for each number that both know: what the measured one says of the way."""
        keys = ("organisation_id", self.number, *self.same)
        named = ", ".join(f"any_value(c.{name}) AS {name}" for name in (*_WAY, *self.taken))
        met = " AND ".join(f"c.{key} IS NOT DISTINCT FROM i.{key}" for key in keys)
        void = f"{self.figure} IS NULL" if self.figure else "false"
        # An import that does not count says nothing of others, but that they came to nothing.
        aside = left_aside(counting, self.fact, which=MEASURED)
        stands = f"AND (NOT {aside} OR {void})" if aside else ""
        return (
            f"SELECT {', '.join(f'c.{key}' for key in keys)}, min(c.date) AS date, {named} "
            f"FROM (SELECT * FROM {relation} WHERE {_OURS} AND {assets}) c "
            f"JOIN (SELECT *, {void} AS is_void FROM {relation} "
            f"WHERE (NOT ({_OURS}) OR {void}) AND {assets} {stands}) i ON {met} "
            f"AND (i.is_void OR abs(date_diff('day', c.date, i.date)) <= {NEAR_DAYS}) GROUP BY ALL"
        )

    def once(self, relation: str, both: str, counting: Sequence[Counted] = ()) -> str:
        keys = ("organisation_id", self.number, *self.same)
        met = " AND ".join(f"t.{key} IS NOT DISTINCT FROM f.{key}" for key in keys)
        unsaid = " AND ".join(f"f.{name} IS NULL" for name in _WAY)
        way = [f"CASE WHEN {unsaid} THEN t.{name} ELSE f.{name} END AS {name}" for name in _WAY]
        way += [f"coalesce(f.{name}, t.{name}) AS {name}" for name in self.taken]
        aside = left_aside(counting, self.fact, alias="f")
        return (
            f"(SELECT f.* REPLACE ({', '.join(way)}) FROM {relation} f "
            f"LEFT JOIN {both} t ON {met} WHERE (t.date IS NULL OR NOT (f.{_OURS})"
            + (f" OR f.{self.figure} IS NULL)" if self.figure else ")")
            + (f" AND NOT {aside})" if aside else ")")
        )


class Visits:
    """Accounts and days to leave aside: ``is_ours`` of the measured visits, or the imported.

    Where nobody said which source counts, an organisation's own measurement does from its second
    day on. ``counting`` holds what was said: see ``Counted``.
    """

    counted = "count(DISTINCT (organisation_id, date))"
    figure = ""

    def both(self, relation: str, assets: str, counting: Sequence[Counted] = ()) -> str:
        said = relation_of(counting)
        seen = f"SELECT organisation_id, asset_key, date FROM {relation} WHERE {assets} AND visits"
        return (
            "WITH said AS (SELECT *, coalesce(lead(starts) OVER (PARTITION BY imported "
            f"ORDER BY starts), DATE '9999-12-31') AS until FROM {said}), "
            "measured AS (SELECT *, "
            "date > min(date) OVER (PARTITION BY organisation_id) AS later, "
            "date > min(date) OVER (PARTITION BY asset_key) AS later_there "
            f"FROM (SELECT DISTINCT * FROM ({seen} > 0 AND {_OURS}))), "
            "imported AS (SELECT i.*, s.which, s.measured FROM "
            f"(SELECT DISTINCT * FROM ({seen} > 0 AND NOT ({_OURS}))) i LEFT JOIN said s "
            "ON s.imported = i.asset_key AND i.date >= s.starts AND i.date < s.until), "
            "pairs AS (SELECT i.organisation_id, i.date, i.asset_key AS imported, "
            "m.asset_key AS measured, CASE WHEN i.which IS NULL THEN m.later "
            f"ELSE i.which = '{MEASURED}' AND m.later_there END AS is_measured "
            "FROM imported i JOIN measured m ON m.organisation_id = i.organisation_id "
            "AND m.date = i.date AND (i.which IS NULL OR m.asset_key = i.measured) "
            f"WHERE i.which IS DISTINCT FROM '{BOTH}') "
            "SELECT DISTINCT organisation_id, date, false AS is_ours, imported AS asset_key "
            "FROM pairs WHERE is_measured UNION "
            "SELECT DISTINCT organisation_id, date, true, measured FROM pairs WHERE NOT is_measured"
        )

    def once(self, relation: str, both: str, counting: Sequence[Counted] = ()) -> str:
        return (
            f"(SELECT f.* FROM {relation} f LEFT JOIN {both} t ON t.asset_key = f.asset_key "
            f"AND t.date = f.date AND t.is_ours = (f.{_OURS}) WHERE t.date IS NULL)"
        )


TWICE: dict[str, Numbered | Visits] = {
    "orders": Numbered("order_id", ("kind",), ("promo_code", "customer"), figure="orders"),
    "leads": Numbered("lead_id", taken=("form",), fact="leads"),
    "calls": Numbered("call_id", fact="calls"),
    "visits": Visits(),
}
