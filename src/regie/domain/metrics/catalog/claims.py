"""What the platforms claim for themselves. Shown beside real sales, never added to them."""

from regie.domain.metrics.definitions import Metric, Ratio, Sum, Unit
from regie.kernel.i18n import _

claims: tuple[Metric, ...] = (
    Sum("conversions", _("Conversions (claimed)"), Unit.NUMBER,
        _("Conversions that each platform attributes to itself, in its own window: two platforms "
          "may claim the same sale."),
        fact="conversions", column="conversions", only="is_primary", claimed=True),
    Sum("conversion_value", _("Conversion value (claimed)"), Unit.MONEY,
        _("The value that each platform attributes to itself."),
        fact="conversions", column="conversion_value", only="is_primary", claimed=True),
    Sum("total_revenue", _("Revenue seen by web analytics"), Unit.MONEY,
        _("What the analytics tool saw on the site; not our own orders."),
        fact="conversions", column="conversion_value", only="NOT is_primary", claimed=True),
    Ratio("roas_claimed", _("Return on ad spend (claimed)"), Unit.FACTOR,
          _("Claimed conversion value divided by spend."),
          numerator="conversion_value", denominator="spend"),
    Ratio("cpa_claimed", _("Cost per conversion (claimed)"), Unit.MONEY,
          _("Spend divided by the conversions that the platform attributes to itself."),
          better="lower", numerator="spend", denominator="conversions"),
    Ratio("acos", _("Advertising cost of sales (ACoS)"), Unit.SHARE,
          _("Spend divided by the sales that the platform attributes to itself."),
          better="lower", numerator="spend", denominator="conversion_value"),
)  # fmt: skip
