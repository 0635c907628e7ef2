"""The plain CSVs of an organisation's own systems: orders, leads, calls, visits, earned, rates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from regie.demo.audience import SourceDay
from regie.demo.earned import EarnedDay
from regie.demo.exports import text
from regie.demo.exports.export import Export, Figure, figure
from regie.demo.network import DemoOrganisation
from regie.demo.rates import SOURCE, Rate
from regie.demo.sales import Call, Lead, Order
from regie.domain.facts import EARNED_KINDS

# What belongs to no platform is filed under this name in the truth.
OWN = "own"


def orders(rows: Sequence[Order]) -> Export:
    header = (
        "order_id", "ordered_at", "currency", "revenue", "kind", "status", "location", "channel",
        "source", "medium", "campaign", "promo_code", "customer", "new_customer",
    )  # fmt: skip
    lines = [
        (
            row.id, row.ordered.isoformat(), row.agency.currency, f"{row.revenue:.2f}", row.kind,
            row.status, row.agency.location, row.origin.channel, row.origin.source,
            row.origin.medium, row.origin.campaign, row.promo_code, row.customer,
            "true" if row.new_customer else "false",
        )
        for row in rows
    ]  # fmt: skip
    return _export("orders.csv", header, lines, _order_figures(rows))


def _order_figures(rows: Sequence[Order]) -> Iterable[Figure]:
    """Cancelled and test orders count for nothing; a refund lowers revenue and is no order."""
    for row in rows:
        if row.status == "completed":
            day = row.ordered.date()
            yield figure(day, "revenue", row.revenue, row.agency.currency)
            yield figure(day, "orders", int(row.kind == "order"))


def leads(rows: Sequence[Lead]) -> Export:
    header = (
        "lead_id", "received_at", "location", "channel", "source", "medium", "campaign", "form",
        "status",
    )  # fmt: skip
    lines = [
        (
            row.id, row.received.isoformat(), row.agency.location, row.origin.channel,
            row.origin.source, row.origin.medium, row.origin.campaign, row.form, row.status,
        )
        for row in rows
    ]  # fmt: skip
    counted = [figure(row.received.date(), "leads", 1) for row in rows]
    return _export("leads.csv", header, lines, counted)


def calls(rows: Sequence[Call]) -> Export:
    header = (
        "call_id", "started_at", "duration_s", "wait_s", "location", "channel", "source",
        "campaign", "outcome",
    )  # fmt: skip
    lines = [
        (
            row.id, row.started.isoformat(), row.seconds,
            "" if row.waited is None else row.waited, row.agency.location,
            row.origin.channel, row.origin.source, row.origin.campaign, row.outcome,
        )
        for row in rows
    ]  # fmt: skip
    counted = [figure(row.started.date(), "calls", 1) for row in rows]
    return _export("calls.csv", header, lines, counted)


def visits(site: DemoOrganisation, rows: Sequence[SourceDay]) -> Export:
    header = (
        "date", "location", "channel", "source", "medium", "campaign", "landing_page", "visits",
        "engaged_visits", "single_page_visits", "completed", "key_events",
    )  # fmt: skip
    lines = [
        (
            row.day.isoformat(), site.location, row.channel, row.source, row.medium, row.campaign,
            row.landing_page, row.visits, row.engaged, row.single_page, row.completed,
            row.key_events,
        )
        for row in rows
    ]  # fmt: skip
    counted = [
        figure(row.day, metric, value)
        for row in rows
        for metric, value in (
            ("visits", row.visits),
            ("engaged_visits", row.engaged),
            ("single_page_visits", row.single_page),
            ("completed", row.completed),
            ("key_events", row.key_events),
        )
    ]
    return _export("visits.csv", header, lines, counted)


def creators(creator: str, days: Sequence[date], cost: int) -> Export:
    header = ("date", "creator", "cost", "currency")
    lines = [(day.isoformat(), creator, f"{cost}.00", "EUR") for day in days]
    spent = [figure(day, "spend", cost, "EUR") for day in days]
    return _export("creators.csv", header, lines, spent)


def earned(rows: Sequence[EarnedDay]) -> Export:
    header = ("date", "platform", "kind", "count")
    lines = [(row.day.isoformat(), row.network, row.kind, row.count) for row in rows]
    metrics = {kind: metric for metric, kind in EARNED_KINDS.items()}
    counted = [figure(row.day, metrics[row.kind], row.count) for row in rows]
    return _export("earned.csv", header, lines, counted)


def rates(rows: Sequence[Rate]) -> Export:
    header = ("date", "from", "to", "rate", "source")
    lines = [(row.day.isoformat(), row.base, row.quote, str(row.rate), SOURCE) for row in rows]
    return _export("currency_rates.csv", header, lines, [])


def _export(
    name: str,
    header: Sequence[str],
    lines: Sequence[Sequence[object]],
    figures: Iterable[Figure],
) -> Export:
    return Export(
        name=name,
        platform=OWN,
        content=text.table([header, *lines]).encode(),
        figures=figures,
    )
