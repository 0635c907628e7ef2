"""Forms about beneficiary rules: one rule, a list of them, labels, what is ticked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regie.apps.beneficiaries.selectors import Target
from regie.apps.beneficiaries.services import NewRule
from regie.domain.beneficiaries.rules import (
    AD_GROUP,
    CAMPAIGN,
    ID,
    LABEL,
    LOCATION,
    NAME,
    PATTERN,
)
from regie.web.console.forms import Day
from regie.web.list_field import ListField

WAYS = {
    PATTERN: _("Names like"),
    NAME: _("The name"),
    ID: _("The ID"),
    LABEL: _("The label"),
}
LEVELS = {CAMPAIGN: _("Campaigns"), AD_GROUP: _("Ad groups"), LOCATION: _("Locations")}


def choices_of(targets: Sequence[Target]) -> list[tuple[Any, Any]]:
    places = [(one.key, one.name) for one in targets if not one.is_location]
    locations = [(one.key, one.name) for one in targets if one.is_location]
    found: list[tuple[Any, Any]] = [("", _("Choose"))]
    found.append((_("Organisations"), places))
    return [*found, (_("Locations"), locations)] if locations else found


class WriteRule(forms.Form):
    level = forms.ChoiceField(label=_("Of what"), choices=tuple(LEVELS.items()))
    way = forms.ChoiceField(label=_("Known by"), choices=tuple(WAYS.items()))
    value = forms.CharField(
        label=_("Which"), max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("In names * stands for anything: *Nantes*. Accents and capitals don’t matter."),
    )  # fmt: skip
    beneficiary = forms.ChoiceField(label=_("They work for"))
    starts = forms.DateField(label=_("First day"), required=False, widget=Day())
    ends = forms.DateField(
        label=_("Last day"), required=False, widget=Day(),
        help_text=_("Leave both empty for always. A day is one of the platform’s."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, targets: Sequence[Target], levels: Collection[str], **named: Any
    ) -> None:
        super().__init__(data, **named)
        self.fields["beneficiary"].choices = choices_of(targets)  # type: ignore[attr-defined]
        known = [(level, LEVELS[level]) for level in levels]
        self.fields["level"].choices = known  # type: ignore[attr-defined]

    @property
    def rule(self) -> NewRule:
        return NewRule(**self.cleaned_data)


class ListOfRules(forms.Form):
    upload = ListField(label=_("List (CSV or Excel)"))
    replace = forms.BooleanField(
        label=_("In place of all rules of this account"), required=False,
        help_text=_("Without it the list is added to them. Either can be undone."),
    )  # fmt: skip


class ListOfLabels(forms.Form):
    labels = ListField(label=_("Labels (CSV or Excel)"))


class GiveTicked(forms.Form):
    """Those that work for nobody, ticked one by one."""

    to = forms.ChoiceField(label=_("They work for"))

    def __init__(self, data: Any = None, *, targets: Sequence[Target], **named: Any) -> None:
        super().__init__(data, **named)
        self.fields["to"].choices = choices_of(targets)  # type: ignore[attr-defined]
