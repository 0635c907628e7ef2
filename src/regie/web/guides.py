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
)


def guides() -> list[dict[str, Any]]:
    """The guides in the reader's language."""
    return [
        {
            "name": platform(guide.platform).name,
            "colour": platform(guide.platform).colour,
            "steps": [gettext(step) for step in guide.steps],
        }
        for guide in GUIDES
    ]
