"""How to get a file out of each platform: the steps that an empty imports page teaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from regie.kernel.i18n import _
from regie.ui.platforms import platform


@dataclass(frozen=True)
class Guide:
    platform: str
    steps: tuple[str, ...]


GUIDES = (
    Guide(
        "google_ads",
        (
            _("Open Campaigns and choose the dates at the top right."),
            _("Use Segment, then Time, then Day, so that each row is one day."),
            _("Choose Download, then .csv. French and English files both work."),
        ),
    ),
    Guide(
        "meta_ads",
        (
            _("In Ads Manager, open the tab Campaigns, Ad sets or Ads."),
            _("Use Breakdown, then By time, then Day."),
            _("Choose Reports, then Export table data, as .csv."),
        ),
    ),
    Guide(
        "linkedin_ads",
        (
            _("In Campaign Manager, choose Export."),
            _("Take the report Campaign performance, with the time breakdown Daily."),
            _("Bring the .csv as it is: its unusual encoding is expected."),
        ),
    ),
    Guide(
        "tiktok_ads",
        (
            _("In Ads Manager, open the custom reports and create one."),
            _("Add the dimension By day, then run the report and download it as .xlsx."),
        ),
    ),
    Guide(
        "amazon_ads",
        (
            _("Open Measurement and reporting, then Sponsored ads reports."),
            _("Create a Campaign report with the time unit Daily and download the .xlsx."),
        ),
    ),
    Guide(
        "microsoft_ads",
        (
            _("Open Reports and choose Campaign performance."),
            _("Set the unit of time to Day and download as .csv."),
        ),
    ),
    Guide(
        "ga4",
        (
            _("Open Reports, then Acquisition, then Traffic acquisition."),
            _("Choose Share this report, Download file, then CSV."),
        ),
    ),
    Guide(
        "matomo",
        (
            _("Open Visitors, then Overview, with the period Day and a range of dates."),
            _("Under the report choose Export, then CSV, with one row for each day."),
            _("Bring it as it is: its unusual encoding is expected."),
        ),
    ),
    Guide(
        "google_business_profile",
        (
            _("In Business Profile Manager, tick the locations and choose Actions, then "
              "Performance (or Insights)."),
            _("Choose the dates and download the report as .csv."),
            _("Keep the file’s name: the period stands there. Otherwise you will be asked for it."),
        ),
    ),
    Guide(
        "linkedin_pages",
        (
            _("As an administrator of the Page, open Analytics, then Content."),
            _("Choose the dates and Export: the old .xls is read as it is."),
            _("Visitors and Followers are recognised and counted too."),
        ),
    ),
    Guide(
        "linkedin_archive",
        (
            _("In your settings, open Data privacy, then Get a copy of your data."),
            _("Ask for Connections and Invitations, and bring both .csv files of the archive."),
            _("They are recognised and counted; nothing of these people is kept."),
        ),
    ),
    Guide(
        "facebook_pages",
        (
            _("In Meta Business Suite, open Insights, then Content, and choose Export data."),
            _("The columns are yours to choose: keep a date and the figures by day or by post."),
            _("An export by hand opens a page where its columns are matched once; the tables that "
              "data pipelines write are recognised by themselves."),
        ),
    ),
    Guide(
        "instagram",
        (
            _("In Meta Business Suite, choose the Instagram account, then Insights and Export "
              "data."),
            _("An export by hand opens a page where its columns are matched once; the tables that "
              "data pipelines write are recognised by themselves."),
        ),
    ),
    Guide(
        "youtube",
        (
            _("In YouTube Studio, open Analytics, then Advanced mode, and choose Day as the time "
              "step."),
            _("Download the current view as .csv and bring the table of its archive."),
            _("An export by hand opens a page where its columns are matched once; the tables that "
              "data pipelines write are recognised by themselves."),
        ),
    ),
    Guide(
        "apple_search_ads",
        (
            _("Open Custom Reports and create a report of campaigns or keywords, by day."),
            _("Download the .csv."),
            _("An export by hand opens a page where its columns are matched once; the tables that "
              "data pipelines write are recognised by themselves."),
        ),
    ),
    Guide(
        "x_ads",
        (
            _("In Ads Manager choose the campaigns and the dates, then Export, by day, as .csv."),
            _("Its columns are matched once on a page that opens by itself."),
        ),
    ),
    Guide(
        "shopify",
        (
            _("Open Orders, choose Export, then Plain CSV file."),
            _("It is recognised by itself, with the promo codes that each order used."),
            _("Addresses and names of customers are not needed: leave them out where you can."),
        ),
    ),
    Guide(
        "woocommerce",
        (
            _("Open Analytics, then Orders, choose the dates, then Download."),
            _("It is recognised by itself, with the promo codes that each order used."),
            _("The report does not name its currency: say it when you bring the file."),
        ),
    ),
    Guide(
        "stripe",
        (
            _("Open Payments, choose Export, all columns or the default ones, in UTC."),
            _("Say once which columns are the number, the day, the total and the currency."),
        ),
    ),
    Guide(
        "hubspot",
        (
            _("Open Contacts or Deals, choose the view, then Export view as .csv."),
            _("For leads, keep the record’s number, its day of creation and its original source."),
            _("Say once which columns these are; the next files are recognised."),
        ),
    ),
    Guide(
        "salesforce",
        (
            _("Open Reports and make one of Leads or Opportunities, with number, day, amount and "
              "campaign."),
            _("Choose Export, Details only, as .csv in UTF-8."),
            _("Say once which columns these are; the next files are recognised."),
        ),
    ),
    Guide(
        "creators",
        (
            _("Write a CSV with the headers date, creator, cost and currency: one line for each "
              "fee."),
            _("The creator’s name is the one that her tracked links or her code carry: what she "
              "cost then stands beside what she earned."),
        ),
    ),
    Guide(
        "own",
        (
            _("Orders, leads, calls, visits, costs of a TV spot: any table with a column of days "
              "will do."),
            _("Its columns are matched once on a page that opens by itself."),
            _("A table of orders with the headers order_id, ordered_at, revenue, currency and "
              "channel needs no matching at all."),
        ),
    ),
)  # fmt: skip


# What is brought most often stands open to the eye; the rest is one click away.
GROUPS = (
    (_("Advertising"), ("google_ads", "meta_ads", "linkedin_ads", "tiktok_ads", "amazon_ads",
                        "microsoft_ads", "apple_search_ads", "x_ads")),
    (_("Site"), ("ga4", "matomo")),
    (_("Pages and listings"), ("google_business_profile", "linkedin_pages", "facebook_pages",
                               "instagram", "youtube", "linkedin_archive")),
    (_("Shop, CRM and your own tables"), ("shopify", "woocommerce", "stripe", "hubspot",
                                         "salesforce", "creators", "own")),
)  # fmt: skip


def guides() -> list[dict[str, Any]]:
    """The guides by group, in the reader's language."""
    known = {guide.platform: guide for guide in GUIDES}
    return [
        {
            "label": gettext(label),
            "names": ", ".join(platform(name).name for name in names),
            "guides": [_said(known[name]) for name in names],
        }
        for label, names in GROUPS
    ]


def _said(guide: Guide) -> dict[str, Any]:
    shown = platform(guide.platform)
    return {
        "name": shown.name,
        "colour": shown.colour,
        "steps": [gettext(step) for step in guide.steps],
    }
