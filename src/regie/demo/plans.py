"""What the network meant to do: budgets by month and platform, and its objectives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from regie.demo.accounts import accounts
from regie.demo.network import SLUG, of_kind
from regie.demo.seasons import Calendar
from regie.demo.stories import BEFORE, CALLS_BEFORE


@dataclass(frozen=True, slots=True)
class Budget:
    """The money planned for one platform of one organisation in one month."""

    organisation: str
    platform: str
    month: date
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Objective:
    """A goal with its owner: ``higher`` or ``lower`` is better."""

    organisation: str
    owner: str
    kind: str  # business | operational
    metric: str
    better: str
    target: Decimal
    period: str  # month
    title_fr: str
    title_en: str


def budgets(calendar: Calendar) -> list[Budget]:
    """One budget for each account and month, round, a little above the ordinary spend."""
    planned = []
    for account in accounts():
        daily = sum(campaign.daily for campaign in account.campaigns)
        for month in calendar.months:
            euros = daily * 30 * calendar.month_business(month.start) / 100
            amount = Decimal(round(euros / 50 + 0.5) * 50)
            planned.append(
                Budget(
                    account.organisation, account.platform, month.start, account.currency, amount
                )
            )
    return planned


def network_budget(calendar: Calendar, month: date, currency: str) -> Decimal:
    """What all accounts in ``currency`` may spend in the month that begins on ``month``."""
    return sum(
        (one.amount for one in budgets(calendar) if (one.month, one.currency) == (month, currency)),
        Decimal(),
    )


def objectives() -> list[Objective]:
    """Few goals, each with somebody who answers for it."""
    sales = BEFORE.sales + CALLS_BEFORE.sales
    network = [
        Objective(
            SLUG, "amelie@great-insurance.example", "business", "orders", "higher",
            Decimal(sales), "month",
            "Vendre 520 contrats par mois", "Sell 520 policies a month",
        ),
        Objective(
            SLUG, "amelie@great-insurance.example", "operational", "leads_received", "higher",
            Decimal(BEFORE.leads), "month",
            "Recevoir 4 000 demandes en ligne par mois", "Receive 4,000 web leads a month",
        ),
        Objective(
            SLUG, "amelie@great-insurance.example", "operational", "cpa", "lower",
            Decimal(160), "month",
            "Dépenser au plus 160 € par contrat vendu", "Spend at most €160 per policy sold",
        ),
    ]  # fmt: skip
    size = sum(agency.size for agency in of_kind("franchisee"))
    nantes = next(one for one in of_kind("franchisee") if one.slug == f"{SLUG}-nantes")
    local = round(sales * nantes.size / size)
    network.append(
        Objective(
            nantes.slug, "chloe@great-insurance.example", "business", "orders", "higher",
            Decimal(local), "month",
            f"Vendre {local} contrats par mois à Nantes",
            f"Sell {local} policies a month in Nantes",
        )
    )  # fmt: skip
    return network
