"""Forms about people: whom one speaks of is posted, and never stands in an address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regie.domain.audiences.touches import ACTS, Step, TouchRule
from regie.kernel import clock
from regie.web.countries import countries
from regie.web.identity import words
from regie.web.list_field import ListField
from regie.web.tracking.forms import Day, RefusingForm


class WhoForm(RefusingForm):
    text = forms.CharField(
        label=_("Known as"), max_length=400, min_length=2,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("E-mail address, telephone, login, customer number, card, device or click id."),
    )  # fmt: skip
    country = forms.ChoiceField(
        label=_("Country of the telephone"), required=False, initial="FR",
        help_text=_("Completes a number without its prefix."),
    )  # fmt: skip

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["country"].choices = countries()  # type: ignore[attr-defined]

    @property
    def said(self) -> dict[str, str]:
        return {
            "text": self.cleaned_data["text"], "country": self.cleaned_data["country"] or "FR"
        }  # fmt: skip


class CustomersForm(RefusingForm):
    file = ListField(
        label=_("List of customers (CSV or Excel)"),
        help_text=_(
            "A column “customer” with their numbers, and as many as you have of: first_name, "
            "last_name, birth_date, email, phone, street, street_number, postcode, city, region. "
            "50 customers at least."
        ),
    )


class PolicyForm(RefusingForm):
    name = forms.CharField(
        label=_("Name of the version"), max_length=200,
        help_text=_("What your consent banner sends as “text”, such as 2026-11."),
    )  # fmt: skip
    applies_on = forms.DateField(label=_("Applies from"), widget=Day())
    text = forms.CharField(
        label=_("Text"), max_length=100_000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("As visitors read it. It never changes once published."),
    )  # fmt: skip


class FollowForm(RefusingForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    purpose = forms.CharField(
        label=_("Purpose"), max_length=300,
        help_text=_("One sentence that these people would understand."),
    )  # fmt: skip
    expires_on = forms.DateField(label=_("Last day"), widget=Day())
    days = forms.IntegerField(label=_("Days looked back"), min_value=1, max_value=390, initial=30)
    act = forms.ChoiceField(label=_("They"))
    times = forms.IntegerField(label=_("At least, times"), min_value=1, max_value=100, initial=1)
    asset = forms.ChoiceField(
        label=_("On"),
        required=False,
        help_text=_("One of your sites, your links or your codes, or any."),
    )
    campaign = forms.CharField(label=_("Campaign"), max_length=150, required=False)
    content = forms.CharField(
        label=_("Creative"), max_length=150, required=False,
        help_text=_("The utm_content of the ad that they came by."),
    )  # fmt: skip
    then = forms.ChoiceField(label=_("And since then"), required=False)
    then_act = forms.ChoiceField(label=_("What"), required=False)

    def __init__(self, data: Any = None, *, assets: list[tuple[str, str]]) -> None:
        super().__init__(
            data, initial={"expires_on": clock.today() + timedelta(days=180), "act": "page_view"}
        )
        acts = [(name, _(words.ACTS[name])) for name in ACTS]
        choices: dict[str, list[tuple[str, Any]]] = {
            "act": acts, "then_act": acts, "asset": [("", _("any of ours")), *assets],
            "then": [("", _("whatever they did")), ("0", _("they did not")), ("1", _("they did"))],
        }  # fmt: skip
        for name, one in choices.items():
            self.fields[name].choices = one  # type: ignore[attr-defined]

    def rule(self) -> TouchRule:
        """Raises ``WrongUse`` for a rule that means nothing."""
        said = self.cleaned_data
        steps = [
            Step(said["act"], said["times"], int(said["asset"]) if said["asset"] else None,
                 said["campaign"], said["content"])
        ]  # fmt: skip
        if said["then"]:
            steps.append(Step(said["then_act"] or "order", int(said["then"])))
        return TouchRule(tuple(steps), said["days"])
