"""The sizes of a market, and the share that is reckoned from them, in the words of a page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from regie.apps.dashboards.selectors import MarketCard, Share
from regie.domain.markets import MarketSize, Part
from regie.domain.metrics.catalog import metric
from regie.ui import figures
from regie.ui.figures import MISSING


def listed(card: MarketCard) -> dict[str, Any]:
    return {"id": card.id, **_said(card.size)}


def explained(title: str, share: Share, why: str) -> dict[str, Any]:
    """Both sums of a share; ``why`` is the address that explains one's own."""
    one = metric(share.measure)
    return {
        "title": title,
        "days": figures.days(share.days.start, share.days.end),
        "share": MISSING if share.value is None else figures.percent(share.value, digits=2),
        "own_label": _(one.label),
        "own": MISSING if share.own is None else figures.exact(share.own, one.unit, share.currency),
        "why": why if share.own is not None else "",
        "whole": MISSING
        if share.whole is None
        else figures.exact(share.whole, one.unit, share.currency),
        "parts": [_part(part) for part in share.parts],
        "is_known": share.whole is not None,
        "is_beyond": share.value is not None and share.value > 1,
    }


def _part(part: Part) -> dict[str, Any]:
    size = part.size
    return {
        **_said(size),
        "counted": _("{part} of {days} days").format(part=part.days.days, days=size.period.days),
        "pro_rata": figures.exact(part.amount, metric(size.measure).unit, size.currency),
    }


def _said(size: MarketSize) -> dict[str, Any]:
    one = metric(size.measure)
    return {
        "label": _(one.label),
        "amount": figures.exact(size.amount, one.unit, size.currency),
        "days": figures.days(size.period.start, size.period.end),
        "source": size.source,
        "published_on": figures.day(size.published_on),
    }
