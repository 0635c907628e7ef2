"""Reads the touches and conversions of a question, under a scope, as rows of numbers.

Who consented is joined by person, else by device; who did not is known for one day on one site, so
that his visits lead to what he does that day and to nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regie.apps.connections import selectors as connections
from regie.apps.identity import selectors as identity
from regie.domain.attribution.arrays import Longs
from regie.domain.attribution.assembling import Rows
from regie.domain.attribution.log import CONVERSION
from regie.domain.attribution.paths import Paths
from regie.domain.attribution.questions import (
    DIRECT,
    MOST_UNITS,
    NOTHING,
    OTHERS,
    QUALIFIED,
    Question,
)
from regie.domain.facts import EVENTS, LEADS, ORDERS, TOUCHES
from regie.domain.qualification import is_qualified
from regie.domain.traffic.consent import CONSENTED
from regie.ingestion.collected.filed import FILED
from regie.kernel.scope import Scope
from regie.warehouse.entities import advertising_platform
from regie.warehouse.rates import Rates
from regie.warehouse.twice import came_to_nothing
from regie.warehouse.views import Session

# Where somebody was, as a unit: in a shop, on the site by an ad or without one, or who knows where.
WHERE, SHOP, AD, SITE, PAID = "where", "shop", "ad", "site", "paid"
NONE_OR_DIRECT = f"CASE WHEN channel = '{DIRECT}' THEN '{DIRECT}' ELSE '{NOTHING}' END"
# What a touch is called, in SQL over the table of touches.
UNIT_SQL = {
    "channel": f"coalesce(nullif(channel, ''), '{DIRECT}')",
    "media": "coalesce(media, 'owned')",
    "source": f"CASE WHEN channel = '{DIRECT}' THEN '{DIRECT}' ELSE "
    "coalesce(nullif(source, ''), '(not set)') || ' / ' || coalesce(nullif(medium, ''), "
    "'(not set)') END",
    "platform": advertising_platform("media", "source", f"coalesce(platform, '{NOTHING}')"),
    "campaign": f"coalesce(nullif(campaign, ''), {NONE_OR_DIRECT})",
    "link": f"coalesce(CAST(link_id AS VARCHAR), {NONE_OR_DIRECT})",
    "location": f"coalesce(nullif(location, ''), '{NOTHING}')",
    "keyword": f"coalesce(nullif(term, ''), {NONE_OR_DIRECT})",
    "content": f"coalesce(nullif(content, ''), {NONE_OR_DIRECT})",
    "page": f"coalesce(nullif(page, ''), '{NOTHING}')",
    "device": f"coalesce(nullif(device, ''), '{NOTHING}')",
    # Not to be chosen: what browsers tell has a device, what is typed at a till or said has none.
    WHERE: f"CASE WHEN place = '{SHOP}' THEN '{SHOP}' WHEN device IS NULL THEN '{NOTHING}' "
    f"WHEN media = '{PAID}' THEN '{AD}' ELSE '{SITE}' END",
}
_SHOWN = "touch_id, happened_at, date, asset_key, mode, device, ref"
# What the metric layer has to know of a touch besides.
CARRIED = (
    "organisation_id, organisation, platform, media, location, channel, source, medium, campaign, "
    "import_id"
)

# What it has to know to be called by any unit.
EVERY_UNIT = (
    "organisation_id, platform, media, location, channel, source, medium, campaign, term, content, "
    "page, link_id"
)


@dataclass(frozen=True)
class Read:
    """``rows`` with what each of them is: columns of equal length, in the same order.

    ``names`` are the units of the codes; ``days`` the organisations' own days. ``lost`` are sales
    of the period whose amount has no rate into the asked currency, and counts as nothing;
    ``consented`` marks sales of somebody who did, ``valued`` those whose amount is known.
    ``visited`` is how many visits the period had, and how many of them could be joined, where that
    is known. ``idle`` are paths beside the rows: of whoever did nothing but visit.
    """

    rows: Rows
    names: list[str]
    table: pa.Table
    consented: np.ndarray[Any, np.dtype[np.bool_]]
    lost: int
    valued: np.ndarray[Any, np.dtype[np.bool_]]
    visited: tuple[int, int] | None = None
    idle: Paths | None = None

    def shown(self, name: str, rows: Longs) -> pa.Array:
        """What ``table`` says of some rows."""
        return self.table[name].combine_chunks().take(pa.array(rows))

    def sold_at(self, unit: str) -> Any:
        """Which conversions happened where ``unit`` is, by what they say of themselves."""
        named = pc.fill_null(pc.equal(self.table["earner"], unit), False)
        return _flags(self.table.append_column("named", named), "named") & _flags(
            self.table, "sold"
        )


def rates(session: Session, scope: Scope, currency: str) -> Rates:
    """The rates into ``currency``."""
    organisations = sorted(scope.organisations)
    return session.remember(
        ("rates", currency, connections.rates_stamp()),
        lambda: Rates(currency, connections.rates(organisations, currency)),
    )


def read(session: Session, scope: Scope, question: Question, *, carried: str = "") -> Read:
    """Everything that ``question`` needs, in any order: ``rows.tie`` tells equal moments apart, so
    that the same facts give the same bytes.

    ``carried`` names more columns of the touches; then ``net`` and ``currency`` come too: what a
    sale is worth in its own currency, where it says it.
    """
    organisations = sorted(scope.organisations)
    found = session.arrow(
        _sql(session, scope, question, carried), _days(question),
        people=identity.people_keys(organisations), cut=identity.cut_keys(organisations),
    )  # fmt: skip
    return _as_rows(found, question)


def by_unit(session: Session, found: Read, unit: str) -> tuple[list[str], Any]:
    """The names of other units of the same rows, which carry ``EVERY_UNIT``, and their codes."""
    needed = [*(name.strip() for name in EVERY_UNIT.split(",")), "device"]
    earners = session.arrow(
        f"SELECT {UNIT_SQL[unit]} AS earner FROM rows", rows=found.table.select(needed)
    )
    return _units(earners["earner"].combine_chunks(), found.rows.codes == CONVERSION)


def _days(question: Question) -> list[date]:
    periods = (question.read, question.conversions, question.period)
    return [day for one in periods for day in (one.start, one.end)]


def _sql(session: Session, scope: Scope, question: Question, carried: str) -> str:
    """Touches and sales; a code at the till and an order that names its source are touches too."""
    touches = _touches(session, question)
    everything = session.table(TOUCHES.name)
    unit = UNIT_SQL[question.unit]
    somebody = "probable_person" if question.probable else "person"
    shown = f"{_SHOWN}, {carried}" if carried else _SHOWN
    own_worth = (
        f", CASE WHEN value IS NOT NULL THEN net END AS net, "
        f"coalesce(nullif(currency, ''), '{question.currency}') AS currency"
        if carried else ""
    )  # fmt: skip
    no_worth = ", 0 AS net, '' AS currency" if carried else ""
    lookback = f"INTERVAL {round(question.lookback.total_seconds())} SECOND"
    return f"""
        WITH met AS (
            -- Whom nobody has been worked out for yet: a visitor who was one person only.
            SELECT organisation_id, visitor, min(person) AS met FROM {everything}
            WHERE kind = 'identity' AND visitor || ' ' || person NOT IN (SELECT pair FROM cut)
            GROUP BY ALL HAVING count(DISTINCT person) = 1
        ), told AS (
            -- What names a person is his, on whatever device; unless somebody cut just that link.
            SELECT * REPLACE (CASE WHEN visitor || ' ' || person IN (SELECT pair FROM cut)
                THEN NULL ELSE person END AS person) FROM {touches}
        ), seen AS MATERIALIZED (
            SELECT {_needed(carried)}, {unit} AS earner, CASE WHEN mode = '{CONSENTED}'
                THEN coalesce(p.{somebody}, t.person, v.{somebody}, q.{somebody}, m.met, t.visitor)
                ELSE t.visitor END AS who
            FROM told t LEFT JOIN met m USING (organisation_id, visitor)
            LEFT JOIN people p ON p.organisation_id = t.organisation_id AND p.key = t.person
            LEFT JOIN people v ON v.organisation_id = t.organisation_id AND v.key = t.visitor
            LEFT JOIN people q ON q.organisation_id = t.organisation_id AND q.key = m.met
            WHERE date BETWEEN ? AND ?
                AND kind IN ('visit', 'order', 'redemption', '{question.happened}')
        ), bought AS (
            -- A code used with an order is used by whoever ordered.
            SELECT asset_key, ref, min(who) AS who FROM seen
            WHERE kind = 'order' AND who IS NOT NULL AND ref IS NOT NULL
                AND '{question.kind}' = 'redemption' GROUP BY ALL
        ), bought_elsewhere AS (
            SELECT organisation_id, ref, min(who) AS who FROM seen
            WHERE kind = 'order' AND who IS NOT NULL AND ref IS NOT NULL
                AND '{question.kind}' = 'redemption' GROUP BY ALL
        ), given_back AS ({given_back(session, question)}
        ), in_files AS ({refunds_of_files(session, question)}
        ), sales AS MATERIALIZED (
            SELECT s.*, coalesce(s.who, b.who, x.who, 'x' || touch_id) AS whose,
                s.date BETWEEN ? AND ? AS counts,
                -- What both a file and our own measurement know was given back once.
                coalesce(s.value, 0) - greatest(coalesce(g.amount, 0), coalesce(f.amount, 0))
                    AS net, r.rate
            FROM seen s
            LEFT JOIN bought b ON b.asset_key = s.asset_key AND b.ref = s.ref
            LEFT JOIN bought_elsewhere x ON x.organisation_id = s.organisation_id
                AND x.ref = s.ref AND {from_file("s")}
            LEFT JOIN given_back g ON g.asset_key = s.asset_key AND g.ref = s.ref
            LEFT JOIN in_files f ON f.ref = s.ref AND f.organisation_id = s.organisation_id
            LEFT JOIN {rates(session, scope, question.currency).table(session)} r ON r.currency =
                coalesce(nullif(s.currency, ''), '{question.currency}')
                AND s.date >= r.day AND s.date < r.until
            WHERE s.kind = '{question.happened}'{counts_of(session, question)}
        ), visits AS (
            SELECT {shown}, who AS whose, earner FROM seen
            WHERE kind = 'visit' AND who IS NOT NULL
        ), codes AS (
            -- A code presented with an order is of whoever ordered; the order may say it itself.
            -- A file names the order that another account has measured: it is the same order.
            SELECT c.* REPLACE ('c' || c.touch_id AS touch_id),
                coalesce(o.whose, e.whose, c.who) AS whose
            FROM seen c LEFT JOIN (
                SELECT DISTINCT ON (asset_key, ref) asset_key, ref, whose, code_id FROM sales
                WHERE ref IS NOT NULL ORDER BY asset_key, ref, touch_id) o
                ON o.asset_key = c.asset_key AND o.ref = c.ref
            LEFT JOIN (
                SELECT DISTINCT ON (organisation_id, ref) organisation_id, ref, whose FROM sales
                WHERE ref IS NOT NULL ORDER BY organisation_id, ref, asset_key, touch_id) e
                ON e.organisation_id = c.organisation_id AND e.ref = c.ref AND {from_file("c")}
            WHERE c.kind = 'redemption' AND '{question.kind}' <> 'redemption'
                AND c.channel IS NOT NULL AND o.code_id IS NULL
                AND coalesce(o.whose, e.whose, c.who) IS NOT NULL
        ), own AS (
            SELECT s.* REPLACE ('o' || s.touch_id AS touch_id) FROM sales s
            WHERE s.channel IS NOT NULL AND (s.code_id IS NOT NULL OR NOT EXISTS (
                SELECT 1 FROM visits v WHERE v.whose = s.whose AND v.happened_at <= s.happened_at
                AND v.happened_at >= s.happened_at - {lookback}))
        )
        SELECT {shown}, whose, earner, false AS sold, 0.0::DOUBLE AS worth,
            date BETWEEN ? AND ? AS counts, false AS lost, false AS valued{no_worth}
        FROM (SELECT {shown}, whose, earner FROM visits
              UNION ALL SELECT {shown}, whose, earner FROM codes
              UNION ALL SELECT {shown}, whose, earner FROM own)
        UNION ALL
        SELECT {shown}, whose, earner, true, CAST(coalesce(net * rate, 0) AS DOUBLE), counts,
            counts AND net <> 0 AND rate IS NULL, value IS NOT NULL{own_worth}
        FROM sales"""


def _needed(carried: str) -> str:
    """The columns that the statement works with: to carry others along would cost as much again."""
    names = f"organisation_id, {_SHOWN}, kind, visitor, channel, code_id, value, currency"
    return ", ".join(
        dict.fromkeys(
            f"t.{name.strip()}" for name in f"{names}, {carried}".split(",") if name.strip()
        )
    )


def _touches(session: Session, question: Question) -> str:
    """Touches of the days to read; events of one's own are no part of journeys but as their end."""
    touches = session.table(TOUCHES.name, question.read)
    if not question.is_own_event or not session.has(EVENTS.name):
        return touches
    # The name is one that ``is_own_event`` knows: letters, digits and underscores.
    return (
        f"(SELECT * FROM {touches} UNION ALL BY NAME SELECT * REPLACE (coalesce(ref, event_id) "
        "AS ref), event_id AS touch_id, 0 AS visits "
        f"FROM {session.table(EVENTS.name, question.read)} "
        f"WHERE kind = '{question.happened}' AND aside IS NULL)"
    )


def counts_of(session: Session, question: Question) -> str:
    """A further condition of the sales ``s``: that nobody told that an order came to nothing, or
    that somebody told that a lead is qualified."""
    if question.kind in QUALIFIED:
        return f" AND (s.organisation_id, s.ref) IN ({those_qualified(session, question.kind)})"
    if question.kind != "order" or not session.has(ORDERS.name):
        return ""
    return f" AND NOT {came_to_nothing(session.table(ORDERS.name), 's')}"


def those_qualified(session: Session, kind: str) -> str:
    """``organisation_id`` and ``ref`` of leads of which that is known, as SQL."""
    columns = "organisation_id, lead_id AS ref"
    if not session.has(LEADS.name):
        return f"SELECT {columns} FROM (SELECT 0 AS organisation_id, '' AS lead_id WHERE false)"
    where = is_qualified(kind)
    return f"SELECT DISTINCT {columns} FROM {session.table(LEADS.name)} WHERE {where}"


def from_file(alias: str) -> str:
    """Whether the touch ``alias`` comes of the order of a file: its account is no measured one."""
    return f"starts_with({alias}.touch_id, '{FILED}')"


def given_back(session: Session, question: Question) -> str:
    """What was measured of refunds, by the account and the number of the order."""
    return (
        "SELECT asset_key, ref, sum(abs(value)) AS amount "
        f"FROM {session.table(TOUCHES.name)} "
        f"WHERE kind = 'refund' AND ref IS NOT NULL AND '{question.kind}' = 'order' GROUP BY ALL"
    )


def refunds_of_files(session: Session, question: Question) -> str:
    """What files say was given back, by the number of the order; none where there are no files."""
    return (
        "SELECT organisation_id, coalesce(refund_of, order_id) AS ref, "
        f"sum(abs(revenue)) AS amount FROM {session.table(ORDERS.name)} "
        "WHERE kind = 'refund' AND origin <> 'collector' "
        f"AND '{question.kind}' = 'order' GROUP BY ALL"
    )


def _as_rows(found: pa.Table, question: Question) -> Read:
    sold = _flags(found, "sold")
    names, codes = _units(found["earner"].combine_chunks(), sold)
    mode = found["mode"].to_numpy(zero_copy_only=False)
    consented = mode == CONSENTED
    # A visitor known for a day alone is no path that did not convert: he may be any of the others.
    counts = _flags(found, "counts") & (sold | consented)
    moments = found["happened_at"].combine_chunks().cast(pa.timestamp("us"))
    at = np.asarray(moments.view(pa.int64()))
    rows = Rows(
        who=_numbered(found["whose"].combine_chunks()),
        at=at,
        codes=codes,
        worth=found["worth"].to_numpy(),
        counts=counts,
        tie=_tied(at, found["touch_id"]),
    )
    return Read(rows, names, found, consented, int(_flags(found, "lost").sum()),
                _flags(found, "valued"))  # fmt: skip


def _tied(at: Any, ids: pa.ChunkedArray) -> Any:
    """The order of the ids of what happened at one moment; 0 elsewhere, which is nearly all."""
    order = np.argsort(at)
    same = at[order][1:] == at[order][:-1]
    there = np.unique(np.concatenate((order[1:][same], order[:-1][same])))
    tie = np.zeros(len(at), np.int64)
    tie[there[np.asarray(pc.sort_indices(ids.take(pa.array(there))))]] = np.arange(len(there))
    return tie


def _flags(found: pa.Table, name: str) -> Any:
    return found[name].to_numpy(zero_copy_only=False).astype(np.bool_)


def _numbered(texts: pa.Array) -> Any:
    """Texts as numbers in the order of the texts, whatever order they come in."""
    encoded = texts.dictionary_encode()
    order = np.asarray(pc.sort_indices(encoded.dictionary))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return place[np.asarray(encoded.indices)] if len(order) else np.zeros(0, np.int64)


def _units(column: pa.Array, sold: Any) -> tuple[list[str], Any]:
    """The names of the units, by name; and the code of each row."""
    encoded = column.dictionary_encode()
    texts: list[str] = encoded.dictionary.to_pylist()
    indices = np.asarray(encoded.indices.fill_null(len(texts)))
    seen = np.bincount(indices[~sold], minlength=len(texts) + 1)[: len(texts)]
    names, table = names_of(texts, seen)
    return names, np.where(sold, CONVERSION, np.append(table, 0)[indices])


def names_of(texts: Sequence[str], seen: Any) -> tuple[list[str], Any]:
    """The names of the units that were ``seen`` at all, by name; and the code of each text.

    The rarest are taken together where there are too many.
    """
    met = [at for at in range(len(texts)) if seen[at]]
    frequent = sorted(met, key=lambda at: (-seen[at], texts[at]))[:MOST_UNITS]
    names = sorted({*(texts[at] for at in frequent), *([OTHERS] if len(met) > MOST_UNITS else [])})
    known = {name: code for code, name in enumerate(names)}
    return names, np.array([known.get(text, known.get(OTHERS, 0)) for text in texts], np.int64)
