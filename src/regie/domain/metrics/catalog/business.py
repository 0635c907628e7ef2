"""What it earned: our own orders, leads, calls and visits."""

from regie.domain.metrics.definitions import Metric, Ratio, Sum, Unit
from regie.domain.qualification import is_qualified
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
    Sum("tracked_clicks", _("Clicks on tracked links"), Unit.COUNT,
        _("Clicks on our own links that people made; programs, previews and our own network "
          "are set aside."),
        fact="tracked", column="events", only="kind = 'click' AND aside IS NULL"),
    Sum("redemptions", _("Codes used"), Unit.COUNT,
        _("Promo codes and coupons that were accepted, online or at the till."),
        fact="tracked", column="events", only="kind = 'redemption' AND aside IS NULL"),
    Sum("own_events", _("Events of your own"), Unit.COUNT,
        _("Events that your pages or servers send under a name that you gave them, such as "
          "newsletter_signup; choose one of them by its name."),
        fact="own_events", column="events"),
    Sum("own_event_value", _("Value of events of your own"), Unit.MONEY,
        _("What they say they are worth; empty where none of them says it."),
        fact="own_events", column="value"),
    Sum("key_events", _("Key events"), Unit.COUNT,
        _("Key events of web analytics."), fact="visits", column="key_events"),
)  # fmt: skip

# A lead of known state that is not qualified counts as none, and one of unknown state not at all.
_STATE_KNOWN = "status IS NOT NULL"
qualified: tuple[Metric, ...] = (
    Sum("mqls", _("Marketing qualified leads (MQL)"), Unit.COUNT,
        _("Leads of which the latest state says that marketing found them fit for sales, or that "
          "they have come further: MQL, qualified, SQL, opportunity, won. A lead without a state "
          "is left out."),
        fact="leads", column="leads", only=_STATE_KNOWN, counts=is_qualified("mql")),
    Sum("sqls", _("Sales qualified leads (SQL)"), Unit.COUNT,
        _("Leads of which the latest state says that sales accepted them, or that they have come "
          "further: SQL, opportunity, quote, won. A lead without a state is left out."),
        fact="leads", column="leads", only=_STATE_KNOWN, counts=is_qualified("sql")),
    Sum("leads_state_known", _("Leads of known state"), Unit.COUNT,
        _("Leads of which the form, the file or the CRM says a state."),
        fact="leads", column="leads", only=_STATE_KNOWN, hidden=True),
    Ratio("mql_share", _("Share of qualified leads (MQL)"), Unit.SHARE,
          _("Marketing qualified leads divided by the leads whose state is known."),
          numerator="mqls", denominator="leads_state_known"),
    Ratio("cost_per_mql", _("Cost per MQL"), Unit.MONEY,
          _("Spend divided by marketing qualified leads of the same period; empty when there is "
            "none."),
          better="lower", numerator="spend", denominator="mqls"),
    Ratio("cost_per_sql", _("Cost per SQL"), Unit.MONEY,
          _("Spend divided by sales qualified leads of the same period; empty when there is none."),
          better="lower", numerator="spend", denominator="sqls"),
)  # fmt: skip

# Waiting is known of calls that were answered, and of them alone.
waiting: tuple[Metric, ...] = (
    Sum("waited", _("Time waited by callers"), Unit.SECONDS,
        _("How long callers waited until somebody answered, all of them together."),
        better="lower", fact="calls", column="wait_s", hidden=True),
    Sum("calls_wait_known", _("Calls whose wait is known"), Unit.COUNT,
        _("Calls that were answered and of which it is known how long the caller waited."),
        fact="calls", column="calls", only="wait_s IS NOT NULL", hidden=True),
    Ratio("answer_time", _("Time to answer calls"), Unit.SECONDS,
          _("How long a caller waited on average until somebody answered; calls that nobody "
            "answered are not in it."),
          better="lower", numerator="waited", denominator="calls_wait_known"),
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
# Social networks, paid or not, by the channel that visits and orders name; creators post there.
SOCIAL = "(lower(channel) LIKE '%social%' OR lower(channel) = 'influencers')"
social: tuple[Metric, ...] = (
    Sum("social_visits", _("Visits from social networks"), Unit.COUNT,
        _("Visits whose channel is a social network, paid or not; posts of creators are among "
          "them."),
        fact="visits", column="visits", only=SOCIAL, only_by="channel"),
    Sum("visits_channel_known", _("Visits of known channel"), Unit.COUNT,
        _("Visits for which it is known where they came from."),
        fact="visits", column="visits", only="channel IS NOT NULL", only_by="channel", hidden=True),
    Sum("social_revenue", _("Revenue from social networks"), Unit.MONEY,
        _("What the orders earned whose channel is a social network, paid or not; posts of "
          "creators are among them."),
        fact="orders", column="revenue", only=SOCIAL),
    Ratio("social_visit_share", _("Share of visits from social networks"), Unit.SHARE,
          _("Visits from social networks divided by all visits of known channel."),
          numerator="social_visits", denominator="visits_channel_known"),
)  # fmt: skip
retention: tuple[Metric, ...] = (
    Sum("new_customers", _("New customers"), Unit.COUNT,
        _("First orders of customers, as the shop or the CRM says; an order of which it says "
          "nothing counts neither here nor among returning ones."),
        fact="orders", column="orders", only="new_customer"),
    Sum("returning_orders", _("Orders of returning customers"), Unit.COUNT,
        _("Orders of customers who had ordered before, as the shop or the CRM says."),
        fact="orders", column="orders", only="new_customer = false"),
    Sum("orders_customer_known", _("Orders of known customers"), Unit.COUNT,
        _("Orders for which it is known whether the customer is new."),
        fact="orders", column="orders", only="new_customer IS NOT NULL", hidden=True),
    Ratio("returning_share", _("Share of orders by returning customers"), Unit.SHARE,
          _("Orders of returning customers divided by all orders for which it is known."),
          numerator="returning_orders", denominator="orders_customer_known"),
)  # fmt: skip
devices: tuple[Metric, ...] = (
    Sum("purchases_devices_known", _("Purchases of known devices"), Unit.COUNT,
        _("Orders that were consented to and whose devices are known."),
        fact="purchases", column="purchases", hidden=True),
    Sum("purchases_across_devices", _("Purchases across devices"), Unit.COUNT,
        _("Orders that began on one device and ended on another, within 30 days."),
        fact="purchases", column="crossed", hidden=True,
        among="purchases_devices_known", least=30),
    Ratio("cross_device_share", _("Share of purchases across devices"), Unit.SHARE,
          _("Orders that began on one device and ended on another, divided by those whose devices "
            "are known. Sure links only; hidden under 30 purchases, which would point at "
            "somebody."),
          better="neither", numerator="purchases_across_devices",
          denominator="purchases_devices_known"),
)  # fmt: skip
baskets: tuple[Metric, ...] = (
    Sum("sales_value", _("Value of orders"), Unit.MONEY,
        _("What the orders were worth when they were placed; refunds are not taken off."),
        fact="orders", column="revenue", only="kind = 'order'", hidden=True),
    Ratio("aov", _("Average order value"), Unit.MONEY,
          _("What orders were worth when they were placed, divided by their number; cancelled "
            "and test orders are in neither."),
          numerator="sales_value", denominator="orders"),
)  # fmt: skip
ratios: tuple[Metric, ...] = (
    Ratio("cpa", _("Cost per acquisition (CPA)"), Unit.MONEY,
          _("Spend divided by orders of the same period; empty when nothing was sold."),
          better="lower", numerator="spend", denominator="orders"),
    Ratio("cpl_received", _("Cost per lead received"), Unit.MONEY,
          _("Spend divided by the contacts of our own forms and CRM."),
          better="lower", numerator="spend", denominator="leads_received"),
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
