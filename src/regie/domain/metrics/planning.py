"""From a question to a plan: parse, check, optimise. Pure steps on plain data.

A plan says, fact by fact, which sums are needed and from which table they are read; each fact is
aggregated at the asked grain before facts meet, so no join can count a row twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from regie.domain.facts import LEVELS
from regie.domain.metrics.catalog import all_metrics, metric
from regie.domain.metrics.definitions import NonAdditive, Ratio, Sum, Unit
from regie.domain.metrics.dimensions import DIMENSIONS, EVENTS, dimension
from regie.domain.metrics.query import Crediting, Filter, Query
from regie.kernel.errors import Refused, WrongUse
from regie.kernel.fiscal import Calendar
from regie.kernel.i18n import Sentence, _, say
from regie.kernel.money import is_currency
from regie.kernel.periods import Period

OWNER = "owner"  # the account of a campaign, ad group, ad or keyword
FOR_WHOM = "_for_whom"  # what tables end with whose rows know for whom they work
BENEFICIARY = "beneficiary"
BY_MONTH = "_by_month"  # what the name of a rollup of whole months ends with
MONEY_FACTS = frozenset(
    {"performance", "conversions", "orders", "own_events", "period_figures", "credits"}
)


@dataclass(frozen=True)
class Extent:
    """What a fact is known to hold: nothing lies outside of it."""

    days: Period
    bits: frozenset[int]  # the combinations of levels that accounts have on a day
    currencies: frozenset[str]  # "" where a row has none


@dataclass(frozen=True)
class FactPlan:
    """The sums to read from one fact. ``table`` is the fact, or a rollup of it.

    ``by_month`` is a rollup that may answer for whole months in place of ``table``; ``extent`` is
    known once the plan has met the facts, and shortens what is read. ``whom`` is set where it is
    asked for whom figures work: rows then say so, and what works for somebody stands apart.
    ``is_laid`` says that ``table`` was made for this question alone. ``in_steps`` leaves
    out figures of whole periods that lie in no single step of time: it gives rows and no total.
    ``is_cut`` says that rows beyond those which come first in the answer may be left out.
    """

    fact: str
    table: str
    sums: tuple[Sum, ...]
    by: tuple[str, ...]
    unknown_by: tuple[str, ...]  # asked, and not known by this fact: empty there
    where: tuple[Filter, ...]
    needs: str = ""  # the level that the question asks for
    split: bool = False  # the platform's own network split is asked for
    chooses_level: bool = False  # levels are split by, or one is filtered on
    by_month: str = ""
    whom: str = ""
    extent: Extent | None = None
    is_laid: bool = False
    in_steps: bool = False
    is_cut: bool = False

    @property
    def seen(self) -> frozenset[int] | None:
        """The combinations of levels that there are, where they are known."""
        return self.extent.bits if self.extent else None


@dataclass(frozen=True)
class Plan:
    query: Query
    facts: tuple[FactPlan, ...]
    nonadditive: tuple[NonAdditive, ...] = ()
    splits_currency: bool = False
    notes: tuple[Sentence, ...] = ()  # by which rules it is answered

    @property
    def keys(self) -> tuple[str, ...]:
        """What rows are told apart by: two accounts may give a campaign the same id."""
        return (*self.query.by, OWNER) if has_owner(self.query.by) else self.query.by


def parse(
    *,
    metrics: Sequence[str],
    by: Sequence[str] = (),
    period: Period | None = None,
    where: Sequence[str] = (),
    currency: str = "",
    order_by: str = "",
    limit: int = 0,
    model: str = "",
    lookback: str = "",
    lag: str = "",
) -> Query:
    """A query from words: ``where`` holds ``dimension=value[,value]``."""
    return Query(
        _names(metrics),
        _names(by),
        period,
        tuple(_filter(text) for text in where),
        currency.upper(),
        order_by,
        limit,
        crediting=Crediting(model, lookback, lag),
    )


def _names(words: Sequence[str]) -> tuple[str, ...]:
    """Each once; people write a space after a comma."""
    return tuple(dict.fromkeys(filter(None, (word.strip() for word in words))))


def has_owner(by: Sequence[str]) -> bool:
    return any(DIMENSIONS[name].needs for name in by)


def _filter(text: str) -> Filter:
    name, equals, values = text.partition("=")
    if not equals:
        raise WrongUse(
            say(_("“{text}” is not a filter."), text=text),
            hint=_("Write it as platform=google_ads."),
        )
    return Filter(name.strip(), tuple(value.strip() for value in values.split(",")))


def check(query: Query) -> Query:
    """Refuse what cannot be answered, with the sentence that says what to ask instead."""
    if not query.metrics:
        raise WrongUse(_("No metric was asked for."), hint=_("Name one, such as spend."))
    for name in query.metrics:
        metric(name)
    for name in (*query.by, *(one.dimension for one in query.where)):
        dimension(name)
    ordered = query.order_by.lstrip("-")
    if ordered and ordered not in (*query.metrics, *query.by):
        raise WrongUse(
            say(_("The answer cannot be sorted by “{name}”: it is not in it."), name=ordered)
        )
    if query.limit < 0:
        raise WrongUse(_("The number of rows cannot be negative."), hint=_("Leave it out for all."))
    if query.currency and not is_currency(query.currency):
        raise WrongUse(
            say(_("“{code}” is not a currency code of ISO 4217."), code=query.currency),
            hint=_("Write it as EUR or USD."),
            code="unknown_currency",
        )
    for filter_ in query.where:
        _check_filter(filter_, query.by)
    return query


def _check_filter(filter_: Filter, by: Sequence[str]) -> None:
    if DIMENSIONS[filter_.dimension].time:
        raise WrongUse(_("Days are not filtered with a value."), hint=_("Give a period instead."))
    if filter_.dimension != "level":
        return
    unknown = [value for value in filter_.values if value not in LEVELS]
    if unknown:
        raise WrongUse(
            say(_("There is no level “{name}”."), name=unknown[0]),
            hint=say(_("Use one of: {names}."), names=", ".join(LEVELS)),
        )
    if len(filter_.values) > 1 and "level" not in by:
        raise Refused(
            _("Two levels are never added: the same spend is in both."),
            hint=_("Ask for one level, or split by level."),
            code="two_levels",
        )


def plan(query: Query) -> Plan:
    """What to read for ``query``, once checked."""
    needed = _sums_for(query.metrics)
    by_fact: dict[str, list[Sum]] = {}
    for one in needed:
        by_fact.setdefault(one.fact, []).append(one)
    facts = tuple(_fact_plan(query, fact, tuple(sums)) for fact, sums in by_fact.items())
    asked = [metric(name) for name in query.metrics]
    nonadditive = tuple(one for one in asked if isinstance(one, NonAdditive))
    has_money = any(one.unit is Unit.MONEY for one in needed)
    splits = has_money and not query.currency
    return optimise(Plan(query, facts, nonadditive, splits))


def _sums_for(names: Sequence[str]) -> list[Sum]:
    found: dict[str, Sum] = {}
    for name in names:
        asked = metric(name)
        if isinstance(asked, Ratio):
            for part in _sums_for((asked.numerator, asked.denominator)):
                found[part.name] = part
        elif isinstance(asked, Sum):
            found[asked.name] = asked
            for beside in filter(None, (asked.otherwise, asked.among)):
                for part in _sums_for((beside,)):
                    found[part.name] = part
    return list(found.values())


def _fact_plan(query: Query, fact: str, sums: tuple[Sum, ...]) -> FactPlan:
    known = tuple(name for name in query.by if fact in DIMENSIONS[name].facts)
    asked = (*query.by, *(one.dimension for one in query.where))
    owner = (OWNER,) if has_owner(known) else ()
    return FactPlan(
        fact=fact,
        table=fact,
        sums=sums,
        by=(*known, *owner),
        unknown_by=tuple(name for name in query.by if name not in known),
        where=query.where,
        needs=deepest(asked),
        split="ad_network" in asked,
        chooses_level="level" in asked,
    )


def deepest(asked: Sequence[str]) -> str:
    """The level that a question by or about ``asked`` goes down to."""
    order = ("keyword", "ad", "ad_group", "campaign")
    needed = {DIMENSIONS[name].needs for name in asked}
    return next((level for level in order if level in needed), "")


def optimise(plan_: Plan) -> Plan:
    """Read rollups where they hold what is asked; the sums are the same to the cent."""
    calendar = plan_.query.calendar
    return replace(plan_, facts=tuple(_by_rollup(one, calendar) for one in plan_.facts))


def _by_rollup(fact_plan: FactPlan, calendar: Calendar) -> FactPlan:
    asked = (*fact_plan.by, *(one.dimension for one in fact_plan.where))
    if BENEFICIARY in asked and fact_plan.fact in DIMENSIONS[BENEFICIARY].facts:
        return _by_whom(fact_plan, asked)
    if fact_plan.fact in EVENTS and "campaign" in asked:
        return replace(fact_plan, table=f"{fact_plan.fact}_with_campaign")
    if fact_plan.fact not in {"performance", "conversions"}:
        return fact_plan
    rollup = {"": "by_account", "campaign": "by_campaign"}.get(fact_plan.needs)
    if rollup is None:
        return fact_plan
    table = f"{fact_plan.fact}_{rollup}"
    months = {"month"} if calendar.has_weeks else {"month", "fiscal_month", "fiscal_quarter"}
    steps = {name for name in fact_plan.by if name != OWNER and DIMENSIONS[name].time}
    by_month = f"{table}{BY_MONTH}" if steps <= months else ""
    return replace(fact_plan, table=table, by_month=by_month)


def _by_whom(fact_plan: FactPlan, asked: Sequence[str]) -> FactPlan:
    """No rollup by month knows for whom its rows work; by day those of campaigns do."""
    rollup = {"": "_by_account", "campaign": "_by_campaign"}.get(fact_plan.needs, "")
    table = fact_plan.fact
    if fact_plan.fact in {"performance", "conversions"}:
        table += rollup
    table += FOR_WHOM
    if fact_plan.fact in EVENTS and "campaign" in asked:
        table += "_with_campaign"
    return replace(fact_plan, table=table, whom=FOR_WHOM)


def refuse_two_windows_of(windows: Sequence[str]) -> Refused:
    """The sentence for conversions that one account counts in several attribution windows."""
    return Refused(
        say(
            _("An account counts these conversions in several windows ({windows}), which are "
              "never added: the same conversion may be in each."),
            windows=", ".join(windows),
        ),
        hint=say(
            _("Split by attribution, or choose one: attribution={window}."), window=windows[0]
        ),
        code="two_windows",
    )  # fmt: skip


def refuse_adding(names: Sequence[str], by: Sequence[str], level: str) -> Refused:
    """The sentence for a figure that was asked at a grain at which it would have to be added."""
    labels = ", ".join(str(all_metrics()[name].label) for name in names)
    own = level if level in DIMENSIONS else ""
    grains = [name for name in ("date", "account", own) if name and name not in by]
    return Refused(
        say(
            _("{metrics} cannot be added up: the same person may be counted in several rows."),
            metrics=labels,
        ),
        hint=say(
            _("Ask for it at the grain of the report, for instance by {grains}."),
            grains=",".join([*by, *grains]),
        ),
        code="not_additive",
    )
