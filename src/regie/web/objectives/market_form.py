"""The form of a market's size: an amount, its days, and who published it when."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regie.domain.markets import LONGEST_SOURCE, ORDERS, SALES, MarketSize, check
from regie.domain.planning import fields
from regie.kernel.errors import RegieError
from regie.kernel.money import plain
from regie.kernel.periods import Period
from regie.ui import figures
from regie.ui.templatetags.ui import say
from regie.web.planner.form import CURRENCIES
from regie.web.planner.words import decimal_mark


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MarketForm(forms.Form):
    amount = forms.CharField(
        label=_("What the whole market sold"),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("By everybody together, yourself included, where you sell."),
    )
    counted_in = forms.ChoiceField(label=_("Counted in"))
    starts_on = forms.DateField(label=_("From"), widget=_Day())
    ends_on = forms.DateField(label=_("To"), widget=_Day())
    source = forms.CharField(
        label=_("Source"),
        max_length=LONGEST_SOURCE,
        help_text=_("Who published it: a trade association, an institute, a study by name."),
    )
    published_on = forms.DateField(label=_("Date of the figure"), widget=_Day())

    def __init__(self, *given: Any, currency: str, **named: Any) -> None:
        super().__init__(*given, **named)
        kept = str(self.initial.get("counted_in", currency))
        codes = dict.fromkeys([currency, *CURRENCIES, *([kept] if kept != ORDERS else [])])
        field = self.fields["counted_in"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [
            *((code, f"{code} · {figures.currency_name(code)}") for code in codes),
            (ORDERS, gettext("Orders")),
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if {"starts_on", "ends_on"} <= said.keys() and said["ends_on"] < said["starts_on"]:
            self.add_error("ends_on", gettext("It ends before it begins."))
        if {"amount", "counted_in"} <= said.keys():
            name = "goal" if said["counted_in"] == ORDERS else "budget"
            try:
                said["value"] = Decimal(
                    fields.read(name, said["amount"], decimal_mark=decimal_mark())
                )
            except RegieError as error:
                self.add_error("amount", f"{say(error.sentence)} {say(error.hint)}")
        if not self.errors:
            try:
                check(self.size)
            except RegieError as error:
                self.add_error(error.code, say(error.sentence))
        return said

    @property
    def size(self) -> MarketSize:
        said = self.cleaned_data
        in_orders = said["counted_in"] == ORDERS
        return MarketSize(
            measure=ORDERS if in_orders else SALES,
            period=Period(said["starts_on"], said["ends_on"]),
            amount=said["value"],
            currency="" if in_orders else said["counted_in"],
            source=said["source"].strip(),
            published_on=said["published_on"],
        )


def typed(size: MarketSize) -> dict[str, Any]:
    """A size as its form would have been typed."""
    return {
        "amount": plain(size.amount).replace(".", decimal_mark()),
        "counted_in": size.currency or ORDERS,
        "starts_on": size.period.start,
        "ends_on": size.period.end,
        "source": size.source,
        "published_on": size.published_on,
    }
