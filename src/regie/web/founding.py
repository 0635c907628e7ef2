"""What an organisation needs to begin with: its name, what it is, its currency, its days."""

from __future__ import annotations

from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from regie.apps.organisations.models import Kind
from regie.kernel.money import is_currency

KINDS = (
    (Kind.BRAND, _("A brand or a company")),
    (Kind.FRANCHISOR, _("The head of a network of franchisees")),
    (Kind.FRANCHISEE, _("A franchisee")),
    (Kind.AGENCY, _("An agency")),
    (Kind.FREELANCE, _("A freelance")),
)


class FoundOrganisation(forms.Form):
    name = forms.CharField(
        label=_("Name of your organisation"),
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    kind = forms.ChoiceField(label=_("What it is"), choices=KINDS)
    currency = forms.CharField(
        label=_("Currency"),
        initial="EUR",
        max_length=3,
        widget=forms.TextInput(attrs={"list": "currencies", "autocapitalize": "characters"}),
        help_text=_("The one in which totals are shown; amounts keep their own."),
    )
    time_zone = forms.CharField(
        label=_("Time zone"),
        initial="Europe/Paris",
        widget=forms.TextInput(attrs={"data-here": "time-zone", "autocomplete": "off"}),
        help_text=_("Where your days begin and end. Your browser proposes its own."),
    )

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).strip().upper()
        if not is_currency(code):
            raise forms.ValidationError(
                _("“%(code)s” is not a currency. Write its three letters, such as EUR or USD."),
                params={"code": code},
            )
        return code

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"]).strip()
        if zone not in available_timezones():
            raise forms.ValidationError(
                _("“%(zone)s” is not a time zone. Write it as Europe/Paris."),
                params={"zone": zone},
            )
        return zone
