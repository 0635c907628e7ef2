"""Web leads, phone calls and the policies they become: drawn month by month, exact in number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from regie.demo import stories
from regie.demo.accounts import local_campaign
from regie.demo.codes import presented
from regie.demo.network import DemoOrganisation, of_kind
from regie.demo.origins import CALL_ORIGINS, Origin, origins_of
from regie.demo.seasons import Calendar
from regie.demo.seed import stream
from regie.kernel.periods import Period


@dataclass(frozen=True, slots=True)
class Lead:
    id: str
    received: datetime
    agency: DemoOrganisation
    origin: Origin
    form: str
    status: str


@dataclass(frozen=True, slots=True)
class Call:
    id: str
    started: datetime
    seconds: int
    agency: DemoOrganisation
    origin: Origin
    outcome: str

    @property
    def waited(self) -> int | None:
        """Seconds until somebody answered: longer in the morning, when the evening's leads are
        called back."""
        if self.outcome != "answered":
            return None
        return 10 + self.seconds * 7 % 80 + (90 if self.started.hour < stories.OPENS + 2 else 0)


@dataclass(frozen=True, slots=True)
class Order:
    """A policy sold, or its refund. ``customer`` is the lead or the call that it came from."""

    id: str
    ordered: datetime
    revenue: Decimal
    kind: str
    status: str
    agency: DemoOrganisation
    origin: Origin
    promo_code: str
    customer: str
    new_customer: bool


@dataclass(frozen=True)
class Sales:
    """Everything that reached the agencies, by slug of the agency, in order of time."""

    leads: dict[str, list[Lead]]
    calls: dict[str, list[Call]]
    orders: dict[str, list[Order]]


_FORMS = ("devis-auto", "devis-habitation", "devis-sante", "rappel")
# Premiums of a year in cents (car, home, business), dealt in turn: with the same mix every
# month, revenue follows the number of sales and no story hides behind a lucky contract.
_PREMIUMS = (48_000, 24_500, 48_000, 92_000, 48_000, 24_500)
_REFUND_EVERY, _CANCEL_EVERY, _TEST_EVERY = 41, 33, 211
_PROMO_CODES = ("", "", "", "", "BIENVENUE30", "PARRAIN")


class _Desk:
    """Draws the figures of one network; numbers its papers as they come."""

    def __init__(self, calendar: Calendar, seed: int) -> None:
        self.calendar = calendar
        self.chance = stream(seed, "sales")
        self.agencies = of_kind("franchisee")
        self.sizes = [agency.size for agency in self.agencies]
        self.leads: list[Lead] = []
        self.calls: list[Call] = []
        self.orders: list[Order] = []
        self.sold = 0

    def month(self, month: Period) -> None:
        days = [day for day in self.calendar.days if month.start <= day <= month.end]
        model = stories.lead_month(self.calendar, month)
        self._web(days, model.inside_leads, model.inside_sales, evening=False)
        self._web(days, model.after_leads, model.after_sales, evening=True)
        phone = stories.call_month(self.calendar, month)
        self._phone(days, phone.calls, phone.sales)

    def _web(self, days: Sequence[date], leads: int, sales: int, *, evening: bool) -> None:
        chance = self.chance
        won = set(chance.sample(range(leads), sales))
        for n, (day, agency) in enumerate(zip(*self._where_and_when(days, leads), strict=True)):
            lead = self._lead(day, agency, evening=evening, won=n in won)
            self.leads.append(lead)
            if n in won:
                self._sale(lead.received, days[-1], agency, lead.origin, lead.id)

    def _where_and_when(
        self, days: Sequence[date], times: int
    ) -> tuple[list[date], list[DemoOrganisation]]:
        """Busy days and big agencies are drawn more often."""
        busy = [self.calendar.business(day) for day in days]
        return (
            self.chance.choices(days, busy, k=times),
            self.chance.choices(self.agencies, self.sizes, k=times),
        )

    def _lead(self, day: date, agency: DemoOrganisation, *, evening: bool, won: bool) -> Lead:
        chance = self.chance
        social = evening and stories.evenings_matter(self.calendar, day)
        origins, weights = origins_of(social=social)
        # No lead ever comes from the claiming campaign: it is not among the origins.
        origin = chance.choices(origins, weights)[0]
        if origin.local:
            origin = origin.named(local_campaign(agency))
        lost = chance.choices(("contacted", "qualified", "lost", "new"), (4, 2, 3, 1))[0]
        return Lead(
            id=f"L-{len(self.leads) + 1:06d}",
            received=self._moment(day, agency, evening=evening),
            agency=agency,
            origin=origin,
            form=chance.choice(_FORMS),
            status="won" if won else lost,
        )

    def _phone(self, days: Sequence[date], calls: int, sales: int) -> None:
        chance = self.chance
        outcomes = ["answered"] * round(calls * 0.82)
        outcomes += ["missed"] * (calls - len(outcomes))
        chosen = zip(outcomes, *self._where_and_when(days, calls), strict=True)
        for n, (outcome, day, agency) in enumerate(chosen):
            origin = chance.choices(CALL_ORIGINS, [one.weight for one in CALL_ORIGINS])[0]
            call = Call(
                id=f"T-{len(self.calls) + 1:06d}",
                started=self._moment(day, agency, evening=False),
                seconds=chance.randint(45, 900) if outcome == "answered" else 0,
                agency=agency,
                origin=origin,
                outcome=outcome,
            )
            self.calls.append(call)
            if n < sales:  # answered calls come first
                self._sale(call.started, days[-1], agency, origin, call.id)

    def _moment(self, day: date, agency: DemoOrganisation, *, evening: bool) -> datetime:
        if evening:
            seconds = self.chance.randrange(stories.CLOSES * 3600, 24 * 3600 - 600)
        else:
            seconds = self.chance.randrange(stories.OPENS * 3600, stories.CLOSES * 3600)
        moment = datetime.combine(day, time(), ZoneInfo(agency.timezone))
        return moment + timedelta(seconds=seconds)

    def _sale(
        self, asked: datetime, last: date, agency: DemoOrganisation, origin: Origin, customer: str
    ) -> None:
        """A completed order in the month of its lead, and sometimes what goes wrong around it."""
        chance = self.chance
        later = chance.choice((0, 0, 0, 1, 2))
        # A sale of the month stays in the month, so that the story's counts are exact.
        ordered = asked + timedelta(
            days=min(later, (last - asked.date()).days), minutes=chance.randint(5, 9)
        )
        order = self._order(ordered, agency, origin, customer, "completed")
        self.sold += 1
        if self.sold % _CANCEL_EVERY == 0:
            self._order(ordered, agency, origin, customer, "cancelled")
        if self.sold % _TEST_EVERY == 0:
            self._order(ordered, agency, origin, "TEST", "test")
        if self.sold % _REFUND_EVERY == 0:
            self._refund(order)

    def _order(
        self,
        ordered: datetime,
        agency: DemoOrganisation,
        origin: Origin,
        customer: str,
        status: str,
    ) -> Order:
        chance = self.chance
        premium = _PREMIUMS[self.sold % len(_PREMIUMS)]
        cents = round(premium * chance.uniform(0.9, 1.1))
        number = len(self.orders) + 1
        order = Order(
            id=f"O-{number:06d}",
            ordered=ordered,
            revenue=Decimal(cents) / 100,
            kind="order",
            status=status,
            agency=agency,
            origin=origin,
            promo_code=presented(
                chance.choice(_PROMO_CODES), number, agency.slug, ordered.date(),
                self.calendar.until,
            ),
            customer=customer,
            new_customer=chance.random() < 0.7,
        )  # fmt: skip
        self.orders.append(order)
        return order

    def _refund(self, order: Order) -> None:
        """A refund is dated on its own day; the one that has not happened yet is not there."""
        refunded = order.ordered + timedelta(days=self.chance.randint(3, 14))
        if refunded.date() > self.calendar.until:
            return
        self.orders.append(
            Order(
                id=f"R-{len(self.orders) + 1:06d}",
                ordered=refunded,
                revenue=-order.revenue,
                kind="refund",
                status="completed",
                agency=order.agency,
                origin=order.origin,
                promo_code=order.promo_code,
                customer=order.customer,
                new_customer=order.new_customer,
            )
        )


def draw_sales(calendar: Calendar, seed: int) -> Sales:
    """All leads, calls and orders of the network over the calendar."""
    desk = _Desk(calendar, seed)
    for month in calendar.months:
        desk.month(month)
    desk.leads.sort(key=lambda lead: (lead.received, lead.id))
    desk.calls.sort(key=lambda call: (call.started, call.id))
    desk.orders.sort(key=lambda order: (order.ordered, order.id))
    sales = Sales(defaultdict(list), defaultdict(list), defaultdict(list))
    for lead in desk.leads:
        sales.leads[lead.agency.slug].append(lead)
    for call in desk.calls:
        sales.calls[call.agency.slug].append(call)
    for order in desk.orders:
        sales.orders[order.agency.slug].append(order)
    return sales
