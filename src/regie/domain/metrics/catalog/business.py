"""What it earned: our own orders, leads, calls and visits."""

from regie.domain.metrics.definitions import Metric, Ratio, Sum, Unit
from regie.kernel.i18n import _

sums: tuple[Metric, ...] = (
    Sum("orders", _("Orders"), Unit.COUNT,
        _("Orders of the shop or the CRM; cancelled and test orders do not count."),
        fact="orders", column="orders"),
    Sum("revenue", _("Revenue"), Unit.MONEY,
        _("What the orders earned, refunds taken off on their own day."),
        fact="orders", column="revenue"),
    Sum("leads_received", _("Leads received"), Unit.COUNT,
        _("Contacts in our own forms and CRM."), fact="leads", column="leads"),
    Sum("calls", _("Calls"), Unit.COUNT,
        _("Calls received; where no call log is imported, taps on the call button of listings."),
        fact="calls", column="calls", otherwise="call_clicks"),
    Sum("visits", _("Visits"), Unit.COUNT,
        _("Visits (sessions) counted by web analytics or by ourselves."),
        fact="visits", column="visits"),
    Sum("key_events", _("Key events"), Unit.COUNT,
        _("Key events of web analytics."), fact="visits", column="key_events"),
)  # fmt: skip

# A rate rests on the visits for which its numerator is known: others would dilute it.
parts: tuple[Metric, ...] = (
    Sum("completed", _("Completed visits"), Unit.COUNT,
        _("Visits that ended with the expected transaction."),
        fact="visits", column="completed", hidden=True),
    Sum("engaged_visits", _("Engaged visits"), Unit.COUNT, _("GA4's engaged sessions."),
        fact="visits", column="engaged_visits", hidden=True),
    Sum("single_page_visits", _("Single-page visits"), Unit.COUNT,
        _("Visits of one page and no more."),
        fact="visits", column="single_page_visits", hidden=True),
    Sum("visits_completion_known", _("Visits of known outcome"), Unit.COUNT,
        _("Visits for which it is known whether they were completed."),
        fact="visits", column="visits", only="completed IS NOT NULL", hidden=True),
    Sum("visits_engagement_known", _("Visits of known engagement"), Unit.COUNT,
        _("Visits for which it is known whether they were engaged."),
        fact="visits", column="visits", only="engaged_visits IS NOT NULL", hidden=True),
    Sum("visits_length_known", _("Visits of known length"), Unit.COUNT,
        _("Visits for which it is known whether they had a single page."),
        fact="visits", column="visits", only="single_page_visits IS NOT NULL", hidden=True),
)  # fmt: skip
ratios: tuple[Metric, ...] = (
    Ratio("cpa", _("Cost per acquisition (CPA)"), Unit.MONEY,
          _("Spend divided by orders of the same period; empty when nothing was sold."),
          better="lower", numerator="spend", denominator="orders"),
    Ratio("roas", _("Return on ad spend (ROAS)"), Unit.FACTOR,
          _("Revenue of our own orders divided by spend: 4.0 means four back for one spent."),
          numerator="revenue", denominator="spend"),
    Ratio("tacos", _("Total advertising cost of sales (TACoS)"), Unit.SHARE,
          _("Spend divided by all revenue."),
          better="lower", numerator="spend", denominator="revenue"),
    Ratio("conversion_rate", _("Conversion rate"), Unit.SHARE,
          _("Completed transactions divided by visits of landing pages."),
          numerator="completed", denominator="visits_completion_known"),
    Ratio("bounce_transaction", _("Bounce rate (transaction not completed)"), Unit.SHARE,
          _("Share of visits that left without the expected transaction."),
          better="lower", numerator="completed", denominator="visits_completion_known",
          complement=True),
    Ratio("bounce_ga4", _("Bounce rate (GA4)"), Unit.SHARE,
          _("Share of sessions that GA4 does not count as engaged."),
          better="lower", numerator="engaged_visits", denominator="visits_engagement_known",
          complement=True),
    Ratio("bounce_single_page", _("Bounce rate (single page)"), Unit.SHARE,
          _("Share of visits that saw one page only."),
          better="lower", numerator="single_page_visits", denominator="visits_length_known"),
)  # fmt: skip
