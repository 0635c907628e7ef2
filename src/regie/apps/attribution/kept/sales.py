"""What persons did besides visiting: conversions with their worth, and codes that they presented.

They are few beside the visits, and change with what is told of them later: a refund, a cancelled
order, a rate. So they are worked out for each question, from what the ground holds of them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regie.apps.attribution.kept.ground import Ground
from regie.apps.attribution.kept.visits import ASIDES, counted, days_of, flags_of, named
from regie.apps.attribution.reading import rates, refunds_of_files, those_qualified
from regie.domain.attribution.arrays import Codes, Flags, Floats, Longs
from regie.domain.attribution.questions import QUALIFIED, Question
from regie.domain.facts import ORDERS, TOUCHES
from regie.ingestion.collected.filed import FILED
from regie.kernel.scope import Scope
from regie.warehouse.by_file import told
from regie.warehouse.rates import Rates
from regie.warehouse.twice import those_of_nothing
from regie.warehouse.views import Session

# Whoever did something that nobody is known of: one each, far from all other keys.
NOBODY = -(1 << 60)
_ASKED = [
    "organisation_id", "asset_key", "date", "touch_id", "kind", "mode", "channel", "code_id",
    "value", "currency", "device", "ref", "at", "earner", "met",
]  # fmt: skip
OWNER = "organisation_id"
_ZERO = Decimal()
_NONE = pa.table({"organisation_id": pa.array([], pa.int64()), "ref": pa.array([], pa.string()),
                  "amount": pa.array([], pa.decimal128(38, 9))})  # fmt: skip


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
    every, whose = ground.acts, ground.who
    if every is None:
        raise ValueError("this ground holds nothing yet")
    day = days_of(every["date"])
    inside = (day >= counted(question.read.start)) & (day <= counted(question.read.end))
    every = every.select(_ASKED)
    sales = every.filter(pa.array(inside & _is(every, question.happened)))
    if question.kind == "order":
        sales = _not_void(session, sales)
    elif question.kind in QUALIFIED:
        sales = _qualified(session, sales, question.kind)
    who = whose[sales["met"].to_numpy()]
    if question.kind == "redemption":
        orders = every.filter(pa.array(inside & _is(every, "order")))
        who = _as_ordered(whose, ground.keys.texts(), sales, who, orders)
        codes = every.slice(0, 0)
    else:
        said = pc.is_valid(every["channel"])
        codes = every.filter(pa.array(inside & _is(every, "redemption") & flags_of(said)))
    who = _nobodies(sales, who)
    codes, of_codes = _presented(codes, whose[codes["met"].to_numpy()], sales, who)
    return _acts(session, scope, question, sales, who, codes, of_codes)


def _acts(
    session: Session, scope: Scope, question: Question, sales: pa.Table, who: Longs,
    codes: pa.Table, of_codes: Longs,
) -> Acts:  # fmt: skip
    worth, lost = _worth(session, scope, question, sales)
    table = pa.concat_tables([sales, codes])
    sold = np.arange(len(table)) < len(sales)
    valued, own, sure = (flags_of(table[name].is_valid()) & sold
                         for name in ("value", "channel", "code_id"))  # fmt: skip
    nothing = np.zeros(len(codes))
    return Acts(
        table, np.concatenate((who, of_codes)), table["at"].to_numpy(), sold,
        np.concatenate((worth, nothing)), np.concatenate((lost, nothing != 0)), valued, own, sure,
    )  # fmt: skip


def _is(table: pa.Table, kind: str) -> Flags:
    return flags_of(pc.equal(table["kind"], kind))


def _named_in(table: pa.Table, refs: pa.ChunkedArray) -> Longs:
    """Rows of ``table`` whose number is among ``refs``: few, to be looked at one by one."""
    if len(refs) == 0:
        return np.zeros(0, np.int64)
    return np.flatnonzero(flags_of(pc.is_in(table["ref"], refs.drop_null())))


def _not_void(session: Session, sales: pa.Table) -> pa.Table:
    """Orders but those of which somebody told that they came to nothing."""
    if not session.has(ORDERS.name):
        return sales
    void = session.arrow(those_of_nothing(session.table(ORDERS.name)))
    return sales.filter(pa.array(~_among(sales, void)))


def _qualified(session: Session, sales: pa.Table, kind: str) -> pa.Table:
    """Leads of which somebody told that they have come so far."""
    return sales.filter(pa.array(_among(sales, session.arrow(those_qualified(session, kind)))))


def _among(sales: pa.Table, told: pa.Table) -> Flags:
    """Which of ``sales`` have an organisation and a number that ``told`` names."""
    known = set(zip(told["organisation_id"].to_pylist(), told["ref"].to_pylist(), strict=True))
    rows = _named_in(sales, told["ref"])
    there = sales.take(pa.array(rows))
    found = np.zeros(len(sales), np.bool_)
    found[rows] = [
        one in known
        for one in zip(there["organisation_id"].to_pylist(), there["ref"].to_pylist(), strict=True)
    ]
    return found


def _as_ordered(
    whose: Longs, texts: list[str], sales: pa.Table, who: Longs, orders: pa.Table
) -> Longs:
    """A code used with an order is used by whoever ordered.

    What a file says of an order that another account measured is of that same order.
    """
    unknown = np.flatnonzero(who == 0)
    there = sales.take(pa.array(unknown))
    orders = orders.take(pa.array(_named_in(orders, there["ref"])))
    ordered = whose[orders["met"].to_numpy()]
    known: dict[tuple[int, str], int] = {}
    elsewhere: dict[tuple[int, str], int] = {}
    # Of several the first by name, so that it is always the same.
    for key, owned, person in sorted(
        zip(_refs(orders), _refs(orders, OWNER), ordered.tolist(), strict=True),
        key=lambda one: _called(one[2], texts) or "",
    ):
        if person:
            known.setdefault(key, person)
            elsewhere.setdefault(owned, person)
    who = who.copy()
    who[unknown] = [
        known.get(key) or (elsewhere.get(owned, 0) if filed else 0)
        for key, owned, filed in zip(_refs(there), _refs(there, OWNER), _filed(there), strict=True)
    ]
    return who


def _refs(table: pa.Table, of: str = "asset_key") -> list[tuple[int, str]]:
    return list(zip(table[of].to_pylist(), table["ref"].to_pylist(), strict=True))


def _filed(table: pa.Table) -> list[bool]:
    """Whether each row comes of the order of a file: its account is no measured one."""
    found: list[bool] = pc.starts_with(table["touch_id"], FILED).to_pylist()
    return found


def _called(key: int, texts: list[str]) -> str | None:
    if key == 0:
        return None
    return texts[-1 - key] if key < 0 else f"{'vp'[key % 2]}{key // 2}"


def _nobodies(sales: pa.Table, who: Longs) -> Longs:
    """``who`` with one of his own for each sale that nobody is known of."""
    rows = np.flatnonzero(who == 0)
    there = sales.select(["asset_key", "touch_id"]).take(pa.array(rows))
    turn = pc.sort_indices(there, [("asset_key", "ascending"), ("touch_id", "ascending")])
    who = who.copy()
    who[rows[np.asarray(turn)]] = NOBODY - np.arange(1, len(rows) + 1)
    return who


def _presented(
    codes: pa.Table, who: Longs, sales: pa.Table, bought: Longs
) -> tuple[pa.Table, Longs]:
    """A code presented with an order is of whoever ordered; the order may say it itself.

    A file names the order that another account has measured: it is the same order.
    """
    rows = _named_in(sales, codes["ref"])
    there = sales.take(pa.array(rows))
    first: dict[tuple[int, str], tuple[int, bool]] = {}
    for _touch, key, person, code in sorted(
        zip(there["touch_id"].to_pylist(), _refs(there), bought[rows].tolist(),
            there["code_id"].is_valid().to_pylist(), strict=True)
    ):  # fmt: skip
        first.setdefault(key, (person, code))
    elsewhere: dict[tuple[int, str], int] = {}
    for _asset, _touch, owned, person in sorted(
        zip(there["asset_key"].to_pylist(), there["touch_id"].to_pylist(), _refs(there, OWNER),
            bought[rows].tolist(), strict=True)
    ):  # fmt: skip
        elsewhere.setdefault(owned, person)
    found = [
        first.get(key) or ((elsewhere.get(owned, one) if filed else one), False)
        for key, owned, filed, one in zip(
            _refs(codes), _refs(codes, OWNER), _filed(codes), who.tolist(), strict=True
        )
    ]
    kept = np.array([not said and one != 0 for one, said in found], np.bool_)
    whose = np.array([one for one, _said in found], np.int64)
    return codes.filter(pa.array(kept)), whose[kept]


def _worth(
    session: Session, scope: Scope, question: Question, sales: pa.Table
) -> tuple[Floats, Flags]:
    """What each sale is worth less what was given back; and which have no rate."""
    net = np.array(sales["value"].cast(pa.float64()).fill_null(0.0).to_numpy(), np.float64)
    if question.kind == "order":
        rows, less = _given_back(session, question, sales)
        values = sales["value"].take(pa.array(rows)).to_pylist()
        net[rows] = [float((value or 0) - less) for value, less in zip(values, less, strict=True)]
    currency, asked = sales["currency"].fill_null(""), question.currency
    if pc.all(pc.is_in(currency, pa.array(["", asked]))).as_py() is not False:
        return net, np.zeros(len(net), np.bool_)
    rate = _rates(rates(session, scope, asked), currency, days_of(sales["date"]))
    lost = (net != 0) & np.isnan(rate)
    return np.where(np.isnan(rate), 0.0, net * rate), lost


def _rates(rates: Rates, currency: pa.ChunkedArray, day: Codes) -> Floats:
    """What one of each currency was worth on its day; no number where that is not known."""
    encoded = currency.combine_chunks().dictionary_encode()
    texts = [text or rates.to for text in encoded.dictionary.to_pylist()]
    pairs = np.asarray(encoded.indices).astype(np.int64) << 32 | day
    pairs, place = np.unique(pairs, return_inverse=True)
    # Of the asked currency every day is worth the same.
    worth = [rates.worth(texts[pair >> 32], named(pair & 0xFFFFFFFF)) for pair in pairs.tolist()]
    found: Floats = np.array([float("nan" if one is None else one) for one in worth])[place]
    return found


def _given_back(
    session: Session, question: Question, sales: pa.Table
) -> tuple[Longs, list[Decimal]]:
    """The rows of which something was given back, and how much: what both a file and our own
    measurement know was given back once."""
    measured, in_files = told(session, TOUCHES.name, ASIDES), _NONE
    measured = measured.filter(pc.equal(measured["kind"], "refund"))
    if session.has(ORDERS.name):
        in_files = session.arrow(refunds_of_files(session, question))
    ours = _sums(measured, "asset_key", sales)
    theirs = _sums(in_files, "organisation_id", sales)
    refs = pa.chunked_array([*measured["ref"].chunks, *in_files["ref"].chunks], pa.string())
    rows = _named_in(sales, refs)
    there = sales.take(pa.array(rows))
    return rows, [
        max(ours.get((asset, ref), _ZERO), theirs.get((owner, ref), _ZERO))
        for asset, owner, ref in zip(
            *(there[name].to_pylist() for name in ("asset_key", "organisation_id", "ref")),
            strict=True,
        )
    ]


def _sums(refunds: pa.Table, owner: str, sales: pa.Table) -> dict[tuple[int, str], Decimal]:
    """What was given back of ``sales``, by whom it belongs to and its number."""
    there = refunds.take(pa.array(_named_in(refunds, sales["ref"])))
    found: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    names = (owner, "ref", "amount")
    for key, ref, amount in zip(*(there[name].to_pylist() for name in names), strict=True):
        found[key, ref] += amount or 0
    return found
