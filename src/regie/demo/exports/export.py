"""One exported file: its bytes, what an import must be told, and the true figures it carries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from regie.demo.accounts import AdAccount
from regie.demo.performance import AdDay


class Figure(NamedTuple):
    """One true figure; ``currency`` is empty for what is not money."""

    day: date
    metric: str
    currency: str
    value: Decimal


@dataclass(frozen=True)
class Export:
    """A file as it leaves a platform. ``options`` holds what the file itself does not say."""

    name: str
    platform: str
    content: bytes
    figures: Iterable[Figure]
    options: dict[str, str] = field(default_factory=dict)


MONEY = frozenset({"spend", "conversion_value", "revenue"})


def figure(day: date, metric: str, value: Decimal | int, currency: str = "") -> Figure:
    return Figure(day, metric, currency if metric in MONEY else "", Decimal(value))


def ad_figures(account: AdAccount, rows: Iterable[AdDay], metrics: Iterable[str]) -> list[Figure]:
    """The figures of ad rows, for those metrics that the file has a column for."""
    names = tuple(metrics)
    return [
        figure(row.day, metric, getattr(row, metric), account.currency)
        for row in rows
        for metric in names
    ]


def account_options(account: AdAccount) -> dict[str, str]:
    """What an ad platform's file leaves out: whose it is and where its days begin."""
    return {"account": account.id, "timezone": account.timezone}
