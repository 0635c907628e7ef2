"""Forms of links, codes and sites; each refusal stands beside the field that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regie.apps.tracking.services import Choice, Wanted, WantedCode, WantedSite
from regie.domain.traffic.links import MEDIA
from regie.kernel import clock
from regie.kernel.errors import RegieError
from regie.ui.templatetags.ui import say
from regie.web.list_field import ListField
from regie.web.tracking import ruling
from regie.web.tracking.words import WHICH, WHICH_NUMBERED

BESIDE = {"medium": "medium", "inconsistent": "medium", "address": "destination",
          "contradiction": "destination", "taken": "code", "code": "code", "source": "source",
          "campaign": "campaign", "content": "content", "host": "hosts",
          "network": "internal", "ends_on": "ends_on", "rule": "elsewhere"}  # fmt: skip


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class RefusingForm(forms.Form):
    """A form that can take a refusal of the service back to its field."""

    def take_back(self, problem: RegieError) -> None:
        field = BESIDE.get(problem.code)
        text = " ".join(filter(None, (say(problem.sentence), say(problem.hint))))
        self.add_error(field if field in self.fields else None, text)


class LinkForm(RefusingForm):
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("What your colleagues will know it by.")
    )
    destination = forms.CharField(
        label=_("Destination"), max_length=2000,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text=_("The page where people arrive. Tags are added by themselves."),
        error_messages={"required": _("Give the page where people arrive: an ad always needs a "
                                      "landing page.")},
    )  # fmt: skip
    medium = forms.ChoiceField(label=_("What carries it"))
    source = forms.CharField(
        label=_("Source"), max_length=100, widget=forms.TextInput(attrs={"list": "sources"}),
        help_text=_("Where people see it: facebook, newsletter, poster-nantes …"),
    )  # fmt: skip
    campaign = forms.CharField(
        label=_("Campaign"), max_length=150, widget=forms.TextInput(attrs={"list": "campaigns"}),
        help_text=_("The same word for all links of one campaign."),
    )  # fmt: skip
    content = forms.CharField(
        label=_("Version"), required=False, max_length=150,
        help_text=_("Tells two links of one campaign apart, such as top or bottom of a letter."),
    )  # fmt: skip
    code = forms.CharField(
        label=_("Code"), required=False, max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        help_text=_("The end of the short address. Empty: one is made that is easy to type."),
    )  # fmt: skip
    expires_on = forms.DateField(
        label=_("Last day"), required=False, widget=Day(),
        help_text=_("From the next day on it leads elsewhere, or says that it has expired."),
    )  # fmt: skip
    afterwards = forms.CharField(
        label=_("Afterwards"), required=False, max_length=2000,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )  # fmt: skip
    ios = forms.CharField(label=_("iPhone and iPad"), required=False, max_length=2000)
    android = forms.CharField(label=_("Android"), required=False, max_length=2000)
    elsewhere = forms.CharField(
        label=_("Other countries and devices"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "BE https://…", "wrap": "off"}),
        help_text=_("One line each: two letters of a country, a kind of device or both, then the "
                    "address. A line with both goes first, then the first that fits."),
    )  # fmt: skip

    def __init__(self, *given: Any, has_code: bool = False, **named: Any) -> None:
        super().__init__(*given, **named)
        medium = self.fields["medium"]
        medium.choices = [(name, gettext(label)) for name, (label, _in) in MEDIA.items()]  # type: ignore[attr-defined]
        if has_code:
            del self.fields["code"]

    def wanted(self, zone: str, code: str = "") -> Wanted:
        said = self.cleaned_data
        last: date | None = said["expires_on"]
        lines = ruling.read(said["elsewhere"])
        fields = [
            {"device": device, "to": said[device]}
            for device in ("ios", "android") if said[device].strip()
        ]  # fmt: skip
        # “ios BE” before the iPhones of everywhere, or it would never be reached.
        both = [one for one in lines if one["device"] and one["country"]]
        rules = [*both, *fields, *(one for one in lines if one not in both)]
        return Wanted(
            name=said["name"], destination=said["destination"], source=said["source"],
            medium=said["medium"], campaign=said["campaign"], content=said["content"],
            code=said.get("code", code), rules=rules,
            expires_at=datetime.combine(last, time.max, ZoneInfo(zone)) if last else None,
            afterwards=said["afterwards"],
        )  # fmt: skip


class BulkForm(forms.Form):
    table = ListField(
        label=_("List (CSV or Excel)"), help_text=_("Its first line names the columns.")
    )


class CodeForm(RefusingForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.CharField(
        label=_("Code"), required=False, max_length=64,
        help_text=_("Empty: one is made. Case and spaces will not matter."),
    )  # fmt: skip
    count = forms.IntegerField(
        label=_("How many"), initial=1, min_value=1, max_value=10_000,
        help_text=_("Several are made at random, each to be used once."),
    )  # fmt: skip
    is_single_use = forms.BooleanField(label=_("Can be used once only"), required=False)
    source = forms.CharField(
        label=_("Source"), required=False, max_length=100, help_text=_("What carries it to people.")
    )
    campaign = forms.CharField(label=_("Campaign"), required=False, max_length=150)
    starts_on = forms.DateField(label=_("From"), required=False, widget=Day())
    ends_on = forms.DateField(label=_("Until"), required=False, widget=Day())

    def wanted(self) -> WantedCode:
        said = self.cleaned_data
        return WantedCode(
            name=said["name"], code=said["code"], source=said["source"], campaign=said["campaign"],
            is_single_use=said["is_single_use"] or said["count"] > 1, starts_on=said["starts_on"],
            ends_on=said["ends_on"],
        )  # fmt: skip


class TillForm(RefusingForm):
    typed = forms.CharField(
        label=_("Code"), max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip
    location = forms.CharField(label=_("Shop"), required=False, max_length=80)
    order_id = forms.CharField(label=_("Receipt"), required=False, max_length=100)


class SiteForm(RefusingForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    hosts = forms.CharField(
        label=_("Addresses"), max_length=2000,
        widget=forms.TextInput(attrs={"placeholder": "www.example.com"}),
        help_text=_("Its own names, separated by commas: a way between them is no arrival."),
    )  # fmt: skip
    mode = forms.ChoiceField(label=_("Mode of measurement"), widget=forms.RadioSelect)
    internal = forms.CharField(
        label=_("Your own network"), required=False, max_length=2000,
        widget=forms.TextInput(attrs={"placeholder": "203.0.113.0/24"}),
        help_text=_("Visits from there are set aside."),
    )  # fmt: skip

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["mode"].choices = [  # type: ignore[attr-defined]
            ("exempt", _("Exempt audience measurement: no cookie, no consent, nothing joined")),
            ("consented", _("Consented attribution: visits of those who agree meet their orders")),
        ]  # fmt: skip

    def wanted(self) -> WantedSite:
        said: Mapping[str, str] = self.cleaned_data
        return WantedSite(
            said["name"], said["hosts"].split(","), said["mode"], said["internal"].split(",")
        )


class CountingForm(RefusingForm):
    imported = forms.ChoiceField(label=_("Imported source"))
    which = forms.ChoiceField(label=_("What counts"))
    site = forms.ChoiceField(
        label=_("Measured site"), required=False, help_text=_("The same site, measured by us.")
    )
    starts_on = forms.DateField(label=_("From this day on"), widget=Day())

    def __init__(
        self, data: Any = None, *, fact: str, imported: list[tuple[str, str]],
        sites: list[tuple[str, str]],
    ) -> None:  # fmt: skip
        super().__init__(data, initial={"starts_on": clock.today()})
        self.fact = fact
        is_numbered = fact != "visits"
        words = WHICH_NUMBERED if is_numbered else WHICH
        none = _("none: both count") if is_numbered else _("none: another site")
        choices: dict[str, list[tuple[str, Any]]] = {
            "imported": list(imported),
            "which": [(name, _(text)) for name, text in words.items()],
            "site": [("", none), *sites],
        }
        for name, one in choices.items():
            self.fields[name].choices = one  # type: ignore[attr-defined]

    def choice(self) -> Choice:
        said = self.cleaned_data
        site = int(said["site"]) if said["site"] else None
        return Choice(int(said["imported"]), site, said["which"], said["starts_on"], self.fact)
