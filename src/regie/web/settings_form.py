"""The form of an organisation's settings: what it began with, and its calendar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regie.apps.organisations.models import Kind, Organisation
from regie.apps.organisations.services import Settings
from regie.kernel.fiscal import MONTHS, PATTERNS, Calendar
from regie.ui import figures
from regie.ui.charts import year_word
from regie.web.founding import KINDS, FoundOrganisation

EVERY_KIND = (
    *KINDS,
    (Kind.SUBSIDIARY, _("A subsidiary")),
    (Kind.REGION, _("A region of a network")),
)
KEPT = ("name", "kind", "location", "currency", "time_zone", "first_month", "year_pattern",
        "week_starts_on")  # fmt: skip


class SettingsForm(FoundOrganisation):
    location = forms.CharField(
        label=_("Place"),
        required=False,
        max_length=80,
        help_text=_("A town or a shop: figures can be split by it."),
    )
    first_month = forms.TypedChoiceField(label=_("The fiscal year begins in"), coerce=int)
    year_pattern = forms.ChoiceField(
        label=_("Its quarters are made of"),
        help_text=_(
            "Retail weeks give each quarter thirteen whole weeks. The year then begins on the "
            "week’s first day that is nearest to the first of its month."
        ),
    )
    week_starts_on = forms.TypedChoiceField(label=_("Weeks begin on"), coerce=int)
    calendar_below = forms.BooleanField(
        label=_("Give this calendar to all organisations below"), required=False
    )

    def __init__(self, *given: Any, has_below: bool, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["name"].label = gettext("Name")
        self.fields["time_zone"].widget.attrs.pop("data-here", None)
        self.fields["time_zone"].help_text = gettext(
            "Where your days begin and end. Days that are imported already stay as they are."
        )
        self._choose("kind", EVERY_KIND)
        self._choose("first_month", [(n, figures.month_name(n)) for n in range(1, 13)])
        self._choose("year_pattern", [(one, pattern_word(one)) for one in PATTERNS])
        self._choose("week_starts_on", [(n, figures.weekday_name(n)) for n in range(7)])
        if not has_below:
            del self.fields["calendar_below"]

    def _choose(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = list(choices)

    @property
    def settings(self) -> Settings:
        said = self.cleaned_data
        return Settings(**{name: said[name] for name in KEPT})


def typed(organisation: Organisation) -> dict[str, Any]:
    """The settings as their form shows them."""
    return {name: getattr(organisation, name) for name in KEPT}


def pattern_word(pattern: str) -> str:
    if pattern == MONTHS:
        return gettext("Calendar months")
    return gettext("Weeks, {pattern}").format(pattern=pattern)


def kind_word(kind: str) -> str:
    return gettext(str(dict(EVERY_KIND).get(Kind(kind), kind)))


def calendar_words(calendar: Calendar, today: Any) -> str:
    """Where today stands in the calendar, so that a choice can be checked at a glance."""
    year, quarter = calendar.year(today), calendar.quarter(today)
    return gettext(
        "Today is in the fiscal year {year} ({days}), quarter {quarter} ({dates})."
    ).format(
        year=year_word(today, calendar),
        days=figures.days(year.start, year.end),
        quarter=calendar.quarter_number(today),
        dates=figures.days(quarter.start, quarter.end),
    )
