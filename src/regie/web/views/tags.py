"""The audit of tags: what visits arrived with, and campaigns that cost money without them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from regie.apps.tracking import selectors
from regie.domain.traffic import audit as auditing
from regie.domain.traffic.audit import CostlyFinding, Finding
from regie.kernel import clock
from regie.kernel.periods import Period
from regie.ui import figures
from regie.ui.templatetags.ui import say
from regie.web.requests import ScopedRequest
from regie.web.spreadsheets import as_csv
from regie.web.tracking.costly import costly

DAYS = 90


@login_required
@require_safe
def audit(request: ScopedRequest) -> HttpResponse:
    used, found, spent = _found(request)
    context = {
        "rows": [_row(one) for one in found],
        "costly": [_costly(one) for one in spent],
        "has_visits": bool(used),
    }
    return render(request, "links/audit.html", context)


@login_required
@require_safe
def audit_csv(request: ScopedRequest) -> HttpResponse:
    _used, found, spent = _found(request)
    header = [_("Account"), _("Source"), _("Medium"), _("Campaign"), _("Spend"), _("Currency"),
              _("Clicks"), _("Visits"), _("What is wrong"), _("What to do")]  # fmt: skip
    rows: list[list[Any]] = [
        [one.paid.account, "", "", one.paid.campaign, one.paid.spend, one.paid.currency,
         one.paid.clicks, sum(one.paid.visits.values()), say(one.problem), say(one.remedy)]
        for one in spent
    ]  # fmt: skip
    rows += [
        ["", one.tags.source, one.tags.medium, one.tags.campaign, None, "", None, one.tags.visits,
         say(one.problem), say(one.remedy)]
        for one in found
    ]  # fmt: skip
    return as_csv("regie-tags", header, rows)


def _found(
    request: ScopedRequest,
) -> tuple[list[auditing.Tags], list[Finding], list[CostlyFinding]]:
    period = _period(request)
    used = [
        auditing.Tags(one.source, one.medium, one.campaign, one.visits, one.home)
        for one in selectors.tags_used(request.scope, period)
    ]
    known = selectors.known_words(sorted(request.branch))["campaign"]
    return used, auditing.audit(used, campaigns=known), costly(request.scope, period)


def _row(one: Finding) -> dict[str, str]:
    tags = " · ".join(filter(None, (one.tags.source, one.tags.medium, one.tags.campaign)))
    return {"tags": tags, "visits": figures.exact(one.tags.visits, "count"),
            "problem": say(one.problem), "remedy": say(one.remedy)}  # fmt: skip


def _costly(one: CostlyFinding) -> dict[str, str]:
    paid = one.paid
    return {
        "campaign": paid.campaign, "account": paid.account,
        "spend": figures.exact(paid.spend, "money", paid.currency),
        "clicks": "–" if paid.clicks is None else figures.exact(paid.clicks, "count"),
        "visits": figures.exact(sum(paid.visits.values()), "count"),
        "problem": say(one.problem), "remedy": say(one.remedy),
    }  # fmt: skip


def _period(request: ScopedRequest) -> Period:
    zone = request.organisation.time_zone if request.organisation else "UTC"
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    return Period(today - timedelta(days=DAYS - 1), today)
