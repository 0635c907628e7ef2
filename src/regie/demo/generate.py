"""Writes the whole demo network to a folder: files to import, and the truth beside them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

from regie.demo import audience, plans
from regie.demo.accounts import AdAccount, accounts
from regie.demo.earned import earned_days
from regie.demo.exports import (
    amazon_ads,
    business_profile,
    ga4,
    google_ads,
    linkedin_ads,
    matomo,
    meta_ads,
    microsoft_ads,
    plain,
    tiktok_ads,
)
from regie.demo.exports.export import Export
from regie.demo.network import SLUG, of_kind, organisation
from regie.demo.performance import AdDay, ad_days
from regie.demo.rates import draw_rates
from regie.demo.sales import draw_sales
from regie.demo.seasons import Calendar
from regie.demo.truth import Truth
from regie.kernel.periods import Period

TRUTH, PLAN = "truth.json", "plan.json"


@dataclass(frozen=True)
class DemoFile:
    """One file to import: for whom, where it lies, and what to answer when the import asks."""

    organisation: str
    path: Path
    platform: str
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """What ``generate`` wrote, in the order in which a person would import it."""

    files: tuple[DemoFile, ...]
    truth: Path
    plan: Path


_AD_EXPORTS: dict[str, Callable[[AdAccount, Sequence[AdDay], Period], Export]] = {
    "google_ads": google_ads.export,
    "meta_ads": meta_ads.export,
    "linkedin_ads": linkedin_ads.export,
    "tiktok_ads": tiktok_ads.export,
    "amazon_ads": amazon_ads.export,
    "microsoft_ads": microsoft_ads.export,
}


def generate(folder: Path, *, seed: int, until: date) -> Manifest:
    """Write the network's files for thirteen months and the days up to ``until``.

    The same ``seed`` and ``until`` give the same bytes.
    """
    calendar, truth, files = Calendar(until), Truth(), []
    for owner, export in _exports(calendar, seed):
        path = folder / owner / export.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(export.content)
        files.append(DemoFile(owner, path, export.platform, export.options))
        truth.add(f"{owner}/{export.name}", owner, export.platform, export.figures)
    truth.write(folder / TRUTH, seed=seed, calendar=calendar)
    _write_plan(folder / PLAN, calendar)
    return Manifest(tuple(files), folder / TRUTH, folder / PLAN)


def _exports(calendar: Calendar, seed: int) -> Iterator[tuple[str, Export]]:
    # Rates come first, so that no figure ever waits for its conversion.
    yield SLUG, plain.rates(draw_rates(calendar, seed))
    for account in accounts():
        rows = ad_days(account, calendar, seed)
        yield account.organisation, _AD_EXPORTS[account.platform](account, rows, calendar.whole)
    days = audience.posts(calendar, seed)
    yield SLUG, plain.creators(audience.CREATOR, days, audience.POST_COSTS)
    yield SLUG, plain.earned(earned_days(calendar, seed))
    yield from _visits(calendar, seed)
    yield from _profiles(calendar, seed)
    yield from _sales(calendar, seed)


def _visits(calendar: Calendar, seed: int) -> Iterator[tuple[str, Export]]:
    for slug, size in audience.GA4_SITES:
        rows = audience.site_days(slug, size, calendar, seed)
        yield slug, ga4.export(organisation(slug), rows, calendar.whole)
    slug, size = audience.MATOMO_SITE
    rows = audience.site_days(slug, size, calendar, seed)
    yield slug, matomo.export(organisation(slug), rows, calendar.whole)
    for slug, size in audience.OWN_TRACKER_SITES:
        rows = audience.site_days(slug, size, calendar, seed)
        yield slug, plain.visits(organisation(slug), rows)


def _profiles(calendar: Calendar, seed: int) -> Iterator[tuple[str, Export]]:
    for month in calendar.months:
        if month.is_whole_month():
            rows = audience.profile_month(month, calendar, seed)
            yield SLUG, business_profile.export(rows, month)


def _sales(calendar: Calendar, seed: int) -> Iterator[tuple[str, Export]]:
    sales = draw_sales(calendar, seed)
    for agency in of_kind("franchisee"):
        yield agency.slug, plain.leads(sales.leads[agency.slug])
        yield agency.slug, plain.calls(sales.calls[agency.slug])
        yield agency.slug, plain.orders(sales.orders[agency.slug])


def _write_plan(path: Path, calendar: Calendar) -> None:
    content = {
        "budgets": [asdict(budget) for budget in plans.budgets(calendar)],
        "objectives": [asdict(objective) for objective in plans.objectives()],
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n", "utf-8")
