"""What the platforms delivered and what it cost, as each platform counts it."""

from regie.domain.metrics.definitions import Metric, Ratio, Sum, Unit
from regie.kernel.i18n import _


def _delivered(name: str, label: str, description: str, *, claimed: bool = False,
               otherwise: str = "") -> Sum:  # fmt: skip
    return Sum(
        name, label, Unit.COUNT, description, fact="performance", column=name, claimed=claimed,
        otherwise=otherwise,
    )  # fmt: skip


sums: tuple[Metric, ...] = (
    Sum("spend", _("Spend"), Unit.MONEY,
        _("What the platforms charged for delivery, in the currency of each account."),
        better="neither", fact="performance", column="spend"),
    _delivered("impressions", _("Impressions"),
               _("Displays counted by the platforms; paid displays of page posts are left out.")),
    _delivered("clicks", _("Clicks (all)"),
               _("All clicks as the platform counts them; absent where it only counts clicks on "
                 "links.")),
    _delivered("link_clicks", _("Link clicks"),
               _("Clicks that lead to a page: link, landing-page and destination clicks.")),
    _delivered("video_views", _("Video views"), _("Views of videos, by each platform's rule.")),
    _delivered("engagements", _("Engagements"),
               _("Reactions, comments, shares and the like, as the platform adds them up.")),
    _delivered("leads", _("Leads (claimed)"),
               _("Contacts that the platforms say they brought; where none of them says so, the "
                 "leads of our own forms and CRM."), claimed=True, otherwise="leads_received"),
    _delivered("directions", _("Direction requests"),
               _("Requests for the way to a location."), claimed=True),
    _delivered("website_clicks", _("Website clicks from listings"),
               _("Clicks from a listing to the website."), claimed=True),
    _delivered("call_clicks", _("Call button clicks"),
               _("Taps on the call button of a listing; not every one becomes a call."),
               claimed=True),
)  # fmt: skip

ratios: tuple[Metric, ...] = (
    Ratio("ctr", _("Click-through rate (CTR)"), Unit.SHARE,
          _("Clicks (all) divided by impressions."),
          numerator="clicks", denominator="impressions"),
    Ratio("cpc", _("Cost per click (CPC)"), Unit.MONEY, _("Spend divided by clicks (all)."),
          better="lower", numerator="spend", denominator="clicks"),
    Ratio("cpm", _("Cost per mille (CPM)"), Unit.MONEY,
          _("What a thousand impressions cost."),
          better="lower", numerator="spend", denominator="impressions", scale=1000),
    Ratio("cpl", _("Cost per lead (CPL)"), Unit.MONEY,
          _("Spend divided by leads; empty when there was none."),
          better="lower", numerator="spend", denominator="leads"),
    Ratio("engagement_rate", _("Engagement rate"), Unit.SHARE,
          _("Engagements divided by impressions."),
          numerator="engagements", denominator="impressions"),
)  # fmt: skip
