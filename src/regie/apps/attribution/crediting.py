"""Credits for the metric layer: each visit of each conversion, with what a model gives it.

A rule gives to visits, so that its credit can be split by anything that is known of them. A model
that learns gives to units that compete with one another; it can be split by those alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regie.apps.attribution.answering import Journeys, credits_of_journeys, journeys
from regie.apps.attribution.naming import among, own_kinds
from regie.apps.attribution.reading import CARRIED
from regie.apps.identity import selectors as identity
from regie.domain.attribution.arrays import Flags, Floats, Longs, summed
from regie.domain.attribution.exact import (
    BILLION,
    DIGITS,
    PLACES,
    as_decimals,
    billionths,
    shared_exactly,
)
from regie.domain.attribution.model import Credit, Model, Rule, Settings
from regie.domain.attribution.models.linear import linear
from regie.domain.attribution.questions import DIRECT, KINDS, NOTHING, Question
from regie.domain.facts import CREDITS, OWN_EVENTS, TOUCHES
from regie.domain.metrics.catalog.attributed import OWN_EVENT, kinds_of
from regie.domain.metrics.dimensions import DIMENSIONS
from regie.domain.metrics.planning import FactPlan, Plan
from regie.kernel.errors import Refused
from regie.kernel.i18n import Sentence, _, say
from regie.kernel.periods import Period
from regie.kernel.scope import Scope
from regie.warehouse.entities import advertising_platform
from regie.warehouse.views import Session

# What a visit names beneath its campaign. What compete are campaigns; the credit of each lies
# on its visits evenly, so that it can be read by ad too.
ADS = ("ad_group", "ad")
# What may compete for the credit of a model that learns, among what figures are split by; and what
# goes without saying of each of these: a campaign is of one platform.
GAMES = {
    "campaign": {"platform", "media", "account", *ADS}, "channel": {"media"}, "platform": {"media"},
    "media": set(), "location": set(),
}  # fmt: skip
_WITH_CONTENT = f"{CARRIED}, content"
_COLUMNS = tuple(name.strip() for name in _WITH_CONTENT.split(","))
_AMOUNT = pa.decimal128(DIGITS, PLACES)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Way:
    """How conversions of one kind are shared out.

    ``usual`` is the question of attribution without its period, unit and currency.
    """

    model: Model
    usual: Question

    @property
    def note(self) -> Sentence:
        kind, model = _called(self.usual), Sentence(self.model.label)
        days = f"{self.usual.lookback / DAY:g}"
        if not self.usual.lag:
            return say(_("{kind}: attributed by the model “{model}”, visits up to {days} days "
                         "before."), kind=kind, model=model, days=days)  # fmt: skip
        return say(
            _("{kind}: attributed by the model “{model}”, visits up to {days} and at least {least} "
              "days before."),
            kind=kind, model=model, days=days, least=f"{self.usual.lag / DAY:g}",
        )  # fmt: skip


def _called(usual: Question) -> Sentence:
    if usual.is_own_event:
        return say(_("Events “{name}”"), name=usual.happened)
    return Sentence(KINDS[usual.kind])


def laid(session: Session, scope: Scope, plan: Plan, way_of: Callable[[str], Way]) -> Plan:
    """``plan`` with the tables of credits that it needs, made for it.

    Each kind of conversion has its own way. Raises ``Refused`` where a model does not say what is
    asked.
    """
    if not session.has(TOUCHES.name):
        return plan
    parts = []
    notes = list(plan.notes)
    for part in plan.facts:
        if part.fact == CREDITS.name:
            ways = [way_of(kind) for kind in _kinds(session, plan, part)]
            part = _laid(session, scope, plan, part, ways) if ways else part
            notes += [way.note for way in ways]
            if _met(part) == "ad":
                notes += [Sentence(_OF_ADS), *_not_by_ad(ways)]
        parts.append(part)
    return replace(plan, notes=tuple(notes), facts=tuple(parts))


def _kinds(session: Session, plan: Plan, part: FactPlan) -> list[str]:
    asked = kinds_of(part.sums)
    if OWN_EVENT not in asked:
        return asked
    names = {name for one in part.where if one.dimension == OWN_EVENT for name in one.values}
    own = among(own_kinds(session, plan.query.period), names)
    return [*(kind for kind in asked if kind != OWN_EVENT), *own]


def _laid(
    session: Session, scope: Scope, plan: Plan, part: FactPlan, ways: Sequence[Way]
) -> FactPlan:
    asked = [(_question(session, plan, way), way.model) for way in ways]
    stamp = identity.stamp(sorted(scope.organisations))
    met = _met(part)
    said = repr(([(question, model.name) for question, model in asked], stamp, met)).encode()
    name = f"credits_{hashlib.sha256(said).hexdigest()[:24]}"

    def make() -> pa.Table:
        return pa.concat_tables(
            [_made(session, scope, question, model, met=met) for question, model in asked],
            promote_options="permissive",
        )

    return replace(part, table=session.lay(name, make), is_laid=True)


def _question(session: Session, plan: Plan, way: Way) -> Question:
    return replace(
        way.usual,
        period=plan.query.period or _all_days(session),
        unit=_unit(way.model, plan),
        currency=plan.query.currency or _currency(session, plan.query.period, way),
    )


def _made(
    session: Session, scope: Scope, question: Question, model: Model, *, met: str
) -> pa.Table:
    """With ``met`` each credit says which campaign or ad of the advertising accounts it is of."""
    found = journeys(session, scope, question, carried=_WITH_CONTENT if met == "ad" else CARRIED)
    seen = "coalesce(media, 'owned') AS media"
    if question.unit != "platform":
        seen += f", {advertising_platform('media', 'source', 'platform')} AS platform"
    source = "SELECT * FROM credits"
    if met:
        source = session.with_campaign("credits", ads=met == "ad")
    rows = _rows(found, question, model)
    return session.arrow(f"SELECT * REPLACE ({seen}) FROM ({source})", credits=rows)


def _met(part: FactPlan) -> str:
    """The entity that credits have to meet for what is asked: “ad”, “campaign” or none.

    To know whether one is of an advertising account is to know its campaign.
    """
    by = {name for name in part.by if name in DIMENSIONS}
    where = {one.dimension for one in part.where}
    if (by | where) & {*ADS}:
        return "ad"
    needs = any(DIMENSIONS[name].needs for name in by | where)
    return "campaign" if needs or "account" in where else ""


_OF_ADS = _("A visit is of the ad that its tagged address names (utm_content) in its campaign; the "
            "others are of none.")  # fmt: skip


def _not_by_ad(ways: Sequence[Way]) -> list[Sentence]:
    return [
        say(_("{model} shares conversions among campaigns; within each they are shared evenly "
              "among its visits."), model=Sentence(way.model.label))
        for way in ways if not isinstance(way.model, Rule)
    ]  # fmt: skip


def _unit(model: Model, plan: Plan) -> str:
    """What competes: what is asked by, channels otherwise."""
    asked = {*plan.query.by, *(one.dimension for one in plan.query.where)}
    split = {name for name in asked if name != "currency"
             and not (DIMENSIONS[name].time or DIMENSIONS[name].chooses)}  # fmt: skip
    if isinstance(model, Rule):
        return "channel"
    if not split:
        return "channel"
    if split & {*ADS}:
        split.add("campaign")
    for game, known in GAMES.items():
        if game in split and split <= {game, *known}:
            return game
    other = next((name for name in sorted(split) if name not in GAMES), "")
    raise Refused(
        say(
            _("{model} shares conversions among channels, or among campaigns, and knows nothing "
              "finer: by {other} its credits cannot be added up."),
            model=Sentence(model.label),
            other=Sentence(DIMENSIONS[other or sorted(split)[-1]].label),
        ),
        hint=say(_("Split by one of {games}, or choose a model that looks at each visit, such as "
                   "linear."), games=", ".join(GAMES)),
        code="not_additive",
    )  # fmt: skip


def _all_days(session: Session) -> Period:
    table = session.table(TOUCHES.name)
    ((first, last),) = session.rows(f"SELECT min(date), max(date) FROM {table}")
    return Period(first, last) if first else Period(date.min, date.min)


def _currency(session: Session, period: Period | None, way: Way) -> str:
    """The one in which a model that learns compares amounts where none is asked for."""
    days, bounds = "true", []
    if period is not None:
        days, bounds = "date BETWEEN ? AND ?", [period.start, period.end]
    table, kind = (OWN_EVENTS, "event") if way.usual.is_own_event else (TOUCHES, "kind")
    rows = session.rows(
        f"SELECT DISTINCT currency FROM {session.table(table.name, period)} "
        f"WHERE {kind} = ? AND coalesce(currency, '') <> '' AND {days} ORDER BY currency",
        [way.usual.happened, *bounds],
    )
    if len(rows) > 1 and not isinstance(way.model, Rule):
        raise Refused(
            say(_("{model} compares amounts: those of several currencies cannot be compared."),
                model=Sentence(way.model.label)),
            hint=_("Choose one currency."),
            code="several_currencies",
        )  # fmt: skip
    return str(rows[0][0]) if rows else "EUR"


def _rows(found: Journeys, question: Question, model: Model) -> pa.Table:
    """The fact “credits”: one row a touch of a conversion."""
    made = found.assembled
    earning = made.paths.conversions > 0
    kept = np.repeat(earning, made.paths.lengths)
    paths = made.paths.select(earning)
    sales, touches = made.sales[earning], made.touches[kept]
    net = _net(found, sales)
    settings = Settings(found.direct, question.order)
    if isinstance(model, Rule):
        weights = model.weights(paths, settings) if len(paths) else np.zeros(0)
        ones = np.full(len(paths), BILLION)
        conversions = shared_exactly(weights, paths.owners, ones)
        value = shared_exactly(weights, paths.owners, net)
        lying = _Lying(touches, sales[paths.owners], paths.codes)
        return _table(found, question, lying, conversions, value)
    credit = credits_of_journeys(found, question, (model,))[model.name]
    weights = linear.weights(paths, settings) if len(paths) else np.zeros(0)
    lying, weights = _with_the_unseen(
        credit, _Lying(touches, sales[paths.owners], paths.codes), weights, sales
    )
    place = np.zeros(len(found.read.table), np.int64)
    place[sales] = np.arange(len(sales))
    there = place[lying.sales]
    conversions = _spread(credit.conversions, lying.codes, weights, np.ones(len(there)))
    value = _spread_value(
        credit.value, lying.codes, weights, paths.value[there], net[there] / BILLION
    )
    return _table(found, question, lying, conversions, value)


@dataclass(frozen=True)
class _Lying:
    """Where each credit lies: rows of what was read. ``touches`` is -1 where no touch earned it."""

    touches: Longs
    sales: Longs
    codes: Any


def _net(found: Journeys, sales: Longs) -> Longs:
    """What each sale earned, in its own currency."""
    column = found.read.table["net"].combine_chunks().take(pa.array(sales))
    floats = np.asarray(column.cast(pa.float64()).fill_null(0.0))
    return billionths(floats)


def _with_the_unseen(
    credit: Credit, lying: _Lying, weights: Floats, sales: Longs
) -> tuple[_Lying, Floats]:
    """A chain may credit a unit that no converting journey met: it lies on all conversions."""
    units = len(credit.conversions)
    met = np.bincount(lying.codes, minlength=units) > 0
    earned = (credit.conversions != 0) | (credit.value != 0)
    lonely = np.flatnonzero(earned & ~met)
    if len(lonely) == 0 or len(sales) == 0:
        return lying, weights
    more = np.repeat(lonely, len(sales))
    wider = _Lying(
        np.concatenate((lying.touches, np.full(len(more), -1))),
        np.concatenate((lying.sales, np.tile(sales, len(lonely)))),
        np.concatenate((lying.codes, more)),
    )
    return wider, np.concatenate((weights, np.full(len(more), 1.0)))


def _spread(credit: Floats, codes: Longs, weights: Floats, worth: Floats) -> Longs:
    """The credit of each unit on its touches as its linear credit lies; exact in total."""
    if len(codes) == 0:
        return np.zeros(0, np.int64)
    whole = summed(codes, weights * worth, len(credit))
    factor = np.divide(1.0, whole, out=np.zeros(len(credit)), where=whole != 0)
    shares = weights * worth * factor[codes]
    targets = shared_exactly(
        credit / credit.sum() if credit.sum() else np.zeros(len(credit)),
        np.zeros(len(credit), np.int64), billionths(credit.sum(keepdims=True)),
    )  # fmt: skip
    order = np.argsort(codes, kind="stable")
    found = np.empty(len(codes), np.int64)
    found[order] = shared_exactly(shares[order], codes[order], targets)
    return found


def _spread_value(
    credit: Floats, codes: Longs, weights: Floats, worth: Floats, net: Floats
) -> Longs:
    """As ``_spread``, each amount in the currency of its sale."""
    if np.array_equal(billionths(worth), billionths(net)):
        return _spread(credit, codes, weights, worth)
    whole = summed(codes, weights * worth, len(credit))
    factor = np.divide(credit, whole, out=np.zeros(len(credit)), where=whole != 0)
    return billionths(weights * net * factor[codes])


def _table(
    found: Journeys, question: Question, lying: _Lying, conversions: Longs, value: Longs
) -> pa.Table:
    none = lying.touches < 0
    at, of = pa.array(np.where(none, lying.sales, lying.touches)), pa.array(lying.sales)

    def taken(name: str, rows: pa.Array) -> pa.Array:
        return found.read.table[name].combine_chunks().take(rows)

    columns = {name: _known(taken(name, at), none, name) for name in _COLUMNS
               if name in found.read.table.column_names}  # fmt: skip
    columns |= {name: taken(name, of) for name in ("date", "ref", "currency")}
    names = [None if one in (NOTHING, DIRECT) and question.unit != "channel" else one
             for one in found.read.names]  # fmt: skip
    columns[question.unit] = pa.array(names, pa.string()).take(pa.array(lying.codes))
    worth = pc.is_valid(taken("net", of))
    return pa.table({
        **columns,
        "kind": pa.array([question.kind] * len(of), pa.string()),
        "event": pa.array([question.happened if question.is_own_event else None] * len(of),
                          pa.string()),
        "asset_key": taken("asset_key", at),
        "owner_key": taken("asset_key", at),
        "touch_id": taken("touch_id", at),
        "provisional": pa.array(np.zeros(len(of), np.bool_)),
        "conversions": as_decimals(conversions),
        # What has no value is not worth nothing.
        "value": pc.if_else(worth, as_decimals(value), pa.scalar(None, _AMOUNT)),
    })  # fmt: skip


def _known(column: pa.Array, none: Flags, name: str) -> pa.Array:
    """Nothing but the organisation is known of a credit that lies on no touch."""
    if name in {"organisation_id", "organisation", "import_id"} or not none.any():
        return column
    return pc.if_else(pa.array(none), pa.scalar(None, column.type), column)
