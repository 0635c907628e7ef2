"""The form of a plan: typed the way people write, each field refused with its own sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regie.domain.planning import fields
from regie.domain.planning.funnel import Assumptions
from regie.domain.planning.plan import BudgetPlan, Direction
from regie.kernel.errors import RegieError
from regie.kernel.periods import Period
from regie.ui import figures
from regie.ui.templatetags.ui import say
from regie.web.planner.words import decimal_mark, typed

CURRENCIES = ("EUR", "CHF", "GBP", "USD", "CAD")
RATES = ("click_rate", "conversion_rate")
DAYS = ("window_days", "lag_days")


def _line(**attributes: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", **attributes})


class Amount(forms.CharField):
    """Text that the domain reads; an empty field is refused there too, with its own sentence."""

    def __init__(self, name: str, **options: Any) -> None:
        self.name = name
        options.setdefault("widget", _line())
        super().__init__(required=False, max_length=60, **options)

    is_idle = False  # the amount of the direction that was not chosen

    def clean(self, value: Any) -> Any:
        return None if self.is_idle else self.read(str(value or ""))

    def read(self, text: str) -> Decimal:
        try:
            return fields.read(self.name, text, decimal_mark=decimal_mark())
        except RegieError as error:
            raise forms.ValidationError(f"{say(error.sentence)} {say(error.hint)}") from error


class PlanForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the plan"),
        max_length=120,
        help_text=_("What it is to sell, and when."),
        error_messages={"required": _("A plan needs a name: say what it is to sell.")},
    )
    direction = forms.ChoiceField(
        label=_("What do you know?"),
        choices=[
            (Direction.GOAL.value, _("The goal: how many sales")),
            (Direction.BUDGET.value, _("The budget: how much money")),
        ],
        widget=forms.RadioSelect,
    )
    goal = Amount(
        "goal",
        label=_("Goal (transactions)"),
        help_text=_("Sales to reach: a number that can be counted afterwards."),
    )
    budget = Amount("budget", label=_("Budget"), help_text=_("What may be spent on media in all."))
    click_rate = Amount(
        "click_rate", label=_("Click rate"), help_text=_("Clicks out of 100 impressions.")
    )
    conversion_rate = Amount(
        "conversion_rate", label=_("Conversion rate"), help_text=_("Sales out of 100 visits.")
    )
    cpm = Amount("cpm", label=_("Cost per mille (CPM)"), help_text=_("Price of 1,000 impressions."))
    currency = forms.ChoiceField(label=_("Currency"))
    lag_days = Amount(
        "lag_days",
        label=_("Days from click to sale"),
        help_text=_("On average. Sales are looked for that much later than the spend."),
    )
    window_days = Amount(
        "window_days",
        label=_("Conversion window"),
        help_text=_("Days after a click during which a sale still counts."),
    )
    objective = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
    )
    campaign = forms.CharField(
        label=_("Campaign"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "campaigns", "autocomplete": "off"}),
        help_text=_("By its name: what happened is then counted for it alone."),
    )
    starts_on = forms.DateField(
        label=_("First day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self, data: Any = None, *, home_currency: str, is_draft: bool = False, **options: Any
    ) -> None:
        """A draft is reckoned with before it has a name."""
        super().__init__(data, **options)
        said = str((data or self.initial).get("currency", ""))
        codes = dict.fromkeys([home_currency, *CURRENCIES, *_known(said)])
        currency = self.fields["currency"]
        assert isinstance(currency, forms.ChoiceField)  # noqa: S101 - for the type checker
        currency.choices = [(code, f"{code} · {figures.currency_name(code)}") for code in codes]
        self.is_draft = is_draft
        if is_draft:
            self.fields["name"].required = False
        # Only the amount of the chosen direction is asked for.
        self.idle = "budget" if self._direction() == Direction.GOAL.value else "goal"
        idle = self.fields[self.idle]
        assert isinstance(idle, Amount)  # noqa: S101 - for the type checker
        idle.is_idle = True

    def _direction(self) -> str:
        said = (self.data or self.initial).get("direction", "")
        return str(said) or Direction.GOAL.value

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        start, end = found.get("starts_on"), found.get("ends_on")
        if bool(start) != bool(end):
            self.add_error(
                "ends_on" if start else "starts_on",
                gettext("Give both days, or neither: then the plan is for no days in particular."),
            )
        elif start and end and end < start:
            self.add_error("ends_on", gettext("It ends before it begins."))
        if not self.errors:
            self._write(found, start, end)
        return found

    def _write(self, found: Mapping[str, Any], start: date | None, end: date | None) -> None:
        try:
            self.plan = BudgetPlan(
                name=found["name"].strip() or (gettext("Draft") if self.is_draft else ""),
                direction=Direction(found["direction"]),
                amount=found["budget" if self.idle == "goal" else "goal"],
                assumptions=Assumptions(
                    found["conversion_rate"], found["click_rate"], found["cpm"]
                ),
                currency=found["currency"],
                window_days=int(found["window_days"]),
                lag_days=int(found["lag_days"]),
                period=Period(start, end) if start and end else None,
                campaign=found["campaign"].strip(),
                objective=found["objective"],
            )
        except RegieError as error:
            self.add_error(None, f"{say(error.sentence)} {say(error.hint)}")

    @property
    def said(self) -> str:
        """What is typed, as an address says it: what explains a plan that is not saved."""
        typed = self.data if self.is_bound else self.initial
        return urlencode({name: typed[name] for name in self.fields if typed.get(name)})

    @property
    def problems(self) -> list[str]:
        """Every refusal with the name of its field, for where the fields are not beside it."""
        said = []
        for name, errors in self.errors.items():
            prefix = f"{self.fields[name].label}" if name in self.fields else ""
            said += [_named(prefix, str(error)) for error in errors]
        return said


def _named(prefix: str, sentence: str) -> str:
    if not prefix:
        return sentence
    return gettext("{field}: {sentence}").format(field=prefix, sentence=sentence)


def _known(code: str) -> list[str]:
    return [code] if len(code) == 3 and code.isalpha() and code.isupper() else []


def texts_of(plan: BudgetPlan) -> dict[str, Any]:
    """What the form holds for ``plan``; the other direction's field gets what was reckoned."""
    shown = plan.forecast().shown(plan.currency)
    amounts = {"goal": Decimal(shown.sales), "budget": shown.budget}
    amounts[plan.direction.value] = plan.amount
    believed = plan.assumptions
    return {
        "name": plan.name,
        "direction": plan.direction.value,
        "goal": typed("goal", amounts["goal"]),
        "budget": typed("budget", amounts["budget"]),
        "click_rate": typed("click_rate", believed.click_rate),
        "conversion_rate": typed("conversion_rate", believed.conversion_rate),
        "cpm": typed("cpm", believed.cpm),
        "currency": plan.currency,
        "lag_days": str(plan.lag_days),
        "window_days": str(plan.window_days),
        "starts_on": plan.period.start if plan.period else None,
        "ends_on": plan.period.end if plan.period else None,
        "campaign": plan.campaign,
        "objective": plan.objective,
    }
