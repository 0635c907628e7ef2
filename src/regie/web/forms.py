"""Forms of the pages; what a field means is said beneath it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from regie.apps.connections.services import Options
from regie.kernel.errors import RegieError
from regie.kernel.money import is_currency
from regie.kernel.periods import parse_period
from regie.ui.templatetags.ui import say


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sequence[Any]:
        return list(files.getlist(name))


class SeveralFiles(forms.FileField):
    """Several files at once; each is checked as one would be."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        single = super().clean
        if not data:
            single(None, initial)
        return [single(file, initial) for file in (data or [])]


class WhatFilesDoNotSay(forms.Form):
    """What a person may add: each field stands for an option of the import."""

    account = forms.CharField(
        label=_("Account"),
        required=False,
        max_length=200,
        help_text=_("Name or number. Needed where the file doesn’t name its account."),
    )
    currency = forms.CharField(
        label=_("Currency"),
        required=False,
        max_length=3,
        widget=forms.TextInput(attrs={"placeholder": "EUR", "autocapitalize": "characters"}),
        help_text=_("Three letters, where the file has amounts without a currency."),
    )
    time_zone = forms.CharField(
        label=_("Time zone"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Europe/Paris"}),
        help_text=_("The zone in which the platform counts its days."),
    )
    period = forms.CharField(
        label=_("Period"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "2026-09-01..2026-09-30"}),
        help_text=_("For exports of one total without days: the days that it covers."),
    )

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).strip().upper()
        if code and not is_currency(code):
            raise forms.ValidationError(
                _("“%(code)s” is not a currency. Write its three letters, such as EUR or USD."),
                params={"code": code},
            )
        return code

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"]).strip()
        if zone and zone not in available_timezones():
            raise forms.ValidationError(
                _("“%(zone)s” is not a time zone. Write it as Europe/Paris."),
                params={"zone": zone},
            )
        return zone

    def clean_period(self) -> str:
        text = str(self.cleaned_data["period"]).strip()
        if text:
            try:
                parse_period(text)
            except RegieError as error:
                raise forms.ValidationError(f"{say(error.sentence)} {say(error.hint)}") from error
        return text


class BringFiles(WhatFilesDoNotSay):
    """Files, and what they may not say themselves."""

    upload = SeveralFiles(
        label=_("Files"), widget=SeveralFilesInput(attrs={"multiple": True}), max_length=255
    )

    @property
    def options(self) -> Options:
        """What was said beside the files."""
        said = self.cleaned_data
        return Options(
            account=said["account"].strip(),
            currency=said["currency"],
            time_zone=said["time_zone"],
            period=said["period"],
        )

    @property
    def option_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("account", "currency", "time_zone", "period")]

    @property
    def options_are_open(self) -> bool:
        return any(field.errors or field.value() for field in self.option_fields)
