"""What persons did besides visiting: conversions with their worth, and codes that they presented.

They are few beside the visits, and change with what is told of them later: a refund, a cancelled
order, a rate. So they are worked out for each question, from what the ground holds of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regie.apps.attribution.kept.ground import Ground
from regie.apps.attribution.kept.visits import counted, days_of
from regie.apps.attribution.reading import came_to_nothing_of, given_back, rates, refunds_of_files
from regie.domain.attribution.arrays import Flags, Floats, Longs
from regie.domain.attribution.questions import Question
from regie.domain.traffic.consent import CONSENTED
from regie.kernel.scope import Scope
from regie.warehouse.views import Session

# Whoever did something that nobody is known of: one each, far from all other keys.
NOBODY = -(1 << 60)
_ASKED = ["row", "organisation_id", "asset_key", "date", "kind", "touch_id", "channel", "code_id",
          "value", "currency", "ref", "who", "called"]  # fmt: skip


@dataclass(frozen=True)
class Acts:
    """Rows of ``table``, the others being arrays of its length: conversions where ``sold``, else
    codes presented. ``own`` marks conversions that say themselves where they came from, ``sure``
    those of them that say it whatever visits there were."""

    table: pa.Table
    who: Longs
    at: Longs
    sold: Flags
    worth: Floats
    lost: Flags
    valued: Flags
    own: Flags
    sure: Flags


def acts_of(session: Session, scope: Scope, question: Question, ground: Ground) -> Acts:
    """Those of the days that ``question`` reads."""
    table = _whose(ground, question)
    found = session.arrow(_sql(session, scope, question), seen=table.select(_ASKED))
    rows = table.take(found["row"])
    return Acts(
        rows, found["whose"].to_numpy(), rows["at"].to_numpy(), _flags(found, "sold"),
        found["worth"].to_numpy(), _flags(found, "lost"), _flags(found, "valued"),
        _flags(found, "own"), _flags(found, "sure"),
    )  # fmt: skip


def _whose(ground: Ground, question: Question) -> pa.Table:
    """What happened on the days to read, each with whose it is, as a number and as its name."""
    table = ground.acts
    if table is None or ground.people is None:
        raise ValueError("this ground holds nothing yet")
    day = days_of(table["date"])
    inside = (day >= counted(question.read.start)) & (day <= counted(question.read.end))
    kinds = pa.array({"order", "redemption", question.happened})
    table = table.filter(pc.and_(pa.array(inside), pc.is_in(table["kind"], kinds)))
    who = ground.people.of(
        table["visitor_key"].to_numpy(), table["person_key"].to_numpy(),
        table["organisation_id"].to_numpy(), consents(table),
    )  # fmt: skip
    called = pa.nulls(len(who), pa.string())
    if question.kind == "redemption":
        called = pa.array(_called(who, ground.keys.texts()), pa.string())
    return (
        table.append_column("who", pa.array(who, mask=who == 0))
        .append_column("called", called)
        .append_column("row", pa.array(np.arange(len(who), dtype=np.int64)))
    )


def consents(table: pa.Table) -> Flags:
    """Which rows were measured with consent."""
    said: Flags = pc.fill_null(pc.equal(table["mode"], CONSENTED), False).to_numpy()
    return said


def _called(who: Longs, texts: list[str]) -> list[str | None]:
    return [
        None if key == 0 else texts[-1 - key] if key < 0 else f"{'vp'[key % 2]}{key // 2}"
        for key in who.tolist()
    ]


def _sql(session: Session, scope: Scope, question: Question) -> str:
    happened, is_code = question.happened, question.kind == "redemption"
    return f"""
        WITH bought AS (
            -- A code used with an order is used by whoever ordered.
            SELECT asset_key, ref, min_by(who, called) AS who FROM seen
            WHERE kind = 'order' AND who IS NOT NULL AND ref IS NOT NULL AND {is_code} GROUP BY ALL
        ), given_back AS ({given_back(session, question)}),
        in_files AS ({refunds_of_files(session, question)}),
        sales AS MATERIALIZED (
            SELECT s.*,
                coalesce(s.who, b.who, {NOBODY} - row_number() OVER (ORDER BY s.asset_key,
                    s.touch_id)) AS whose,
                coalesce(s.value, 0) - greatest(coalesce(g.amount, 0), coalesce(f.amount, 0))
                    AS net, r.rate
            FROM seen s
            LEFT JOIN bought b ON b.asset_key = s.asset_key AND b.ref = s.ref
            LEFT JOIN given_back g ON g.asset_key = s.asset_key AND g.ref = s.ref
            LEFT JOIN in_files f ON f.ref = s.ref AND f.organisation_id = s.organisation_id
            LEFT JOIN {rates(session, scope, question.currency)} r ON r.currency =
                coalesce(nullif(s.currency, ''), '{question.currency}')
                AND s.date >= r.day AND s.date < r.until
            WHERE s.kind = '{happened}'{came_to_nothing_of(session)}
        )
        SELECT row, whose, true AS sold, CAST(coalesce(net * rate, 0) AS DOUBLE) AS worth,
            net <> 0 AND rate IS NULL AS lost, value IS NOT NULL AS valued,
            channel IS NOT NULL AS own, code_id IS NOT NULL AS sure
        FROM sales
        UNION ALL
        -- A code presented with an order is of whoever ordered; the order may say it itself.
        SELECT row, coalesce(o.whose, c.who), false, 0.0, false, false, false, false
        FROM seen c LEFT JOIN (
            SELECT DISTINCT ON (asset_key, ref) asset_key, ref, whose, code_id FROM sales
            WHERE ref IS NOT NULL ORDER BY asset_key, ref, touch_id) o
            ON o.asset_key = c.asset_key AND o.ref = c.ref
        WHERE c.kind = 'redemption' AND NOT {is_code} AND c.channel IS NOT NULL
            AND o.code_id IS NULL AND coalesce(o.whose, c.who) IS NOT NULL"""


def _flags(found: pa.Table, name: str) -> Flags:
    flags: Flags = found[name].to_numpy(zero_copy_only=False).astype(np.bool_)
    return flags
