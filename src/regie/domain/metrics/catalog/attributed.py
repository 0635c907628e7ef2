"""What a model of attribution gives to each visit, of the orders that we measured ourselves.

Beside it stand what platforms claim and what was really sold; the three are never added up.
"""

from regie.domain.metrics.definitions import Metric, Ratio, Sum, Unit
from regie.kernel.i18n import _

sums: tuple[Metric, ...] = (
    Sum("attributed_conversions", _("Conversions (attributed)"), Unit.NUMBER,
        _("Orders that visits led to, shared among them by the chosen attribution model, on the "
          "day of the order. An order without a known visit is attributed to nobody."),
        fact="credits", column="conversions"),
    Sum("attributed_value", _("Value (attributed)"), Unit.MONEY,
        _("What these orders earned, refunds taken off, shared among the visits in the same way."),
        fact="credits", column="value"),
)  # fmt: skip
ratios: tuple[Metric, ...] = (
    Ratio("attributed_cpa", _("Cost per acquisition (attributed)"), Unit.MONEY,
          _("Spend divided by the conversions that the attribution model gives."),
          better="lower", numerator="spend", denominator="attributed_conversions"),
    Ratio("attributed_roas", _("Return on ad spend (attributed)"), Unit.FACTOR,
          _("The value that the attribution model gives, divided by spend."),
          numerator="attributed_value", denominator="spend"),
)  # fmt: skip
