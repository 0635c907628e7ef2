"""What a model of attribution gives to each visit, of the conversions that we measured ourselves.

Beside it stand what platforms claim and what was really received; the three are never added up.
"""

from collections.abc import Iterable

from regie.domain.metrics.definitions import Metric, Ratio, Sum, Unit
from regie.kernel.i18n import _

_SHARED = _(
    "Shared among the visits that led to them by the model, look-back window and lag that were "
    "chosen for this kind of conversion, on the day of the conversion. One without a known visit "
    "is attributed to nobody."
)
_VALUE = _("What they were worth, refunds taken off, shared among visits in the same way; empty "
           "where none of them has a value.")  # fmt: skip


# Kinds of conversion that people named themselves, all of them: each has a question of its own.
OWN_EVENT = "event"


def _of(kind: str, name: str, label: str, unit: Unit, description: str, column: str) -> Sum:
    only = "event IS NOT NULL" if kind == OWN_EVENT else f"kind = '{kind}'"
    return Sum(name, label, unit, description, fact="credits", column=column, only=only)


_by_kind: dict[str, tuple[Sum, ...]] = {
    "order": (
        _of("order", "attributed_conversions", _("Orders (attributed)"), Unit.NUMBER, _SHARED,
            "conversions"),
        _of("order", "attributed_value", _("Value (attributed)"), Unit.MONEY, _VALUE, "value"),
    ),
    "lead": (
        _of("lead", "attributed_leads", _("Leads (attributed)"), Unit.NUMBER, _SHARED,
            "conversions"),
        _of("lead", "attributed_lead_value", _("Value of leads (attributed)"), Unit.MONEY, _VALUE,
            "value"),
    ),
    "mql": (
        _of("mql", "attributed_mqls", _("MQL (attributed)"), Unit.NUMBER, _SHARED, "conversions"),
    ),
    "sql": (
        _of("sql", "attributed_sqls", _("SQL (attributed)"), Unit.NUMBER, _SHARED, "conversions"),
    ),
    "call": (
        _of("call", "attributed_calls", _("Calls (attributed)"), Unit.NUMBER, _SHARED,
            "conversions"),
        _of("call", "attributed_call_value", _("Value of calls (attributed)"), Unit.MONEY, _VALUE,
            "value"),
    ),
    "redemption": (
        _of("redemption", "attributed_redemptions", _("Codes used (attributed)"), Unit.NUMBER,
            _SHARED, "conversions"),
    ),
    OWN_EVENT: (
        _of(OWN_EVENT, "attributed_own_events", _("Events of your own (attributed)"), Unit.NUMBER,
            _SHARED, "conversions"),
        _of(OWN_EVENT, "attributed_own_event_value", _("Value of events of your own (attributed)"),
            Unit.MONEY, _VALUE, "value"),
    ),
}  # fmt: skip
sums: tuple[Metric, ...] = tuple(one for every in _by_kind.values() for one in every)
_KINDS = {one.name: kind for kind, every in _by_kind.items() for one in every}
ratios: tuple[Metric, ...] = (
    Ratio("attributed_cpa", _("Cost per acquisition (attributed)"), Unit.MONEY,
          _("Spend divided by the orders that the attribution model gives."),
          better="lower", numerator="spend", denominator="attributed_conversions"),
    Ratio("attributed_roas", _("Return on ad spend (attributed)"), Unit.FACTOR,
          _("The value of orders that the attribution model gives, divided by spend."),
          numerator="attributed_value", denominator="spend"),
    Ratio("attributed_cpl", _("Cost per lead (attributed)"), Unit.MONEY,
          _("Spend divided by the leads that the attribution model gives."),
          better="lower", numerator="spend", denominator="attributed_leads"),
    Ratio("attributed_cost_per_mql", _("Cost per MQL (attributed)"), Unit.MONEY,
          _("Spend divided by the marketing qualified leads that the attribution model gives."),
          better="lower", numerator="spend", denominator="attributed_mqls"),
    Ratio("attributed_cost_per_sql", _("Cost per SQL (attributed)"), Unit.MONEY,
          _("Spend divided by the sales qualified leads that the attribution model gives."),
          better="lower", numerator="spend", denominator="attributed_sqls"),
    Ratio("attributed_cost_per_call", _("Cost per call (attributed)"), Unit.MONEY,
          _("Spend divided by the calls that the attribution model gives."),
          better="lower", numerator="spend", denominator="attributed_calls"),
    Ratio("attributed_cost_per_own_event", _("Cost per event of your own (attributed)"), Unit.MONEY,
          _("Spend divided by the events of your own that the attribution model gives; choose one "
            "event by its name, or different ones are counted together."),
          better="lower", numerator="spend", denominator="attributed_own_events"),
)  # fmt: skip


def kinds_of(asked: Iterable[Sum]) -> list[str]:
    """The kinds of conversion that ``asked`` add up, in the order they are always named in;
    ``OWN_EVENT`` stands for all that people named themselves."""
    named = {_KINDS[one.name] for one in asked if one.name in _KINDS}
    return [kind for kind in _by_kind if kind in named]
